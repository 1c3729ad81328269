package webapp

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// GraphiQLPath is where GraphiQL is served: the built page names its files below it.
const GraphiQLPath = "/graphiql/"

// graphiql holds placeholder.html and, once built, the page and its files under built/.
//
//go:embed graphiql/dist
var graphiql embed.FS

// graphiqlPolicy is what GraphiQL needs beyond our pages' own policy: its editor adds styles while it runs, its style
// sheet holds its fonts, and its workers are files of ours.
const graphiqlPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// GraphiQL serves the API's workbench under GraphiQLPath. The page is checked for a newer one at each visit; the files
// that it names carry a digest in their names and are kept for ever.
func GraphiQL() http.Handler {
	files, err := fs.Sub(graphiql, "graphiql/dist")
	if err != nil { // only an invalid path, and this one is not
		panic(err)
	}
	return newPages(files)
}

// pages serves one page and the files that it names.
type pages struct {
	files fs.FS
	page  []byte
	tag   string // names the page's bytes
	built bool
}

func newPages(files fs.FS) *pages {
	p := &pages{files: files, built: true}
	var err error
	p.page, err = fs.ReadFile(files, "built/index.html")
	if err != nil {
		p.built = false
		p.page, _ = fs.ReadFile(files, "placeholder.html")
	}
	digest := sha256.Sum256(p.page)
	p.tag = `"` + hex.EncodeToString(digest[:8]) + `"`
	return p
}

// ServeHTTP answers GET and HEAD.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This page is only read.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(GraphiQLPath, "/"))
	switch {
	case name == "":
		http.Redirect(w, r, GraphiQLPath, http.StatusMovedPermanently)
	case name == "/":
		p.servePage(w, r)
	default:
		p.serveFile(w, r, path.Join("built", name))
	}
}

func (p *pages) servePage(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", graphiqlPolicy)
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-cache")
	if !p.built {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write(p.page) // an error is the client's, who has gone
		return
	}
	header.Set("ETag", p.tag)
	http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(p.page))
}

// serveFile serves a file of the page, compressed where there is a compressed one and the client takes it.
func (p *pages) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	kind := mime.TypeByExtension(path.Ext(name))
	if !strings.HasPrefix(name, "built/assets/") || strings.HasSuffix(name, ".gz") {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Add("Vary", "Accept-Encoding")
	content, err := fs.ReadFile(p.files, name+".gz")
	if err == nil && takesGzip(r) {
		header.Set("Content-Encoding", "gzip")
	} else {
		content, err = fs.ReadFile(p.files, name)
	}
	if err != nil {
		http.NotFound(w, r)
		return
	}
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// takesGzip reports whether the client takes gzip; one that forbids it by q=0 does not.
func takesGzip(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		if strings.EqualFold(coding, "gzip") {
			return strings.Trim(quality, "0.") != "" || quality == ""
		}
	}
	return false
}
