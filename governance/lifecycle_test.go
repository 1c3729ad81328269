package governance_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

// arrow is a change of stage; from is empty for something new.
type arrow struct{ from, to governance.Stage }

// lifecycles are those of DESIGN section 3, written down a second time: every change of stage that there is, and
// whether only planned steps make it.
var lifecycles = map[governance.Kind]map[arrow]bool{
	governance.KindNeed: {
		{"", "OPEN"}:                 false,
		{"OPEN", "UNDER_REVIEW"}:     false,
		{"UNDER_REVIEW", "ACCEPTED"}: false,
		{"ACCEPTED", "ADDRESSED"}:    false,
		{"ADDRESSED", "ACCEPTED"}:    false, // its only publication is withdrawn
		{"OPEN", "DECLINED"}:         false, {"UNDER_REVIEW", "DECLINED"}: false,
		{"OPEN", "MERGED"}: false, {"UNDER_REVIEW", "MERGED"}: false,
		{"OPEN", "WITHDRAWN"}: false, {"UNDER_REVIEW", "WITHDRAWN"}: false,
	},
	governance.KindEdition: {
		{"", "DRAFTING"}:                false,
		{"DRAFTING", "CONSULTATION"}:    false,
		{"DRAFTING", "DISPOSITION"}:     false, // skipping the consultation of an editorial change
		{"CONSULTATION", "DISPOSITION"}: false,
		{"CONSULTATION", "DRAFTING"}:    false,
		{"DISPOSITION", "CONSULTATION"}: false,
		{"DISPOSITION", "BALLOT"}:       false,
		{"BALLOT", "APPROVED"}:          false,
		{"BALLOT", "ENDORSED"}:          false,
		{"BALLOT", "DISPOSITION"}:       false,
		{"APPROVED", "DISPOSITION"}:     false, // reopening the text
		{"ENDORSED", "DISPOSITION"}:     false,
		{"APPROVED", "ENDORSED"}:        false,
		{"ENDORSED", "APPROVED"}:        false,
		{"ENDORSED", "PUBLISHED"}:       false,
		{"PUBLISHED", "SUPERSEDED"}:     false,
		{"PUBLISHED", "SUSPENDED"}:      false, {"SUPERSEDED", "SUSPENDED"}: false,
		{"PUBLISHED", "WITHDRAWN"}: false, {"SUPERSEDED", "WITHDRAWN"}: false, {"SUSPENDED", "WITHDRAWN"}: false,
		{"SUSPENDED", "PUBLISHED"}: false, {"SUSPENDED", "SUPERSEDED"}: false,
		{"DRAFTING", "ABANDONED"}: false, {"CONSULTATION", "ABANDONED"}: false, {"DISPOSITION", "ABANDONED"}: false,
		{"BALLOT", "ABANDONED"}: false, {"APPROVED", "ABANDONED"}: false, {"ENDORSED", "ABANDONED"}: false,
	},
}

func TestTheTableLeadsThroughTheLifecyclesOfTheDesign(t *testing.T) {
	for kind, want := range lifecycles {
		got := map[arrow]bool{}
		for _, transition := range governance.Transitions(kind) {
			change := arrow{transition.From, transition.To}
			planned, known := got[change]
			got[change] = transition.Planned && (planned || !known)
		}
		assert.Equal(t, want, got, "%s", kind)
	}
	assert.Empty(t, governance.Transitions(governance.KindCharter))
}

func TestEveryStageIsReachedByStepsThatHaveAMutation(t *testing.T) {
	for kind := range lifecycles {
		assert.ElementsMatch(t, kind.Stages(), reachable(kind), "%s", kind)
	}
}

// reachable are the stages to which steps lead that are not planned.
func reachable(kind governance.Kind) []governance.Stage {
	reached := map[governance.Stage]bool{"": true}
	for grown := true; grown; {
		grown = false
		for _, transition := range governance.Transitions(kind) {
			if !transition.Planned && reached[transition.From] && !reached[transition.To] {
				reached[transition.To], grown = true, true
			}
		}
	}
	delete(reached, "")
	return slices.Collect(maps.Keys(reached))
}

func TestNothingLeadsOutOfTheEnd(t *testing.T) {
	ends := map[governance.Kind][]governance.Stage{
		governance.KindNeed:    {governance.StageDeclined, governance.StageMerged, governance.StageWithdrawn},
		governance.KindEdition: {governance.StageWithdrawn, governance.StageAbandoned},
	}
	for kind, stages := range ends {
		for _, transition := range governance.Transitions(kind) {
			assert.NotContains(t, stages, transition.From, "%s leads out of %s", transition.Step, transition.From)
		}
		for _, rule := range governance.Steps {
			if rule.Object.StageOf() != kind || rule.Step == governance.StartEdition {
				continue
			}
			for _, stage := range stages {
				assert.NotContains(t, rule.Stages, stage, "%s is taken after the end", rule.Step)
			}
		}
	}
}

func TestTheTextStandsFromTheBallotOn(t *testing.T) {
	for _, step := range []governance.Step{governance.SaveRevision, governance.AcceptSuggestion} {
		assert.Equal(t, []governance.Stage{governance.StageDrafting, governance.StageDisposition}, governance.RuleOf(step).Stages)
	}
}
