-- +goose Up
-- Skill needs and who backs them. The sums live with the need, so that a list never counts.
CREATE TABLE needs (
    id               TEXT    NOT NULL PRIMARY KEY,
    council_id       TEXT    REFERENCES councils (id), -- none: the administrator reviews it
    sector           TEXT    NOT NULL,
    organization_id  TEXT    NOT NULL REFERENCES organizations (id),
    person_id        TEXT    NOT NULL REFERENCES persons (id),
    title            TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    language         TEXT    NOT NULL,                 -- BCP 47, of title and description
    occupation       TEXT    NOT NULL DEFAULT '',      -- ESCO URI
    occupation_label TEXT    NOT NULL DEFAULT '',
    country          TEXT    NOT NULL,
    region           TEXT    NOT NULL DEFAULT '',
    head_count       INTEGER NOT NULL CHECK (head_count >= 0),
    urgency          TEXT    NOT NULL CHECK (urgency IN ('NOW', 'WITHIN_A_YEAR', 'LATER')),
    evidence         TEXT    NOT NULL DEFAULT '',
    funding          TEXT    NOT NULL DEFAULT '',
    stage            TEXT    NOT NULL CHECK (stage IN ('OPEN', 'UNDER_REVIEW', 'ACCEPTED', 'ADDRESSED', 'DECLINED', 'MERGED', 'WITHDRAWN')),
    stage_reason     TEXT    NOT NULL DEFAULT '',
    merged_into      TEXT    REFERENCES needs (id),
    backing_count    INTEGER NOT NULL DEFAULT 0,       -- organizations that back it, the proposer not counted
    backing_heads    INTEGER NOT NULL DEFAULT 0,       -- the sum of their head counts
    created_at       TEXT    NOT NULL,
    version          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX needs_page ON needs (created_at, id);
CREATE INDEX needs_council ON needs (council_id, stage, created_at, id);
CREATE INDEX needs_organization ON needs (organization_id, created_at, id);

CREATE TABLE need_skills (
    need_id  TEXT    NOT NULL REFERENCES needs (id),
    position INTEGER NOT NULL,
    uri      TEXT    NOT NULL,                         -- ESCO
    label    TEXT    NOT NULL,
    PRIMARY KEY (need_id, uri)
) STRICT;
CREATE INDEX need_skills_uri ON need_skills (uri);

CREATE TABLE need_backings (
    need_id         TEXT    NOT NULL REFERENCES needs (id),
    organization_id TEXT    NOT NULL REFERENCES organizations (id),
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    head_count      INTEGER NOT NULL CHECK (head_count >= 1),
    comment         TEXT    NOT NULL DEFAULT '',
    created_at      TEXT    NOT NULL,
    PRIMARY KEY (need_id, organization_id)
) STRICT;
