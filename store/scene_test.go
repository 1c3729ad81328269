package store_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// scene is a council with its roll and charter, and people who speak for its organizations.
type scene struct {
	t          *testing.T
	db         *store.DB
	clock      *storetest.Clock
	statements *atomic.Int64 // how many have run
	url        string        // of the database
}

// The scene's organizations.
var (
	sceneCouncil  = sceneID(1)
	sceneProvider = sceneID(2) // leads
	sceneUnion    = sceneID(3)
	sceneEmployer = sceneID(4)
	sceneStranger = sceneID(5) // on no roll
)

// The scene's people.
var (
	secretary      = sceneActor(11, sceneCouncil)
	councillor     = sceneActor(12, sceneCouncil)
	drafter        = sceneActor(13, sceneProvider) // author and representative of the provider
	unionist       = sceneActor(14, sceneUnion)    // author and representative of the union
	unionObserver  = sceneActor(15, sceneUnion)
	manufacturer   = sceneActor(16, sceneEmployer)
	outsider       = sceneActor(17, sceneStranger)
	citizen        = sceneActor(18, "") // speaks for nobody
	providerVoices = []governance.Role{governance.RoleAuthor, governance.RoleRepresentative}
)

func sceneID(n int) string { return fmt.Sprintf("0195e3a0-0000-7000-8000-0000000001%02d", n) }

func sceneActor(n int, organization string) governance.Actor {
	return governance.Actor{
		Person: governance.PersonID(sceneID(n)), Organization: governance.OrganizationID(organization),
		Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct},
		Issuer: "https://id.example", AuthenticatedAt: storetest.Start.Add(-time.Minute),
	}
}

// eachScene runs f on both databases with a scene of its own.
func eachScene(t *testing.T, f func(s scene)) {
	t.Helper()
	storetest.On(t, func(t *testing.T, kind string) { f(newScene(t, kind, nil)) })
}

// newScene makes the scene's rows; change may alter the founding charter.
func newScene(t *testing.T, kind string, alter func(*governance.Charter)) scene {
	t.Helper()
	clock := storetest.NewClock()
	s := scene{t: t, clock: clock, statements: &atomic.Int64{}, url: storetest.URL(t, kind)}
	s.db = storetest.OpenWith(t, store.Config{
		URL: s.url, Clock: clock.Now, Statements: func(string) { s.statements.Add(1) },
		PublicCommentsPerHour: 3,
	})
	for _, o := range []struct{ id, slug string }{
		{sceneCouncil, "heat-council"}, {sceneProvider, "heat-academy"}, {sceneUnion, "metal-union"},
		{sceneEmployer, "pump-works"}, {sceneStranger, "stranger"},
	} {
		change(t, s.db, `INSERT INTO organizations (id, slug, legal_name, country, created_at) VALUES ($1, $2, $2, 'LV', $3)`,
			o.id, o.slug, storetest.Start)
	}
	change(t, s.db, `INSERT INTO councils (id, zone, created_at) VALUES ($1, 'Europe/Riga', $2)`, sceneCouncil, storetest.Start)
	for i, entry := range []struct {
		id      string
		chamber governance.Chamber
	}{
		{sceneProvider, governance.ChamberProvider}, {sceneUnion, governance.ChamberUnion},
		{sceneEmployer, governance.ChamberEmployer},
	} {
		change(t, s.db, `INSERT INTO roll_entries (id, council_id, organization_id, chamber, state, from_at, created_at)
			VALUES ($1, $2, $3, $4, 'ACTIVE', $5, $5)`, sceneID(30+i), sceneCouncil, entry.id, entry.chamber, storetest.Start)
	}
	s.mandate(secretary, governance.RoleSecretary)
	s.mandate(councillor, governance.RoleRepresentative)
	s.mandate(drafter, providerVoices...)
	s.mandate(unionist, providerVoices...)
	s.mandate(unionObserver, governance.RoleObserver)
	s.mandate(manufacturer, providerVoices...)
	s.mandate(outsider, providerVoices...)
	s.mandate(citizen)
	s.found(alter)
	return s
}

// mandate makes the person and gives it roles in the organization that it acts for.
func (s scene) mandate(actor governance.Actor, roles ...governance.Role) {
	change(s.t, s.db, `INSERT INTO persons (id, issuer, subject, name, created_at) VALUES ($1, 'https://id.example', $1, $2, $3)`,
		actor.Person, "Person "+string(actor.Person[34:]), storetest.Start)
	for i, role := range roles {
		change(s.t, s.db, `INSERT INTO mandates (id, person_id, organization_id, role, source, from_at, created_at)
			VALUES ($1, $2, $3, $4, 'GRANT', $5, $5)`,
			fmt.Sprintf("0195e3a0-0000-7000-8000-00000000%s%02d", actor.Person[34:], i), actor.Person, actor.Organization, role, storetest.Start)
	}
}

// found puts a charter in force.
func (s scene) found(alter func(*governance.Charter)) {
	charter, err := governance.FoundingCharter(governance.PresetTripartite, "Heat council", "Europe/Riga")
	require.NoError(s.t, err)
	if alter != nil {
		alter(&charter)
	}
	body, err := json.Marshal(charter)
	require.NoError(s.t, err)
	change(s.t, s.db, `INSERT INTO charters (id, council_id, number, state, body, digest, proposed_by, created_at, in_force_at)
		VALUES ($1, $2, 1, 'IN_FORCE', $3, $4, $5, $6, $6)`,
		sceneID(40), sceneCouncil, string(body), notary.Digest(body), secretary.Person, storetest.Start)
	change(s.t, s.db, `UPDATE councils SET charter_id = $1 WHERE id = $2`, sceneID(40), sceneCouncil)
}

// start starts a specification of the drafter's with the sample's text.
func (s scene) start(slug string) *store.Edition {
	s.t.Helper()
	id, err := s.db.StartSpecification(s.t.Context(), drafter, store.StartSpecificationInput{
		Council: governance.OrganizationID(sceneCouncil), Slug: slug, Document: sample.Document(), Message: "First draft.",
	})
	require.NoError(s.t, err)
	specification, err := s.db.SpecificationByID(s.t.Context(), drafter, id, nil)
	require.NoError(s.t, err)
	e, err := s.db.NewestEdition(s.t.Context(), drafter, specification, nil)
	require.NoError(s.t, err)
	return e
}

// save saves a changed text upon the head.
func (s scene) save(e *store.Edition, change func(*governance.Document)) governance.RevisionID {
	s.t.Helper()
	now := s.edition(e)
	head, err := s.db.Head(s.t.Context(), drafter, now, store.Fields{"document": nil})
	require.NoError(s.t, err)
	document := s.copyOf(head.Document)
	change(&document)
	id, err := s.db.SaveRevision(s.t.Context(), drafter, store.SaveRevisionInput{
		Edition: e.ID, Base: now.HeadID, Document: document, Message: "As agreed.",
	})
	require.NoError(s.t, err)
	return id
}

// copyOf copies a document that belongs to everybody.
func (s scene) copyOf(document governance.Document) governance.Document {
	bytes, _, err := notary.EncodeDocument(document)
	require.NoError(s.t, err)
	copied, err := governance.ParseDocument(bytes)
	require.NoError(s.t, err)
	return copied
}

// edition reads the edition again, as its drafter.
func (s scene) edition(e *store.Edition) *store.Edition {
	s.t.Helper()
	now, err := s.db.Edition(s.t.Context(), drafter, e.ID, nil)
	require.NoError(s.t, err)
	return now
}

// refused asserts a refusal's code and reason.
func (s scene) refused(err error, code governance.Code, reason string) {
	s.t.Helper()
	refusal, ok := err.(*governance.Error)
	if !assert.Truef(s.t, ok, "want the refusal %s, got %v", reason, err) {
		return
	}
	assert.Equal(s.t, code, refusal.Code, refusal.Message)
	assert.Equal(s.t, reason, refusal.Reason, refusal.Message)
}

// acts lists the types of the acts on an object, in the order of the alphabet: the scene's clock stands still.
func (s scene) acts(object string) []string {
	return texts(s.t, s.db, `SELECT type FROM acts WHERE object_id = $1 ORDER BY type`, object)
}

// set puts the edition into a stage, for what lies before or after the steps under test.
func (s scene) set(e *store.Edition, stage governance.Stage) {
	change(s.t, s.db, `UPDATE editions SET stage = $2 WHERE id = $1`, e.ID, stage)
}
