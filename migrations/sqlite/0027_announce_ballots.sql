-- +goose Up
-- To whom the opening of a ballot was announced, by which channel, and what came of it; kept as long as the ballot, whatever
-- becomes of notices and mails. A row without a person says that nobody spoke for the elector then.
CREATE TABLE announcements (
    ballot_id       TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    person_id       TEXT NOT NULL,                     -- empty: nobody
    channel         TEXT NOT NULL CHECK (channel IN ('IN_APP', 'MAIL', 'NONE')),
    state           TEXT NOT NULL CHECK (state IN ('TOLD', 'SENT', 'FAILED')),
    at              TEXT NOT NULL,
    answer          TEXT NOT NULL DEFAULT '',          -- of the server that did not take the mail
    PRIMARY KEY (ballot_id, organization_id, person_id, channel),
    FOREIGN KEY (ballot_id, organization_id) REFERENCES electors (ballot_id, organization_id)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER announcements_no_update BEFORE UPDATE ON announcements
BEGIN SELECT RAISE(ABORT, 'what was announced is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER announcements_no_delete BEFORE DELETE ON announcements
BEGIN SELECT RAISE(ABORT, 'what was announced is never deleted'); END;
-- +goose StatementEnd
