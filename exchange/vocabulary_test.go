package exchange_test

import (
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
