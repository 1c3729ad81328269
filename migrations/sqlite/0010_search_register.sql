-- +goose Up
-- The register is searched by words and listed newest first. Only what is published is listed; what was public before
-- is reached by its address.
CREATE INDEX publications_register ON publications (published_at, id) WHERE state = 'PUBLISHED';
CREATE INDEX publications_sector ON publications (sector, published_at, id) WHERE state = 'PUBLISHED';
CREATE INDEX publications_level ON publications (eqf_level, published_at, id) WHERE state = 'PUBLISHED';

-- search_text is folded by the program; its first line is the title. Rows come in the order of publication, so the newest
-- hits have the highest rowids.
CREATE VIRTUAL TABLE publications_search USING fts5 (
    publication_id UNINDEXED,
    title,
    body,
    tokenize = 'unicode61 remove_diacritics 0'
);
-- +goose StatementBegin
CREATE TRIGGER publications_search_insert AFTER INSERT ON publications
BEGIN
    INSERT INTO publications_search (publication_id, title, body)
    VALUES (
        NEW.id,
        substr(NEW.search_text, 1, instr(NEW.search_text || char(10), char(10)) - 1),
        substr(NEW.search_text, instr(NEW.search_text || char(10), char(10)) + 1)
    );
END;
-- +goose StatementEnd

-- An endorsement that has expired stands no more, although it stays GIVEN: it may be asked for again. Whether one stands
-- depends on the time, so only what is asked for is kept single by the database.
DROP INDEX statements_standing;
CREATE UNIQUE INDEX statements_asked ON statements (edition_id, digest, organization_id, kind) WHERE state = 'ASKED';
CREATE INDEX statements_due ON statements (valid_until) WHERE state = 'GIVEN';
