package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Edition is a version of a specification as it is read.
type Edition struct {
	ID                   governance.EditionID
	SpecificationID      governance.SpecificationID
	CouncilID            governance.OrganizationID
	Number               string
	Stage                governance.Stage
	StageReason          string
	StageAt              time.Time
	Lead                 *Organization
	CharterID            governance.CharterID // empty before its first consultation
	Profile              string
	Class                governance.Class
	ClosedGroup          bool
	InvitedOnly          bool
	Consulted            bool
	HeadID               governance.RevisionID
	HeadDigest           governance.Digest
	CommentCount         int
	UnansweredCount      int
	OpenSuggestionCount  int
	ApprovedDigest       *governance.Digest
	ApprovedBallotID     governance.BallotID       // empty: none
	PublisherByLead      governance.OrganizationID // empty: none named
	PublisherBySecretary governance.OrganizationID // empty: none named
	CreatedAt            time.Time

	basedOn       governance.EditionID // empty: none
	specification *Specification       // where it was read along
	head          *Revision            // where it was read along
	viewer        *editionViewer       // where somebody was shown it
}

const editionColumns = `
	e.id,
	e.specification_id,
	s.council_id,
	e.number,
	e.stage,
	e.stage_reason,
	e.stage_at,
	e.lead_id,
	e.charter_id,
	e.profile,
	e.class,
	e.closed_group,
	e.invited_only,
	e.consulted,
	e.head_id,
	e.head_digest,
	e.comment_count,
	e.unanswered_count,
	e.open_suggestion_count,
	e.approved_digest,
	e.approved_ballot_id,
	e.publisher_by_lead,
	e.publisher_by_secretary,
	e.created_at,
	e.based_on`

// editionTables is what editionColumns are of.
const editionTables = ` FROM editions e JOIN specifications s ON s.id = e.specification_id `

// scanEdition reads editionColumns; the lead carries its id alone.
func scanEdition(row scanner) (*Edition, error) {
	e := Edition{Lead: &Organization{}}
	err := row.Scan(&e.ID, &e.SpecificationID, &e.CouncilID, &e.Number, &e.Stage, &e.StageReason, at(&e.StageAt),
		&e.Lead.ID, orEmpty(&e.CharterID), &e.Profile, &e.Class, &e.ClosedGroup, &e.InvitedOnly, &e.Consulted,
		&e.HeadID, &e.HeadDigest, &e.CommentCount, &e.UnansweredCount, &e.OpenSuggestionCount, orNil(&e.ApprovedDigest),
		orEmpty(&e.ApprovedBallotID), orEmpty(&e.PublisherByLead), orEmpty(&e.PublisherBySecretary), at(&e.CreatedAt),
		orEmpty(&e.basedOn))
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// edition reads an edition's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) edition(ctx context.Context, id governance.EditionID) (*Edition, error) {
	found, err := collect(ctx, q, scanEdition, `SELECT `+editionColumns+editionTables+`WHERE e.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read edition: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("edition", string(id))
	}
	return found[0], nil
}

// newestEditions reads, of each specification, the newest edition that the viewer may see.
func (q *Query) newestEditions(ctx context.Context, s standing, ids []governance.SpecificationID) (map[governance.SpecificationID]*Edition, error) {
	newest := make(map[governance.SpecificationID]*Edition, len(ids))
	for batch := range batches(ids) {
		editions, err := collect(ctx, q, scanEdition, `SELECT `+editionColumns+editionTables+`
			WHERE `+visibleTo(1)+` AND e.specification_id IN (`+placeholders(2, len(batch))+`)
			ORDER BY e.created_at, e.id`, append([]any{s.organization}, batch...)...)
		if err != nil {
			return nil, fmt.Errorf("read the newest editions: %w", err)
		}
		for _, e := range editions {
			newest[e.SpecificationID] = e
		}
	}
	return newest, nil
}

// Edition reads an edition. NOT_FOUND where the actor may not see it.
func (db *DB) Edition(ctx context.Context, actor governance.Actor, id governance.EditionID, fields Fields) (*Edition, error) {
	var e *Edition
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if e, err = q.edition(ctx, id); err != nil {
			return err
		}
		if err := q.showEdition(ctx, s, e); err != nil {
			return err
		}
		return q.fillEditions(ctx, s, fields, e)
	})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// EditionsByID reads those of the editions that the actor may see, in the order of the ids, nil for the others.
func (db *DB) EditionsByID(ctx context.Context, actor governance.Actor, ids []governance.EditionID) ([]*Edition, error) {
	found := make(map[governance.EditionID]*Edition, len(ids))
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		var all []*Edition
		for batch := range batches(ids) {
			editions, err := collect(ctx, q, scanEdition, `SELECT `+editionColumns+editionTables+`
				WHERE `+visibleTo(1)+` AND e.id IN (`+placeholders(2, len(batch))+`)`, append([]any{s.organization}, batch...)...)
			if err != nil {
				return fmt.Errorf("read editions: %w", err)
			}
			all = append(all, editions...)
		}
		for _, e := range all {
			found[e.ID] = e
		}
		return q.fillEditions(ctx, s, nil, all...)
	})
	if err != nil {
		return nil, err
	}
	editions := make([]*Edition, len(ids))
	for i, id := range ids {
		editions[i] = found[id]
	}
	return editions, nil
}

// EditionsOf reads the editions of a specification that the actor may see, the newest first.
func (db *DB) EditionsOf(ctx context.Context, actor governance.Actor, specification *Specification, fields Fields) ([]*Edition, error) {
	var editions []*Edition
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		editions, err = collect(ctx, q, scanEdition, `SELECT `+editionColumns+editionTables+`
			WHERE `+visibleTo(1)+` AND e.specification_id = $2
			ORDER BY e.created_at DESC, e.id DESC`, s.organization, specification.ID)
		if err != nil {
			return fmt.Errorf("read the editions of %s: %w", specification.ID, err)
		}
		return q.fillEditions(ctx, s, fields, editions...)
	})
	return editions, err
}

// NewestEdition reads the newest edition of a specification that the actor may see; nil where there is none.
func (db *DB) NewestEdition(ctx context.Context, actor governance.Actor, specification *Specification, fields Fields) (*Edition, error) {
	if specification.newest != nil {
		return specification.newest, nil
	}
	var e *Edition
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		newest, err := q.newestEditions(ctx, s, []governance.SpecificationID{specification.ID})
		if err != nil {
			return err
		}
		e = newest[specification.ID]
		return q.fillEditions(ctx, s, fields, e)
	})
	return e, err
}

// fillEditions completes editions that the viewer may see: their leads, and their head revisions where they are wanted.
// Nil editions are passed over.
func (q *Query) fillEditions(ctx context.Context, s standing, fields Fields, editions ...*Edition) error {
	leads := make([]*Organization, 0, len(editions))
	for _, e := range editions {
		if e != nil {
			leads = append(leads, e.Lead)
		}
	}
	if fields.Has("head") {
		if err := q.fillHeads(ctx, s, fields.Of("head"), editions); err != nil {
			return err
		}
	}
	return q.fillOrganizations(ctx, leads...)
}

// EditionPermissions says which steps the actor may take on an edition that it was shown, and why not the others.
func (db *DB) EditionPermissions(ctx context.Context, actor governance.Actor, e *Edition) ([]*Permission, error) {
	var permissions []*Permission
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.editionSubject(ctx, actor, e)
		if err != nil {
			return err
		}
		permissions, err = s.viewerMay(ctx)
		return err
	})
	return permissions, err
}

// PublisherOf answers the organization that publishes an edition that the actor was shown; nil while there is none.
func (db *DB) PublisherOf(ctx context.Context, e *Edition) (*Organization, error) {
	var publisher *Organization
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		id, err := q.publisherOf(ctx, e)
		if err != nil || id == "" {
			return err
		}
		publisher = &Organization{ID: id}
		return q.fillOrganizations(ctx, publisher)
	})
	return publisher, err
}
