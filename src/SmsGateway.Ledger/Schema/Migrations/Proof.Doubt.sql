-- Since when an epoch is the present one: how long the socket of a process whose epoch is gone may still have drained. By trigger, so
-- that it is right also while nodes of the version before raise epochs.
ALTER TABLE node ADD COLUMN epoch_since timestamptz NOT NULL DEFAULT now();
CREATE FUNCTION node_epoch_since() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.epoch_since := clock_timestamp();
    RETURN NEW;
END
$$;
CREATE TRIGGER node_epoch_since BEFORE UPDATE OF epoch ON node FOR EACH ROW WHEN (NEW.epoch <> OLD.epoch) EXECUTE FUNCTION node_epoch_since();

-- Doubts that were decided without an answer: what may be a duplicate, what a receipt without an attempt may still belong to. A
-- table of its own because they are few, and an index over the ends of all attempts would have to be built under load.
CREATE TABLE doubt_end (
    at timestamptz NOT NULL,
    id uuid NOT NULL,
    day date NOT NULL,
    segment smallint NOT NULL,
    number smallint NOT NULL,
    kind smallint NOT NULL,
    why text NOT NULL,
    connector text NOT NULL,
    carrier_message_id text,
    PRIMARY KEY (id, segment, number)
);
CREATE INDEX doubt_end_age ON doubt_end (at);
CREATE INDEX doubt_end_nameless ON doubt_end (connector) WHERE carrier_message_id IS NULL;

-- The whole delivery that was parked, so that it can be driven again.
ALTER TABLE parked ADD COLUMN delivery jsonb;
