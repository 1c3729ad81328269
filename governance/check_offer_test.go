package governance_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

type facts = *governance.OfferFacts

var offerCases = map[string]struct {
	change func(doc, facts)
	fires  string
	at     string
}{
	"the sample is complete":                     {func(doc, facts) {}, "", ""},
	"the edition lacks what Annex I asks for":    {func(d doc, _ facts) { d.Level.EQF = 0 }, "element-missing", "/level/eqf"},
	"the edition lacks what is only recommended": {func(d doc, _ facts) { d.Summary = nil }, "", ""},
	"no awarding body":                           {func(_ doc, f facts) { f.AwardingBody.Name = nil }, "offer-element-missing", "/offer/awardingBody/name"},
	"no country":                                 {func(_ doc, f facts) { f.AwardingBody.Country = "" }, "offer-element-missing", "/offer/awardingBody/country"},
	"no mode":                                    {func(_ doc, f facts) { f.Modes = nil }, "offer-element-missing", "/offer/modes"},
	"no complaints procedure":                    {func(_ doc, f facts) { f.Complaints = nil }, "offer-element-recommended", "/offer/complaints"},
	"no funding":                                 {func(_ doc, f facts) { f.Funding = nil }, "", ""},
	"a mode outside":                             {func(_ doc, f facts) { f.Modes = append(f.Modes, governance.ModeOnline) }, "offer-mode", "/offer/modes/ONLINE"},
	"a mode of those allowed":                    {func(_ doc, f facts) { f.Modes = append(f.Modes, governance.ModeOnSite) }, "", ""},
	"exactly the hours on site":                  {func(_ doc, f facts) { f.OnSiteHours = "60.00" }, "", ""},
	"too few hours on site":                      {func(_ doc, f facts) { f.OnSiteHours = "59.99" }, "offer-on-site-hours", "/offer/onSiteHours"},
	"more hours on site than there are":          {func(_ doc, f facts) { f.OnSiteHours = "110.01" }, "offer-on-site-above-hours", "/offer/onSiteHours"},
	"hours on site not said":                     {func(_ doc, f facts) { f.OnSiteHours = "" }, "offer-element-missing", "/offer/onSiteHours"},
	"hours on site not asked for":                {func(d doc, f facts) { f.OnSiteHours = ""; d.Participation.MinimumOnSiteHours = "" }, "", ""},
	"exactly the days":                           {func(_ doc, f facts) { f.Schedule = governance.Schedule{DurationDays: 180} }, "", ""},
	"a day too long":                             {func(_ doc, f facts) { f.Schedule = governance.Schedule{DurationDays: 181} }, "offer-duration", "/offer/schedule"},
	"180 days by the calendar":                   {func(_ doc, f facts) { f.Schedule = governance.Schedule{Starts: "2027-01-01", Ends: "2027-06-29"} }, "", ""},
	"181 days by the calendar":                   {func(_ doc, f facts) { f.Schedule = governance.Schedule{Starts: "2027-01-01", Ends: "2027-06-30"} }, "offer-duration", "/offer/schedule"},
	"it ends before it starts":                   {func(_ doc, f facts) { f.Schedule.Ends = "2027-02-28" }, "offer-dates-crossed", "/offer/schedule/ends"},
	"duration not said":                          {func(_ doc, f facts) { f.Schedule = governance.Schedule{Starts: "2027-01-01"} }, "offer-element-missing", "/offer/schedule/durationDays"},
	"a group too large":                          {func(_ doc, f facts) { f.GroupSize = 13 }, "offer-group-size", "/offer/groupSize"},
	"a group just small enough":                  {func(_ doc, f facts) { f.GroupSize = 12 }, "", ""},
	"group size not said":                        {func(_ doc, f facts) { f.GroupSize = 0 }, "offer-element-missing", "/offer/groupSize"},
	"another quality framework":                  {func(_ doc, f facts) { f.QualityAssurance[0].Framework = governance.QualityESG }, "offer-quality", "/offer/qualityAssurance"},
	"a further quality framework": {func(_ doc, f facts) {
		f.QualityAssurance = append(f.QualityAssurance, governance.QualityRequirement{ID: "esg", Framework: governance.QualityESG})
	}, "", ""},
	"nowhere": {func(_ doc, f facts) { f.Places = nil }, "offer-place-missing", "/offer/places"},
	"online and nowhere": {func(d doc, f facts) {
		d.Participation.Modes, f.Modes, f.Places = []governance.Mode{governance.ModeOnline}, []governance.Mode{governance.ModeOnline}, nil
	}, "", ""},
	"a fee without currency":              {func(_ doc, f facts) { f.Fee.Currency = "" }, "offer-fee-without-currency", "/offer/fee/currency"},
	"free of charge":                      {func(_ doc, f facts) { f.Fee = governance.Fee{Amount: "0"} }, "", ""},
	"an accreditation with crossed dates": {func(_ doc, f facts) { f.Accreditations[0].ValidUntil = "2024-12-31" }, "offer-accreditation-dates", "/offer/accreditations/azav-2025/validUntil"},
	"an accreditation without an end":     {func(_ doc, f facts) { f.Accreditations[0].ValidUntil = "" }, "", ""},
}

func TestCheckOfferFindsExactlyWhatIsWrong(t *testing.T) {
	for name, test := range offerCases {
		t.Run(name, func(t *testing.T) {
			d, f := sample.Document(), sample.Offer()
			test.change(&d, &f)
			findings := governance.CheckOffer(d, f)
			if test.fires == "" {
				assert.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1, "%v", findings)
			assert.Equal(t, test.fires, findings[0].Rule)
			assert.Equal(t, test.at, findings[0].Path)
			assert.NotContains(t, findings[0].Message, "{")
		})
	}
}

func TestEveryRuleOfAnOfferFiresInATest(t *testing.T) {
	fired := map[string]bool{}
	for _, test := range offerCases {
		fired[test.fires] = true
	}
	for rule := range governance.CheckRules {
		if strings.HasPrefix(rule, "offer-") {
			assert.True(t, fired[rule], rule)
		}
	}
}

func TestParseOfferIsStrict(t *testing.T) {
	data, err := json.Marshal(sample.Offer())
	require.NoError(t, err)
	parsed, err := governance.ParseOfferFacts(data)
	require.NoError(t, err)
	assert.Equal(t, sample.Offer(), parsed)

	offer := func(text string) string { return `{"schema":"concordat/offer/1","text":` + text + `}` }
	for name, test := range map[string]struct{ data, reason, field string }{
		"a document":            {wrapped(`{"languages":["en"]}`), "wrong-schema", "/schema"},
		"an unknown member":     {offer(`{"price":"1"}`), "unknown-member", "/price"},
		"a fee as a number":     {offer(`{"fee":{"amount":1450}}`), "wrong-type", "/fee/amount"},
		"a currency in words":   {offer(`{"fee":{"currency":"Euro"}}`), "not-a-currency", "/fee/currency"},
		"a country in words":    {offer(`{"awardingBody":{"country":"Ireland"}}`), "not-a-country", "/awardingBody/country"},
		"a language misspelled": {offer(`{"languages":["german"]}`), "not-a-language", "/languages/german"},
		"an unknown mode":       {offer(`{"modes":["HYBRID"]}`), "unknown-word", "/modes/HYBRID"},
		"a place without id":    {offer(`{"places":[{"country":"DE"}]}`), "no-id", "/places/0"},
		"a negative group":      {offer(`{"groupSize":-1}`), "not-a-count", "/groupSize"},
		"bytes after the end":   {offer(`{}`) + "x", "trailing-bytes", ""},
		"too many bytes":        {offer(`{}`) + strings.Repeat(" ", governance.MaxDocumentBytes), "too-large", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := governance.ParseOfferFacts([]byte(test.data))
			refused, ok := errors.AsType[*governance.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, test.reason, refused.Reason)
			assert.Equal(t, test.field, refused.Field)
		})
	}
}

func TestAProfileIsDataAndReadsBack(t *testing.T) {
	data, err := json.Marshal(governance.EUProfile())
	require.NoError(t, err)
	parsed, err := governance.ParseProfile(data)
	require.NoError(t, err)
	assert.Equal(t, governance.EUProfile(), parsed)
	for path, ok := range map[string]bool{
		"/outcomes/*/criteria/*/statement": true, "/classification/iscedf": true,
		"/colour": false, "/outcomes/o1/statement": false, "/title/en": false, "outcomes": false, "/outcomes/*/x": false,
	} {
		_, err := governance.ParseProfile([]byte(`{"schema":"concordat/profile/1","text":{"id":"x","required":["` + path + `"]}}`))
		assert.Equal(t, ok, err == nil, "%s: %v", path, err)
	}
	_, err = governance.ParseProfile([]byte(`{"schema":"concordat/profile/1","text":{"creditSystems":[{"id":"X","minimumHours":"30","maximumHours":"25"}]}}`))
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
}
