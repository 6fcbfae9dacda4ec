-- Point-in-time restores: while one is open, no node gets a new epoch, so none emits (docs/restore.md).
CREATE TABLE restore (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at timestamptz NOT NULL,
    since timestamptz,
    quarantined_at timestamptz,
    released_at timestamptz,
    segments bigint NOT NULL DEFAULT 0,
    attempts bigint NOT NULL DEFAULT 0,
    opened_by text NOT NULL,
    evidence text
);
CREATE UNIQUE INDEX restore_open ON restore ((true)) WHERE released_at IS NULL;

-- Nobody emits without an epoch, and this is where one is taken: so the right to emit costs nothing more to check, and nodes of
-- the version before are kept out as well.
CREATE FUNCTION node_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM restore WHERE released_at IS NULL) THEN
        RAISE EXCEPTION 'the ledger is in quarantine after a restore: no node gets an epoch' USING ERRCODE = 'SG002';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER node_quarantine BEFORE UPDATE OF epoch ON node FOR EACH ROW WHEN (NEW.live AND NEW.epoch <> OLD.epoch) EXECUTE FUNCTION node_quarantine();

-- Opens one, unless one is open: who holds an epoch has lost it from here on. By far more than one, because the ledger has forgotten
-- how far the epochs had got, and a process that slept through it all may wake with one of those. The lock waits for every transaction
-- that holds an epoch or is taking one, and keeps out those to come.
CREATE FUNCTION restore_suspect(by text, of_evidence text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    opened bigint;
BEGIN
    LOCK TABLE node IN EXCLUSIVE MODE;
    SELECT seq INTO opened FROM restore WHERE released_at IS NULL;
    IF opened IS NULL THEN
        UPDATE node SET epoch = epoch + 1000000, live = false, reach = NULL;
        INSERT INTO restore (opened_at, opened_by, evidence) VALUES (clock_timestamp(), by, of_evidence) RETURNING seq INTO opened;
    END IF;
    RETURN opened;
END
$$;

-- Puts in doubt whatever may have been emitted since the point in time: all that waits, for it may have been sent since; and all open
-- attempts, for they may have been refused and tried again since. The bind's name says why, and no policy sends such a one again. What is
-- owed to customers stays: offered again with the same delivery ids. The configuration is applied once more under a number that was
-- surely never used, so that nodes that ran with a later one follow. Once per restore.
CREATE FUNCTION restore_quarantine(by text, of_since timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    opened bigint := restore_suspect(by, NULL);
    moved bigint;
    stood bigint;
BEGIN
    IF (SELECT quarantined_at FROM restore WHERE seq = opened) IS NOT NULL THEN
        RETURN opened;
    END IF;
    of_since := COALESCE(of_since, (SELECT max(renewed_at) FROM node));
    UPDATE attempt a SET bind = 'restore@' || n.name || '#0' FROM node n WHERE n.id = a.owner AND a.bind NOT LIKE 'restore@%';
    GET DIAGNOSTICS stood = ROW_COUNT;
    WITH gone AS (
        DELETE FROM queue RETURNING *
    )
    INSERT INTO attempt (at, valid_until, epoch, id, day, segment, number, owner, priority, parts, failures, connector, bind)
    SELECT least(g.due_at, clock_timestamp()), g.valid_until, g.epoch, g.id, g.day, g.segment, g.attempt, g.owner, g.priority, g.parts, g.failures,
        g.connector, 'restore@' || COALESCE(n.name, '') || '#0'
    FROM gone g LEFT JOIN node n ON n.id = g.owner;
    GET DIAGNOSTICS moved = ROW_COUNT;
    PERFORM setval(pg_get_serial_sequence('configuration', 'version'), max(version) + 1000) FROM configuration HAVING max(version) IS NOT NULL;
    INSERT INTO configuration (document, hash, applied_at, applied_by, note)
    SELECT document, hash, clock_timestamp(), by, 'after a restore: version ' || version || ' again' FROM configuration ORDER BY version DESC LIMIT 1;
    UPDATE restore SET quarantined_at = clock_timestamp(), since = of_since, segments = moved, attempts = stood WHERE seq = opened;
    RETURN opened;
END
$$;
