package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// ballotStep is a step on a ballot: the actor's subject and the ballot, fresh under the lock.
type ballotStep struct {
	mutation string
	rule     governance.Step
	ballot   governance.BallotID
	key      string // the client's idempotency key
	input    any    // of the mutation, with the key
	do       func(ctx context.Context, tx *Tx, s subject, b *Ballot) error
}

// takeOnBallot locks the ballot's root, reads the ballot, asks whether the step is permitted and does it.
func (db *DB) takeOnBallot(ctx context.Context, actor governance.Actor, bs ballotStep) (governance.BallotID, error) {
	if err := CheckID("input.ballot", string(bs.ballot)); err != nil {
		return "", err
	}
	if actor.Anonymous() {
		return "", errSignIn // before it is looked whether there is such a ballot
	}
	repeat, err := RepeatOf(bs.key, bs.input)
	if err != nil {
		return "", err
	}
	roots, err := db.closingRoots(ctx, bs.ballot)
	if err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: bs.mutation, actor: actor, roots: roots[:1], repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			b, err := tx.ballot(ctx, bs.ballot)
			if err != nil {
				return "", err
			}
			s, _, err := tx.ballotSubject(ctx, actor, b)
			if err != nil {
				return "", err
			}
			if err := s.permit(ctx, bs.rule); err != nil {
				return "", err
			}
			return string(b.ID), bs.do(ctx, tx, s, b)
		}})
	return governance.BallotID(id), err
}

// RequestRecall asks that an open ballot is recalled, which another person of the council has to confirm. Errors: FORBIDDEN
// but for the council's secretary; CONFLICT once it is closed, past the charter's hours since its opening and while a
// request waits; INVALID for a ground that the charter does not list, and without a reason.
func (db *DB) RequestRecall(ctx context.Context, actor governance.Actor, in RequestRecallInput) (governance.BallotID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnBallot(ctx, actor, ballotStep{
		mutation: "requestRecall", rule: governance.RequestRecall, ballot: in.Ballot, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, b *Ballot) error {
			err := tx.askCorrection(ctx, b, correctionRequest{governance.CorrectionRecall, in.Ground, in.Reason})
			if err != nil {
				return err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "RECALL_REQUESTED", Object: Object{"BALLOT", string(b.ID)}, Role: s.actingRole(governance.RequestRecall),
				Digests: map[string]governance.Digest{b.subject(): b.Digest}, Words: map[string]string{"ground": in.Ground},
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// RecallBallot ends an open ballot without a count, as the second person, and sends a text back to the editors.
// Positions taken so far stay on record; what they say is no comment to answer, for the ballot was not lost by them.
// Errors: FORBIDDEN but for secretaries and representatives of the council, and for the person who asked; CONFLICT where
// nobody asked, past the charter's hours and once it is closed.
func (db *DB) RecallBallot(ctx context.Context, actor governance.Actor, in RecallBallotInput) (governance.BallotID, error) {
	return db.takeOnBallot(ctx, actor, ballotStep{
		mutation: "recallBallot", rule: governance.RecallBallot, ballot: in.Ballot, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, b *Ballot) error {
			c, err := tx.answerCorrection(ctx, b, governance.CorrectionRecall, governance.CorrectionIsConfirmed, "")
			if err != nil {
				return err
			}
			record, err := tx.endBallot(ctx, b, governance.OutcomeRecalled)
			if err != nil {
				return err
			}
			if err := tx.followRecall(ctx, b, c); err != nil {
				return fmt.Errorf("recall ballot %s: %w", b.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "BALLOT_RECALLED", Object: Object{"BALLOT", string(b.ID)}, Role: s.actingRole(governance.RecallBallot),
				Digests: map[string]governance.Digest{b.subject(): b.Digest, "record": record},
				Words:   map[string]string{"outcome": string(governance.OutcomeRecalled), "ground": c.Ground},
				Texts:   words("reason", c.Reason),
			})
			return err
		},
	})
}

// followRecall sends an edition whose text was voted on back to the editors. A charter stays proposed, and a matter open:
// either may be put to the vote again.
func (tx *Tx) followRecall(ctx context.Context, b *Ballot, c *Correction) error {
	if b.Kind != governance.BallotEdition {
		return nil
	}
	e, err := tx.edition(ctx, b.EditionID)
	if err != nil {
		return err
	}
	return tx.setStage(ctx, e, move{to: governance.StageDisposition, at: tx.now, reason: c.Reason})
}

// DeclineRecall ends a request to recall a ballot: the person who asked takes it back, another one declines it. Errors:
// FORBIDDEN but for secretaries and representatives of the council; CONFLICT where nobody asked; INVALID without a reason.
func (db *DB) DeclineRecall(ctx context.Context, actor governance.Actor, in DeclineRecallInput) (governance.BallotID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	return db.takeOnBallot(ctx, actor, ballotStep{
		mutation: "declineRecall", rule: governance.DeclineRecall, ballot: in.Ballot, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, b *Ballot) error {
			state, err := tx.declineCorrection(ctx, b, governance.CorrectionRecall, in.Reason)
			if err != nil {
				return err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "RECALL_" + string(state), Object: Object{"BALLOT", string(b.ID)}, Role: s.actingRole(governance.DeclineRecall),
				Digests: map[string]governance.Digest{b.subject(): b.Digest}, Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}
