-- Everything official is an act, and every act a leaf of the log, from the first day on. Acts and leaves are never
-- changed; what may be erased (who did it, what was said) lies beside them, and the act holds a salted digest of it.

-- +goose Up
-- +goose StatementBegin
CREATE TABLE acts (
    id              TEXT NOT NULL PRIMARY KEY,
    created_at      TEXT NOT NULL,
    type            TEXT NOT NULL,
    object_kind     TEXT NOT NULL,
    object_id       TEXT NOT NULL,
    root_kind       TEXT NOT NULL,
    root_id         TEXT NOT NULL,
    organization_id TEXT NOT NULL, -- empty: a person speaking for itself, or the clock
    role            TEXT NOT NULL, -- empty: a person speaking for itself
    digest          TEXT NOT NULL CHECK (length(digest) = 71), -- of body
    body            TEXT NOT NULL  -- canonical JSON, concordat/act/1: the act itself
);

CREATE INDEX acts_by_object ON acts (object_id, id);
CREATE INDEX acts_by_root ON acts (root_id, id);

-- Who took the step. Erased with the person.
CREATE TABLE act_people (
    act_id    TEXT NOT NULL PRIMARY KEY REFERENCES acts (id),
    person_id TEXT NOT NULL,
    salt      TEXT NOT NULL
);

CREATE INDEX act_people_by_person ON act_people (person_id, act_id);

-- Free text of an act. The text is set to NULL when it is redacted; the act's salted digest stays.
CREATE TABLE act_texts (
    act_id TEXT NOT NULL REFERENCES acts (id),
    name   TEXT NOT NULL,
    salt   TEXT NOT NULL,
    text   TEXT,
    PRIMARY KEY (act_id, name)
);

CREATE TABLE leaves (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number >= 0), -- from 0, without a gap
    act_id TEXT NOT NULL UNIQUE REFERENCES acts (id),
    hash   TEXT NOT NULL CHECK (length(hash) = 64) -- RFC 6962 leaf hash of the SHA-256 of the act's body, in hexadecimal
);

-- Committed acts that the sequencer has not given a leaf yet. A position is drawn when the act is written, under its
-- root's lock, so that an act always stands behind those it depends on.
CREATE TABLE act_queue (
    position BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act_id   TEXT NOT NULL UNIQUE REFERENCES acts (id)
);

-- What a mutation answered under a key of the client's: the id of the object it is about. Refusals are not kept.
CREATE TABLE idempotency_keys (
    person_id       TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    mutation        TEXT NOT NULL,
    key             TEXT NOT NULL,
    input_digest    TEXT NOT NULL,
    object_id       TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    repeats         BIGINT NOT NULL CHECK (repeats >= 0),
    PRIMARY KEY (person_id, organization_id, mutation, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What is fixed at the first start, such as the public address.
CREATE TABLE settings (
    name       TEXT NOT NULL PRIMARY KEY,
    value      TEXT NOT NULL,
    created_at TEXT NOT NULL
);

-- refuse_change is for every table whose rows are never changed; its parameter says what the database answers.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER acts_refuse_update BEFORE UPDATE ON acts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('acts are never changed');
CREATE TRIGGER acts_refuse_delete BEFORE DELETE ON acts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('acts are never deleted');
CREATE TRIGGER acts_refuse_truncate BEFORE TRUNCATE ON acts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('acts are never deleted');
CREATE TRIGGER leaves_refuse_update BEFORE UPDATE ON leaves
    FOR EACH ROW EXECUTE FUNCTION refuse_change('leaves are never changed');
CREATE TRIGGER leaves_refuse_delete BEFORE DELETE ON leaves
    FOR EACH ROW EXECUTE FUNCTION refuse_change('leaves are never deleted');
CREATE TRIGGER leaves_refuse_truncate BEFORE TRUNCATE ON leaves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('leaves are never deleted');
-- +goose StatementEnd
