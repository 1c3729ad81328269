-- +goose Up
-- What was agreed on stays as it was: the database itself refuses to change a revision, a closed ballot, its
-- electorate or a position, whoever asks. (refuse_change is of 0001.)
-- +goose StatementBegin
CREATE FUNCTION refuse_when_ballot_closed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF (SELECT state FROM ballots WHERE id = NEW.ballot_id) = 'CLOSED' THEN
        RAISE EXCEPTION 'the ballot is closed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER revisions_no_update BEFORE UPDATE ON revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('revisions are never changed');
CREATE TRIGGER revisions_no_delete BEFORE DELETE ON revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('revisions are never deleted');
CREATE TRIGGER ballots_closed_no_update BEFORE UPDATE ON ballots
    FOR EACH ROW WHEN (OLD.state = 'CLOSED') EXECUTE FUNCTION refuse_change('closed ballots are never changed');
CREATE TRIGGER ballots_no_delete BEFORE DELETE ON ballots
    FOR EACH ROW EXECUTE FUNCTION refuse_change('ballots are never deleted');
CREATE TRIGGER electors_no_update BEFORE UPDATE ON electors
    FOR EACH ROW EXECUTE FUNCTION refuse_change('an electorate is frozen');
CREATE TRIGGER electors_no_delete BEFORE DELETE ON electors
    FOR EACH ROW EXECUTE FUNCTION refuse_change('an electorate is frozen');
CREATE TRIGGER positions_no_update
    BEFORE UPDATE OF id, ballot_id, organization_id, number, position, reason, remedy, comment, person_id, taken_at ON positions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('a position taken is never changed');
CREATE TRIGGER positions_closed_no_change BEFORE INSERT OR UPDATE ON positions
    FOR EACH ROW EXECUTE FUNCTION refuse_when_ballot_closed();
CREATE TRIGGER positions_no_delete BEFORE DELETE ON positions
    FOR EACH ROW EXECUTE FUNCTION refuse_change('a position taken is never deleted');
