package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// fitters is a need of the cast's council.
func fitters(cast *storetest.Cast) store.ProposeNeedInput {
	return store.ProposeNeedInput{
		Council: cast.Council, Sector: "construction", Title: "Heat pump fitters", Description: "We cannot find fitters.",
		Language: "en", Country: "LV", Region: "LV006", HeadCount: 12, Urgency: governance.UrgencyNow,
		Occupation: &store.ConceptInput{ID: esco + "occupation/1", Label: "fitter"},
		Skills:     []store.ConceptInput{{ID: esco + "skill/2", Label: "install"}, {ID: esco + "skill/1", Label: "braze"}},
	}
}

const esco = "http://data.europa.eu/esco/"

// needFields are all levels of a need.
var needFields = store.Fields{"organization": nil, "council": nil, "skills": nil, "backing": nil}

// propose reports fitters for an organization.
func propose(t *testing.T, cast *storetest.Cast, slug string) governance.NeedID {
	t.Helper()
	id, err := cast.DB.ProposeNeed(t.Context(), cast.As(slug, governance.RoleAuthor), fitters(cast))
	require.NoError(t, err)
	return id
}

// needAs reads a need.
func needAs(t *testing.T, cast *storetest.Cast, actor governance.Actor, id governance.NeedID) *store.Need {
	t.Helper()
	need, err := cast.DB.Need(t.Context(), actor, id, needFields)
	require.NoError(t, err)
	return need
}

func back(t *testing.T, cast *storetest.Cast, slug string, id governance.NeedID, heads int) {
	t.Helper()
	_, err := cast.DB.BackNeed(t.Context(), cast.As(slug, governance.RoleRepresentative), store.BackNeedInput{Need: id, HeadCount: heads})
	require.NoError(t, err)
}

func TestANeedGoesFromReportToAcceptance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		author, secretary := cast.As("acme", governance.RoleAuthor), cast.Secretary()
		in := fitters(cast)
		in.IdempotencyKey, in.Skills = "once", append(in.Skills, in.Skills[0])
		id, err := db.ProposeNeed(t.Context(), author, in)
		require.NoError(t, err)
		again, err := db.ProposeNeed(t.Context(), author, in)
		require.NoError(t, err)
		assert.Equal(t, id, again)

		need := needAs(t, cast, cast.As("union-a", governance.RoleObserver), id)
		assert.Equal(t, "Heat pump fitters", need.Title)
		assert.Equal(t, "acme", need.Organization.Slug)
		assert.Equal(t, "council", need.Council.Slug)
		assert.Equal(t, governance.Text{"en": "fitter"}, need.Occupation.Label)
		assert.Equal(t, []governance.Concept{
			{ID: esco + "skill/2", Label: governance.Text{"en": "install"}}, {ID: esco + "skill/1", Label: governance.Text{"en": "braze"}},
		}, need.Skills, "in the order given, each once")

		title, heads := "Fitters of heat pumps", 20
		_, err = db.EditNeed(t.Context(), author, store.EditNeedInput{Need: id, Title: &title, HeadCount: &heads})
		require.NoError(t, err)
		_, err = db.ReviewNeed(t.Context(), secretary, store.ReviewNeedInput{Need: id})
		require.NoError(t, err)
		for range 2 {
			_, err = db.AcceptNeed(t.Context(), secretary, store.AcceptNeedInput{Need: id, Reason: "three employers ask", IdempotencyKey: "accept"})
			require.NoError(t, err)
		}
		need = needAs(t, cast, author, id)
		assert.Equal(t, governance.StageAccepted, need.Stage)
		assert.Equal(t, "three employers ask", need.StageReason)
		assert.Equal(t, title, need.Title)
		assert.Equal(t, 20, need.HeadCount)
		assert.Equal(t, "We cannot find fitters.", need.Description, "what an edit does not name stays")
		assert.Len(t, need.Skills, 2)
		assert.Equal(t, []string{"NEED_PROPOSED AUTHOR", "NEED_EDITED AUTHOR", "NEED_UNDER_REVIEW SECRETARY", "NEED_ACCEPTED SECRETARY"},
			actsOn(t, db, id))
	})
}

func TestANeedEndsWithAReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		declined, withdrawn := propose(t, cast, "acme"), propose(t, cast, "acme")
		_, err := db.DeclineNeed(t.Context(), cast.Secretary(), store.DeclineNeedInput{Need: declined})
		refused(t, err, governance.CodeInvalid, "text-missing")
		_, err = db.DeclineNeed(t.Context(), cast.Secretary(), store.DeclineNeedInput{Need: declined, Reason: "covered"})
		require.NoError(t, err)
		_, err = db.WithdrawNeed(t.Context(), cast.As("acme", governance.RoleRepresentative), store.WithdrawNeedInput{Need: withdrawn, Reason: "found them"})
		require.NoError(t, err)
		member := cast.As("bolt", governance.RoleObserver)
		assert.Equal(t, governance.StageDeclined, needAs(t, cast, member, declined).Stage)
		assert.Equal(t, governance.StageWithdrawn, needAs(t, cast, member, withdrawn).Stage)
		assert.Equal(t, "found them", needAs(t, cast, member, withdrawn).StageReason)
		_, err = db.ReviewNeed(t.Context(), cast.Secretary(), store.ReviewNeedInput{Need: withdrawn})
		refused(t, err, governance.CodeConflict, "wrong-stage")
	})
}

func TestReportingANeedIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		taken := propose(t, cast, "acme")
		author := cast.As("acme", governance.RoleAuthor)
		before := number(t, db, `SELECT COUNT(*) FROM acts`)
		for name, test := range map[string]struct {
			actor  governance.Actor
			change func(in *store.ProposeNeedInput)
			code   governance.Code
			reason string
		}{
			"to somebody not signed in": {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"to an observer":            {cast.As("acme", governance.RoleObserver), nil, governance.CodeForbidden, "role-needed"},
			"to a person for itself":    {cast.Somebody("walker"), nil, governance.CodeForbidden, "role-needed"},
			"to a token that only acts": {withScopes(author, governance.ScopeAct), nil, governance.CodeForbidden, "scope-needed"},
			"under an id that is taken": {author, func(in *store.ProposeNeedInput) { in.ID = taken }, governance.CodeConflict, "id-taken"},
			"under an id that is none":  {author, func(in *store.ProposeNeedInput) { in.ID = "x" }, governance.CodeInvalid, "id-malformed"},
			"to no council": {author, func(in *store.ProposeNeedInput) { in.Council = cast.Organizations["acme"] },
				governance.CodeNotFound, "not-found"},
			"to no council where there is one": {author, func(in *store.ProposeNeedInput) { in.Council = "" },
				governance.CodeInvalid, "council-missing"},
			"in another council's sector": {author, func(in *store.ProposeNeedInput) { in.Sector = "fishing" },
				governance.CodeInvalid, "another-sector"},
			"without a title": {author, func(in *store.ProposeNeedInput) { in.Title = "\n" }, governance.CodeInvalid, "text-missing"},
			"with too long a title": {author, func(in *store.ProposeNeedInput) { in.Title = strings.Repeat("ž", 201) },
				governance.CodeInvalid, "text-too-long"},
			"in no language":      {author, func(in *store.ProposeNeedInput) { in.Language = "English!" }, governance.CodeInvalid, "language-malformed"},
			"in no country":       {author, func(in *store.ProposeNeedInput) { in.Country = "lv" }, governance.CodeInvalid, "country-malformed"},
			"for fewer than none": {author, func(in *store.ProposeNeedInput) { in.HeadCount = -1 }, governance.CodeInvalid, "head-count"},
			"for everybody":       {author, func(in *store.ProposeNeedInput) { in.HeadCount = 10_000_001 }, governance.CodeInvalid, "head-count"},
			"with a skill of nobody's": {author, func(in *store.ProposeNeedInput) { in.Skills[0].ID = "https://example.org/x" },
				governance.CodeInvalid, "not-esco"},
			"with 51 skills": {author, func(in *store.ProposeNeedInput) { in.Skills = make([]store.ConceptInput, 51) },
				governance.CodeInvalid, "too-many-skills"},
			"with an occupation without a name": {author, func(in *store.ProposeNeedInput) { in.Occupation.Label = "" },
				governance.CodeInvalid, "text-missing"},
		} {
			t.Run(name, func(t *testing.T) {
				in := fitters(cast)
				if test.change != nil {
					test.change(&in)
				}
				_, err := db.ProposeNeed(t.Context(), test.actor, in)
				refused(t, err, test.code, test.reason)
			})
		}
		assert.Equal(t, before, number(t, db, `SELECT COUNT(*) FROM acts`), "a refusal leaves nothing behind")
	})
}

func TestTheStepsOnANeedAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := propose(t, cast, "acme")
		other, otherSecretary := newCouncil(t, cast, "forestry")
		in := fitters(cast)
		in.Council, in.Sector = other, "forestry"
		foreign, err := db.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), in)
		require.NoError(t, err)
		decided := propose(t, cast, "acme")
		_, err = db.DeclineNeed(t.Context(), cast.Secretary(), store.DeclineNeedInput{Need: decided, Reason: "covered"})
		require.NoError(t, err)
		title, blank := "Another", ""
		edit := func(actor governance.Actor, in store.EditNeedInput) func() error {
			return func() error { _, err := db.EditNeed(t.Context(), actor, in); return err }
		}
		backs := func(actor governance.Actor, need governance.NeedID, heads int) func() error {
			return func() error {
				_, err := db.BackNeed(t.Context(), actor, store.BackNeedInput{Need: need, HeadCount: heads})
				return err
			}
		}
		review := func(actor governance.Actor, need governance.NeedID) func() error {
			return func() error {
				_, err := db.ReviewNeed(t.Context(), actor, store.ReviewNeedInput{Need: need})
				return err
			}
		}
		merge := func(need, into governance.NeedID) func() error {
			return func() error {
				_, err := db.MergeNeeds(t.Context(), cast.Secretary(), store.MergeNeedsInput{Need: need, Into: into, Reason: "the same"})
				return err
			}
		}
		acme, bolt := cast.As("acme", governance.RoleRepresentative), cast.As("bolt", governance.RoleRepresentative)
		for name, test := range map[string]struct {
			take   func() error
			code   governance.Code
			reason string
		}{
			"an edit by another organization":                        {edit(bolt, store.EditNeedInput{Need: id, Title: &title}), governance.CodeForbidden, "role-needed"},
			"an edit that changes nothing":                           {edit(acme, store.EditNeedInput{Need: id}), governance.CodeInvalid, "nothing-to-change"},
			"an edit to an empty title":                              {edit(acme, store.EditNeedInput{Need: id, Title: &blank}), governance.CodeInvalid, "text-missing"},
			"an edit after the decision":                             {edit(acme, store.EditNeedInput{Need: decided, Title: &title}), governance.CodeConflict, "wrong-stage"},
			"an edit of no need":                                     {edit(acme, store.EditNeedInput{Need: "none", Title: &title}), governance.CodeNotFound, "not-found"},
			"an edit by somebody outside":                            {edit(cast.Somebody("walker"), store.EditNeedInput{Need: id, Title: &title}), governance.CodeNotFound, "not-found"},
			"backing by an author":                                   {backs(cast.As("bolt", governance.RoleAuthor), id, 1), governance.CodeForbidden, "role-needed"},
			"backing one's own need":                                 {backs(acme, id, 1), governance.CodeConflict, "own-need"},
			"backing for nobody":                                     {backs(bolt, id, 0), governance.CodeInvalid, "head-count"},
			"backing what was declined":                              {backs(bolt, decided, 1), governance.CodeConflict, "wrong-stage"},
			"a review by the reporter":                               {review(acme, id), governance.CodeForbidden, "role-needed"},
			"a review by the administrator where there is a council": {review(cast.Admin(), id), governance.CodeForbidden, "role-needed"},
			"a review by another council's secretary":                {review(otherSecretary, id), governance.CodeForbidden, "role-needed"},
			"accepting without a review": {func() error {
				_, err := db.AcceptNeed(t.Context(), cast.Secretary(), store.AcceptNeedInput{Need: id, Reason: "yes"})
				return err
			}, governance.CodeConflict, "wrong-stage"},
			"a merge into itself":               {merge(id, id), governance.CodeInvalid, "into-itself"},
			"a merge into another council's":    {merge(id, foreign), governance.CodeInvalid, "another-council"},
			"a merge into what was declined":    {merge(id, decided), governance.CodeConflict, "into-ended"},
			"a merge into nothing":              {merge(id, "none"), governance.CodeNotFound, "not-found"},
			"a merge of another council's need": {merge(foreign, id), governance.CodeForbidden, "role-needed"},
			"a withdrawal by another one's name": {func() error {
				_, err := db.WithdrawNeed(t.Context(), bolt, store.WithdrawNeedInput{Need: id, Reason: "no"})
				return err
			}, governance.CodeForbidden, "role-needed"},
		} {
			t.Run(name, func(t *testing.T) { refused(t, test.take(), test.code, test.reason) })
		}
		assert.Len(t, actsOn(t, db, id), 1, "a refusal leaves nothing behind")
	})
}

func TestTheAdministratorDecidesWhereASectorHasNoCouncil(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		in := fitters(cast)
		in.Council, in.Sector = "", "fishing"
		id, err := db.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), in)
		require.NoError(t, err)
		_, err = db.ReviewNeed(t.Context(), cast.Secretary(), store.ReviewNeedInput{Need: id})
		refused(t, err, governance.CodeForbidden, "role-needed")
		_, err = db.ReviewNeed(t.Context(), cast.Admin(), store.ReviewNeedInput{Need: id})
		require.NoError(t, err)
		assert.Equal(t, []string{"NEED_PROPOSED AUTHOR", "NEED_UNDER_REVIEW ADMIN"}, actsOn(t, db, id))
	})
}

func TestBackingIsShownAsSumsFromThreeOrganizationsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := propose(t, cast, "acme")
		bolt := cast.As("bolt", governance.RoleObserver)
		back(t, cast, "bolt", id, 5)
		back(t, cast, "crane", id, 7)
		backing := needAs(t, cast, bolt, id).Backing
		assert.Nil(t, backing.Organizations, "two would tell who they are")
		assert.Nil(t, backing.HeadCount)
		assert.Equal(t, 5, *backing.Mine)
		assert.Nil(t, needAs(t, cast, cast.Secretary(), id).Backing.Mine)

		back(t, cast, "union-a", id, 100)
		back(t, cast, "bolt", id, 6)
		backing = needAs(t, cast, bolt, id).Backing
		assert.Equal(t, 3, *backing.Organizations, "said again, it is the same organization")
		assert.Equal(t, 112, *backing.HeadCount, "the one that changed would be known by its difference")
		assert.Equal(t, 6, *backing.Mine)

		back(t, cast, "union-b", id, 10)
		assert.Equal(t, 112, *needAs(t, cast, bolt, id).Backing.HeadCount, "so would two")
		back(t, cast, "college", id, 1)
		backing = needAs(t, cast, bolt, id).Backing
		assert.Equal(t, 5, *backing.Organizations)
		assert.Equal(t, 124, *backing.HeadCount, "three are behind the change")
	})
}

func merge(t *testing.T, cast *storetest.Cast, need, into governance.NeedID) {
	t.Helper()
	_, err := cast.DB.MergeNeeds(t.Context(), cast.Secretary(), store.MergeNeedsInput{Need: need, Into: into, Reason: "the same"})
	require.NoError(t, err)
}

// counted is what is counted of a need's backing, shown or not: organizations and their head counts.
func counted(t *testing.T, cast *storetest.Cast, need governance.NeedID) []int64 {
	t.Helper()
	return []int64{
		number(t, cast.DB, `SELECT backing_count FROM needs WHERE id = $1`, need),
		number(t, cast.DB, `SELECT backing_heads FROM needs WHERE id = $1`, need),
	}
}

func TestAMergeCarriesTheBackersAndCountsNoneTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		into, merged := propose(t, cast, "acme"), propose(t, cast, "bolt") // bolt's own head count is 12
		back(t, cast, "crane", into, 5)
		back(t, cast, "crane", merged, 9)   // both: the larger number counts
		back(t, cast, "union-a", merged, 3) // carried
		back(t, cast, "union-b", merged, 6) // carried
		back(t, cast, "acme", merged, 4)    // reported the other one: its heads are there
		in := store.MergeNeedsInput{Need: merged, Into: into, Reason: "the same", IdempotencyKey: "once"}
		for range 2 {
			_, err := db.MergeNeeds(t.Context(), cast.Secretary(), in)
			require.NoError(t, err)
		}
		ended := needAs(t, cast, cast.As("crane", governance.RoleObserver), merged)
		assert.Equal(t, governance.StageMerged, ended.Stage)
		assert.Equal(t, into, ended.MergedID)
		assert.Nil(t, ended.Backing.Organizations, "its backers are the other one's now")
		assert.Equal(t, 9, *ended.Backing.Mine)
		backing := needAs(t, cast, cast.As("crane", governance.RoleObserver), into).Backing
		assert.Equal(t, 9, *backing.Mine)
		assert.Equal(t, 1, *backing.MineTextNumber)
		assert.Nil(t, needAs(t, cast, cast.As("union-a", governance.RoleObserver), into).Backing.MineTextNumber, "it backed the other one's text")
		assert.Equal(t, []int64{4, 12 + 9 + 3 + 6}, counted(t, cast, into), "bolt, crane and both unions")
		assert.Contains(t, actsOn(t, db, merged), "NEED_MERGED SECRETARY")

		third := propose(t, cast, "crane")
		merge(t, cast, into, third)
		assert.Equal(t, []int64{4, 12 + 12 + 3 + 6}, counted(t, cast, third), "acme that reported; crane reported this one")
	})
}

func TestAMergedNeedNamesTheOneThatGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		first, second, last := propose(t, cast, "acme"), propose(t, cast, "bolt"), propose(t, cast, "crane")
		merge(t, cast, first, second)
		merge(t, cast, second, last)
		member := cast.As("union-a", governance.RoleRepresentative)
		assert.Equal(t, last, needAs(t, cast, member, first).MergedID, "a chain is never longer than one")
		assert.Equal(t, last, needAs(t, cast, member, second).MergedID)

		named := func(err error) string {
			refused(t, err, governance.CodeConflict, "need-merged")
			return err.(*governance.Error).Params["into"]
		}
		_, err := db.BackNeed(t.Context(), member, store.BackNeedInput{Need: first, HeadCount: 1})
		assert.Equal(t, string(last), named(err))
		open := propose(t, cast, "acme")
		_, err = db.MergeNeeds(t.Context(), cast.Secretary(), store.MergeNeedsInput{Need: open, Into: first, Reason: "the same"})
		assert.Equal(t, string(last), named(err))
		may, err := db.NeedMay(t.Context(), member, needAs(t, cast, member, first))
		require.NoError(t, err)
		for _, p := range may {
			if p.Step == governance.BackNeed {
				assert.Equal(t, string(last), named(p.Refusal))
			}
		}
		page, err := db.MergedNeeds(t.Context(), member, needAs(t, cast, member, last), store.Page{}, nil)
		require.NoError(t, err)
		require.Len(t, page.Nodes, 2)
		assert.ElementsMatch(t, []governance.NeedID{first, second}, []governance.NeedID{page.Nodes[0].ID, page.Nodes[1].ID})
	})
}

func TestNoSumTellsWhatFewSaidWhenNeedsAreMerged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		reader := cast.As("office", governance.RoleObserver)
		shown := func(id governance.NeedID) []int {
			backing := needAs(t, cast, reader, id).Backing
			if backing.Organizations == nil {
				return nil
			}
			return []int{*backing.Organizations, *backing.HeadCount}
		}
		backed := func(slugs ...string) governance.NeedID {
			id := propose(t, cast, "acme")
			for _, slug := range slugs {
				back(t, cast, slug, id, 10)
			}
			return id
		}
		t.Run("one that was hidden stays hidden", func(t *testing.T) {
			into, merged := backed("union-a", "union-b", "crane"), backed("college")
			merge(t, cast, merged, into)
			assert.Equal(t, []int{3, 30}, shown(into))
			back(t, cast, "academy", into, 5)
			assert.Equal(t, []int{3, 30}, shown(into))
			back(t, cast, "quality", into, 5)
			assert.Equal(t, []int{6, 50}, shown(into), "three together")
		})
		t.Run("three that come along are shown", func(t *testing.T) {
			into, merged := backed("union-a", "union-b", "crane"), backed("college", "academy", "quality")
			assert.Equal(t, []int{3, 30}, shown(merged))
			merge(t, cast, merged, into)
			assert.Equal(t, []int{6, 60}, shown(into))
			assert.Nil(t, shown(merged))
		})
		t.Run("one that backs both is not left over", func(t *testing.T) {
			into, merged := backed("union-a", "union-b", "crane", "bolt"), backed("bolt", "college", "academy", "quality")
			require.Equal(t, []int{3, 30}, shown(into), "the fourth is not in it")
			merge(t, cast, merged, into) // of the 70 of both, 60 would be left
			assert.Equal(t, []int{3, 30}, shown(into))
			back(t, cast, "learners", into, 10)
			back(t, cast, "office", into, 10)
			assert.Equal(t, []int{3, 30}, shown(into))
			back(t, cast, "council", into, 10)
			assert.Equal(t, []int{10, 100}, shown(into))
		})
		t.Run("the one that reported is no cover for two", func(t *testing.T) {
			merged := propose(t, cast, "bolt") // for 12, as everybody can read
			back(t, cast, "crane", merged, 1)
			into := backed("union-a")
			merge(t, cast, merged, into)
			assert.Equal(t, []int64{3, 23}, counted(t, cast, into))
			assert.Nil(t, shown(into), "bolt's 12 are known, and two are left")
			back(t, cast, "union-b", into, 4)
			assert.Equal(t, []int{4, 27}, shown(into), "three whose numbers nobody knows")
		})
	})
}

func TestEveryTextOfANeedIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := propose(t, cast, "acme")
		back(t, cast, "bolt", id, 5)
		title, author, bolt := "Fitters of heat pumps", cast.As("acme", governance.RoleAuthor), cast.As("bolt", governance.RoleObserver)
		skills := []store.ConceptInput{{ID: esco + "skill/3", Label: "vent"}}
		_, err := db.EditNeed(t.Context(), author, store.EditNeedInput{Need: id, Title: &title, Skills: skills})
		require.NoError(t, err)
		need := needAs(t, cast, bolt, id)
		assert.Equal(t, 2, need.TextNumber)
		assert.Equal(t, 1, *need.Backing.MineTextNumber, "bolt backed what it said before")
		kept, err := db.NeedTexts(t.Context(), need)
		require.NoError(t, err)
		require.Len(t, kept, 2)
		assert.Equal(t, title, kept[0].Title)
		assert.Equal(t, []governance.Concept{{ID: esco + "skill/3", Label: governance.Text{"en": "vent"}}}, kept[0].Skills)
		assert.Equal(t, "Heat pump fitters", kept[1].Title)
		assert.Equal(t, need.Description, kept[1].Description)
		assert.Len(t, kept[1].Skills, 2)

		back(t, cast, "bolt", id, 5)
		assert.Equal(t, 2, *needAs(t, cast, bolt, id).Backing.MineTextNumber)
		for _, statement := range []string{`UPDATE need_texts SET title = ''`, `DELETE FROM need_texts`} {
			assert.Error(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, statement)
				return err
			}))
		}
	})
}

func TestBackersWhoComeAtOnceAreAllCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := propose(t, cast, "acme")
		slugs := []string{"bolt", "crane", "union-a", "union-b", "college", "academy", "quality", "learners", "office"}
		actors := make([]governance.Actor, len(slugs))
		for i, slug := range slugs {
			actors[i] = cast.As(slug, governance.RoleRepresentative)
		}
		var all sync.WaitGroup
		for i := range actors {
			all.Go(func() {
				_, err := db.BackNeed(t.Context(), actors[i], store.BackNeedInput{Need: id, HeadCount: i + 1})
				assert.NoError(t, err)
			})
		}
		all.Wait()
		backing := needAs(t, cast, actors[0], id).Backing
		assert.Equal(t, len(slugs), *backing.Organizations)
		assert.Equal(t, 45, *backing.HeadCount)
	})
}

func TestNeedsAreForMembersOfActiveOrganizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		id := propose(t, cast, "acme")
		suspended := cast.As("crane", governance.RoleAuthor)
		change(t, db, `UPDATE organizations SET suspended = 1 WHERE slug = 'crane'`)
		for _, who := range []governance.Actor{{}, cast.Somebody("walker"), suspended} {
			_, err := db.Need(t.Context(), who, id, nil)
			refused(t, err, governance.CodeNotFound, "not-found")
			list, err := db.Needs(t.Context(), who, store.NeedFilter{}, store.Page{}, nil)
			require.NoError(t, err)
			assert.Empty(t, list.Nodes)
		}
		_, err := db.Need(t.Context(), cast.As("bolt", governance.RoleObserver), id, nil)
		require.NoError(t, err)
	})
}

func TestNeedsAreListedByCouncilAndStageInPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		all := []governance.NeedID{propose(t, cast, "acme"), propose(t, cast, "acme"), propose(t, cast, "bolt")}
		in := fitters(cast)
		in.Council, in.Sector = "", "fishing"
		_, err := db.ProposeNeed(t.Context(), cast.As("acme", governance.RoleAuthor), in)
		require.NoError(t, err)
		_, err = db.ReviewNeed(t.Context(), cast.Secretary(), store.ReviewNeedInput{Need: all[1]})
		require.NoError(t, err)
		member := cast.As("college", governance.RoleObserver)
		ids := func(filter store.NeedFilter) (list []governance.NeedID) {
			one, page := 1, store.Page{}
			for {
				page.First = &one
				got, err := db.Needs(t.Context(), member, filter, page, nil)
				require.NoError(t, err)
				for _, n := range got.Nodes {
					list = append(list, n.ID)
				}
				if !got.PageInfo.HasNextPage {
					return list
				}
				page.After = got.PageInfo.EndCursor
			}
		}
		assert.Len(t, ids(store.NeedFilter{}), 4)
		assert.ElementsMatch(t, all, ids(store.NeedFilter{Council: cast.Council}))
		assert.Equal(t, all[1:2], ids(store.NeedFilter{Council: cast.Council, Stages: []governance.Stage{governance.StageUnderReview, governance.StageAccepted}}))
	})
}

func TestAListSaysOfEachNeedWhatTheViewerMayDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		own, theirs := propose(t, cast, "acme"), propose(t, cast, "bolt")
		in := fitters(cast)
		in.Council, in.Sector = "", "fishing"
		fishing, err := db.ProposeNeed(t.Context(), cast.As("bolt", governance.RoleAuthor), in)
		require.NoError(t, err)
		allowed := func(actor governance.Actor) map[governance.NeedID][]governance.Step {
			list, err := db.Needs(t.Context(), actor, store.NeedFilter{}, store.Page{}, store.Fields{"viewerMay": nil})
			require.NoError(t, err)
			steps := map[governance.NeedID][]governance.Step{}
			for _, n := range list.Nodes {
				along, err := db.NeedMay(t.Context(), actor, n)
				require.NoError(t, err)
				alone, err := db.NeedMay(t.Context(), actor, needAs(t, cast, actor, n.ID))
				require.NoError(t, err)
				assert.Equal(t, alone, along, "read along or alone, it is the same")
				steps[n.ID] = []governance.Step{}
				for _, p := range along {
					if p.Allowed() {
						steps[n.ID] = append(steps[n.ID], p.Step)
					}
				}
			}
			return steps
		}
		decides := []governance.Step{governance.ReviewNeed, governance.DeclineNeed, governance.MergeNeeds}
		none := []governance.Step{}
		assert.Equal(t, map[governance.NeedID][]governance.Step{own: decides, theirs: decides, fishing: none}, allowed(cast.Secretary()))
		assert.Equal(t, map[governance.NeedID][]governance.Step{own: none, theirs: none, fishing: decides}, allowed(cast.Admin()))
		edits := []governance.Step{governance.EditNeed, governance.WithdrawNeed}
		assert.Equal(t, map[governance.NeedID][]governance.Step{own: edits, theirs: none, fishing: none}, allowed(cast.As("acme", governance.RoleAuthor)))
	})
}
