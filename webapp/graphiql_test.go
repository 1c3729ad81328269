package webapp

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// built is what a build leaves, in small.
func built(t *testing.T) fs.FS {
	t.Helper()
	script := []byte("console.log('GraphiQL')")
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	_, err := z.Write(script)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return fstest.MapFS{
		"placeholder.html":             {Data: []byte("not built")},
		"built/index.html":             {Data: []byte("<title>GraphiQL</title>")},
		"built/assets/page-1a2b.js":    {Data: script},
		"built/assets/page-1a2b.js.gz": {Data: compressed.Bytes()},
		"built/assets/font-3c4d.ttf":   {Data: []byte("font")},
	}
}

// visit asks for an address with headers, name and value.
func visit(h http.Handler, method, address string, header ...string) *http.Response {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}

func TestThePageIsCheckedAtEachVisit(t *testing.T) {
	h := newPages(built(t))
	got := visit(h, "GET", "/graphiql/")
	assert.Equal(t, http.StatusOK, got.StatusCode)
	assert.Equal(t, "<title>GraphiQL</title>", body(t, got.Body))
	assert.Equal(t, "no-cache", got.Header.Get("Cache-Control"))
	assert.Contains(t, got.Header.Get("Content-Security-Policy"), "script-src 'self';")

	again := visit(h, "GET", "/graphiql/", "If-None-Match", got.Header.Get("ETag"))
	assert.Equal(t, http.StatusNotModified, again.StatusCode)
	assert.Equal(t, "/graphiql/", visit(h, "GET", "/graphiql").Header.Get("Location"))
	assert.Equal(t, http.StatusMethodNotAllowed, visit(h, "POST", "/graphiql/").StatusCode)
}

func TestFilesAreKeptForEverAndServedCompressed(t *testing.T) {
	h := newPages(built(t))
	got := visit(h, "GET", "/graphiql/assets/page-1a2b.js", "Accept-Encoding", "br, gzip;q=0.8")
	assert.Equal(t, "gzip", got.Header.Get("Content-Encoding"))
	assert.Contains(t, got.Header.Get("Content-Type"), "javascript")
	assert.Contains(t, got.Header.Get("Cache-Control"), "immutable")
	z, err := gzip.NewReader(got.Body)
	require.NoError(t, err)
	assert.Equal(t, "console.log('GraphiQL')", body(t, z))

	for _, encoding := range []string{"", "identity", "gzip;q=0", "gzip; q=0.0"} {
		got = visit(h, "GET", "/graphiql/assets/page-1a2b.js", "Accept-Encoding", encoding)
		assert.Empty(t, got.Header.Get("Content-Encoding"), encoding)
		assert.Equal(t, "console.log('GraphiQL')", body(t, got.Body))
		assert.Equal(t, "Accept-Encoding", got.Header.Get("Vary"))
	}
	assert.Equal(t, "font", body(t, visit(h, "GET", "/graphiql/assets/font-3c4d.ttf", "Accept-Encoding", "gzip").Body))
}

func TestNothingElseIsServed(t *testing.T) {
	h := newPages(built(t))
	for _, address := range []string{
		"/graphiql/index.html", "/graphiql/assets/", "/graphiql/assets/none.js", "/graphiql/assets/page-1a2b.js.gz",
		"/graphiql/assets/../index.html", "/graphiql/assets/../../placeholder.html", "/graphiql/%2e%2e/placeholder.html",
	} {
		assert.Equal(t, http.StatusNotFound, visit(h, "GET", address).StatusCode, address)
	}
}

func TestWithoutABuildThePlaceholderSaysWhatToDo(t *testing.T) {
	files, err := fs.Sub(graphiql, "graphiql/dist")
	require.NoError(t, err)
	placeholder, err := fs.ReadFile(files, "placeholder.html")
	require.NoError(t, err)
	got := visit(newPages(fstest.MapFS{"placeholder.html": {Data: placeholder}}), "GET", "/graphiql/")
	assert.Equal(t, http.StatusServiceUnavailable, got.StatusCode)
	assert.Contains(t, body(t, got.Body), "make build")
}

// TestTheBuiltPageIsWhole holds what Node built against its policy: no inline script, nothing from elsewhere, and
// every file that the page names is there.
func TestTheBuiltPageIsWhole(t *testing.T) {
	h := GraphiQL()
	got := visit(h, "GET", "/graphiql/")
	if got.StatusCode != http.StatusOK && os.Getenv("CONCORDAT_TEST_COMPLETE") == "" {
		t.Skip("GraphiQL is not built: run make build")
	}
	require.Equal(t, http.StatusOK, got.StatusCode)
	page := body(t, got.Body)
	assert.NotRegexp(t, `<script(?:\s[^>]*)?>[^<]`, page, "an inline script")
	assert.NotContains(t, page, "//cdn")
	named := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	require.NotEmpty(t, named)
	for _, match := range named {
		if strings.HasPrefix(match[1], "data:") {
			continue
		}
		file := visit(h, "GET", match[1], "Accept-Encoding", "gzip")
		assert.Equal(t, http.StatusOK, file.StatusCode, match[1])
		assert.Equal(t, "gzip", file.Header.Get("Content-Encoding"), match[1])
	}
}
