package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
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

// awkward is a document whose outcomes say what careless tables lose.
func awkward() governance.Document {
	d := sample.Document()
	d.Outcomes[0].Statement["en"] = "=1+1; \"so\",\n and\ton"
	d.Outcomes[0].Criteria = []governance.Criterion{
		{ID: "a", Statement: governance.Text{"de": "-nur deutsch"}},
		{ID: "b", Statement: governance.Text{"en": "two\nlines", "de": "eine"}},
	}
	return d
}

func TestOutcomesComeBackFromATable(t *testing.T) {
	for name, write := range map[string]func(exchange.Published) (exchange.Export, error){
		"CSV": exchange.ExportOutcomesCSV, "XLSX": exchange.ExportOutcomesXLSX,
	} {
		t.Run(name, func(t *testing.T) {
			p := publish(t, awkward(), nil)
			exported, err := write(p)
			require.NoError(t, err)
			imported, err := exchange.ImportOutcomes(exported.Bytes, "en")
			require.NoError(t, err)
			want := awkward()
			want.Outcomes[0].Criteria[1].Statement["en"] = "two lines"
			for o := range want.Outcomes {
				for c := range want.Outcomes[o].Criteria { // their ids are not in the table
					want.Outcomes[o].Criteria[c].ID = governance.ElementID(fmt.Sprintf("criterion-%d", c+1))
				}
			}
			assert.Equal(t, want.Outcomes, imported.Document.Outcomes)
			assert.ElementsMatch(t, want.Languages, imported.Document.Languages)
			found := reasons(exported.Report)
			assert.Equal(t, []string{"/outcomes/types/criteria/b/statement/en"}, found["line-breaks-removed"])
			assert.Len(t, found["criterion-ids"], 1)
			assert.Contains(t, found["no-place-there"], "/title")
			assert.NotContains(t, found["no-place-there"], "/outcomes")
			for range 8 {
				again, err := write(p)
				require.NoError(t, err)
				assert.True(t, bytes.Equal(exported.Bytes, again.Bytes), "the same publication gives the same bytes")
			}
		})
	}
}

func TestTheTemplateIsReadAsAnEmptyTable(t *testing.T) {
	template, err := exchange.OutcomesTemplate("en", "lt")
	require.NoError(t, err)
	imported, err := exchange.ImportOutcomes(template, "en")
	require.NoError(t, err)
	assert.Empty(t, imported.Document.Outcomes)

	book, err := excelize.OpenReader(bytes.NewReader(template))
	require.NoError(t, err)
	require.NoError(t, book.SetSheetRow("Outcomes", "A2", &[]any{"", "skill", "", "Welds a seam.", "Suvirina siūlę.", "It holds.\nIt is tight.", "Laiko."}))
	var filled bytes.Buffer
	require.NoError(t, book.Write(&filled))
	imported, err = exchange.ImportOutcomes(filled.Bytes(), "en")
	require.NoError(t, err)
	assert.Equal(t, []governance.LearningOutcome{{ID: "outcome-1", Kind: governance.OutcomeSkill,
		Statement: governance.Text{"en": "Welds a seam.", "lt": "Suvirina siūlę."},
		Criteria: []governance.Criterion{
			{ID: "criterion-1", Statement: governance.Text{"en": "It holds.", "lt": "Laiko."}}, {ID: "criterion-2", Statement: governance.Text{"en": "It is tight."}},
		}}}, imported.Document.Outcomes)
}

func TestATemplateIsMadeForLanguagesThatADocumentCanHave(t *testing.T) {
	_, err := exchange.OutcomesTemplate("en", "nonsense tag")
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
	_, err = exchange.OutcomesTemplate()
	assertRefused(t, err, "no-language", "/languages")
}

func TestPastedColumnsAreFoundInAnyOrder(t *testing.T) {
	pasted := "Our skills framework\t\t\t\t\n\nLevel\tRemarks\tLearning outcome\tNo.\tType\n" +
		"EQF 4\tsee annex\tWelds a seam.\tw 1\tSkills\n9\t\tNames the gases.\tg1\tMagic\n\t\tAnd again.\tg1\t\textra\n"
	imported, err := exchange.ImportOutcomes([]byte(pasted), "en")
	require.NoError(t, err)
	assert.Equal(t, []governance.LearningOutcome{
		{ID: "outcome-1", Kind: governance.OutcomeSkill, EQFLevel: 4, Statement: governance.Text{"en": "Welds a seam."}},
		{ID: "g1", Statement: governance.Text{"en": "Names the gases."}},
		{ID: "outcome-3", Statement: governance.Text{"en": "And again."}},
	}, imported.Document.Outcomes)
	assert.Equal(t, map[string][]string{
		"no-place": {"/4/Remarks", "/6/F"}, "not-an-id": {"/4/No.", "/6/No."}, "unknown-code": {"/5/Level", "/5/Type"},
		"language-assumed": {"/0/Learning outcome"},
	}, reasons(imported.Report))
}

func TestTablesThatCannotBeReadNameRowAndColumn(t *testing.T) {
	long := strings.Repeat("x", governance.MaxTextCharacters+1)
	for name, test := range map[string]struct {
		file                []byte
		reason, row, column string
	}{
		"no heads":            {[]byte("a,b\nc,d\n"), "heads-missing", "", ""},
		"not UTF-8":           {[]byte("Statement\n\xff\n"), "table-unreadable", "", ""},
		"half a workbook":     {[]byte("PK\x03\x04rest"), "workbook-unreadable", "", ""},
		"a cell too long":     {[]byte("ID,Statement\na,b\nc," + long + "\n"), "cell-too-long", "3", "B"},
		"a control character": {[]byte("ID,Statement\na,b\x07\n"), "cell-malformed", "2", "B"},
		"too many outcomes":   {[]byte("Statement\n" + strings.Repeat("Does it.\n", governance.MaxOutcomes+1)), "too-many-outcomes", "302", "A"},
		"too many rows":       {[]byte("Statement\n" + strings.Repeat("x\n", exchange.MaxSheetRows)), "too-many-rows", "10001", "A"},
		"a line in a text":    {[]byte("ID,Statement\na,\"two\nlines\"\nb,\x07\n"), "cell-malformed", "4", "B"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ImportOutcomes(test.file, "en")
			assertRefused(t, err, test.reason, "")
			params := err.(*governance.Error).Params
			assert.Equal(t, test.row, params["row"])
			assert.Equal(t, test.column, params["column"])
		})
	}
}

// workbookWith is a ZIP archive with a part of so many zero bytes, which claims to have claimed bytes.
func workbookWith(t testing.TB, size int, claimed uint32) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	part, err := w.Create("xl/workbook.xml")
	require.NoError(t, err)
	_, err = part.Write(make([]byte, size))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	file := out.Bytes()
	if claimed > 0 {
		directory := bytes.LastIndex(file, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(file[directory+24:], claimed)
	}
	return file
}

func TestWorkbooksThatSwellAreRefused(t *testing.T) {
	_, err := exchange.ImportOutcomes(workbookWith(t, 5<<20, 0), "en")
	assertRefused(t, err, "workbook-swells", "")
	_, err = exchange.ImportOutcomes(workbookWith(t, 65<<20, 0), "en")
	assertRefused(t, err, "workbook-too-large", "")
	_, err = exchange.ImportOutcomes(workbookWith(t, 65<<20, 10), "en")
	require.Error(t, err, "it says that it has ten bytes")
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
	_, err = exchange.ImportOutcomes(make([]byte, exchange.MaxImportBytes+1), "en")
	assertRefused(t, err, "too-large", "")
}

const rsdCSV = `Canonical URL,RSD Name,Author,Skill Statement,Category,Keywords,O*Net Job Codes,Alignment Name,Alignment URL,Alignment Framework,Alignment 2 Name,Alignment 2 URL
https://osmt.example/api/skills/1,Seam Welding,OSMT,Weld a seam in position PF.,Welding,MAG; TIG,51-4121.00,weld; other,http://data.europa.eu/esco/skill/a; https://skills.example/2,ESCO,braze,http://data.europa.eu/esco/skill/b
,Gas Names,OSMT,"Name the gases,
all of them.",,,,a name alone,,,,
`

func TestRichSkillDescriptorsBecomeOutcomes(t *testing.T) {
	imported, err := exchange.ImportRSD([]byte(rsdCSV), "en")
	require.NoError(t, err)
	assert.Equal(t, []governance.LearningOutcome{
		{ID: "outcome-1", Kind: governance.OutcomeSkill, Statement: governance.Text{"en": "Weld a seam in position PF."},
			Skills: []governance.Concept{
				{ID: "http://data.europa.eu/esco/skill/a", Label: governance.Text{"en": "weld"}},
				{ID: "http://data.europa.eu/esco/skill/b", Label: governance.Text{"en": "braze"}},
			}},
		{ID: "outcome-2", Kind: governance.OutcomeSkill, Statement: governance.Text{"en": "Name the gases,\nall of them."}},
	}, imported.Document.Outcomes)
	assert.Equal(t, map[string][]string{
		"language-assumed": {"/0/Skill Statement"},
		"no-place": {"/2/Alignment Framework", "/2/Alignment URL", "/2/Author", "/2/Canonical URL", "/2/Category", "/2/Keywords", "/2/O*Net Job Codes",
			"/2/RSD Name", "/3/Alignment Name", "/3/Author", "/3/RSD Name"},
	}, reasons(imported.Report))
	assert.Equal(t, governance.Text{"en": "other https://skills.example/2"}, imported.Report[2].Text)
}

func TestDescriptorsThatCannotBeReadNameRowAndColumn(t *testing.T) {
	_, err := exchange.ImportRSD([]byte("RSD Name;Keywords;Skill Statement\nx;y;z\n\na;b;\n"), "en")
	assertRefused(t, err, "statement-missing", "")
	assert.Equal(t, "4", err.(*governance.Error).Params["row"])
	assert.Equal(t, "C", err.(*governance.Error).Params["column"])
	_, err = exchange.ImportRSD([]byte("Name,Statement\nx,y\n"), "en")
	assertRefused(t, err, "heads-missing", "")
}
