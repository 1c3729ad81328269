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

// lifecycles are those of DESIGN section 3, written down a second time: every change of stage that there is.
var lifecycles = map[governance.Kind][]arrow{
	governance.KindNeed: {
		{"", "OPEN"},
		{"OPEN", "UNDER_REVIEW"},
		{"UNDER_REVIEW", "ACCEPTED"},
		{"ACCEPTED", "ADDRESSED"},
		{"ADDRESSED", "ACCEPTED"}, // its only publication is withdrawn
		{"OPEN", "DECLINED"}, {"UNDER_REVIEW", "DECLINED"},
		{"OPEN", "MERGED"}, {"UNDER_REVIEW", "MERGED"},
		{"OPEN", "WITHDRAWN"}, {"UNDER_REVIEW", "WITHDRAWN"},
	},
	governance.KindEdition: {
		{"", "DRAFTING"},
		{"DRAFTING", "CONSULTATION"},
		{"DRAFTING", "DISPOSITION"}, // skipping the consultation of an editorial change
		{"CONSULTATION", "DISPOSITION"},
		{"CONSULTATION", "DRAFTING"},
		{"DISPOSITION", "CONSULTATION"},
		{"DISPOSITION", "BALLOT"},
		{"BALLOT", "APPROVED"},
		{"BALLOT", "ENDORSED"},
		{"BALLOT", "DISPOSITION"},
		{"APPROVED", "DISPOSITION"}, // reopening the text
		{"ENDORSED", "DISPOSITION"},
		{"APPROVED", "ENDORSED"},
		{"ENDORSED", "APPROVED"},
		{"ENDORSED", "PUBLISHED"},
		{"PUBLISHED", "SUPERSEDED"},
		{"PUBLISHED", "SUSPENDED"}, {"SUPERSEDED", "SUSPENDED"},
		{"PUBLISHED", "WITHDRAWN"}, {"SUPERSEDED", "WITHDRAWN"}, {"SUSPENDED", "WITHDRAWN"},
		{"SUSPENDED", "PUBLISHED"}, {"SUSPENDED", "SUPERSEDED"},
		{"DRAFTING", "ABANDONED"}, {"CONSULTATION", "ABANDONED"}, {"DISPOSITION", "ABANDONED"},
		{"BALLOT", "ABANDONED"}, {"APPROVED", "ABANDONED"}, {"ENDORSED", "ABANDONED"},
	},
}

func TestTheTableLeadsThroughTheLifecyclesOfTheDesign(t *testing.T) {
	for kind, want := range lifecycles {
		var got []arrow
		for _, transition := range governance.Transitions(kind) {
			if change := (arrow{transition.From, transition.To}); !slices.Contains(got, change) {
				got = append(got, change)
			}
		}
		assert.ElementsMatch(t, want, got, "%s", kind)
	}
	assert.Empty(t, governance.Transitions(governance.KindCharter))
}

func TestEveryStageIsReached(t *testing.T) {
	for kind := range lifecycles {
		assert.ElementsMatch(t, kind.Stages(), reachable(kind), "%s", kind)
	}
}

// reachable are the stages to which steps lead, one after another.
func reachable(kind governance.Kind) []governance.Stage {
	reached := map[governance.Stage]bool{"": true}
	for grown := true; grown; {
		grown = false
		for _, transition := range governance.Transitions(kind) {
			if reached[transition.From] && !reached[transition.To] {
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
