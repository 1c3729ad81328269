package exchange_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

const (
	escoWelding = "http://data.europa.eu/esco/skill/welding"
	escoOld     = "http://data.europa.eu/esco/skill/old"
	escoWelder  = "http://data.europa.eu/esco/occupation/welder"
	escoGroup   = "http://data.europa.eu/esco/skill/S1"
)

// portal is a folder as ESCO's portal packs it, one folder a language.
func portal() fstest.MapFS {
	file := func(lines ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n") + "\n")}
	}
	const skills = "conceptType,conceptUri,skillType,preferredLabel,altLabels,status"
	return fstest.MapFS{
		"en/skills_en.csv": file("\ufeff"+skills,
			"KnowledgeSkillCompetence,"+escoWelding+",skill/competence,weld metal,\"join  metal\nweld steel | weld metal\",released",
			"KnowledgeSkillCompetence,"+escoOld+",knowledge,riveting,,obsolete"),
		"fr/skills_fr.csv": file(skills,
			"KnowledgeSkillCompetence,"+escoWelding+",skill/competence,souder du me\u0301tal,,released"),
		"en/skillGroups_en.csv": file("conceptType,conceptUri,preferredLabel,code", "SkillGroup,"+escoGroup+",making,S1"),
		"en/occupations_en.csv": file("conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,code",
			"Occupation,"+escoWelder+",7212,welder,,released,7212.3"),
		"en/broaderRelationsSkillPillar_en.csv": file("conceptType,conceptUri,broaderType,broaderUri",
			"KnowledgeSkillCompetence,"+escoWelding+",SkillGroup,"+escoGroup,
			"KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/elsewhere,SkillGroup,"+escoGroup),
		"en/researchOccupationsCollection_en.csv": file("nothing,that,is,read"),
	}
}

func TestReadESCO(t *testing.T) {
	var told []string
	read, err := exchange.ReadESCO(portal(), "1.2.0", func(file string) { told = append(told, file) })
	require.NoError(t, err)
	assert.Equal(t, []string{"en/occupations_en.csv", "en/skillGroups_en.csv", "en/skills_en.csv", "fr/skills_fr.csv",
		"en/broaderRelationsSkillPillar_en.csv"}, told)
	assert.Equal(t, []governance.Vocabulary{
		{Scheme: governance.SchemeESCOSkill, Version: "1.2.0", Terms: []governance.Term{
			{URI: escoGroup, Kind: governance.TermSkillGroup, Code: "S1", Labels: map[string][]string{"en": {"making"}}},
			{URI: escoWelding, Kind: "skill/competence", Broader: []governance.URI{escoGroup}, Labels: map[string][]string{
				"en": {"weld metal", "join metal", "weld steel"}, "fr": {"souder du métal"},
			}},
			{URI: escoOld, Kind: "knowledge", Labels: map[string][]string{"en": {"riveting"}}, Obsolete: true},
		}},
		{Scheme: governance.SchemeESCOOccupation, Version: "1.2.0", Terms: []governance.Term{
			{URI: escoWelder, Code: "7212.3", Broader: []governance.URI{"http://data.europa.eu/esco/isco/C7212"},
				Labels: map[string][]string{"en": {"welder"}}},
		}},
	}, read)
}

func TestReadESCOSaysWhatIsWrongWhere(t *testing.T) {
	const head = "conceptUri,preferredLabel\n"
	for name, test := range map[string]struct{ file, content, says string }{
		"no file of the portal":       {"other.csv", "a,b\n", "skills_en.csv"},
		"an empty file":               {"skills_en.csv", "", "skills_en.csv, line 1: the file is empty"},
		"a column is missing":         {"skills_en.csv", "conceptUri,label\n", "line 1: there is no column preferredLabel"},
		"a cell is no URI":            {"skills_en.csv", head + "http://a/b,x\nwelding,weld\n", "skills_en.csv, line 3, conceptUri: “welding” is not a URI"},
		"a label is missing":          {"skills_en.csv", head + "http://a/b,\n", "line 2, preferredLabel: it is empty"},
		"a row has too few cells":     {"skills_en.csv", head + "http://a/b\n", "line 2: wrong number of fields"},
		"a quote is left open":        {"skills_en.csv", head + "http://a/b,\"x\n", "line 2"},
		"what is not UTF-8":           {"skills_en.csv", head + "http://a/b,\xff\n", "line 2, preferredLabel: it is not text"},
		"a language that is none":     {"skills_xxxx-yy.csv", head, "is not a language"},
		"a file that is too large":    {"skills_en.csv", head + "http://a/b," + strings.Repeat("x", exchange.MaxImportBytes), "more than 52428800 bytes"},
		"a relation without its head": {"broaderRelationsSkillPillar.csv", "a,b\n", "no column conceptUri"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := portal()
			if test.file == "other.csv" {
				folder = fstest.MapFS{}
			}
			folder[test.file] = &fstest.MapFile{Data: []byte(test.content)}
			_, err := exchange.ReadESCO(folder, "1", func(string) {})
			assert.ErrorContains(t, err, test.says)
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		})
	}
}

func TestESCOVersion(t *testing.T) {
	assert.Equal(t, "1.2.0", exchange.ESCOVersion("ESCO dataset - v1.2.0 - classification - en - csv"))
	assert.Empty(t, exchange.ESCOVersion("esco"))
}

// fields are two concepts and their scheme in each of the forms in which vocabularies are published.
var fields = map[string]string{
	"fields.rdf": `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:owl="http://www.w3.org/2002/07/owl#">
  <skos:ConceptScheme rdf:about="http://data.europa.eu/snb/isced-f/25831c2"><owl:versionInfo>2013</owl:versionInfo><skos:prefLabel xml:lang="en">Fields</skos:prefLabel></skos:ConceptScheme>
  <rdf:Description rdf:about="http://data.europa.eu/snb/isced-f/0713">
    <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/>
    <skos:prefLabel xml:lang="en">Electricity and energy</skos:prefLabel>
    <skos:prefLabel xml:lang="de">Elektrizität
      und Energie</skos:prefLabel>
    <skos:altLabel xml:lang="en">Power</skos:altLabel>
    <skos:notation>0713</skos:notation>
    <skos:broader><skos:Concept rdf:about="http://data.europa.eu/snb/isced-f/071"/></skos:broader>
    <skos:note rdf:parseType="Literal"><b>not read</b></skos:note>
  </rdf:Description>
  <skos:Concept rdf:about="http://data.europa.eu/snb/isced-f/071" xml:lang="en"><skos:prefLabel>Engineering</skos:prefLabel><owl:deprecated>true</owl:deprecated></skos:Concept>
</rdf:RDF>`,
	"fields.ttl": `# fields
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
PREFIX f: <http://data.europa.eu/snb/isced-f/>
@base <http://data.europa.eu/snb/isced-f/> .
<25831c2> a skos:ConceptScheme ; <http://www.w3.org/2002/07/owl#versionInfo> '2013' ; skos:prefLabel "Fields"@en .
f:0713 a skos:Concept ;
  skos:prefLabel "Electricity and energy"@en, """Elektrizit\u00E4t
 und Energie"""@de ; skos:altLabel 'Power'@en ;
  skos:notation "0713"^^<http://www.w3.org/2001/XMLSchema#string> ;; skos:broader f:071 ;
  skos:note [ skos:prefLabel "not read"@en ; skos:member (f:071 "x" 7.5 [] false) ] .
<071> a skos:Concept; skos:prefLabel "Engineering"; <http://www.w3.org/2002/07/owl#deprecated> true.
[] skos:prefLabel "of nobody" .
[ skos:prefLabel "of nobody either" ] .`,
	"fields.csv": "uri;label_en;label_de;altLabels_en;code;broader;obsolete\n" +
		"http://data.europa.eu/snb/isced-f/0713;Electricity and energy;Elektrizität und Energie;Power;0713;http://data.europa.eu/snb/isced-f/071;\n" +
		"http://data.europa.eu/snb/isced-f/071;Engineering;;;;;true\n",
}

func TestReadVocabularyReadsEveryForm(t *testing.T) {
	want := []governance.Term{
		{URI: "http://data.europa.eu/snb/isced-f/071", Labels: map[string][]string{"en": {"Engineering"}}, Obsolete: true},
		{URI: "http://data.europa.eu/snb/isced-f/0713", Code: "0713", Broader: []governance.URI{"http://data.europa.eu/snb/isced-f/071"},
			Labels: map[string][]string{"en": {"Electricity and energy", "Power"}, "de": {"Elektrizität und Energie"}}},
	}
	for name, content := range fields {
		t.Run(name, func(t *testing.T) {
			v, err := exchange.ReadVocabulary(strings.NewReader(content), name, governance.SchemeISCEDF)
			require.NoError(t, err)
			assert.ElementsMatch(t, want, v.Terms)
			assert.Equal(t, map[bool]string{true: "", false: "2013"}[name == "fields.csv"], v.Version)
			_, err = exchange.ReadVocabulary(strings.NewReader(content), name, governance.SchemeNQF)
			assert.ErrorContains(t, err, "are not of NQF")
		})
	}
	v, err := exchange.ReadVocabulary(strings.NewReader("Order,Level,Code,Parent,Description\n1,2,43,F,Specialised construction\n2,4,43.22,43,Plumbing\n"),
		"nace.csv", governance.SchemeNACE)
	require.NoError(t, err)
	assert.Equal(t, governance.Term{URI: "http://data.europa.eu/ux2/nace2/4322", Code: "43.22",
		Broader: []governance.URI{"http://data.europa.eu/ux2/nace2/43"}, Labels: map[string][]string{"en": {"Plumbing"}}}, v.Terms[1])
}

func TestReadVocabularyReadsThoseOfTheStandards(t *testing.T) {
	folder := filepath.Join(sharedDir(t), "standards")
	for name, test := range map[string]struct {
		scheme governance.Scheme
		count  int
	}{
		"elm/xsd/cv/isced-f.xsd":                            {governance.SchemeISCEDF, 220},
		"elm/xsd/cv/nqf.xsd":                                {governance.SchemeNQF, 424},
		"elm/xsd/cv/europass-learning-assessment-types.xsd": {governance.SchemeAssessmentType, 14},
		"elm/xsd/cv/europass-target-groups.xsd":             {governance.SchemeTargetGroup, 20},
		"vocab/nace_rev2.csv":                               {governance.SchemeNACE, 996},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := os.Open(filepath.Join(folder, name))
			require.NoError(t, err)
			defer file.Close()
			v, err := exchange.ReadVocabulary(file, name, test.scheme)
			require.NoError(t, err)
			assert.Len(t, v.Terms, test.count)
			for _, term := range v.Terms {
				assert.NotEmpty(t, term.Labels["en"], term.URI)
			}
		})
	}
	file, err := os.Open(filepath.Join(folder, "elm", "ontology", "ELM.ttl"))
	require.NoError(t, err)
	defer file.Close()
	_, err = exchange.ReadVocabulary(file, "ELM.ttl", governance.SchemeNACE)
	assert.ErrorContains(t, err, "no term", "all of it is read, and none of it is a concept")
}

func TestReadVocabularySaysWhatIsWrongWhere(t *testing.T) {
	const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n"
	for name, test := range map[string]struct{ file, content, says string }{
		"an unknown form":             {"a.doc", "", "none of"},
		"nothing in it":               {"a.ttl", "", "no term"},
		"RDF/XML cut off":             {"a.rdf", rdf + "<a:b xmlns:a='http://a/'>", "a.rdf, line 2"},
		"XML of another kind":         {"a.xml", "<html><p/></html>", "is not RDF/XML"},
		"RDF/XML nested too deeply":   {"a.rdf", rdf + strings.Repeat("<a:b xmlns:a='http://a/'><a:c>", 200), "too deeply"},
		"an undeclared prefix":        {"a.ttl", "\nx:a x:b x:c .", "a.ttl, line 2: the prefix x: is not declared"},
		"a literal left open":         {"a.ttl", "<a> <b> \"x\n", "line 1: a literal does not end"},
		"a long literal left open":    {"a.ttl", "<a> <b> \"\"\"x\\", "a literal does not end"},
		"a statement without its end": {"a.ttl", "<a> <b> <c>", "“.” is missing"},
		"an IRI left open":            {"a.ttl", "<a> <b> <c .", "an IRI does not end"},
		"an unknown escape":           {"a.ttl", `<a> <b> "\z" .`, "is no character"},
		"a literal for a subject":     {"a.ttl", `"a" <b> <c> .`, "cannot be a subject"},
		"a collection left open":      {"a.ttl", `<a> <b> (<c> `, "a collection does not end"},
		"Turtle nested too deeply":    {"a.ttl", "<a> <b> " + strings.Repeat("[ <b> ", 200), "too deeply"},
		"an enumeration of words":     {"a.xsd", `<xs:schema xmlns:xs="x"><xs:enumeration value="x"/></xs:schema>`, "a.xsd, line 1, value"},
		"an unknown table":            {"a.csv", "a,b\n", "neither a column uri nor"},
		"a level that is none":        {"a.csv", "uri,eqf\nhttp://a/b,9\n", "a.csv, line 2, eqf"},
		"a column in no language":     {"a.csv", "uri,label_english-x-\nhttp://a/b,9\n", "is not a language"},
		"a code that is none":         {"a.csv", "Code,Parent,Description\na b,,x\n", "line 2, Code"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ReadVocabulary(strings.NewReader(test.content), test.file, governance.SchemeNACE)
			assert.ErrorContains(t, err, test.says)
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		})
	}
}

func FuzzReadVocabulary(f *testing.F) {
	for name, content := range fields {
		f.Add(name, content)
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		_, err := exchange.ReadVocabulary(strings.NewReader(content), name, governance.SchemeISCEDF)
		if err != nil {
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), err.Error())
		}
	})
}
