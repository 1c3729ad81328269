package governance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// unmet answers a refusal for each of the conditions, which names it.
func unmet(needs ...governance.Need) func(governance.Need) *governance.Error {
	return func(need governance.Need) *governance.Error {
		if slices.Contains(needs, need) {
			return governance.Refuse(governance.CodeConflict, string(need), "{need}", "need", string(need))
		}
		return nil
	}
}

// assertRefused looks for a refusal of a code with a reason.
func assertRefused(t *testing.T, code governance.Code, reason string, got *governance.Error) {
	t.Helper()
	if assert.NotNil(t, got, "want %s", reason) {
		assert.Equal(t, reason, got.Reason)
		assert.Equal(t, code, got.Code)
		assert.NotContains(t, got.Message, "{", "every blank is filled")
	}
}

// TestPermitAnswersTheFirstRefusalThatApplies takes every step in every way that the table grants it, with everything
// wrong at first, and mends one thing after the other: each mended thing uncovers the next refusal, in the order that
// Permit promises.
func TestPermitAnswersTheFirstRefusalThatApplies(t *testing.T) {
	for _, rule := range governance.Steps {
		for _, grant := range rule.By {
			if grant.Relation == governance.RelationClock {
				continue
			}
			t.Run(string(rule.Step)+" as "+string(grant.Relation), func(t *testing.T) {
				mendOneByOne(t, rule, grant)
			})
		}
	}
}

func mendOneByOne(t *testing.T, rule governance.StepRule, grant governance.Grant) {
	actor := governance.Actor{}
	facts := governance.Facts{Noun: "thing", ID: "7", Stage: "NOWHERE", Suspended: true, Unmet: unmet(rule.Needs...)}
	refused := func(code governance.Code, reason string) {
		t.Helper()
		assertRefused(t, code, reason, governance.Permit(rule.Step, actor, facts))
	}

	refused(governance.CodeNotFound, "not-found")
	facts.Visible = true
	refused(governance.CodeUnauthenticated, "sign-in-needed")
	actor.Person, actor.Scopes = "ada", []governance.Scope{governance.ScopeRead}
	refused(governance.CodeForbidden, "scope-needed")
	actor.Scopes = []governance.Scope{rule.Scope}
	refused(governance.CodeForbidden, "role-needed")
	if len(grant.Roles) > 0 {
		facts.Relations = []governance.Relation{grant.Relation}
		refused(governance.CodeForbidden, "role-needed")
		facts.Relations, facts.Roles = nil, grant.Roles[:1]
		refused(governance.CodeForbidden, "role-needed")
	}
	facts.Relations = []governance.Relation{grant.Relation}
	refused(governance.CodeForbidden, "suspended")
	facts.Suspended = false
	if len(rule.Stages) > 0 {
		refused(governance.CodeConflict, "wrong-stage")
		facts.Stage = rule.Stages[0]
	}
	if len(grant.Stages) > 0 {
		others := slices.DeleteFunc(slices.Clone(rule.Stages), func(s governance.Stage) bool { return slices.Contains(grant.Stages, s) })
		require.NotEmpty(t, others, "a grant's stages that narrow nothing")
		facts.Stage = others[0]
		refused(governance.CodeConflict, "wrong-stage-for-role")
		facts.Stage = grant.Stages[0]
	}
	for i, need := range rule.Needs {
		facts.Unmet = unmet(rule.Needs[i:]...)
		refused(governance.CodeConflict, string(need))
	}
	facts.Unmet = unmet()
	assert.Nil(t, governance.Permit(rule.Step, actor, facts))
}

func TestPermitFollowsTheProcess(t *testing.T) {
	author := []governance.Role{governance.RoleAuthor}
	representative := []governance.Role{governance.RoleRepresentative}
	secretary := []governance.Role{governance.RoleSecretary}
	lead := []governance.Relation{governance.RelationMember, governance.RelationOnRoll, governance.RelationWorkingGroup, governance.RelationLead}
	member := []governance.Relation{governance.RelationMember}
	council := []governance.Relation{governance.RelationMember, governance.RelationCouncil}
	elector := []governance.Relation{governance.RelationMember, governance.RelationOnRoll, governance.RelationElector}
	for _, c := range []struct {
		name      string
		step      governance.Step
		roles     []governance.Role
		relations []governance.Relation
		stage     governance.Stage
		want      string // the refusal's reason; empty: permitted
	}{
		{"the lead's author saves a revision of a draft", governance.SaveRevision, author, lead, governance.StageDrafting, ""},
		{"nobody saves a revision while a ballot is open", governance.SaveRevision, author, lead, governance.StageBallot, "wrong-stage"},
		{"nobody saves a revision during the consultation", governance.SaveRevision, author, lead, governance.StageConsultation, "wrong-stage"},
		{"a representative does not edit the text", governance.SaveRevision, representative, lead, governance.StageDrafting, "role-needed"},
		{"an author outside the working group does not edit the text", governance.SaveRevision, author, member, governance.StageDrafting, "role-needed"},
		{"an observer of the lead edits nothing", governance.SaveRevision, []governance.Role{governance.RoleObserver}, lead, governance.StageDrafting, "role-needed"},
		{"the lead abandons its draft", governance.AbandonEdition, author, lead, governance.StageDrafting, ""},
		{"the lead abandons no approved edition", governance.AbandonEdition, author, lead, governance.StageApproved, "wrong-stage-for-role"},
		{"the secretary abandons an approved edition", governance.AbandonEdition, secretary, council, governance.StageApproved, ""},
		{"nobody abandons a published edition, not even by the wrong role's refusal", governance.AbandonEdition, author, lead, governance.StagePublished, "wrong-stage"},
		{"the secretary opens a ballot after the disposition", governance.OpenBallot, secretary, council, governance.StageDisposition, ""},
		{"no ballot opens on a draft", governance.OpenBallot, secretary, council, governance.StageDrafting, "wrong-stage"},
		{"another council's secretary opens no ballot", governance.OpenBallot, secretary, member, governance.StageDisposition, "role-needed"},
		{"an elector's representative takes a position", governance.TakePosition, representative, elector, governance.StageOpen, ""},
		{"an elector's author takes none", governance.TakePosition, author, elector, governance.StageBallot, "role-needed"},
		{"who is on the roll but no elector takes none", governance.TakePosition, representative, elector[:2], governance.StageBallot, "role-needed"},
		{"a member's author comments on a draft that it sees", governance.AddComment, author, member, governance.StageDrafting, ""},
		{"a person that speaks for itself comments", governance.AddComment, nil, []governance.Relation{governance.RelationAnyone}, governance.StageConsultation, ""},
		{"a person that speaks for itself does not object", governance.RaiseObjection, nil, []governance.Relation{governance.RelationAnyone}, governance.StageConsultation, "role-needed"},
		{"who wrote a comment for itself edits it", governance.EditComment, nil, []governance.Relation{governance.RelationAnyone, governance.RelationSelf}, governance.StageConsultation, ""},
		{"a provider endorses nothing that it was not asked for", governance.GiveEndorsement, representative, lead, governance.StageApproved, "role-needed"},
		{"the body that was asked endorses", governance.GiveEndorsement, representative, []governance.Relation{governance.RelationAsked}, governance.StageApproved, ""},
		{"nobody publishes what is only approved", governance.PublishEdition, []governance.Role{governance.RolePublisher}, []governance.Relation{governance.RelationPublisher}, governance.StageApproved, "wrong-stage"},
		{"a secretary does not close a ballot before the clock does", governance.CloseBallot, secretary, council, governance.StageBallot, "role-needed"},
		{"a person is not the clock, even where the facts say so", governance.CloseBallot, secretary, []governance.Relation{governance.RelationClock}, governance.StageBallot, "role-needed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			actor := governance.Actor{Person: "ada", Scopes: []governance.Scope{governance.ScopeWrite, governance.ScopeAct}}
			got := governance.Permit(c.step, actor, governance.Facts{
				Noun: "edition", ID: "7", Visible: true, Stage: c.stage, Roles: c.roles, Relations: c.relations, Unmet: unmet(),
			})
			if c.want == "" {
				assert.Nil(t, got)
				return
			}
			assert.Equal(t, c.want, got.Reason)
		})
	}
}

func TestTheClockTakesItsOwnStepsAndNoOthers(t *testing.T) {
	for _, rule := range governance.Steps {
		facts := governance.Facts{
			Noun: "thing", ID: "7", Visible: true, Roles: governance.Roles, Suspended: true, Unmet: unmet(),
			Relations: declared[governance.Relation](t, "Relation"),
		}
		if len(rule.Stages) > 0 {
			facts.Stage = rule.Stages[0]
		}
		got := governance.Permit(rule.Step, governance.ClockActor, facts)
		if slices.ContainsFunc(rule.By, func(g governance.Grant) bool { return g.Relation == governance.RelationClock }) {
			assert.Nil(t, got, "%s", rule.Step)
			continue
		}
		assertRefused(t, governance.CodeForbidden, "role-needed", got)
	}
}

func TestTheClockKeepsToStagesAndConditions(t *testing.T) {
	facts := governance.Facts{Noun: "edition", ID: "7", Visible: true, Stage: governance.StageDrafting, Unmet: unmet(governance.NeedEarlyClose)}
	assertRefused(t, governance.CodeConflict, "wrong-stage", governance.Permit(governance.CloseConsultation, governance.ClockActor, facts))
	facts.Stage = governance.StageConsultation
	assertRefused(t, governance.CodeConflict, "EARLY_CLOSE", governance.Permit(governance.CloseConsultation, governance.ClockActor, facts))
	facts.Unmet = unmet()
	assert.Nil(t, governance.Permit(governance.CloseConsultation, governance.ClockActor, facts))
}

func TestAConditionThatNobodyLooksAtDoesNotHold(t *testing.T) {
	actor := governance.Actor{Person: "ada", Scopes: []governance.Scope{governance.ScopeWrite}}
	facts := governance.Facts{
		Noun: "edition", ID: "7", Visible: true, Stage: governance.StageDrafting,
		Roles: []governance.Role{governance.RoleAuthor}, Relations: []governance.Relation{governance.RelationWorkingGroup},
	}
	assertRefused(t, governance.CodeConflict, "condition-unmet", governance.Permit(governance.LeaveWorkingGroup, actor, facts))
}

func TestRefusalsNameWhatIsMissing(t *testing.T) {
	actor := governance.Actor{Person: "ada", Scopes: []governance.Scope{governance.ScopeWrite}}
	facts := governance.Facts{Noun: "edition", ID: "7", Visible: true, Stage: governance.StageBallot}

	got := governance.Permit(governance.SaveRevision, actor, facts)
	assert.Equal(t, "This step is for AUTHOR of the working group.", got.Message)
	assert.Equal(t, map[string]string{"step": "SAVE_REVISION", "who": "AUTHOR of the working group"}, got.Params)

	facts.Roles, facts.Relations = []governance.Role{governance.RoleAuthor}, []governance.Relation{governance.RelationWorkingGroup}
	got = governance.Permit(governance.SaveRevision, actor, facts)
	assert.Equal(t, "The edition is in stage BALLOT; this needs DRAFTING or DISPOSITION.", got.Message)

	got = governance.Permit(governance.OpenBallot, actor, facts)
	assert.Equal(t, map[string]string{"scope": "act"}, got.Params)

	assert.Equal(t, "AUTHOR of the lead (in DRAFTING or CONSULTATION or DISPOSITION or BALLOT); or SECRETARY of the council",
		governance.RuleOf(governance.AbandonEdition).Who())
}

func TestTheActingRoleIsThatOfTheGrantThatFits(t *testing.T) {
	person := governance.Actor{Person: "p", Organization: "o"}
	both := []governance.Role{governance.RoleAuthor, governance.RoleSecretary}
	for name, test := range map[string]struct {
		step      governance.Step
		stage     governance.Stage
		roles     []governance.Role
		relations []governance.Relation
		want      governance.Role
	}{
		"the lead's author, though a secretary too": {governance.AnswerRequest, governance.StageDrafting, both,
			[]governance.Relation{governance.RelationLead}, governance.RoleAuthor},
		"the council's secretary, though an author too": {governance.AnswerRequest, governance.StageDrafting, both,
			[]governance.Relation{governance.RelationCouncil}, governance.RoleSecretary},
		"the author while the lead may still abandon": {governance.AbandonEdition, governance.StageDrafting, both,
			[]governance.Relation{governance.RelationLead, governance.RelationCouncil}, governance.RoleAuthor},
		"the secretary once only that one may": {governance.AbandonEdition, governance.StageApproved, both,
			[]governance.Relation{governance.RelationLead, governance.RelationCouncil}, governance.RoleSecretary},
		"none for what anybody may do": {governance.AddComment, governance.StageConsultation, nil,
			[]governance.Relation{governance.RelationAnyone}, ""},
		"none where nothing fits": {governance.AnswerRequest, governance.StageDrafting, both,
			[]governance.Relation{governance.RelationMember}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			facts := governance.Facts{Stage: test.stage, Roles: test.roles, Relations: test.relations}
			assert.Equal(t, test.want, governance.RoleFor(test.step, person, facts))
		})
	}
}
