DROP TRIGGER node_epoch_since ON node;
DROP FUNCTION node_epoch_since();
ALTER TABLE node DROP COLUMN epoch_since;
