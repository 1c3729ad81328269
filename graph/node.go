package graph

import (
	"context"

	"concordat/governance"
	"concordat/store"
)

// nodeReader reads the node of one kind with this id, as the actor may see it.
type nodeReader func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error)

// nodeReaders read what node(id:) answers.
var nodeReaders = map[store.NodeKind]nodeReader{
	store.NodeOrganization: func(ctx context.Context, db *store.DB, _ governance.Actor, id string) (store.Node, error) {
		return found(db.Organization(ctx, governance.OrganizationID(id)))
	},
	store.NodePerson: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Person(ctx, actor, governance.PersonID(id)))
	},
	store.NodeMandate: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Mandate(ctx, actor, governance.MandateID(id)))
	},
	store.NodeInvitation: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.MandateInvitation(ctx, actor, governance.InvitationID(id)))
	},
	store.NodeRollEntry: func(ctx context.Context, db *store.DB, _ governance.Actor, id string) (store.Node, error) {
		return found(db.RollEntry(ctx, governance.RollEntryID(id)))
	},
	store.NodeApplication: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.RollApplication(ctx, actor, governance.ApplicationID(id)))
	},
	store.NodeCharter: func(ctx context.Context, db *store.DB, _ governance.Actor, id string) (store.Node, error) {
		return found(db.Charter(ctx, governance.CharterID(id)))
	},
	store.NodeNeed: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Need(ctx, actor, governance.NeedID(id), wanted(ctx)))
	},
	store.NodeSpecification: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.SpecificationByID(ctx, actor, governance.SpecificationID(id), wanted(ctx)))
	},
	store.NodeEdition: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Edition(ctx, actor, governance.EditionID(id), wanted(ctx)))
	},
	store.NodeRevision: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Revision(ctx, actor, governance.RevisionID(id), wanted(ctx)))
	},
	store.NodeSuggestion: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Suggestion(ctx, actor, governance.SuggestionID(id), wanted(ctx)))
	},
	store.NodeComment: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Comment(ctx, actor, governance.CommentID(id), wanted(ctx)))
	},
	store.NodeConsultation: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Consultation(ctx, actor, governance.ConsultationID(id)))
	},
	store.NodeBallot: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Ballot(ctx, actor, governance.BallotID(id), wanted(ctx)))
	},
	store.NodeMatter: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Matter(ctx, actor, governance.MatterID(id)))
	},
	store.NodePosition: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Position(ctx, actor, governance.PositionID(id)))
	},
	store.NodeStatement: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Statement(ctx, actor, governance.StatementID(id)))
	},
	store.NodeOffer: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Offer(ctx, actor, governance.OfferID(id)))
	},
	store.NodePublication: func(ctx context.Context, db *store.DB, _ governance.Actor, id string) (store.Node, error) {
		return found(db.PublicationByID(ctx, governance.PublicationID(id)))
	},
	store.NodeTranslation: func(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
		return found(db.Translation(ctx, actor, governance.TranslationID(id)))
	},
}

// node reads whatever has this id. NOT_FOUND where nothing has, or the actor may not see it: in the same words, for else who
// guesses an id would learn that there is, say, a position.
func node(ctx context.Context, db *store.DB, actor governance.Actor, id string) (store.Node, error) {
	kind, err := db.KindOf(ctx, id)
	if err != nil {
		return nil, err
	}
	read, known := nodeReaders[kind]
	if !known {
		return nil, governance.NotFound("object", id)
	}
	thing, err := read(ctx, db, actor, id)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, governance.NotFound("object", id)
	}
	return thing, err
}

// found makes a node of what was read: a nil pointer would be a node that is there.
func found[T any, P interface {
	*T
	store.Node
}](read P, err error) (store.Node, error) {
	if err != nil || read == nil {
		return nil, err
	}
	return read, nil
}
