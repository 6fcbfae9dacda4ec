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
