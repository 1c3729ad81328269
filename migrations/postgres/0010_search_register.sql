-- +goose Up
-- The register is searched by words and listed newest first. Only what is published is listed; what was public before
-- is reached by its address.
CREATE INDEX publications_register ON publications (published_at, id) WHERE state = 'PUBLISHED';
CREATE INDEX publications_sector ON publications (sector, published_at, id) WHERE state = 'PUBLISHED';
CREATE INDEX publications_level ON publications (eqf_level, published_at, id) WHERE state = 'PUBLISHED';

-- search_text is folded by the program; its first line is the title.
ALTER TABLE publications ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', split_part(search_text, chr(10), 1)), 'A') ||
    setweight(to_tsvector('simple', search_text), 'D')
) STORED;
CREATE INDEX publications_words ON publications USING gin (search_words);

-- An endorsement that has expired stands no more, although it stays GIVEN: it may be asked for again. Whether one stands
-- depends on the time, so only what is asked for is kept single by the database.
DROP INDEX statements_standing;
CREATE UNIQUE INDEX statements_asked ON statements (edition_id, digest, organization_id, kind) WHERE state = 'ASKED';
CREATE INDEX statements_due ON statements (valid_until) WHERE state = 'GIVEN';
