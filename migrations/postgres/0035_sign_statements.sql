-- +goose Up
-- What was signed of a statement, by its organization's own key or by the one that the platform keeps for it. A statement
-- without a row here was recorded unsigned.
CREATE TABLE statement_signatures (
    statement_id TEXT   NOT NULL PRIMARY KEY REFERENCES statements (id),
    key_id       TEXT   NOT NULL REFERENCES keys (id),
    status_list  BIGINT NOT NULL CHECK (status_list >= 1), -- where its revocation shows: /status/<list>
    status_index BIGINT NOT NULL CHECK (status_index BETWEEN 0 AND 131071),
    prepared_at  TEXT   NOT NULL,                          -- when its bytes were made, to the second
    credential   TEXT   NOT NULL,                          -- vc+jwt
    created_at   TEXT   NOT NULL,
    UNIQUE (status_index, status_list)
);
CREATE INDEX statement_signatures_list ON statement_signatures (status_list);
CREATE INDEX statement_signatures_key ON statement_signatures (key_id);
CREATE TRIGGER statement_signatures_no_update BEFORE UPDATE ON statement_signatures
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what was signed is never changed');
CREATE TRIGGER statement_signatures_no_delete BEFORE DELETE ON statement_signatures
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what was signed is never deleted');
CREATE TRIGGER statement_signatures_no_truncate BEFORE TRUNCATE ON statement_signatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what was signed is never deleted');
