package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"concordat/auth"
	"concordat/exchange"
	"concordat/governance"
	"concordat/notary"
	"concordat/server/page"
	"concordat/store"
)

// comments reads a commenting form, XLSX or CSV, and adds its rows to the edition that the query names, as comments of
// the acting organization: all that fit, in one step. See store.ImportComments. A browser's form is answered with a page.
func (i *imports) comments(w http.ResponseWriter, r *http.Request) {
	imported, err := readUpload(i, r, func(file []byte) (*page.ImportedComments, error) {
		return i.importComments(r.Context(), governance.EditionID(r.URL.Query().Get("edition")), file)
	})
	if page.AskedFor(r) {
		i.pages.Imported(w, r, imported, err)
		return
	}
	i.answer(w, r, imported, err)
}

func (i *imports) importComments(ctx context.Context, id governance.EditionID, file []byte) (*page.ImportedComments, error) {
	if err := store.CheckID("edition", string(id)); err != nil {
		return nil, err
	}
	actor := auth.ActorFrom(ctx)
	edition, err := i.store.Edition(ctx, actor, id, nil)
	if err != nil {
		return nil, err
	}
	head, err := i.store.Head(ctx, actor, edition, store.Fields{"document": nil})
	if err != nil {
		return nil, err
	}
	form, err := exchange.ReadCommentingForm(file)
	if err != nil {
		return nil, err
	}
	reading := formReading{form: form, names: head.Document.ElementNames()}
	digest := notary.Digest(file)
	result, err := i.store.ImportComments(ctx, actor, store.ImportCommentsInput{Edition: id, Form: digest, Rows: reading.rows()})
	if err != nil {
		return nil, err
	}
	return reading.answer(id, digest, result), nil
}

// formReading makes comments of a form's rows.
type formReading struct {
	form  exchange.CommentingForm
	names governance.ElementNames
	unfit []page.UnfitRow
}

// rows are those whose type and element are known; of the others it is noted why not.
func (f *formReading) rows() []store.ImportedRow {
	var rows []store.ImportedRow
	for _, row := range f.form.Rows {
		kind, known := row.KindOf()
		if !known {
			f.refuse(row.Number, exchange.FormType, governance.Invalid("", "unknown-type",
				"{type} is no type of comment: ge, te or ed.", "type", row.In(exchange.FormType)))
			continue
		}
		path, column, known := f.element(row)
		if !known {
			f.refuse(row.Number, column, governance.Invalid("", "unknown-element",
				"The text has no element {element}.", "element", row.In(column)))
			continue
		}
		rows = append(rows, store.ImportedRow{
			Number: row.Number, Kind: kind, Path: path, Quote: row.In(exchange.FormQuote), Body: row.In(exchange.FormComment),
			ProposedChange: row.In(exchange.FormChange), NamedBody: row.In(exchange.FormBody), Line: row.In(exchange.FormLine),
			Clause: row.In(exchange.FormClause), Observations: row.In(exchange.FormObservations),
		})
	}
	return rows
}

// wholeText are the words by which forms mean no element.
var wholeText = map[string]bool{"": true, "general": true, "all": true, "whole text": true, "whole document": true}

// element finds what a row is on: by the path in the column of lines, where there is one, else by the words or the path in
// that of clauses. Other lines ("12") are the form's own. The column at fault is answered where there is no such element.
func (f *formReading) element(row exchange.FormRow) (path string, column exchange.FormColumn, known bool) {
	line, clause := row.In(exchange.FormLine), row.In(exchange.FormClause)
	if strings.HasPrefix(line, "/") {
		path, known = f.names.Path(line)
		return path, exchange.FormLine, known
	}
	if wholeText[strings.ToLower(clause)] {
		return "", exchange.FormClause, true
	}
	path, known = f.names.Path(clause)
	return path, exchange.FormClause, known
}

func (f *formReading) refuse(row int, column exchange.FormColumn, refusal *governance.Error) {
	place := f.form.Place(row, column)
	f.unfit = append(f.unfit, page.UnfitRow{
		Sheet: place["sheet"], Row: row, Column: place["column"], Head: place["head"], Reason: refusal.Reason,
		Message: refusal.Message, Params: refusal.Params,
	})
}

// formColumn is the column in which each field of a row stands.
var formColumn = map[string]exchange.FormColumn{
	"namedBody": exchange.FormBody, "line": exchange.FormLine, "clause": exchange.FormClause, "path": exchange.FormClause,
	"quote": exchange.FormQuote, "kind": exchange.FormType, "body": exchange.FormComment, "proposedChange": exchange.FormChange,
	"observations": exchange.FormObservations,
}

func (f *formReading) answer(edition governance.EditionID, form governance.Digest, result *store.CommentImport) *page.ImportedComments {
	for _, problem := range result.Unfit {
		f.refuse(problem.Row, formColumn[problem.Field], &governance.Error{
			Reason: problem.Reason, Message: problem.Message, Params: problem.Params,
		})
	}
	slices.SortStableFunc(f.unfit, func(a, b page.UnfitRow) int { return cmp.Compare(a.Row, b.Row) })
	answer := &page.ImportedComments{
		Edition: edition, Form: form, Rows: len(f.form.Rows), Added: []page.ImportedRow{}, Known: []page.ImportedRow{}, Unfit: f.unfit,
	}
	if answer.Unfit == nil {
		answer.Unfit = []page.UnfitRow{}
	}
	for _, row := range result.Added {
		answer.Added = append(answer.Added, page.ImportedRow(row))
	}
	for _, row := range result.Known {
		answer.Known = append(answer.Known, page.ImportedRow(row))
	}
	return answer
}
