package matrix_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// scene is a prepared database: where everything stands at one moment.
type scene struct {
	name       string
	world      *world
	snapshot   storetest.Snapshot
	now        time.Time
	edition    *edition
	objects    []object // that steps are taken on here
	putBack    bool     // the edition was moved back by SQL: its ballot is closed
	announced  bool     // notice of the edition's end was given, and its days are over
	settled    bool     // every comment is dealt with
	correcting bool     // the secretary has asked to take the ballot, or the approval, back
	again      bool     // the ballot is the second one on the edition, and nobody has voted in it
	reading    *api     // that reads this scene, where it is read and not walked
	offers     sync.Map // of *shown, by the object's name
	byBallot   bool     // the charter leaves objections to a ballot
	balloted   bool     // one on the referred objection is open
	young      bool     // the roll was made after the charter's cut-off: nobody may vote
	overdue    bool     // the deadline of the consultation has passed, and the clock has not closed it
	// withdrawing says that a request to withdraw the publication waits for the council.
	withdrawing bool
}

// shown is what viewerMay says about one object of a scene, asked once an actor.
type shown struct {
	mu sync.Mutex       // guards to
	to map[string]offer // by the actor's name
}

// shown is what viewerMay says about the object.
func (s *scene) shown(o object) *shown {
	found, _ := s.offers.LoadOrStore(o.name, &shown{to: map[string]offer{}})
	made, _ := found.(*shown)
	return made
}

// edition is what decides on steps on the scene's edition. Nothing of it is read from the database that is tested: it
// says what the fixture did.
type edition struct {
	id            governance.EditionID
	specification governance.SpecificationID
	head          governance.RevisionID
	digest        governance.Digest
	stage         governance.Stage
	lead          string
	critic        string   // who commented and objected
	members       []string // the lead included
	invited       []string
	publisher     string
	consulted     bool // once
	invitedOnly   bool // and never in public
	closedGroup   bool
	wasPublic     bool     // was APPROVED once, or consulted on in public
	electors      []string // of its ballot
	offering      []string // providers that make an offer of it
	editorial     bool     // it changes a published edition, and nothing of substance
	named         []string // invited to a consultation by their names
}

// object is something that steps are taken on.
type object struct {
	name     string
	kind     governance.Kind
	id       string
	stage    governance.Stage // that decides; empty: none does
	council  string           // by whose rules and roll it goes; empty: nobody's
	owner    string           // organization that it belongs to; empty: none
	self     governance.PersonID
	edition  *edition            // that it hangs on
	author   governance.PersonID // of a comment or suggestion
	insiders bool                // one that was said before the edition was public
	asked    string              // of an endorsement: the body
	digest   governance.Digest
	ballot   bool     // a ballot of the council is open here
	electors []string // of a ballot that is not on the edition's text
}

// world is what all scenes share.
type world struct {
	cast     *storetest.Cast
	actors   []actor
	mandates map[string]string // ids of mandates that are ended, by name
}

// organization is the id of one of the Cast's organizations.
func (w *world) organization(slug string) governance.OrganizationID {
	return w.cast.Organizations[slug]
}

// stageHand prepares a scene: it works on a copy of another one's database, through the store's own steps.
type stageHand struct {
	t       *testing.T
	world   *world
	db      *store.DB
	clock   *storetest.Clock
	address string
	scene   *scene
}

// prepare makes a scene from another one, which stays as it is.
func prepare(t *testing.T, from *scene, name string, work func(h *stageHand)) *scene {
	t.Helper()
	address, _ := from.snapshot.Copy(t)
	clock := storetest.NewClock()
	clock.Set(from.now.Add(time.Minute))
	next := &scene{name: name, world: from.world, objects: append([]object{}, from.objects...), settled: from.settled}
	if from.edition != nil {
		copied := *from.edition
		next.edition = &copied
	}
	db, err := store.Open(t.Context(), store.Config{URL: address, Clock: clock.Now, Random: storetest.Random(t)})
	require.NoError(t, err)
	from.world.cast.DB = db
	work(&stageHand{t: t, world: from.world, db: db, clock: clock, address: address, scene: next})
	require.NoError(t, db.Close())
	next.snapshot, next.now = storetest.Freeze(t, address), clock.Now()
	next.follow()
	return next
}

// follow lets everything that hangs on the scene's edition follow it.
func (s *scene) follow() {
	for i := range s.objects {
		if o := &s.objects[i]; o.edition != nil {
			o.edition, o.stage = s.edition, s.edition.stage
			if o.kind == governance.KindBallot {
				o.stage = s.ballotStage()
			}
			if o.electors != nil { // of a ballot on something else, which is open
				o.stage = governance.StageOpen
			}
		}
	}
}

// ballotStage is the stage of the ballot on the scene's edition: it closed with the edition's leaving BALLOT.
func (s *scene) ballotStage() governance.Stage {
	if s.edition.stage == governance.StageBallot && !s.putBack {
		return governance.StageOpen
	}
	return governance.StageClosed
}

// add adds an object to the scene.
func (h *stageHand) add(o object) { h.scene.objects = append(h.scene.objects, o) }

// set changes the objects of that name.
func (h *stageHand) set(name string, change func(o *object)) {
	h.t.Helper()
	found := false
	for i := range h.scene.objects {
		if h.scene.objects[i].name == name {
			change(&h.scene.objects[i])
			found = true
		}
	}
	require.True(h.t, found, "the scene has no %q", name)
}

// as is one of the Cast's people.
func (h *stageHand) as(organization string, role governance.Role) governance.Actor {
	return h.world.cast.As(organization, role)
}

// exec changes a row by SQL: for what no step does.
func (h *stageHand) exec(text string, args ...any) {
	h.t.Helper()
	storetest.Exec(h.t, h.address, text, args...)
}

// done fails the test where a step of the fixture was refused.
func done[T any](h *stageHand) func(T, error) T {
	return func(value T, err error) T {
		h.t.Helper()
		require.NoError(h.t, err, "prepare the scene %s", h.scene.name)
		return value
	}
}

// days lets so many days pass, and the clock take what fell due.
func (h *stageHand) days(n int) {
	h.t.Helper()
	h.clock.Advance(time.Duration(n) * 24 * time.Hour)
	_, err := h.db.TakeDue(context.Background())
	require.NoError(h.t, err)
}
