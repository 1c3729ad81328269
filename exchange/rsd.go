package exchange

import (
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// rsdHeads are the columns of the Open Skills Management Tool, as its batch import and its export name them. Lists in a cell
// are separated by semicolons; further alignments have a number after the word.
var rsdHeads = []string{
	"canonical url", "rsd name", "authors", "author", "skill statement", "categories", "category", "keywords", "standards", "certifications",
	"occupation major groups", "occupation minor groups", "broad occupations", "detailed occupations", "o*net job codes", "employers",
	"alignment name", "alignment url", "alignment framework",
}

// rsdHead is the name of a column without case and without the number of an alignment: Alignment 2 URL is alignment url.
func rsdHead(head string) string {
	fields := strings.Fields(strings.ToLower(head))
	if len(fields) == 3 && fields[0] == "alignment" {
		if _, err := strconv.Atoi(fields[1]); err == nil {
			fields = slices.Delete(fields, 1, 2)
		}
	}
	return strings.Join(fields, " ")
}

// alignmentNumber is the number in the head of an alignment's column; "" of the first.
func alignmentNumber(head string) string {
	return strings.Trim(strings.ToLower(head), "abcdefghijklmnopqrstuvwxyz* ")
}

func isRSDHead(head string) bool { return slices.Contains(rsdHeads, rsdHead(head)) }

// ImportRSD makes a draft of Rich Skill Descriptors, a CSV file (or workbook) of the Open Skills Management Tool: each descriptor
// becomes an outcome of the kind SKILL, and alignments to skills of ESCO its skills. The file names no language: its texts are
// in the assumed one. What else the descriptors say is reported cell by cell.
//
// Errors are INVALID and name the row and the column as far as there is one: no such heads, or a descriptor without a
// statement.
func ImportRSD(file []byte, assumed governance.LanguageTag) (Import, error) {
	sheets, err := readSheets(file, isRSDHead)
	if err != nil {
		return Import{}, err
	}
	for _, sheet := range sheets {
		at := slices.IndexFunc(sheet.rows[:min(len(sheet.rows), maxPreface)], func(row sheetRow) bool {
			return slices.ContainsFunc(row.cells, func(cell string) bool { return rsdHead(cell) == "skill statement" }) &&
				slices.ContainsFunc(row.cells, func(cell string) bool { return rsdHead(cell) == "rsd name" })
		})
		if at < 0 {
			continue
		}
		i := &rsdImporter{outcomeImporter: outcomeImporter{importer: newImporter(&vocabulary{}), sheet: sheet}, heads: sheet.rows[at].cells}
		i.primary = assumed
		for _, row := range sheet.rows[at+1:] {
			if err := i.descriptor(row); err != nil {
				return Import{}, err
			}
		}
		return i.finish(treeNode{})
	}
	return Import{}, governance.Invalid("", "heads-missing", "No row has the heads of Rich Skill Descriptors: {head} is needed, and {heads}.",
		"head", "RSD Name", "heads", "Skill Statement")
}

// rsdImporter makes outcomes of descriptors.
type rsdImporter struct {
	outcomeImporter
	heads []string
}

// descriptor makes an outcome of a row.
func (i *rsdImporter) descriptor(row sheetRow) error {
	if len(i.document.Outcomes) == governance.MaxOutcomes {
		return i.sheet.refuse(cellPlace{row: row.number}, "too-many-outcomes", "{place}: a document has {most} outcomes at most.",
			"most", strconv.Itoa(governance.MaxOutcomes))
	}
	outcome := governance.LearningOutcome{ID: i.nextID(), Kind: governance.OutcomeSkill}
	names, addresses := map[string]string{}, map[string]string{} // of alignments, by the number in their head
	for at, cell := range row.cells {
		head := columnLetters(at)
		if at < len(i.heads) && i.heads[at] != "" {
			head = strings.Join(strings.Fields(i.heads[at]), " ")
		}
		number := alignmentNumber(head)
		switch kind := rsdHead(head); {
		case cell == "":
		case kind == "skill statement":
			outcome.Statement = withWords(nil, i.language(tableColumn{head: head}), cell)
		case kind == "alignment name":
			names[number] = cell
		case kind == "alignment url":
			addresses[number] = cell
		default:
			i.cell(row, head, cell, "no-place")
		}
	}
	if len(outcome.Statement) == 0 {
		column := slices.IndexFunc(i.heads, func(head string) bool { return rsdHead(head) == "skill statement" })
		return i.sheet.refuse(cellPlace{row.number, column, i.heads[column]}, "statement-missing", "{place} is empty: a descriptor has a statement.")
	}
	for _, head := range i.heads {
		number := alignmentNumber(head)
		switch kind := rsdHead(head); {
		case kind == "alignment url" && addresses[number] != "":
			outcome.Skills = i.aligned(outcome.Skills, row, head, names[number], addresses[number])
		case kind == "alignment name" && names[number] != "" && addresses[number] == "":
			i.cell(row, head, names[number], "no-place")
		}
	}
	i.document.Outcomes = append(i.document.Outcomes, outcome)
	return nil
}

// aligned adds the alignments of a cell that lead to skills of ESCO; each is called what stands at its place among the names.
func (i *rsdImporter) aligned(skills []governance.Concept, row sheetRow, head, names, addresses string) []governance.Concept {
	called := strings.Split(names, ";")
	listed := strings.Split(addresses, ";")
	for at, address := range listed {
		address = strings.TrimSpace(address)
		name := ""
		if len(called) == len(listed) {
			name = strings.TrimSpace(called[at])
		}
		uri := governance.URI(address)
		if !strings.HasPrefix(address, escoSkills) || !uri.Valid() {
			i.cell(row, head, strings.TrimSpace(name+" "+address), "no-place")
			continue
		}
		concept := governance.Concept{ID: uri}
		if name != "" {
			concept.Label = governance.Text{string(i.fallbackLanguage()): name}
		}
		skills = addConcept(skills, concept)
	}
	return skills
}
