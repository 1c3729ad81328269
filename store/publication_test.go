package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

// noEndorsement is a charter that asks for none: a ballot that is carried makes the edition ENDORSED.
func noEndorsement(c *governance.Charter) { c.Endorsements = nil }

// offer makes the lead's offer with the sample's facts.
func (v *vote) offer() governance.OfferID {
	v.t.Helper()
	id, err := v.DB.MakeOffer(v.t.Context(), v.As("college", governance.RolePublisher), store.MakeOfferInput{Edition: v.edition, Facts: sample.Offer()})
	require.NoError(v.t, err)
	return id
}

func (v *vote) publication() store.PublishEditionInput {
	return store.PublishEditionInput{Edition: v.edition, Digest: v.digest, ValidFrom: "2026-04-01", EnrolUntil: "2027-12-31", AwardUntil: "2028-12-31"}
}

func (v *vote) publish() *store.Publication {
	v.t.Helper()
	id, err := v.DB.PublishEdition(v.t.Context(), v.As("college", governance.RolePublisher), v.publication())
	require.NoError(v.t, err)
	p, err := v.DB.PublicationByID(v.t.Context(), id)
	require.NoError(v.t, err)
	return p
}

func TestAnOfferIsMadeChangedAndEnded(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		ctx, publisher := v.t.Context(), v.As("college", governance.RolePublisher)
		in := store.MakeOfferInput{Edition: v.edition, Facts: sample.Offer()}
		in.Facts.AwardingBody.Name = nil
		_, err := v.DB.MakeOffer(ctx, publisher, in)
		refused(v.t, err, governance.CodeConflict, "wrong-stage")
		v.approved()
		_, err = v.DB.MakeOffer(ctx, v.As("college", governance.RoleAuthor), in)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.MakeOffer(ctx, v.As("acme", governance.RolePublisher), in)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		malformed := in
		malformed.Facts.AwardingBody.Country = "Latvia"
		_, err = v.DB.MakeOffer(ctx, publisher, malformed)
		require.Equal(v.t, governance.CodeInvalid, governance.CodeOf(err))
		assert.Equal(v.t, "input.facts/awardingBody/country", err.(*governance.Error).Field)

		id, err := v.DB.MakeOffer(ctx, publisher, in)
		require.NoError(v.t, err, "it may be incomplete until publication")
		_, err = v.DB.MakeOffer(ctx, publisher, in)
		refused(v.t, err, governance.CodeConflict, "offer-exists")
		o, err := v.DB.Offer(ctx, governance.Actor{}, id)
		require.NoError(v.t, err)
		findings, err := v.DB.OfferFindings(ctx, o)
		require.NoError(v.t, err)
		assert.True(v.t, governance.HasErrors(findings))

		_, err = v.DB.ChangeOffer(ctx, v.As("academy", governance.RolePublisher), store.ChangeOfferInput{Offer: id, Facts: sample.Offer()})
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.ChangeOffer(ctx, publisher, store.ChangeOfferInput{Offer: id, Facts: sample.Offer()})
		require.NoError(v.t, err)
		_, err = v.DB.ChangeOffer(ctx, publisher, store.ChangeOfferInput{Offer: id, Facts: sample.Offer()})
		refused(v.t, err, governance.CodeInvalid, "nothing-changed")
		changed, err := v.DB.Offer(ctx, governance.Actor{}, id)
		require.NoError(v.t, err)
		assert.Equal(v.t, 2, changed.Number)
		assert.NotEqual(v.t, o.Digest, changed.Digest)
		assert.Equal(v.t, []string{string(o.Digest), string(changed.Digest)},
			texts(v.t, v.DB, `SELECT digest FROM offer_versions WHERE offer_id = $1 ORDER BY number`, id), "each version is kept")

		_, err = v.DB.EndOffer(ctx, publisher, store.EndOfferInput{Offer: id, Reason: "No teacher."})
		require.NoError(v.t, err)
		_, err = v.DB.EndOffer(ctx, publisher, store.EndOfferInput{Offer: id, Reason: "No teacher."})
		refused(v.t, err, governance.CodeConflict, "offer-ended")
		assert.Equal(v.t, []string{"OFFER_MADE", "OFFER_CHANGED", "OFFER_ENDED"}, v.acts(string(id)))
		v.offer()
		offers, err := v.DB.OffersOf(ctx, v.edition)
		require.NoError(v.t, err)
		assert.Len(v.t, offers, 2)
	})
}

func TestAPublicationMakesTheEndorsedTextPublic(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		need := "0195e3a0-0000-7000-8000-00000000bbbb"
		change(v.t, v.DB, `INSERT INTO needs (id, council_id, sector, organization_id, person_id, title, description, language, country,
			head_count, urgency, stage, created_at) VALUES ($1, $2, 'construction', $3, $4, 'Installers', 'We need them.', 'en', 'LV', 5, 'NOW', 'ACCEPTED', $5)`,
			need, v.Council, v.Organizations["acme"], v.As("acme", governance.RoleAuthor).Person, v.clock.Now())
		change(v.t, v.DB, `INSERT INTO specification_needs (specification_id, need_id)
			SELECT specification_id, $2 FROM editions WHERE id = $1`, v.edition, need)
		v.approved()
		offer := v.offer()
		p := v.publish()
		assert.Equal(v.t, governance.StagePublished, v.stage())
		assert.Equal(v.t, v.digest, p.Digest)
		assert.Equal(v.t, offer, p.OfferID)
		assert.Equal(v.t, "heat-pumps", p.Slug)
		assert.Equal(v.t, "1.0", p.EditionNumber)
		assert.Equal(v.t, governance.Date("2026-04-01"), p.ValidFrom)
		assert.Equal(v.t, governance.Date("2028-12-31"), *p.AwardUntil)
		assert.Equal(v.t, 4, *p.EQFLevel)
		assert.Equal(v.t, "College Ltd", p.Organization.LegalName)
		assert.Equal(v.t, []string{"EDITION_PUBLISHED"}, v.acts(string(p.ID)))
		assert.Equal(v.t, []string{"ADDRESSED"}, texts(v.t, v.DB, `SELECT stage FROM needs WHERE id = $1`, need))
		assert.Equal(v.t, []string{"NEED_ADDRESSED"}, v.acts(need))

		for name, read := range map[string]func() (*store.Publication, error){
			"by digest":  func() (*store.Publication, error) { return v.DB.Publication(v.t.Context(), v.digest) },
			"by address": func() (*store.Publication, error) { return v.DB.PublicationAt(v.t.Context(), "heat-pumps", "1.0") },
			"by edition": func() (*store.Publication, error) { return v.DB.PublicationOf(v.t.Context(), v.edition) },
		} {
			same, err := read()
			require.NoError(v.t, err, name)
			assert.Equal(v.t, p, same, name)
		}
		_, err := v.DB.PublicationAt(v.t.Context(), "heat-pumps", "9.9")
		refused(v.t, err, governance.CodeNotFound, "not-found")

		facts := sample.Offer()
		facts.AwardingBody.Name = nil
		_, err = v.DB.ChangeOffer(v.t.Context(), v.As("college", governance.RolePublisher), store.ChangeOfferInput{Offer: offer, Facts: facts})
		refused(v.t, err, governance.CodeConflict, "offer-not-ready")
	})
}

func TestWhatKeepsAnEditionFromPublication(t *testing.T) {
	type try struct {
		actor governance.Actor
		in    store.PublishEditionInput
	}
	cases := map[string]struct {
		spoil  func(v *vote, try *try)
		code   governance.Code
		reason string
	}{
		"nobody is signed in":       {func(_ *vote, c *try) { c.actor = governance.Actor{} }, governance.CodeUnauthenticated, "sign-in-needed"},
		"another provider":          {func(v *vote, c *try) { c.actor = v.As("academy", governance.RolePublisher) }, governance.CodeForbidden, "role-needed"},
		"an author of the provider": {func(v *vote, c *try) { c.actor = v.As("college", governance.RoleAuthor) }, governance.CodeForbidden, "role-needed"},
		"another stage": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE editions SET stage = 'APPROVED' WHERE id = $1`, v.edition)
		}, governance.CodeConflict, "wrong-stage"},
		"another digest": {func(_ *vote, c *try) { c.in.Digest = "sha256:00" }, governance.CodeConflict, "another-digest"},
		"no offer": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE offers SET state = 'ENDED' WHERE edition_id = $1`, v.edition)
		}, governance.CodeConflict, "no-offer"},
		"an offer with errors": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE offers SET facts = '{"schema":"concordat/offer/1","text":{}}' WHERE edition_id = $1`, v.edition)
		}, governance.CodeConflict, "offer-not-ready"},
		"no first day":                {func(_ *vote, c *try) { c.in.ValidFrom = "" }, governance.CodeInvalid, "date-malformed"},
		"awarded until before it may": {func(_ *vote, c *try) { c.in.AwardUntil, c.in.EnrolUntil = "2026-03-31", "" }, governance.CodeInvalid, "dates-crossed"},
		"enrolled after it may not":   {func(_ *vote, c *try) { c.in.EnrolUntil = "2029-01-01" }, governance.CodeInvalid, "dates-crossed"},
		"enrolment is over":           {func(_ *vote, c *try) { c.in.EnrolUntil = "2026-03-11" }, governance.CodeInvalid, "date-over"},
	}
	eachVote(t, noEndorsement, func(v *vote) {
		for name, c := range cases {
			v.within(name, func() {
				v.approved()
				v.offer()
				attempt := &try{v.As("college", governance.RolePublisher), v.publication()}
				c.spoil(v, attempt)
				_, err := v.DB.PublishEdition(v.t.Context(), attempt.actor, attempt.in)
				refused(v.t, err, c.code, c.reason)
				assert.Zero(v.t, number(v.t, v.DB, `SELECT count(*) FROM publications`))
			})
		}
	})
}

func TestALaterEditionSupersedesTheEarlier(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		first, firstEdition := v.publish(), v.edition
		id, err := v.DB.StartEdition(v.t.Context(), v.As("college", governance.RoleAuthor), store.StartEditionInput{
			Specification: first.SpecificationID, Number: "1.1"})
		require.NoError(v.t, err)
		v.edition = id
		change(v.t, v.DB, `UPDATE editions SET stage = 'ENDORSED', charter_id = $2, approved_digest = head_digest WHERE id = $1`, id, v.Charter)
		v.clock.Advance(time.Hour)
		v.offer()
		second := v.publish()
		assert.Equal(v.t, governance.StagePublished, v.stage())
		earlier, err := v.DB.PublicationByID(v.t.Context(), first.ID)
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.PublicationSuperseded, earlier.State)
		assert.Equal(v.t, first.AwardUntil, earlier.AwardUntil, "its dates stand")
		assert.Equal(v.t, []string{"SUPERSEDED"}, texts(v.t, v.DB, `SELECT stage FROM editions WHERE id = $1`, firstEdition))
		newest, err := v.DB.Publication(v.t.Context(), v.digest)
		require.NoError(v.t, err)
		assert.Equal(v.t, second.ID, newest.ID)
		register, err := v.DB.Register(v.t.Context(), store.PublicationFilter{}, store.Page{})
		require.NoError(v.t, err)
		require.Len(v.t, register.Nodes, 1)
		assert.Equal(v.t, second.ID, register.Nodes[0].ID)
	})
}

func TestAPublisherCountsWhenLeadAndSecretaryNamedTheSame(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		ctx := v.t.Context()
		in := store.NamePublisherInput{Edition: v.edition, Organization: v.Organizations["academy"]}
		_, err := v.DB.NamePublisher(ctx, v.Secretary(), in)
		refused(v.t, err, governance.CodeConflict, "lead-publishes")
		change(v.t, v.DB, `UPDATE editions SET lead_id = $2 WHERE id = $1`, v.edition, v.Organizations["acme"])
		v.approved()
		_, err = v.DB.NamePublisher(ctx, v.As("union-a", governance.RoleAuthor), in)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.NamePublisher(ctx, v.Secretary(), store.NamePublisherInput{Edition: v.edition, Organization: v.Organizations["bolt"]})
		refused(v.t, err, governance.CodeInvalid, "no-provider")
		_, err = v.DB.NamePublisher(ctx, v.Secretary(), in)
		require.NoError(v.t, err)
		academy := v.As("academy", governance.RolePublisher)
		_, err = v.DB.MakeOffer(ctx, academy, store.MakeOfferInput{Edition: v.edition, Facts: sample.Offer()})
		require.NoError(v.t, err)
		_, err = v.DB.PublishEdition(ctx, academy, v.publication())
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.NamePublisher(ctx, v.As("acme", governance.RoleAuthor), in)
		require.NoError(v.t, err)
		_, err = v.DB.PublishEdition(ctx, academy, v.publication())
		require.NoError(v.t, err)
	})
}

// registered writes a publication as its steps would have, with a title and body of its own.
func (v *vote) registered(n int, title, body string, level int) {
	v.t.Helper()
	id := fmt.Sprintf("0195e3a0-0000-7000-8000-00000001%04d", n)
	change(v.t, v.DB, `INSERT INTO editions (id, specification_id, number, stage, stage_at, lead_id, profile, head_id, head_digest, created_at)
		SELECT $1, specification_id, $2, 'PUBLISHED', $3, lead_id, profile, head_id, head_digest, $3 FROM editions WHERE id = $4`,
		id, fmt.Sprintf("2.%d", n), v.clock.Now(), v.edition)
	change(v.t, v.DB, `INSERT INTO publications (id, specification_id, edition_id, organization_id, offer_id, digest, title, language,
			sector, eqf_level, search_text, valid_from, state, published_at)
		SELECT $1, e.specification_id, $1, e.lead_id, o.id, $1, $2, 'en', $3, $4, $5, '2026-04-01', 'PUBLISHED', $6
		FROM editions e JOIN offers o ON o.edition_id = e.id WHERE e.id = $7`,
		id, `{"en":"`+title+`"}`, []string{"construction", "care"}[n%2], level, store.Fold(title)+"\n"+store.Fold(body),
		v.clock.Now().Add(time.Duration(n)*time.Minute), v.edition)
}

func TestTheRegisterIsListedAndSearched(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		v.registered(1, "Wärmepumpen einbauen", "Plan, install and commission.", 4)
		v.registered(2, "Heat pumps", "Explain them in Łódź, naïvely.", 4)
		v.registered(3, "Care at home", "A course that names heat pumps once among many other words of the long text.", 3)
		v.registered(4, "ŠILDYMO SIURBLIAI", "Heating of houses.", 5)
		change(v.t, v.DB, `UPDATE publications SET country = 'AT', title = '{"de":"Wärmepumpen \"en\": einbauen"}' WHERE title LIKE '%einbauen%'`)
		const german = `Wärmepumpen "en": einbauen`
		list := func(filter store.PublicationFilter, first int) []string {
			var titles []string
			page := store.Page{First: &first}
			for range 10 {
				register, err := v.DB.Register(v.t.Context(), filter, page)
				require.NoError(v.t, err)
				for _, p := range register.Nodes {
					for _, title := range p.Title {
						titles = append(titles, title)
					}
				}
				if !register.PageInfo.HasNextPage {
					return titles
				}
				page.After = register.PageInfo.EndCursor
			}
			v.t.Fatal("the list does not end")
			return nil
		}
		four := 4
		for name, c := range map[string]struct {
			filter store.PublicationFilter
			want   []string
		}{
			"newest first":                   {store.PublicationFilter{}, []string{"ŠILDYMO SIURBLIAI", "Care at home", "Heat pumps", german}},
			"a sector":                       {store.PublicationFilter{Sector: "care"}, []string{"Care at home", german}},
			"a country":                      {store.PublicationFilter{Country: "AT"}, []string{german}},
			"another country":                {store.PublicationFilter{Country: "LT"}, nil},
			"a language":                     {store.PublicationFilter{Language: "DE"}, []string{german}},
			"a language and words":           {store.PublicationFilter{Language: "en", Search: "heat pump"}, []string{"Heat pumps", "Care at home"}},
			"a language that is a pattern":   {store.PublicationFilter{Language: "%"}, nil},
			"a level":                        {store.PublicationFilter{EQFLevel: &four}, []string{"Heat pumps", german}},
			"words in a title come first":    {store.PublicationFilter{Search: "heat pump"}, []string{"Heat pumps", "Care at home"}},
			"without marks and case":         {store.PublicationFilter{Search: "WARMEPUMPEN"}, []string{german}},
			"with marks where there are any": {store.PublicationFilter{Search: "šildymo"}, []string{"ŠILDYMO SIURBLIAI"}},
			"beginnings of words":            {store.PublicationFilter{Search: "naiv"}, []string{"Heat pumps"}},
			"every word":                     {store.PublicationFilter{Search: "heat naively"}, []string{"Heat pumps"}},
			"no match":                       {store.PublicationFilter{Search: "welding"}, nil},
			"signs of the search languages":  {store.PublicationFilter{Search: `heat" OR * & | ! ( ) : 'pumps'`}, nil},
			"signs alone":                    {store.PublicationFilter{Search: `"* & | !`}, nil},
			"a search in a level":            {store.PublicationFilter{Search: "pumps", EQFLevel: &four}, []string{"Heat pumps"}},
		} {
			assert.Equal(v.t, c.want, list(c.filter, 20), name)
			assert.Equal(v.t, c.want, list(c.filter, 1), name+", page by page")
		}
	})
}
