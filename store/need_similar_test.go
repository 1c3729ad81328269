package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// need of the cast's council, with a title, a description and skills.
func needOf(t *testing.T, cast *storetest.Cast, title, description string, skills ...string) governance.NeedID {
	t.Helper()
	in := fitters(cast)
	in.Title, in.Description, in.Skills, in.Occupation = title, description, nil, nil
	for _, skill := range skills {
		in.Skills = append(in.Skills, store.ConceptInput{ID: governance.URI(esco + "skill/" + skill), Label: "to " + skill})
	}
	id, err := cast.DB.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), in)
	require.NoError(t, err)
	return id
}

func similar(t *testing.T, cast *storetest.Cast, like store.NeedLike) []*store.SimilarNeed {
	t.Helper()
	found, err := cast.DB.SimilarNeeds(t.Context(), cast.As("bolt", governance.RoleObserver), like, nil, nil)
	require.NoError(t, err)
	return found
}

func titles(found []*store.SimilarNeed) []string {
	all := []string{}
	for _, one := range found {
		all = append(all, one.Need.Title)
	}
	return all
}

func TestSimilarNeedsAreFoundWhileOneIsTyped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		needOf(t, cast, "Wärmepumpen in Betrieb nehmen", "Monteure für die Übergabe fehlen.", "commission")
		needOf(t, cast, "Fitters who commission heat pumps", "Nobody hands the plant over.", "commission", "hand-over")
		needOf(t, cast, "Medication in digital records", "Carers document late.", "record")
		fitter := needOf(t, cast, "Blower door tests", "Nobody can measure.")
		change(t, db, `UPDATE needs SET occupation = $2 WHERE id = $1`, fitter, esco+"occupation/9")

		for name, test := range map[string]struct {
			like  store.NeedLike
			found []string
		}{
			"by half a word":              {store.NeedLike{Title: "heat pum"}, []string{"Fitters who commission heat pumps"}},
			"by a bent word":              {store.NeedLike{Title: "Fitter"}, []string{"Fitters who commission heat pumps"}},
			"without accents and case":    {store.NeedLike{Title: "WARMEPUMPE"}, []string{"Wärmepumpen in Betrieb nehmen"}},
			"with accents":                {store.NeedLike{Title: "Wärmepumpen"}, []string{"Wärmepumpen in Betrieb nehmen"}},
			"by words of the description": {store.NeedLike{Title: "Übergabe"}, []string{"Wärmepumpen in Betrieb nehmen"}},
			"by the description typed":    {store.NeedLike{Description: "carers need records"}, []string{"Medication in digital records"}},
			"by the most shared skills": {store.NeedLike{Skills: []governance.URI{esco + "skill/commission", esco + "skill/hand-over"}},
				[]string{"Fitters who commission heat pumps", "Wärmepumpen in Betrieb nehmen"}},
			"by the occupation": {store.NeedLike{Occupation: esco + "occupation/9"}, []string{"Blower door tests"}},
			"skills before words": {store.NeedLike{Title: "Blower door tests", Skills: []governance.URI{esco + "skill/record"}},
				[]string{"Medication in digital records", "Blower door tests"}},
			"not by the sector alone": {store.NeedLike{Sector: "construction"}, []string{}},
			"not by nothing":          {store.NeedLike{}, []string{}},
			"not by signs":            {store.NeedLike{Title: `"* OR ) {title}: ' % & | !`, Description: `-- \ :*`}, []string{}},
			"not itself":              {store.NeedLike{Title: "Blower door", Except: fitter}, []string{}},
			"not by little words":     {store.NeedLike{Title: "nobody ever understands sustainability frameworks"}, []string{}},
		} {
			t.Run(name, func(t *testing.T) { assert.Equal(t, test.found, titles(similar(t, cast, test.like))) })
		}
	})
}

func TestASimilarNeedSaysWhy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		needOf(t, cast, "Fitters who commission heat pumps", "Nobody hands the plant over.", "commission", "braze")
		found := similar(t, cast, store.NeedLike{
			Title: "Commissioning of heat pumps", Sector: "construction", Skills: []governance.URI{esco + "skill/braze", esco + "skill/weld"},
		})
		require.Len(t, found, 1)
		assert.Equal(t, []governance.Concept{{ID: esco + "skill/braze", Label: governance.Text{"en": "to braze"}}}, found[0].SharedSkills)
		assert.Equal(t, []string{"commissioning", "heat", "pumps"}, found[0].SharedWords)
		assert.True(t, found[0].SameSector)
		assert.False(t, found[0].SameOccupation)
	})
}

func TestWhatEndedIsFoundAsFarAsItHelps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		withdrawn := needOf(t, cast, "Heat pump sales", "By telephone.")
		_, err := db.WithdrawNeed(t.Context(), cast.As("acme", governance.RoleAuthor), store.WithdrawNeedInput{Need: withdrawn, Reason: "no"})
		require.NoError(t, err)
		merged, into := needOf(t, cast, "Heat pump fitters", "Too few."), needOf(t, cast, "Plant technicians", "Too few of them.")
		merge(t, cast, merged, into)
		assert.Equal(t, []string{"Plant technicians"}, titles(similar(t, cast, store.NeedLike{Title: "Heat pumps"})), "the need that it goes on in")
		title := "Ventilation technicians"
		_, err = db.EditNeed(t.Context(), cast.As("acme", governance.RoleAuthor), store.EditNeedInput{Need: into, Title: &title})
		require.NoError(t, err)
		assert.Equal(t, []string{title}, titles(similar(t, cast, store.NeedLike{Title: "Ventilation"})))
		assert.Empty(t, similar(t, cast, store.NeedLike{Title: "Plant"}), "what it said before is not searched")
	})
}

func TestSimilarNeedsAreForMembersOfActiveOrganizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		needOf(t, cast, "Heat pump fitters", "Too few.")
		suspended := cast.As("crane", governance.RoleAuthor)
		change(t, db, `UPDATE organizations SET suspended = 1 WHERE slug = 'crane'`)
		for _, who := range []governance.Actor{{}, cast.Somebody("walker"), suspended} {
			found, err := db.SimilarNeeds(t.Context(), who, store.NeedLike{Title: "Heat pump"}, nil, nil)
			require.NoError(t, err)
			assert.Empty(t, found)
		}
		none, many := 0, 21
		for _, first := range []*int{&none, &many} {
			_, err := db.SimilarNeeds(t.Context(), cast.Admin(), store.NeedLike{Title: "Heat pump"}, first, nil)
			refused(t, err, governance.CodeInvalid, "page-size")
		}
		_, err := db.SimilarNeeds(t.Context(), cast.Admin(), store.NeedLike{Title: strings.Repeat("ž", 201)}, nil, nil)
		refused(t, err, governance.CodeInvalid, "text-too-long")
	})
}

func TestSimilarNeedsTakeAsManyStatementsAmongManyAsAmongFew(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		var statements atomic.Int64
		clock := storetest.NewClock()
		db := storetest.OpenWith(t, store.Config{
			URL: storetest.URL(t, kind), Clock: clock.Now, Statements: func(string) { statements.Add(1) },
		})
		cast := storetest.NewCast(t, db)
		like := store.NeedLike{Title: "Heat pump fitters", Description: "Too few of them.", Skills: []governance.URI{esco + "skill/braze"}}
		count := func() int64 {
			statements.Store(0)
			first := 20
			_, err := db.SimilarNeeds(t.Context(), cast.Admin(), like, &first, store.Fields{"need": store.Fields{"organization": nil, "skills": nil, "backing": nil}})
			require.NoError(t, err)
			return statements.Load()
		}
		needOf(t, cast, "Heat pump fitters", "Too few.", "braze")
		few := count()
		for i := range 150 {
			clock.Advance(time.Second)
			needOf(t, cast, fmt.Sprintf("Heat pump fitters %d", i), "Too few.", "braze", "weld")
		}
		assert.Equal(t, few, count())
		assert.LessOrEqual(t, few, int64(10))
		first := 20
		found, err := db.SimilarNeeds(t.Context(), cast.Admin(), like, &first, nil)
		require.NoError(t, err)
		assert.Len(t, found, 20)
	})
}

func TestNeedsFromBeforeAreFoundOnceTheSchemaIsNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := needOf(t, cast, "Heat pump fitters", "Too few.", "braze")
		change(t, db, `UPDATE needs SET search_text = '' WHERE id = $1`, id)
		require.Empty(t, similar(t, cast, store.NeedLike{Title: "Heat"}))
		require.NoError(t, db.Migrate(context.Background()))
		assert.Len(t, similar(t, cast, store.NeedLike{Title: "Heat"}), 1)
	})
}
