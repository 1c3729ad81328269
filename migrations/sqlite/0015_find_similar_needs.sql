-- +goose Up
-- Similar needs are found while one is typed, by words, ESCO skills and occupation. search_text is folded by the program;
-- its first line is the title. Rows from before are folded right after this.
ALTER TABLE needs ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
CREATE INDEX needs_occupation ON needs (occupation, id) WHERE occupation <> '';
DROP INDEX need_skills_uri;
CREATE INDEX need_skills_shared ON need_skills (uri, need_id);

-- The id is indexed as a phrase, so that an edit finds the row that it replaces.
CREATE VIRTUAL TABLE needs_search USING fts5 (
    need_id,
    title,
    body,
    tokenize = 'unicode61 remove_diacritics 0'
);
-- +goose StatementBegin
CREATE TRIGGER needs_search_insert AFTER INSERT ON needs
BEGIN
    INSERT INTO needs_search (need_id, title, body)
    VALUES (
        NEW.id,
        substr(NEW.search_text, 1, instr(NEW.search_text || char(10), char(10)) - 1),
        substr(NEW.search_text, instr(NEW.search_text || char(10), char(10)) + 1)
    );
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER needs_search_update AFTER UPDATE OF search_text ON needs WHEN NEW.search_text <> OLD.search_text
BEGIN
    DELETE FROM needs_search
    WHERE rowid = (SELECT rowid FROM needs_search WHERE needs_search MATCH 'need_id : "' || OLD.id || '"');
    INSERT INTO needs_search (need_id, title, body)
    VALUES (
        NEW.id,
        substr(NEW.search_text, 1, instr(NEW.search_text || char(10), char(10)) - 1),
        substr(NEW.search_text, instr(NEW.search_text || char(10), char(10)) + 1)
    );
END;
-- +goose StatementEnd
INSERT INTO needs_search (need_id, title, body) SELECT id, '', '' FROM needs;

-- A sum that is shown changes only when three organizations or more stand behind the change: otherwise whoever read it
-- before and after would know what one of them said. shown_count and shown_heads are what is shown; show_at is how many
-- must stand behind the next change.
ALTER TABLE needs ADD COLUMN shown_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE needs ADD COLUMN shown_heads INTEGER NOT NULL DEFAULT 0;
ALTER TABLE needs ADD COLUMN show_at INTEGER NOT NULL DEFAULT 3;
ALTER TABLE need_backings ADD COLUMN shown INTEGER NOT NULL DEFAULT 0 CHECK (shown IN (0, 1));    -- is in what is shown
ALTER TABLE need_backings ADD COLUMN reported INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)); -- the head count is known from a merged need
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
    number      INTEGER NOT NULL,                        -- 1, 2, 3
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    skills      TEXT    NOT NULL,                        -- JSON [{"id", "label"}]
    head_count  INTEGER NOT NULL,
    urgency     TEXT    NOT NULL,
    evidence    TEXT    NOT NULL,
    funding     TEXT    NOT NULL,
    person_id   TEXT    NOT NULL REFERENCES persons (id),
    created_at  TEXT    NOT NULL,
    PRIMARY KEY (need_id, number)
) STRICT;
ALTER TABLE needs ADD COLUMN text_number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE need_backings ADD COLUMN text_number INTEGER NOT NULL DEFAULT 1; -- the text that it backs
INSERT INTO need_texts (
    need_id, number, title, description, skills, head_count, urgency, evidence, funding, person_id, created_at
)
SELECT n.id, 1, n.title, n.description,
    (SELECT json_group_array(json_object('id', s.uri, 'label', s.label) ORDER BY s.position) FROM need_skills s WHERE s.need_id = n.id),
    n.head_count, n.urgency, n.evidence, n.funding, n.person_id, n.created_at
FROM needs n;
-- +goose StatementBegin
CREATE TRIGGER need_texts_no_update BEFORE UPDATE ON need_texts
BEGIN
    SELECT RAISE(ABORT, 'what a need said is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER need_texts_no_delete BEFORE DELETE ON need_texts
BEGIN
    SELECT RAISE(ABORT, 'what a need said is never deleted');
END;
-- +goose StatementEnd
