-- +goose Up
-- Councils, their sectors, their public roll and their charters. A council is an organization with more to it.
CREATE TABLE councils (
    id           TEXT    NOT NULL PRIMARY KEY REFERENCES organizations (id),
    jurisdiction TEXT    NOT NULL DEFAULT '[]',        -- JSON list of countries and regions
    zone         TEXT    NOT NULL,                     -- IANA time zone
    charter_id   TEXT,                                 -- in force; none before the founding act
    created_at   TEXT    NOT NULL,
    version      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE council_sectors (
    council_id TEXT NOT NULL REFERENCES councils (id),
    sector     TEXT NOT NULL,                          -- NACE division or section: "F43"
    PRIMARY KEY (council_id, sector)
) STRICT;
CREATE INDEX council_sectors_sector ON council_sectors (sector);

CREATE TABLE roll_entries (
    id              TEXT NOT NULL PRIMARY KEY,
    council_id      TEXT NOT NULL REFERENCES councils (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    chamber         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('APPLIED', 'ACTIVE', 'SUSPENDED', 'ENDED', 'REFUSED')),
    ground          TEXT NOT NULL DEFAULT '',
    weight          TEXT NOT NULL DEFAULT '1',         -- exact: an integer, a fraction or a decimal
    from_at         TEXT,
    until_at        TEXT,
    created_at      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX roll_entries_standing ON roll_entries (council_id, organization_id)
    WHERE state IN ('APPLIED', 'ACTIVE', 'SUSPENDED');
CREATE INDEX roll_entries_page ON roll_entries (council_id, created_at, id);
CREATE INDEX roll_entries_organization ON roll_entries (organization_id);

CREATE TABLE charters (
    id          TEXT    NOT NULL PRIMARY KEY,
    council_id  TEXT    NOT NULL REFERENCES councils (id),
    number      INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('PROPOSED', 'IN_FORCE', 'REPLACED', 'REFUSED')),
    body        TEXT    NOT NULL,                      -- canonical JSON, concordat/charter/1
    digest      TEXT    NOT NULL,
    proposed_by TEXT    NOT NULL REFERENCES persons (id),
    created_at  TEXT    NOT NULL,
    in_force_at TEXT,
    replaced_at TEXT,
    UNIQUE (council_id, number)
) STRICT;
