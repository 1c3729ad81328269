-- +goose Up
-- Whom a comment calls by name, so that they are told; and threads whose discussion is over. A thread that is resolved
-- is folded away and may be opened again: it gates nothing, for that is the disposition's business.
ALTER TABLE comments ADD COLUMN resolved_at TEXT;
ALTER TABLE comments ADD COLUMN resolved_by TEXT REFERENCES persons (id);
ALTER TABLE comments ADD COLUMN resolved_for TEXT REFERENCES organizations (id); -- none: the person for itself

CREATE TABLE comment_mentions (
    comment_id      TEXT    NOT NULL REFERENCES comments (id),
    number          BIGINT  NOT NULL,                       -- from 0, in the order in which they were named
    person_id       TEXT    REFERENCES persons (id),
    organization_id TEXT    REFERENCES organizations (id),
    created_at      TEXT    NOT NULL,
    PRIMARY KEY (comment_id, number),
    CHECK ((person_id IS NULL) <> (organization_id IS NULL)) -- one of the two
);
CREATE INDEX comment_mentions_person ON comment_mentions (person_id, created_at) WHERE person_id IS NOT NULL;
CREATE INDEX comment_mentions_organization ON comment_mentions (organization_id, created_at) WHERE organization_id IS NOT NULL;
-- Duplicates of a comment, which follow it when it is answered or taken back.
CREATE INDEX dispositions_duplicate ON dispositions (duplicate_of) WHERE duplicate_of IS NOT NULL;
