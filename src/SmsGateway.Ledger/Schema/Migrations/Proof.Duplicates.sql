-- MOs without a carrier's id: of each content of the last minutes the one that was forwarded last, and whether the carrier is known to have got its
-- acknowledgement (0 not known yet, 1 proven, 2 not). The primary key lets exactly one of two at the same moment be the first.
CREATE TABLE mo_first (
    at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    epoch bigint NOT NULL,
    fingerprint uuid PRIMARY KEY,
    id uuid NOT NULL,
    node smallint NOT NULL,
    proof smallint NOT NULL
);
CREATE INDEX mo_first_id ON mo_first (id);
CREATE INDEX mo_first_age ON mo_first (at);

-- Repeats of these, stored and acknowledged, that wait until it is known. Decided ones leave: to the outbox, or suppressed to the parked list.
CREATE TABLE mo_suspect (
    at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    epoch bigint NOT NULL,
    id uuid PRIMARY KEY,
    fingerprint uuid NOT NULL,
    node smallint NOT NULL,
    proof smallint NOT NULL,
    delivery jsonb NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX mo_suspect_age ON mo_suspect (at);
CREATE INDEX mo_suspect_fingerprint ON mo_suspect (fingerprint);

-- The content that an account sent last, where it asked that the same again within a while is not sent.
CREATE TABLE content_claim (
    at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    fingerprint uuid PRIMARY KEY,
    id uuid NOT NULL,
    parts smallint NOT NULL
);
CREATE INDEX content_claim_age ON content_claim (until);
