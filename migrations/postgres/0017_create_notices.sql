-- +goose Up
-- What people are told, in the application and by mail. Everything that has to happen later is a column here and no
-- timer, so that a server which is killed forgets nothing; what tells a thing once is UNIQUE, so that it tells nothing twice.

-- An address counts only where its provider says that it was verified. Nobody's is before the next sign-in.
ALTER TABLE persons ADD COLUMN email_verified BIGINT  NOT NULL DEFAULT 0 CHECK (email_verified IN (0, 1));

-- How far the log was followed. An installation that is older than its notices begins with what happens from now on.
CREATE TABLE notice_cursor (
    id     BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT  NOT NULL                            -- of the last leaf that was read; -1: none
);
INSERT INTO notice_cursor (id, number) SELECT 1, COALESCE(MAX(number), -1) FROM leaves;

-- Mails on their way. A row says who is written to; to which address and what is looked up when it is sent, so that no
-- mail tells what its reader may no longer see, and nobody's address lies here.
CREATE TABLE outbox (
    id            TEXT    NOT NULL PRIMARY KEY,        -- also of its Message-ID, whichever attempt it is
    person_id     TEXT    NOT NULL REFERENCES persons (id),
    kind          TEXT    NOT NULL CHECK (kind IN ('AT_ONCE', 'DIGEST')),
    state         TEXT    NOT NULL CHECK (state IN ('WAITING', 'SENT', 'FAILED', 'DROPPED')),
    created_at    TEXT    NOT NULL,
    due_at        TEXT    NOT NULL,                    -- of the next attempt
    claimed_until TEXT,                                -- somebody is sending it
    attempts      BIGINT  NOT NULL DEFAULT 0,
    reason        TEXT    NOT NULL DEFAULT '',         -- why it was put off, failed or dropped
    ended_at      TEXT                                 -- since when it is SENT, FAILED or DROPPED
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'WAITING';
CREATE INDEX outbox_person ON outbox (person_id, created_at);

CREATE TABLE notices (
    id              TEXT    NOT NULL PRIMARY KEY,
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    organization_id TEXT    REFERENCES organizations (id), -- for which the person is told; none: for itself
    source          TEXT    NOT NULL,                  -- the act, or "remind:" with what, when and how many days before
    event           TEXT    NOT NULL,                  -- the act's type, or which reminder
    kind            TEXT    NOT NULL,                  -- as people turn it off
    audience        TEXT    NOT NULL,                  -- why the person is told
    object_kind     TEXT    NOT NULL CHECK (object_kind IN ('EDITION', 'COMMENT', 'BALLOT', 'NEED')),
    object_id       TEXT    NOT NULL,
    edition_id      TEXT    REFERENCES editions (id),  -- none: it is about a need
    by_id           TEXT    REFERENCES organizations (id), -- whose act it was; none: a person's own, or the clock's
    due_at          TEXT,                              -- the deadline that it tells of
    at_once         BIGINT  NOT NULL CHECK (at_once IN (0, 1)),
    created_at      TEXT    NOT NULL,                  -- when it happened
    read_at         TEXT,
    mail_id         TEXT    REFERENCES outbox (id),    -- that tells it
    UNIQUE (person_id, source)
);
CREATE INDEX notices_page ON notices (person_id, created_at, id);
CREATE INDEX notices_mail ON notices (mail_id);

-- How somebody wants to be told. Who said nothing has no row, or one with the defaults.
CREATE TABLE notice_preferences (
    person_id     TEXT    NOT NULL PRIMARY KEY REFERENCES persons (id),
    digest        TEXT    NOT NULL DEFAULT 'DAILY' CHECK (digest IN ('DAILY', 'WEEKLY', 'NEVER')),
    hour          BIGINT  NOT NULL DEFAULT 7 CHECK (hour BETWEEN 0 AND 23),
    zone          TEXT    NOT NULL DEFAULT '',         -- IANA; empty: the council's whose process it is about
    muted         TEXT    NOT NULL DEFAULT '[]',       -- JSON list of the kinds that come by no mail
    no_mail       BIGINT  NOT NULL DEFAULT 0 CHECK (no_mail IN (0, 1)), -- none at all
    digest_due_at TEXT,                                -- none: there is nothing to tell
    feed          BIGINT  NOT NULL DEFAULT 0           -- number of the calendar's address; taken away: negative
);
CREATE INDEX notice_preferences_due ON notice_preferences (digest_due_at) WHERE digest_due_at IS NOT NULL;

-- Reminders that were given. A deadline that moves is reminded of again.
CREATE TABLE notice_reminders (
    object_id TEXT    NOT NULL,
    due_at    TEXT    NOT NULL,
    days      BIGINT  NOT NULL,
    PRIMARY KEY (object_id, due_at, days)
);
