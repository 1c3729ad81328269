-- +goose Up
-- Suggestions are moderated as comments are. Reports and redactions are of either, by kind and id; a request for a
-- redaction can be taken back or declined.
ALTER TABLE suggestions ADD COLUMN hidden_at TEXT;
ALTER TABLE suggestions ADD COLUMN hidden_reason TEXT NOT NULL DEFAULT '';    -- public
ALTER TABLE suggestions ADD COLUMN redaction_asked_at TEXT;                   -- while it waits for its second person
ALTER TABLE suggestions ADD COLUMN redacted_at TEXT;
ALTER TABLE suggestions ADD COLUMN redaction_reason TEXT NOT NULL DEFAULT ''; -- public

CREATE TABLE moderation_reports (
    object_kind     TEXT NOT NULL CHECK (object_kind IN ('COMMENT', 'SUGGESTION')),
    object_id       TEXT NOT NULL,
    person_id       TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT REFERENCES organizations (id), -- none: the person for itself
    reason          TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    settled_at      TEXT,                               -- dismissed, hidden or redacted
    PRIMARY KEY (object_kind, object_id, person_id)
);
INSERT INTO moderation_reports (object_kind, object_id, person_id, organization_id, reason, created_at, settled_at)
SELECT 'COMMENT', comment_id, person_id, organization_id, reason, created_at, settled_at FROM comment_reports;
DROP TABLE comment_reports;
CREATE INDEX moderation_reports_open ON moderation_reports (object_kind, object_id) WHERE settled_at IS NULL;

CREATE TABLE comment_redactions AS
SELECT id, comment_id, reason, with_name, with_answer, asked_by, asked_at, confirmed_by, confirmed_at FROM redactions;
DROP TABLE redactions;
CREATE TABLE redactions (
    id           TEXT    NOT NULL PRIMARY KEY,
    object_kind  TEXT    NOT NULL CHECK (object_kind IN ('COMMENT', 'SUGGESTION')),
    object_id    TEXT    NOT NULL,
    reason       TEXT    NOT NULL,                      -- public
    with_name    BIGINT  NOT NULL CHECK (with_name IN (0, 1)),   -- the name that a public commenter chose, too
    with_answer  BIGINT  NOT NULL CHECK (with_answer IN (0, 1)), -- what editors and council answered, too
    asked_by     TEXT    NOT NULL REFERENCES persons (id),
    asked_at     TEXT    NOT NULL,
    confirmed_by TEXT    REFERENCES persons (id),
    confirmed_at TEXT,
    withdrawn_by TEXT    REFERENCES persons (id),       -- who asked, or whoever declined it
    withdrawn_at TEXT,
    CHECK (confirmed_by IS NULL OR confirmed_by <> asked_by), -- two persons
    CHECK (confirmed_at IS NULL OR withdrawn_at IS NULL)
);
INSERT INTO redactions (
    id, object_kind, object_id, reason, with_name, with_answer, asked_by, asked_at, confirmed_by, confirmed_at
)
SELECT id, 'COMMENT', comment_id, reason, with_name, with_answer, asked_by, asked_at, confirmed_by, confirmed_at
FROM comment_redactions;
DROP TABLE comment_redactions;
CREATE UNIQUE INDEX redactions_open ON redactions (object_kind, object_id)
WHERE confirmed_at IS NULL AND withdrawn_at IS NULL;
