package governance_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// declared lists the values of the package's constants of a type, as its source declares them.
func declared[T ~string](t *testing.T, name string) []T {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	var found []T
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			if general, ok := declaration.(*ast.GenDecl); ok && general.Tok == token.CONST {
				found = append(found, constants[T](t, general, name)...)
			}
		}
	}
	require.NotEmpty(t, found, "constants of type %s", name)
	return found
}

// constants lists the values of one declaration's constants of a type.
func constants[T ~string](t *testing.T, declaration *ast.GenDecl, name string) []T {
	t.Helper()
	var found []T
	for _, spec := range declaration.Specs {
		value := spec.(*ast.ValueSpec)
		if ident, ok := value.Type.(*ast.Ident); !ok || ident.Name != name {
			continue
		}
		for _, expression := range value.Values {
			text, err := strconv.Unquote(expression.(*ast.BasicLit).Value)
			require.NoError(t, err)
			found = append(found, T(text))
		}
	}
	return found
}

func TestEveryStepDeclaredHasOneRow(t *testing.T) {
	var rows []governance.Step
	for _, rule := range governance.Steps {
		rows = append(rows, rule.Step)
	}
	assert.Equal(t, declared[governance.Step](t, "Step"), rows, "the rows stand in the order of the declarations")
	for _, rule := range governance.Steps {
		assert.Equal(t, rule, governance.RuleOf(rule.Step))
	}
	assert.PanicsWithValue(t, "governance: no rule for step DANCE", func() { governance.RuleOf("DANCE") })
}

func TestEveryConditionIsUsedAndSaidInASentence(t *testing.T) {
	used := map[governance.Need]bool{}
	for _, rule := range governance.Steps {
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(rule.Needs))), len(rule.Needs), "%s names a condition twice", rule.Step)
		for _, need := range rule.Needs {
			used[need] = true
		}
	}
	for _, need := range declared[governance.Need](t, "Need") {
		assert.True(t, used[need], "no step has the condition %s", need)
		assert.Regexp(t, `^[A-Z].*[a-z]\.$`, need.Sentence(), "the sentence of %s", need)
	}
}

func TestEveryKindAndRelationIsUsedAndHasWords(t *testing.T) {
	kinds, relations := map[governance.Kind]bool{}, map[governance.Relation]bool{}
	for _, rule := range governance.Steps {
		kinds[rule.Object] = true
		for _, grant := range rule.By {
			relations[grant.Relation] = true
		}
	}
	for _, kind := range declared[governance.Kind](t, "Kind") {
		assert.True(t, kinds[kind], "no step is taken on a %s", kind)
	}
	for _, relation := range declared[governance.Relation](t, "Relation") {
		assert.True(t, relations[relation], "no step is for %s", relation)
		rule := governance.StepRule{By: []governance.Grant{{Relation: relation}}}
		assert.NotEmpty(t, rule.Who(), "words for %s", relation)
	}
}

func TestStagesAreThoseOfTheObject(t *testing.T) {
	for _, rule := range governance.Steps {
		life := rule.Object.Stages()
		assertInOrderOfLife(t, rule, life, rule.Stages)
		for _, grant := range rule.By {
			assertInOrderOfLife(t, rule, life, grant.Stages)
			for _, stage := range grant.Stages {
				assert.Contains(t, rule.Stages, stage, "%s: a grant's stages narrow the rule's", rule.Step)
			}
		}
		if rule.Next != "" {
			after := rule.Object
			if rule.Starts != "" {
				after = rule.Starts
			}
			assert.Contains(t, after.Stages(), rule.Next, "%s: next stage", rule.Step)
		}
		for _, move := range rule.Moves {
			assert.Contains(t, move.Object.Stages(), move.From, "%s: move", rule.Step)
			assert.Contains(t, move.Object.Stages(), move.To, "%s: move", rule.Step)
			assert.NotEmpty(t, move.When, "%s: move", rule.Step)
		}
	}
}

// assertInOrderOfLife looks that stages are some of a life's, in its order, none twice.
func assertInOrderOfLife(t *testing.T, rule governance.StepRule, life, stages []governance.Stage) {
	t.Helper()
	last := -1
	for _, stage := range stages {
		place := slices.Index(life, stage)
		assert.Greater(t, place, last, "%s: %s is no stage of a %s, or out of its order", rule.Step, stage, rule.Object)
		last = place
	}
}

func TestNoTwoNewStagesShareALife(t *testing.T) {
	stages := declared[governance.Stage](t, "Stage")
	all := slices.Concat(governance.EditionStages, governance.NeedStages, governance.BallotStages)
	for _, stage := range stages {
		assert.Contains(t, all, stage)
	}
	assert.Len(t, stages, len(all)-2, "only WITHDRAWN and OPEN are shared")
}

func TestRolesGoWithTheOrganizationsThatHaveThem(t *testing.T) {
	nobodys := []governance.Relation{
		governance.RelationAnyone, governance.RelationSelf, governance.RelationInvitee, governance.RelationClock,
	}
	for _, rule := range governance.Steps {
		require.NotEmpty(t, rule.By, "%s is for nobody", rule.Step)
		for _, grant := range rule.By {
			assert.Equal(t, slices.Contains(nobodys, grant.Relation), len(grant.Roles) == 0,
				"%s: who speaks for an organization needs a role in it, and only who does", rule.Step)
			for _, role := range grant.Roles {
				assert.Contains(t, governance.Roles, role, "%s", rule.Step)
				assert.NotEqual(t, governance.RoleObserver, role, "%s: an observer takes no step", rule.Step)
				assert.Equal(t, role == governance.RoleAdmin, grant.Relation == governance.RelationPlatform,
					"%s: administrators are the platform's", rule.Step)
			}
			if slices.Contains(grant.Roles, governance.RoleSecretary) {
				assert.Equal(t, governance.RelationCouncil, grant.Relation, "%s: secretaries are a council's", rule.Step)
			}
		}
	}
}

func TestOfficialStepsNeedTheScopeAct(t *testing.T) {
	official := []governance.Step{
		governance.TakePosition, governance.ChangePosition, governance.ReconfirmPosition,
		governance.GiveEndorsement, governance.DeclineEndorsement, governance.RevokeEndorsement, governance.GiveStatement,
		governance.PublishEdition, governance.OpenConsultation, governance.CloseConsultation, governance.OpenBallot,
		governance.RecallBallot, governance.ReopenText, governance.UpholdObjection, governance.OverruleObjection, governance.ProposeCharter, governance.FoundCharter,
		governance.AdoptCharter, governance.GrantMandate, governance.InviteToMandate, governance.DelegateMandate,
		governance.AcceptMandate, governance.DeclineMandate, governance.WithdrawInvitation, governance.ExtendMandate,
		governance.ApplyForNewOrganization, governance.AdmitNewOrganization, governance.RefuseNewOrganization,
		governance.WithdrawApplication, governance.EndMandate, governance.RegisterKey, governance.RotateKey, governance.RevokeKey,
	}
	for _, rule := range governance.Steps {
		assert.Contains(t, []governance.Scope{governance.ScopeWrite, governance.ScopeAct}, rule.Scope, "%s", rule.Step)
		if slices.Contains(official, rule.Step) {
			assert.Equal(t, governance.ScopeAct, rule.Scope, "%s", rule.Step)
		}
	}
}

func TestStepsHaveWordsAndMutationsOfTheirOwn(t *testing.T) {
	words, mutations := map[string]governance.Step{}, map[string]governance.Step{}
	for _, rule := range governance.Steps {
		assert.Regexp(t, `^[A-Z][a-z' ]+$`, rule.Step.Words(), "%s", rule.Step)
		assert.Empty(t, words[rule.Step.Words()], "%s has the words of another step", rule.Step)
		words[rule.Step.Words()] = rule.Step
		if mutation := rule.Mutation(); mutation != "" {
			assert.Regexp(t, `^[a-z]+([A-Z][a-z]+)*$`, mutation)
			assert.Empty(t, mutations[mutation], "%s has the mutation of another step", rule.Step)
			mutations[mutation] = rule.Step
		}
	}
}

func TestMutationsAreNamedAfterTheirSteps(t *testing.T) {
	for step, want := range map[governance.Step]string{
		governance.SaveRevision:         "saveRevision",
		governance.InviteToWorkingGroup: "inviteToWorkingGroup",
		governance.CloseConsultation:    "closeConsultation", // the secretary's too
		governance.CloseBallot:          "",                  // the clock's alone
		governance.RegisterKey:          "registerKey",
	} {
		assert.Equal(t, want, governance.RuleOf(step).Mutation(), "%s", step)
	}
}
