-- +goose Up
-- Consultations, comments, objections and the editors' answers.
CREATE TABLE consultations (
    id          TEXT    NOT NULL PRIMARY KEY,
    edition_id  TEXT    NOT NULL REFERENCES editions (id),
    revision_id TEXT    NOT NULL REFERENCES revisions (id),
    state       TEXT    NOT NULL CHECK (state IN ('OPEN', 'CLOSED', 'RECALLED')),
    is_public   BIGINT  NOT NULL CHECK (is_public IN (0, 1)),
    opened_at   TEXT    NOT NULL,
    closes_at   TEXT    NOT NULL,                      -- the deadline; the clock closes what is due
    closed_at   TEXT,
    reason      TEXT    NOT NULL DEFAULT '',
    opened_by   TEXT    NOT NULL REFERENCES persons (id)
);
CREATE UNIQUE INDEX consultations_open ON consultations (edition_id) WHERE state = 'OPEN';
CREATE INDEX consultations_due ON consultations (closes_at) WHERE state = 'OPEN';
CREATE INDEX consultations_edition ON consultations (edition_id, opened_at, id);

CREATE TABLE comments (
    id              TEXT    NOT NULL PRIMARY KEY,
    edition_id      TEXT    NOT NULL REFERENCES editions (id),
    revision_id     TEXT    NOT NULL REFERENCES revisions (id),
    parent_id       TEXT    REFERENCES comments (id),  -- the comment that a thread hangs on
    kind            TEXT    NOT NULL CHECK (kind IN ('GENERAL', 'EDITORIAL', 'TECHNICAL')),
    path            TEXT    NOT NULL DEFAULT '',       -- of the element; empty: the whole document
    quote           TEXT    NOT NULL DEFAULT '',
    body            TEXT    NOT NULL,
    proposed_change TEXT    NOT NULL DEFAULT '',
    is_objection    BIGINT  NOT NULL DEFAULT 0 CHECK (is_objection IN (0, 1)),
    remedy          TEXT    NOT NULL DEFAULT '',       -- what would remove the objection
    state           TEXT    NOT NULL CHECK (state IN ('OPEN', 'ANSWERED', 'REFERRED', 'UPHELD', 'OVERRULED', 'RESOLVED', 'WITHDRAWN')),
    late            BIGINT  NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
    organization_id TEXT    REFERENCES organizations (id), -- none: the person speaks for itself
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    public_name     TEXT    NOT NULL DEFAULT '',       -- that a public commenter chose
    decision_reason TEXT    NOT NULL DEFAULT '',       -- of upholding or overruling
    decided_by      TEXT    REFERENCES persons (id),
    decided_at      TEXT,
    done_revision   TEXT    REFERENCES revisions (id), -- the change that an upheld objection asked for
    edit_count      BIGINT  NOT NULL DEFAULT 0,
    created_at      TEXT    NOT NULL
);
CREATE INDEX comments_page ON comments (edition_id, created_at, id);
CREATE INDEX comments_parent ON comments (parent_id, created_at, id);
CREATE INDEX comments_gate ON comments (edition_id, state);

CREATE TABLE comment_texts (
    comment_id      TEXT    NOT NULL REFERENCES comments (id),
    number          BIGINT  NOT NULL,                  -- 0 is the first text
    body            TEXT    NOT NULL,
    proposed_change TEXT    NOT NULL,
    remedy          TEXT    NOT NULL,
    created_at      TEXT    NOT NULL,
    PRIMARY KEY (comment_id, number)
);

CREATE TABLE dispositions (
    id              TEXT NOT NULL PRIMARY KEY,
    comment_id      TEXT NOT NULL UNIQUE REFERENCES comments (id),
    kind            TEXT NOT NULL CHECK (kind IN ('ACCEPTED', 'ACCEPTED_IN_PART', 'REJECTED', 'OUT_OF_SCOPE', 'DUPLICATE', 'NOTED')),
    reason          TEXT NOT NULL DEFAULT '',
    duplicate_of    TEXT REFERENCES comments (id),
    revision_id     TEXT REFERENCES revisions (id),    -- with the change
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id       TEXT NOT NULL REFERENCES persons (id),
    created_at      TEXT NOT NULL,
    reply_due_at    TEXT NOT NULL,                     -- silence until then is an answer
    reply           TEXT CHECK (reply IN ('SATISFIED', 'NOT_SATISFIED')),
    reply_text      TEXT NOT NULL DEFAULT '',
    replied_at      TEXT
);
