package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Withdrawal is a publisher's request that its publication be withdrawn, and what became of it.
type Withdrawal struct {
	Organization *Organization
	State        governance.WithdrawalState
	Reason       string
	Answer       string // the council's, where it said something
	AskedAt      time.Time
	SettledAt    *time.Time
}

// WithdrawalsOf reads the requests to withdraw a publication, the newest first: public, as the publication is.
func (db *DB) WithdrawalsOf(ctx context.Context, publication governance.PublicationID) (withdrawals []*Withdrawal, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		withdrawals, err = collect(ctx, q, func(row scanner) (*Withdrawal, error) {
			w := Withdrawal{Organization: &Organization{}}
			return &w, row.Scan(&w.Organization.ID, &w.State, &w.Reason, &w.Answer, at(&w.AskedAt), atOrNil(&w.SettledAt))
		}, `
			SELECT organization_id, state, reason, answer, asked_at, settled_at
			FROM withdrawals
			WHERE publication_id = $1
			ORDER BY number DESC`, publication)
		if err != nil {
			return fmt.Errorf("read the requests to withdraw %s: %w", publication, err)
		}
		organizations := make([]*Organization, len(withdrawals))
		for i, w := range withdrawals {
			organizations[i] = w.Organization
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	return withdrawals, err
}

// withdrawalAsked says whether a request to withdraw the edition's publication waits for the council.
func (q *Query) withdrawalAsked(ctx context.Context, e *Edition) (bool, error) {
	asked, err := q.exists(ctx, `
		SELECT 1
		FROM withdrawals w
		JOIN publications p ON p.id = w.publication_id
		WHERE p.edition_id = $1 AND w.state = 'ASKED'`, e.ID)
	if err != nil {
		return false, fmt.Errorf("look for a request to withdraw %s: %w", e.ID, err)
	}
	return asked, nil
}

func (q *Query) unmetWithdrawalAsked(ctx context.Context, e *Edition) (*governance.Error, error) {
	asked, err := q.withdrawalAsked(ctx, e)
	if err != nil || asked {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "withdrawal-unasked", "No request for withdrawal waits for the council."), nil
}

func (q *Query) unmetWithdrawalUnasked(ctx context.Context, e *Edition) (*governance.Error, error) {
	asked, err := q.withdrawalAsked(ctx, e)
	if err != nil || !asked {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "withdrawal-asked", "A request for withdrawal waits for the council already."), nil
}

// unmetWithdrawalGround refuses to withdraw what its publisher has not asked to withdraw, as long as it could.
func (q *Query) unmetWithdrawalGround(ctx context.Context, e *Edition) (*governance.Error, error) {
	refusal, err := q.unmetWithdrawalAsked(ctx, e)
	if err != nil || refusal == nil {
		return nil, err
	}
	gone, err := q.publisherGone(ctx, e)
	if err != nil || gone {
		return nil, err
	}
	return governance.Refuse(governance.CodeConflict, "withdrawal-unasked",
		"The publisher has not asked for the withdrawal, and is there to ask. Suspend the publication if it cannot wait."), nil
}

// publisherGone says whether nobody can ask for the withdrawal in the publisher's name: the organization is suspended, as a
// whole or on the council's roll, or nobody holds its role PUBLISHER now.
func (q *Query) publisherGone(ctx context.Context, e *Edition) (bool, error) {
	there, err := q.exists(ctx, `
		SELECT 1
		FROM publications p
		JOIN organizations o ON o.id = p.organization_id
		JOIN mandates m ON m.organization_id = o.id
		WHERE p.edition_id = $1 AND o.suspended = 0 AND m.role = 'PUBLISHER' AND `+standingHolder+`
			AND NOT EXISTS (
				SELECT 1
				FROM roll_entries r
				WHERE r.council_id = $3 AND r.organization_id = o.id AND r.state = 'SUSPENDED'
			)`, e.ID, q.now, e.CouncilID)
	if err != nil {
		return false, fmt.Errorf("look whether the publisher of %s is there: %w", e.ID, err)
	}
	return !there, nil
}
