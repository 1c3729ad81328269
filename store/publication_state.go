package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// movePublication moves a published edition and its publication, whose state is the edition's stage.
func (tx *Tx) movePublication(ctx context.Context, e *Edition, m move) error {
	if err := tx.setStage(ctx, e, m); err != nil {
		return err
	}
	returnsTo := ""
	if m.to == governance.StageSuspended {
		returnsTo = string(e.Stage)
	}
	changed, err := tx.exec(ctx, `UPDATE publications SET state = $2, returns_to = $3 WHERE edition_id = $1`,
		e.ID, m.to, orNull(returnsTo))
	if err != nil {
		return fmt.Errorf("move the publication of %s to %s: %w", e.ID, m.to, err)
	}
	if changed == 0 {
		return fmt.Errorf("edition %s is %s and has no publication", e.ID, e.Stage)
	}
	return nil
}

// SuspendPublication takes a publication out of the register for the time being, on a decision of the council. Its dates
// stand. Errors: NOT_FOUND; FORBIDDEN but for the secretary; CONFLICT for the stage; INVALID without reason and decision.
func (db *DB) SuspendPublication(ctx context.Context, actor governance.Actor, in SuspendPublicationInput) (governance.EditionID, error) {
	return db.movePublicationByDecision(ctx, actor, in.Reason, in.Decision, editionStep{
		mutation: "suspendPublication", rule: governance.SuspendPublication, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			m := move{to: governance.StageSuspended, at: tx.now, reason: in.Reason, decision: in.Decision}
			return string(e.ID), tx.movePublicationWithAct(ctx, e, m, s.actingRole(governance.SuspendPublication), "PUBLICATION_SUSPENDED")
		},
	})
}

// ReinstatePublication puts a suspended publication back where it was, or to SUPERSEDED where a later edition was
// published meanwhile. Errors as for SuspendPublication.
func (db *DB) ReinstatePublication(ctx context.Context, actor governance.Actor, in ReinstatePublicationInput) (governance.EditionID, error) {
	return db.movePublicationByDecision(ctx, actor, in.Reason, in.Decision, editionStep{
		mutation: "reinstatePublication", rule: governance.ReinstatePublication, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			p, err := tx.publicationOf(ctx, e.ID)
			if err != nil {
				return "", err
			}
			m := move{to: governance.Stage(p.returnsTo), at: tx.now, reason: in.Reason, decision: in.Decision}
			return string(e.ID), tx.movePublicationWithAct(ctx, e, m, s.actingRole(governance.ReinstatePublication), "PUBLICATION_REINSTATED")
		},
	})
}

func (db *DB) movePublicationByDecision(
	ctx context.Context, actor governance.Actor, reason, decision string, es editionStep,
) (governance.EditionID, error) {
	if err := checkReason("input.reason", reason); err != nil {
		return "", err
	}
	if err := checkReason("input.decision", decision); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, es)
	return governance.EditionID(id), err
}

// movePublicationWithAct moves a published edition and its publication and tells of it.
func (tx *Tx) movePublicationWithAct(ctx context.Context, e *Edition, m move, role governance.Role, act string) error {
	p, err := tx.publicationOf(ctx, e.ID)
	if err != nil {
		return err
	}
	if err := tx.movePublication(ctx, e, m); err != nil {
		return err
	}
	_, err = tx.appendAct(ctx, Act{
		Type: act, Object: Object{"PUBLICATION", string(p.ID)}, Role: role, Root: root{rootSpecification, string(e.SpecificationID)},
		Digests: map[string]governance.Digest{"document": p.Digest},
		Words:   map[string]string{"edition": string(e.ID), "from": string(e.Stage), "to": string(m.to)},
		Texts:   said(map[string]string{"reason": m.reason, "decision": m.decision}),
	})
	return err
}

// withdrawal is on what a publication is withdrawn.
type withdrawal struct {
	reason   string
	decision string          // of the council, where there was one: a ballot
	role     governance.Role // in which somebody did it; empty: the clock did
	answer   string          // to the publisher's request, if one waits
}

// withdrawPublication takes a publication out of the register for good: its dates stand, a request for its withdrawal is
// confirmed, ballots on the publication end, and needs that nothing else answers are ACCEPTED again. The step that calls it has locked rootsOfEdition with the needs,
// and has made sure that the edition is PUBLISHED, SUPERSEDED or SUSPENDED.
func (tx *Tx) withdrawPublication(ctx context.Context, e *Edition, w withdrawal) error {
	err := tx.settleWithdrawal(ctx, e, governance.WithdrawalConfirmed, w.answer)
	if err != nil {
		return err
	}
	if err := tx.endOpenBallot(ctx, e, governance.OutcomeSuperseded); err != nil {
		return err
	}
	m := move{to: governance.StageWithdrawn, at: tx.now, reason: w.reason, decision: w.decision}
	if err := tx.movePublicationWithAct(ctx, e, m, w.role, "PUBLICATION_WITHDRAWN"); err != nil {
		return err
	}
	return tx.unaddressNeeds(ctx, e)
}

// unaddressNeeds moves the needs that only a withdrawn publication answered back to ACCEPTED, each with an act of its own.
func (tx *Tx) unaddressNeeds(ctx context.Context, e *Edition) error {
	needs, err := tx.needsBehind(ctx, e.SpecificationID)
	if err != nil {
		return err
	}
	for _, need := range needs {
		changed, err := tx.exec(ctx, `
			UPDATE needs
			SET stage = 'ACCEPTED', stage_reason = $2
			WHERE id = $1 AND stage = 'ADDRESSED' AND NOT EXISTS (
				SELECT 1
				FROM specification_needs n
				JOIN publications p ON p.specification_id = n.specification_id
				WHERE n.need_id = $1 AND p.state <> 'WITHDRAWN'
			)`, need, "Edition "+e.Number+" of the specification that answered it was withdrawn.")
		if err != nil {
			return fmt.Errorf("accept need %s again: %w", need, err)
		}
		if changed == 0 {
			continue
		}
		_, err = tx.appendAct(ctx, Act{
			Type: "NEED_UNADDRESSED", Object: Object{"NEED", string(need)}, Root: root{rootNeed, string(need)},
			Words: map[string]string{"edition": string(e.ID)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
