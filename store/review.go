package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Review is the review of a publication, as it is read. The council reviewed: by a ballot, or by its secretary.
type Review struct {
	Council      *Organization
	Outcome      governance.ReviewOutcome
	Reason       string
	NextReviewOn *governance.Date    // the last day, in the council's zone
	BallotID     governance.BallotID // that decided; empty: the secretary recorded it
	ReviewedAt   time.Time
}

// ReviewsOf reads the reviews of a publication, the newest first: public, as the publication is.
func (db *DB) ReviewsOf(ctx context.Context, publication governance.PublicationID) (reviews []*Review, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		reviews, err = collect(ctx, q, func(row scanner) (*Review, error) {
			r := Review{Council: &Organization{}}
			return &r, row.Scan(&r.Council.ID, &r.Outcome, &r.Reason, orNil(&r.NextReviewOn), orEmpty(&r.BallotID), at(&r.ReviewedAt))
		}, `
			SELECT s.council_id, v.outcome, v.reason, v.next_review_on, v.ballot_id, v.reviewed_at
			FROM reviews v
			JOIN publications p ON p.id = v.publication_id
			JOIN specifications s ON s.id = p.specification_id
			WHERE v.publication_id = $1
			ORDER BY v.number DESC`, publication)
		if err != nil {
			return fmt.Errorf("read the reviews of %s: %w", publication, err)
		}
		councils := make([]*Organization, len(reviews))
		for i, r := range reviews {
			councils[i] = r.Council
		}
		return q.fillOrganizations(ctx, councils...)
	})
	return reviews, err
}
