ALTER TABLE parked DROP COLUMN delivery;
DROP TABLE doubt_end;
DROP TRIGGER node_epoch_since ON node;
DROP FUNCTION node_epoch_since();
ALTER TABLE node DROP COLUMN epoch_since;
