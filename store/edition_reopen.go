package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// balloted reads the ballot that a reopening of the edition takes back: the one that is open on it, else the one that
// approved it; nil where there is neither.
func (q *Query) balloted(ctx context.Context, e *Edition) (*Ballot, error) {
	found, err := collect(ctx, q, q.scanBallot, `
		SELECT `+ballotColumns+`
		FROM ballots
		WHERE edition_id = $1 AND kind = 'EDITION' AND (state = 'OPEN' OR id = $2)
		ORDER BY CASE state WHEN 'OPEN' THEN 0 ELSE 1 END
		LIMIT 1`, e.ID, e.ApprovedBallotID)
	if err != nil {
		return nil, fmt.Errorf("look for the ballot on edition %s: %w", e.ID, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// RequestReopening asks that a text which is balloted, approved or endorsed is reopened, which another person of the
// council has to confirm. Errors: FORBIDDEN but for the council's secretary; CONFLICT in other stages, past the charter's
// hours since the ballot's opening, or since its close, and while a request waits; INVALID for a ground that the charter
// does not list, and without a reason.
func (db *DB) RequestReopening(ctx context.Context, actor governance.Actor, in RequestReopeningInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "requestReopening", rule: governance.RequestReopening, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			b, err := tx.balloted(ctx, e)
			if err != nil {
				return "", err
			}
			err = tx.askCorrection(ctx, b, correctionRequest{governance.CorrectionReopening, in.Ground, in.Reason})
			if err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "REOPENING_REQUESTED", Object: Object{"EDITION", string(e.ID)}, Role: s.actingRole(governance.RequestReopening),
				Digests: map[string]governance.Digest{"document": b.Digest},
				Words:   map[string]string{"ballot": string(b.ID), "ground": in.Ground}, Texts: words("reason", in.Reason),
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}

// ReopenText sends a text which is balloted, approved or endorsed back to the editors, as the second person. An open
// ballot becomes SUPERSEDED; a closed one keeps its outcome and approves this edition no more; endorsements asked for or
// given lapse, for they bind to the digest. Errors: FORBIDDEN but for secretaries and representatives of the council, and
// for the person who asked; CONFLICT where nobody asked or the request lapsed, past the charter's hours and in other stages.
func (db *DB) ReopenText(ctx context.Context, actor governance.Actor, in ReopenTextInput) (governance.EditionID, error) {
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "reopenText", rule: governance.ReopenText, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			b, err := tx.balloted(ctx, e)
			if err != nil {
				return "", err
			}
			c, err := tx.answerCorrection(ctx, b, governance.CorrectionReopening, governance.CorrectionIsConfirmed, "")
			if err != nil {
				return "", err
			}
			if err := tx.reopen(ctx, e, c); err != nil {
				return "", fmt.Errorf("reopen edition %s: %w", e.ID, err)
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "TEXT_REOPENED", Object: Object{"EDITION", string(e.ID)}, Role: s.actingRole(governance.ReopenText),
				Digests: map[string]governance.Digest{"document": b.Digest},
				Words:   map[string]string{"ballot": string(b.ID), "ground": c.Ground}, Texts: words("reason", c.Reason),
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}

// reopen takes back what hangs on the balloted digest, and moves the edition.
func (tx *Tx) reopen(ctx context.Context, e *Edition, c *Correction) error {
	if err := tx.endOpenBallot(ctx, e, governance.OutcomeSuperseded); err != nil {
		return err
	}
	if err := tx.lapseEndorsements(ctx, e); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE editions SET approved_digest = NULL, approved_ballot_id = NULL WHERE id = $1`, e.ID)
	if err != nil {
		return fmt.Errorf("take the approval back: %w", err)
	}
	return tx.setStage(ctx, e, move{to: governance.StageDisposition, at: tx.now, reason: c.Reason})
}

// lapseEndorsements lets the endorsements of the edition that are asked for or stand lapse, each with an act.
func (tx *Tx) lapseEndorsements(ctx context.Context, e *Edition) error {
	lapsed, err := collect(ctx, tx.Query, scanStatement, `
		SELECT `+statementColumns+`
		FROM statements
		WHERE edition_id = $1 AND kind = 'ENDORSEMENT' AND lapsed_at IS NULL
			AND (state = 'ASKED' OR state = 'GIVEN' AND (valid_until IS NULL OR valid_until > $2))
		ORDER BY created_at, id`, e.ID, tx.now)
	if err != nil {
		return fmt.Errorf("read the endorsements: %w", err)
	}
	for _, s := range lapsed {
		if _, err := tx.exec(ctx, `UPDATE statements SET lapsed_at = $2 WHERE id = $1`, s.ID, tx.now); err != nil {
			return fmt.Errorf("let endorsement %s lapse: %w", s.ID, err)
		}
		_, err := tx.appendAct(ctx, Act{
			Type: "ENDORSEMENT_LAPSED", Object: Object{"STATEMENT", string(s.ID)},
			Digests: map[string]governance.Digest{"document": s.Digest}, Words: map[string]string{"state": string(s.State)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DeclineReopening ends a request to reopen a text: the person who asked takes it back, another one declines it. Errors:
// FORBIDDEN but for secretaries and representatives of the council; CONFLICT where nobody asked; INVALID without a reason.
func (db *DB) DeclineReopening(ctx context.Context, actor governance.Actor, in DeclineReopeningInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "declineReopening", rule: governance.DeclineReopening, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			b, err := tx.balloted(ctx, e)
			if err != nil {
				return "", err
			}
			state, err := tx.declineCorrection(ctx, b, governance.CorrectionReopening, in.Reason)
			if err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "REOPENING_" + string(state), Object: Object{"EDITION", string(e.ID)},
				Role:    s.actingRole(governance.DeclineReopening),
				Digests: map[string]governance.Digest{"document": b.Digest}, Words: map[string]string{"ballot": string(b.ID)},
				Texts: words("reason", in.Reason),
			})
			return string(e.ID), err
		},
	})
	return governance.EditionID(id), err
}
