package governance_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

func TestWhoSeesAnEdition(t *testing.T) {
	nobody := []governance.Relation(nil)
	member := []governance.Relation{governance.RelationMember}
	onRoll := []governance.Relation{governance.RelationMember, governance.RelationOnRoll}
	group := []governance.Relation{governance.RelationMember, governance.RelationOnRoll, governance.RelationWorkingGroup}
	invited := []governance.Relation{governance.RelationMember, governance.RelationInvited}
	council := []governance.Relation{governance.RelationMember, governance.RelationCouncil}
	draft := governance.EditionAccess{Stage: governance.StageDrafting}
	closed := governance.EditionAccess{Stage: governance.StageDrafting, ClosedGroup: true}
	recalled := governance.EditionAccess{Stage: governance.StageDrafting, Consulted: true, ClosedGroup: true}
	public := governance.EditionAccess{Stage: governance.StageConsultation, Consulted: true, ClosedGroup: true}
	among := governance.EditionAccess{Stage: governance.StageConsultation, Consulted: true, InvitedOnly: true, ClosedGroup: true}
	named := governance.EditionAccess{Stage: governance.StageConsultation, Consulted: true, InvitedOnly: true, Named: true}
	approved := governance.EditionAccess{Stage: governance.StageApproved, Consulted: true, InvitedOnly: true, ClosedGroup: true}
	unread := governance.EditionAccess{Stage: governance.StageAbandoned}
	read := governance.EditionAccess{Stage: governance.StageAbandoned, Consulted: true}
	for _, c := range []struct {
		name      string
		edition   governance.EditionAccess
		relations []governance.Relation
		want      bool
	}{
		{"a draft is hidden from who is not signed in", draft, nobody, false},
		{"a draft is hidden from an organization that is not on the roll", draft, member, false},
		{"a person that speaks for itself sees no draft", draft, []governance.Relation{governance.RelationAnyone}, false},
		{"an organization on the roll sees a draft", draft, onRoll, true},
		{"the council sees a draft", draft, council, true},
		{"who is invited to the working group sees the draft that it is about", closed, invited, true},
		{"a draft that the lead keeps closed is hidden from the roll", closed, onRoll, false},
		{"the working group sees its closed draft", closed, group, true},
		{"the council sees a closed draft", closed, council, true},
		{"everybody sees a public consultation", public, nobody, true},
		{"what a public consultation showed stays readable after a recall", recalled, nobody, true},
		{"a consultation of the invited is hidden from who is not signed in", among, nobody, false},
		{"a consultation of the invited is hidden from other organizations", among, member, false},
		{"the invited see their consultation", among, invited, true},
		{"the roll sees the consultation of a group that kept its drafts closed", among, onRoll, true},
		{"an organization off the roll that was invited by its name sees the consultation", named, member, true},
		{"an elector sees what it votes on", among, []governance.Relation{governance.RelationElector}, true},
		{"a body that is asked for an endorsement sees of what", unread, []governance.Relation{governance.RelationAsked}, true},
		{"who is to publish sees what", closed, []governance.Relation{governance.RelationPublisher}, true},
		{"everybody sees an approved edition, whoever was consulted", approved, nobody, true},
		{"a draft that was abandoned stays hidden", unread, nobody, false},
		{"an abandoned edition that was consulted in public stays readable", read, nobody, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.edition.Relations = c.relations
			assert.Equal(t, c.want, c.edition.Visible())
		})
	}
}

func TestPublicEditionsAreVisibleToEverybody(t *testing.T) {
	relations := append(declared[governance.Relation](t, "Relation"), "")
	for _, stage := range governance.EditionStages {
		for flags := range 8 {
			for _, relation := range relations {
				access := governance.EditionAccess{
					Stage: stage, Consulted: flags&1 > 0, InvitedOnly: flags&2 > 0, ClosedGroup: flags&4 > 0,
					Relations: []governance.Relation{relation},
				}
				if access.Public() {
					assert.True(t, access.Visible(), "%+v", access)
				}
				if governance.RelationCouncil == relation || governance.RelationWorkingGroup == relation {
					assert.True(t, access.Visible(), "%+v", access)
				}
			}
		}
	}
}

func TestStagesOpenPublicAndEnded(t *testing.T) {
	for stage, want := range map[governance.Stage]struct{ open, public bool }{
		governance.StageDrafting:     {open: true},
		governance.StageConsultation: {open: true},
		governance.StageDisposition:  {open: true},
		governance.StageBallot:       {open: true},
		governance.StageApproved:     {open: true, public: true},
		governance.StageEndorsed:     {open: true, public: true},
		governance.StagePublished:    {public: true},
		governance.StageSuperseded:   {public: true},
		governance.StageSuspended:    {public: true},
		governance.StageWithdrawn:    {public: true},
		governance.StageAbandoned:    {},
	} {
		assert.Equal(t, want.open, stage.Open(), "%s is open", stage)
		assert.Equal(t, want.public, stage.Public(), "%s is public", stage)
	}
}
