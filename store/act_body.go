package store

import (
	"context"
	"fmt"
	"maps"

	"concordat/governance"
)

// LoggedAct is a leaf of the log and, for whoever may see the act's object, the act.
type LoggedAct struct {
	Leaf     int64
	LeafHash string            // RFC 6962, of the act's digest, in hexadecimal
	Digest   governance.Digest // of Body
	Body     []byte            // canonical JSON, concordat/act/1; nil where it is withheld
	Withheld *governance.Error // why Body is; nil where it is not
}

// shownActs are the types of acts whose body is shown to whoever may see the object: what a bundle may hold, and what
// happens to needs and publications in public. NEED_BACKED is not among them, because it says who backs a need, nor is
// anything about mandates, invitations and reports, which tells of people.
var shownActs = func() map[string]bool {
	shown := maps.Clone(openActs)
	for _, name := range []string{
		"NEED_PROPOSED", "NEED_EDITED", "NEED_UNDER_REVIEW", "NEED_ACCEPTED", "NEED_DECLINED", "NEED_MERGED", "NEED_WITHDRAWN",
		"NEED_ADDRESSED", "NEED_UNADDRESSED", "ENDORSEMENT_REVOKED", "ENDORSEMENT_EXPIRED", "OFFER_ENDED", "PUBLICATION_SUSPENDED",
		"PUBLICATION_REINSTATED", "PUBLICATION_LAPSED", "PUBLICATION_HEALED", "PUBLICATION_WITHDRAWN",
	} {
		shown[name] = true
	}
	return shown
}()

// LoggedAct reads the act of a leaf as the actor may see it: decided as for the object itself, while positions are secret to
// their organization alone, and then each organization's last one. NOT_FOUND where the log has no such leaf.
func (db *DB) LoggedAct(ctx context.Context, actor governance.Actor, leaf int64) (*LoggedAct, error) {
	a := LoggedAct{Leaf: leaf}
	var of Object
	var what string
	found := false
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		_, err := collect(ctx, q, func(row scanner) (bool, error) {
			found = true
			return true, row.Scan(&a.LeafHash, &a.Digest, &a.Body, &what, &of.Kind, &of.ID)
		}, `
			SELECT l.hash, a.digest, a.body, a.type, a.object_kind, a.object_id
			FROM leaves l
			JOIN acts a ON a.id = l.act_id
			WHERE l.number = $1`, leaf)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the act of leaf %d: %w", leaf, err)
	}
	if !found {
		return nil, governance.NotFound("leaf", fmt.Sprint(leaf))
	}
	if a.Withheld, err = db.withheld(ctx, actor, what, of); err != nil {
		return nil, fmt.Errorf("look who may read the act of leaf %d: %w", leaf, err)
	}
	if a.Withheld != nil {
		a.Body, a.Digest = nil, ""
	}
	return &a, nil
}

// withheld says why the actor may not read an act of this type on this object; nil where it may.
func (db *DB) withheld(ctx context.Context, actor governance.Actor, what string, of Object) (*governance.Error, error) {
	if !shownActs[what] {
		return governance.Refuse(governance.CodeForbidden, "act-kept", "Acts of this kind are kept to those whom they concern."), nil
	}
	err := db.showObject(ctx, actor, of)
	if governance.CodeOf(err) == governance.CodeNotFound {
		return governance.Refuse(governance.CodeForbidden, "act-of-hidden",
			"You may not see what this act is about, or not yet: a secret position is shown when its ballot has closed."), nil
	}
	return nil, err
}

// showObject answers NOT_FOUND where the actor may not see an act's object.
func (db *DB) showObject(ctx context.Context, actor governance.Actor, of Object) (err error) {
	switch of.Kind {
	case "CHARTER":
		_, err = db.Charter(ctx, governance.CharterID(of.ID))
	case "NEED":
		_, err = db.Need(ctx, actor, governance.NeedID(of.ID), nil)
	case "SPECIFICATION":
		_, err = db.SpecificationByID(ctx, actor, governance.SpecificationID(of.ID), nil)
	case "EDITION":
		_, err = db.Edition(ctx, actor, governance.EditionID(of.ID), nil)
	case "REVISION":
		_, err = db.Revision(ctx, actor, governance.RevisionID(of.ID), nil)
	case "COMMENT":
		_, err = db.Comment(ctx, actor, governance.CommentID(of.ID), nil)
	case "CONSULTATION":
		_, err = db.Consultation(ctx, actor, governance.ConsultationID(of.ID))
	case "BALLOT":
		_, err = db.Ballot(ctx, actor, governance.BallotID(of.ID), nil)
	case "POSITION":
		err = db.showPositionAct(ctx, actor, governance.PositionID(of.ID))
	case "STATEMENT":
		_, err = db.Statement(ctx, actor, governance.StatementID(of.ID))
	case "OFFER":
		_, err = db.Offer(ctx, actor, governance.OfferID(of.ID))
	case "PUBLICATION":
		_, err = db.PublicationByID(ctx, governance.PublicationID(of.ID))
	default:
		return governance.NotFound("object", of.ID)
	}
	return err
}

// showPositionAct answers NOT_FOUND where the actor may not see a position, or may see of a ballot in secret the last
// positions alone and this is not one.
func (db *DB) showPositionAct(ctx context.Context, actor governance.Actor, id governance.PositionID) error {
	return db.read(ctx, func(ctx context.Context, q *Query) error {
		p, _, err := q.visiblePosition(ctx, actor, id)
		if err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil || s.organization == p.Organization.ID {
			return err
		}
		changed, err := q.exists(ctx, `
			SELECT 1
			FROM positions p
			JOIN ballots b ON b.id = p.ballot_id
			WHERE p.id = $1 AND p.is_latest = 0 AND b.secrecy <> 'AT_ONCE'`, id)
		if err == nil && changed {
			err = governance.NotFound("position", string(id))
		}
		return err
	})
}
