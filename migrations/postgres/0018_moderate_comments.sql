-- +goose Up
-- Moderation. A comment that the secretary hides keeps its words, which only the secretary and its author still read; one
-- that two persons redact loses them for good, wherever they lie. Comment, thread, answer and acts stay in either case.
ALTER TABLE comments ADD COLUMN hidden_at TEXT;
ALTER TABLE comments ADD COLUMN hidden_reason TEXT NOT NULL DEFAULT '';    -- public
ALTER TABLE comments ADD COLUMN redaction_asked_at TEXT;                   -- while it waits for its second person
ALTER TABLE comments ADD COLUMN redacted_at TEXT;
ALTER TABLE comments ADD COLUMN redaction_reason TEXT NOT NULL DEFAULT ''; -- public
-- What somebody who speaks for nobody said lately.
CREATE INDEX comments_person ON comments (person_id, created_at) WHERE organization_id IS NULL;

CREATE TABLE comment_reports (
    comment_id      TEXT NOT NULL REFERENCES comments (id),
    person_id       TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT REFERENCES organizations (id), -- none: the person for itself
    reason          TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    settled_at      TEXT,                               -- dismissed, hidden or redacted
    PRIMARY KEY (comment_id, person_id)
);
CREATE INDEX comment_reports_open ON comment_reports (comment_id, created_at) WHERE settled_at IS NULL;

CREATE TABLE redactions (
    id           TEXT    NOT NULL PRIMARY KEY,
    comment_id   TEXT    NOT NULL REFERENCES comments (id),
    reason       TEXT    NOT NULL,                      -- public
    with_name    BIGINT  NOT NULL CHECK (with_name IN (0, 1)),   -- the name that a public commenter chose, too
    with_answer  BIGINT  NOT NULL CHECK (with_answer IN (0, 1)), -- what editors and council answered, too
    asked_by     TEXT    NOT NULL REFERENCES persons (id),
    asked_at     TEXT    NOT NULL,
    confirmed_by TEXT    REFERENCES persons (id),
    confirmed_at TEXT,
    CHECK (confirmed_by IS NULL OR confirmed_by <> asked_by)     -- two persons
);
CREATE UNIQUE INDEX redactions_open ON redactions (comment_id) WHERE confirmed_at IS NULL;
