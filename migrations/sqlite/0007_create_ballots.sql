-- +goose Up
-- Ballots: what is frozen when one opens, who may vote, each position ever taken, and the outcome.
CREATE TABLE ballots (
    id             TEXT    NOT NULL PRIMARY KEY,
    council_id     TEXT    NOT NULL REFERENCES councils (id),
    kind           TEXT    NOT NULL CHECK (kind IN ('EDITION', 'CHARTER', 'MATTER')),
    edition_id     TEXT    REFERENCES editions (id),
    revision_id    TEXT    REFERENCES revisions (id),
    digest         TEXT    NOT NULL,                   -- of the exact text voted on
    charter_id     TEXT    NOT NULL REFERENCES charters (id),
    rule           TEXT    NOT NULL,                   -- JSON, frozen
    profile        TEXT    NOT NULL,
    findings       TEXT    NOT NULL,                   -- JSON, frozen
    secrecy        TEXT    NOT NULL CHECK (secrecy IN ('AT_ONCE', 'AT_CLOSE')),
    state          TEXT    NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
    opened_at      TEXT    NOT NULL,
    closes_at      TEXT    NOT NULL,
    closed_at      TEXT,
    outcome        TEXT    CHECK (outcome IN ('CARRIED', 'NOT_CARRIED', 'INQUORATE', 'RECALLED', 'SUPERSEDED', 'ANNULLED')),
    record         TEXT,                               -- canonical JSON, concordat/tally/1, at the close
    result         TEXT,                               -- JSON, the tally of the record
    elector_count  INTEGER NOT NULL,
    position_count INTEGER NOT NULL DEFAULT 0,
    opened_by      TEXT    NOT NULL REFERENCES persons (id)
) STRICT;
CREATE UNIQUE INDEX ballots_open ON ballots (edition_id) WHERE state = 'OPEN';
CREATE INDEX ballots_due ON ballots (closes_at) WHERE state = 'OPEN';
CREATE INDEX ballots_edition ON ballots (edition_id, opened_at, id);
CREATE INDEX ballots_council ON ballots (council_id, opened_at, id);

CREATE TABLE electors (
    ballot_id       TEXT NOT NULL REFERENCES ballots (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    chamber         TEXT NOT NULL,
    groups          TEXT NOT NULL DEFAULT '[]',        -- JSON list of tags
    weight          TEXT NOT NULL,                     -- exact, final
    announced_at    TEXT NOT NULL,
    PRIMARY KEY (ballot_id, organization_id)
) STRICT;
CREATE INDEX electors_organization ON electors (organization_id);

-- Every position ever taken; the newest number of an organization counts.
CREATE TABLE positions (
    id              TEXT    NOT NULL PRIMARY KEY,
    ballot_id       TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    number          INTEGER NOT NULL,                  -- 1 is the first
    position        TEXT    NOT NULL CHECK (position IN ('APPROVE', 'NO_OBJECTION', 'OBJECT', 'ABSTAIN', 'RECUSE')),
    reason          TEXT    NOT NULL DEFAULT '',
    remedy          TEXT    NOT NULL DEFAULT '',
    comment         TEXT    NOT NULL DEFAULT '',
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    taken_at        TEXT    NOT NULL,
    is_latest       INTEGER NOT NULL CHECK (is_latest IN (0, 1)),
    UNIQUE (ballot_id, organization_id, number),
    FOREIGN KEY (ballot_id, organization_id) REFERENCES electors (ballot_id, organization_id)
) STRICT;
CREATE UNIQUE INDEX positions_latest ON positions (ballot_id, organization_id) WHERE is_latest = 1;

-- One person speaks for one organization in a ballot.
CREATE TABLE ballot_speakers (
    ballot_id       TEXT NOT NULL REFERENCES ballots (id),
    person_id       TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (ballot_id, person_id)
) STRICT;
