package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// RequestEndorsement asks a body to endorse the approved digest. Errors: NOT_FOUND; FORBIDDEN but for the secretary;
// CONFLICT outside APPROVED and ENDORSED and where the body was asked or has endorsed; INVALID for a body that is neither
// on the council's roll nor the council.
func (db *DB) RequestEndorsement(ctx context.Context, actor governance.Actor, in RequestEndorsementInput) (governance.StatementID, error) {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return "", err
		}
	}
	if err := CheckID("input.organization", string(in.Organization)); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "requestEndorsement", rule: governance.RequestEndorsement, edition: in.Edition,
		key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.requestEndorsement(ctx, s, e, in)
		},
	})
	return governance.StatementID(id), err
}

func (tx *Tx) requestEndorsement(ctx context.Context, s subject, e *Edition, in RequestEndorsementInput) (string, error) {
	if err := tx.checkEndorser(ctx, e, in.Organization); err != nil {
		return "", err
	}
	standing, err := tx.exists(ctx, `
		SELECT 1
		FROM statements
		WHERE edition_id = $1 AND digest = $2 AND organization_id = $3 AND kind = 'ENDORSEMENT' AND lapsed_at IS NULL
			AND (state = 'ASKED' OR state = 'GIVEN' AND valid_until IS NULL)`,
		e.ID, *e.ApprovedDigest, in.Organization)
	if err != nil {
		return "", fmt.Errorf("look for an earlier request: %w", err)
	}
	if standing {
		return "", governance.Refuse(governance.CodeConflict, "endorsement-asked", "This body was asked already, or has endorsed this text.")
	}
	if in.ID == "" {
		in.ID = governance.StatementID(tx.newID())
	} else if err := tx.requireFree(ctx, "statements", string(in.ID)); err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO statements (id, kind, edition_id, digest, organization_id, state, asked_at, created_at)
		VALUES ($1, 'ENDORSEMENT', $2, $3, $4, 'ASKED', $5, $5)`,
		in.ID, e.ID, *e.ApprovedDigest, in.Organization, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert statement: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "ENDORSEMENT_REQUESTED", Object: Object{"STATEMENT", string(in.ID)}, Role: s.actingRole(governance.RequestEndorsement),
		Digests: map[string]governance.Digest{"document": *e.ApprovedDigest},
		Words:   map[string]string{"organization": string(in.Organization)},
	})
	return string(in.ID), err
}

// checkEndorser refuses a body that is neither on the council's roll nor the council itself.
func (tx *Tx) checkEndorser(ctx context.Context, e *Edition, organization governance.OrganizationID) error {
	if organization == e.CouncilID {
		return nil
	}
	place, err := tx.placeOnRoll(ctx, e.CouncilID, organization)
	if err != nil {
		return err
	}
	if place.chamber == "" || place.suspended {
		return governance.Invalid("input.organization", "not-on-the-roll", "Only the council and organizations on its roll are asked.")
	}
	return nil
}

// statementStep is what the steps on an endorsement differ in.
type statementStep struct {
	mutation string
	rule     governance.Step
	act      string
	id       governance.StatementID
	digest   governance.Digest // that its giver read; empty: it binds to the statement's
	texts    map[string]string
	write    func(ctx context.Context, tx *Tx, statement *Statement, e *Edition) (*signed, error) // nil: nothing is signed
}

// takeOnStatement reads the statement under its specification's lock, asks whether the actor may, writes, moves the
// edition where an endorsement asked for came or went, and tells.
func (db *DB) takeOnStatement(ctx context.Context, actor governance.Actor, repeat Repeat, ss statementStep) (governance.StatementID, error) {
	if err := CheckID("input.statement", string(ss.id)); err != nil {
		return "", err
	}
	above, err := db.statementRoot(ctx, ss.id)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: ss.mutation, actor: actor, roots: []root{above}, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			statement, err := tx.statement(ctx, ss.id)
			if err != nil {
				return "", err
			}
			s, e, err := tx.statementSubject(ctx, actor, statement)
			if err != nil {
				return "", err
			}
			if s.kind != governance.RuleOf(ss.rule).Object {
				return "", governance.NotFound(strings.ToLower(string(governance.RuleOf(ss.rule).Object)), string(ss.id))
			}
			s = s.answering(e, statement, ss.digest)
			if err := s.permit(ctx, ss.rule); err != nil {
				return "", err
			}
			return string(ss.id), tx.changeStatement(ctx, s, statement, e, ss)
		}})
	return governance.StatementID(id), err
}

func (tx *Tx) changeStatement(ctx context.Context, s subject, statement *Statement, e *Edition, ss statementStep) error {
	signed, err := ss.write(ctx, tx, statement, e)
	if err != nil {
		return err
	}
	stage, err := tx.weighEndorsements(ctx, e)
	if err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: ss.act, Object: Object{"STATEMENT", string(statement.ID)}, Role: s.actingRole(ss.rule),
		Digests: signed.digest(map[string]governance.Digest{"document": statement.Digest}),
		Words:   map[string]string{"stage": string(stage), "signed": inWords(signed != nil || statement.Signed())},
		Texts:   said(ss.texts),
	})
	return err
}

// statementRoot is specificationRoot for a statement.
func (db *DB) statementRoot(ctx context.Context, id governance.StatementID) (root, error) {
	return db.rootAbove(ctx, rootSpecification, `
		SELECT e.specification_id
		FROM statements s
		JOIN editions e ON e.id = s.edition_id
		WHERE s.id = $1`, "statement", string(id))
}

// unmetApprovedDigest refuses an endorsement of another text than the one that the ballot carried.
func unmetApprovedDigest(e *Edition, statement *Statement, digest governance.Digest) *governance.Error {
	if e.ApprovedDigest != nil && digest == *e.ApprovedDigest && digest == statement.Digest {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "another-digest",
		"The approved text is {approved}, not {digest}.", "approved", string(statement.Digest), "digest", string(digest))
}

// setAnswer writes the answer of the body that was asked.
func (tx *Tx) setAnswer(ctx context.Context, s *Statement) error {
	changed, err := tx.exec(ctx, `
		UPDATE statements
		SET state = $2, conditions = $3, reason = $4, valid_until = $5, person_id = $6, answered_at = $7
		WHERE id = $1 AND state = 'ASKED'`, s.ID, s.State, s.Conditions, s.Reason, s.ValidUntil, tx.actor.Person, tx.now)
	if err != nil {
		return fmt.Errorf("answer the request %s: %w", s.ID, err)
	}
	if changed == 0 {
		return fmt.Errorf("answer the request %s: it is not asked under its own lock", s.ID)
	}
	return nil
}

// GiveEndorsement endorses the approved digest. The last endorsement that the charter asks for makes the edition
// ENDORSED. Errors: NOT_FOUND; FORBIDDEN but for a representative of the body asked; CONFLICT for the stage and for
// another digest than the approved one.
func (db *DB) GiveEndorsement(ctx context.Context, actor governance.Actor, in GiveEndorsementInput) (governance.StatementID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	signature, err := db.signature(ctx, in.Signature, db.ofStatement(func(ctx context.Context, q *Query, at time.Time) (*Statement, error) {
		return q.permittedEndorsement(ctx, actor, in, at)
	}))
	if err != nil {
		return "", err
	}
	return db.takeOnStatement(ctx, actor, repeat, statementStep{
		mutation: "giveEndorsement", rule: governance.GiveEndorsement, act: "ENDORSEMENT_GIVEN", id: in.Statement,
		digest: in.Digest, texts: map[string]string{"conditions": in.Conditions},
		write: func(ctx context.Context, tx *Tx, statement *Statement, e *Edition) (*signed, error) {
			if err := tx.endorsementGiven(ctx, e, statement, in, signature.at(tx.now)); err != nil {
				return nil, err
			}
			signed, err := tx.sign(ctx, statement, signature)
			if err != nil {
				return nil, err
			}
			if err := tx.setAnswer(ctx, statement); err != nil {
				return nil, err
			}
			return signed, tx.insertSignature(ctx, statement.ID, signed)
		},
	})
}

func (in GiveEndorsementInput) check() error {
	if err := CheckID("input.statement", string(in.Statement)); err != nil {
		return err
	}
	return checkLength("input.conditions", in.Conditions, 0, longestRemark)
}

// endorsementGiven makes of a request what it is when it is given.
func (q *Query) endorsementGiven(ctx context.Context, e *Edition, statement *Statement, in GiveEndorsementInput, at time.Time) (err error) {
	statement.State, statement.Conditions = governance.StatementIsGiven, in.Conditions
	statement.ValidUntil, err = q.endorsementEnd(ctx, e, statement.Organization.ID, at)
	return err
}

// permittedEndorsement is an endorsement that the actor may give, as it would be given at a moment.
func (q *Query) permittedEndorsement(ctx context.Context, actor governance.Actor, in GiveEndorsementInput, at time.Time) (*Statement, error) {
	statement, err := q.statement(ctx, in.Statement)
	if err != nil {
		return nil, err
	}
	s, e, err := q.statementSubject(ctx, actor, statement)
	if err != nil {
		return nil, err
	}
	if err := s.answering(e, statement, in.Digest).permit(ctx, governance.GiveEndorsement); err != nil {
		return nil, err
	}
	return statement, q.endorsementGiven(ctx, e, statement, in, at)
}

// answering adds what the answer to a request depends on: that its giver read the approved text.
func (s subject) answering(e *Edition, statement *Statement, digest governance.Digest) subject {
	return s.with(map[governance.Need]unmet{
		governance.NeedApprovedDigest: func(context.Context) (*governance.Error, error) {
			return unmetApprovedDigest(e, statement, digest), nil
		},
	})
}

// DeclineEndorsement declines to endorse, with a reason. Errors: NOT_FOUND; FORBIDDEN but for a representative of the
// body asked; CONFLICT for the stage; INVALID without a reason.
func (db *DB) DeclineEndorsement(ctx context.Context, actor governance.Actor, in DeclineEndorsementInput) (governance.StatementID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.takeOnStatement(ctx, actor, repeat, statementStep{
		mutation: "declineEndorsement", rule: governance.DeclineEndorsement, act: "ENDORSEMENT_DECLINED", id: in.Statement,
		texts: map[string]string{"reason": in.Reason},
		write: func(ctx context.Context, tx *Tx, statement *Statement, _ *Edition) (*signed, error) {
			statement.State, statement.Reason = governance.StatementIsDeclined, in.Reason
			return nil, tx.setAnswer(ctx, statement)
		},
	})
}

// RevokeEndorsement takes an endorsement back, with a reason. An edition that is not published yet and lacks it now is
// APPROVED again. Errors: NOT_FOUND; FORBIDDEN but for a representative of the body that gave it; CONFLICT where it does
// not stand; INVALID without a reason.
func (db *DB) RevokeEndorsement(ctx context.Context, actor governance.Actor, in RevokeEndorsementInput) (governance.StatementID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.takeOnStatement(ctx, actor, repeat, statementStep{
		mutation: "revokeEndorsement", rule: governance.RevokeEndorsement, act: "ENDORSEMENT_REVOKED", id: in.Statement,
		texts: map[string]string{"reason": in.Reason},
		write: func(ctx context.Context, tx *Tx, statement *Statement, _ *Edition) (*signed, error) {
			return nil, tx.revokeStatement(ctx, statement, in.Reason)
		},
	})
}

func (tx *Tx) revokeStatement(ctx context.Context, statement *Statement, reason string) error {
	_, err := tx.exec(ctx, `UPDATE statements SET state = 'REVOKED', reason = $2, revoked_at = $3 WHERE id = $1 AND state = 'GIVEN'`,
		statement.ID, reason, tx.now)
	if err != nil {
		return fmt.Errorf("revoke statement %s: %w", statement.ID, err)
	}
	return nil
}

// endorsementEnd is until when an endorsement that the organization gives at a moment holds by the charter; nil: until revoked.
// Where it counts for several demands, the shortest time holds.
func (q *Query) endorsementEnd(ctx context.Context, e *Edition, organization governance.OrganizationID, at time.Time) (*time.Time, error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return nil, err
	}
	place, err := q.placeOnRoll(ctx, e.CouncilID, organization)
	if err != nil {
		return nil, err
	}
	days := 0
	for _, asked := range charter.Body.Endorsements {
		counts := asked.By == place.chamber || asked.By == governance.EndorsedByCouncil && organization == e.CouncilID
		if counts && asked.ValidDays > 0 && (days == 0 || asked.ValidDays < days) {
			days = asked.ValidDays
		}
	}
	if days == 0 {
		return nil, nil
	}
	until, err := charter.Body.Calendar.AddDays(at, days)
	if err != nil {
		return nil, fmt.Errorf("find the end of an endorsement: %w", errStored{err})
	}
	return &until, nil
}
