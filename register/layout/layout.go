// Package layout is the look of the pages that the server renders: one frame, one style sheet, no script. What a page
// says is its own package's; this one knows nothing of needs, ballots or people.
package layout

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

var (
	//go:embed layout.html
	frame string
	//go:embed style.css
	style []byte
	//go:embed refusal.html
	refusalFile embed.FS

	refusalPage = Parse(refusalFile, "refusal.html")
)

// StylePath is where Style is to be mounted. What is in the address names the file's content, so that browsers may keep
// it for ever and still see the next one.
var StylePath = "/assets/" + digest(style) + "/style.css"

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Page is what the frame shows around a page's own part.
type Page struct {
	Language string // BCP 47, of the page's text; empty: en
	Title    string
	Account  *Account // nil: the page is the same for everybody, and may be kept by caches
	Body     any      // what the page's own templates read
}

// Account is the corner that says who is signed in.
type Account struct {
	Name    string // of the person; empty: nobody is signed in
	SignIn  string // address
	SignOut string // address for POST
}

// Template is a page's template inside the frame.
type Template = *template.Template

// Parse makes a page's template from files that define "main" and, where wanted, "head". It panics on a template that
// does not parse: they are part of the program.
func Parse(files fs.FS, names ...string) Template {
	t := template.Must(template.New("layout.html").Funcs(functions).Parse(frame))
	return template.Must(t.ParseFS(files, names...))
}

var functions = template.FuncMap{
	"style": func() string { return StylePath },
	"text":  In,
	"lang":  LanguageOf,
	"day":   func(d governance.Date) string { return Day(d) },
	"at":    func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"words": words,
}

// Render writes a page, whole or, where its template fails, not at all.
func Render(w http.ResponseWriter, status int, t Template, p Page) error {
	var out bytes.Buffer
	if err := Write(&out, t, p); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", MediaType)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	if p.Account != nil {
		h.Set("Cache-Control", "private, no-store")
	}
	w.WriteHeader(status)
	_, err := w.Write(out.Bytes())
	return err
}

// MediaType is what pages are.
const MediaType = "text/html; charset=utf-8"

// Write writes a page as text, for whoever sends or keeps it.
func Write(out *bytes.Buffer, t Template, p Page) error {
	if p.Language == "" {
		p.Language = "en"
	}
	if err := t.Execute(out, p); err != nil {
		return fmt.Errorf("render the page %q: %w", p.Title, err)
	}
	return nil
}

// RenderRefusal writes a page that says why something was not shown or done.
func RenderRefusal(w http.ResponseWriter, status int, message string) error {
	title := "This did not work"
	if status == http.StatusNotFound {
		title = "Not found"
	}
	return Render(w, status, refusalPage, Page{Title: title, Body: message})
}

// Style serves the style sheet.
func Style() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "style.css", time.Time{}, bytes.NewReader(style))
	})
}

// In answers a text in the language asked for, its base, English, or the first there is.
func In(t governance.Text, language string) string { return t[LanguageOf(t, language)] }

// LanguageOf is the language that In answers in; empty where the text has none.
func LanguageOf(t governance.Text, language string) string {
	base, _, _ := strings.Cut(language, "-")
	for _, candidate := range []string{language, base, "en"} {
		if t[candidate] != "" {
			return candidate
		}
	}
	languages := make([]string, 0, len(t))
	for l := range t {
		languages = append(languages, l)
	}
	slices.Sort(languages)
	for _, l := range languages {
		if t[l] != "" {
			return l
		}
	}
	return ""
}

// Day writes a date as people read it: 2 January 2006.
func Day(d governance.Date) string {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return day.Format("2 January 2006")
}

// words writes a word of ours, such as PUBLIC_AUTHORITY, as people read it: public authority.
func words(word any) string {
	return strings.ToLower(strings.ReplaceAll(fmt.Sprint(word), "_", " "))
}
