package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

// Charter is a version of a council's rules as it is read.
type Charter struct {
	ID         governance.CharterID
	CouncilID  governance.OrganizationID
	Number     int
	State      governance.CharterState
	Digest     governance.Digest
	Body       governance.Charter
	CreatedAt  time.Time
	InForceAt  *time.Time
	ReplacedAt *time.Time
	EndedAt    *time.Time          // of a proposal: when it was refused or withdrawn
	Reason     string              // why it was withdrawn
	AdoptedBy  governance.BallotID // the ballot that carried it; empty: a founding act did, or nothing yet
}

const charterColumns = `
	id,
	council_id,
	number,
	state,
	digest,
	body,
	created_at,
	in_force_at,
	replaced_at,
	ended_at,
	ended_reason,
	(SELECT b.id FROM ballots b WHERE b.proposal_id = charters.id AND b.outcome = 'CARRIED')`

func scanCharter(row scanner) (*Charter, error) {
	var c Charter
	var body string
	err := row.Scan(&c.ID, &c.CouncilID, &c.Number, &c.State, &c.Digest, &body, at(&c.CreatedAt), atOrNil(&c.InForceAt),
		atOrNil(&c.ReplacedAt), atOrNil(&c.EndedAt), &c.Reason, orEmpty(&c.AdoptedBy))
	if err != nil {
		return nil, err
	}
	if c.Body, err = governance.ParseCharter([]byte(body)); err != nil {
		return nil, fmt.Errorf("read charter %s: %w", c.ID, err)
	}
	return &c, nil
}

// charter reads a charter. NOT_FOUND where there is none.
func (q *Query) charter(ctx context.Context, id governance.CharterID) (*Charter, error) {
	found, err := collect(ctx, q, scanCharter, `SELECT `+charterColumns+` FROM charters WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read charter: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("charter", string(id))
	}
	return found[0], nil
}

// charterInForce reads the charter by which a council goes now; nil before the founding act.
func (q *Query) charterInForce(ctx context.Context, council governance.OrganizationID) (*Charter, error) {
	found, err := collect(ctx, q, scanCharter,
		`SELECT `+charterColumns+` FROM charters WHERE council_id = $1 AND state = 'IN_FORCE'`, council)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// unmetCharterInForce refuses what needs a charter before the council has one.
func (q *Query) unmetCharterInForce(ctx context.Context, council governance.OrganizationID) (*governance.Error, error) {
	charter, err := q.charterInForce(ctx, council)
	if err != nil || charter != nil {
		return nil, err
	}
	return refuseWithoutCharter(), nil
}

// refuseWithoutCharter is the refusal of what goes by a charter where there is none.
func refuseWithoutCharter() *governance.Error {
	return governance.Refuse(governance.CodeConflict, "no-charter", "The council has no charter yet.")
}

// charterSubject is a version of a council's charter.
func (q *Query) charterSubject(ctx context.Context, actor governance.Actor, c *Charter) (subject, error) {
	s, err := q.councilSubject(ctx, actor, c.CouncilID)
	if err != nil {
		return subject{}, err
	}
	s.kind, s.noun, s.id, s.visible = governance.KindCharter, "charter", string(c.ID), true
	return s.with(q.charterNeeds(c)), nil
}

// charterNeeds looks at the conditions that follow from a version of a charter alone.
func (q *Query) charterNeeds(c *Charter) map[governance.Need]unmet {
	return map[governance.Need]unmet{
		governance.NeedNoCharter: func(ctx context.Context) (*governance.Error, error) {
			inForce, err := q.charterInForce(ctx, c.CouncilID)
			if err != nil || inForce == nil {
				return nil, err
			}
			return governance.Refuse(governance.CodeConflict, "charter-in-force",
				"The council has a charter; another one needs a ballot under it."), nil
		},
		governance.NeedProposed: func(context.Context) (*governance.Error, error) { return unmetProposed(c), nil },
		governance.NeedSound:    func(context.Context) (*governance.Error, error) { return unmetSound(c), nil },
		governance.NeedCharterInForce: func(ctx context.Context) (*governance.Error, error) {
			return q.unmetCharterInForce(ctx, c.CouncilID)
		},
		governance.NeedNotBalloted: func(ctx context.Context) (*governance.Error, error) {
			return q.unmetNoCharterBallot(ctx, `SELECT id FROM ballots WHERE proposal_id = $1 AND state = 'OPEN'`, string(c.ID))
		},
		governance.NeedNoCharterBallot: func(ctx context.Context) (*governance.Error, error) {
			return q.unmetNoCharterBallot(ctx,
				`SELECT id FROM ballots WHERE council_id = $1 AND kind = 'CHARTER' AND state = 'OPEN'`, string(c.CouncilID))
		},
		governance.NeedElectors: func(ctx context.Context) (*governance.Error, error) {
			inForce, err := q.charterInForce(ctx, c.CouncilID)
			if err != nil {
				return nil, err
			}
			return q.unmetElectors(ctx, c.CouncilID, inForce)
		},
	}
}

// unmetProposed refuses what is done to a proposal alone.
func unmetProposed(c *Charter) *governance.Error {
	if c.State == governance.CharterProposed {
		return nil
	}
	return charterDecided(c)
}

func charterDecided(c *Charter) *governance.Error {
	return governance.Refuse(governance.CodeConflict, "charter-decided", "This charter is not proposed any more; it is {state}.",
		"state", string(c.State))
}

// unmetSound refuses a charter that has errors and says which. It had none when it was proposed: the check may have become
// stricter since.
func unmetSound(c *Charter) *governance.Error {
	count, named := errorsIn(c.Body.Check())
	if count == 0 {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "charter-unsound", "The charter has {count} errors ({errors}).",
		"count", strconv.Itoa(count), "errors", named)
}

// unmetNoCharterBallot refuses while a ballot on a charter is open; the statement answers it, of what is named.
func (q *Query) unmetNoCharterBallot(ctx context.Context, text, of string) (*governance.Error, error) {
	var open governance.BallotID
	err := q.queryRow(ctx, text, of).Scan(&open)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for an open ballot on a charter: %w", err)
	}
	return governance.Refuse(governance.CodeConflict, "charter-ballot-open", "The ballot {ballot} on a charter is open.",
		"ballot", string(open)), nil
}

// Charter reads a charter: public. NOT_FOUND where there is none.
func (db *DB) Charter(ctx context.Context, id governance.CharterID) (charter *Charter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		charter, err = q.charter(ctx, id)
		return err
	})
	return charter, err
}

// ChartersByID reads those of the charters that there are: public.
func (db *DB) ChartersByID(ctx context.Context, ids []governance.CharterID) (map[governance.CharterID]*Charter, error) {
	found := make(map[governance.CharterID]*Charter, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		for batch := range batches(ids) {
			charters, err := collect(ctx, q, scanCharter,
				`SELECT `+charterColumns+` FROM charters WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return fmt.Errorf("read charters: %w", err)
			}
			for _, c := range charters {
				found[c.ID] = c
			}
		}
		return nil
	})
	return found, err
}

// Charters reads all versions of a council's charter, the newest first: public.
func (db *DB) Charters(ctx context.Context, council governance.OrganizationID) (charters []*Charter, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		charters, err = collect(ctx, q, scanCharter,
			`SELECT `+charterColumns+` FROM charters WHERE council_id = $1 ORDER BY number DESC`, council)
		return err
	})
	return charters, err
}

// CharterMay says what the viewer may do to a charter.
func (db *DB) CharterMay(ctx context.Context, actor governance.Actor, c *Charter) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.charterSubject(ctx, actor, c) })
}
