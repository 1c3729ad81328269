package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"concordat/governance"
)

// Bounds of a form that is read.
const (
	MaxFormRows      = 10_000 // comments
	maxFormPreface   = 50     // rows above the heads
	maxFormSheets    = 20
	maxFormCellWidth = 100 // columns that are looked at
)

// ReadCommentingForm reads a form from XLSX or CSV. The heads are found by their words, in any order, below whatever
// stands above them; further columns and sheets are passed over, as are empty rows. Errors are INVALID and name the
// sheet, the row and the column as far as there is one: neither format, no heads, too large, too many rows.
func ReadCommentingForm(file []byte) (CommentingForm, error) {
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return readFormXLSX(file)
	}
	return readFormCSV(file)
}

// formReader finds the heads in rows that come one by one, and reads what is below them.
type formReader struct {
	form   CommentingForm
	headed bool // the heads were found
	below  bool // and a row below them
}

// take reads the row of that number.
func (r *formReader) take(number int, cells []string) error {
	cells = cells[:min(len(cells), maxFormCellWidth)]
	if !r.headed {
		r.headed = r.form.findColumns(cells)
		return nil
	}
	row := FormRow{Number: number}
	for column, at := range r.form.columns {
		if at < 0 || at >= len(cells) {
			continue
		}
		if !utf8.ValidString(cells[at]) || strings.ContainsRune(cells[at], 0) {
			return r.form.refuse(number, FormColumn(column), "text-malformed", "{place} holds characters that no text may hold.")
		}
		row.Cells[column] = strings.TrimSpace(lines(cells[at]))
	}
	first := !r.below
	r.below = true
	if row.empty() || first && row.counted() {
		return nil
	}
	if len(r.form.Rows) == MaxFormRows {
		return r.form.refuse(number, FormComment, "too-many-rows", "{place}: a form has {most} comments at most.",
			"most", strconv.Itoa(MaxFormRows))
	}
	r.form.Rows = append(r.form.Rows, row)
	return nil
}

// counted says whether the row only counts the columns, as older forms do below their heads: 1 2 (3) 4 5 (6) (7).
func (r FormRow) counted() bool {
	count := 0
	for column, cell := range r.Cells {
		digits := strings.Trim(cell, "()")
		if digits != "" && digits != strconv.Itoa(column+1) {
			return false
		}
		if digits != "" {
			count++
		}
	}
	return count >= leastHeads
}

// done answers the form, or that there is none.
func (r *formReader) done() (CommentingForm, error) {
	if !r.headed {
		return CommentingForm{}, governance.Invalid("", "form-heads-missing",
			"No row of {sheet} has the form's heads: {heads}.", "sheet", sheetWords(r.form.Sheet), "heads", strings.Join(formHeads[:], ", "))
	}
	return r.form, nil
}

// refuse is INVALID for a cell.
func (f CommentingForm) refuse(row int, c FormColumn, reason, message string, pairs ...string) *governance.Error {
	place := f.Place(row, c)
	words := "Row " + place["row"] + ", column " + strings.TrimSpace(place["column"]+" ("+place["head"]+")")
	if f.Sheet != "" {
		words = "Sheet " + f.Sheet + ", " + strings.ToLower(words[:1]) + words[1:]
	}
	for _, name := range []string{"sheet", "row", "column", "head"} {
		pairs = append(pairs, name, place[name])
	}
	return governance.Invalid("", reason, message, append(pairs, "place", words)...)
}

func sheetWords(sheet string) string {
	if sheet == "" {
		return "the file"
	}
	return "the sheet " + sheet
}

// headWords are the words by which a column is known, the more telling ones first: "Type of comment" is no comment, and
// "Comment (justification for change) by the MB" is no change.
var headWords = []struct {
	column FormColumn
	words  []string
}{
	{FormObservations, []string{"observation", "secretariat", "disposition"}},
	{FormChange, []string{"proposed"}},
	{FormType, []string{"type"}},
	{FormComment, []string{"comment"}},
	{FormQuote, []string{"paragraph", "figure", "table", "quote"}},
	{FormClause, []string{"clause", "element"}},
	{FormLine, []string{"line", "path"}},
	{FormBody, []string{"mb", "member", "organization", "organisation", "body"}},
	{FormChange, []string{"change"}},
}

func isFormHead(head string) bool {
	_, known := headOf(head)
	return known
}

// headOf is the column that a head names; false where it names none.
func headOf(head string) (FormColumn, bool) {
	folded := strings.ToLower(head)
	if len(folded) > 200 {
		return 0, false // a sentence above the table
	}
	for _, known := range headWords {
		if slices.ContainsFunc(known.words, func(word string) bool { return strings.Contains(folded, word) }) {
			return known.column, true
		}
	}
	return 0, false
}

// leastHeads is how many heads make a row the heads' row; one of them is the comments'.
const leastHeads = 4

// findColumns looks whether a row is that of the heads, and notes where the columns are. Of two columns with the same
// head the first counts.
func (f *CommentingForm) findColumns(cells []string) bool {
	var columns [formColumns]int
	for i := range columns {
		columns[i] = -1
	}
	found := 0
	var heads [formColumns]string
	for at, cell := range cells {
		column, known := headOf(cell)
		if !known || columns[column] >= 0 {
			continue
		}
		columns[column], heads[column] = at, strings.Join(strings.Fields(cell), " ")
		found++
	}
	if found < leastHeads || columns[FormComment] < 0 {
		return false
	}
	f.columns, f.heads = columns, heads
	return true
}

func readFormCSV(file []byte) (CommentingForm, error) {
	file = bytes.TrimPrefix(file, []byte(byteOrderMark))
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return CommentingForm{}, governance.Invalid("", "form-unreadable",
			"The file is neither an XLSX workbook nor CSV in UTF-8.")
	}
	in := csv.NewReader(bytes.NewReader(file))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separator(file, isFormHead), -1, true
	reader := &formReader{}
	for row := 1; ; row++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return reader.done()
		}
		if err != nil {
			return CommentingForm{}, governance.Invalid("", "form-unreadable", "The file cannot be read as CSV: {why}.", "why", err.Error())
		}
		for i, cell := range record {
			record[i] = plain(cell)
		}
		if err := reader.take(row, record); err != nil {
			return CommentingForm{}, err
		}
		if !reader.headed && row > maxFormPreface {
			return reader.done()
		}
	}
}

func readFormXLSX(file []byte) (form CommentingForm, err error) {
	if err := checkWorkbook(file); err != nil {
		return CommentingForm{}, governance.Invalid("", "form-unreadable", "The workbook cannot be read: {why}", "why", err.Error())
	}
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, // the same: nothing is unpacked onto the disk
	})
	if err != nil {
		return CommentingForm{}, governance.Invalid("", "form-unreadable", "The workbook cannot be read: {why}.", "why", err.Error())
	}
	defer func() { err = closing(err, book) }()
	sheets := book.GetSheetList()
	for _, sheet := range sheets[:min(len(sheets), maxFormSheets)] {
		form, err = readFormSheet(book, sheet)
		if refusal, ok := errors.AsType[*governance.Error](err); !ok || refusal.Reason != "form-heads-missing" {
			return form, err
		}
	}
	if err == nil {
		err = governance.Invalid("", "form-unreadable", "The workbook has no sheet.")
	}
	return CommentingForm{}, err
}

func readFormSheet(book *excelize.File, sheet string) (CommentingForm, error) {
	reader := &formReader{form: CommentingForm{Sheet: sheet}}
	rows, err := book.Rows(sheet)
	if err != nil {
		return reader.done() // a sheet of charts
	}
	number := 0
	for rows.Next() {
		number++
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return CommentingForm{}, governance.Invalid("", "form-unreadable", "{sheet}, row {row} cannot be read: {why}.",
				"sheet", sheetWords(sheet), "row", strconv.Itoa(number), "why", err.Error())
		}
		if err := reader.take(number, cells); err != nil {
			_ = rows.Close() // it was read from memory
			return CommentingForm{}, err
		}
		if !reader.headed && number > maxFormPreface {
			break
		}
	}
	if err := rows.Close(); err != nil {
		return CommentingForm{}, fmt.Errorf("close the sheet: %w", err)
	}
	return reader.done()
}
