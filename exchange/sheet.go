package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"concordat/governance"
)

// Bounds of a workbook, a CSV file and their sheets.
const (
	MaxSheetRows     = 10_000   // of a sheet
	maxUnzipped      = 64 << 20 // bytes of everything in a workbook
	maxUnzippedRatio = 250      // times the packed size, of a part above leastForRatio
	leastForRatio    = 4 << 20  // bytes
	maxSheets        = 20
	maxSheetColumns  = 100
	maxPreface       = 50 // rows above the heads
)

// sheet is what a sheet of a workbook or a CSV file says.
type sheet struct {
	name string // "" of a CSV file
	rows []sheetRow
}

// sheetRow is a row, and its number as the file's program shows it: the row of a workbook, the line of a CSV file.
type sheetRow struct {
	number int
	cells  []string // trimmed, with single line feeds for line breaks
}

// readSheets reads all sheets of an XLSX workbook or of a CSV file, separated by what finds the most heads that are known. It
// is INVALID for a file that is too large, neither of the two, packed too tightly, or with more rows than MaxSheetRows, and
// for cells no text can hold: these name row and column.
func readSheets(file []byte, known func(head string) bool) ([]sheet, error) {
	if err := checkSize(file); err != nil {
		return nil, err
	}
	if isZip(file) {
		return readWorkbook(file)
	}
	return readCSV(file, known)
}

func isZip(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

// checkWorkbook unpacks a workbook into nothing, and refuses one that says less of its size than it has, or that swells
// too much: what opens it afterwards believes the sizes it names.
func checkWorkbook(file []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return unreadable(err)
	}
	total := int64(0)
	for _, part := range archive.File {
		size, err := unpackedSize(part, maxUnzipped-total)
		if err != nil {
			return unreadable(err)
		}
		total += size
		if total > maxUnzipped {
			return governance.Invalid("", "workbook-too-large", "Unpacked, the workbook has more than {most} bytes.", "most", strconv.Itoa(maxUnzipped))
		}
		if size > leastForRatio && size > maxUnzippedRatio*max(1, int64(part.CompressedSize64)) {
			return governance.Invalid("", "workbook-swells", "The part {part} of the workbook swells to more than {most} times its size.",
				"part", part.Name, "most", strconv.Itoa(maxUnzippedRatio))
		}
	}
	return nil
}

// unpackedSize counts what a part of an archive unpacks to; above most it stops counting.
func unpackedSize(part *zip.File, most int64) (int64, error) {
	content, err := part.Open()
	if err != nil {
		return 0, err
	}
	size, err := io.Copy(io.Discard, io.LimitReader(content, most+1))
	if closed := content.Close(); err == nil && size <= most {
		err = closed
	}
	return size, err
}

func unreadable(err error) error {
	return governance.Invalid("", "workbook-unreadable", "The workbook cannot be read: {why}.", "why", err.Error())
}

func readWorkbook(file []byte) (sheets []sheet, err error) {
	if err := checkWorkbook(file); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { err = closing(err, book) }()
	names := book.GetSheetList()
	for _, name := range names[:min(len(names), maxSheets)] {
		read := sheet{name: name}
		rows, err := book.Rows(name)
		if err != nil {
			continue // a sheet of charts
		}
		for number := 1; rows.Next(); number++ {
			cells, err := rows.Columns(excelize.Options{RawCellValue: true})
			if err != nil {
				return nil, unreadable(err)
			}
			if err := read.add(number, cells); err != nil {
				return nil, err
			}
		}
		if err := rows.Close(); err != nil {
			return nil, fmt.Errorf("close the sheet: %w", err)
		}
		sheets = append(sheets, read)
	}
	return sheets, nil
}

func readCSV(file []byte, known func(head string) bool) ([]sheet, error) {
	file = bytes.TrimPrefix(file, []byte(byteOrderMark))
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, governance.Invalid("", "table-unreadable", "The file is neither an XLSX workbook nor CSV in UTF-8.")
	}
	in := csv.NewReader(bytes.NewReader(file))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separator(file, known), -1, true
	var read sheet
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return []sheet{read}, nil
		}
		if err != nil {
			return nil, governance.Invalid("", "table-unreadable", "The file cannot be read as CSV: {why}.", "why", err.Error())
		}
		for i, cell := range record {
			record[i] = plain(cell)
		}
		line, _ := in.FieldPos(0)
		if err := read.add(line, record); err != nil {
			return nil, err
		}
	}
}

// separator is what parts the cells of a CSV file: a comma, or what programs in other languages write instead. It is the
// one that finds the most heads in the first lines.
func separator(file []byte, known func(head string) bool) rune {
	best, most := ',', 0
	for _, candidate := range []rune{',', ';', '\t'} {
		for i, line := range strings.SplitN(string(file[:min(len(file), 100_000)]), "\n", maxPreface+1) {
			if i == maxPreface {
				break
			}
			found := 0
			for _, cell := range strings.Split(line, string(candidate)) {
				if known(strings.Trim(strings.TrimSpace(cell), `"`)) {
					found++
				}
			}
			if found > most {
				best, most = candidate, found
			}
		}
	}
	return best
}

// add keeps a row that is not empty.
func (s *sheet) add(number int, cells []string) error {
	row := sheetRow{number: number}
	filled := false
	for at, cell := range cells[:min(len(cells), maxSheetColumns)] {
		cell = strings.TrimSpace(lines(cell))
		reason, message := "", ""
		switch {
		case !utf8.ValidString(cell) || strings.ContainsFunc(cell, isControl):
			reason, message = "cell-malformed", "{place} holds characters that no text may hold."
		case utf8.RuneCountInString(cell) > governance.MaxTextCharacters:
			reason, message = "cell-too-long", "{place} has more than {most} characters."
		}
		if reason != "" {
			return s.refuse(cellPlace{row: number, column: at}, reason, message, "most", strconv.Itoa(governance.MaxTextCharacters))
		}
		filled = filled || cell != ""
		row.cells = append(row.cells, cell)
	}
	if !filled {
		return nil
	}
	if len(s.rows) == MaxSheetRows {
		return s.refuse(cellPlace{row: number}, "too-many-rows", "{place}: a sheet has {most} rows at most.", "most", strconv.Itoa(MaxSheetRows))
	}
	s.rows = append(s.rows, row)
	return nil
}

func isControl(c rune) bool { return printable(c) < 0 }

// cellPlace is where a cell stands: its row as the file's program counts, its column from 0, and the column's head.
type cellPlace struct {
	row, column int
	head        string
}

// refuse is INVALID for a cell: with sheet, row, column and the column's head as parameters, and in words.
func (s *sheet) refuse(at cellPlace, reason, message string, pairs ...string) error {
	place := fmt.Sprintf("Row %d, column %s", at.row, columnLetters(at.column))
	if at.head != "" {
		place += " (" + at.head + ")"
	}
	if s.name != "" {
		place = "Sheet " + s.name + ", " + strings.ToLower(place[:1]) + place[1:]
	}
	return governance.Invalid("", reason, message, append(pairs, "place", place, "sheet", s.name, "row", strconv.Itoa(at.row),
		"column", columnLetters(at.column), "head", at.head)...)
}

// path is where a cell stands, for a report: /sheet/row/head, without the sheet for CSV.
func (s *sheet) path(row int, head string) string {
	path := "/" + strconv.Itoa(row) + "/" + escapeSegment(head)
	if s.name != "" {
		path = "/" + escapeSegment(s.name) + path
	}
	return path
}
