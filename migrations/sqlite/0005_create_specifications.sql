-- +goose Up
-- Specifications, their editions, working groups and revisions. A revision's document is the exact bytes that were
-- agreed on: it is never changed and never encoded again.
CREATE TABLE specifications (
    id         TEXT    NOT NULL PRIMARY KEY,
    slug       TEXT    NOT NULL UNIQUE,                -- never changes, never reused
    council_id TEXT    NOT NULL REFERENCES councils (id),
    title      TEXT    NOT NULL,                       -- JSON language map of the newest head revision
    language   TEXT    NOT NULL,                       -- its primary language
    created_at TEXT    NOT NULL,
    version    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX specifications_page ON specifications (created_at, id);
CREATE INDEX specifications_council ON specifications (council_id, created_at, id);

CREATE TABLE specification_needs (
    specification_id TEXT NOT NULL REFERENCES specifications (id),
    need_id          TEXT NOT NULL REFERENCES needs (id),
    PRIMARY KEY (specification_id, need_id)
) STRICT;
CREATE INDEX specification_needs_need ON specification_needs (need_id);

CREATE TABLE editions (
    id                     TEXT    NOT NULL PRIMARY KEY,
    specification_id       TEXT    NOT NULL REFERENCES specifications (id),
    number                 TEXT    NOT NULL,           -- "1.0"
    stage                  TEXT    NOT NULL CHECK (stage IN ('DRAFTING', 'CONSULTATION', 'DISPOSITION', 'BALLOT', 'APPROVED', 'ENDORSED', 'PUBLISHED', 'SUPERSEDED', 'SUSPENDED', 'WITHDRAWN', 'ABANDONED')),
    stage_reason           TEXT    NOT NULL DEFAULT '',
    stage_at               TEXT    NOT NULL,           -- since when it is in its stage
    lead_id                TEXT    NOT NULL REFERENCES organizations (id),
    based_on               TEXT    REFERENCES editions (id),
    charter_id             TEXT    REFERENCES charters (id), -- the version at its first consultation
    profile                TEXT    NOT NULL,           -- "EU/1"
    class                  TEXT    NOT NULL DEFAULT 'SUBSTANTIVE' CHECK (class IN ('EDITORIAL', 'SUBSTANTIVE')),
    closed_group           INTEGER NOT NULL DEFAULT 0 CHECK (closed_group IN (0, 1)), -- drafts to the working group alone
    invited_only           INTEGER NOT NULL DEFAULT 0 CHECK (invited_only IN (0, 1)), -- consulted not in public
    consulted              INTEGER NOT NULL DEFAULT 0 CHECK (consulted IN (0, 1)),    -- a consultation was opened once
    head_id                TEXT    NOT NULL,
    head_digest            TEXT    NOT NULL,
    approved_digest        TEXT,
    approved_ballot_id     TEXT,
    publisher_by_lead      TEXT    REFERENCES organizations (id),
    publisher_by_secretary TEXT    REFERENCES organizations (id),
    comment_count          INTEGER NOT NULL DEFAULT 0,
    unanswered_count       INTEGER NOT NULL DEFAULT 0, -- comments in time without a disposition
    created_at             TEXT    NOT NULL,
    UNIQUE (specification_id, number)
) STRICT;
CREATE UNIQUE INDEX editions_open ON editions (specification_id)
    WHERE stage IN ('DRAFTING', 'CONSULTATION', 'DISPOSITION', 'BALLOT', 'APPROVED', 'ENDORSED');
CREATE INDEX editions_specification ON editions (specification_id, created_at, id);
CREATE INDEX editions_stage ON editions (stage, stage_at, id);
CREATE INDEX editions_lead ON editions (lead_id);

CREATE TABLE working_group (
    edition_id      TEXT NOT NULL REFERENCES editions (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    state           TEXT NOT NULL CHECK (state IN ('MEMBER', 'INVITED', 'ASKED', 'DECLINED', 'LEFT', 'REMOVED')),
    message         TEXT NOT NULL DEFAULT '',
    changed_at      TEXT NOT NULL,
    PRIMARY KEY (edition_id, organization_id)
) STRICT;
CREATE INDEX working_group_organization ON working_group (organization_id, state);

CREATE TABLE revisions (
    id              TEXT    NOT NULL PRIMARY KEY,
    edition_id      TEXT    NOT NULL REFERENCES editions (id),
    number          INTEGER NOT NULL,                  -- 1, 2, 3 within the edition
    parent_id       TEXT    REFERENCES revisions (id),
    digest          TEXT    NOT NULL,
    document        BLOB    NOT NULL,
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    organization_id TEXT    NOT NULL REFERENCES organizations (id),
    message         TEXT    NOT NULL DEFAULT '',
    class           TEXT    NOT NULL CHECK (class IN ('EDITORIAL', 'SUBSTANTIVE')),
    created_at      TEXT    NOT NULL,
    UNIQUE (edition_id, number)
) STRICT;
CREATE INDEX revisions_digest ON revisions (digest);
