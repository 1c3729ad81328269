package layout_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/register/layout"
)

func TestRender(t *testing.T) {
	files := fstest.MapFS{"page.html": {Data: []byte(`{{define "main"}}<h1>{{.Title}}</h1><p>{{.Body}}</p>{{end}}`)}}
	page := layout.Parse(files, "page.html")

	t.Run("escapes what people wrote", func(t *testing.T) {
		w := httptest.NewRecorder()
		require.NoError(t, layout.Render(w, http.StatusOK, page, layout.Page{Title: "A", Body: "<script>alert(1)</script>"}))
		assert.Contains(t, w.Body.String(), "&lt;script&gt;")
		assert.Contains(t, w.Body.String(), `<html lang="en">`)
		assert.Contains(t, w.Body.String(), "<title>A · Concordat</title>")
		assert.Contains(t, w.Body.String(), layout.StylePath)
		assert.NotContains(t, w.Body.String(), "Sign")
		assert.Empty(t, w.Header().Get("Cache-Control"))
	})
	t.Run("says who is signed in, and then is nobody else's", func(t *testing.T) {
		w := httptest.NewRecorder()
		require.NoError(t, layout.Render(w, http.StatusOK, page, layout.Page{Title: "A", Account: &layout.Account{Name: "Kadri Tamm", SignOut: "/out"}}))
		assert.Contains(t, w.Body.String(), "Kadri Tamm")
		assert.Contains(t, w.Body.String(), `action="/out"`)
		assert.Equal(t, "private, no-store", w.Header().Get("Cache-Control"))
	})
	t.Run("writes nothing where the template fails", func(t *testing.T) {
		broken := layout.Parse(fstest.MapFS{"page.html": {Data: []byte(`{{define "main"}}{{.Body.Missing}}{{end}}`)}}, "page.html")
		w := httptest.NewRecorder()
		require.Error(t, layout.Render(w, http.StatusOK, broken, layout.Page{Title: "A", Body: 1}))
		assert.Zero(t, w.Body.Len())
	})
}

func TestStyleIsKeptByBrowsersUnderItsOwnName(t *testing.T) {
	w := httptest.NewRecorder()
	layout.Style().ServeHTTP(w, httptest.NewRequest(http.MethodGet, layout.StylePath, nil))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "text/css; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Contains(t, w.Header().Get("Cache-Control"), "immutable")
}

func TestTextsFallBack(t *testing.T) {
	text := governance.Text{"de": "Wärmepumpe", "lv": "Siltumsūknis"}
	assert.Equal(t, "Wärmepumpe", layout.In(text, "de-AT"), "to the base of the language asked for")
	assert.Equal(t, "de", layout.LanguageOf(text, "fr"), "to the first there is")
	assert.Equal(t, "Heat pump", layout.In(governance.Text{"de": "Wärmepumpe", "en": "Heat pump"}, "fr"), "to English before that")
	assert.Empty(t, layout.In(nil, "en"))
}

func TestOurWordsAreReadable(t *testing.T) {
	files := fstest.MapFS{"page.html": {Data: []byte(`{{define "main"}}{{range .Body}}{{words .}};{{end}}{{end}}`)}}
	w := httptest.NewRecorder()
	body := []any{governance.ChamberPublicAuthority, "TAKE_POSITION", ""}
	require.NoError(t, layout.Render(w, http.StatusOK, layout.Parse(files, "page.html"), layout.Page{Body: body}))
	assert.Contains(t, w.Body.String(), "public authority;take position;;")
}

func TestDay(t *testing.T) {
	assert.Equal(t, "1 March 2026", layout.Day("2026-03-01"))
	assert.Equal(t, "soon", layout.Day("soon"))
}
