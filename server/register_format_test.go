package server

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/store/storetest"
)

const demoPublication = "/register/heat-pump-commissioning/1.1"

// answered asks with header pairs and answers status, headers and body.
func (b *browser) answered(path string, header ...string) (*http.Response, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	require.NoError(b.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	return response, string(body)
}

func TestAPublicationIsServedInEveryFormat(t *testing.T) {
	for _, kind := range []string{storetest.SQLite, storetest.Postgres} {
		t.Run(kind, func(t *testing.T) {
			b := newBrowser(t, served(t, Config{Demo: true, Database: storetest.URL(t, kind)}))
			_, page := b.answered(demoPublication)
			for _, format := range exchange.Exporters {
				t.Run(string(format.Format), func(t *testing.T) {
					address := demoPublication + "?format=" + string(format.Format)
					assert.Contains(t, page, `href="`+address+`"`, "the page leads to it")
					response, body := b.answered(address)
					require.Equal(t, http.StatusOK, response.StatusCode, body)
					assert.Equal(t, format.MediaType, response.Header.Get("Content-Type"))
					assert.NotEmpty(t, body)
					whole, _ := b.answered(address, "Accept-Encoding", "identity")
					again, _ := b.answered(address, "Accept-Encoding", "identity", "If-None-Match", whole.Header.Get("ETag"))
					assert.Equal(t, http.StatusNotModified, again.StatusCode)
					_, report := b.answered(address + "&losses=yes")
					var losses struct {
						Publication, Format string
						Losses              []exchange.Loss
					}
					require.NoError(t, json.Unmarshal([]byte(report), &losses), report)
					assert.Equal(t, string(format.Format), losses.Format)
					assert.Equal(t, b.base+demoPublication, losses.Publication)
				})
			}
			graph := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(page)
			require.NotNil(t, graph)
			_, file := b.answered(demoPublication, "Accept", "application/ld+json")
			assert.JSONEq(t, file, graph[1], "search engines read in the page what the file says")
		})
	}
}

func TestWhatThereIsNotIsSaidWithWhatThereIs(t *testing.T) {
	b := newBrowser(t, served(t, Config{Demo: true}))
	response, body := b.answered(demoPublication + "?format=docx")
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, body, "elm-edc, elm-loq")
	assert.Contains(t, response.Header.Get("Content-Type"), "text/plain")
	response, body = b.answered(demoPublication, "Accept", "image/png")
	assert.Equal(t, http.StatusNotAcceptable, response.StatusCode)
	assert.Contains(t, body, "schema-org")
	response, body = b.answered(demoPublication+"?format=docx", "Accept", "text/html")
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	assert.Contains(t, body, "<!doctype html>")
	response, _ = b.answered(demoPublication + "?format=csv&on=2026-01-01")
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	response, _ = b.answered("/register/heat-pump-commissioning?format=json")
	assert.Equal(t, demoPublication+"?format=json", response.Request.URL.RequestURI(), "the specification leads to its newest edition")
	assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
	assert.Equal(t, "public, no-cache", response.Header.Get("Cache-Control"))
	_, page := b.answered(demoPublication)
	digest := regexp.MustCompile(`<code>sha256:([0-9a-f]{64})</code>`).FindStringSubmatch(page)
	response, _ = b.answered("/register/sha256/" + digest[1] + "?format=json")
	assert.Contains(t, response.Header.Get("Cache-Control"), "immutable", "a digest names its bytes for ever")
	assert.Equal(t, `"sha256:`+digest[1]+`-gzip"`, response.Header.Get("ETag"))
}
