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
	if err := checkOpening(in.ID, in.ClosesOn); err != nil {
		return "", err
	}
	if err := CheckID("input.edition", string(in.Edition)); err != nil {
		return "", err
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
				governance.NeedHeadDigest: func(context.Context) (*governance.Error, error) { return unmetHeadDigest(e, in.Digest), nil },
				governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) {
					charter, err := tx.charterOf(ctx, e)
					if err != nil {
						return nil, err
					}
					return tx.unmetBallotDays(charter, in.ClosesOn)
				},
			})
			if err := s.permit(ctx, governance.OpenBallot); err != nil {
				return "", err
			}
			return tx.openEditionBallot(ctx, s, e, in)
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

// checkOpening looks at what every opening of a ballot takes: an id that the client made, and a last day.
func checkOpening(id governance.BallotID, closesOn governance.Date) error {
	if id != "" {
		if err := CheckID("input.id", string(id)); err != nil {
			return err
		}
	}
	if _, err := time.Parse(time.DateOnly, string(closesOn)); err != nil {
		return governance.Invalid("input.closesOn", "date-malformed", "A date looks like 2026-03-31.")
	}
	return nil
}

// unmetBallotDays refuses a ballot that would last less than the charter asks for. No charter is refused too.
func (q *Query) unmetBallotDays(charter *Charter, closesOn governance.Date) (*governance.Error, error) {
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

// motion is what a ballot is opened on, whichever its kind.
type motion struct {
	id       governance.BallotID // empty: it gets one
	kind     governance.BallotKind
	council  governance.OrganizationID
	edition  *Edition              // that is voted on, or that the matter is about; nil: none
	revision governance.RevisionID // of the edition, where its text is voted on
	proposal governance.CharterID  // where a charter is voted on
	matter   governance.MatterID   // where a matter is voted on
	digest   governance.Digest     // of what is voted on
	profile  string                // that an edition's text is checked against
	findings []governance.Finding  // on what is voted on
	under    *Charter              // the charter that decides
	closesOn governance.Date
}

// openEditionBallot puts the edition's newest text to the vote and moves it to BALLOT.
func (tx *Tx) openEditionBallot(ctx context.Context, s subject, e *Edition, in OpenBallotInput) (string, error) {
	under, err := tx.charterOf(ctx, e)
	if err != nil {
		return "", err
	}
	findings, err := tx.findings(ctx, e)
	if err != nil {
		return "", err
	}
	if err := tx.setStage(ctx, e, move{to: governance.StageBallot, at: tx.now}); err != nil {
		return "", err
	}
	id, err := tx.openBallot(ctx, s.actingRole(governance.OpenBallot), motion{
		id: in.ID, kind: governance.BallotEdition, council: e.CouncilID, edition: e, revision: e.HeadID, digest: e.HeadDigest,
		profile: e.Profile, findings: findings, under: under, closesOn: in.ClosesOn,
	})
	return string(id), err
}

// openBallot freezes all that decides and opens the ballot. Whether it may be opened was asked before. CONFLICT for an
// electorate whose weights cannot be counted: a ballot that could never be closed must not open.
func (tx *Tx) openBallot(ctx context.Context, role governance.Role, m motion) (governance.BallotID, error) {
	if m.id == "" {
		m.id = governance.BallotID(tx.newID())
	} else if err := tx.requireFree(ctx, "ballots", string(m.id)); err != nil {
		return "", err
	}
	closesAt, err := m.under.Body.Calendar.Deadline(m.closesOn)
	if err != nil {
		return "", fmt.Errorf("find the deadline: %w", errStored{err})
	}
	electors, err := tx.electorate(ctx, m.council, m.under.Body)
	if err != nil {
		return "", err
	}
	_, err = governance.Tally(governance.TallyRecord{Rule: m.under.Body.Rule, Electors: electors})
	if err != nil {
		return "", governance.Refuse(governance.CodeConflict, "electorate-uncountable",
			"The votes of this electorate could not be counted: {why}", "why", err.Error())
	}
	if err := tx.insertBallot(ctx, m, closesAt, len(electors)); err != nil {
		return "", err
	}
	if err := tx.insertElectors(ctx, m.id, electors); err != nil {
		return "", err
	}
	electorate, err := notary.Canonical(electors)
	if err != nil {
		return "", fmt.Errorf("encode the electorate: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "BALLOT_OPENED", Object: Object{"BALLOT", string(m.id)}, Role: role, Root: rootOver(m.council, m.edition),
		Digests: map[string]governance.Digest{
			subjectOf[m.kind]: m.digest, "charter": m.under.Digest, "electorate": notary.Digest(electorate),
		},
		Words: map[string]string{"closesAt": formatTime(closesAt), "kind": string(m.kind)},
	})
	return m.id, err
}

func (tx *Tx) insertBallot(ctx context.Context, m motion, closesAt time.Time, electors int) error {
	rule, err := canonicalText(m.under.Body.Rule)
	if err != nil {
		return err
	}
	findings, err := canonicalText(append([]governance.Finding{}, m.findings...)) // none is a list, not null
	if err != nil {
		return err
	}
	var edition governance.EditionID
	if m.edition != nil {
		edition = m.edition.ID
	}
	_, err = tx.exec(ctx, `
		INSERT INTO ballots (
			id, council_id, kind, edition_id, revision_id, proposal_id, matter_id, digest, charter_id, rule, profile, findings,
			secrecy, state, opened_at, closes_at, elector_count, opened_by
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'OPEN', $14, $15, $16, $17)`,
		m.id, m.council, m.kind, orNull(edition), orNull(m.revision), orNull(m.proposal), orNull(m.matter), m.digest, m.under.ID,
		rule, m.profile, findings, m.under.Body.Secrecy, tx.now, closesAt, electors, tx.actor.Person)
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
