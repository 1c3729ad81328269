package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// RecordReview records what the review of a publication says, where the charter in force leaves that to the secretary. One that
// says WITHDRAW withdraws it, where the secretary may do that. Errors: NOT_FOUND; FORBIDDEN but for the secretary; CONFLICT
// for the stage, where a ballot decides on reviews, and as for ConfirmWithdrawal; INVALID without a reason, for another
// outcome, and for a date that CheckReview refuses.
func (db *DB) RecordReview(ctx context.Context, actor governance.Actor, in RecordReviewInput) (governance.EditionID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "recordReview", rule: governance.RecordReview, edition: in.Edition, key: in.IdempotencyKey, input: in,
		withNeeds: true,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			charter, err := tx.charterInForce(ctx, e.CouncilID)
			if err != nil {
				return "", err
			}
			today, err := charter.Body.Calendar.DateOf(tx.now)
			if err != nil {
				return "", fmt.Errorf("find today's date: %w", errStored{err})
			}
			if err := governance.CheckReview(in.Outcome, in.NextReviewOn, today); err != nil {
				return "", err
			}
			if in.Outcome == governance.ReviewWithdraw {
				if err := s.permit(ctx, governance.ConfirmWithdrawal); err != nil {
					return "", err
				}
			}
			return string(e.ID), tx.review(ctx, e, reviewed{
				outcome: in.Outcome, reason: in.Reason, next: in.NextReviewOn, role: s.actingRole(governance.RecordReview),
			})
		},
	})
	return governance.EditionID(id), err
}

// OpenReviewBallot puts it to the vote what the review of a publication says, under the charter in force. Errors as for
// OpenWithdrawalBallot, with reviews in the place of withdrawals; INVALID for another outcome, and for a date of the next
// review that CheckReview refuses or that is not after the ballot.
func (db *DB) OpenReviewBallot(ctx context.Context, actor governance.Actor, in OpenReviewBallotInput) (governance.BallotID, error) {
	if err := governance.CheckReview(in.Outcome, in.NextReviewOn, in.ClosesOn); err != nil {
		return "", err
	}
	return db.putPublicationToVote(ctx, actor, publicationQuestion{
		mutation: "openReviewBallot", rule: governance.OpenReviewBallot, edition: in.Edition, key: in.IdempotencyKey,
		input: in, id: in.ID, closesOn: in.ClosesOn, reason: in.Reason,
		matter: governance.Matter{Kind: governance.MatterReview, Outcome: in.Outcome, NextReview: in.NextReviewOn},
	})
}

// decideReviewByBallot records the review that a ballot carried. One that failed leaves the publication as it is, and its
// review due: another outcome may be put to the vote.
func (tx *Tx) decideReviewByBallot(ctx context.Context, b *Ballot, e *Edition, m *Matter, result governance.TallyResult) error {
	if result.Outcome != governance.OutcomeCarried {
		return nil
	}
	r := reviewed{outcome: *m.Outcome, reason: m.Reason, decision: reasonOf("review", result), ballot: b.ID}
	if m.NextReviewOn != nil {
		r.next = *m.NextReviewOn
	}
	return tx.review(ctx, e, r)
}

// reviewed is what a review says, and who said it.
type reviewed struct {
	outcome  governance.ReviewOutcome
	reason   string
	next     governance.Date     // empty: no review is due any more
	decision string              // the count of the ballot, where there was one
	ballot   governance.BallotID // empty: the secretary recorded it
	role     governance.Role     // in which somebody recorded it; empty: the clock did
}

// reviewActs are the acts by what the review says.
var reviewActs = map[governance.ReviewOutcome]string{
	governance.ReviewConfirm:  "REVIEW_CONFIRMED",
	governance.ReviewRevise:   "REVISION_ASKED",
	governance.ReviewWithdraw: "REVIEW_WITHDREW",
}

// review records a review, sets the date of the next one and withdraws what is to be withdrawn. The step that calls it has
// locked what withdrawPublication wants locked.
func (tx *Tx) review(ctx context.Context, e *Edition, r reviewed) error {
	p, err := tx.publicationOf(ctx, e.ID)
	if err != nil {
		return err
	}
	var person governance.PersonID
	if r.ballot == "" {
		person = tx.actor.Person
	}
	_, err = tx.exec(ctx, `
		INSERT INTO reviews (publication_id, number, outcome, reason, next_review_on, ballot_id, person_id, reviewed_at)
		VALUES ($1, (SELECT COUNT(*) + 1 FROM reviews WHERE publication_id = $1), $2, $3, $4, $5, $6, $7)`,
		p.ID, r.outcome, r.reason, orNull(r.next), orNull(r.ballot), orNull(person), tx.now)
	if err != nil {
		return fmt.Errorf("insert review: %w", err)
	}
	if err := tx.setReviewDue(ctx, e, r.next); err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: reviewActs[r.outcome], Object: Object{"PUBLICATION", string(p.ID)}, Role: r.role, Root: rootOver(e.CouncilID, e),
		Digests: map[string]governance.Digest{"document": p.Digest},
		Words: said(map[string]string{
			"edition": string(e.ID), "outcome": string(r.outcome), "nextReviewOn": string(r.next), "ballot": string(r.ballot),
		}),
		Texts: said(map[string]string{"reason": r.reason, "decision": r.decision}),
	})
	if err != nil || r.outcome != governance.ReviewWithdraw {
		return err
	}
	return tx.withdrawPublication(ctx, e, withdrawal{reason: r.reason, decision: r.decision, role: r.role, answer: r.decision})
}

// setReviewDue sets until when an edition's publication is reviewed next; an empty date: it is not due. The day ends by the
// calendar of the charter in force.
func (tx *Tx) setReviewDue(ctx context.Context, e *Edition, next governance.Date) error {
	var due any
	if next != "" {
		charter, err := tx.charterInForce(ctx, e.CouncilID)
		if err != nil {
			return err
		}
		if due, err = charter.Body.Calendar.Deadline(next); err != nil {
			return fmt.Errorf("find when the review is due: %w", errStored{err})
		}
	}
	_, err := tx.exec(ctx, `UPDATE publications SET review_on = $2, review_due_at = $3 WHERE edition_id = $1`, e.ID, orNull(next), due)
	if err != nil {
		return fmt.Errorf("set when the review of %s is due: %w", e.ID, err)
	}
	return nil
}
