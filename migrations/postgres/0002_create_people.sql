-- +goose Up
-- Who signs in, for whom they speak, and their sessions. A person is (issuer, subject); names and addresses are kept
-- here alone, so that erasing a person leaves every act whole.
CREATE TABLE organizations (
    id            TEXT    NOT NULL PRIMARY KEY,
    slug          TEXT    NOT NULL UNIQUE,             -- never changes, never reused
    legal_name    TEXT    NOT NULL,
    country       TEXT    NOT NULL,                    -- ISO 3166-1 alpha-2, upper case
    region        TEXT    NOT NULL DEFAULT '',         -- NUTS code
    size          TEXT    NOT NULL DEFAULT '' CHECK (size IN ('', 'MICRO', 'SMALL', 'MEDIUM', 'LARGE')),
    homepage      TEXT    NOT NULL DEFAULT '',
    identifiers   TEXT    NOT NULL DEFAULT '[]',       -- JSON: [{"scheme","value"}]
    controlled_by TEXT    REFERENCES organizations (id),
    is_platform   BIGINT  NOT NULL DEFAULT 0 CHECK (is_platform IN (0, 1)),
    suspended     BIGINT  NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
    created_at    TEXT    NOT NULL,
    version       BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX organizations_platform ON organizations (is_platform) WHERE is_platform = 1;
CREATE INDEX organizations_page ON organizations (created_at, id);

CREATE TABLE organization_members (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    member_of       TEXT NOT NULL REFERENCES organizations (id),
    from_at         TEXT NOT NULL,
    until_at        TEXT,
    PRIMARY KEY (organization_id, member_of, from_at)
);

CREATE TABLE persons (
    id           TEXT NOT NULL PRIMARY KEY,
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    email        TEXT NOT NULL DEFAULT '',
    created_at   TEXT NOT NULL,
    signed_in_at TEXT,
    erased_at    TEXT,
    version      BIGINT  NOT NULL DEFAULT 0,
    UNIQUE (issuer, subject)
);

CREATE TABLE mandates (
    id              TEXT NOT NULL PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    role            TEXT NOT NULL CHECK (role IN ('AUTHOR', 'REPRESENTATIVE', 'PUBLISHER', 'OBSERVER', 'SECRETARY', 'ADMIN')),
    source          TEXT NOT NULL CHECK (source IN ('CLAIM', 'GRANT', 'INVITATION', 'COMMAND')),
    ground          TEXT NOT NULL DEFAULT '',
    from_at         TEXT NOT NULL,
    until_at        TEXT,                              -- its planned end
    ended_at        TEXT,                              -- when it was ended before that
    created_at      TEXT NOT NULL
);
CREATE UNIQUE INDEX mandates_standing ON mandates (person_id, organization_id, role) WHERE ended_at IS NULL;
CREATE INDEX mandates_organization ON mandates (organization_id, role);

CREATE TABLE sessions (
    token_hash   TEXT NOT NULL PRIMARY KEY,            -- hex SHA-256; the token itself is never stored
    data         BYTEA NOT NULL,
    person_id    TEXT REFERENCES persons (id),
    issuer       TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    sid          TEXT NOT NULL DEFAULT '',             -- the provider's session, for back-channel logout
    expires_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_subject ON sessions (issuer, subject);

CREATE TABLE logout_tokens (
    issuer     TEXT NOT NULL,
    jti        TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (issuer, jti)
);
