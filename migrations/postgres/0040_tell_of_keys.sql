-- +goose Up
-- A notice may be about an organization: its keys were changed.
ALTER TABLE notices DROP CONSTRAINT notices_object_kind_check;
ALTER TABLE notices ADD CHECK (object_kind IN ('EDITION', 'COMMENT', 'BALLOT', 'NEED', 'CHARTER', 'ROLL_APPLICATION', 'ORGANIZATION'));
