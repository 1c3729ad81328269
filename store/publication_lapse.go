package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// The acts on a publication that lacks an endorsement which its charter asks for.
const (
	actPublicationLapsed = "PUBLICATION_LAPSED"
	actPublicationHealed = "PUBLICATION_HEALED"
)

// weighPublication lets a published edition's publication lapse from now on where an endorsement that its charter asks for
// is missing, and ends that where none is. Whoever counts counts by its chamber at this moment.
func (tx *Tx) weighPublication(ctx context.Context, e *Edition, endorsed bool) error {
	p, err := tx.publicationOf(ctx, e.ID)
	if err != nil {
		return err
	}
	if p.Lapsed() != endorsed {
		return nil
	}
	act, text := actPublicationLapsed, `
		INSERT INTO publication_lapses (publication_id, number, lapsed_at)
		SELECT $1, COUNT(*) + 1, $2
		FROM publication_lapses
		WHERE publication_id = $1`
	if endorsed {
		act, text = actPublicationHealed, `UPDATE publication_lapses SET healed_at = $2 WHERE publication_id = $1 AND healed_at IS NULL`
	}
	if _, err := tx.exec(ctx, text, p.ID, tx.now); err != nil {
		return fmt.Errorf("keep that publication %s lapsed, or is whole again: %w", p.ID, err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: act, Object: Object{"PUBLICATION", string(p.ID)}, Root: root{rootSpecification, string(e.SpecificationID)},
		Digests: map[string]governance.Digest{"document": p.Digest}, Words: map[string]string{"edition": string(e.ID)},
	})
	return err
}
