package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// standingCase is a way of standing to an edition, by the rows that make it.
type standingCase struct {
	name      string
	actor     governance.Actor
	group     governance.WorkingGroupState // of the outsider's organization
	roll      governance.RollState         // likewise
	relations []governance.Relation
}

var standingCases = []standingCase{
	{"nobody", governance.Actor{}, "", "", nil},
	{"a person for itself", citizen, "", "", nil},
	{"an organization off the roll", outsider, "", "", nil},
	{"the council", secretary, "", "", []governance.Relation{governance.RelationCouncil}},
	{"a member of the group", outsider, governance.GroupMember, "", []governance.Relation{governance.RelationWorkingGroup}},
	{"an invited organization", outsider, governance.GroupInvited, "", []governance.Relation{governance.RelationInvited}},
	{"one that asks", outsider, governance.GroupAsked, "", nil},
	{"one that left", outsider, governance.GroupLeft, "", nil},
	{"one on the roll", outsider, "", governance.RollActive, []governance.Relation{governance.RelationOnRoll}},
	{"one suspended on the roll", outsider, "", governance.RollSuspended, []governance.Relation{governance.RelationOnRoll}},
	{"one that applied to the roll", outsider, "", governance.RollApplied, nil},
	{"one that was on the roll", outsider, "", governance.RollEnded, nil},
	{"one on the roll that asks", outsider, governance.GroupAsked, governance.RollActive, []governance.Relation{governance.RelationOnRoll}},
	{elector, outsider, "", "", []governance.Relation{governance.RelationElector}}, // the last, for an electorate is frozen
}

// elector is the case of an organization that had a vote on the edition.
const elector = "one that had a vote"

// make writes the rows of the standing.
func (c standingCase) make(s scene, e *store.Edition) {
	change(s.t, s.db, `DELETE FROM working_group WHERE organization_id = $1`, sceneStranger)
	change(s.t, s.db, `DELETE FROM roll_entries WHERE organization_id = $1`, sceneStranger)
	if c.group != "" {
		change(s.t, s.db, `INSERT INTO working_group (edition_id, organization_id, state, changed_at) VALUES ($1, $2, $3, $4)`,
			e.ID, sceneStranger, c.group, s.clock.Now())
	}
	if c.roll != "" {
		change(s.t, s.db, `INSERT INTO roll_entries (id, council_id, organization_id, chamber, state, created_at) VALUES ($1, $2, $3, 'UNION', $4, $5)`,
			sceneID(60), sceneCouncil, sceneStranger, c.roll, s.clock.Now())
	}
	if c.name == elector {
		change(s.t, s.db, `INSERT INTO ballots (id, council_id, kind, edition_id, digest, charter_id, rule, profile, findings, secrecy,
				state, opened_at, closes_at, elector_count, opened_by)
			VALUES ($1, $2, 'EDITION', $3, $4, $5, '{}', 'EU/1', '[]', 'AT_ONCE', 'CLOSED', $6, $6, 1, $7)`,
			sceneID(61), sceneCouncil, e.ID, e.HeadDigest, sceneID(40), s.clock.Now(), secretary.Person)
		change(s.t, s.db, `INSERT INTO electors (ballot_id, organization_id, chamber, weight, announced_at) VALUES ($1, $2, 'UNION', '1', $3)`,
			sceneID(61), sceneStranger, s.clock.Now())
	}
}

// TestListsAndSingleReadsShowWhatGovernanceShows holds the SQL of the lists, and the reads of single objects, against
// governance.EditionAccess for every combination of what it looks at.
func TestListsAndSingleReadsShowWhatGovernanceShows(t *testing.T) {
	eachScene(t, func(s scene) {
		e := s.start("heat-pumps")
		for _, c := range standingCases {
			c.make(s, e)
			for _, stage := range governance.EditionStages {
				for flags := range 8 {
					access := governance.EditionAccess{
						Stage: stage, Consulted: flags&1 != 0, InvitedOnly: flags&2 != 0, ClosedGroup: flags&4 != 0, Relations: c.relations,
					}
					s.compare(e, c, access)
				}
			}
		}
	})
}

// TestWhomAnEditionConcernsSeesIt holds reading against governance for those who vote on an edition, were asked about
// it, or are to publish it.
func TestWhomAnEditionConcernsSeesIt(t *testing.T) {
	for relation, make := range map[governance.Relation]func(s scene, e *store.Edition){
		governance.RelationPublisher: func(s scene, e *store.Edition) {
			change(s.t, s.db, `UPDATE editions SET publisher_by_lead = $2, publisher_by_secretary = $2 WHERE id = $1`, e.ID, sceneStranger)
		},
		governance.RelationAsked: func(s scene, e *store.Edition) {
			change(s.t, s.db, `
				INSERT INTO statements (id, kind, edition_id, digest, organization_id, state, asked_at, created_at)
				VALUES ($1, 'ENDORSEMENT', $2, $3, $4, 'ASKED', $5, $5)`, sceneID(61), e.ID, e.HeadDigest, sceneStranger, s.clock.Now())
		},
		governance.RelationElector: func(s scene, e *store.Edition) {
			change(s.t, s.db, `
				INSERT INTO ballots (
					id, council_id, kind, edition_id, digest, charter_id, rule, profile, findings, secrecy, state, opened_at, closes_at,
					elector_count, opened_by
				) SELECT $1, council_id, 'EDITION', $2, $3, id, '{}', 'EU/1', '[]', 'AT_ONCE', 'OPEN', $4, $4, 1, $5 FROM charters`,
				sceneID(62), e.ID, e.HeadDigest, s.clock.Now(), secretary.Person)
			change(s.t, s.db, `INSERT INTO electors (ballot_id, organization_id, chamber, weight, announced_at) VALUES ($1, $2, 'UNION', '1', $3)`,
				sceneID(62), sceneStranger, s.clock.Now())
		},
	} {
		t.Run(string(relation), func(t *testing.T) {
			eachScene(t, func(s scene) {
				e := s.start("heat-pumps")
				make(s, e)
				concerned := standingCase{name: string(relation), actor: outsider}
				for _, stage := range governance.EditionStages {
					s.compare(e, concerned, governance.EditionAccess{
						Stage: stage, ClosedGroup: true, Relations: []governance.Relation{relation},
					})
				}
			})
		})
	}
}

// compare puts the edition into the case and reads it in every way.
func (s scene) compare(e *store.Edition, c standingCase, access governance.EditionAccess) {
	change(s.t, s.db, `UPDATE editions SET stage = $2, consulted = $3, invited_only = $4, closed_group = $5 WHERE id = $1`,
		e.ID, access.Stage, access.Consulted, access.InvitedOnly, access.ClosedGroup)
	ctx := context.Background()
	want, named := access.Visible(), fmt.Sprintf("%s: %+v", c.name, access)
	list, err := s.db.EditionsByID(ctx, c.actor, []governance.EditionID{e.ID})
	require.NoError(s.t, err)
	assert.Equal(s.t, want, list[0] != nil, "in a list, %s", named)
	_, err = s.db.Edition(ctx, c.actor, e.ID, nil)
	assert.Equal(s.t, want, err == nil, "alone, %s", named)
	_, err = s.db.Specification(ctx, c.actor, "heat-pumps", nil)
	assert.Equal(s.t, want, err == nil, "by its specification, %s", named)
	page, err := s.db.Specifications(ctx, c.actor, store.SpecificationFilter{Stages: []governance.Stage{access.Stage}}, store.Page{}, nil)
	require.NoError(s.t, err)
	assert.Equal(s.t, want, len(page.Nodes) == 1, "among the specifications, %s", named)
}

func TestSpecificationsAreListedByTheNewestEditionThatOneSees(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		first := s.start("heat-pumps")
		s.set(first, governance.StagePublished)
		s.clock.Advance(1)
		_, err := s.db.StartEdition(t.Context(), manufacturer, store.StartEditionInput{Specification: first.SpecificationID, Number: "1.1"})
		require.NoError(t, err)
		count := func(actor governance.Actor, stage governance.Stage) int {
			page, err := s.db.Specifications(t.Context(), actor, store.SpecificationFilter{
				Council: governance.OrganizationID(sceneCouncil), Stages: []governance.Stage{stage},
			}, store.Page{}, nil)
			require.NoError(t, err)
			return len(page.Nodes)
		}
		assert.Equal(t, 1, count(citizen, governance.StagePublished), "the draft is hidden from outsiders")
		assert.Equal(t, 0, count(citizen, governance.StageDrafting))
		assert.Equal(t, 0, count(unionist, governance.StagePublished))
		assert.Equal(t, 1, count(unionist, governance.StageDrafting))
	})
}
