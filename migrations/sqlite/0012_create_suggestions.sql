-- +goose Up
-- Suggestions: changes that somebody proposes and the editors accept, wholly or one by one, or reject. A change keeps
-- what it was made of; whether it still fits the newest text is found out whenever that moves, and kept in the state,
-- so that no reader has to. What is said about a suggestion hangs on it and gates nothing.
CREATE TABLE suggestions (
    id              TEXT NOT NULL PRIMARY KEY,
    edition_id      TEXT NOT NULL REFERENCES editions (id),
    base_id         TEXT NOT NULL REFERENCES revisions (id), -- that the changes were made on
    reason          TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('OPEN', 'CONFLICTING', 'ACCEPTED', 'ACCEPTED_IN_PART', 'REJECTED', 'WITHDRAWN')),
    conflicts       TEXT NOT NULL DEFAULT '[]',              -- JSON: where it does not fit the newest text
    organization_id TEXT REFERENCES organizations (id),      -- none: the person speaks for itself
    person_id       TEXT NOT NULL REFERENCES persons (id),
    public_name     TEXT NOT NULL DEFAULT '',
    decided_for     TEXT REFERENCES organizations (id),      -- the editors' organization
    decided_by      TEXT REFERENCES persons (id),
    decision_reason TEXT NOT NULL DEFAULT '',
    decided_at      TEXT,
    revision_id     TEXT REFERENCES revisions (id),          -- that took it
    created_at      TEXT NOT NULL
) STRICT;
CREATE INDEX suggestions_page ON suggestions (edition_id, created_at, id);
CREATE INDEX suggestions_undecided ON suggestions (edition_id) WHERE state IN ('OPEN', 'CONFLICTING');
CREATE INDEX suggestions_revision ON suggestions (revision_id) WHERE revision_id IS NOT NULL;

CREATE TABLE suggestion_changes (
    suggestion_id TEXT    NOT NULL REFERENCES suggestions (id),
    number        INTEGER NOT NULL,                          -- 0, 1, 2: its place among the changes
    kind          TEXT    NOT NULL CHECK (kind IN ('SET', 'INSERT', 'REMOVE', 'MOVE')),
    path          TEXT    NOT NULL,
    follows       TEXT    NOT NULL DEFAULT '',               -- INSERT, MOVE: the element before it
    accepted      INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    value         TEXT,                                      -- JSON: what stands there afterwards
    before_value  TEXT,                                      -- JSON: what stood there
    PRIMARY KEY (suggestion_id, number)
) STRICT;

ALTER TABLE editions ADD COLUMN open_suggestion_count INTEGER NOT NULL DEFAULT 0; -- not yet decided on
ALTER TABLE comments ADD COLUMN suggestion_id TEXT REFERENCES suggestions (id);   -- what it is said about
CREATE INDEX comments_suggestion ON comments (suggestion_id, created_at, id) WHERE suggestion_id IS NOT NULL;
