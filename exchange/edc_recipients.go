package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"concordat/governance"
)

// The columns of a list of recipients. Those of grades are grade: and the id of the assessment, or grade alone where there
// is one assessment or all have the same grade.
const (
	edcEmail             = "email"
	edcGivenName         = "given_name"
	edcFamilyName        = "family_name"
	edcFullName          = "full_name"
	edcCertificateNumber = "certificate_number"
	edcDateOfBirth       = "date_of_birth"
	edcAwardingDate      = "awarding_date"
	edcValidFrom         = "valid_from"
	edcValidUntil        = "valid_until"
	edcGrade             = "grade:"
	edcOneGrade          = "grade"
)

// edcSlots are the columns that a template has a slot for, beside those of grades.
var edcSlots = []string{edcGivenName, edcFamilyName, edcFullName, edcCertificateNumber}

var (
	edcRequired = []string{edcEmail, edcGivenName, edcFamilyName}
	edcDates    = []string{edcDateOfBirth, edcAwardingDate, edcValidFrom, edcValidUntil}
)

// The bounds of a list of recipients.
const (
	MaxRecipients     = 10_000
	maxRecipientBytes = 20 << 20
	maxRecipientCell  = 500 // characters
	maxRecipientFault = 100 // more mistakes are only counted
)

// EDCRecipient is a learner for whom a credential is filled in.
type EDCRecipient struct {
	Line   int               // of the list, from 1
	Values map[string]string // by column
}

// Recipients reads a list of recipients, CSV in UTF-8 with a first line of column names, separated by commas, semicolons or
// tabs. Lines that say nothing are passed over. The error joins one INVALID for each mistake, up to a hundred, with
// "line 3, column email" in Field; then there are no recipients.
func (t *EDCTemplate) Recipients(data []byte) ([]EDCRecipient, error) {
	if len(data) > maxRecipientBytes {
		return nil, governance.Invalid("", "too-large", "The list has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(maxRecipientBytes))
	}
	l := &recipientList{template: t, seen: map[string]int{}}
	l.read(bytes.TrimPrefix(data, []byte(byteOrderMark)))
	if l.count > maxRecipientFault {
		l.faults = append(l.faults, governance.Invalid("", "more", "{count} more mistakes are not listed.", "count", strconv.Itoa(l.count-maxRecipientFault)))
	}
	if len(l.faults) == 0 && len(l.recipients) == 0 {
		l.fault(0, "", "no-recipients", "The list has nobody in it.")
	}
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	return l.recipients, nil
}

// recipientList is a list that is being read.
type recipientList struct {
	template   *EDCTemplate
	columns    []string
	recipients []EDCRecipient
	seen       map[string]int // by what makes two lines the same person: the line
	faults     []error
	count      int // of faults
}

// fault notes a mistake. Line 0 is the list as a whole, column "" the line as a whole.
func (l *recipientList) fault(line int, column, reason, message string, pairs ...string) {
	l.count++
	if l.count > maxRecipientFault {
		return
	}
	var where []string
	if line > 0 {
		where = append(where, "line "+strconv.Itoa(line))
	}
	if column != "" {
		where = append(where, "column "+column)
	}
	l.faults = append(l.faults, governance.Invalid(strings.Join(where, ", "), reason, message, pairs...))
}

func (l *recipientList) read(data []byte) {
	if !utf8.Valid(data) {
		valid := bytes.ToValidUTF8(data, []byte("\ufffd"))
		line := 1 + bytes.Count(valid[:bytes.Index(valid, []byte("\ufffd"))], []byte("\n"))
		l.fault(line, "", "not-utf8", "The list is not in UTF-8: save it as CSV UTF-8.")
		return
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = separatorOf(data)
	reader.FieldsPerRecord = -1
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			l.fault(parse.StartLine, "", "not-csv", "The quotes of this line are not as CSV has them: {detail}.", "detail", parse.Err.Error())
			return
		}
		line, _ := reader.FieldPos(0)
		switch {
		case isBlank(cells):
		case l.columns == nil:
			if l.header(line, cells); len(l.faults) > 0 {
				return
			}
		default:
			l.row(line, cells)
		}
	}
}

// separatorOf answers which of comma, semicolon and tab the first line has most of, outside of quotes.
func separatorOf(data []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\n"))
	count := map[rune]int{}
	quoted := false
	for _, c := range string(first) {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			count[c]++
		}
	}
	best := ','
	for _, candidate := range []rune{';', '\t'} {
		if count[candidate] > count[best] {
			best = candidate
		}
	}
	return best
}

func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// header reads the names of the columns: each known, once, and none missing.
func (l *recipientList) header(line int, cells []string) {
	l.columns = []string{}
	for at, cell := range cells {
		name := strings.TrimSpace(cell)
		if !strings.HasPrefix(name, edcGrade) { // whose id is as the document has it
			name = strings.ToLower(name)
		}
		switch {
		case name == "":
			l.fault(line, strconv.Itoa(at+1), "column-unnamed", "This column has no name.")
		case slices.Contains(l.columns, name):
			l.fault(line, name, "column-twice", "This column is there twice.")
		case !slices.Contains(l.known(), name):
			l.fault(line, name, "column-unknown", "There is no such column. There are: {columns}.", "columns", strings.Join(l.known(), ", "))
		}
		l.columns = append(l.columns, name)
	}
	for _, name := range edcRequired {
		if !slices.Contains(l.columns, name) {
			l.fault(line, name, "column-missing", "This column is missing.")
		}
	}
	for _, name := range l.template.assessed {
		if !slices.Contains(l.columns, name) && !slices.Contains(l.columns, edcOneGrade) {
			l.fault(line, name, "column-missing", "This column is missing: each assessment has a grade.")
		}
	}
}

// known lists the columns that there may be.
func (l *recipientList) known() []string {
	known := append(slices.Clone(edcRequired), edcFullName, edcCertificateNumber)
	known = append(known, edcDates...)
	if len(l.template.assessed) > 0 {
		known = append(append(known, l.template.assessed...), edcOneGrade)
	}
	return known
}

// row reads one recipient.
func (l *recipientList) row(line int, cells []string) {
	before := l.count
	if len(cells) > len(l.columns) {
		l.fault(line, "", "cells-too-many", "The line has {count} cells, and there are {columns} columns.",
			"count", strconv.Itoa(len(cells)), "columns", strconv.Itoa(len(l.columns)))
		return
	}
	r := EDCRecipient{Line: line, Values: map[string]string{}}
	for at, cell := range cells {
		r.Values[l.columns[at]] = l.cell(line, l.columns[at], cell)
	}
	for _, name := range edcRequired {
		if r.Values[name] == "" {
			l.fault(line, name, "cell-empty", "This is empty.")
		}
	}
	l.address(line, r.Values[edcEmail])
	l.dates(r)
	l.grades(r)
	if r.Values[edcFullName] == "" {
		r.Values[edcFullName] = r.Values[edcGivenName] + " " + r.Values[edcFamilyName]
	}
	l.twice(r)
	if len(l.recipients) == MaxRecipients {
		l.fault(line, "", "too-many", "The list has more than {most} recipients: divide it.", "most", strconv.Itoa(MaxRecipients))
	}
	if l.count == before {
		l.recipients = append(l.recipients, r)
	}
}

// cell reads the words of a cell.
func (l *recipientList) cell(line int, column, cell string) string {
	cell = strings.TrimSpace(cell)
	if strings.ContainsFunc(cell, unicode.IsControl) {
		l.fault(line, column, "control-character", "This has a line break or another control character in it.")
	}
	if utf8.RuneCountInString(cell) > maxRecipientCell {
		l.fault(line, column, "cell-too-long", "This is longer than {most} characters.", "most", strconv.Itoa(maxRecipientCell))
	}
	return cell
}

func (l *recipientList) address(line int, email string) {
	if email == "" {
		return
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email {
		l.fault(line, edcEmail, "not-an-address", "{value} is no mail address.", "value", email)
	}
}

func (l *recipientList) dates(r EDCRecipient) {
	for _, name := range edcDates {
		if day := r.Values[name]; day != "" && !governance.Date(day).Valid() {
			l.fault(r.Line, name, "not-a-date", "{value} is no date: write 2027-06-30 for 30 June 2027.", "value", day)
		}
	}
	from, until := r.Values[edcValidFrom], r.Values[edcValidUntil]
	if governance.Date(from).Valid() && governance.Date(until).Valid() && until < from {
		l.fault(r.Line, edcValidUntil, "dates-crossed", "The credential would end on {until}, before it begins on {from}.", "until", until, "from", from)
	}
}

// grades gives each assessment its grade, its own or the one for all.
func (l *recipientList) grades(r EDCRecipient) {
	for _, name := range l.template.assessed {
		if r.Values[name] == "" {
			r.Values[name] = r.Values[edcOneGrade]
		}
		if r.Values[name] == "" {
			l.fault(r.Line, name, "cell-empty", "There is no grade.")
		}
	}
}

// twice refuses the same person twice: by address and name, else by the certificate's number.
func (l *recipientList) twice(r EDCRecipient) {
	keys := map[string]string{
		edcEmail: fmt.Sprintf("%q %q %q", strings.ToLower(r.Values[edcEmail]), r.Values[edcGivenName], r.Values[edcFamilyName])}
	if number := r.Values[edcCertificateNumber]; number != "" {
		keys[edcCertificateNumber] = number
	}
	for _, column := range []string{edcEmail, edcCertificateNumber} {
		key, ok := keys[column]
		if !ok {
			continue
		}
		if earlier := l.seen[column+" "+key]; earlier > 0 {
			l.fault(r.Line, column, "recipient-twice", "The same is in line {line} already.", "line", strconv.Itoa(earlier))
		}
		l.seen[column+" "+key] = r.Line
	}
}
