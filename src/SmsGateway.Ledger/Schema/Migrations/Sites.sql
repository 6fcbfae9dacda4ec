-- Tables of the second schema that no entity maps.

-- One bucket per carrier whose contract has a rate, and what each node asked for last. Lost in a crash without harm.
CREATE TABLE rate_bucket (
    refilled_at timestamptz NOT NULL,
    tokens double precision NOT NULL,
    connector text PRIMARY KEY
) WITH (fillfactor = 30);
CREATE TABLE rate_share (
    asked_at timestamptz NOT NULL,
    carry double precision NOT NULL,
    want integer NOT NULL,
    node smallint NOT NULL,
    connector text NOT NULL,
    PRIMARY KEY (connector, node)
) WITH (fillfactor = 30);

-- Places among the binds that a carrier allows in all. One whose holder has another epoch by now is free.
CREATE TABLE bind_slot (
    epoch bigint NOT NULL,
    slot smallint NOT NULL,
    node smallint NOT NULL,
    connector text NOT NULL,
    PRIMARY KEY (connector, slot)
);

-- Gives a node its share of a carrier's rate: what came in since it asked last, divided among those that asked within two
-- seconds so that a node that wants little leaves the rest to the others, and never more than the bucket holds: half a
-- second's worth and one. By this server's clock alone (tests give the time). Answers nobody waits for a disk: a crash
-- forgets at most what the bucket holds. After a second without a question only what the nodes then hold between two
-- questions is left, so that the first second of new traffic keeps the rate too.
CREATE FUNCTION rate_grant(of_connector text, of_node smallint, per_second double precision, wanted integer, at timestamptz DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    asks CONSTANT double precision := 0.5;
    -- And one: else the fractions that whole grants leave would run over.
    most CONSTANT double precision := per_second * asks + 1;
    begins CONSTANT double precision := greatest(1, per_second * 0.23);
    present timestamptz;
    recent timestamptz;
    bucket double precision;
    mine rate_share;
    left_over double precision := per_second * asks;
    sharers integer;
    is_alone boolean;
    has_begun boolean;
    other record;
    share double precision := 0;
    granted integer;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO rate_bucket VALUES (COALESCE(at, clock_timestamp()), begins, of_connector) ON CONFLICT DO NOTHING;
    PERFORM FROM rate_bucket WHERE connector = of_connector FOR UPDATE;
    present := COALESCE(at, clock_timestamp());
    recent := present - interval '2 seconds';
    SELECT least(
        CASE WHEN present - refilled_at > interval '1 second' THEN begins ELSE most END,
        tokens + per_second * greatest(0, extract(epoch FROM present - refilled_at))) INTO bucket
    FROM rate_bucket WHERE connector = of_connector;
    SELECT * INTO mine FROM rate_share WHERE connector = of_connector AND node = of_node;

    -- Not those of the future either: the server's clock may have been set back.
    SELECT count(*) + 1 INTO sharers FROM rate_share
    WHERE connector = of_connector AND node <> of_node AND want > 0 AND asked_at > recent AND asked_at <= present;
    is_alone := sharers = 1;

    -- From the smallest wish up: each may have an equal part of what is left.
    FOR other IN
        SELECT node, want FROM rate_share
        WHERE connector = of_connector AND node <> of_node AND want > 0 AND asked_at > recent AND asked_at <= present
        UNION ALL SELECT of_node, wanted
        ORDER BY 2, 1
    LOOP
        share := least(other.want, left_over / sharers);
        EXIT WHEN other.node = of_node;
        left_over := left_over - share;
        sharers := sharers - 1;
    END LOOP;

    has_begun := COALESCE(mine.want > 0 AND mine.asked_at > recent AND mine.asked_at <= present, false);
    share := share * least(2, CASE WHEN has_begun THEN extract(epoch FROM present - mine.asked_at) / asks ELSE 1 END) + COALESCE(mine.carry, 0);
    IF is_alone THEN
        share := greatest(share, bucket);
    END IF;
    granted := greatest(0, floor(least(wanted, bucket, share) + 1e-6))::integer;
    UPDATE rate_bucket SET tokens = bucket - granted, refilled_at = present WHERE connector = of_connector;

    -- What a whole number leaves of a share is kept for the next time, and what a bucket that is low leaves of the first one. No
    -- more: it is taken from those that ask afterwards, and makes the rate uneven.
    INSERT INTO rate_share VALUES (
        present,
        CASE WHEN wanted > granted THEN least(CASE WHEN has_begun THEN 4 ELSE most END, greatest(0, share - granted)) ELSE 0 END,
        wanted, of_node, of_connector)
    ON CONFLICT (connector, node) DO UPDATE SET asked_at = excluded.asked_at, carry = excluded.carry, want = excluded.want;
    RETURN granted;
END
$$;

-- Renewed every two seconds by each node, and locked by every claim: room for the next versions beside the present ones.
ALTER TABLE node SET (fillfactor = 30);
