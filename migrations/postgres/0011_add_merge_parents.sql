-- +goose Up
-- A text that is saved upon an older one than the newest is merged with what came between: its parent is the newest
-- then, its base the one that it was written on. A text that is taken back names the one that it was.
ALTER TABLE revisions ADD COLUMN base_id TEXT REFERENCES revisions (id);     -- none: its parent
ALTER TABLE revisions ADD COLUMN restored_id TEXT REFERENCES revisions (id); -- none: a text of its own
