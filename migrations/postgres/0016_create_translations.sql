-- +goose Up
-- Translations of an edition's text into languages that are not authentic. They lie beside the document, never in it, and
-- have digests of their own. Every version is kept.
CREATE TABLE translations (
    id              TEXT    NOT NULL PRIMARY KEY,
    edition_id      TEXT    NOT NULL REFERENCES editions (id),
    language        TEXT    NOT NULL,                    -- BCP 47
    organization_id TEXT    NOT NULL REFERENCES organizations (id),
    state           TEXT    NOT NULL CHECK (state IN ('CURRENT', 'WITHDRAWN')),
    end_reason      TEXT    NOT NULL DEFAULT '',
    ended_at        TEXT,
    number          BIGINT  NOT NULL,                    -- of its newest version
    created_at      TEXT    NOT NULL
);
CREATE UNIQUE INDEX translations_current ON translations (edition_id, language) WHERE state = 'CURRENT';
CREATE INDEX translations_edition ON translations (edition_id, created_at, id);

CREATE TABLE translation_versions (
    translation_id  TEXT    NOT NULL REFERENCES translations (id),
    number          BIGINT  NOT NULL,                    -- 1, 2, 3
    revision_id     TEXT    NOT NULL REFERENCES revisions (id),
    revision_digest TEXT    NOT NULL,                    -- of the text that it translates
    digest          TEXT    NOT NULL,                    -- its own
    body            BYTEA   NOT NULL,                    -- canonical JSON, concordat/translation/1
    status          TEXT    NOT NULL CHECK (status IN ('MACHINE', 'UNOFFICIAL', 'CONFIRMED')),
    person_id       TEXT    NOT NULL REFERENCES persons (id),
    organization_id TEXT    NOT NULL REFERENCES organizations (id),
    confirmed_by    TEXT    REFERENCES organizations (id),
    confirmed_at    TEXT,
    created_at      TEXT    NOT NULL,
    PRIMARY KEY (translation_id, number),
    CHECK ((status = 'CONFIRMED') = (confirmed_at IS NOT NULL))
);

-- What a version says is never changed; it may only be confirmed.
CREATE TRIGGER translation_versions_no_update
    BEFORE UPDATE OF translation_id, number, revision_id, revision_digest, digest, body, person_id, organization_id, created_at ON translation_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('a version of a translation is never changed');
CREATE TRIGGER translation_versions_no_delete BEFORE DELETE ON translation_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('a version of a translation is never deleted');
