-- +goose Up
-- What was signed of a publication when it was published, by its publisher's own key or by the one that the platform keeps
-- for it. A publication without a row here was published unsigned. Its bits are in status lists of their own.
CREATE TABLE publication_signatures (
    publication_id TEXT NOT NULL PRIMARY KEY REFERENCES publications (id),
    key_id       TEXT   NOT NULL REFERENCES keys (id),
    status_list  BIGINT NOT NULL CHECK (status_list >= 1), -- where its revocation shows: /status/publications/<list>
    status_index BIGINT NOT NULL CHECK (status_index BETWEEN 0 AND 131071),
    prepared_at  TEXT   NOT NULL,                          -- when its bytes were made, to the second
    credential   TEXT   NOT NULL,                          -- vc+jwt
    created_at   TEXT   NOT NULL,
    UNIQUE (status_index, status_list)
);
CREATE INDEX publication_signatures_list ON publication_signatures (status_list);
CREATE INDEX publication_signatures_key ON publication_signatures (key_id);
CREATE TRIGGER publication_signatures_no_update BEFORE UPDATE ON publication_signatures
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what was signed is never changed');
CREATE TRIGGER publication_signatures_no_delete BEFORE DELETE ON publication_signatures
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what was signed is never deleted');
CREATE TRIGGER publication_signatures_no_truncate BEFORE TRUNCATE ON publication_signatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what was signed is never deleted');
