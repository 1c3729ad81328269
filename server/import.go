package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"

	"concordat/auth"
	"concordat/exchange"
	"concordat/governance"
	"concordat/server/page"
	"concordat/store"
)

// importPrefix is where files are uploaded to be read: /import/elm and so on. Nothing of them is saved, comments besides: a
// client goes on with startSpecification.
const importPrefix = "/import/"

// Imported is what a file of another format came to: a draft, what belongs into an offer, what did not fit, and what
// the draft still lacks before it can be consulted on.
type Imported struct {
	Document governance.Document    `json:"document"`
	Offer    *governance.OfferFacts `json:"offer,omitempty"`
	Report   []exchange.Loss        `json:"report"`
	Findings []governance.Finding   `json:"findings"`
}

// Reading says how a file is read.
type Reading struct {
	Format    exchange.ImportFormat
	Languages []governance.LanguageTag // that the draft keeps; none: all that the file has
	Language  governance.LanguageTag   // of texts of which the file does not say it; "": English
	Codes     governance.Codes         // what the loaded vocabularies know; the zero value: codes are not checked
}

// Read reads a file in another format as a draft. Errors are INVALID: nothing of that format, or a language that the file
// has nothing in; a format that is not known is NOT_FOUND.
func (r Reading) Read(file []byte) (Imported, error) {
	languages := r.Languages
	if r.Language == "" {
		r.Language = "en"
	}
	if !r.Language.Valid() {
		return Imported{}, governance.Invalid("language", "not-a-language", "{value} is not a language tag.", "value", string(r.Language))
	}
	read, err := exchange.ImportFile(r.Format, file, r.Language)
	if err != nil {
		return Imported{}, err
	}
	for _, language := range languages {
		if !slices.Contains(read.Document.Languages, language) {
			return Imported{}, governance.Invalid("languages", "language-not-there", "The file has nothing in the language {language}; it has {languages}.",
				"language", string(language), "languages", joined(read.Document.Languages))
		}
	}
	if len(languages) > 0 {
		read.Document, err = read.Document.InLanguages(languages...)
		if err != nil {
			return Imported{}, err
		}
	}
	return Imported{
		Document: read.Document, Offer: read.Offer, Report: slices.Concat([]exchange.Loss{}, read.Report),
		Findings: slices.Concat([]governance.Finding{}, governance.Check(read.Document, governance.EUProfile(), r.Codes)),
	}, nil
}

func joined(languages []governance.LanguageTag) string {
	words := make([]string, len(languages))
	for i, language := range languages {
		words[i] = string(language)
	}
	return strings.Join(words, ", ")
}

// imports answers POST /import/FORMAT and /import/comments. Reading a big file costs memory: one is read at a time, the others wait.
type imports struct {
	turn  chan struct{} // holds one element while nobody reads
	store *store.DB
	pages *page.Pages
	log   *slog.Logger
}

func newImports(db *store.DB, pages *page.Pages, log *slog.Logger) *imports {
	i := &imports{turn: make(chan struct{}, 1), store: db, pages: pages, log: log}
	i.turn <- struct{}{}
	return i
}

// file reads the file that the body is, or that a form holds as its first file, in the format that the path names, and answers
// Imported as JSON. The query may name languages=en,de, which to keep, and language=lt, that of texts of which the file does
// not say it. Whoever is signed in and speaks for an organization may ask.
func (i *imports) file(w http.ResponseWriter, r *http.Request) {
	reading := Reading{
		Format: exchange.ImportFormat(r.PathValue("format")), Languages: languagesOf(r.URL.Query().Get("languages")),
		Language: governance.LanguageTag(r.URL.Query().Get("language")),
	}
	if !reading.Format.Known() {
		i.refuse(w, r, governance.NotFound("format", string(reading.Format)))
		return
	}
	var err error
	if reading.Codes, err = i.store.Codes(r.Context()); err != nil {
		i.refuse(w, r, err)
		return
	}
	imported, err := readUpload(i, r, reading.Read)
	i.answer(w, r, imported, err)
}

// template answers an empty table of outcomes, a workbook to fill in and upload, in the languages that the query names as
// languages=en,de; none: in English. Anybody may ask.
func (i *imports) template(w http.ResponseWriter, r *http.Request) {
	languages := languagesOf(r.URL.Query().Get("languages"))
	if len(languages) == 0 {
		languages = []governance.LanguageTag{"en"}
	}
	workbook, err := exchange.OutcomesTemplate(languages...)
	if err != nil {
		i.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="outcomes.xlsx"`)
	_, _ = w.Write(workbook)
}

// readUpload has an upload read when its turn has come.
func readUpload[T any](i *imports, r *http.Request, read func(file []byte) (T, error)) (imported T, err error) {
	if refusal := mayImport(r); refusal != nil {
		return imported, refusal
	}
	select {
	case <-r.Context().Done():
		return imported, r.Context().Err()
	case <-i.turn:
		defer func() { i.turn <- struct{}{} }()
	}
	file, err := uploaded(r)
	if err != nil {
		return imported, err
	}
	return read(file)
}

// mayImport refuses whoever is not signed in or speaks for no organization.
func mayImport(r *http.Request) error {
	if refusal := auth.Refusal(r.Context(), true); refusal != nil {
		return refusal
	}
	switch actor := auth.ActorFrom(r.Context()); {
	case actor.Anonymous():
		return governance.Refuse(governance.CodeUnauthenticated, "not-signed-in", "Sign in first.")
	case actor.Organization == "":
		return governance.Refuse(governance.CodeForbidden, "no-organization", "Files are imported for an organization.")
	}
	return nil
}

// uploaded reads the body, or the first file of a form. A body above the bound is INVALID.
func uploaded(r *http.Request) ([]byte, error) {
	source := io.Reader(r.Body)
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		form, err := r.MultipartReader()
		if err != nil {
			return nil, governance.Invalid("", "form-malformed", "The form cannot be read.")
		}
		part, err := form.NextPart()
		for err == nil && part.FileName() == "" {
			part, err = form.NextPart()
		}
		if err != nil {
			return nil, governance.Invalid("", "file-missing", "The form holds no file.")
		}
		source = part
	}
	file, err := io.ReadAll(source)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, governance.Invalid("", "too-large", "The file has more than {most} bytes.", "most", fmt.Sprint(tooLarge.Limit))
	}
	if err != nil {
		return nil, governance.Invalid("", "body-cut-off", "The file did not arrive whole.")
	}
	return file, nil
}

func languagesOf(list string) []governance.LanguageTag {
	var languages []governance.LanguageTag
	for _, language := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		languages = append(languages, governance.LanguageTag(language))
	}
	return languages
}

// refuse answers why nothing was read: {"error":{"code","reason","message","path","params"}}.
func (i *imports) refuse(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := errors.AsType[*governance.Error](err)
	if !ok {
		i.log.ErrorContext(r.Context(), "a file could not be imported", "error", err)
		http.Error(w, "Internal error.", http.StatusInternalServerError)
		return
	}
	type problem struct {
		Code    governance.Code   `json:"code"`
		Reason  string            `json:"reason"`
		Message string            `json:"message"`
		Path    string            `json:"path,omitempty"`
		Params  map[string]string `json:"params,omitempty"`
	}
	i.write(w, r, auth.StatusOf(refusal.Code), map[string]problem{
		"error": {Code: refusal.Code, Reason: refusal.Reason, Message: refusal.Message, Path: refusal.Field, Params: refusal.Params},
	})
}

// answer says as JSON what an upload came to, or why it came to nothing.
func (i *imports) answer(w http.ResponseWriter, r *http.Request, imported any, err error) {
	if err != nil {
		i.refuse(w, r, err)
		return
	}
	i.write(w, r, http.StatusOK, imported)
}

func (i *imports) write(w http.ResponseWriter, r *http.Request, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		i.log.ErrorContext(r.Context(), "an import could not be answered", "error", err)
		http.Error(w, "Internal error.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
