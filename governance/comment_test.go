package governance_test

import (
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
