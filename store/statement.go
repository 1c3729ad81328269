package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Statement is what a body says about one exact text or offer, as it is read.
type Statement struct {
	ID           governance.StatementID
	Kind         governance.StatementKind
	EditionID    governance.EditionID
	Digest       governance.Digest
	Organization *Organization
	State        governance.StatementState
	Conditions   string
	Reason       string
	AskedAt      time.Time
	AnsweredAt   *time.Time
	ValidUntil   *time.Time
	RevokedAt    *time.Time
	LapsedAt     *time.Time
	Words        string
	OfferID      governance.OfferID  // that it is about; empty: the edition's text
	BallotID     governance.BallotID // that a minority dissents from; empty: none
	ValidFrom    *time.Time          // none: from when it was given
	Custody      *governance.Custody // of the key that signed it; nil: it is unsigned
	governance.StatementFacts
}

// Signed says whether the statement carries a signature that is believed: of a key that was not revoked from before then.
// What was given by a body without a key stays unsigned and says so.
func (s *Statement) Signed() bool { return s.Custody != nil }

// stands says whether the statement is given and has not ended; it may begin later.
func (s *Statement) stands(now time.Time) bool {
	return s.State == governance.StatementIsGiven && (s.ValidUntil == nil || now.Before(*s.ValidUntil))
}

// StandsAt says whether the statement was given by an instant and held then, whatever became of it later.
func (s *Statement) StandsAt(instant time.Time) bool {
	if s.AnsweredAt == nil || s.AnsweredAt.After(instant) || s.State == governance.StatementIsDeclined {
		return false
	}
	for _, end := range []*time.Time{s.ValidUntil, s.RevokedAt, s.LapsedAt} {
		if end != nil && !instant.Before(*end) {
			return false
		}
	}
	return s.ValidFrom == nil || !instant.Before(*s.ValidFrom)
}

const statementColumns = `
	id,
	kind,
	edition_id,
	digest,
	organization_id,
	state,
	conditions,
	reason,
	asked_at,
	answered_at,
	valid_until,
	revoked_at,
	lapsed_at,
	words,
	offer_id,
	ballot_id,
	valid_from,
	facts,
	(
		SELECT k.custody
		FROM statement_signatures g
		JOIN keys k ON k.id = g.key_id
		WHERE g.statement_id = statements.id AND (k.revoked_from IS NULL OR k.revoked_from > g.prepared_at)
	)`

// scanStatement reads statementColumns; the organization carries its id alone.
func scanStatement(row scanner) (*Statement, error) {
	s := Statement{Organization: &Organization{}}
	var facts string
	err := row.Scan(&s.ID, &s.Kind, &s.EditionID, &s.Digest, &s.Organization.ID, &s.State, &s.Conditions, &s.Reason,
		at(&s.AskedAt), atOrNil(&s.AnsweredAt), atOrNil(&s.ValidUntil), atOrNil(&s.RevokedAt), atOrNil(&s.LapsedAt),
		&s.Words, orEmpty(&s.OfferID), orEmpty(&s.BallotID), atOrNil(&s.ValidFrom), &facts, &s.Custody)
	if err != nil {
		return nil, err
	}
	if s.StatementFacts, err = governance.ParseStatementFacts([]byte(facts)); err != nil {
		return nil, fmt.Errorf("read the facts of statement %s: %w", s.ID, err)
	}
	if s.LapsedAt != nil {
		s.State = governance.StatementIsLapsed // the row keeps how it stood
	}
	return &s, nil
}

// statement reads a statement's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) statement(ctx context.Context, id governance.StatementID) (*Statement, error) {
	found, err := collect(ctx, q, scanStatement, `SELECT `+statementColumns+` FROM statements WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read statement: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("statement", string(id))
	}
	found[0].expire(q.now)
	return found[0], nil
}

// statementSubject is an endorsement or another statement: visible as its edition is, whose stage is its own. The body asked stands in ASKED
// until it has answered.
func (q *Query) statementSubject(ctx context.Context, actor governance.Actor, statement *Statement) (subject, *Edition, error) {
	e, err := q.edition(ctx, statement.EditionID)
	if err != nil {
		return subject{}, nil, err
	}
	s, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return subject{}, nil, err
	}
	s.kind, s.noun, s.id = governance.KindStatement, "statement", string(statement.ID)
	if statement.Kind == governance.StatementEndorsement {
		s.kind = governance.KindEndorsement
	}
	if s.standing.organization == statement.Organization.ID {
		s.relations = append(s.relations, governance.RelationOwn)
		if statement.State == governance.StatementIsAsked {
			s.relations = append(s.relations, governance.RelationAsked)
		}
	}
	return s.with(map[governance.Need]unmet{
		governance.NeedGiven: func(context.Context) (*governance.Error, error) {
			if statement.stands(q.now) {
				return nil, nil
			}
			return governance.Refuse(governance.CodeConflict, "not-given", "This statement does not stand."), nil
		},
	}), e, nil
}

// Statement reads a statement. NOT_FOUND where the actor may not see its edition.
func (db *DB) Statement(ctx context.Context, actor governance.Actor, id governance.StatementID) (*Statement, error) {
	var statement *Statement
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		if statement, err = q.statement(ctx, id); err != nil {
			return err
		}
		s, _, err := q.statementSubject(ctx, actor, statement)
		if err != nil {
			return err
		}
		if !s.visible {
			return governance.NotFound("statement", string(id))
		}
		return q.fillOrganizations(ctx, statement.Organization)
	})
	if err != nil {
		return nil, err
	}
	return statement, nil
}

// StatementsOf reads what was said about an edition that the actor was shown, the oldest first.
func (db *DB) StatementsOf(ctx context.Context, edition governance.EditionID) (statements []*Statement, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		statements, err = q.statementsOf(ctx, edition)
		return err
	})
	return statements, err
}

func (q *Query) statementsOf(ctx context.Context, edition governance.EditionID) ([]*Statement, error) {
	statements, err := collect(ctx, q, scanStatement,
		`SELECT `+statementColumns+` FROM statements WHERE edition_id = $1 ORDER BY created_at, id`, edition)
	if err != nil {
		return nil, fmt.Errorf("read the statements on edition %s: %w", edition, err)
	}
	organizations := make([]*Organization, len(statements))
	for i, s := range statements {
		organizations[i] = s.Organization
		s.expire(q.now)
	}
	return statements, q.fillOrganizations(ctx, organizations...)
}

// expire has a statement that was given and whose last day is over say so; its row stays as it was given.
func (s *Statement) expire(now time.Time) {
	if s.State == governance.StatementIsGiven && !s.stands(now) {
		s.State = governance.StatementIsExpired
	}
}

// StatementMay says what the viewer may do to a statement that it was shown.
func (db *DB) StatementMay(ctx context.Context, actor governance.Actor, statement *Statement) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) {
		s, _, err := q.statementSubject(ctx, actor, statement)
		return s, err
	})
}
