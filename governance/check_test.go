package governance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

// checkCase changes the complete sample so that exactly one rule fires, or, where fires is "", so that none does.
type checkCase struct {
	change func(*governance.Document, *governance.Profile, *governance.Codes)
	fires  string // rule
	at     string // path
}

type (
	doc     = *governance.Document
	profile = *governance.Profile
	codes   = *governance.Codes
)

var checkCases = map[string]checkCase{
	"the sample is ready": {func(doc, profile, codes) {}, "", ""},

	"a mandatory text is missing":              {func(d doc, _ profile, _ codes) { d.Title = nil }, "element-missing", "/title"},
	"a mandatory element of a list is missing": {func(d doc, _ profile, _ codes) { d.Outcomes[2].Statement = nil }, "element-missing", "/outcomes/install/statement"},
	"the hours are missing":                    {func(d doc, _ profile, _ codes) { d.Workload.Hours = "" }, "element-missing", "/workload/hours"},
	"quality assurance is missing":             {func(d doc, _ profile, _ codes) { d.QualityAssurance = nil }, "element-missing", "/qualityAssurance"},
	"the modes are missing":                    {func(d doc, _ profile, _ codes) { d.Participation = governance.Participation{} }, "element-missing", "/participation/modes"},
	"an assessment's type is missing":          {func(d doc, _ profile, _ codes) { d.Assessments[0].Type = governance.Concept{} }, "element-missing", "/assessments/written/type"},
	"a recommended element is missing":         {func(d doc, _ profile, _ codes) { d.Prerequisites = nil }, "element-recommended", "/prerequisites"},
	"an optional element is missing":           {func(d doc, _ profile, _ codes) { d.Validation = governance.Validation{} }, "", ""},
	"a council asks for more": {func(d doc, p profile, _ codes) {
		p.ID = "x"
		p.Required = append(p.Required, "/classification/occupationalStandards")
	}, "element-missing", "/classification/occupationalStandards"},
	"a mandatory text lacks a language":             {func(d doc, _ profile, _ codes) { delete(d.Title, "de") }, "language-missing", "/title/de"},
	"a text is only white space in a language":      {func(d doc, _ profile, _ codes) { d.Title["de"] = " \n" }, "language-missing", "/title/de"},
	"an optional text deep down lacks a language":   {func(d doc, _ profile, _ codes) { delete(d.Validation.Evidence[3].Note, "en") }, "language-missing", "/validation/evidence/handover/note/en"},
	"a concept's label lacks a language":            {func(d doc, _ profile, _ codes) { delete(d.Outcomes[0].Skills[0].Label, "de") }, "", ""},
	"the profile asks for a language":               {func(_ doc, p profile, _ codes) { p.Languages = []governance.LanguageTag{"fr"} }, "language-required", "/languages"},
	"the profile asks for a language that is there": {func(_ doc, p profile, _ codes) { p.Languages = []governance.LanguageTag{"de"} }, "", ""},

	"no hours at all": {func(d doc, _ profile, _ codes) {
		d.Workload = governance.Workload{Hours: "0", Credits: credits("ECTS", "0")}
		d.Participation.MinimumOnSiteHours = ""
	}, "workload-zero", "/workload/hours"},
	"the split makes less": {func(d doc, _ profile, _ codes) { d.Workload.Split[0].Hours = "31.5" }, "split-against-hours", "/workload/split"},
	"the split makes the same in decimals": {func(d doc, _ profile, _ codes) {
		d.Workload.Split[0].Hours = "31.5"
		d.Workload.Split[1].Hours = "24.50"
	}, "", ""},
	"25 hours a credit are enough":       {func(d doc, _ profile, _ codes) { d.Workload.Hours = "100"; d.Workload.Split = nil }, "", ""},
	"30 hours a credit are not too many": {func(d doc, _ profile, _ codes) { d.Workload.Hours = "120.0"; d.Workload.Split = nil }, "", ""},
	"a little under 25 hours a credit":   {func(d doc, _ profile, _ codes) { d.Workload.Hours = "99.9999"; d.Workload.Split = nil }, "hours-against-credits", "/workload/credits/ects"},
	"a little over 30 hours a credit":    {func(d doc, _ profile, _ codes) { d.Workload.Hours = "120.0001"; d.Workload.Split = nil }, "hours-against-credits", "/workload/credits/ects"},
	"half credits are exact": {func(d doc, _ profile, _ codes) {
		d.Workload = governance.Workload{Hours: "62.5", Credits: credits("ECTS", "2.5")}
	}, "", ""},
	"ECVET points have no fixed hours": {func(d doc, _ profile, _ codes) { d.Workload.Credits = credits("ECVET", "50") }, "", ""},
	"a credit system nobody knows":     {func(d doc, _ profile, _ codes) { d.Workload.Credits = credits("XCS", "1") }, "credit-system-unknown", "/workload/credits/c/system"},
	"a national credit system of the profile": {func(d doc, p profile, _ codes) {
		d.Workload.Credits = credits("XCS", "11")
		p.CreditSystems = append(p.CreditSystems, governance.CreditSystem{ID: "XCS", MinimumHours: "10", MaximumHours: "10"})
	}, "", ""},

	"an outcome that nothing assesses": {func(d doc, _ profile, _ codes) { d.Assessments[1].Proves = d.Assessments[1].Proves[:1] }, "outcome-not-assessed", "/outcomes/handover"},
	"an outcome assessed twice":        {func(d doc, _ profile, _ codes) { d.Assessments[1].Proves = append(d.Assessments[1].Proves, "types") }, "", ""},
	"an assessment that proves nothing": {func(d doc, _ profile, _ codes) {
		d.Assessments[0].Proves = append(d.Assessments[0].Proves, d.Assessments[1].Proves...)
		d.Assessments[1].Proves = nil
	}, "assessment-proves-nothing", "/assessments/practical/proves"},
	"an assessment of an unknown outcome":  {func(d doc, _ profile, _ codes) { d.Assessments[1].Proves = append(d.Assessments[1].Proves, "gone") }, "assessment-proves-unknown", "/assessments/practical/proves/gone"},
	"all assessment is attendance":         {func(d doc, _ profile, c codes) { attend(d, c, 0); attend(d, c, 1) }, "attendance-only", "/assessments"},
	"attendance beside a real examination": {func(d doc, _ profile, c codes) { attend(d, c, 0) }, "", ""},
	"an English verb of a state of mind": {func(d doc, _ profile, _ codes) {
		d.Outcomes[0].Statement["en"] = "The learner is able to understand heat pumps."
	}, "verb-not-assessable", "/outcomes/types/statement/en"},
	"a German verb at the end": {func(d doc, _ profile, _ codes) {
		d.Outcomes[0].Statement["de"] = "Die Grundlagen der Technik von Wärmepumpen im Neubau verstehen."
	}, "verb-not-assessable", "/outcomes/types/statement/de"},
	"a customer who understands": {func(d doc, _ profile, _ codes) {
		d.Outcomes[3].Statement["en"] = "Explains the plant in words that the residents understand."
	}, "", ""},

	"an outcome above the credential":       {func(d doc, _ profile, _ codes) { d.Outcomes[1].EQFLevel = 5 }, "outcome-above-level", "/outcomes/source/eqfLevel"},
	"an outcome below the credential":       {func(d doc, _ profile, _ codes) { d.Outcomes[1].EQFLevel = 3 }, "", ""},
	"an outcome without a level of its own": {func(d doc, _ profile, _ codes) { d.Outcomes[1].EQFLevel = 0 }, "", ""},
	"no outcome reaches the level":          {func(d doc, _ profile, _ codes) { lower(d) }, "level-not-reached", "/level/eqf"},
	"a cycle at another level":              {func(d doc, _ profile, _ codes) { d.Level.Cycle = governance.CycleShort }, "cycle-against-eqf", "/level/cycle"},
	"the short cycle at level 5": {func(d doc, _ profile, c codes) {
		d.Level = governance.Level{EQF: 5, Cycle: governance.CycleShort}
		d.Outcomes[0].EQFLevel = 5
	}, "", ""},
	"a national level referenced to another": {func(d doc, _ profile, c codes) {
		c.Loaded[governance.SchemeNQF][d.Level.NQF[0].URI] = governance.CodeFacts{EQF: 5}
	}, "nqf-against-eqf", "/level/nqf/dqr"},
	"a national level referenced to nothing": {func(d doc, _ profile, c codes) {
		c.Loaded[governance.SchemeNQF][d.Level.NQF[0].URI] = governance.CodeFacts{}
	}, "", ""},

	"more hours on site than hours":   {func(d doc, _ profile, _ codes) { d.Participation.MinimumOnSiteHours = "110.5" }, "on-site-above-hours", "/participation/minimumOnSiteHours"},
	"all hours on site":               {func(d doc, _ profile, _ codes) { d.Participation.MinimumOnSiteHours = "110" }, "", ""},
	"online only, with hours on site": {func(d doc, _ profile, _ codes) { d.Participation.Modes = []governance.Mode{governance.ModeOnline} }, "online-with-on-site-hours", "/participation/minimumOnSiteHours"},
	"online only, with 0 hours on site": {func(d doc, _ profile, _ codes) {
		d.Participation.Modes = []governance.Mode{governance.ModeOnline}
		d.Participation.MinimumOnSiteHours = "0"
	}, "", ""},
	"stackable into nothing": {func(d doc, _ profile, _ codes) { d.Stackability.Into = nil }, "stackable-without-target", "/stackability/into"},
	"a part of nothing": {func(d doc, _ profile, _ codes) {
		d.Stackability.Kind = governance.StackPartial
		d.Stackability.Into = nil
	}, "stackable-without-target", "/stackability/into"},
	"stand-alone, and yet a target": {func(d doc, _ profile, _ codes) { d.Stackability.Kind = governance.StackStandAlone }, "stand-alone-with-target", "/stackability/into"},
	"stand-alone": {func(d doc, _ profile, _ codes) {
		d.Stackability = governance.Stackability{Kind: governance.StackStandAlone}
	}, "", ""},
	"a target without a URI":               {func(d doc, _ profile, _ codes) { d.Stackability.Into[0].URI = "" }, "reference-without-uri", "/stackability/into/master/uri"},
	"a needed specification without a URI": {func(d doc, _ profile, _ codes) { d.Stackability.Needs = []governance.Reference{{ID: "n"}} }, "reference-without-uri", "/stackability/needs/n/uri"},
	"a needed specification with its URI": {func(d doc, _ profile, _ codes) {
		d.Stackability.Needs = []governance.Reference{{ID: "n", URI: "https://a.example"}}
	}, "", ""},
	"evidence for an outcome that is not there": {func(d doc, _ profile, _ codes) { d.Validation.Evidence[0].ID = "gone" }, "evidence-for-unknown", "/validation/evidence/gone"},
	"a credential type not allowed":             {func(_ doc, p profile, _ codes) { p.CredentialTypes = []governance.URI{"https://a.example"} }, "credential-type", "/classification/credentialType"},
	"a credential type allowed": {func(d doc, p profile, _ codes) {
		p.CredentialTypes = []governance.URI{d.Classification.CredentialType.ID}
	}, "", ""},

	"a code that does not exist":      {func(d doc, _ profile, _ codes) { d.Outcomes[0].Skills[0].ID = "http://data.europa.eu/esco/skill/none" }, "code-unknown", "/outcomes/types/skills/http:~1~1data.europa.eu~1esco~1skill~1none"},
	"a term without a code":           {func(d doc, _ profile, _ codes) { d.Assessments[0].Type.ID = "" }, "code-missing", "/assessments/written/type"},
	"a national level without a code": {func(d doc, _ profile, _ codes) { d.Level.NQF[0].URI = "" }, "code-missing", "/level/nqf/dqr"},
	"a vocabulary that is not loaded": {func(_ doc, _ profile, c codes) { delete(c.Loaded, governance.SchemeESCOSkill) }, "code-not-checked", "/outcomes"},
	"a code that is to be used no more": {func(d doc, _ profile, c codes) {
		c.Loaded[governance.SchemeESCOSkill][d.Outcomes[0].Skills[0].ID] = governance.CodeFacts{Obsolete: true}
	}, "code-obsolete", "/outcomes/types/skills/http:~1~1data.europa.eu~1esco~1skill~159998878-fa14-458a-9085-06b45e89df1b"},
	"a code that is not in an excerpt": {func(d doc, _ profile, c codes) {
		d.Outcomes[0].Skills[0].ID = "http://data.europa.eu/esco/skill/none"
		c.Excerpts = map[governance.Scheme]bool{governance.SchemeESCOSkill: true}
	}, "code-not-checked", "/outcomes"},
	"an unused vocabulary is not loaded": {func(d doc, _ profile, c codes) { d.Classification.NACE = nil; delete(c.Loaded, governance.SchemeNACE) }, "", ""},
}

func credits(system string, points governance.Decimal) []governance.Credit {
	return []governance.Credit{{ID: "c", System: system, Points: points}}
}

func attend(d doc, c codes, i int) {
	const attendance = "http://data.europa.eu/snb/assessment/7331eb4762"
	d.Assessments[i].Type = governance.Concept{ID: attendance}
	c.Loaded[governance.SchemeAssessmentType][attendance] = governance.CodeFacts{}
}

func lower(d doc) {
	for i := range d.Outcomes {
		d.Outcomes[i].EQFLevel = 3
	}
}

func TestCheckFindsExactlyWhatIsWrong(t *testing.T) {
	for name, test := range checkCases {
		t.Run(name, func(t *testing.T) {
			d, p, c := sample.Document(), governance.EUProfile(), sample.Codes()
			test.change(&d, &p, &c)
			findings := governance.Check(d, p, c)
			if test.fires == "" {
				assert.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1, "%v", findings)
			got := findings[0]
			assert.Equal(t, test.fires, got.Rule)
			assert.Equal(t, test.at, got.Path)
			assert.Equal(t, governance.CheckRules[test.fires].Severity, got.Severity)
			assert.NotEmpty(t, got.Source)
			assert.NotContains(t, got.Message, "{", "a parameter is not filled in")
			for name, value := range got.Params {
				assert.NotEmpty(t, value, name)
			}
			assert.Equal(t, findings, governance.Check(d, p, c), "the same arguments, the same findings")
		})
	}
}

func TestEveryRuleOfADocumentFiresInATest(t *testing.T) {
	fired := map[string]bool{}
	for _, test := range checkCases {
		fired[test.fires] = true
	}
	for rule := range governance.CheckRules {
		if !strings.HasPrefix(rule, "offer-") {
			assert.True(t, fired[rule], rule)
		}
	}
}

func TestAnEmptyDraftLacksTheMandatoryElementsOfAnnexI(t *testing.T) {
	findings := governance.Check(governance.Document{Languages: []governance.LanguageTag{"en"}}, governance.EUProfile(), governance.Codes{})
	var missing []string
	for _, f := range findings {
		if f.Rule == "element-missing" {
			missing = append(missing, f.Path)
		}
	}
	assert.Equal(t, []string{"/title", "/outcomes", "/workload/hours", "/level/eqf", "/assessments", "/participation/modes",
		"/qualityAssurance"}, missing)
	assert.True(t, governance.HasErrors(findings))
}

func TestWarningsAloneAreNoErrors(t *testing.T) {
	findings := governance.Check(sample.Document(), governance.EUProfile(), governance.Codes{})
	require.NotEmpty(t, findings)
	assert.False(t, governance.HasErrors(findings), fmt.Sprint(findings))
}

func TestCheckNeverPanicsOnADraftThatParses(t *testing.T) {
	d := governance.Document{Languages: []governance.LanguageTag{"en"},
		Outcomes:    []governance.LearningOutcome{{ID: "o"}},
		Workload:    governance.Workload{Credits: []governance.Credit{{ID: "c"}}, Split: []governance.WorkloadPart{{ID: "s"}}, Hours: "1"},
		Level:       governance.Level{NQF: []governance.NQFReference{{ID: "n"}}},
		Assessments: []governance.Assessment{{ID: "a"}},
	}
	assert.NotEmpty(t, governance.Check(d, governance.Profile{}, governance.Codes{}))
}
