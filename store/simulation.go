package store

import (
	"context"

	"concordat/governance"
)

// SimulateCharterInput is what simulateCharter takes: one rule, and one thing to try it on.
type SimulateCharterInput struct {
	Charter *governance.CharterID // the rule and weights of a version of a council's charter
	Preset  *string               // the rule of a preset
	Body    *governance.Charter   // the rule and weights of a charter given as data
	Rule    *governance.Rule      // a rule given as data
	Ballot  *governance.BallotID  // a closed ballot, tried on its public record
	Crowds  []*governance.Crowd   // made-up electors
}

// Simulation is a rule tried on a past ballot or on made-up electors.
type Simulation struct {
	governance.Simulation
	Ballot   *Ballot                 // that it was tried on; nil: on made-up electors
	Original *governance.TallyResult // what the ballot's own rule had said; nil: it ended without a count, or there was none
}

// SimulateCharter tries a rule out. Errors: INVALID where not one rule and one thing to try it on is named, or either
// cannot be counted; NOT_FOUND where the actor may not see the ballot; CONFLICT where the ballot is still open, whose
// positions may be secret.
func (db *DB) SimulateCharter(ctx context.Context, actor governance.Actor, in SimulateCharterInput) (*Simulation, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rule, weights, err := db.simulatedRule(ctx, in)
	if err != nil {
		return nil, err
	}
	s := &Simulation{}
	var electors []governance.Elector
	var votes []governance.Vote
	if in.Ballot != nil {
		record, err := db.simulatedBallot(ctx, actor, *in.Ballot, s)
		if err != nil {
			return nil, err
		}
		electors, votes = record.Electors, record.Votes
	} else {
		crowds := make([]governance.Crowd, len(in.Crowds))
		for i, crowd := range in.Crowds {
			crowds[i] = *crowd
		}
		if electors, votes, err = governance.CrowdElectors(crowds); err != nil {
			return nil, below("input.", err)
		}
	}
	s.Simulation, err = governance.Simulate(rule, weights, electors, votes)
	return s, below("input.", err)
}

// check asks for exactly one rule and one thing to try it on.
func (in SimulateCharterInput) check() error {
	rules := 0
	for _, given := range []bool{in.Charter != nil, in.Preset != nil, in.Body != nil, in.Rule != nil} {
		if given {
			rules++
		}
	}
	if rules != 1 {
		return governance.Invalid("input", "simulation-one-rule", "Name one of charter, preset, body and rule.")
	}
	if (in.Ballot != nil) == (len(in.Crowds) > 0) {
		return governance.Invalid("input", "simulation-one-ballot", "Name a ballot, or crowds.")
	}
	return nil
}

// simulatedRule finds the rule, and the weights that come with a whole charter.
func (db *DB) simulatedRule(ctx context.Context, in SimulateCharterInput) (governance.Rule, *governance.Weights, error) {
	switch {
	case in.Rule != nil:
		return *in.Rule, nil, nil
	case in.Preset != nil:
		preset, err := governance.PresetByID(*in.Preset)
		return preset.Rule, nil, err
	}
	body := in.Body
	if in.Charter != nil {
		charter, err := db.Charter(ctx, *in.Charter)
		if err != nil {
			return governance.Rule{}, nil, err
		}
		body = &charter.Body
	}
	for _, finding := range body.Check() {
		if finding.Severity == governance.SeverityError {
			return governance.Rule{}, nil, governance.Invalid("input.body"+finding.Path, finding.Rule, finding.Message)
		}
	}
	return body.Rule, &body.Weights, nil
}

// simulatedBallot reads a closed ballot with its public record into the simulation.
func (db *DB) simulatedBallot(
	ctx context.Context, actor governance.Actor, id governance.BallotID, s *Simulation,
) (*governance.TallyRecord, error) {
	if err := CheckID("input.ballot", string(id)); err != nil {
		return nil, err
	}
	b, err := db.Ballot(ctx, actor, id, Fields{"record": nil, "council": nil})
	if err != nil {
		return nil, err
	}
	if b.State != governance.BallotIsClosed || b.Record == nil {
		return nil, governance.Refuse(governance.CodeConflict, "ballot-open", "The ballot is open; a rule is tried on one that has closed.")
	}
	s.Ballot = b
	s.Original, err = db.Tally(ctx, b)
	return b.Record, err
}

// below puts the place of a refusal under the input that it came from.
func below(path string, err error) error {
	refusal, ok := err.(*governance.Error) //nolint:errorlint // what governance answers is not wrapped
	if !ok {
		return err
	}
	moved := *refusal
	moved.Field = path + refusal.Field
	return &moved
}
