package server

import (
	"bytes"
	"context"
	"errors"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/exchange"
	"concordat/store"
	"concordat/store/storetest"
)

func TestAConsultationHasAPageForWhoeverSeesIt(t *testing.T) {
	b := &big{stage: newStage(t, "sqlite")}
	b.found()
	edition, consultation := b.start("heat-pumps")
	page := "/consultations/" + consultation
	status, _, body := b.get("nobody", page)
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, string(body), "Comments are welcome until the end of")
	form := "/editions/" + edition + "/commenting-form.xlsx"
	assert.Contains(t, string(body), form)
	status, header, file := b.get("nobody", form)
	require.Equal(t, http.StatusOK, status)
	assert.Equal(t, workbookType, header.Get("Content-Type"))
	empty, err := exchange.ReadCommentingForm(file)
	require.NoError(t, err)
	assert.Empty(t, empty.Rows)

	status, answer := b.send("visitor", b.organizations[0], edition, []byte("MB/NC;Clause;Type;Comments\n;Title;te;Unclear.\n;Nowhere;te;Lost.\n;;zz;Odd.\n"))
	require.Equal(t, http.StatusOK, status)
	assert.Len(t, answer.Added, 1)
	require.Len(t, answer.Unfit, 2)
	assert.Equal(t, "unknown-element", answer.Unfit[0].Reason)
	assert.Equal(t, "B", answer.Unfit[0].Column)
	assert.Equal(t, 3, answer.Unfit[0].Row)
	assert.Equal(t, "unknown-type", answer.Unfit[1].Reason)
	status, _ = b.send("visitor", b.organizations[0], edition, []byte("%PDF-1.7"))
	assert.Equal(t, http.StatusBadRequest, status)
	status, _ = b.send("nobody", "", edition, []byte("MB/NC;Clause;Type;Comments\n"))
	assert.Equal(t, http.StatusUnauthorized, status)

	b.must("secretary", "", "recallConsultation", "edition { stage }", map[string]any{"edition": edition, "reason": "<b>The wrong text.</b>"})
	status, _, body = b.get("nobody", page)
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, string(body), "This consultation was recalled")
	assert.Contains(t, string(body), "&lt;b&gt;The wrong text.", "what people write is text")
	assert.Contains(t, string(body), "Unclear.")
	status, _, _ = b.get("nobody", "/consultations/"+edition)
	assert.Equal(t, http.StatusNotFound, status)
}

// upload sends a form as a browser does, from a page of some site, and answers the page that it leads to.
func (s *stage) upload(persona, site, path string, form []byte) (int, string) {
	s.t.Helper()
	s.persona = persona
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	part, err := parts.CreateFormFile("form", "form.csv")
	require.NoError(s.t, err)
	_, err = part.Write(form)
	require.NoError(s.t, err)
	require.NoError(s.t, parts.Close())
	request, err := http.NewRequest(http.MethodPost, s.server.URL()+path, &body)
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", parts.FormDataContentType())
	request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	request.Header.Set("Sec-Fetch-Site", site)
	response, err := s.client().Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, string(answer)
}

func TestAFilledFormIsSentOnTheConsultationsPage(t *testing.T) {
	b := &big{stage: newStage(t, "sqlite")}
	b.found()
	_, consultation := b.start("heat-pumps")
	form := regexp.MustCompile(`<form method="post" action="(/import/comments[^"]+)" enctype="multipart/form-data"`)
	for _, persona := range []string{"nobody", "observer", "visitor"} {
		_, _, body := b.get(persona, "/consultations/"+consultation)
		assert.NotRegexp(t, form, string(body), "%s may not import, or speaks for many", persona)
	}
	_, _, body := b.get("koledza-author", "/consultations/"+consultation)
	action := form.FindStringSubmatch(string(body))
	require.NotNil(t, action, "%s", body)
	path := html.UnescapeString(action[1])

	filled := []byte("MB/NC;Clause;Type;Comments\n;Title;te;Unclear.\n;<b>Nowhere</b>;te;Lost.\n;;zz;Odd.\n")
	status, answer := b.upload("koledza-author", "same-origin", path, filled)
	require.Equal(t, http.StatusOK, status, answer)
	assert.Contains(t, answer, "Of 3 rows, 1 is a comment now, 2 did not fit.")
	assert.Regexp(t, `<th scope="row">3</th><td>B \(Clause\)</td><td>The text has no element &lt;b&gt;Nowhere`, answer)
	assert.Contains(t, answer, "zz is no type of comment")
	assert.Contains(t, answer, `<a href="/consultations/`+consultation+`">`)
	status, answer = b.upload("koledza-author", "same-origin", path, filled)
	require.Equal(t, http.StatusOK, status, answer)
	assert.Contains(t, answer, "Of 3 rows, 0 are comments now, 1 came in before, 2 did not fit.")

	status, answer = b.upload("koledza-author", "same-origin", path, []byte("%PDF-1.7"))
	assert.Equal(t, http.StatusBadRequest, status, answer)
	status, _ = b.upload("nobody", "same-origin", path, filled)
	assert.Equal(t, http.StatusUnauthorized, status)
	status, _ = b.upload("observer", "same-origin", path, filled)
	assert.Equal(t, http.StatusForbidden, status)
	status, answer = b.upload("koledza-author", "cross-site", path, []byte("MB/NC;Clause;Type;Comments\n;;te;From elsewhere.\n"))
	assert.Equal(t, http.StatusForbidden, status, "what another site makes a browser send is refused: %s", answer)
	assert.Equal(t, 1, b.countRows()["comments"])
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// TestADeadlineThatPassedWhileTheServerWasDownIsTakenAtTheNextStart stops the server, lets the deadline pass, and starts
// another on the same database.
func TestADeadlineThatPassedWhileTheServerWasDownIsTakenAtTheNextStart(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			url, clock := storetest.URL(t, kind), storetest.NewClock()
			config := Config{Demo: true, unseeded: true, Data: t.TempDir(), Database: url, Now: clock.Now, Rates: Rates{PerAddress: 1e9, PerPerson: 1e9}}
			first := opened(t, config)
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- first.Serve(ctx) }()
			b := &big{stage: &stage{t: t, clock: clock, browsers: map[string]*browser{}, kept: map[string]any{}, server: first}}
			_, err := first.db.GrantAdmin(t.Context(), store.AdminGrant{
				Issuer: first.URL() + demo.Path, Subject: "admin",
				Platform: store.RegisterOrganizationInput{Slug: "concordat-office", LegalName: "Concordat Office", Country: "LV"},
			})
			require.NoError(t, err)
			b.found()
			_, consultation := b.start("heat-pumps")
			stop()
			require.NoError(t, errors.Join(<-ended, first.Close()))

			clock.Advance(100 * 24 * time.Hour)
			config.Listen = strings.TrimPrefix(first.URL(), "http://") // identifiers begin with it
			b.server = served(t, config)
			look := `{ node(id: "` + consultation + `") { ... on Consultation { state closesAt closedAt edition { stage stageAt } } } }`
			b.persona = "nobody"
			var node map[string]any
			require.Eventually(t, func() bool {
				node, _ = b.post(look, nil).Data["node"].(map[string]any)
				return node["state"] == "CLOSED"
			}, 20*time.Second, 20*time.Millisecond, "the clock takes it at the start")
			assert.Equal(t, node["closesAt"], node["closedAt"], "on record is its deadline")
			edition, _ := node["edition"].(map[string]any)
			assert.Equal(t, "DISPOSITION", edition["stage"])
		})
	}
}
