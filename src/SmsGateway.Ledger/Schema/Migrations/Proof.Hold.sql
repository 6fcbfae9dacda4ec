-- Records in the node's own journal that are not in the ledger yet, as it last told: a node is not drained with a journal unplayed, and any node can say so.
ALTER TABLE node ADD COLUMN held bigint NOT NULL DEFAULT 0;
