-- +goose Up
-- The keys that sign: the log's, and one for each organization that endorses or publishes. A private key is here only
-- sealed, under a key file that is not in the database; of a key that an organization keeps itself there is none.
CREATE TABLE keys (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id), -- none: the log's
    custody         TEXT NOT NULL CHECK (custody IN ('PLATFORM', 'OWN')),
    public_key      TEXT NOT NULL UNIQUE CHECK (length(public_key) = 43), -- Ed25519, base64url
    sealed          TEXT,
    created_at      TEXT NOT NULL,
    rotated_at      TEXT, -- signs no more; what it signed stands
    revoked_at      TEXT,
    revoked_from    TEXT, -- what it signed from this moment on is not believed
    reason          TEXT NOT NULL DEFAULT '',
    CHECK ((custody = 'PLATFORM') = (sealed IS NOT NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_from IS NULL))
) STRICT;
CREATE UNIQUE INDEX keys_signing ON keys (COALESCE(organization_id, '')) WHERE rotated_at IS NULL AND revoked_at IS NULL;
CREATE INDEX keys_organization ON keys (organization_id, created_at, id);
-- +goose StatementBegin
CREATE TRIGGER keys_no_delete BEFORE DELETE ON keys BEGIN SELECT RAISE(ABORT, 'keys are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER keys_no_update BEFORE UPDATE OF id, organization_id, custody, public_key, created_at ON keys
BEGIN SELECT RAISE(ABORT, 'a key is never exchanged'); END;
-- +goose StatementEnd
