package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// The acts on statements that are no endorsements.
const (
	actStatementGiven   = "STATEMENT_GIVEN"
	actStatementRevoked = "STATEMENT_REVOKED"
)

// GiveStatement records what a body says about the approved text or about an offer as it stands, signed where the body has a
// key. Errors: NOT_FOUND; FORBIDDEN but for a representative of a body that gives such statements, and for a minority
// statement of an organization that did not object; CONFLICT for the stage, for another digest, for a second minority
// statement on one ballot, and where the body's own key is to sign first; INVALID for what does not fit the kind, for dates
// that make no sense, and for a signature of something else.
func (db *DB) GiveStatement(ctx context.Context, actor governance.Actor, in GiveStatementInput) (governance.StatementID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	asked := in
	if in.ID == "" {
		drawn, err := db.newID()
		if err != nil {
			return "", err
		}
		in.ID = governance.StatementID(drawn)
	}
	signature, err := db.signature(ctx, in.Signature, db.ofStatement(func(ctx context.Context, q *Query, _ time.Time) (*Statement, error) {
		return q.permittedStatement(ctx, actor, in)
	}))
	if err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "giveStatement", rule: governance.GiveStatement, edition: in.Edition, key: in.IdempotencyKey, input: asked,
		needs: func(tx *Tx, s standing, e *Edition) map[governance.Need]unmet { return tx.givingNeeds(s, e, in) },
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.giveStatement(ctx, s, e, in, signature)
		},
	})
	return governance.StatementID(id), err
}

// givingNeeds are the conditions of giving a statement that follow from what it says.
func (q *Query) givingNeeds(s standing, e *Edition, in GiveStatementInput) map[governance.Need]unmet {
	return map[governance.Need]unmet{
		governance.NeedAgreedSubject: func(ctx context.Context) (*governance.Error, error) { return q.unmetAgreedSubject(ctx, e, in) },
		governance.NeedGiver:         func(ctx context.Context) (*governance.Error, error) { return q.unmetGiver(ctx, s, e, in.Kind) },
		governance.NeedDissenter: func(ctx context.Context) (*governance.Error, error) {
			if in.Kind != governance.StatementDissent {
				return nil, nil
			}
			return q.unmetDissenter(ctx, s, e)
		},
	}
}

// permittedStatement is a statement that the actor may give, as it would be given now.
func (q *Query) permittedStatement(ctx context.Context, actor governance.Actor, in GiveStatementInput) (*Statement, error) {
	e, err := q.edition(ctx, in.Edition)
	if err != nil {
		return nil, err
	}
	s, err := q.editionSubject(ctx, actor, e)
	if err != nil {
		return nil, err
	}
	if err := s.with(q.givingNeeds(s.standing, e, in)).permit(ctx, governance.GiveStatement); err != nil {
		return nil, err
	}
	return q.statementGiven(ctx, s, e, in)
}

func (in GiveStatementInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if in.Offer != "" {
		if err := CheckID("input.offer", string(in.Offer)); err != nil {
			return err
		}
	}
	if err := checkLength("input.words", in.Words, 0, longestRemark); err != nil {
		return err
	}
	if err := checkLength("input.conditions", in.Conditions, 0, longestRemark); err != nil {
		return err
	}
	if refusal := in.said().Check(); refusal != nil {
		return refusal
	}
	return nil
}

// unmetAgreedSubject refuses a statement about another text than the approved one, or another version of the offer than
// the one that stands.
func (q *Query) unmetAgreedSubject(ctx context.Context, e *Edition, in GiveStatementInput) (*governance.Error, error) {
	if in.Offer == "" {
		if e.ApprovedDigest != nil && in.Digest == *e.ApprovedDigest {
			return nil, nil
		}
		return governance.Refuse(governance.CodeConflict, "another-digest", "{digest} is not the text that was approved.",
			"digest", string(in.Digest)), nil
	}
	o, err := q.offer(ctx, in.Offer)
	if err != nil {
		return nil, err
	}
	switch {
	case o.EditionID != e.ID:
		return governance.NotFound("offer", string(in.Offer)), nil
	case o.State != governance.OfferCurrent:
		return governance.Refuse(governance.CodeConflict, "offer-ended", "The offer has ended."), nil
	case o.Digest != in.Digest:
		return governance.Refuse(governance.CodeConflict, "another-digest", "The offer is {current} now, not {digest}.",
			"current", string(o.Digest), "digest", string(in.Digest)), nil
	}
	return nil, nil
}

// unmetGiver refuses a statement by a body whose word does not count for its kind. The council counts as a skills council.
func (q *Query) unmetGiver(ctx context.Context, s standing, e *Edition, kind governance.StatementKind) (*governance.Error, error) {
	place, err := q.placeOnRoll(ctx, e.CouncilID, s.organization)
	if err != nil {
		return nil, err
	}
	if s.organization == e.CouncilID {
		place.chamber = governance.ChamberSkillsCouncil
	}
	if kind.GivenBy(place.chamber) {
		return nil, nil
	}
	chambers := make([]string, len(kind.Givers()))
	for i, chamber := range kind.Givers() {
		chambers[i] = string(chamber)
	}
	return governance.Refuse(governance.CodeForbidden, "not-a-giver", "A statement {kind} is given by bodies of the chambers {chambers}.",
		"kind", string(kind), "chambers", strings.Join(chambers, ", ")), nil
}

// unmetDissenter refuses a minority statement of an organization that did not object in the ballot that approved the
// text, or has given one on it.
func (q *Query) unmetDissenter(ctx context.Context, s standing, e *Edition) (*governance.Error, error) {
	objected, err := q.exists(ctx, `
		SELECT 1
		FROM positions
		WHERE ballot_id = $1 AND organization_id = $2 AND is_latest = 1 AND position = 'OBJECT'`, e.ApprovedBallotID, s.organization)
	if err != nil {
		return nil, fmt.Errorf("look whether it objected: %w", err)
	}
	if !objected {
		return governance.Refuse(governance.CodeForbidden, "not-a-dissenter",
			"A minority statement is for an organization that objected in the ballot which approved the text."), nil
	}
	given, err := q.exists(ctx, `
		SELECT 1
		FROM statements
		WHERE ballot_id = $1 AND organization_id = $2 AND kind = 'DISSENT' AND state = 'GIVEN'`, e.ApprovedBallotID, s.organization)
	if err != nil {
		return nil, fmt.Errorf("look for a minority statement: %w", err)
	}
	if given {
		return governance.Refuse(governance.CodeConflict, "dissent-given",
			"The organization has given its minority statement. Revoke it to give another."), nil
	}
	return nil, nil
}

// statementGiven is a statement as it is given.
func (q *Query) statementGiven(ctx context.Context, s subject, e *Edition, in GiveStatementInput) (*Statement, error) {
	statement := &Statement{
		ID: in.ID, Kind: in.Kind, EditionID: e.ID, Digest: in.Digest, Organization: &Organization{ID: s.standing.organization},
		State: governance.StatementIsGiven, Conditions: in.Conditions, Words: in.Words, OfferID: in.Offer, StatementFacts: in.said().Facts,
	}
	if in.Kind == governance.StatementDissent {
		statement.BallotID = e.ApprovedBallotID
	}
	var err error
	statement.ValidFrom, statement.ValidUntil, err = q.statementDates(ctx, e, in)
	return statement, err
}

func (tx *Tx) giveStatement(ctx context.Context, s subject, e *Edition, in GiveStatementInput, signature *SignatureInput) (string, error) {
	statement, err := tx.statementGiven(ctx, s, e, in)
	if err != nil {
		return "", err
	}
	if err := tx.requireFree(ctx, "statements", string(in.ID)); err != nil {
		return "", err
	}
	signed, err := tx.sign(ctx, statement, signature)
	if err != nil {
		return "", err
	}
	facts, err := canonicalText(statement.StatementFacts)
	if err != nil {
		return "", err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO statements (
			id, kind, edition_id, digest, organization_id, state, conditions, words, offer_id, ballot_id, facts, valid_from,
			valid_until, person_id, asked_at, answered_at, created_at
		) VALUES ($1, $2, $3, $4, $5, 'GIVEN', $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)`,
		in.ID, in.Kind, e.ID, in.Digest, s.standing.organization, in.Conditions, in.Words, orNull(in.Offer),
		orNull(statement.BallotID), facts, statement.ValidFrom, statement.ValidUntil, tx.actor.Person, tx.now)
	if err != nil {
		return "", fmt.Errorf("insert statement: %w", err)
	}
	if err := tx.insertSignature(ctx, in.ID, signed); err != nil {
		return "", err
	}
	subject := "document"
	if in.Offer != "" {
		subject = "offer"
	}
	_, err = tx.appendAct(ctx, Act{
		Type: actStatementGiven, Object: Object{"STATEMENT", string(in.ID)}, Role: s.actingRole(governance.GiveStatement),
		Digests: signed.digest(map[string]governance.Digest{subject: in.Digest}),
		Words: said(map[string]string{"kind": string(in.Kind), "offer": string(in.Offer), "ballot": string(statement.BallotID),
			"facts": facts, "validFrom": string(in.ValidFrom), "validUntil": string(in.ValidUntil), "signed": inWords(signed != nil)}),
		Texts: said(map[string]string{"words": in.Words, "conditions": in.Conditions}),
	})
	return string(in.ID), err
}

// statementDates answers from when until when the statement holds, by the council's calendar; nil where nothing is said.
func (q *Query) statementDates(ctx context.Context, e *Edition, in GiveStatementInput) (from, until *time.Time, err error) {
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	for _, day := range []struct {
		field string
		date  governance.Date
		at    func(governance.Date) (time.Time, error)
		to    **time.Time
	}{
		{"input.validFrom", in.ValidFrom, charter.Body.Calendar.StartOf, &from},
		{"input.validUntil", in.ValidUntil, charter.Body.Calendar.EndOf, &until},
	} {
		if day.date == "" {
			continue
		}
		instant, err := day.at(day.date)
		if err != nil {
			return nil, nil, governance.Invalid(day.field, "date-malformed", "A date looks like 2026-03-31.")
		}
		*day.to = &instant
	}
	switch {
	case until != nil && !until.After(q.now):
		return nil, nil, governance.Invalid("input.validUntil", "date-over", "This day is over.")
	case from != nil && until != nil && !until.After(*from):
		return nil, nil, governance.Invalid("input.validUntil", "dates-crossed", "It would end before it begins.")
	}
	return from, until, nil
}

// RevokeStatement takes a statement back, with a reason. Errors: NOT_FOUND, also for an endorsement; FORBIDDEN but for a
// representative of the body that gave it; CONFLICT where it does not stand; INVALID without a reason.
func (db *DB) RevokeStatement(ctx context.Context, actor governance.Actor, in RevokeStatementInput) (governance.StatementID, error) {
	repeat, err := repeatWithReason(in.IdempotencyKey, in, in.Reason)
	if err != nil {
		return "", err
	}
	return db.takeOnStatement(ctx, actor, repeat, statementStep{
		mutation: "revokeStatement", rule: governance.RevokeStatement, act: actStatementRevoked, id: in.Statement,
		texts: map[string]string{"reason": in.Reason},
		write: func(ctx context.Context, tx *Tx, statement *Statement, _ *Edition) (*signed, error) {
			return nil, tx.revokeStatement(ctx, statement, in.Reason)
		},
	})
}
