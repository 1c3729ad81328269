package register

import (
	"bytes"
	"embed"
	"net/http"
	"strings"
	"time"

	"concordat/notary"
	"concordat/register/layout"
)

//go:embed *.html
var files embed.FS

var (
	listPage  = layout.Parse(files, "list.html")
	entryPage = layout.Parse(files, "entry.html")

	verifyPage = layout.Parse(files, "verify.html")
	//go:embed verify.js
	verifyScript []byte
)

// verifyPath is the page that checks a bundle in the browser: with a dot, which no short name has. Its script's address names
// the script's content.
const verifyPath = "/register/verify.html"

var verifyScriptPath = "/register/verify." + strings.TrimPrefix(string(notary.Digest(verifyScript)), "sha256:")[:16] + ".js"

// verify shows the page that checks a bundle: one that the reader chooses, or the one that ?bundle= names.
func (g *Register) verify(w http.ResponseWriter, _ *http.Request) error {
	return layout.Render(w, http.StatusOK, verifyPage, layout.Page{Title: "Check a bundle", Body: verifyScriptPath})
}

// script serves the page's script.
func (g *Register) script(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "verify.js", time.Time{}, bytes.NewReader(verifyScript))
	return nil
}

// renderEntry writes the page of how a publication stood on a day, in the language that the reader asks for, as far as its
// text has it.
func renderEntry(w http.ResponseWriter, r *http.Request, e *Entry, base string) error {
	asked, there := layout.LanguagesAsked(r), e.spoken()
	view, err := e.view(there.text(asked), there.offer(asked), base)
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept-Language")
	title := layout.In(e.Document.Title, view.Language)
	return layout.Render(w, http.StatusOK, entryPage, layout.Page{Title: title, Body: view})
}

// renderList writes a page of the list.
func renderList(w http.ResponseWriter, view listView) error {
	w.Header().Add("Vary", "Accept-Language")
	return layout.Render(w, http.StatusOK, listPage, layout.Page{Title: "Register", Body: view})
}
