-- +goose Up
-- What bodies say of a text besides endorsing it, from when until when; when a published edition lacked an endorsement that
-- its charter asks for; and each publication's file, as it was published.
ALTER TABLE statements ADD COLUMN offer_id TEXT REFERENCES offers (id);      -- that it is about; none: the text
ALTER TABLE statements ADD COLUMN ballot_id TEXT REFERENCES ballots (id);    -- that a minority dissents from
ALTER TABLE statements ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE statements ADD COLUMN facts TEXT NOT NULL DEFAULT '{}';          -- JSON: framework, credits, target
ALTER TABLE statements ADD COLUMN valid_from TEXT;                           -- none: from when it was given
ALTER TABLE statements ADD COLUMN expired_at TEXT;                           -- when the clock took note of its end
CREATE INDEX statements_expiring ON statements (valid_until)
    WHERE state = 'GIVEN' AND kind = 'ENDORSEMENT' AND lapsed_at IS NULL AND expired_at IS NULL AND valid_until IS NOT NULL;

-- Periods in which an endorsement that the charter asks for was missing from a published edition.
CREATE TABLE publication_lapses (
    publication_id TEXT    NOT NULL REFERENCES publications (id),
    number         BIGINT  NOT NULL,                  -- 1 is the first
    lapsed_at      TEXT    NOT NULL,
    healed_at      TEXT,
    PRIMARY KEY (publication_id, number)
);
CREATE UNIQUE INDEX publication_lapses_open ON publication_lapses (publication_id) WHERE healed_at IS NULL;

CREATE TABLE publication_files (
    publication_id TEXT NOT NULL PRIMARY KEY REFERENCES publications (id),
    digest         TEXT NOT NULL,
    bytes          BYTEA NOT NULL,                 -- canonical JSON
    created_at     TEXT NOT NULL
);
CREATE TRIGGER publication_files_no_update BEFORE UPDATE ON publication_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the file of a publication is never changed');
CREATE TRIGGER publication_files_no_delete BEFORE DELETE ON publication_files
    FOR EACH ROW EXECUTE FUNCTION refuse_change('the file of a publication is never deleted');
