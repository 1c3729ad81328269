package governance_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// choices are bytes that decide, one after the other, what a walk does; after the last everything is the first choice.
type choices struct{ bytes []byte }

// of answers a number below n.
func (c *choices) of(n int) int {
	if len(c.bytes) == 0 {
		return 0
	}
	first := c.bytes[0]
	c.bytes = c.bytes[1:]
	return int(first) % n
}

// some picks any of all.
func some[T any](c *choices, all []T) []T {
	var picked []T
	for _, one := range all {
		if c.of(2) == 1 {
			picked = append(picked, one)
		}
	}
	return picked
}

// seededBytes are random bytes of a seed, which is logged for the next time.
func seededBytes(t *testing.T, n int) func() []byte {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 3))
	return func() []byte {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		return data
	}
}

func FuzzPermit(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{17, 1, 0, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) { assertPermitHolds(t, &choices{data}) })
}

func TestPermitHoldsWhateverTheFacts(t *testing.T) {
	data := seededBytes(t, 64)
	for range 20_000 {
		assertPermitHolds(t, &choices{data()})
	}
}

// assertPermitHolds asks Permit about any step by anybody with any facts and holds its answer against what it promises.
func assertPermitHolds(t *testing.T, c *choices) {
	t.Helper()
	rule := governance.Steps[c.of(len(governance.Steps))]
	actor, facts := anyActor(c), anyFacts(c, rule)
	unmet := some(c, rule.Needs)
	var asked []governance.Need
	if c.of(8) > 0 {
		facts.Unmet = func(need governance.Need) *governance.Error {
			asked = append(asked, need)
			if slices.Contains(unmet, need) {
				return governance.Refuse(governance.CodeConflict, string(need), "No.")
			}
			return nil
		}
	}
	got := governance.Permit(rule.Step, actor, facts)
	require.LessOrEqual(t, len(asked), len(rule.Needs))
	require.True(t, slices.Equal(rule.Needs[:len(asked)], asked), "%s asks %v, not in the table's order", rule.Step, asked)
	if got != nil {
		require.NotEmpty(t, got.Reason)
		require.NotEmpty(t, got.Message)
		return
	}
	require.True(t, facts.Visible)
	require.True(t, actor.Clock || actor.Person != "" && slices.Contains(actor.Scopes, rule.Scope) && !facts.Suspended)
	require.True(t, len(rule.Stages) == 0 || slices.Contains(rule.Stages, facts.Stage))
	require.True(t, slices.ContainsFunc(rule.By, func(g governance.Grant) bool { return grants(g, actor, facts) }))
	require.Len(t, asked, len(rule.Needs), "every condition was asked")
	require.Empty(t, unmet)
}

// grants says whether one way to take a step is this actor's now.
func grants(g governance.Grant, actor governance.Actor, facts governance.Facts) bool {
	if g.Relation == governance.RelationClock || actor.Clock {
		return g.Relation == governance.RelationClock && actor.Clock
	}
	role := len(g.Roles) == 0
	for _, held := range facts.Roles {
		role = role || slices.Contains(g.Roles, held)
	}
	return role && slices.Contains(facts.Relations, g.Relation) && (len(g.Stages) == 0 || slices.Contains(g.Stages, facts.Stage))
}

func anyActor(c *choices) governance.Actor {
	actor := governance.Actor{Person: "ada", Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct}}
	switch c.of(8) {
	case 0:
		return governance.ClockActor
	case 1:
		return governance.Actor{}
	case 2:
		actor.Scopes = some(c, actor.Scopes)
	}
	return actor
}

// anyFacts are facts that fit one of the rule's grants half of the time, and are anything else.
func anyFacts(c *choices, rule governance.StepRule) governance.Facts {
	stages := slices.Concat(rule.Stages, rule.Stages, governance.EditionStages, governance.NeedStages, []governance.Stage{"", "NOWHERE"})
	facts := governance.Facts{
		Noun: "thing", ID: "7", Visible: c.of(8) > 0, Suspended: c.of(8) == 0, Stage: stages[c.of(len(stages))],
	}
	if c.of(2) == 0 {
		grant := rule.By[c.of(len(rule.By))]
		facts.Roles, facts.Relations = grant.Roles, []governance.Relation{grant.Relation}
		return facts
	}
	facts.Roles = append(some(c, governance.Roles), "JESTER")
	for _, other := range governance.Steps {
		if c.of(16) == 0 {
			facts.Relations = append(facts.Relations, other.By[0].Relation)
		}
	}
	return facts
}

func FuzzTransitions(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{9, 0, 0, 0, 3, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		walkEditions(t, &choices{data})
		walkNeed(t, &choices{data})
	})
}

// TestEveryWalkKeepsToTheLifecycle walks until every change of stage was walked, so that none is held in theory alone.
func TestEveryWalkKeepsToTheLifecycle(t *testing.T) {
	data := seededBytes(t, 2000)
	left := map[governance.Kind]map[arrow]bool{}
	for kind, changes := range lifecycles {
		left[kind] = map[arrow]bool{}
		for _, change := range changes {
			left[kind][change] = true
		}
		delete(left[kind], arrow{"", kind.Stages()[0]}) // where a walk starts
	}
	// What a publication does to a need is no step on the need.
	delete(left[governance.KindNeed], arrow{governance.StageAccepted, governance.StageAddressed})
	delete(left[governance.KindNeed], arrow{governance.StageAddressed, governance.StageAccepted})
	for walks := 0; walks < 50 || walks < 2000 && len(left[governance.KindEdition])+len(left[governance.KindNeed]) > 0; walks++ {
		for _, change := range walkEditions(t, &choices{data()}) {
			delete(left[governance.KindEdition], change)
		}
		for _, change := range walkNeed(t, &choices{data()}) {
			delete(left[governance.KindNeed], change)
		}
	}
	assert.Empty(t, left[governance.KindEdition], "no walk came there")
	assert.Empty(t, left[governance.KindNeed], "no walk came there")
}

// edition is what a walk knows of one: its stage and those before, its newest revision, the one a ballot carried.
type edition struct {
	stages   []governance.Stage
	revision int
	balloted int
}

func (e *edition) stage() governance.Stage { return e.stages[len(e.stages)-1] }

// walk is one specification's way through the process.
type walk struct {
	t        *testing.T
	editions []*edition
	changes  []arrow
}

// walkEditions takes steps by chance, each only where Permit allows it, and looks after each whether all still holds.
func walkEditions(t *testing.T, c *choices) []arrow {
	t.Helper()
	w := &walk{t: t, editions: []*edition{{stages: []governance.Stage{governance.StageDrafting}, revision: 1}}}
	rules := rulesOn(governance.KindEdition)
	for len(c.bytes) > 0 {
		e := w.editions[len(w.editions)-1]
		if c.of(4) == 3 {
			e = w.editions[c.of(len(w.editions))]
		}
		rule := anyRule(c, rules, e.stage())
		if permitted(c, rule, stageFor(rule, e.stage()), w.unmet) {
			w.take(c, rule, e)
			w.look()
		}
	}
	return w.changes
}

// anyRule picks a rule: now and then any, mostly one that has the stage, often one that leads on, seldom one that
// abandons the edition.
func anyRule(c *choices, rules []governance.StepRule, stage governance.Stage) governance.StepRule {
	way := c.of(16)
	if way == 0 {
		return rules[c.of(len(rules))]
	}
	at := slices.DeleteFunc(slices.Clone(rules), func(r governance.StepRule) bool {
		stays := r.Next == "" && len(r.Moves) == 0
		return !slices.Contains(r.Stages, stageFor(r, stage)) || way > 4 && stays || way > 5 && r.Step == governance.AbandonEdition
	})
	if len(at) == 0 {
		return rules[c.of(len(rules))]
	}
	return at[c.of(len(at))]
}

// rulesOn are the rows of the steps that go by the stage of this kind of object, and with an edition's those on its ballots.
func rulesOn(kind governance.Kind) []governance.StepRule {
	return slices.DeleteFunc(slices.Clone(governance.Steps), func(r governance.StepRule) bool {
		ofBallot := kind == governance.KindEdition && r.Object == governance.KindBallot
		return r.Object.StageOf() != kind && !ofBallot
	})
}

// stageFor is the stage that decides on a rule while an edition stands in a stage: the ballot on it is open in BALLOT alone.
func stageFor(rule governance.StepRule, stage governance.Stage) governance.Stage {
	switch {
	case rule.Object != governance.KindBallot:
		return stage
	case stage == governance.StageBallot:
		return governance.StageOpen
	}
	return governance.StageClosed
}

// permitted asks Permit for one of those whom the rule lets take the step, and now and then for somebody else.
func permitted(c *choices, rule governance.StepRule, stage governance.Stage, unmet func(governance.Need) *governance.Error) bool {
	grant := rule.By[c.of(len(rule.By))]
	if c.of(8) == 7 {
		grant = governance.Grant{Roles: governance.Roles, Relation: governance.RelationMember}
	}
	actor := governance.Actor{Person: "ada", Scopes: []governance.Scope{governance.ScopeWrite, governance.ScopeAct}}
	if grant.Relation == governance.RelationClock {
		actor = governance.ClockActor
	}
	return governance.Permit(rule.Step, actor, governance.Facts{
		Noun: "edition", ID: "7", Visible: true, Stage: stage,
		Roles: grant.Roles, Relations: []governance.Relation{grant.Relation}, Unmet: unmet,
	}) == nil
}

// unmet looks at the one condition on which the lifecycle rests; the others let every step pass.
func (w *walk) unmet(need governance.Need) *governance.Error {
	if need == governance.NeedNoOpenEdition && slices.ContainsFunc(w.editions, func(e *edition) bool { return e.stage().Open() }) {
		return governance.Refuse(governance.CodeConflict, "edition-open", "An edition is open.")
	}
	return nil
}

// take does what the rule says to the edition, and to the earlier ones.
func (w *walk) take(c *choices, rule governance.StepRule, e *edition) {
	switch {
	case rule.Starts != "":
		w.editions = append(w.editions, &edition{stages: []governance.Stage{rule.Next}, revision: 1})
		return
	case rule.Step == governance.SaveRevision || rule.Step == governance.AcceptSuggestion:
		e.revision++
	case rule.Step == governance.OpenBallot:
		e.balloted = e.revision
	}
	moves := slices.DeleteFunc(slices.Clone(rule.Moves), func(m governance.Move) bool { return m.Object != governance.KindEdition })
	if rule.Next != "" && rule.Object != governance.KindBallot {
		for _, move := range moves {
			for _, other := range w.editions {
				if other != e && other.stage() == move.From {
					w.move(other, move.To)
				}
			}
		}
		w.move(e, rule.Next)
		return
	}
	moves = slices.DeleteFunc(moves, func(m governance.Move) bool { return m.From != e.stage() })
	if len(moves) > 0 {
		w.move(e, moves[c.of(len(moves))].To)
	}
}

// move changes a stage, and looks that the design knows the change and that nothing is skipped.
func (w *walk) move(e *edition, to governance.Stage) {
	w.t.Helper()
	change := arrow{e.stage(), to}
	require.Contains(w.t, lifecycles[governance.KindEdition], change, "after %v", e.stages)
	if to == governance.StageBallot {
		require.Equal(w.t, governance.StageDisposition, change.from)
	}
	for later, before := range map[governance.Stage]governance.Stage{
		governance.StageApproved:  governance.StageBallot,
		governance.StageEndorsed:  governance.StageBallot,
		governance.StagePublished: governance.StageEndorsed,
	} {
		require.True(w.t, to != later || slices.Contains(e.stages, before), "%s without %s, after %v", to, before, e.stages)
	}
	e.stages = append(e.stages, to)
	w.changes = append(w.changes, change)
}

// textStands are the stages in which the text is the one of the ballot.
var textStands = []governance.Stage{
	governance.StageBallot, governance.StageApproved, governance.StageEndorsed,
	governance.StagePublished, governance.StageSuperseded, governance.StageSuspended, governance.StageWithdrawn,
}

// look holds what must be so at every moment.
func (w *walk) look() {
	w.t.Helper()
	open := 0
	for _, e := range w.editions {
		if e.stage().Open() {
			open++
		}
		require.True(w.t, e.balloted == e.revision || !slices.Contains(textStands, e.stage()),
			"the text is not the one voted on, after %v", e.stages)
	}
	require.LessOrEqual(w.t, open, 1, "editions that are open at a time")
}

// walkNeed takes steps on a need by chance and answers its changes of stage.
func walkNeed(t *testing.T, c *choices) []arrow {
	t.Helper()
	var changes []arrow
	stage := governance.StageOpen
	rules := rulesOn(governance.KindNeed)
	for len(c.bytes) > 0 {
		rule := rules[c.of(len(rules))]
		if !permitted(c, rule, stage, unmet()) || rule.Next == "" {
			continue
		}
		change := arrow{stage, rule.Next}
		require.Contains(t, lifecycles[governance.KindNeed], change)
		changes, stage = append(changes, change), rule.Next
	}
	return changes
}
