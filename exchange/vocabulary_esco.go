package exchange

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"concordat/governance"
)

// The files of ESCO's portal, as of version 1.0 to 1.2: of each kind one a language, and the relations once or in each.
var (
	escoTermFile     = regexp.MustCompile(`^(skills|occupations|skillGroups|ISCOGroups)_([A-Za-z-]{2,7})\.csv$`)
	escoRelationFile = regexp.MustCompile(`^broaderRelations(Skill|Occ)Pillar(_[A-Za-z-]{2,7})?\.csv$`)
	escoVersion      = regexp.MustCompile(`v?([0-9]+\.[0-9]+(\.[0-9]+)?)`)
)

// escoFile is a file of the portal and what it is about.
type escoFile struct {
	path     string
	terms    string // "skills", "occupations", "skillGroups", "ISCOGroups"; "" of relations
	language string // of terms
	scheme   governance.Scheme
}

// ESCOVersion answers the version that the name of a folder of the portal's files tells; "" where it tells none.
func ESCOVersion(folder string) string {
	if found := escoVersion.FindStringSubmatch(folder); found != nil {
		return found[1]
	}
	return ""
}

// ReadESCO reads the CSV files of ESCO's portal that lie in a folder and in those in it, in every language that is there:
// skills and occupations, with their groups and what belongs to what. Told is told of each file that is read. INVALID names
// file, line and column; a folder without the files is INVALID too.
func ReadESCO(folder fs.FS, version string, told func(file string)) ([]governance.Vocabulary, error) {
	files, err := escoFiles(folder)
	if err != nil {
		return nil, err
	}
	readers := map[governance.Scheme]*vocabularyReader{governance.SchemeESCOSkill: {}, governance.SchemeESCOOccupation: {}}
	for _, f := range files {
		told(f.path)
		if err := f.read(folder, readers[f.scheme]); err != nil {
			return nil, err
		}
	}
	var read []governance.Vocabulary
	for _, scheme := range []governance.Scheme{governance.SchemeESCOSkill, governance.SchemeESCOOccupation} {
		if v := readers[scheme].vocabulary(scheme, version); len(v.Terms) > 0 {
			read = append(read, v)
		}
	}
	return read, nil
}

// escoFiles lists the portal's files, terms before relations.
func escoFiles(folder fs.FS) ([]escoFile, error) {
	var files, relations []escoFile
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		f := escoFile{path: name, scheme: governance.SchemeESCOSkill}
		if found := escoTermFile.FindStringSubmatch(path.Base(name)); found != nil {
			f.terms, f.language = found[1], languageTag(found[2])
			if f.language == "" {
				return vocabularyError(name, 0, "", "“"+found[2]+"” is not a language")
			}
			if f.terms == "occupations" || f.terms == "ISCOGroups" {
				f.scheme = governance.SchemeESCOOccupation
			}
			files = append(files, f)
		} else if found := escoRelationFile.FindStringSubmatch(path.Base(name)); found != nil {
			if found[1] == "Occ" {
				f.scheme = governance.SchemeESCOOccupation
			}
			relations = append(relations, f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(files, func(f escoFile) bool { return f.terms == "skills" || f.terms == "occupations" }) {
		return nil, governance.Invalid("", "esco-files", "There is no file of ESCO's portal in the folder, such as skills_en.csv or occupations_en.csv.")
	}
	return append(files, relations...), nil
}

func (f escoFile) read(folder fs.FS, into *vocabularyReader) (err error) {
	file, err := folder.Open(f.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	required, row := []string{"conceptUri", "broaderUri"}, readRelation
	if f.terms != "" {
		required, row = []string{"conceptUri", "preferredLabel"}, f.readTerm
	}
	table, err := openTable(file, f.path, required...)
	if err != nil {
		return err
	}
	for {
		more, err := table.next()
		if err != nil || !more {
			return err
		}
		if err := row(table, into); err != nil {
			return err
		}
	}
}

// readTerm reads a row of skills, occupations or their groups.
func (f escoFile) readTerm(table *vocabularyTable, into *vocabularyReader) error {
	uri, err := table.uri("conceptUri")
	if err != nil {
		return err
	}
	preferred := table.cell("preferredLabel")
	if preferred == "" {
		return vocabularyError(table.file, table.line, "preferredLabel", "it is empty")
	}
	t := into.term(uri)
	switch f.terms {
	case "skills":
		t.Kind = table.cell("skillType")
	case "skillGroups":
		t.Kind = governance.TermSkillGroup
	case "ISCOGroups":
		t.Kind = governance.TermOccupationGroup
	}
	if code := table.cell("code"); code != "" {
		t.Code = code
	}
	t.Obsolete = t.Obsolete || table.cell("status") == "obsolete"
	labels(t, f.language, preferred, escoLabels(table.cell("altLabels"))...)
	if group := table.cell("iscoGroup"); group != "" && f.terms == "occupations" {
		t.Broader = append(t.Broader, governance.URI(fmt.Sprintf("http://data.europa.eu/esco/isco/C%s", group)))
	}
	return nil
}

// escoLabels parts labels that stand in one cell, on lines of their own or between bars.
func escoLabels(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return r == '\n' || r == '|' })
}

// readRelation reads what a term belongs to. One of a term that no file has is passed over: the portal's relations name the
// whole of ESCO, whichever languages are at hand.
func readRelation(table *vocabularyTable, into *vocabularyReader) error {
	uri, err := table.uri("conceptUri")
	if err != nil {
		return err
	}
	broader, err := table.uri("broaderUri")
	if err != nil {
		return err
	}
	if t := into.terms[uri]; t != nil {
		t.Broader = append(t.Broader, broader)
	}
	return nil
}
