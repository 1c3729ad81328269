package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"concordat/governance"
	"concordat/notary"
)

// checkBallots recounts every closed ballot from its record and compares the record with electorate and positions.
func (q *Query) checkBallots(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	for last := governance.BallotID(""); ; {
		page, err := collect(ctx, q, scanClosedBallot, `
			SELECT id, outcome, record, result, position_count
			FROM ballots
			WHERE state = 'CLOSED' AND id > $1
			ORDER BY id
			LIMIT $2`, last, namedPage)
		if err != nil {
			return nil, fmt.Errorf("read closed ballots: %w", err)
		}
		for _, b := range page {
			found, err := q.checkBallot(ctx, b)
			if err != nil {
				return nil, err
			}
			problems = append(problems, found...)
			last = b.id
		}
		if len(page) < namedPage {
			return problems, nil
		}
	}
}

// closedBallot is what a recount needs of a ballot.
type closedBallot struct {
	id        governance.BallotID
	outcome   governance.Outcome
	record    string
	result    string // empty where the ballot ended without a count
	positions int
}

func scanClosedBallot(row scanner) (closedBallot, error) {
	var b closedBallot
	return b, row.Scan(&b.id, orEmpty(&b.outcome), orEmpty(&b.record), orEmpty(&b.result), &b.positions)
}

// checkBallot compares a closed ballot with its act, its record with what it was made of, and its outcome and result with
// a new count of the record.
func (q *Query) checkBallot(ctx context.Context, b closedBallot) ([]Problem, error) {
	where := "ballot " + string(b.id)
	var problems []Problem
	find := func(format string, args ...any) {
		problems = append(problems, Problem{where, fmt.Sprintf(format, args...)})
	}
	if err := q.checkClose(ctx, b, find); err != nil {
		return nil, err
	}
	record, err := governance.ParseTallyRecord([]byte(b.record))
	if err != nil {
		find("has a record that cannot be read: %s", err)
		return problems, nil
	}
	row, err := q.ballot(ctx, b.id)
	if err != nil {
		return nil, err
	}
	now, err := q.tallyRecord(ctx, row)
	if err != nil {
		return nil, err
	}
	text, err := canonicalText(now)
	if err != nil {
		return nil, err
	}
	if text != b.record { // as bytes: a record in which nobody voted has an empty list
		find("has a record that is not what rule, electorate and positions say")
	}
	if len(record.Votes) != b.positions || len(record.Electors) != row.ElectorCount {
		find("counts other voters or electors than its record")
	}
	b.recount(record, find)
	return problems, nil
}

// checkClose compares a ballot with the act that closed it: no other row says which record and outcome it had then.
func (q *Query) checkClose(ctx context.Context, b closedBallot, find func(string, ...any)) error {
	bodies, err := collect(ctx, q, func(row scanner) (body actBody, err error) {
		var stored []byte
		if err = row.Scan(&stored); err != nil {
			return body, err
		}
		return body, json.Unmarshal(stored, &body)
	}, `SELECT body FROM acts WHERE object_id = $1 ORDER BY id`, b.id)
	if err != nil {
		return fmt.Errorf("read the acts of ballot %s: %w", b.id, err)
	}
	bodies = slices.DeleteFunc(bodies, func(body actBody) bool { return body.Digests["record"] == "" })
	if len(bodies) != 1 {
		find("has %d acts that close it", len(bodies))
		return nil
	}
	if digest := notary.Digest([]byte(b.record)); digest != bodies[0].Digests["record"] {
		find("has a record that is not the one its act names: %s, not %s", digest, bodies[0].Digests["record"])
	}
	if said := bodies[0].Words["outcome"]; said != string(b.outcome) {
		find("is %s, and its act says %s", b.outcome, said)
	}
	return nil
}

// recount counts the record again. A ballot that was recalled or superseded had no count, and has no result.
func (b closedBallot) recount(record governance.TallyRecord, find func(string, ...any)) {
	byCount := slices.Contains(countedOutcomes, b.outcome)
	if byCount != (b.result != "") {
		find("is %s, and whether it has a result does not go with that", b.outcome)
	}
	if !byCount {
		return
	}
	counted, err := governance.Tally(record)
	if err != nil {
		find("cannot be counted: %s", err)
		return
	}
	if counted.Outcome != b.outcome {
		find("is %s, and its record counts as %s", b.outcome, counted.Outcome)
	}
	var stored governance.TallyResult
	if err := json.Unmarshal([]byte(b.result), &stored); b.result != "" && err != nil {
		find("has a result that cannot be read")
		return
	}
	if b.result != "" && (stored.Outcome != counted.Outcome || !slices.EqualFunc(stored.Conditions, counted.Conditions, sameCount)) {
		find("has a result that its record does not count up to")
	}
}

// countedOutcomes are those that a count answers.
var countedOutcomes = []governance.Outcome{governance.OutcomeCarried, governance.OutcomeNotCarried, governance.OutcomeInquorate}

// sameCount compares what was counted and leaves out the words that explain it.
func sameCount(a, b governance.ConditionResult) bool {
	return a.ID == b.ID && a.Met == b.Met && a.Actual == b.Actual && a.Required == b.Required &&
		slices.EqualFunc(a.AnyOf, b.AnyOf, sameCount) && slices.EqualFunc(a.AllOf, b.AllOf, sameCount)
}
