-- +goose Up
-- A ballot is on an edition, on a charter or on a matter. Its edition is the one that is voted on, or the one that the
-- matter is about; a ballot on a charter has none.

-- A charter's name stands beside its text for lists; a proposal ends by being refused or withdrawn.
ALTER TABLE charters DROP CONSTRAINT charters_state_check;
ALTER TABLE charters ADD CONSTRAINT charters_state_check
    CHECK (state IN ('PROPOSED', 'IN_FORCE', 'REPLACED', 'REFUSED', 'WITHDRAWN'));
ALTER TABLE charters ADD COLUMN name TEXT NOT NULL DEFAULT '';         -- as the body has it
ALTER TABLE charters ADD COLUMN ended_at TEXT;                         -- of a proposal that was refused or withdrawn
ALTER TABLE charters ADD COLUMN ended_reason TEXT NOT NULL DEFAULT ''; -- why it was withdrawn; public
UPDATE charters SET name = COALESCE(CAST(body AS json) ->> 'name', '');
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
);
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
CREATE TRIGGER matters_no_update BEFORE UPDATE OF id, council_id, edition_id, kind, object_id, statement, digest, created_at ON matters
    FOR EACH ROW EXECUTE FUNCTION refuse_change('matters are never changed');
CREATE TRIGGER matters_no_delete BEFORE DELETE ON matters
    FOR EACH ROW EXECUTE FUNCTION refuse_change('matters are never deleted');
