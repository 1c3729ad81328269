package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Node is anything with an id of its own: what node(id:) can answer.
type Node interface{ IsNode() }

// IsNode says that it has an id of its own.
func (*Organization) IsNode() {}

// IsNode says that it has an id of its own.
func (*Mandate) IsNode() {}

// IsNode says that it has an id of its own.
func (*MandateInvitation) IsNode() {}

// IsNode says that it has an id of its own.
func (*Person) IsNode() {}

// IsNode says that it has an id of its own.
func (*Council) IsNode() {}

// IsNode says that it has an id of its own.
func (*RollEntry) IsNode() {}

// IsNode says that it has an id of its own.
func (*RollApplication) IsNode() {}

// IsNode says that it has an id of its own.
func (*Charter) IsNode() {}

// IsNode says that it has an id of its own.
func (*Need) IsNode() {}

// IsNode says that it has an id of its own.
func (*Specification) IsNode() {}

// IsNode says that it has an id of its own.
func (*Edition) IsNode() {}

// IsNode says that it has an id of its own.
func (*Revision) IsNode() {}

// IsNode says that it has an id of its own.
func (*Suggestion) IsNode() {}

// IsNode says that it has an id of its own.
func (*Comment) IsNode() {}

// IsNode says that it has an id of its own.
func (*Consultation) IsNode() {}

// IsNode says that it has an id of its own.
func (*Ballot) IsNode() {}

// IsNode says that it has an id of its own.
func (*Position) IsNode() {}

// IsNode says that it has an id of its own.
func (*Statement) IsNode() {}

// IsNode says that it has an id of its own.
func (*Offer) IsNode() {}

// IsNode says that it has an id of its own.
func (*Publication) IsNode() {}

// IsNode says that it has an id of its own.
func (*Translation) IsNode() {}

// IsNode says that it has an id of its own.
func (*Matter) IsNode() {}

// NodeKind is what an id names, in the words of the API's types.
type NodeKind string

// The kinds of nodes. A council is named by its organization's id and found as that.
const (
	NodeOrganization  NodeKind = "Organization"
	NodePerson        NodeKind = "Person"
	NodeMandate       NodeKind = "Mandate"
	NodeInvitation    NodeKind = "MandateInvitation"
	NodeRollEntry     NodeKind = "RollEntry"
	NodeApplication   NodeKind = "RollApplication"
	NodeCharter       NodeKind = "Charter"
	NodeNeed          NodeKind = "Need"
	NodeSpecification NodeKind = "Specification"
	NodeEdition       NodeKind = "Edition"
	NodeRevision      NodeKind = "Revision"
	NodeSuggestion    NodeKind = "Suggestion"
	NodeComment       NodeKind = "Comment"
	NodeConsultation  NodeKind = "Consultation"
	NodeBallot        NodeKind = "Ballot"
	NodeMatter        NodeKind = "Matter"
	NodePosition      NodeKind = "Position"
	NodeStatement     NodeKind = "Statement"
	NodeOffer         NodeKind = "Offer"
	NodePublication   NodeKind = "Publication"
	NodeTranslation   NodeKind = "Translation"
)

// KindOf says what an id names, whoever may see it; empty where it names nothing. What it names it names for ever, so that
// the answer is kept.
func (db *DB) KindOf(ctx context.Context, id string) (NodeKind, error) {
	if CheckID("id", id) != nil {
		return "", nil
	}
	kind, err := db.memory.kinds.of(id, func([]byte) (kind NodeKind, err error) {
		err = db.readOne(ctx, func(ctx context.Context, q *Query) error {
			return q.queryRow(ctx, `
			SELECT 'Organization' FROM organizations WHERE id = $1
			UNION ALL SELECT 'Person' FROM persons WHERE id = $1
			UNION ALL SELECT 'Mandate' FROM mandates WHERE id = $1
			UNION ALL SELECT 'MandateInvitation' FROM mandate_invitations WHERE id = $1
			UNION ALL SELECT 'RollEntry' FROM roll_entries WHERE id = $1
			UNION ALL SELECT 'RollApplication' FROM roll_applications WHERE id = $1
			UNION ALL SELECT 'Charter' FROM charters WHERE id = $1
			UNION ALL SELECT 'Need' FROM needs WHERE id = $1
			UNION ALL SELECT 'Specification' FROM specifications WHERE id = $1
			UNION ALL SELECT 'Edition' FROM editions WHERE id = $1
			UNION ALL SELECT 'Revision' FROM revisions WHERE id = $1
			UNION ALL SELECT 'Suggestion' FROM suggestions WHERE id = $1
			UNION ALL SELECT 'Comment' FROM comments WHERE id = $1
			UNION ALL SELECT 'Consultation' FROM consultations WHERE id = $1
			UNION ALL SELECT 'Ballot' FROM ballots WHERE id = $1
			UNION ALL SELECT 'Matter' FROM matters WHERE id = $1
			UNION ALL SELECT 'Position' FROM positions WHERE id = $1
			UNION ALL SELECT 'Statement' FROM statements WHERE id = $1
			UNION ALL SELECT 'Offer' FROM offers WHERE id = $1
			UNION ALL SELECT 'Publication' FROM publications WHERE id = $1
			UNION ALL SELECT 'Translation' FROM translations WHERE id = $1`, id).Scan(&kind)
		})
		return kind, err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find out what %s names: %w", id, err)
	}
	return kind, nil
}
