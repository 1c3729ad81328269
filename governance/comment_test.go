package governance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
	"concordat/governance/sample"
)

func TestADocumentHasWhatStandsInIt(t *testing.T) {
	for path, want := range map[string]bool{
		"":                             true,
		"/title":                       true,
		"/title/en":                    true,
		"/title/fr":                    false,
		"/outcomes":                    true,
		"/outcomes/install":            true,
		"/outcomes/install/statement":  true,
		"/outcomes/gone/statement":     false,
		"/workload/hours":              true,
		"/workload/minutes":            false,
		"/languages/de":                true,
		"/languages/fr":                false,
		"title":                        false,
		"/":                            false,
		"/title/en/deeper":             false,
		"/assessments/written/proves":  true,
		"/outcomes/install/statement/": false,
	} {
		assert.Equal(t, want, sample.Document().Has(path), path)
	}
}

func TestChangesTouchWhatLiesAboveAndBelowThem(t *testing.T) {
	changes := []governance.Change{{Kind: governance.ChangeSet, Path: "/outcomes/o1/statement/en"}}
	for path, want := range map[string]bool{
		"": true, "/outcomes": true, "/outcomes/o1": true, "/outcomes/o1/statement/en": true,
		"/outcomes/o2": false, "/outcomes/o11": false, "/title": false,
	} {
		assert.Equal(t, want, governance.Touched(changes, path), path)
	}
	assert.True(t, governance.Touched([]governance.Change{{Kind: governance.ChangeRemove, Path: "/outcomes/o1"}}, "/outcomes/o1/statement"))
	assert.False(t, governance.Touched(nil, ""), "nothing changed")
}

func TestTheGateBeforeABallot(t *testing.T) {
	for _, c := range []struct {
		state                governance.CommentState
		objection, replyable bool
		want                 governance.Blocking
	}{
		{governance.StateOpen, false, false, governance.BlockingAnswer},
		{governance.StateAnswered, false, true, governance.BlockingReply},
		{governance.StateAnswered, false, false, governance.BlockingNothing},
		{governance.StateWithdrawn, false, false, governance.BlockingNothing},
		{governance.StateOpen, true, false, governance.BlockingObjection},
		{governance.StateAnswered, true, true, governance.BlockingObjection},
		{governance.StateAnswered, true, false, governance.BlockingObjection},
		{governance.StateReferred, true, false, governance.BlockingObjection},
		{governance.StateUpheld, true, false, governance.BlockingObjection},
		{governance.StateOverruled, true, false, governance.BlockingNothing},
		{governance.StateResolved, true, false, governance.BlockingNothing},
		{governance.StateWithdrawn, true, false, governance.BlockingNothing},
	} {
		assert.Equal(t, c.want, governance.Blocks(c.state, c.objection, c.replyable), "%+v", c)
	}
}

func TestWhatBecameOfAnElement(t *testing.T) {
	then, now := sample.Document(), sample.Document()
	now.Title["en"] = "Fitting heat pumps"
	now.Outcomes = append(now.Outcomes[1:], now.Outcomes[0])
	now.Outcomes = slices.DeleteFunc(now.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == "source" })
	now.Workload.Hours = "99"
	for path, want := range map[string]governance.AnchorState{
		"":                           governance.AnchorTextChanged,
		"/title":                     governance.AnchorTextChanged,
		"/title/en":                  governance.AnchorTextChanged,
		"/title/de":                  governance.AnchorCurrent,
		"/summary":                   governance.AnchorCurrent,
		"/outcomes/types":            governance.AnchorCurrent,
		"/outcomes/source":           governance.AnchorGone,
		"/outcomes/source/statement": governance.AnchorGone,
		"/outcomes/install":          governance.AnchorCurrent,
		"/workload":                  governance.AnchorTextChanged,
		"/workload/hours":            governance.AnchorTextChanged,
	} {
		assert.Equal(t, want, governance.AnchorIn(then, now, path), path)
	}
	assert.Equal(t, governance.AnchorCurrent, governance.AnchorIn(then, sample.Document(), ""))
}

func TestAQuoteIsLookedForAtItsPlace(t *testing.T) {
	d := sample.Document()
	for _, c := range []struct {
		path, quote string
		want        bool
	}{
		{"/title/en", "heat pumps", true},
		{"/title/en", "heat\n  pumps ", true},
		{"/title/en", "heatpumps", false},
		{"/title/en", "Wärmepumpen", false},
		{"/title", "Wärmepumpen", true},
		{"/outcomes", "", true},
		{"/outcomes/install", "install", true},
		{"/outcomes/gone", "install", false},
		{"", "Regulation (EU) 2024/573", true},
		{"", "handover\x00", false},
	} {
		assert.Equal(t, c.want, d.Quotes(c.path, c.quote), "%q at %q", c.quote, c.path)
	}
	assert.False(t, governance.Document{Outcomes: []governance.LearningOutcome{{ID: "words"}}}.Quotes("", "words"), "an id is no text")
}
