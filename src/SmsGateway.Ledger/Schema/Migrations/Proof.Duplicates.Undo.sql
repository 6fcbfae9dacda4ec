DROP TABLE content_claim;
DROP TABLE mo_suspect;
DROP TABLE mo_first;
