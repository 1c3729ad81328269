package seed

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

const issuer = "http://localhost:8080" + demo.Path

// present is when the demo is started in these tests: a Saturday, so that the story's weeks do not fit by chance.
var present = time.Date(2026, 10, 31, 17, 45, 0, 0, time.UTC)

// filled answers a database with the demo's data and what was told.
func filled(t *testing.T, kind string) (*store.DB, *tale) {
	t.Helper()
	clock := NewClock(func() time.Time { return present })
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, kind), Clock: clock.Now})
	storetest.Sign(t, db)
	_, err := db.KeepSetting(t.Context(), store.SettingPublicURL, storetest.PublicURL)
	require.NoError(t, err)
	require.NoError(t, Fill(t.Context(), db, clock, issuer))
	assert.Equal(t, present, clock.Now(), "the clock follows the real one again")
	return db, again(t, db, clock)
}

// again finds the demo's people and organizations in a filled database.
func again(t *testing.T, db *store.DB, clock *Clock) *tale {
	t.Helper()
	tale, err := newTale(db, clock, issuer)
	require.NoError(t, err)
	for _, o := range demo.Organizations() {
		found, err := db.OrganizationBySlug(t.Context(), o.Slug)
		require.NoError(t, err)
		require.NotNil(t, found, o.Slug)
		tale.organizations[o.Slug] = found.ID
	}
	for _, p := range demo.Personas() {
		in, err := db.SignIn(t.Context(), tale.claims(t, p))
		require.NoError(t, err)
		assert.Empty(t, in.Granted, "%s had every mandate", p.ID)
		assert.Empty(t, in.Ended, "%s keeps every mandate", p.ID)
		assert.Empty(t, in.Unknown, "%s has mandates in organizations of the demo", p.ID)
		tale.persons[p.ID] = in.Person
	}
	return tale
}

func (t *tale) claims(tb testing.TB, p demo.Persona) store.SignIn {
	in, err := t.claimed(p)
	require.NoError(tb, err)
	return in
}

func TestTheDemoOnBothDatabases(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			db, told := filled(t, kind)
			for name, shows := range map[string]func(t *testing.T, db *store.DB, tale *tale){
				"nothing is wrong with the database":                      nothingIsWrong,
				"every stage of a need is shown":                          everyStageOfANeedIsShown,
				"every stage of an edition is shown":                      everyStageOfAnEditionIsShown,
				"every publication is signed and its offers are complete": everyPublicationIsSignedAndItsOffersAreComplete,
				"the deadlines of the present are still open":             deadlinesOfThePresentAreOpen,
				"a published text can be read in translation":             aPublishedTextIsTranslated,
				"vocabularies are searched":                               vocabulariesAreSearched,
			} {
				t.Run(name, func(t *testing.T) { shows(t, db, told) })
			}
		})
	}
}

func aPublishedTextIsTranslated(t *testing.T, db *store.DB, tale *tale) {
	p, err := db.PublicationAt(t.Context(), specCommissioning, "1.1")
	require.NoError(t, err)
	e, err := db.Edition(t.Context(), governance.Actor{}, p.EditionID, nil)
	require.NoError(t, err)
	found, err := db.Translations(t.Context(), governance.Actor{}, e)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, governance.TranslationMachine, found[0].Status)
	standing, err := db.TranslationStanding(t.Context(), governance.Actor{}, found[0], nil)
	require.NoError(t, err)
	assert.NotEmpty(t, standing.Missing)
	assert.Empty(t, standing.Outdated, "it is of the text that was published")
	assert.Equal(t, p.Digest, found[0].Of)
}

func nothingIsWrong(t *testing.T, db *store.DB, _ *tale) {
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestADatabaseThatHasTheDemoIsLeftAsItIs(t *testing.T) {
	clock := NewClock(func() time.Time { return present })
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Clock: clock.Now})
	storetest.Sign(t, db)
	require.NoError(t, Fill(t.Context(), db, clock, issuer))
	before := head(t, db)
	require.NoError(t, Fill(t.Context(), db, clock, issuer))
	assert.Equal(t, before, head(t, db))
}

func TestADatabaseWithOrganizationsOfItsOwnGetsNoDemo(t *testing.T) {
	clock := NewClock(func() time.Time { return present })
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Clock: clock.Now})
	storetest.Sign(t, db)
	_, err := db.GrantAdmin(t.Context(), store.AdminGrant{Issuer: "https://id.example", Subject: "me",
		Platform: store.RegisterOrganizationInput{Slug: "office", LegalName: "Office", Country: "LV"}})
	require.NoError(t, err)
	before := head(t, db)
	require.NoError(t, Fill(t.Context(), db, clock, issuer))
	assert.Equal(t, before, head(t, db))
}

func TestADemoThatWasCutOffIsRefused(t *testing.T) {
	clock := NewClock(func() time.Time { return present })
	db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Clock: clock.Now})
	storetest.Sign(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := db.KeepSetting(ctx, settingBegun, "2026-01-01T00:00:00Z")
	require.NoError(t, err)
	cancel()
	assert.ErrorContains(t, Fill(t.Context(), db, clock, issuer), "delete the database")
}

func head(t *testing.T, db *store.DB) int64 {
	t.Helper()
	m, err := db.Measures(t.Context())
	require.NoError(t, err)
	return m.Head
}

func everyStageOfANeedIsShown(t *testing.T, db *store.DB, tale *tale) {
	shown := map[governance.Stage]int{}
	needs, err := db.Needs(t.Context(), tale.as("secretary"), store.NeedFilter{}, store.Page{First: new(100)}, nil)
	require.NoError(t, err)
	for _, need := range needs.Nodes {
		shown[need.Stage]++
		assert.True(t, need.CreatedAt.Before(present), "%s lies in the past", need.Title)
	}
	for _, stage := range governance.NeedStages {
		assert.Positive(t, shown[stage], "a need is %s", stage)
	}
}

// TestEachCodeIsInItsVocabulary holds every code of the story against the vocabularies, where they are at hand.
func TestEachCodeIsInItsVocabulary(t *testing.T) {
	known := vocabularies(t)
	for _, c := range allCodes(t) {
		label, ok := known[c.uri]
		if assert.True(t, ok, "%s (%s) is in no vocabulary", c.uri, c.label) {
			assert.Equal(t, label, c.label, "%s", c.uri)
		}
	}
	for _, v := range ownVocabularies() {
		for _, term := range v.Terms {
			assert.Equal(t, []string{known[term.URI]}, term.Labels["en"], "%s of %s", term.URI, v.Scheme)
		}
	}
}

// stages counts the editions of all specifications by stage.
func stages(t *testing.T, db *store.DB, tale *tale) map[governance.Stage]int {
	t.Helper()
	shown := map[governance.Stage]int{}
	for _, persona := range []string{"secretary", "care-secretary"} {
		all, err := db.Specifications(t.Context(), tale.as(persona), store.SpecificationFilter{Council: tale.as(persona).Organization}, store.Page{First: new(100)}, nil)
		require.NoError(t, err)
		for _, specification := range all.Nodes {
			editions, err := db.EditionsOf(t.Context(), tale.as(persona), specification, nil)
			require.NoError(t, err)
			for _, e := range editions {
				shown[e.Stage]++
			}
		}
	}
	return shown
}

func everyStageOfAnEditionIsShown(t *testing.T, db *store.DB, tale *tale) {
	shown := stages(t, db, tale)
	for _, stage := range governance.EditionStages {
		if stage == governance.StageSuspended || stage == governance.StageWithdrawn {
			continue // what the story leaves out
		}
		assert.Positive(t, shown[stage], "an edition is in %s", stage)
	}
}

func deadlinesOfThePresentAreOpen(t *testing.T, db *store.DB, _ *tale) {
	leavesTime(t, db, present)
}

// leavesTime asserts that nothing falls due in the first two weeks after now.
func leavesTime(t *testing.T, db *store.DB, now time.Time) {
	t.Helper()
	before := head(t, db)
	next, err := db.TakeDue(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before, head(t, db), "nothing was left to be taken")
	assert.True(t, next.After(now.AddDate(0, 0, 14)), "the next deadline, %s, leaves time to look around", next)
}

func everyPublicationIsSignedAndItsOffersAreComplete(t *testing.T, db *store.DB, _ *tale) {
	register, err := db.Register(t.Context(), store.PublicationFilter{}, store.Page{})
	require.NoError(t, err)
	require.Len(t, register.Nodes, 2, "the edition in force on commissioning, and medication")
	first, err := db.PublicationAt(t.Context(), specCommissioning, "1.0")
	require.NoError(t, err)
	assert.Equal(t, governance.PublicationSuperseded, first.State)
	offers := 0
	for _, p := range append(register.Nodes, first) {
		signature, err := db.PublicationSignature(t.Context(), p.ID)
		require.NoError(t, err)
		assert.NotNil(t, signature, "%s %s is signed", p.Slug, p.EditionNumber)
		made, err := db.OffersOf(t.Context(), p.EditionID)
		require.NoError(t, err)
		for _, o := range made {
			offers++
			findings, err := db.OfferFindings(t.Context(), o)
			require.NoError(t, err)
			assert.Empty(t, findings, "%s %s by %s", p.Slug, p.EditionNumber, o.Organization.LegalName)
		}
	}
	assert.Equal(t, 5, offers)
}

func TestTheStoryFitsWheneverTheDemoIsStarted(t *testing.T) {
	for name, now := range map[string]time.Time{
		"on a Monday just after midnight in Riga": time.Date(2026, 11, 22, 22, 5, 0, 0, time.UTC),
		"in the week in which summer time begins": time.Date(2027, 3, 28, 0, 30, 0, 0, time.UTC),
		"on the last day of a leap year":          time.Date(2028, 12, 31, 23, 59, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock(func() time.Time { return now })
			db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), Clock: clock.Now})
			storetest.Sign(t, db)
			require.NoError(t, Fill(t.Context(), db, clock, issuer))
			leavesTime(t, db, now)
		})
	}
}

func vocabulariesAreSearched(t *testing.T, db *store.DB, _ *tale) {
	loaded, err := db.Vocabularies(t.Context())
	require.NoError(t, err)
	assert.Len(t, loaded, len(governance.Schemes), "a part of each")
	found, err := db.SearchTerms(t.Context(), store.TermSearch{Words: "heat pu"})
	require.NoError(t, err)
	var labels []string
	for _, term := range found {
		labels = append(labels, term.Label)
	}
	assert.Equal(t, []string{"install heat pump", "types of heat pumps", "identify fitted source for heat pumps",
		"refrigeration air condition and heat pump technician"}, labels)
}
