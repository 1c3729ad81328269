package matrix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph"
	"concordat/store"
	"concordat/store/storetest"
)

// job is one step on one object in one scene, tried by everybody.
type job struct {
	scene  *scene
	rule   governance.StepRule
	object object
}

func (j job) String() string {
	return string(j.rule.Step) + " on " + j.object.name + " in " + j.scene.name
}

// cells are the job's cells, one for each actor.
func (j job) cells() []cell {
	cells := make([]cell, len(j.scene.world.actors))
	for i, actor := range j.scene.world.actors {
		cells[i] = cell{scene: j.scene, rule: j.rule, object: j.object, actor: actor}
	}
	return cells
}

// jobsOf lists all jobs: every step that has a mutation, on every object of its kind in every scene, or on those that
// the step is matched with. A step without input, or without an object in any scene, fails the test.
func jobsOf(t *testing.T, scenes []*scene) []job {
	t.Helper()
	var jobs []job
	for _, rule := range governance.Steps {
		if rule.Mutation() == "" {
			continue
		}
		require.NotNil(t, inputs[rule.Step], "%s has a mutation, and the matrix has no input for it", rule.Step)
		before, only := len(jobs), objectsOf[rule.Step]
		for _, s := range scenes {
			for _, o := range s.objects {
				if o.kind == rule.Object && (only == nil || slices.Contains(only, o.name)) {
					jobs = append(jobs, job{scene: s, rule: rule, object: o})
				}
			}
		}
		if len(jobs) == before {
			t.Logf("%s is tried on nothing", rule.Step)
		}
	}
	return jobs
}

// stagesTried holds the jobs against the stages of each step's kind of object: every one must be there.
func stagesTried(t *testing.T, jobs []job) {
	t.Helper()
	tried := map[governance.Step]map[governance.Stage]bool{}
	for _, j := range jobs {
		if tried[j.rule.Step] == nil {
			tried[j.rule.Step] = map[governance.Stage]bool{}
		}
		tried[j.rule.Step][j.object.stage] = true
	}
	for step, stages := range tried {
		for _, stage := range governance.RuleOf(step).Object.Stages() {
			assert.True(t, stages[stage], "%s is not tried in stage %s", step, stage)
		}
	}
}

// api is the real API on one database, as a server serves it.
type api struct {
	t       *testing.T
	db      *store.DB
	handler http.Handler
	log     *bytes.Buffer // what went wrong inside
}

// open serves the API on a database, at a moment.
func open(t *testing.T, address string, now time.Time) *api {
	t.Helper()
	clock := func() time.Time { return now.Add(time.Minute) }
	db, err := store.Open(t.Context(), store.Config{URL: address, Clock: clock})
	require.NoError(t, err)
	storetest.Sign(t, db)
	a := &api{t: t, db: db, log: &bytes.Buffer{}}
	a.handler = graph.NewHandler(graph.Config{
		Schema: graph.NewSchema(&graph.Resolver{Store: db, PublicURL: "https://concordat.example"}),
		Clock:  clock, Log: slog.New(slog.NewTextHandler(a.log, nil)),
	})
	return a
}

// answer is a GraphQL response.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code, Reason string }
	}
}

// ask sends a request in somebody's name.
func (a *api) ask(who governance.Actor, query string, variables input) answer {
	a.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(a.t, err)
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request = request.WithContext(auth.WithActor(request.Context(), who))
	recorder := httptest.NewRecorder()
	a.handler.ServeHTTP(recorder, request)
	var got answer
	require.NoError(a.t, json.Unmarshal(recorder.Body.Bytes(), &got), "%s", recorder.Body)
	return got
}

// outcome is what became of a request.
func (g answer) outcome() outcome {
	if len(g.Errors) == 0 {
		return taken
	}
	first := g.Errors[0]
	return outcome{governance.Code(first.Extensions.Code), first.Extensions.Reason}
}

// try takes the cell's step.
func (a *api) try(c cell) answer {
	mutation := c.rule.Mutation()
	query := fmt.Sprintf(`mutation($input: %sInput!) { %s(input: $input) { __typename } }`,
		strings.ToUpper(mutation[:1])+mutation[1:], mutation)
	return a.ask(c.actor.actor, query, input{"input": inputs[c.rule.Step](c)})
}

// hold compares what became of a cell with what must.
func (a *api) hold(c cell, want outcome, got answer, n *tally) bool {
	a.t.Helper()
	if want == got.outcome() {
		return true
	}
	how := fmt.Sprintf("must be %s, is %s", want, got.outcome())
	for _, e := range got.Errors {
		how += ": " + e.Message
	}
	n.differ(c, how)
	if a.log.Len() > 0 {
		n.within(how, a.log.String())
		a.log.Reset()
	}
	return false
}

// run tries the cells of a job: those that must be refused one after the other on one copy of the scene, which must be
// the same afterwards, and each that must be taken on a copy of its own, in which it must have left an act.
func run(t *testing.T, j job, cells []cell, n *tally) {
	address, remove := j.scene.snapshot.Copy(t)
	defer remove()
	a := open(t, address, j.scene.now)
	var permitted []cell
	for _, c := range cells {
		want := c.expected()
		n.count(want)
		c.agree(a.offered(c), want, n)
		if want == taken {
			permitted = append(permitted, c)
			continue
		}
		a.hold(c, want, a.try(c), n)
	}
	require.NoError(t, a.db.Close())
	assert.Empty(t, j.scene.snapshot.Changed(t, address), "what was refused in %s left something behind", j)
	for _, c := range permitted {
		take(t, c, n)
	}
}

// take tries a cell that must be taken.
func take(t *testing.T, c cell, n *tally) {
	address, remove := c.scene.snapshot.Copy(t)
	defer remove()
	a := open(t, address, c.scene.now)
	before, err := a.db.Measures(t.Context())
	require.NoError(t, err)
	if a.hold(c, taken, a.try(c), n) {
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := a.db.WaitForLeaf(soon, before.Head); err != nil {
			n.differ(c, "is taken and left no act in the log: "+err.Error())
		}
	}
	require.NoError(t, a.db.Close())
}

// viewerMay is where the API says what a viewer may do.
var viewerMay = map[governance.Kind]string{
	governance.KindOrganization: "Organization", governance.KindCouncil: "Organization", governance.KindNeed: "Need",
	governance.KindEdition: "Edition", governance.KindComment: "Comment", governance.KindSuggestion: "Suggestion", governance.KindBallot: "Ballot",
	governance.KindTranslation: "Translation", governance.KindEndorsement: "Statement", governance.KindStatement: "Statement", governance.KindOffer: "Offer", governance.KindMandate: "Mandate",
	governance.KindInvitation: "MandateInvitation", governance.KindRollEntry: "RollEntry", governance.KindApplication: "RollApplication", governance.KindCharter: "Charter",
}

// offer is what viewerMay says to one actor about one object: nil where the object is not shown.
type offer map[governance.Step]outcome

// offered asks what viewerMay says to the cell's actor about its object, once for all steps.
func (a *api) offered(c cell) offer {
	shown := c.scene.shown(c.object)
	shown.mu.Lock()
	defer shown.mu.Unlock()
	said, asked := shown.to[c.actor.name]
	if !asked {
		said = a.offer(c.actor, c.object)
		shown.to[c.actor.name] = said
	}
	return said
}

func (a *api) offer(who actor, o object) offer {
	a.t.Helper()
	kind := viewerMay[o.kind]
	if kind == "" {
		return nil
	}
	selected := `viewerMay { step allowed code reason }`
	if o.kind == governance.KindCouncil { // its id is its organization's
		selected = `council { ` + selected + ` }`
	}
	got := a.ask(who.actor, `query($id: ID!) { node(id: $id) { ... on `+kind+` { `+selected+` } } }`, input{"id": o.id})
	type allowances struct {
		ViewerMay []struct {
			Step         governance.Step
			Allowed      bool
			Code, Reason string
		}
	}
	var data struct {
		Node *struct {
			allowances
			Council allowances
		}
	}
	require.NoError(a.t, json.Unmarshal(got.Data, &data), "%s", got.Data)
	if data.Node == nil {
		return nil
	}
	said := offer{}
	for _, may := range append(data.Node.ViewerMay, data.Node.Council.ViewerMay...) {
		said[may.Step] = outcome{governance.Code(may.Code), may.Reason}
		if may.Allowed != (said[may.Step] == taken) {
			assert.Fail(a.t, "viewerMay allows and refuses", "%s of %s to %s", may.Step, o.name, who)
		}
	}
	return said
}

// agree holds viewerMay against what becomes of the step: it says no wherever the mutation does, with the same code and
// reason, unless it is the input that the mutation is refused for, or a state of the object that its rule names no
// condition for. What may not be seen has no viewerMay.
func (c cell) agree(said offer, want outcome, n *tally) {
	if viewerMay[c.object.kind] == "" {
		return
	}
	n.agreed.Add(1)
	if said == nil || !c.visible() {
		if (said != nil) != c.visible() {
			n.differ(c, fmt.Sprintf("is on something shown: %v, to be shown: %v", said != nil, c.visible()))
		}
		return
	}
	says, named := said[c.rule.Step]
	if !named {
		n.differ(c, "is not named by viewerMay")
	} else if says != want && !(says == taken && byInput[want.reason]) {
		n.differ(c, fmt.Sprintf("must be %s, and viewerMay says %s", want, says))
	}
}

// byInput are the reasons of refusals that follow from the input, or from a state of the object that its rule names no
// condition for: viewerMay cannot know them beforehand.
var byInput = map[string]bool{
	"own-need": true, "on-the-roll": true, "roll-state": true, "mandate-ended": true, "group-state": true,
	"comment-state": true, "consultation-over": true, "lead-stays": true,
	"leads-already": true, "lead-publishes": true, "offer-exists": true,
}
