package store_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// voters are the organizations that vote in the histories; a state has a place for each.
var voters = []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"}

// balloting is what a ballot is to those who see it from outside, one step after the other: a position for each
// organization, whether the deadline has come, and whether it is closed.
type balloting struct {
	taken  [7]governance.Position
	due    bool
	closed bool
}

// asked is an operation on a ballot, and told is its answer.
type (
	asked struct {
		what     string // take, change, deadline, close, positions, record
		voter    int
		position governance.Position
	}
	told struct {
		refused string // the reason; empty: done
		seen    [7]governance.Position
		closed  bool
	}
)

// ballotModel says which answers are right. A deadline refuses who asks after it; who asked before may still be heard
// until the ballot is closed. What is answered as done counts, in every later read and in the record; what is refused does
// not.
var ballotModel = porcupine.Model{
	Init: func() any { return balloting{} },
	Step: func(state, input, output any) (bool, any) {
		b, in, out := state.(balloting), input.(asked), output.(told)
		switch in.what {
		case "deadline":
			b.due = true
			return true, b
		case "close":
			b.closed = b.closed || b.due
			return b.closed, b
		case "positions":
			return out.seen == b.taken, b
		case "record":
			return out.closed == b.closed && (!b.closed || out.seen == b.taken), b
		}
		before := b.taken[in.voter]
		switch out.refused {
		case "":
			b.taken[in.voter] = in.position
			return !b.closed && (before == "") == (in.what == "take"), b
		case "position-taken":
			return in.what == "take" && before != "", b
		case "no-position":
			return in.what == "change" && before == "", b
		case "ballot-not-open", "wrong-stage":
			return b.due || b.closed, b
		}
		return false, b
	},
}

// history is what several people asked of one ballot at once, and what each was told when.
type history struct {
	vote   *vote
	ballot governance.BallotID
	actors []governance.Actor
	began  time.Time
	answer chan struct{} // gets one for each answer

	mu         sync.Mutex // guards operations
	operations []porcupine.Operation
}

// ask takes an operation and writes it down with its times.
func (h *history) ask(client int, in asked) {
	call := time.Since(h.began).Nanoseconds()
	out, err := h.do(in)
	operation := porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: time.Since(h.began).Nanoseconds()}
	assert.NoError(h.vote.t, err, "%+v", in)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, operation)
	h.answer <- struct{}{}
}

func (h *history) do(in asked) (out told, err error) {
	ctx, db := context.Background(), h.vote.DB
	switch in.what {
	case "take":
		_, err = db.TakePosition(ctx, h.actors[in.voter], h.vote.position(h.ballot, in.position))
	case "change":
		_, err = db.ChangePosition(ctx, h.actors[in.voter], store.ChangePositionInput(h.vote.position(h.ballot, in.position)))
	case "deadline":
		h.vote.clock.Set(afterDeadline)
	case "close":
		_, err = db.TakeDue(ctx)
	case "positions":
		var page *store.ElectorConnection
		if page, err = db.Electors(ctx, governance.Actor{}, &store.Ballot{ID: h.ballot, Secrecy: governance.SecrecyAtOnce}, "", store.Page{}, nil); err == nil {
			for _, elector := range page.Nodes {
				if elector.Position != nil {
					out.seen[h.voter(elector.Organization.ID)] = elector.Position.Position
				}
			}
		}
	case "record":
		var b *store.Ballot
		if b, err = db.Ballot(ctx, governance.Actor{}, h.ballot, store.Fields{"record": nil, "council": nil}); err == nil && b.Record != nil {
			out.closed = true
			for _, taken := range b.Record.Votes {
				out.seen[h.voter(taken.Organization)] = taken.Position
			}
		}
	}
	if refusal, ok := err.(*governance.Error); ok {
		out.refused, err = refusal.Reason, nil
	}
	return out, err
}

func (h *history) voter(organization governance.OrganizationID) int {
	return slices.IndexFunc(h.actors, func(a governance.Actor) bool { return a.Organization == organization })
}

// TestHistoriesOfABallotAreLinearizable lets eight clients cast, change and read while two servers' clocks close the ballot,
// and looks for an order of what they were told that a single person could have lived through.
func TestHistoriesOfABallotAreLinearizable(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			v := newVote(t, kind, func(c *governance.Charter) { c.CloseBallotWhenAllActed = false })
			actors := make([]governance.Actor, len(voters))
			for i, slug := range voters {
				actors[i] = v.As(slug, governance.RoleRepresentative)
			}
			began := v.clock.Now()
			results := map[string]int{}
			for round := range 12 {
				seed := uint64(20261123 + round)
				v.clock.Set(began)
				v.ready(fmt.Sprintf("history-%d", round))
				h := &history{vote: v, ballot: v.open(), actors: actors, began: time.Now(), answer: make(chan struct{}, 200)}
				h.run(seed)
				checked, _ := porcupine.CheckOperationsVerbose(ballotModel, h.operations, time.Minute)
				require.Equal(t, porcupine.Ok, checked, "seed %d: %+v", seed, h.operations)
				for _, operation := range h.operations {
					results[operation.Input.(asked).what+" "+operation.Output.(told).refused]++
				}
			}
			t.Logf("%v", results)
			for _, needed := range []string{"take ", "change ", "take ballot-not-open", "take position-taken", "positions ", "record "} {
				assert.NotZero(t, results[needed], "no history had %q: it tries nothing", needed)
			}
		})
	}
}

// run plays one history: the clients draw what they ask from the seed, and so does who closes after how many answers.
func (h *history) run(seed uint64) {
	var clients sync.WaitGroup
	start := make(chan struct{})
	for client := range 8 {
		random := rand.New(rand.NewPCG(seed, uint64(client)))
		clients.Go(func() {
			<-start
			for range 14 {
				h.ask(client, asked{
					what:  []string{"take", "take", "change", "change", "positions", "record"}[random.IntN(6)],
					voter: random.IntN(len(voters)), position: governance.Positions[random.IntN(len(governance.Positions))],
				})
			}
		})
	}
	clients.Go(func() {
		<-start
		for range 20 + rand.New(rand.NewPCG(seed, 99)).IntN(60) { // of 112
			<-h.answer
		}
		h.ask(8, asked{what: "deadline"})
		var closers sync.WaitGroup
		for closer := range 2 {
			closers.Go(func() { h.ask(9+closer, asked{what: "close"}) })
		}
		closers.Wait()
	})
	close(start)
	clients.Wait()
	h.ask(8, asked{what: "positions"})
	h.ask(8, asked{what: "record"})
}

// TestTheModelRefusesHistoriesThatNobodyCouldLiveThrough shows that the check can fail.
func TestTheModelRefusesHistoriesThatNobodyCouldLiveThrough(t *testing.T) {
	const yes, no = governance.PositionApprove, governance.PositionObject
	take := asked{what: "take", position: yes}
	closes := []porcupine.Operation{{Input: asked{what: "deadline"}, Output: told{}}, {Input: asked{what: "close"}, Output: told{}}}
	record := func(position governance.Position) porcupine.Operation {
		return porcupine.Operation{Input: asked{what: "record"}, Output: told{closed: true, seen: [7]governance.Position{position}}}
	}
	seen := func(position governance.Position) porcupine.Operation {
		return porcupine.Operation{Input: asked{what: "positions"}, Output: told{seen: [7]governance.Position{position}}}
	}
	op := func(in asked, refused string) porcupine.Operation {
		return porcupine.Operation{Input: in, Output: told{refused: refused}}
	}
	for name, test := range map[string]struct {
		history []porcupine.Operation
		right   bool
	}{
		"a vote that counts":                         {slices.Concat([]porcupine.Operation{op(take, "")}, closes, []porcupine.Operation{record(yes)}), true},
		"a vote that was answered and is lost":       {slices.Concat([]porcupine.Operation{op(take, "")}, closes, []porcupine.Operation{record("")}), false},
		"a vote that was refused and counts":         {slices.Concat(closes, []porcupine.Operation{op(take, "ballot-not-open"), record(yes)}), false},
		"a vote that was refused and does not":       {slices.Concat(closes, []porcupine.Operation{op(take, "ballot-not-open"), record("")}), true},
		"a vote after the close":                     {slices.Concat(closes, []porcupine.Operation{op(take, "")}), false},
		"a vote refused before the deadline":         {[]porcupine.Operation{op(take, "ballot-not-open")}, false},
		"two first votes of one organization":        {[]porcupine.Operation{op(take, ""), op(take, "")}, false},
		"a second one that is told so":               {[]porcupine.Operation{op(take, ""), op(take, "position-taken")}, true},
		"a change of nothing":                        {[]porcupine.Operation{op(asked{what: "change", position: no}, "")}, false},
		"a change that counts":                       {[]porcupine.Operation{op(take, ""), op(asked{what: "change", position: no}, ""), seen(no)}, true},
		"a read that goes back behind a change":      {[]porcupine.Operation{op(take, ""), op(asked{what: "change", position: no}, ""), seen(yes)}, false},
		"two reads that go back and forth":           {[]porcupine.Operation{op(take, ""), seen(yes), seen("")}, false},
		"a close before the deadline":                {[]porcupine.Operation{op(asked{what: "close"}, "")}, false},
		"an open ballot after its close":             {slices.Concat(closes, []porcupine.Operation{{Input: asked{what: "record"}, Output: told{}}}), false},
		"an answer that is none of the ones we know": {[]porcupine.Operation{op(take, "internal")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range test.history {
				test.history[i].Call, test.history[i].Return = int64(2*i), int64(2*i+1)
			}
			assert.Equal(t, test.right, porcupine.CheckOperations(ballotModel, test.history))
		})
	}
	t.Run("what happens at once may have happened in any order", func(t *testing.T) {
		assert.True(t, porcupine.CheckOperations(ballotModel, []porcupine.Operation{
			{Input: take, Output: told{}, Call: 0, Return: 9}, {ClientId: 1, Input: asked{what: "positions"}, Output: told{}, Call: 1, Return: 8},
		}))
	})
}

// TestAVoteAtTheMomentOfTheCloseIsCountedOrRefused races everybody's vote against the close, again and again: whoever was
// answered is in the record with what it took, whoever was refused is not, and each knows which.
func TestAVoteAtTheMomentOfTheCloseIsCountedOrRefused(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			v := newVote(t, kind, nil)
			actors := make([]governance.Actor, len(voters))
			for i, slug := range voters {
				actors[i] = v.As(slug, governance.RoleRepresentative)
			}
			began := v.clock.Now()
			const seed = 20261123
			random := rand.New(rand.NewPCG(seed, 3))
			t.Logf("seed %d", seed)
			counted, refusedThen := 0, 0
			for round := range 40 {
				v.clock.Set(began)
				v.ready(fmt.Sprintf("race-%d", round))
				id := v.open()
				answers := v.raceTheClose(id, actors, random)
				b := v.ballot(id)
				require.Equal(t, governance.BallotIsClosed, b.State)
				record := map[governance.OrganizationID]governance.Position{}
				for _, taken := range b.Record.Votes {
					record[taken.Organization] = taken.Position
				}
				assert.Equal(t, answers, record, "round %d", round)
				assert.Equal(t, len(answers), b.PositionCount)
				assert.Equal(t, []string{"BALLOT_OPENED", "BALLOT_CLOSED"}, v.acts(string(id)))
				counted, refusedThen = counted+len(answers), refusedThen+len(voters)-len(answers)
			}
			t.Logf("%d counted, %d refused", counted, refusedThen)
			assert.NotZero(t, counted)
			assert.NotZero(t, refusedThen)
		})
	}
}

// raceTheClose has everybody cast at once while, after a drawn number of answers, the deadline comes and two clocks close.
// It answers the positions that were answered as taken.
func (v *vote) raceTheClose(id governance.BallotID, actors []governance.Actor, random *rand.Rand) map[governance.OrganizationID]governance.Position {
	var mu sync.Mutex
	answers := map[governance.OrganizationID]governance.Position{}
	var all sync.WaitGroup
	start := make(chan struct{})
	answered := make(chan struct{}, len(actors))
	first := random.IntN(len(actors))
	for _, actor := range actors {
		position := governance.Positions[random.IntN(len(governance.Positions))]
		all.Go(func() {
			<-start
			defer func() { answered <- struct{}{} }()
			_, err := v.DB.TakePosition(context.Background(), actor, v.position(id, position))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				answers[actor.Organization] = position
				return
			}
			refusal, ok := err.(*governance.Error)
			if assert.True(v.t, ok, "%v", err) {
				assert.Contains(v.t, []string{"ballot-not-open", "wrong-stage"}, refusal.Reason)
			}
		})
	}
	all.Go(func() {
		<-start
		for range first {
			<-answered
		}
		v.clock.Set(afterDeadline)
		var closers sync.WaitGroup
		for range 2 {
			closers.Go(func() {
				_, err := v.DB.TakeDue(context.Background())
				assert.NoError(v.t, err)
			})
		}
		closers.Wait()
	})
	close(start)
	all.Wait()
	return maps.Clone(answers)
}
