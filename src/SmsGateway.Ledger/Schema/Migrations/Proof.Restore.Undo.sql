DROP TRIGGER node_quarantine ON node;
DROP FUNCTION node_quarantine();
DROP FUNCTION restore_quarantine(text, timestamptz);
DROP FUNCTION restore_suspect(text, text);
DROP TABLE restore;
