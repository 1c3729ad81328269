package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// byteOrderMark tells spreadsheet programs that a CSV file is in UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes the form as RFC 4180 has it, in UTF-8 with a byte order mark. A cell that a spreadsheet program would
// take for a formula begins with an apostrophe; ReadCommentingForm takes it away again.
func (f CommentingForm) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write the form as CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, formColumns)
	copy(record, formHeads[:])
	if err := out.Write(record); err != nil {
		return fmt.Errorf("write the form as CSV: %w", err)
	}
	for _, row := range f.Rows {
		for i, cell := range row.Cells {
			record[i] = harmless(cell)
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write the form as CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the form as CSV: %w", err)
	}
	return nil
}

// looksLikeFormula says whether a cell would be taken for a formula, apostrophes before it not counted.
func looksLikeFormula(cell string) bool {
	first := strings.TrimLeft(cell, "'")
	return first != "" && strings.ContainsRune("=+-@\t\n", rune(first[0]))
}

// harmless keeps a cell from being taken for a formula; plain undoes it.
func harmless(cell string) string {
	if looksLikeFormula(cell) {
		return "'" + cell
	}
	return cell
}

// plain is what a cell said before harmless.
func plain(cell string) string {
	if strings.HasPrefix(cell, "'") && looksLikeFormula(cell) {
		return cell[1:]
	}
	return cell
}

// Names of the sheets of a workbook.
const (
	formSheet    = "Comments"
	elementSheet = "Elements"
)

// formWidths are the widths of a workbook's columns, in characters.
var formWidths = [formColumns]float64{22, 28, 30, 28, 9, 55, 45, 45}

// WriteXLSX writes the form as a workbook. Its cells are text, never formulas. A text that is longer than a cell holds
// (32,767 characters) is cut and says so.
func (f CommentingForm) WriteXLSX(w io.Writer) (err error) {
	book := excelize.NewFile()
	defer func() { err = closing(err, book) }()
	if err := book.SetSheetName("Sheet1", formSheet); err != nil {
		return fmt.Errorf("write the form as XLSX: %w", err)
	}
	if err := f.writeRows(book); err != nil {
		return fmt.Errorf("write the form as XLSX: %w", err)
	}
	if len(f.Elements) > 0 {
		if err := f.writeElements(book); err != nil {
			return fmt.Errorf("write the elements as XLSX: %w", err)
		}
	}
	if err := book.Write(w); err != nil {
		return fmt.Errorf("write the form as XLSX: %w", err)
	}
	return nil
}

// closing closes a workbook and keeps the first error.
func closing(err error, book *excelize.File) error {
	if failed := book.Close(); err == nil && failed != nil {
		return fmt.Errorf("close the workbook: %w", failed)
	}
	return err
}

// formStyles are a workbook's styles: of its title, its heads and its cells.
type formStyles struct{ title, head, cell int }

func newFormStyles(book *excelize.File) (s formStyles, err error) {
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	if s.title, err = book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 13}}); err != nil {
		return s, err
	}
	grey := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6E6E6"}}
	if s.head, err = book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: grey, Alignment: wrapped}); err != nil {
		return s, err
	}
	s.cell, err = book.NewStyle(&excelize.Style{Alignment: wrapped, NumFmt: 49}) // 49: text, also what is typed in later
	return s, err
}

// writeRows writes the title, the heads and the comments, row by row.
func (f CommentingForm) writeRows(book *excelize.File) error {
	styles, err := newFormStyles(book)
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(formSheet)
	if err != nil {
		return err
	}
	for i, width := range formWidths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		if err := out.SetColStyle(i+1, i+1, styles.cell); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", []any{excelize.Cell{StyleID: styles.title, Value: fitting(f.Title)}}); err != nil {
		return err
	}
	if err := writeRow(out, 2, styles.head, formHeads[:]); err != nil {
		return err
	}
	for i, row := range f.Rows {
		if err := writeRow(out, i+3, styles.cell, row.Cells[:]); err != nil {
			return err
		}
	}
	if err := out.MergeCell("A1", "H1"); err != nil {
		return err
	}
	return out.Flush()
}

func writeRow(out *excelize.StreamWriter, row, style int, cells []string) error {
	values := make([]any, len(cells))
	for i, cell := range cells {
		values[i] = excelize.Cell{StyleID: style, Value: fitting(cell)}
	}
	return out.SetRow(fmt.Sprintf("A%d", row), values)
}

// writeElements writes the sheet that names what can be commented on.
func (f CommentingForm) writeElements(book *excelize.File) error {
	if _, err := book.NewSheet(elementSheet); err != nil {
		return err
	}
	styles, err := newFormStyles(book)
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(elementSheet)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, 2, 60); err != nil {
		return err
	}
	if err := writeRow(out, 1, styles.head, []string{"Element, for the column Clause/Subclause", "Path, for the column Line number"}); err != nil {
		return err
	}
	for i, element := range f.Elements {
		if err := writeRow(out, i+2, styles.cell, []string{element.Words, element.Path}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cutOff ends a text that was longer than a cell holds.
const cutOff = " […cut: a cell holds no more]"

// fitting cuts a text to what a cell holds, which counts in UTF-16.
func fitting(text string) string {
	const most = excelize.TotalCellChars
	if len(text) <= most {
		return text
	}
	units, room := 0, most-len(utf16.Encode([]rune(cutOff)))
	cut := len(text)
	for i, r := range text {
		if units <= room {
			cut = i
		}
		if units += utf16.RuneLen(r); units > most {
			return text[:cut] + cutOff
		}
	}
	return text
}
