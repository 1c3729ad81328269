-- +goose Up
-- A notice may be about an organization: its keys were changed.
CREATE TABLE notices_of_keys (
    id              TEXT    NOT NULL PRIMARY KEY,
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    organization_id TEXT    REFERENCES organizations (id), -- for which the person is told; none: for itself
    source          TEXT    NOT NULL,                  -- the act, or "remind:" with what, when and how many days before
    event           TEXT    NOT NULL,                  -- the act's type, or which reminder
    kind            TEXT    NOT NULL,                  -- as people turn it off
    audience        TEXT    NOT NULL,                  -- why the person is told
    object_kind     TEXT    NOT NULL CHECK (object_kind IN ('EDITION', 'COMMENT', 'BALLOT', 'NEED', 'CHARTER', 'ROLL_APPLICATION', 'ORGANIZATION')),
    object_id       TEXT    NOT NULL,
    edition_id      TEXT    REFERENCES editions (id),  -- none: it is about what hangs on no edition
    by_id           TEXT    REFERENCES organizations (id), -- whose act it was; none: a person's own, or the clock's
    due_at          TEXT,                              -- the deadline that it tells of
    at_once         INTEGER NOT NULL CHECK (at_once IN (0, 1)),
    created_at      TEXT    NOT NULL,                  -- when it happened
    read_at         TEXT,
    mail_id         TEXT    REFERENCES outbox (id),    -- that tells it
    UNIQUE (person_id, source)
) STRICT;
INSERT INTO notices_of_keys (
    id, person_id, organization_id, source, event, kind, audience, object_kind, object_id, edition_id, by_id, due_at, at_once,
    created_at, read_at, mail_id
)
SELECT
    id, person_id, organization_id, source, event, kind, audience, object_kind, object_id, edition_id, by_id, due_at, at_once,
    created_at, read_at, mail_id
FROM notices;
DROP TABLE notices;
ALTER TABLE notices_of_keys RENAME TO notices;
CREATE INDEX notices_page ON notices (person_id, created_at, id);
CREATE INDEX notices_mail ON notices (mail_id);
