-- +goose Up
-- A ballot is on an edition, on a charter or on a matter. Its edition is the one that is voted on, or the one that the
-- matter is about; a ballot on a charter has none.

-- A charter's name stands beside its text for lists; a proposal ends by being refused or withdrawn. SQLite changes no
-- CHECK of a table that is there, so the table is made anew.
CREATE TABLE charters_anew (
    id           TEXT    NOT NULL PRIMARY KEY,
    council_id   TEXT    NOT NULL REFERENCES councils (id),
    number       INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('PROPOSED', 'IN_FORCE', 'REPLACED', 'REFUSED', 'WITHDRAWN')),
    body         TEXT    NOT NULL,                     -- canonical JSON, concordat/charter/1
    digest       TEXT    NOT NULL,
    proposed_by  TEXT    NOT NULL REFERENCES persons (id),
    created_at   TEXT    NOT NULL,
    in_force_at  TEXT,
    replaced_at  TEXT,
    name         TEXT    NOT NULL DEFAULT '',          -- as the body has it
    ended_at     TEXT,                                 -- of a proposal that was refused or withdrawn
    ended_reason TEXT    NOT NULL DEFAULT '',          -- why it was withdrawn; public
    UNIQUE (council_id, number)
) STRICT;
INSERT INTO charters_anew (
    id, council_id, number, state, body, digest, proposed_by, created_at, in_force_at, replaced_at, name
)
SELECT
    id, council_id, number, state, body, digest, proposed_by, created_at, in_force_at, replaced_at,
    COALESCE(json_extract(body, '$.name'), '')
FROM charters;
DROP TABLE charters;
ALTER TABLE charters_anew RENAME TO charters;
CREATE UNIQUE INDEX charters_in_force ON charters (council_id) WHERE state = 'IN_FORCE';

-- What a council decides on that is neither a text nor its rules.
CREATE TABLE matters (
    id         TEXT NOT NULL PRIMARY KEY,
    council_id TEXT NOT NULL REFERENCES councils (id),
    edition_id TEXT NOT NULL REFERENCES editions (id), -- that it is about
    kind       TEXT NOT NULL CHECK (kind IN ('OBJECTION', 'WITHDRAWAL', 'REVIEW')),
    object_id  TEXT NOT NULL,                          -- the objection, the request or the review
    statement  TEXT NOT NULL,                          -- canonical JSON, concordat/matter/1: what is voted on
    digest     TEXT NOT NULL,
    salt       TEXT NOT NULL DEFAULT '',               -- of the digests of free text in it; empty once that was redacted
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX matters_edition ON matters (edition_id, created_at, id);
CREATE INDEX matters_object ON matters (object_id);

ALTER TABLE ballots ADD COLUMN proposal_id TEXT REFERENCES charters (id); -- the charter that is voted on
ALTER TABLE ballots ADD COLUMN matter_id TEXT REFERENCES matters (id);    -- the matter that is voted on
DROP INDEX ballots_open;
CREATE UNIQUE INDEX ballots_open_edition ON ballots (edition_id) WHERE state = 'OPEN' AND kind = 'EDITION';
CREATE UNIQUE INDEX ballots_open_charter ON ballots (council_id) WHERE state = 'OPEN' AND kind = 'CHARTER';
CREATE UNIQUE INDEX ballots_open_matter ON ballots (matter_id) WHERE state = 'OPEN' AND kind = 'MATTER';
CREATE INDEX ballots_proposal ON ballots (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX ballots_matter ON ballots (matter_id) WHERE matter_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER matters_no_update BEFORE UPDATE OF id, council_id, edition_id, kind, object_id, statement, digest, created_at ON matters
BEGIN SELECT RAISE(ABORT, 'matters are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER matters_no_delete BEFORE DELETE ON matters
BEGIN SELECT RAISE(ABORT, 'matters are never deleted'); END;
-- +goose StatementEnd
