package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
	"concordat/store"
)

// latvian is every text of a document, "translated".
func latvian(d governance.Document) []store.TranslatedTextInput {
	var texts []store.TranslatedTextInput
	for _, path := range (governance.Translation{}).Standing(d, d).Missing {
		texts = append(texts, store.TranslatedTextInput{Path: path, Words: "Latviski " + path})
	}
	return texts
}

// translate adds a Latvian translation of the edition's newest text.
func (s scene) translate(by governance.Actor, e *store.Edition) *store.Translation {
	s.t.Helper()
	now := s.edition(e)
	id, err := s.db.AddTranslation(s.t.Context(), by, store.AddTranslationInput{
		Edition: e.ID, Language: "lv", Of: now.HeadDigest, Status: governance.TranslationMachine, Texts: latvian(sample.Document()),
	})
	require.NoError(s.t, err)
	return s.translation(by, id)
}

func (s scene) translation(by governance.Actor, id governance.TranslationID) *store.Translation {
	s.t.Helper()
	t, err := s.db.Translation(s.t.Context(), by, id)
	require.NoError(s.t, err)
	return t
}

func TestATranslationLiesBesideTheText(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		added := s.translate(manufacturer, e)
		assert.Equal(t, e.HeadDigest, s.edition(e).HeadDigest, "the text's digest is untouched")
		assert.Equal(t, e.HeadDigest, added.Of)
		assert.Equal(t, governance.TranslationMachine, added.Status)
		assert.Equal(t, "pump-works", added.Organization.Slug)
		require.NotNil(t, added.Canonical())
		assert.Equal(t, added.Digest, notary.Digest([]byte(*added.Canonical())), "its own digest names its own bytes")
		parsed, err := governance.ParseTranslation([]byte(*added.Canonical()))
		require.NoError(t, err)
		assert.Equal(t, e.HeadDigest, parsed.Of)
		standing, err := s.db.TranslationStanding(t.Context(), unionist, added, nil)
		require.NoError(t, err)
		assert.True(t, standing.Complete())

		languages, err := s.db.LanguagesOf(t.Context(), s.edition(e))
		require.NoError(t, err)
		assert.Equal(t, []*store.EditionLanguage{
			{Language: "en", Authentic: true}, {Language: "de", Authentic: true}, {Language: "lv", Status: governance.TranslationMachine},
		}, languages)

		_, err = s.db.ConfirmTranslation(t.Context(), drafter, store.ConfirmTranslationInput{Translation: added.ID, Digest: e.HeadDigest})
		s.refused(err, governance.CodeConflict, "another-digest")
		_, err = s.db.ConfirmTranslation(t.Context(), drafter, store.ConfirmTranslationInput{Translation: added.ID, Digest: added.Digest})
		require.NoError(t, err)
		confirmed := s.translation(unionist, added.ID)
		assert.Equal(t, governance.TranslationConfirmed, confirmed.Status)
		assert.Equal(t, "heat-academy", confirmed.ConfirmedBy.Slug)
		_, err = s.db.ConfirmTranslation(t.Context(), secretary, store.ConfirmTranslationInput{Translation: added.ID, Digest: added.Digest})
		s.refused(err, governance.CodeConflict, "confirmed-already")

		_, err = s.db.WithdrawTranslation(t.Context(), secretary, store.WithdrawTranslationInput{Translation: added.ID, Reason: "misleading"})
		require.NoError(t, err)
		listed, err := s.db.Translations(t.Context(), unionist, s.edition(e))
		require.NoError(t, err)
		assert.Empty(t, listed)
		assert.Equal(t, "misleading", s.translation(unionist, added.ID).EndReason, "what was said of it stays")
		assert.Equal(t, []string{"TRANSLATION_ADDED", "TRANSLATION_CONFIRMED", "TRANSLATION_WITHDRAWN"}, s.acts(string(added.ID)))
		s.translate(unionist, e) // there is room for another
	})
}

func TestATranslationSaysWhatChangedSince(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		added := s.translate(manufacturer, e)
		first := s.edition(e).HeadID
		s.clock.Advance(time.Minute)
		second := s.save(e, func(d *governance.Document) {
			d.Summary["en"] = "Fit heat pumps."
			d.Prerequisites = nil
			d.Outcomes[0].Statement["de"] = "Anders."
		})
		standing, err := s.db.TranslationStanding(t.Context(), unionist, added, nil)
		require.NoError(t, err)
		assert.Equal(t, &governance.TranslationStanding{Missing: []string{}, Outdated: []string{"/summary"}, Gone: []string{"/prerequisites"}}, standing)
		before, err := s.db.TranslationStanding(t.Context(), unionist, added, &first)
		require.NoError(t, err)
		assert.True(t, before.Complete())
		_, err = s.db.ConfirmTranslation(t.Context(), drafter, store.ConfirmTranslationInput{Translation: added.ID, Digest: added.Digest})
		s.refused(err, governance.CodeConflict, "translation-unfit")

		in := func(id governance.RevisionID, language governance.LanguageTag) map[string]*governance.ReadableText {
			revision, err := s.db.Revision(t.Context(), unionist, id, nil)
			require.NoError(t, err)
			read, err := s.db.ReadIn(t.Context(), revision, language)
			require.NoError(t, err)
			byPath := map[string]*governance.ReadableText{}
			for _, one := range read {
				byPath[one.Path] = one
			}
			return byPath
		}
		assert.Equal(t, "Latviski /summary", in(first, "lv-LV")["/summary"].Words)
		assert.Equal(t, &governance.ReadableText{Path: "/summary", Words: "Fit heat pumps.", Language: "en"}, in(second, "lv")["/summary"],
			"words of another text are not shown for these")
		assert.Equal(t, governance.TranslationMachine, in(second, "lv")["/title"].Status)
		assert.Empty(t, in(second, "de-AT")["/title"].Status)

		texts := latvian(s.head(e).Document)
		save := func(by governance.Actor, base int) error {
			_, err := s.db.SaveTranslation(t.Context(), by, store.SaveTranslationInput{
				Translation: added.ID, Base: base, Of: s.edition(e).HeadDigest, Status: governance.TranslationUnofficial, Texts: texts,
			})
			return err
		}
		require.NoError(t, save(drafter, 1))
		s.refused(save(manufacturer, 1), governance.CodeConflict, "stale-base")
		s.refused(save(manufacturer, 2), governance.CodeInvalid, "nothing-changed")
		saved := s.translation(unionist, added.ID)
		assert.Equal(t, 2, saved.Number)
		_, err = s.db.ConfirmTranslation(t.Context(), drafter, store.ConfirmTranslationInput{Translation: added.ID, Digest: saved.Digest})
		s.refused(err, governance.CodeForbidden, "own-translation")
		versions, err := s.db.TranslationVersions(t.Context(), unionist, saved)
		require.NoError(t, err)
		require.Len(t, versions, 2)
		assert.Equal(t, added.Digest, versions[1].Digest, "what was said before is kept")
		assert.Equal(t, added.Canonical(), versions[1].Canonical())
		for _, statement := range []string{`UPDATE translation_versions SET digest = 'x'`, `DELETE FROM translation_versions`} {
			assert.Error(t, s.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, statement)
				return err
			}))
		}
	})
}

// head reads the edition's newest revision with its text.
func (s scene) head(e *store.Edition) *store.Revision {
	s.t.Helper()
	head, err := s.db.Head(s.t.Context(), drafter, s.edition(e), store.Fields{"document": nil})
	require.NoError(s.t, err)
	return head
}

func TestATranslationIsRefused(t *testing.T) {
	eachScene(t, func(s scene) {
		e := s.start("heat-pumps")
		s.translate(manufacturer, e)
		good := store.AddTranslationInput{
			Edition: e.ID, Language: "lt", Of: e.HeadDigest, Status: governance.TranslationMachine, Texts: latvian(sample.Document())[:1],
		}
		for name, test := range map[string]struct {
			by     governance.Actor
			change func(in *store.AddTranslationInput)
			code   governance.Code
			reason string
		}{
			"to somebody outside":        {outsider, nil, governance.CodeNotFound, "not-found"},
			"to an observer":             {unionObserver, nil, governance.CodeForbidden, "role-needed"},
			"into an authentic language": {manufacturer, func(in *store.AddTranslationInput) { in.Language = "de" }, governance.CodeInvalid, "authentic-language"},
			"into no language":           {manufacturer, func(in *store.AddTranslationInput) { in.Language = "Lithuanian" }, governance.CodeInvalid, "not-a-language"},
			"a second time":              {unionist, func(in *store.AddTranslationInput) { in.Language = "lv" }, governance.CodeConflict, "translation-exists"},
			"of another text": {manufacturer, func(in *store.AddTranslationInput) { in.Of = notary.Digest([]byte("x")) },
				governance.CodeInvalid, "no-such-revision"},
			"as confirmed": {manufacturer, func(in *store.AddTranslationInput) { in.Status = governance.TranslationConfirmed }, governance.CodeInvalid, "not-confirmed-yet"},
			"of what is not there": {manufacturer, func(in *store.AddTranslationInput) {
				in.Texts = []store.TranslatedTextInput{{Path: "/colour", Words: "x"}}
			},
				governance.CodeInvalid, "no-such-text"},
			"of nothing": {manufacturer, func(in *store.AddTranslationInput) { in.Texts = nil }, governance.CodeInvalid, "nothing-translated"},
			"of a text twice": {manufacturer, func(in *store.AddTranslationInput) { in.Texts = append(in.Texts, in.Texts[0]) },
				governance.CodeInvalid, "doubled-member"},
		} {
			s.t.Run(name, func(t *testing.T) {
				in := good
				in.Texts = append([]store.TranslatedTextInput{}, good.Texts...)
				if test.change != nil {
					test.change(&in)
				}
				_, err := s.db.AddTranslation(t.Context(), test.by, in)
				refused(t, err, test.code, test.reason)
			})
		}
	})
}

func TestTheTextsOfASecretDraftStaySecretInTranslation(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		added := s.translate(manufacturer, e)
		s.clock.Advance(time.Minute)
		s.save(e, func(d *governance.Document) { d.Summary["en"] = "Fit heat pumps." })
		s.set(e, governance.StageApproved)
		seen := s.translation(outsider, added.ID)
		assert.Nil(t, seen.Canonical(), "the bytes hold what the draft said")
		for _, text := range seen.Texts() {
			assert.NotEqual(t, "/summary", text.Path)
		}
		assert.NotEmpty(t, seen.Texts())
		versions, err := s.db.TranslationVersions(t.Context(), outsider, seen)
		require.NoError(t, err)
		assert.Empty(t, versions)
		assert.NotNil(t, s.translation(unionist, added.ID).Canonical(), "who saw the draft sees it still")
	})
}

func TestOfTwoTranslationsAtOnceOneIsTaken(t *testing.T) {
	eachScene(t, func(s scene) {
		e := s.start("heat-pumps")
		results := make(chan error, 2)
		for _, by := range []governance.Actor{manufacturer, unionist} {
			go func() {
				_, err := s.db.AddTranslation(s.t.Context(), by, store.AddTranslationInput{
					Edition: e.ID, Language: "lv", Of: e.HeadDigest, Status: governance.TranslationMachine, Texts: latvian(sample.Document()),
				})
				results <- err
			}()
		}
		one, two := <-results, <-results
		if one != nil {
			one, two = two, one
		}
		require.NoError(s.t, one)
		s.refused(two, governance.CodeConflict, "translation-exists")
	})
}
