-- +goose Up
-- What somebody who speaks for nobody suggested lately, as comments_person tells of comments: both count towards its hour.
CREATE INDEX suggestions_person ON suggestions (person_id, created_at) WHERE organization_id IS NULL;
