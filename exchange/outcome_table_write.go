package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"concordat/governance"
)

// outcomeTable is a document's outcomes as rows.
type outcomeTable struct {
	*exporter
	heads []string
	rows  [][]string
}

// ExportOutcomesCSV writes a publication's outcomes as RFC 4180 has it, in UTF-8 with a byte order mark, in the columns of
// OutcomesTemplate. A cell that a spreadsheet program would take for a formula begins with an apostrophe; ImportOutcomes takes
// it away again.
func ExportOutcomesCSV(p Published) (Export, error) {
	table := newOutcomeTable(p)
	var out bytes.Buffer
	out.WriteString(byteOrderMark)
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	for _, row := range append([][]string{table.heads}, table.rows...) {
		for at := range row {
			row[at] = harmless(row[at])
		}
		if err := w.Write(row); err != nil {
			return Export{}, fmt.Errorf("write outcomes as CSV: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return Export{}, fmt.Errorf("write outcomes as CSV: %w", err)
	}
	return table.done(out.Bytes()), nil
}

// ExportOutcomesXLSX writes a publication's outcomes as a workbook, in the columns of OutcomesTemplate. Its cells are text,
// never formulas.
func ExportOutcomesXLSX(p Published) (Export, error) {
	table := newOutcomeTable(p)
	content, err := table.workbook()
	if err != nil {
		return Export{}, err
	}
	return table.done(content), nil
}

// OutcomesTemplate is an empty workbook to fill in and import: a sheet with the heads for these languages, and one that says
// what belongs under them. It is INVALID for no language, a wrong tag, or too many.
func OutcomesTemplate(languages ...governance.LanguageTag) ([]byte, error) {
	if _, err := (governance.Document{}).InLanguages(languages...); err != nil {
		return nil, err
	}
	table := &outcomeTable{heads: outcomeHeadsIn(languages)}
	return table.workbook()
}

func outcomeHeadsIn(languages []governance.LanguageTag) []string {
	heads := []string{string(columnID), string(columnKind), string(columnLevel)}
	for _, column := range []outcomeColumn{columnStatement, columnCriteria} {
		for _, language := range languages {
			heads = append(heads, fmt.Sprintf("%s (%s)", column, language))
		}
	}
	heads = append(heads, string(columnSkills))
	for _, language := range languages {
		heads = append(heads, fmt.Sprintf("%s (%s)", columnSkillNames, language))
	}
	return heads
}

func newOutcomeTable(p Published) *outcomeTable {
	table := &outcomeTable{exporter: newExporter(p), heads: outcomeHeadsIn(p.Document.Languages)}
	for _, outcome := range p.Document.Outcomes {
		table.rows = append(table.rows, table.row(outcome))
	}
	if slices.ContainsFunc(p.Document.Outcomes, func(o governance.LearningOutcome) bool { return len(o.Criteria) > 0 }) {
		table.change("/outcomes", "criterion-ids")
	}
	return table
}

func (t *outcomeTable) row(outcome governance.LearningOutcome) []string {
	path := "/outcomes/" + string(outcome.ID)
	t.carry(path)
	level := ""
	if outcome.EQFLevel > 0 {
		level = strconv.Itoa(outcome.EQFLevel)
	}
	row := []string{string(outcome.ID), string(outcome.Kind), level}
	for _, language := range t.Document.Languages {
		row = append(row, outcome.Statement[string(language)])
	}
	for _, language := range t.Document.Languages {
		var said []string
		for _, criterion := range outcome.Criteria {
			said = append(said, t.line(path+"/criteria/"+string(criterion.ID)+"/statement/"+string(language), criterion.Statement[string(language)]))
		}
		row = append(row, linesOf(said))
	}
	var skills []string
	for _, skill := range outcome.Skills {
		skills = append(skills, string(skill.ID))
	}
	row = append(row, strings.Join(skills, "\n"))
	for _, language := range t.Document.Languages {
		var names []string
		for _, skill := range outcome.Skills {
			names = append(names, oneLine(skill.Label[string(language)]))
		}
		row = append(row, linesOf(names))
	}
	return row
}

// noWords stands on a line for a text that is not there in this language, so that the lines of all languages match.
const noWords = "—"

// linesOf puts each text on a line; texts that all say nothing are an empty cell.
func linesOf(texts []string) string {
	if strings.Join(texts, "") == "" {
		return ""
	}
	said := slices.Clone(texts)
	for at := range said {
		if said[at] == "" {
			said[at] = noWords
		}
	}
	return strings.Join(said, "\n")
}

// line makes one line of a text, because each line is a criterion.
func (t *outcomeTable) line(path, words string) string {
	line := oneLine(words)
	if line != words {
		t.change(path, "line-breaks-removed")
	}
	return line
}

const (
	outcomeSheet = "Outcomes"
	adviceSheet  = "How to fill in"
)

// outcomeAdvice says what belongs under the heads.
var outcomeAdvice = [][]string{
	{"Column", "What belongs there"},
	{string(columnID), "A short name of the outcome, without spaces; it stays for good. Empty: one is made."},
	{string(columnKind), "KNOWLEDGE, SKILL or RESPONSIBILITY_AUTONOMY"},
	{string(columnLevel), "A whole number from 1 to 8; empty: as the credential's."},
	{string(columnStatement), "What somebody knows, can do or answers for, in the language in brackets. For a further language, copy the column and change the brackets."},
	{string(columnCriteria), "How one sees that it is reached: a line for each criterion, in the same order in every language; — where one is missing."},
	{string(columnSkills), "Addresses of skills of ESCO (" + escoSkills + "…), a line for each."},
	{string(columnSkillNames), "What the skills are called, in the same order; only for readers."},
}

// workbook writes the table, and the advice beside it.
func (t *outcomeTable) workbook() (content []byte, err error) {
	book := excelize.NewFile()
	defer func() { err = closing(err, book) }()
	if err := book.SetSheetName("Sheet1", outcomeSheet); err != nil {
		return nil, fmt.Errorf("write outcomes as XLSX: %w", err)
	}
	if err := writeSheet(book, outcomeSheet, append([][]string{t.heads}, t.rows...)); err != nil {
		return nil, fmt.Errorf("write outcomes as XLSX: %w", err)
	}
	if _, err := book.NewSheet(adviceSheet); err != nil {
		return nil, fmt.Errorf("write outcomes as XLSX: %w", err)
	}
	if err := writeSheet(book, adviceSheet, outcomeAdvice); err != nil {
		return nil, fmt.Errorf("write outcomes as XLSX: %w", err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return nil, fmt.Errorf("write outcomes as XLSX: %w", err)
	}
	return sortedArchive(out.Bytes())
}

// writeSheet writes rows as text, the first of them as heads that stay in sight.
func writeSheet(book *excelize.File, name string, rows [][]string) error {
	styles, err := newFormStyles(book)
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for at := range rows[0] {
		if err := out.SetColWidth(at+1, at+1, 32); err != nil {
			return err
		}
		if err := out.SetColStyle(at+1, at+1, styles.cell); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for at, row := range rows {
		style := styles.cell
		if at == 0 {
			style = styles.head
		}
		if err := writeRow(out, at+1, style, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// sortedArchive packs an archive again with its parts in the order of their names: excelize writes sheets in any order, and
// the same publication gives the same bytes.
func sortedArchive(file []byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("sort the workbook: %w", err)
	}
	slices.SortFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range archive.File {
		if err := w.Copy(part); err != nil {
			return nil, fmt.Errorf("sort the workbook: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("sort the workbook: %w", err)
	}
	return out.Bytes(), nil
}
