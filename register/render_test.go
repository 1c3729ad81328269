package register

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

const base = "https://credentials.example.org"

// entry is a publication of the sample document, carried by two of three.
func entry() *Entry {
	closed, published := time.Date(2026, 5, 4, 16, 0, 0, 0, time.UTC), governance.PublicationPublished
	college := &store.Organization{LegalName: "Daugavas Enerģētikas koledža"}
	council := &store.Organization{LegalName: "Heat Transition Skills Council"}
	return &Entry{
		Publication: &store.Publication{
			Slug: "heat-pumps", EditionNumber: "1.0", Organization: college, Digest: "sha256:" + governance.Digest(strings.Repeat("ab", 32)),
			Title: sample.Document().Title, Language: "en", Sector: "construction", State: governance.PublicationPublished,
			ValidFrom: "2026-06-01", PublishedAt: closed,
		},
		Document: sample.Document(),
		Ballot:   &store.Ballot{ID: "b1", Council: council, ElectorCount: 3, PositionCount: 3, ClosedAt: &closed},
		Standing: &store.PublicationStanding{
			At: closed, State: &published, Since: &closed,
			Offers: []*store.Offer{{Organization: college, Facts: sample.Offer()}},
			Statements: []*store.Statement{{
				Kind: governance.StatementEndorsement, State: governance.StatementIsGiven, Organization: council, AnsweredAt: &closed,
			}},
		},
	}
}

func page(t *testing.T, e *Entry, address string, header ...string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	require.NoError(t, renderEntry(w, r, e, base))
	return w.Body.String()
}

func TestAPublicationShowsWhatWasAgreedAndHow(t *testing.T) {
	got := page(t, entry(), "/register/heat-pumps/1.0")
	for _, want := range []string{
		"Installing and commissioning heat pumps", "Daugavas Enerģētikas koledža", "EQF", "hours",
		"Heat Transition Skills Council", "3 organizations could vote", "endorsement by", "sha256:abab", "60 months",
		`hreflang="de"`, "https://credentials.example.org/register/heat-pumps/1.0",
	} {
		assert.Contains(t, got, want)
	}
	for _, o := range sample.Document().Outcomes {
		assert.Contains(t, got, o.Statement["en"])
	}
}

func TestAPublicationThatWasSuspendedSaysSinceWhenAndWhy(t *testing.T) {
	e := entry()
	suspended := e.Publication.PublishedAt.AddDate(0, 1, 0)
	e.Stages = []*store.StagePeriod{
		{Stage: governance.StagePublished, From: e.Publication.PublishedAt, To: &suspended},
		{Stage: governance.StageSuspended, From: suspended, Reason: "A <fault>.", Decision: "of 4 June"},
	}
	assert.NotContains(t, page(t, e, "/x"), "stand as they were promised")
	state := governance.PublicationSuspended
	e.Standing.At, e.Standing.State, e.Standing.Reason, e.Standing.Since = suspended, &state, "A <fault>.", &suspended
	got := page(t, e, "/x")
	for _, want := range []string{
		`<span class="tag warn">suspended</span>`, "It is <strong>suspended</strong> since", "4 June 2026, 16:00 UTC", "A &lt;fault&gt;.",
		"by decision of the council: of 4 June", "stand as they were promised",
	} {
		assert.Contains(t, got, want)
	}
	assert.Equal(t, 1, strings.Count(got, `<li><span class="tag">`), "that it was published is said above")
}

func TestAClaimIsShownAsAClaimUntilItIsConfirmed(t *testing.T) {
	e := entry()
	assert.Contains(t, page(t, e, "/x"), `EQF 4 <span class="quiet">(claimed)</span>`)
	authority := &store.Statement{
		Kind: governance.StatementNqfInclusion, State: governance.StatementIsGiven, AnsweredAt: e.Standing.Statements[0].AnsweredAt, Digest: e.Publication.Digest,
		Organization:   &store.Organization{LegalName: "Office <of> Qualifications"},
		StatementFacts: governance.StatementFacts{Framework: "DQR", Level: "4"},
	}
	e.Standing.Statements = append(e.Standing.Statements, authority)
	for _, path := range []string{"/level/eqf", "/level/nqf/dqr"} {
		e.Standing.Claims = append(e.Standing.Claims, &store.Claim{Kind: governance.ClaimLevel, Path: path, ConfirmedBy: []*store.Statement{authority}})
	}
	got := page(t, e, "/x")
	assert.Contains(t, got, `EQF 4 <span class="quiet">(confirmed by Office &lt;of&gt; Qualifications)</span>`)
	assert.Contains(t, got, `DQR 4 <span class="quiet">(confirmed by Office &lt;of&gt; Qualifications)</span>`)
	assert.Contains(t, got, `<span class="tag">unsigned</span>`)
}

func TestWhatStoodOnADayIsShownAsThat(t *testing.T) {
	e := entry()
	e.On, e.Standing.Lapsed = "2026-06-01", true
	e.Stages = []*store.StagePeriod{{Stage: governance.StagePublished}, {Stage: governance.StageWithdrawn, From: e.Standing.At.AddDate(1, 0, 0)}}
	got := page(t, e, "/x?on=2026-06-01")
	for _, want := range []string{"1 June 2026", "This is how it stood at the end of that day", `<span class="tag warn">lapsed</span>`, "was missing"} {
		assert.Contains(t, got, want)
	}
	assert.NotContains(t, got, "withdrawn", "that came later")
	list := httptest.NewRecorder()
	require.NoError(t, renderList(list, listView{On: "2026-06-01", Language: "en", Publications: []*store.Publication{e.Publication}}))
	assert.Contains(t, list.Body.String(), `href="/register/heat-pumps/1.0?on=2026-06-01"`)
	view, _ := asked(httptest.NewRequest(http.MethodGet, "/register?on=2026-06-01&lapsed=yes", nil))
	assert.Equal(t, governance.Date("2026-06-01"), view.filter().ValidOn)
	assert.True(t, *view.filter().Lapsed)
	view, _ = asked(httptest.NewRequest(http.MethodGet, "/register?on=yesterday", nil))
	assert.Empty(t, view.filter().ValidOn)
}

func TestAMinorityStatementIsShownWithWhatItDissentsFrom(t *testing.T) {
	e := entry()
	e.Standing.Statements = append(e.Standing.Statements, &store.Statement{
		Kind: governance.StatementDissent, State: governance.StatementIsGiven, BallotID: "b1", Words: "It is <too> long.",
		Organization: &store.Organization{LegalName: "BaltHerm"},
	})
	got := page(t, e, "/x")
	assert.Contains(t, got, "It is &lt;too&gt; long.")
	assert.Contains(t, got, "BaltHerm, which objected in the ballot")
	assert.NotContains(t, got, "dissent by")
	e.Standing.Statements[1].BallotID = "b0"
	assert.NotContains(t, page(t, e, "/x"), "What the minority says", "it is about another ballot")
}

func TestAPublicationIsShownInALanguageThatItsTextHas(t *testing.T) {
	assert.Contains(t, page(t, entry(), "/x?lang=de"), `<span lang="de">Wärmepumpen einbauen`)
	assert.Contains(t, page(t, entry(), "/x", "Accept-Language", "fr;q=0.9, de-AT;q=0.8"), `<span lang="de">Wärmepumpen einbauen`)
	assert.Contains(t, page(t, entry(), "/x?lang=lv"), `<span lang="en">Installing`, "otherwise in the primary one")
	assert.Contains(t, page(t, entry(), "/x?lang=%3Cscript%3E"), `<span lang="en">Installing`)
}

func TestATranslationIsShownAsWhatItIs(t *testing.T) {
	e := entry()
	e.Translations = []governance.RatedTranslation{{
		Translation: governance.Translation{Language: "lv", Texts: map[string]string{"/title": "Siltumsūkņu <b>uzstādīšana</b>"}},
		Status:      governance.TranslationUnofficial,
	}}
	shown := page(t, e, "/x?lang=lv-LV")
	assert.Contains(t, shown, `<span lang="lv">Siltumsūkņu &lt;b&gt;uzstādīšana&lt;/b&gt;`)
	assert.Contains(t, shown, "This is an unofficial translation.")
	assert.Contains(t, shown, `The authentic text is in
<a href="?lang=en" hreflang="en">en</a>, <a href="?lang=de" hreflang="de">de</a>`)
	assert.Contains(t, shown, `<span lang="en">Plan, install and commission`, "what is not translated is authentic")
	assert.Contains(t, shown, `href="?lang=lv" hreflang="lv" lang="lv" aria-current="true"`)
	for _, address := range []string{"/x", "/x?lang=de", "/x?lang=fi"} {
		other := page(t, e, address)
		assert.NotContains(t, other, "This is an unofficial translation")
		assert.Contains(t, other, `href="?lang=lv" hreflang="lv" lang="lv">lv</a> <span class="quiet">(unofficial translation)`)
	}
	assert.NotContains(t, e.Document.Title, "lv", "the text itself stays as it is")
}

func TestWhatPeopleWroteIsEscaped(t *testing.T) {
	e := entry()
	e.Document.Title = governance.Text{"en": `<img src=x onerror=alert(1)>`, "de": "x"}
	e.Document.Classification.Occupations = []governance.Concept{{ID: "javascript:alert(1)", Label: governance.Text{"en": `"><script>`, "de": "x"}}}
	e.Document.FurtherInformation.Links = []governance.Reference{{URI: `https://example.org/"><script>alert(1)</script>`}}
	got := page(t, e, "/x")
	assert.NotContains(t, got, "<img")
	assert.NotContains(t, got, "<script>")
	assert.NotContains(t, got, `href="javascript:`)
}

func TestPagesAreWellFormed(t *testing.T) {
	list := httptest.NewRecorder()
	require.NoError(t, renderList(list, listView{Search: "heat", Language: "de", Publications: []*store.Publication{entry().Publication}, Next: "/register?after=x"}))
	for name, text := range map[string]string{"list": list.Body.String(), "entry": page(t, entry(), "/x"), "bare": page(t, &Entry{Publication: entry().Publication, Standing: &store.PublicationStanding{State: entry().Standing.State}}, "/x")} {
		t.Run(name, func(t *testing.T) {
			decoder := xml.NewDecoder(strings.NewReader(text))
			decoder.Entity = xml.HTMLEntity
			for {
				_, err := decoder.Token()
				if err == io.EOF {
					return
				}
				require.NoError(t, err)
			}
		})
	}
}

func TestTheListAsksForWhatTheAddressSays(t *testing.T) {
	view, after := asked(httptest.NewRequest(http.MethodGet, "/register?q=heat&sector=construction&level=4&country=lt&language=pt-PT&after=c1&lang=de", nil))
	assert.Equal(t, "c1", after)
	assert.Equal(t, "de", view.Language)
	f := view.filter()
	assert.Equal(t, "heat", f.Search)
	assert.Equal(t, 4, *f.EQFLevel)
	cursor := "c2"
	assert.Equal(t, "/register?after=c2&country=LT&language=pt-PT&level=4&q=heat&sector=construction", view.next(&store.PageInfo{HasNextPage: true, EndCursor: &cursor}))
	assert.Empty(t, view.next(&store.PageInfo{}))

	view, _ = asked(httptest.NewRequest(http.MethodGet, "/register?level=9", nil))
	assert.Nil(t, view.filter().EQFLevel)
}

func TestAnEntryShowsUntilWhenItsReviewIsDue(t *testing.T) {
	next, later := governance.Date("2033-12-31"), time.Date(2029, 11, 5, 9, 0, 0, 0, time.UTC)
	e := entry()
	got := page(t, e, "/x")
	assert.Contains(t, got, "Review due by</dt><dd>31 December 2029</dd>")
	assert.NotContains(t, got, "Reviews</h3>")

	e.Reviews = []*store.Review{{
		Council: e.Ballot.Council, Outcome: governance.ReviewConfirm, Reason: "As good as ever.", NextReviewOn: &next, ReviewedAt: later, BallotID: "b2",
	}}
	got = page(t, e, "/x")
	assert.Contains(t, got, "<dd>31 December 2029</dd>", "the day that is shown is before the review")
	assert.NotContains(t, got, "As good as ever.")
	e.Standing.At = later
	got = page(t, e, "/x")
	assert.Contains(t, got, "<dd>31 December 2033</dd>")
	assert.Contains(t, got, "by a ballot: As good as ever.")
	e.Reviews[0].Outcome, e.Reviews[0].NextReviewOn = governance.ReviewRevise, nil
	assert.NotContains(t, page(t, e, "/x"), "Review due by")
}
