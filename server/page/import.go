package page

import (
	"net/http"
	"strings"

	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

var importPage = layout.Parse(files, "import.html")

// ImportCommentsPath is where commenting forms are posted to, with ?edition=<id>.
const ImportCommentsPath = "/import/comments"

// ImportedComments is what became of a commenting form: which rows are comments now, which were before, which do not fit.
// Programs are told it as JSON, and people on a page.
type ImportedComments struct {
	Edition governance.EditionID `json:"edition"`
	Form    governance.Digest    `json:"form"` // of the file
	Rows    int                  `json:"rows"` // with something in them
	Added   []ImportedRow        `json:"added"`
	Known   []ImportedRow        `json:"known"`
	Unfit   []UnfitRow           `json:"unfit"`
}

// ImportedRow is a row that is a comment.
type ImportedRow struct {
	Row     int                  `json:"row"`
	Comment governance.CommentID `json:"comment"`
}

// UnfitRow is a row that was not imported, with the place at fault as the file's program shows it.
type UnfitRow struct {
	Sheet   string            `json:"sheet,omitempty"`
	Row     int               `json:"row"`
	Column  string            `json:"column,omitempty"`
	Head    string            `json:"head"`
	Reason  string            `json:"reason"`
	Message string            `json:"message"`
	Params  map[string]string `json:"params,omitempty"`
}

// AskedFor says whether a request wants a page for its answer, as a browser's form does, rather than data.
func AskedFor(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// Imported shows what became of a commenting form that came from a consultation's page, or why nothing did. The query names
// the consultation.
func (p *Pages) Imported(w http.ResponseWriter, r *http.Request, imported *ImportedComments, err error) {
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	back := ""
	if id := r.URL.Query().Get("consultation"); store.CheckID("consultation", id) == nil {
		back = (&store.Consultation{ID: governance.ConsultationID(id)}).Path()
	}
	p.render(w, r, importPage, "What became of your commenting form", struct {
		*ImportedComments
		Back string
	}{imported, back})
}
