package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// OpenBallot puts the head revision's digest to the vote and freezes all that decides: text, charter, rule, profile,
// findings, secrecy, electorate, chambers, groups and weights. Errors: NOT_FOUND; FORBIDDEN but for the council's
// secretary; CONFLICT outside DISPOSITION, for another digest than the head's, readiness errors, comments without an
// answer and an empty chamber; INVALID for a last day that is none or that is before the charter's minimum days.
func (db *DB) OpenBallot(ctx context.Context, actor governance.Actor, in OpenBallotInput) (governance.BallotID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if err := CheckID("input.edition", string(in.Edition)); err != nil {
		return "", err
	}
	if _, err := time.Parse(time.DateOnly, string(in.ClosesOn)); err != nil {
		return "", governance.Invalid("input.closesOn", "date-malformed", "A date looks like 2026-03-31.")
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	roots, err := db.editionRoots(ctx, in.Edition)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "openBallot", actor: actor, roots: roots, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			e, err := tx.edition(ctx, in.Edition)
			if err != nil {
				return "", err
			}
			s, err := tx.editionSubject(ctx, actor, e)
			if err != nil {
				return "", err
			}
			s = s.with(map[governance.Need]unmet{
				governance.NeedHeadDigest:  func(context.Context) (*governance.Error, error) { return unmetHeadDigest(e, in.Digest), nil },
				governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) { return tx.unmetBallotDays(ctx, e, in.ClosesOn) },
			})
			if err := s.permit(ctx, governance.OpenBallot); err != nil {
				return "", err
			}
			return tx.openBallot(ctx, s, e, in)
		}})
	return governance.BallotID(id), err
}

// editionRoots answers what a step locks that decides on an edition and on its council's roll: the specification and the
// council. NOT_FOUND where there is no such edition.
func (db *DB) editionRoots(ctx context.Context, edition governance.EditionID) ([]root, error) {
	roots := []root{{table: rootSpecification}, {table: rootOrganization}}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `
			SELECT s.id, s.council_id
			FROM editions e
			JOIN specifications s ON s.id = e.specification_id
			WHERE e.id = $1`, edition).Scan(&roots[0].id, &roots[1].id)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, governance.NotFound("edition", string(edition))
	}
	if err != nil {
		return nil, fmt.Errorf("find the roots of edition %s: %w", edition, err)
	}
	return roots, nil
}

// unmetHeadDigest refuses a digest that is not the newest revision's.
func unmetHeadDigest(e *Edition, digest governance.Digest) *governance.Error {
	if digest == e.HeadDigest {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "another-digest",
		"The newest text is {head}, not {digest}.", "head", string(e.HeadDigest), "digest", string(digest))
}

// unmetBallotDays refuses a ballot that would last less than the charter asks for.
func (q *Query) unmetBallotDays(ctx context.Context, e *Edition, closesOn governance.Date) (*governance.Error, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return nil, err
	}
	if charter == nil {
		return refuseWithoutCharter(), nil
	}
	calendar := charter.Body.Calendar
	deadline, err := calendar.Deadline(closesOn)
	if err != nil {
		return nil, fmt.Errorf("find the deadline: %w", errStored{err})
	}
	earliest, err := calendar.AddDays(q.now, charter.Body.BallotDays)
	if err != nil {
		return nil, fmt.Errorf("find the earliest deadline: %w", errStored{err})
	}
	if !deadline.Before(earliest) && deadline.After(q.now) {
		return nil, nil
	}
	day, err := calendar.LastDay(earliest)
	if err != nil {
		return nil, fmt.Errorf("find the earliest day: %w", errStored{err})
	}
	return governance.Invalid("input.closesOn", "too-soon",
		"By the charter a ballot lasts at least {days} days: the earliest last day is {earliest}.",
		"days", fmt.Sprint(charter.Body.BallotDays), "earliest", string(day)), nil
}

// frozen is what a ballot fixes at its opening.
type frozen struct {
	charter  *Charter
	electors []governance.Elector
	findings []governance.Finding
	closesAt time.Time
}

// freeze gathers what the ballot fixes, and refuses an electorate whose weights cannot be counted: a ballot that could
// never be closed must not open.
func (tx *Tx) freeze(ctx context.Context, e *Edition, closesOn governance.Date) (frozen, error) {
	charter, err := tx.charterOf(ctx, e)
	if err != nil {
		return frozen{}, err
	}
	f := frozen{charter: charter}
	if f.closesAt, err = charter.Body.Calendar.Deadline(closesOn); err != nil {
		return frozen{}, fmt.Errorf("find the deadline: %w", errStored{err})
	}
	if f.electors, err = tx.electorate(ctx, e.CouncilID, charter.Body); err != nil {
		return frozen{}, err
	}
	if f.findings, err = tx.findings(ctx, e); err != nil {
		return frozen{}, err
	}
	_, err = governance.Tally(governance.TallyRecord{Rule: charter.Body.Rule, Electors: f.electors})
	if err != nil {
		return frozen{}, governance.Refuse(governance.CodeConflict, "electorate-uncountable",
			"The votes of this electorate could not be counted: {why}", "why", err.Error())
	}
	return f, nil
}

func (tx *Tx) openBallot(ctx context.Context, s subject, e *Edition, in OpenBallotInput) (string, error) {
	if in.ID == "" {
		in.ID = governance.BallotID(tx.newID())
	} else if err := tx.requireFree(ctx, "ballots", string(in.ID)); err != nil {
		return "", err
	}
	f, err := tx.freeze(ctx, e, in.ClosesOn)
	if err != nil {
		return "", err
	}
	if err := tx.insertBallot(ctx, e, in.ID, f); err != nil {
		return "", err
	}
	if err := tx.insertElectors(ctx, in.ID, f.electors); err != nil {
		return "", err
	}
	if err := tx.setStage(ctx, e, move{to: governance.StageBallot, at: tx.now}); err != nil {
		return "", err
	}
	electorate, err := notary.Canonical(f.electors)
	if err != nil {
		return "", fmt.Errorf("encode the electorate: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "BALLOT_OPENED", Object: Object{"BALLOT", string(in.ID)}, Role: s.actingRole(governance.OpenBallot),
		Root: root{rootSpecification, string(e.SpecificationID)},
		Digests: map[string]governance.Digest{
			"document": e.HeadDigest, "charter": f.charter.Digest, "electorate": notary.Digest(electorate),
		},
		Words: map[string]string{"closesAt": formatTime(f.closesAt)},
	})
	return string(in.ID), err
}

func (tx *Tx) insertBallot(ctx context.Context, e *Edition, id governance.BallotID, f frozen) error {
	rule, err := canonicalText(f.charter.Body.Rule)
	if err != nil {
		return err
	}
	findings, err := canonicalText(append([]governance.Finding{}, f.findings...)) // none is a list, not null
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO ballots (
			id, council_id, kind, edition_id, revision_id, digest, charter_id, rule, profile, findings, secrecy, state,
			opened_at, closes_at, elector_count, opened_by
		) VALUES ($1, $2, 'EDITION', $3, $4, $5, $6, $7, $8, $9, $10, 'OPEN', $11, $12, $13, $14)`,
		id, e.CouncilID, e.ID, e.HeadID, e.HeadDigest, f.charter.ID, rule, e.Profile, findings, f.charter.Body.Secrecy,
		tx.now, f.closesAt, len(f.electors), tx.actor.Person)
	if err != nil {
		return fmt.Errorf("insert ballot: %w", err)
	}
	return nil
}

// canonicalText is a value as canonical JSON.
func canonicalText(value any) (string, error) {
	canonical, err := notary.Canonical(value)
	if err != nil {
		return "", fmt.Errorf("encode a %T: %w", value, err)
	}
	return string(canonical), nil
}
