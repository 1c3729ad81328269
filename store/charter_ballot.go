package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// OpenCharterBallot puts a proposed charter to the vote, under the charter in force: its rule, its electorate at its cut-off
// and its minimum days. What the check says of the proposal is frozen with it. Errors: NOT_FOUND; FORBIDDEN but for the
// council's secretary; CONFLICT where the proposal was decided on, has errors or another digest, where the council has no
// charter yet, another ballot on a charter is open or a chamber is empty; INVALID for a last day that is none or that is
// before the minimum days.
func (db *DB) OpenCharterBallot(ctx context.Context, actor governance.Actor, in OpenCharterBallotInput) (governance.BallotID, error) {
	if err := checkOpening(in.ID, in.ClosesOn); err != nil {
		return "", err
	}
	return takeOnCharter[governance.BallotID](ctx, db, actor, charterStep{
		mutation: "openCharterBallot", rule: governance.OpenCharterBallot, charter: in.Charter, key: in.IdempotencyKey, input: in,
		needs: func(tx *Tx, c *Charter) map[governance.Need]unmet {
			return map[governance.Need]unmet{governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) {
				under, err := tx.charterInForce(ctx, c.CouncilID)
				if err != nil {
					return nil, err
				}
				return tx.unmetBallotDays(under, in.ClosesOn)
			}}
		},
		do: func(ctx context.Context, tx *Tx, s subject, c *Charter) (string, error) {
			if refusal := unmetCharterDigest(c, in.Digest); refusal != nil {
				return "", refusal
			}
			under, err := tx.charterInForce(ctx, c.CouncilID)
			if err != nil {
				return "", err
			}
			id, err := tx.openBallot(ctx, s.actingRole(governance.OpenCharterBallot), motion{
				id: in.ID, kind: governance.BallotCharter, council: c.CouncilID, proposal: c.ID, digest: c.Digest,
				findings: c.Body.Check(), under: under, closesOn: in.ClosesOn,
			})
			return string(id), err
		},
	})
}

// decideCharter does what the outcome of a ballot on a charter says. Carried: it holds from this moment, and the one before
// it no more. Not carried: the proposal is refused. Where too few took part nothing is decided, and the proposal may be put
// to the vote again.
func (tx *Tx) decideCharter(ctx context.Context, b *Ballot, outcome governance.Outcome) error {
	proposal, err := tx.charter(ctx, b.ProposalID)
	if err != nil {
		return err
	}
	switch outcome {
	case governance.OutcomeCarried:
		return tx.adoptCharter(ctx, proposal)
	case governance.OutcomeNotCarried:
		if err := tx.endProposal(ctx, proposal, governance.CharterRefused, ""); err != nil {
			return err
		}
		_, err := tx.appendAct(ctx, Act{
			Type: "CHARTER_REFUSED", Object: Object{"CHARTER", string(proposal.ID)},
			Digests: map[string]governance.Digest{"proposal": proposal.Digest},
		})
		return err
	case governance.OutcomeInquorate, governance.OutcomeRecalled, governance.OutcomeSuperseded, governance.OutcomeAnnulled:
	}
	return nil
}

// adoptCharter is the clock's step: the proposal replaces the charter in force. Editions that were consulted on, and ballots
// that are open, keep the version that they have.
func (tx *Tx) adoptCharter(ctx context.Context, proposal *Charter) error {
	s, err := tx.charterSubject(ctx, governance.ClockActor, proposal)
	if err != nil {
		return err
	}
	if err := s.permit(ctx, governance.AdoptCharter); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		UPDATE charters
		SET state = 'REPLACED', replaced_at = $2
		WHERE council_id = $1 AND state = 'IN_FORCE'`, proposal.CouncilID, tx.now)
	if err != nil {
		return fmt.Errorf("replace the charter in force: %w", err)
	}
	return tx.putInForce(ctx, proposal, Act{Type: "CHARTER_ADOPTED"})
}
