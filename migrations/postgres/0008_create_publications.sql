-- +goose Up
-- What bodies say about an approved text, what providers offer, and what was published.
CREATE TABLE statements (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('ENDORSEMENT', 'RECOGNITION', 'NQF_INCLUSION', 'CREDIT_TOWARDS', 'EXEMPTION', 'LICENCE_PART', 'ACCREDITATION', 'EQUIVALENCE', 'OPINION', 'DISSENT')),
    edition_id      TEXT NOT NULL REFERENCES editions (id),
    digest          TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id), -- the body that speaks
    state           TEXT NOT NULL CHECK (state IN ('ASKED', 'GIVEN', 'DECLINED', 'REVOKED')),
    conditions      TEXT NOT NULL DEFAULT '',
    reason          TEXT NOT NULL DEFAULT '',
    valid_until     TEXT,
    person_id       TEXT REFERENCES persons (id),
    asked_at        TEXT NOT NULL,
    answered_at     TEXT,
    revoked_at      TEXT,
    created_at      TEXT NOT NULL
);
CREATE UNIQUE INDEX statements_standing ON statements (edition_id, digest, organization_id, kind)
    WHERE state IN ('ASKED', 'GIVEN');
CREATE INDEX statements_edition ON statements (edition_id, created_at, id);
CREATE INDEX statements_organization ON statements (organization_id, state);

CREATE TABLE offers (
    id              TEXT    NOT NULL PRIMARY KEY,
    edition_id      TEXT    NOT NULL REFERENCES editions (id),
    organization_id TEXT    NOT NULL REFERENCES organizations (id),
    state           TEXT    NOT NULL CHECK (state IN ('CURRENT', 'ENDED')),
    number          BIGINT  NOT NULL,                  -- of its newest version
    facts           TEXT    NOT NULL,                  -- canonical JSON of the newest version
    digest          TEXT    NOT NULL,
    created_at      TEXT    NOT NULL,
    ended_at        TEXT,
    end_reason      TEXT    NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX offers_standing ON offers (edition_id, organization_id) WHERE state = 'CURRENT';
CREATE INDEX offers_edition ON offers (edition_id, created_at, id);

CREATE TABLE offer_versions (
    offer_id   TEXT    NOT NULL REFERENCES offers (id),
    number     BIGINT  NOT NULL,
    facts      TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    person_id  TEXT    NOT NULL REFERENCES persons (id),
    created_at TEXT    NOT NULL,
    PRIMARY KEY (offer_id, number)
);

CREATE TABLE publications (
    id               TEXT NOT NULL PRIMARY KEY,
    specification_id TEXT NOT NULL REFERENCES specifications (id),
    edition_id       TEXT NOT NULL UNIQUE REFERENCES editions (id),
    organization_id  TEXT NOT NULL REFERENCES organizations (id), -- the provider that published
    offer_id         TEXT NOT NULL REFERENCES offers (id),
    digest           TEXT NOT NULL,
    title            TEXT NOT NULL,                    -- JSON language map
    language         TEXT NOT NULL,
    sector           TEXT NOT NULL DEFAULT '',
    country          TEXT NOT NULL DEFAULT '',
    eqf_level        BIGINT ,
    search_text      TEXT NOT NULL,                    -- folded, of title, summary and outcomes in every language
    valid_from       TEXT NOT NULL,
    enrol_until      TEXT,
    award_until      TEXT,
    state            TEXT NOT NULL CHECK (state IN ('PUBLISHED', 'SUPERSEDED', 'SUSPENDED', 'WITHDRAWN')),
    published_at     TEXT NOT NULL
);
CREATE INDEX publications_page ON publications (published_at, id);
CREATE INDEX publications_digest ON publications (digest);
CREATE INDEX publications_specification ON publications (specification_id, published_at, id);
