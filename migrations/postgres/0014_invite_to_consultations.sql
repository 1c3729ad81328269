-- +goose Up
-- Consultations name whom they invite, keep each extension as it was announced, and comments that came in a form keep
-- what the form said about them.
CREATE TABLE consultation_invitations (
    consultation_id TEXT NOT NULL REFERENCES consultations (id),
    edition_id      TEXT NOT NULL REFERENCES editions (id), -- the consultation's, for who sees what
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    invited_at      TEXT NOT NULL,
    PRIMARY KEY (consultation_id, organization_id)
);
CREATE INDEX consultation_invitations_edition ON consultation_invitations (edition_id, organization_id);

CREATE TABLE consultation_extensions (
    consultation_id TEXT   NOT NULL REFERENCES consultations (id),
    number          BIGINT NOT NULL,                        -- from 1
    closed_before   TEXT   NOT NULL,                        -- the deadline that it had
    closes_at       TEXT   NOT NULL,                        -- and the one that it got
    reason          TEXT   NOT NULL,
    created_at      TEXT   NOT NULL,
    PRIMARY KEY (consultation_id, number)
);

-- The words are the file's: whom it names, where it places the comment, what it says was answered. row_key is the digest
-- of the row and of how many like it came before in the file: the same row is imported once.
CREATE TABLE comment_sources (
    comment_id      TEXT   NOT NULL PRIMARY KEY REFERENCES comments (id),
    edition_id      TEXT   NOT NULL REFERENCES editions (id),
    organization_id TEXT   NOT NULL REFERENCES organizations (id), -- that handed the form in
    row_key         TEXT   NOT NULL,
    file_digest     TEXT   NOT NULL,
    row_number      BIGINT NOT NULL,
    body            TEXT   NOT NULL DEFAULT '',
    line            TEXT   NOT NULL DEFAULT '',
    clause          TEXT   NOT NULL DEFAULT '',
    quote           TEXT   NOT NULL DEFAULT '',
    observations    TEXT   NOT NULL DEFAULT '',
    UNIQUE (edition_id, organization_id, row_key)
);
