package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// publicationQuestion is what the secretary asks about a publication.
type publicationQuestion struct {
	mutation string
	rule     governance.Step
	edition  governance.EditionID
	key      string // the client's idempotency key
	input    any    // of the mutation, with the key

	id       governance.BallotID // empty: it gets one
	closesOn governance.Date
	reason   string
	matter   governance.Matter // its kind, and what a review proposes
}

// OpenWithdrawalBallot puts it to the vote whether a publication is withdrawn, under the charter in force. Errors: NOT_FOUND;
// FORBIDDEN but for the council's secretary; CONFLICT for the stage, where the charter in force leaves withdrawals to the
// secretary, while a ballot on the publication is open, and for an empty chamber; INVALID without a reason, and for a last
// day that is none or that is before the charter's minimum days.
func (db *DB) OpenWithdrawalBallot(ctx context.Context, actor governance.Actor, in OpenWithdrawalBallotInput) (governance.BallotID, error) {
	return db.putPublicationToVote(ctx, actor, publicationQuestion{
		mutation: "openWithdrawalBallot", rule: governance.OpenWithdrawalBallot, edition: in.Edition, key: in.IdempotencyKey,
		input: in, id: in.ID, closesOn: in.ClosesOn, reason: in.Reason,
		matter: governance.Matter{Kind: governance.MatterWithdrawal},
	})
}

// putPublicationToVote asks a question under the charter in force: the edition may keep one whose chambers nobody sits in
// any more.
func (db *DB) putPublicationToVote(ctx context.Context, actor governance.Actor, asked publicationQuestion) (governance.BallotID, error) {
	if err := checkOpening(asked.id, asked.closesOn); err != nil {
		return "", err
	}
	if err := checkReason("input.reason", asked.reason); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: asked.mutation, rule: asked.rule, edition: asked.edition, key: asked.key, input: asked.input, withRoll: true,
		needs: func(tx *Tx, _ standing, e *Edition) map[governance.Need]unmet {
			return map[governance.Need]unmet{governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) {
				under, err := tx.charterInForce(ctx, e.CouncilID)
				if err != nil {
					return nil, err
				}
				return tx.unmetBallotDays(under, asked.closesOn)
			}}
		},
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			return tx.openPublicationBallot(ctx, s.actingRole(asked.rule), e, asked)
		},
	})
	return governance.BallotID(id), err
}

func (tx *Tx) openPublicationBallot(ctx context.Context, role governance.Role, e *Edition, asked publicationQuestion) (string, error) {
	p, err := tx.publicationOf(ctx, e.ID)
	if err != nil {
		return "", err
	}
	under, err := tx.charterInForce(ctx, e.CouncilID)
	if err != nil {
		return "", err
	}
	m := asked.matter
	m.Council, m.Edition, m.Document, m.Object = e.CouncilID, e.ID, p.Digest, string(p.ID)
	matter, digest, err := tx.state(ctx, m, words("reason", asked.reason))
	if err != nil {
		return "", err
	}
	id, err := tx.openBallot(ctx, role, motion{
		id: asked.id, kind: governance.BallotMatter, council: e.CouncilID, edition: e, matter: matter, digest: digest,
		under: under, closesOn: asked.closesOn,
	})
	return string(id), err
}

// decideWithdrawalByBallot does what the outcome of a ballot on a withdrawal says. Carried, the publication is withdrawn for
// the reason that was given, with the count as the council's decision. Not carried, it stands, and a request of its publisher
// is declined. Where too few took part nothing is decided.
func (tx *Tx) decideWithdrawalByBallot(ctx context.Context, e *Edition, m *Matter, result governance.TallyResult) error {
	state, decided := governance.WithdrawalAfter(result.Outcome)
	if !decided {
		return nil
	}
	count := reasonOf("withdrawal", result)
	if state == governance.WithdrawalConfirmed {
		return tx.withdrawPublication(ctx, e, withdrawal{reason: m.Reason, decision: count, answer: count})
	}
	asked, err := tx.withdrawalAsked(ctx, e)
	if err != nil || !asked {
		return err
	}
	if err := tx.settleWithdrawal(ctx, e, state, count); err != nil {
		return err
	}
	return tx.tellWithdrawal(ctx, e, "", actWithdrawalDeclined, count)
}

// publicationNeeds looks at the conditions of steps on a publication that go by the charter in force.
func (q *Query) publicationNeeds(e *Edition) map[governance.Need]unmet {
	decided := func(by func(governance.Charter) governance.PublicationDecider, ballots bool, refusal *governance.Error) unmet {
		return func(ctx context.Context) (*governance.Error, error) {
			charter, err := q.charterInForce(ctx, e.CouncilID)
			if err != nil {
				return nil, err
			}
			if charter == nil {
				return refuseWithoutCharter(), nil
			}
			if (by(charter.Body) == governance.PublicationsByMatterBallot) == ballots {
				return nil, nil
			}
			return refusal, nil
		}
	}
	return map[governance.Need]unmet{
		governance.NeedWithdrawalsBySecretary: decided(withdrawalsBy, false, governance.Refuse(governance.CodeConflict, "withdrawals-by-ballot",
			"By the charter in force a ballot decides on withdrawals.")),
		governance.NeedWithdrawalsByBallot: decided(withdrawalsBy, true, governance.Refuse(governance.CodeConflict, "withdrawals-by-secretary",
			"By the charter in force the secretary decides on withdrawals.")),
		governance.NeedReviewsBySecretary: decided(reviewsBy, false, governance.Refuse(governance.CodeConflict, "reviews-by-ballot",
			"By the charter in force a ballot decides on reviews.")),
		governance.NeedReviewsByBallot: decided(reviewsBy, true, governance.Refuse(governance.CodeConflict, "reviews-by-secretary",
			"By the charter in force the secretary records reviews.")),
		governance.NeedNotBalloted: func(ctx context.Context) (*governance.Error, error) { return q.unmetPublicationNotBalloted(ctx, e) },
		governance.NeedElectorsNow: func(ctx context.Context) (*governance.Error, error) {
			charter, err := q.charterInForce(ctx, e.CouncilID)
			if err != nil {
				return nil, err
			}
			return q.unmetElectors(ctx, e.CouncilID, charter)
		},
	}
}

func withdrawalsBy(c governance.Charter) governance.PublicationDecider { return c.WithdrawalsDecidedBy }
func reviewsBy(c governance.Charter) governance.PublicationDecider     { return c.ReviewsDecidedBy }

// openPublicationBallots are the ballots that are open on the publication of the edition whose id follows.
const openPublicationBallots = `
		SELECT 1
		FROM ballots b
		JOIN matters m ON m.id = b.matter_id
		WHERE b.state = 'OPEN' AND m.kind IN ('WITHDRAWAL', 'REVIEW') AND b.edition_id = `

// unmetPublicationNotBalloted refuses a second ballot on a publication.
func (q *Query) unmetPublicationNotBalloted(ctx context.Context, e *Edition) (*governance.Error, error) {
	open, err := q.exists(ctx, openPublicationBallots+`$1`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("look for a ballot on the publication of %s: %w", e.ID, err)
	}
	if !open {
		return nil, nil
	}
	return governance.Refuse(governance.CodeConflict, "matter-ballot-open", "A ballot on the publication is open."), nil
}
