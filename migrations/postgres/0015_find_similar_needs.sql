-- +goose Up
-- Similar needs are found while one is typed, by words, ESCO skills and occupation. search_text is folded by the program;
-- its first line is the title. Rows from before are folded right after this.
ALTER TABLE needs ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
CREATE INDEX needs_occupation ON needs (occupation, id) WHERE occupation <> '';
DROP INDEX need_skills_uri;
CREATE INDEX need_skills_shared ON need_skills (uri, need_id);

ALTER TABLE needs ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', split_part(search_text, chr(10), 1)), 'A') ||
    setweight(to_tsvector('simple', search_text), 'D')
) STORED;
CREATE INDEX needs_words ON needs USING gin (search_words);

-- A sum that is shown changes only when three organizations or more stand behind the change: otherwise whoever read it
-- before and after would know what one of them said. shown_count and shown_heads are what is shown; show_at is how many
-- must stand behind the next change.
ALTER TABLE needs ADD COLUMN shown_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE needs ADD COLUMN shown_heads BIGINT NOT NULL DEFAULT 0;
ALTER TABLE needs ADD COLUMN show_at BIGINT NOT NULL DEFAULT 3;
ALTER TABLE need_backings ADD COLUMN shown BIGINT NOT NULL DEFAULT 0 CHECK (shown IN (0, 1));    -- is in what is shown
ALTER TABLE need_backings ADD COLUMN reported BIGINT NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)); -- the head count is known from a merged need
UPDATE needs SET shown_count = backing_count, shown_heads = backing_heads WHERE backing_count >= 3;
UPDATE need_backings SET shown = 1 WHERE need_id IN (SELECT id FROM needs WHERE shown_count > 0);
UPDATE need_backings
SET reported = 1
WHERE EXISTS (
    SELECT 1
    FROM needs m
    WHERE m.merged_into = need_backings.need_id AND m.organization_id = need_backings.organization_id
        AND m.head_count = need_backings.head_count
);
CREATE INDEX needs_merged ON needs (merged_into, created_at, id) WHERE merged_into IS NOT NULL;

-- Every text of a need is kept, and which one somebody backed: nobody supports words that came later.
CREATE TABLE need_texts (
    need_id     TEXT    NOT NULL REFERENCES needs (id),
    number      BIGINT  NOT NULL,                        -- 1, 2, 3
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    skills      TEXT    NOT NULL,                        -- JSON [{"id", "label"}]
    head_count  BIGINT  NOT NULL,
    urgency     TEXT    NOT NULL,
    evidence    TEXT    NOT NULL,
    funding     TEXT    NOT NULL,
    person_id   TEXT    NOT NULL REFERENCES persons (id),
    created_at  TEXT    NOT NULL,
    PRIMARY KEY (need_id, number)
);
ALTER TABLE needs ADD COLUMN text_number BIGINT NOT NULL DEFAULT 1;
ALTER TABLE need_backings ADD COLUMN text_number BIGINT NOT NULL DEFAULT 1; -- the text that it backs
INSERT INTO need_texts (
    need_id, number, title, description, skills, head_count, urgency, evidence, funding, person_id, created_at
)
SELECT n.id, 1, n.title, n.description,
    COALESCE((SELECT CAST(json_agg(json_build_object('id', s.uri, 'label', s.label) ORDER BY s.position) AS TEXT) FROM need_skills s WHERE s.need_id = n.id), '[]'),
    n.head_count, n.urgency, n.evidence, n.funding, n.person_id, n.created_at
FROM needs n;
CREATE TRIGGER need_texts_no_update BEFORE UPDATE ON need_texts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what a need said is never changed');
CREATE TRIGGER need_texts_no_delete BEFORE DELETE ON need_texts
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what a need said is never deleted');
