-- +goose Up
-- What two persons of a council take back: an open ballot (RECALL), or a text that is balloted, approved or endorsed
-- (REOPENING). The ballot is the one that is taken back, or that had approved the text. What was asked stays on record,
-- whatever came of it.
CREATE TABLE corrections (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('RECALL', 'REOPENING')),
    ballot_id   TEXT NOT NULL REFERENCES ballots (id),
    edition_id  TEXT REFERENCES editions (id),         -- none: the ballot is not on an edition
    ground      TEXT NOT NULL,                         -- as the charter lists it
    reason      TEXT NOT NULL,                         -- in words, public once it is confirmed
    state       TEXT NOT NULL CHECK (state IN ('ASKED', 'CONFIRMED', 'DECLINED', 'WITHDRAWN', 'LAPSED')),
    asked_by    TEXT NOT NULL REFERENCES persons (id),
    asked_at    TEXT NOT NULL,
    answered_by TEXT REFERENCES persons (id),          -- none: it lapsed
    answered_at TEXT,
    answer      TEXT NOT NULL DEFAULT '',              -- why it was declined or withdrawn
    CHECK (state <> 'CONFIRMED' OR answered_by IS NOT NULL AND answered_by <> asked_by) -- two persons
) STRICT;
CREATE UNIQUE INDEX corrections_asked ON corrections (ballot_id, kind) WHERE state = 'ASKED';
CREATE INDEX corrections_ballot ON corrections (ballot_id, asked_at, id);
CREATE INDEX corrections_edition ON corrections (edition_id, asked_at, id);
-- +goose StatementBegin
CREATE TRIGGER corrections_answered_no_update BEFORE UPDATE ON corrections WHEN OLD.state <> 'ASKED'
BEGIN SELECT RAISE(ABORT, 'a correction that was answered is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are never deleted'); END;
-- +goose StatementEnd
-- An endorsement that was asked for or given lapses when its text is reopened: its row stays as it stood. The body may be
-- asked again, for the same text too.
ALTER TABLE statements ADD COLUMN lapsed_at TEXT;
DROP INDEX statements_asked;
CREATE UNIQUE INDEX statements_asked ON statements (edition_id, digest, organization_id, kind)
    WHERE state = 'ASKED' AND lapsed_at IS NULL;
DROP INDEX statements_due;
CREATE INDEX statements_due ON statements (valid_until) WHERE state = 'GIVEN' AND lapsed_at IS NULL;
