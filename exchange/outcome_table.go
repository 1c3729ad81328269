package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// outcomeColumn is a column of a table of outcomes; texts have one for each language.
type outcomeColumn string

// The columns, by their heads in our own template.
const (
	columnID         outcomeColumn = "ID"
	columnKind       outcomeColumn = "Kind"
	columnLevel      outcomeColumn = "EQF level"
	columnStatement  outcomeColumn = "Statement"
	columnCriteria   outcomeColumn = "Criteria"
	columnSkills     outcomeColumn = "ESCO skills"
	columnSkillNames outcomeColumn = "ESCO skill names"
)

// outcomeHeads are words by which a column is known, the more telling ones first: an "ESCO skill" is no kind of outcome, and
// an "assessment criterion of the outcome" is no statement.
var outcomeHeads = []struct {
	column outcomeColumn
	words  []string
}{
	{columnSkillNames, []string{"skill name", "skill label", "esco label", "esco name"}},
	{columnSkills, []string{"esco", "skill uri", "skill url"}},
	{columnCriteria, []string{"criteri", "kriteri", "critère", "indicator"}},
	{columnStatement, []string{"statement", "outcome", "lernergebnis", "résultat", "resultado", "competenc", "descri", "text"}},
	{columnLevel, []string{"eqf", "level", "niveau"}},
	{columnKind, []string{"kind", "type", "category", "art", "domain"}},
	{columnID, []string{"id", "code", "number", "nr", "no.", "no", "#"}},
}

// wholeWords are heads too short to be looked for within others.
var wholeWords = []string{"id", "nr", "no.", "no", "#", "art", "text", "code"}

// tableColumn is a column that was found in a file.
type tableColumn struct {
	column   outcomeColumn
	language governance.LanguageTag // of a text; "": the head names none
	head     string                 // as the file calls it
}

var languageAtEnd = regexp.MustCompile(`(?:\(([A-Za-z-]{2,35})\)|\[([A-Za-z-]{2,35})\]|@([A-Za-z-]{2,35})|[:_ ]([a-z]{2}))$`)

// outcomeColumnOf is the column that a head names.
func outcomeColumnOf(head string) (tableColumn, bool) {
	found := tableColumn{head: strings.Join(strings.Fields(head), " ")}
	bare := found.head
	if parts := languageAtEnd.FindStringSubmatch(bare); parts != nil {
		tag := canonicalTag(parts[1] + parts[2] + parts[3] + parts[4])
		if tag.Valid() && len(strings.TrimSpace(bare[:len(bare)-len(parts[0])])) > 0 {
			found.language, bare = tag, strings.TrimSpace(bare[:len(bare)-len(parts[0])])
		}
	}
	folded := strings.ToLower(bare)
	if folded == "" || len(folded) > 100 {
		return found, false
	}
	for _, known := range outcomeHeads {
		for _, word := range known.words {
			if folded == word || !slices.Contains(wholeWords, word) && strings.Contains(folded, word) {
				found.column = known.column
				return found, true
			}
		}
	}
	return found, false
}

func isOutcomeHead(head string) bool {
	_, known := outcomeColumnOf(head)
	return known
}

// kindWords are how tables write the kinds of outcome; German and French ones as ESCO's and EQF's translations have them.
var kindWords = map[string]governance.OutcomeKind{
	"knowledge": governance.OutcomeKnowledge, "kenntnisse": governance.OutcomeKnowledge, "wissen": governance.OutcomeKnowledge,
	"savoirs": governance.OutcomeKnowledge, "savoir": governance.OutcomeKnowledge,
	"skill": governance.OutcomeSkill, "skills": governance.OutcomeSkill, "fertigkeiten": governance.OutcomeSkill, "aptitudes": governance.OutcomeSkill,
	"responsibility and autonomy": governance.OutcomeResponsibility, "responsibility": governance.OutcomeResponsibility,
	"autonomy": governance.OutcomeResponsibility, "competence": governance.OutcomeResponsibility,
	"verantwortung und selbstständigkeit": governance.OutcomeResponsibility, "responsabilité et autonomie": governance.OutcomeResponsibility,
}

func kindOf(word string) (governance.OutcomeKind, bool) {
	if kind := governance.OutcomeKind(strings.ToUpper(word)); slices.Contains(governance.OutcomeKinds, kind) {
		return kind, true
	}
	kind, ok := kindWords[strings.ToLower(word)]
	return kind, ok
}

// outcomeImporter makes outcomes of rows.
type outcomeImporter struct {
	importer
	sheet   sheet
	columns []tableColumn
}

// ImportOutcomes makes a draft of a table of outcomes, a workbook or CSV: our own template, or columns pasted from elsewhere. The
// heads are found by their words, in any order, below whatever stands above them; one of them is the outcome's statement. A
// head may name its language, as in "Statement (de)"; texts of a column that names none are in the assumed one. Several
// criteria or skills stand on lines of their own. What is in other columns is reported.
//
// Errors are INVALID and name the sheet, the row and the column as far as there is one.
func ImportOutcomes(file []byte, assumed governance.LanguageTag) (Import, error) {
	sheets, err := readSheets(file, isOutcomeHead)
	if err != nil {
		return Import{}, err
	}
	for _, sheet := range sheets {
		i := &outcomeImporter{importer: newImporter(&vocabulary{}), sheet: sheet}
		i.primary = assumed
		headed := i.findHeads()
		if headed < 0 {
			continue
		}
		for _, row := range sheet.rows[headed+1:] {
			if err := i.row(row); err != nil {
				return Import{}, err
			}
		}
		return i.finish(treeNode{})
	}
	return Import{}, governance.Invalid("", "heads-missing", "No row has the heads of a table of outcomes: at least {head} is needed, beside any of {heads}.",
		"head", string(columnStatement), "heads", "ID, Kind, EQF level, Criteria, ESCO skills")
}

// findHeads finds the row of the heads; -1 where there is none.
func (i *outcomeImporter) findHeads() int {
	for at, row := range i.sheet.rows[:min(len(i.sheet.rows), maxPreface)] {
		var columns []tableColumn
		stated := false
		for _, cell := range row.cells {
			column, known := outcomeColumnOf(cell)
			if known && slices.ContainsFunc(columns, func(c tableColumn) bool { return c.column == column.column && c.language == column.language }) {
				column.column = "" // a second one of the same: the first counts
			}
			stated = stated || column.column == columnStatement
			columns = append(columns, column)
		}
		if stated {
			i.columns = columns
			return at
		}
	}
	return -1
}

// row makes an outcome of a row.
func (i *outcomeImporter) row(row sheetRow) error {
	if len(i.document.Outcomes) == governance.MaxOutcomes {
		return i.sheet.refuse(cellPlace{row: row.number}, "too-many-outcomes", "{place}: a document has {most} outcomes at most.",
			"most", strconv.Itoa(governance.MaxOutcomes))
	}
	outcome := governance.LearningOutcome{}
	criteria, names := map[string][]string{}, map[string][]string{}
	for at, cell := range row.cells {
		if cell == "" {
			continue
		}
		if at >= len(i.columns) {
			i.cell(row, columnLetters(at), cell, "no-place")
			continue
		}
		column := i.columns[at]
		switch column.column {
		case columnID:
			outcome.ID = i.id(row, column, cell)
		case columnKind:
			outcome.Kind = i.kind(row, column, cell)
		case columnLevel:
			outcome.EQFLevel = i.level(row, column, cell)
		case columnStatement:
			outcome.Statement = withWords(outcome.Statement, i.language(column), cell)
		case columnCriteria:
			criteria[i.language(column)] = strings.Split(cell, "\n")
		case columnSkills:
			outcome.Skills = i.skills(row, column, cell)
		case columnSkillNames:
			names[i.language(column)] = strings.Split(cell, "\n")
		default:
			i.cell(row, column.head, cell, "no-place")
		}
	}
	if outcome.ID == "" {
		outcome.ID = i.nextID()
	}
	outcome.Criteria = criteriaOf(criteria)
	i.name(outcome.Skills, names)
	i.document.Outcomes = append(i.document.Outcomes, outcome)
	return nil
}

// cell reports what a cell says that the draft does not have.
func (i *outcomeImporter) cell(row sheetRow, head, words, reason string, pairs ...string) {
	loss := lossOf(i.sheet.path(row.number, head), head, reason, pairs...)
	if loss.Kind == LossLeftOut {
		loss.Text = governance.Text{string(i.fallbackLanguage()): words}
	}
	i.record(loss)
}

// language is that of a column; the assumed one is said once.
func (i *outcomeImporter) language(column tableColumn) string {
	if column.language != "" {
		return string(column.language)
	}
	path := i.sheet.path(0, column.head)
	if !slices.ContainsFunc(i.report, func(l Loss) bool { return l.Path == path }) {
		i.record(lossOf(path, column.head, "language-assumed", "language", string(i.fallbackLanguage())))
	}
	return string(i.fallbackLanguage())
}

func withWords(text governance.Text, language, words string) governance.Text {
	if text == nil {
		text = governance.Text{}
	}
	text[language] = words
	return text
}

func (i *outcomeImporter) hasID(id governance.ElementID) bool {
	return slices.ContainsFunc(i.document.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == id })
}

func (i *outcomeImporter) nextID() governance.ElementID {
	for number := len(i.document.Outcomes) + 1; ; number++ {
		if id := governance.ElementID("outcome-" + strconv.Itoa(number)); !i.hasID(id) {
			return id
		}
	}
}

func (i *outcomeImporter) id(row sheetRow, column tableColumn, word string) governance.ElementID {
	if id := governance.ElementID(word); elementIDForm.MatchString(word) && !i.hasID(id) {
		return id
	}
	id := i.nextID()
	i.cell(row, column.head, word, "not-an-id", "value", word, "id", string(id))
	return id
}

func (i *outcomeImporter) kind(row sheetRow, column tableColumn, word string) governance.OutcomeKind {
	kind, known := kindOf(word)
	if !known {
		i.cell(row, column.head, word, "unknown-code", "code", word)
	}
	return kind
}

func (i *outcomeImporter) level(row sheetRow, column tableColumn, word string) int {
	digits := strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(word), "EQF"))
	level, err := strconv.Atoi(strings.TrimPrefix(digits, "LEVEL "))
	if err != nil || level < 1 || level > 8 {
		i.cell(row, column.head, word, "unknown-code", "code", word)
		return 0
	}
	return level
}

// skills reads addresses of skills, one a line or separated by semicolons or spaces.
func (i *outcomeImporter) skills(row sheetRow, column tableColumn, cell string) []governance.Concept {
	var skills []governance.Concept
	for _, word := range strings.FieldsFunc(cell, func(c rune) bool { return c == '\n' || c == ';' || c == ' ' || c == '|' }) {
		uri := governance.URI(word)
		if !strings.HasPrefix(word, escoSkills) || !uri.Valid() {
			i.cell(row, column.head, word, "unknown-code", "code", word)
			continue
		}
		skills = addConcept(skills, governance.Concept{ID: uri})
	}
	return skills
}

// name gives skills their names where a cell has as many lines as there are skills; names are for readers only.
func (i *outcomeImporter) name(skills []governance.Concept, names map[string][]string) {
	for language, said := range names {
		if len(said) != len(skills) {
			continue
		}
		for at, name := range said {
			if name = strings.TrimSpace(name); name != "" && name != noWords {
				skills[at].Label = withWords(skills[at].Label, language, name)
			}
		}
	}
}

// criteriaOf makes criteria of lines: the first of each language is the first criterion, and so on.
func criteriaOf(byLanguage map[string][]string) []governance.Criterion {
	var criteria []governance.Criterion
	for language, said := range byLanguage {
		for at, words := range said {
			for len(criteria) <= at {
				criteria = append(criteria, governance.Criterion{ID: governance.ElementID("criterion-" + strconv.Itoa(len(criteria)+1))})
			}
			if words = strings.TrimSpace(words); words != "" && words != noWords {
				criteria[at].Statement = withWords(criteria[at].Statement, language, words)
			}
		}
	}
	return slices.DeleteFunc(criteria, func(c governance.Criterion) bool { return len(c.Statement) == 0 })
}
