-- +goose Up
-- What was agreed on stays as it was: the database itself refuses to change a revision, a closed ballot, its
-- electorate or a position, whoever asks.
-- +goose StatementBegin
CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER revisions_no_delete BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ballots_closed_no_update BEFORE UPDATE ON ballots WHEN OLD.state = 'CLOSED'
BEGIN SELECT RAISE(ABORT, 'closed ballots are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ballots_no_delete BEFORE DELETE ON ballots
BEGIN SELECT RAISE(ABORT, 'ballots are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER electors_no_update BEFORE UPDATE ON electors
BEGIN SELECT RAISE(ABORT, 'an electorate is frozen'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER electors_no_delete BEFORE DELETE ON electors
BEGIN SELECT RAISE(ABORT, 'an electorate is frozen'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER positions_no_update
BEFORE UPDATE OF id, ballot_id, organization_id, number, position, reason, remedy, comment, person_id, taken_at ON positions
BEGIN SELECT RAISE(ABORT, 'a position taken is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER positions_closed_no_update BEFORE UPDATE ON positions
WHEN (SELECT state FROM ballots WHERE id = OLD.ballot_id) = 'CLOSED'
BEGIN SELECT RAISE(ABORT, 'the ballot is closed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER positions_closed_no_insert BEFORE INSERT ON positions
WHEN (SELECT state FROM ballots WHERE id = NEW.ballot_id) = 'CLOSED'
BEGIN SELECT RAISE(ABORT, 'the ballot is closed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER positions_no_delete BEFORE DELETE ON positions
BEGIN SELECT RAISE(ABORT, 'a position taken is never deleted'); END;
-- +goose StatementEnd
