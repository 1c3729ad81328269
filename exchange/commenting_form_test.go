package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

// strangeCells are what a cell may say that a careless writer or reader would lose.
var strangeCells = []string{
	"", "plain", "=SUM(A1:A9)", "+49 30 1234", "-1", "@cmd", "'=quoted", "''=twice", "'tis", `say "so"`, "a;b,c\td",
	"two\nlines\n\nand a gap", "ė ö Ж 漢字 🔧", "_x0041_", "<b>&amp;</b>", strings.Repeat("long ", 1999) + "!",
}

func strangeRows() []exchange.FormRow {
	var rows []exchange.FormRow
	for i := range strangeCells {
		var cells [8]string
		for column := range cells {
			cells[column] = strangeCells[(i+column)%len(strangeCells)]
		}
		rows = append(rows, exchange.NewFormRow(cells))
	}
	return rows
}

// cellsOf are the rows' cells alone: where they were read does not matter.
func cellsOf(rows []exchange.FormRow) [][8]string {
	var cells [][8]string
	for _, row := range rows {
		cells = append(cells, row.Cells)
	}
	return cells
}

func TestAFormIsReadAsItWasWritten(t *testing.T) {
	form := exchange.CommentingForm{Title: "Comments on heat pumps", Rows: strangeRows(), Elements: sample.Document().ElementNames().Elements}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"XLSX": func(b *bytes.Buffer) error { return form.WriteXLSX(b) },
		"CSV":  func(b *bytes.Buffer) error { return form.WriteCSV(b) },
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			require.NoError(t, write(&file))
			read, err := exchange.ReadCommentingForm(file.Bytes())
			require.NoError(t, err)
			assert.Equal(t, cellsOf(form.Rows), cellsOf(read.Rows))
		})
	}
}

func TestAFormInCSVIsHarmlessAndToTheLetter(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, exchange.CommentingForm{Rows: strangeRows()}.WriteCSV(&file))
	text, marked := strings.CutPrefix(file.String(), "\ufeff")
	assert.True(t, marked, "it begins with a byte order mark")
	assert.True(t, strings.HasPrefix(text, "MB/NC,Line number,Clause/Subclause,Paragraph/Figure/Table,Type of comment,Comments,"+
		"Proposed change,Observations of the secretariat\r\n"))
	assert.NotContains(t, strings.ReplaceAll(text, "\r\n", ""), "\n", "every line ends with CR LF")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	assert.Len(t, records, len(strangeCells)+1)
	for _, record := range records {
		for _, cell := range record {
			assert.NotRegexp(t, `^[=+\-@\t\r\n]`, cell, "a spreadsheet program would run this")
		}
	}
}

func TestAWorkbookHoldsTextAndNoFormulas(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, exchange.CommentingForm{Rows: strangeRows()}.WriteXLSX(&file))
	book, err := excelize.OpenReader(&file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, book.Close()) }()
	for row := range strangeCells {
		for column := range 8 {
			cell, err := excelize.CoordinatesToCellName(column+1, row+3)
			require.NoError(t, err)
			formula, err := book.GetCellFormula("Comments", cell)
			require.NoError(t, err)
			assert.Empty(t, formula)
			kind, err := book.GetCellType("Comments", cell)
			require.NoError(t, err)
			assert.Contains(t, []excelize.CellType{excelize.CellTypeInlineString, excelize.CellTypeUnset}, kind, cell)
		}
	}
}

func TestATextThatACellCannotHoldIsCutAndSaysSo(t *testing.T) {
	for _, long := range []string{strings.Repeat("x", 40_000), strings.Repeat("🔧", 20_000)} {
		var file bytes.Buffer
		require.NoError(t, exchange.CommentingForm{Rows: []exchange.FormRow{exchange.NewFormRow([8]string{5: long})}}.WriteXLSX(&file))
		read, err := exchange.ReadCommentingForm(file.Bytes())
		require.NoError(t, err)
		cell := read.Rows[0].In(exchange.FormComment)
		assert.True(t, strings.HasSuffix(cell, " […cut: a cell holds no more]"))
		assert.NotContains(t, cell, "\ufffd", "no character is cut in two")
	}
}

func TestFormsOfOthersAreRead(t *testing.T) {
	for name, file := range map[string]string{
		"in another order, with a title above and further columns": "Template for comments and secretariat observations;;;;\n" +
			"Date: 2026-03-02;Document: heat pumps;;;\n\n" +
			"Proposed change;Internal note;Comments;MB/NC;Type of comment;Clause/ Subclause\n" +
			"Say pump;for us;Unclear;DIN;te;Title\n;;;;;\n",
		"an older form, which counts its columns": "MB1,Line number,Clause No./ Subclause No./ Annex (e.g. 3.1),Paragraph/ Figure/Table/Note," +
			"Type of comment2,Comment (justification for change) by the MB,Proposed change by the MB,Secretariat observations on each comment submitted\n" +
			"1,2,(3),4,5,(6),(7),8\nDIN,,Title,,te,Unclear,Say pump,\n",
	} {
		t.Run(name, func(t *testing.T) {
			form, err := exchange.ReadCommentingForm([]byte(file))
			require.NoError(t, err)
			require.Len(t, form.Rows, 1)
			assert.Equal(t, [8]string{0: "DIN", 2: "Title", 4: "te", 5: "Unclear", 6: "Say pump"}, form.Rows[0].Cells)
			kind, known := form.Rows[0].KindOf()
			assert.True(t, known)
			assert.Equal(t, governance.CommentTechnical, kind)
		})
	}
}

func TestTheTypeOfACommentIsReadByItsBeginning(t *testing.T) {
	for word, want := range map[string]governance.CommentKind{
		"ge": governance.CommentGeneral, "Gen": governance.CommentGeneral, "": governance.CommentGeneral,
		"TE": governance.CommentTechnical, "technical": governance.CommentTechnical, "ed": governance.CommentEditorial,
		"Editorial ": governance.CommentEditorial, "t": "", "tech/ed": "", "editorialise": "", "x": "",
	} {
		kind, known := exchange.FormRow{Cells: [8]string{4: word}}.KindOf()
		assert.Equal(t, want, kind, word)
		assert.Equal(t, want != "", known, word)
	}
}

func TestAWorkbookSaysWhereItCannotBeRead(t *testing.T) {
	rows := make([]exchange.FormRow, exchange.MaxFormRows+1)
	for i := range rows {
		rows[i] = exchange.NewFormRow([8]string{5: fmt.Sprintf("comment %d", i)})
	}
	var file bytes.Buffer
	require.NoError(t, exchange.CommentingForm{Rows: rows}.WriteXLSX(&file))
	_, err := exchange.ReadCommentingForm(file.Bytes())
	refusal, ok := err.(*governance.Error)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "too-many-rows", refusal.Reason)
	assert.Equal(t, "Sheet Comments, row 10003, column F (Comments): a form has 10000 comments at most.", refusal.Message)
	assert.Equal(t, map[string]string{
		"sheet": "Comments", "row": "10003", "column": "F", "head": "Comments", "most": "10000", "place": refusal.Params["place"],
	}, refusal.Params)
}

func TestWhatIsNoFormIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		file   []byte
		reason string
	}{
		"nothing":               {nil, "form-heads-missing"},
		"a PDF":                 {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "form-unreadable"},
		"CSV in UTF-16":         {[]byte("\xff\xfeM\x00B\x00"), "form-unreadable"},
		"CSV of something else": {[]byte("name,price\npump,900\n"), "form-heads-missing"},
		"a ZIP of nothing":      {zipOf(t, map[string][]byte{"a.txt": []byte("x")}), "form-unreadable"},
		"half a workbook":       {zipOf(t, map[string][]byte{"[Content_Types].xml": []byte("<Types")})[:60], "form-unreadable"},
		"a bomb": {zipOf(t, map[string][]byte{
			"[Content_Types].xml": []byte("<Types/>"), "xl/worksheets/sheet1.xml": make([]byte, 80<<20),
		}), "form-unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ReadCommentingForm(test.file)
			refusal, ok := err.(*governance.Error)
			require.True(t, ok, "%v", err)
			assert.Equal(t, governance.CodeInvalid, refusal.Code)
			assert.Equal(t, test.reason, refusal.Reason, refusal.Message)
		})
	}
}

func zipOf(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var file bytes.Buffer
	writer := zip.NewWriter(&file)
	for name, content := range files {
		part, err := writer.Create(name)
		require.NoError(t, err)
		_, err = part.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return file.Bytes()
}

// FuzzReadCommentingForm: whatever the file, the answer is a form or a refusal, and what was read is written and read
// again as the same.
func FuzzReadCommentingForm(f *testing.F) {
	for _, write := range []func(exchange.CommentingForm, *bytes.Buffer) error{
		func(form exchange.CommentingForm, b *bytes.Buffer) error { return form.WriteXLSX(b) },
		func(form exchange.CommentingForm, b *bytes.Buffer) error { return form.WriteCSV(b) },
	} {
		var file bytes.Buffer
		if err := write(exchange.CommentingForm{Title: "t", Rows: strangeRows()[:3]}, &file); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	f.Add([]byte("MB/NC;Comments;Type;Clause\nDIN;\"a\nb\";te;Title\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		form, err := exchange.ReadCommentingForm(file)
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%v", err)
			return
		}
		var written bytes.Buffer
		require.NoError(t, form.WriteCSV(&written))
		again, err := exchange.ReadCommentingForm(written.Bytes())
		require.NoError(t, err)
		assert.Equal(t, cellsOf(form.Rows), cellsOf(again.Rows))
	})
}
