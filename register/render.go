package register

import (
	"embed"
	"net/http"

	"concordat/register/layout"
)

//go:embed *.html
var files embed.FS

var (
	listPage  = layout.Parse(files, "list.html")
	entryPage = layout.Parse(files, "entry.html")
)

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
