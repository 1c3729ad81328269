package store

import (
	"context"
	"fmt"
	"strings"

	"concordat/governance"
)

// visibleEdition is governance.EditionAccess.Visible as a condition on the row "e" of editions, joined with its row "s"
// of specifications, for lists; $ORG stands for the parameter that holds the viewer's organization, empty where it
// speaks for nobody. A test holds the two against each other. Single objects ask governance.
const visibleEdition = `(
		e.stage IN ('APPROVED', 'ENDORSED', 'PUBLISHED', 'SUPERSEDED', 'SUSPENDED', 'WITHDRAWN')
		OR (e.consulted = 1 AND e.invited_only = 0)
		OR s.council_id = $ORG
		OR EXISTS (
			SELECT 1
			FROM working_group g
			WHERE g.edition_id = e.id AND g.organization_id = $ORG AND g.state IN ('MEMBER', 'INVITED')
		)
		OR ((e.closed_group = 0 OR e.consulted = 1) AND EXISTS (
			SELECT 1
			FROM roll_entries r
			WHERE r.council_id = s.council_id AND r.organization_id = $ORG AND r.state IN ('ACTIVE', 'SUSPENDED')
		))
		OR (e.publisher_by_lead = $ORG AND e.publisher_by_secretary = $ORG)
		OR (e.stage <> 'DRAFTING' AND EXISTS (
			SELECT 1
			FROM ballots b
			JOIN electors v ON v.ballot_id = b.id
			WHERE b.edition_id = e.id AND v.organization_id = $ORG
		))
		OR EXISTS (SELECT 1 FROM statements t WHERE t.edition_id = e.id AND t.organization_id = $ORG)
		OR (e.consulted = 1 AND EXISTS (
			SELECT 1
			FROM consultation_invitations i
			WHERE i.edition_id = e.id AND i.organization_id = $ORG
		))
	)`

// visibleTo is visibleEdition with the viewer's organization in the given parameter.
func visibleTo(parameter int) string {
	return strings.ReplaceAll(visibleEdition, "$ORG", fmt.Sprintf("$%d", parameter))
}

// editionViewer is what somebody may see of an edition.
type editionViewer struct {
	standing standing
	sees     bool // the edition at all
	insider  bool // also what was said before it was consulted on
	invited  bool // also what was said in a consultation of the invited
}

// lookAt finds out what somebody may see of an edition.
func (q *Query) lookAt(ctx context.Context, s standing, e *Edition) (editionViewer, error) {
	relations, _, err := q.editionCircle(ctx, s, e)
	if err != nil {
		return editionViewer{}, err
	}
	return q.viewerIn(ctx, s, e, relations)
}

// viewerIn is lookAt for somebody whose relations to the edition are known. What was said before an edition was public
// stays with those who saw it then: the council, the working group, the invited, and the roll, from the beginning or,
// where the lead kept drafts to the group, from the first consultation on; so does an organization that was invited to a
// consultation by its name.
func (q *Query) viewerIn(ctx context.Context, s standing, e *Edition, relations []governance.Relation) (editionViewer, error) {
	if s.actor.Clock {
		return editionViewer{standing: s, sees: true, insider: true, invited: true}, nil
	}
	viewer := editionViewer{
		standing: s, sees: e.access(relations).Visible(),
		insider: e.seenBy(relations, false), invited: e.seenBy(relations, true),
	}
	if s.organization == "" {
		return viewer, nil
	}
	if e.Consulted && !viewer.invited {
		named, err := q.exists(ctx, `SELECT 1 FROM consultation_invitations WHERE edition_id = $1 AND organization_id = $2`,
			e.ID, s.organization)
		if err != nil {
			return editionViewer{}, fmt.Errorf("look who was invited to a consultation on %s: %w", e.ID, err)
		}
		viewer.sees, viewer.invited = viewer.sees || e.visibleTo(relations, named), named
	}
	if viewer.sees {
		return viewer, nil
	}
	concerned, err := q.concerned(ctx, s, e)
	if err != nil {
		return editionViewer{}, err
	}
	viewer.sees = e.access(concerned).Visible()
	return viewer, nil
}

// visibleTo says whether an organization in these relations sees the edition, named in a consultation on it or not.
func (e *Edition) visibleTo(relations []governance.Relation, named bool) bool {
	access := e.access(relations)
	access.Named = named
	return access.Visible()
}

// concerned are the relations by which somebody sees an edition that it otherwise would not: it is or was an elector in
// a ballot on it, was asked about it, or is to publish it.
func (q *Query) concerned(ctx context.Context, s standing, e *Edition) ([]governance.Relation, error) {
	var relations []governance.Relation
	if e.PublisherByLead == s.organization && e.PublisherBySecretary == s.organization {
		relations = append(relations, governance.RelationPublisher)
	}
	for _, by := range []struct {
		relation governance.Relation
		text     string
	}{
		{governance.RelationElector, `
			SELECT 1
			FROM ballots b
			JOIN electors v ON v.ballot_id = b.id
			WHERE b.edition_id = $1 AND v.organization_id = $2
			LIMIT 1`},
		{governance.RelationAsked, `SELECT 1 FROM statements WHERE edition_id = $1 AND organization_id = $2 LIMIT 1`},
	} {
		found, err := q.exists(ctx, by.text, e.ID, s.organization)
		if err != nil {
			return nil, fmt.Errorf("look whom edition %s concerns: %w", e.ID, err)
		}
		if found {
			relations = append(relations, by.relation)
		}
	}
	return relations, nil
}

// seenBy says whether somebody in these relations saw the edition while it was a draft, or in a consultation of the
// invited.
func (e *Edition) seenBy(relations []governance.Relation, consulted bool) bool {
	before := governance.EditionAccess{
		Stage: governance.StageDrafting, Consulted: consulted, InvitedOnly: true, ClosedGroup: e.ClosedGroup, Relations: relations,
	}
	return before.Visible()
}

// showEdition looks at an edition for the actor, remembers what it may see, and answers NOT_FOUND where it may not see
// the edition.
func (q *Query) showEdition(ctx context.Context, s standing, e *Edition) error {
	viewer, err := q.lookAt(ctx, s, e)
	if err != nil {
		return err
	}
	if !viewer.sees {
		return governance.NotFound("edition", string(e.ID))
	}
	e.viewer = &viewer
	return nil
}

// viewerOf answers what the actor may see of an edition that it was shown.
func (q *Query) viewerOf(ctx context.Context, actor governance.Actor, e *Edition) (editionViewer, error) {
	if e.viewer != nil {
		return *e.viewer, nil
	}
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return editionViewer{}, err
	}
	return q.lookAt(ctx, s, e)
}
