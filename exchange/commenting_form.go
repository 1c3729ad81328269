package exchange

import (
	"strconv"
	"strings"

	"concordat/governance"
)

// CommentingForm is the form in which standards bodies collect comments and tell what became of them: ISO/IEC's
// "template for comments and secretariat observations", eight columns. It is written as XLSX and as CSV, and read from
// both.
type CommentingForm struct {
	Title string // above the table of a workbook; what it is about
	Rows  []FormRow
	// Elements are listed on a second sheet of a workbook, for those who fill the form in; empty: no such sheet.
	Elements []governance.Element

	Sheet   string              // where the form was read; empty in CSV
	columns [formColumns]int    // where each column was read, from 0; -1: the file has none
	heads   [formColumns]string // as the file calls them
}

// FormColumn is one of the eight columns.
type FormColumn int

// The columns, in the form's order.
const (
	FormBody         FormColumn = iota // MB/NC: the member body or organization whose comment it is
	FormLine                           // line number: here the element's path
	FormClause                         // clause or subclause: the element in words
	FormQuote                          // paragraph, figure, table: the words that the comment is about
	FormType                           // ge, te or ed
	FormComment                        // the comment
	FormChange                         // the proposed change
	FormObservations                   // what the secretariat observes: the answer, its reason, the change
	formColumns
)

// formHeads are the form's own heads, in the order of its columns.
var formHeads = [formColumns]string{
	"MB/NC", "Line number", "Clause/Subclause", "Paragraph/Figure/Table", "Type of comment", "Comments", "Proposed change",
	"Observations of the secretariat",
}

// String is the column's head in the form.
func (c FormColumn) String() string { return formHeads[c] }

// FormRow is a comment: what stands in each column, with single line feeds for line breaks and no white
// space around it.
type FormRow struct {
	Number int // of the row in the file that it was read from, from 1
	Cells  [formColumns]string
}

// In is what stands in a column.
func (r FormRow) In(c FormColumn) string { return r.Cells[c] }

// empty says whether nothing stands in any column.
func (r FormRow) empty() bool { return r.Cells == [formColumns]string{} }

// Place says where a row's column was read, for whoever mends the file: the sheet, the row and the column as the file's
// program shows them ("F"), and the column's head.
func (f CommentingForm) Place(row int, c FormColumn) map[string]string {
	place := map[string]string{"sheet": f.Sheet, "row": strconv.Itoa(row), "column": "", "head": c.String()}
	if at := f.columns[c]; at >= 0 && f.heads[c] != "" {
		place["column"], place["head"] = columnLetters(at), f.heads[c]
	}
	return place
}

// columnLetters writes the number of a column, from 0, as spreadsheets do: A, Z, AA.
func columnLetters(at int) string {
	letters := string(rune('A' + at%26))
	for at = at/26 - 1; at >= 0; at = at/26 - 1 {
		letters = string(rune('A'+at%26)) + letters
	}
	return letters
}

// formTypes are the words of the column "Type of comment", by kind.
var formTypes = map[governance.CommentKind]string{
	governance.CommentGeneral: "ge", governance.CommentTechnical: "te", governance.CommentEditorial: "ed",
}

// FormTypeOf is what the form calls a kind of comment.
func FormTypeOf(kind governance.CommentKind) string { return formTypes[kind] }

// KindOf is the kind of comment that the column "Type of comment" says, by the first letters: ge, gen, general. Nothing
// is GENERAL. False for other words.
func (r FormRow) KindOf() (governance.CommentKind, bool) {
	word := strings.ToLower(strings.TrimSpace(r.In(FormType)))
	if word == "" {
		return governance.CommentGeneral, true
	}
	for kind, short := range formTypes {
		if strings.HasPrefix(word, short) && strings.HasPrefix(strings.ToLower(string(kind)), word) {
			return kind, true
		}
	}
	return "", false
}

// lines makes single line feeds of a text's line breaks, which neither format keeps as they are.
func lines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// NewFormRow makes a row of what its columns say, as it will be read again: without white space around it.
func NewFormRow(cells [8]string) FormRow {
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(lines(cell))
	}
	return FormRow{Cells: cells}
}
