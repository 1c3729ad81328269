package governance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

func TestAClaimIsConfirmedByWhoSaysAsMuch(t *testing.T) {
	d := governance.Document{
		Level: governance.Level{EQF: 4, NQF: []governance.NQFReference{{ID: "dqr", Framework: "DQR", Level: "4"}, {ID: "lki", Framework: "LKI", Level: "4"}}},
		Stackability: governance.Stackability{Into: []governance.StackTarget{
			{ID: "master", URI: "https://example.org/master", Credits: "3", System: "ECTS"}, {ID: "journeyman", URI: "https://example.org/journeyman"},
		}},
	}
	offers := []governance.OfferedFacts{{ID: "o1", Facts: governance.OfferFacts{Accreditations: []governance.Accreditation{
		{ID: "a", URI: "https://example.org/deqar/1"}, {ID: "b"},
	}}}}
	said := func(kind governance.StatementKind, offer governance.OfferID, facts governance.StatementFacts) governance.Testimony {
		return governance.Testimony{ID: "s", Kind: kind, Offer: offer, Facts: facts}
	}
	for name, c := range map[string]struct {
		said      governance.Testimony
		confirmed []string // paths
	}{
		"the framework and level":    {said(governance.StatementNqfInclusion, "", governance.StatementFacts{Framework: "dqr", Level: "4"}), []string{"/level/eqf", "/level/nqf/dqr"}},
		"another level":              {said(governance.StatementNqfInclusion, "", governance.StatementFacts{Framework: "DQR", Level: "3"}), nil},
		"another framework":          {said(governance.StatementNqfInclusion, "", governance.StatementFacts{Framework: "NLQF", Level: "4"}), nil},
		"an opinion":                 {said(governance.StatementOpinion, "", governance.StatementFacts{}), nil},
		"as many credits":            {said(governance.StatementCreditTowards, "", governance.StatementFacts{Target: "https://example.org/master", Credits: "3.0", System: "ects"}), []string{"/stackability/into/master"}},
		"too few credits":            {said(governance.StatementCreditTowards, "", governance.StatementFacts{Target: "https://example.org/master", Credits: "2.9", System: "ECTS"}), nil},
		"credits of another system":  {said(governance.StatementCreditTowards, "", governance.StatementFacts{Target: "https://example.org/master", Credits: "9", System: "ECVET"}), nil},
		"any, where none is claimed": {said(governance.StatementCreditTowards, "", governance.StatementFacts{Target: "https://example.org/journeyman", Credits: "1", System: "ECTS"}), []string{"/stackability/into/journeyman"}},
		"the offer's accreditation":  {said(governance.StatementAccreditation, "o1", governance.StatementFacts{URI: "https://example.org/deqar/1"}), []string{"/accreditations/a", "/accreditations/b"}},
		"another decision":           {said(governance.StatementAccreditation, "o1", governance.StatementFacts{URI: "https://example.org/deqar/2"}), []string{"/accreditations/b"}},
		"another offer's":            {said(governance.StatementAccreditation, "o2", governance.StatementFacts{}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			claims := governance.Claims(d, offers, []governance.Testimony{c.said})
			require.Len(t, claims, 7)
			var confirmed []string
			for _, claim := range claims {
				if len(claim.ConfirmedBy) > 0 {
					confirmed = append(confirmed, claim.Path)
				}
			}
			assert.Equal(t, c.confirmed, confirmed)
		})
	}
	d.Level.NQF = nil
	claims := governance.Claims(d, nil, []governance.Testimony{said(governance.StatementNqfInclusion, "", governance.StatementFacts{Framework: "LKI", Level: "4"})})
	assert.Equal(t, governance.Claim{Kind: governance.ClaimLevel, Path: "/level/eqf", ConfirmedBy: []governance.StatementID{"s"}}, claims[0])
}

func TestAStatementSaysWhatItsKindAsksFor(t *testing.T) {
	credit := governance.StatementFacts{Credits: "3", System: "ECTS", Target: "https://example.org/master"}
	for name, c := range map[string]struct {
		said   governance.Said
		field  string
		reason string
	}{
		"an endorsement":                 {governance.Said{Kind: governance.StatementEndorsement}, "input.kind", "kind-not-given"},
		"a level without a framework":    {governance.Said{Kind: governance.StatementNqfInclusion, Facts: governance.StatementFacts{Level: "4"}}, "input.framework", "field-missing"},
		"credits into nothing":           {governance.Said{Kind: governance.StatementCreditTowards, Facts: governance.StatementFacts{Credits: "3", System: "ECTS"}}, "input.target", "field-missing"},
		"credits for a recognition":      {governance.Said{Kind: governance.StatementRecognition, Facts: credit}, "input.credits", "field-unfitting"},
		"an accreditation of the text":   {governance.Said{Kind: governance.StatementAccreditation}, "input.offer", "field-missing"},
		"a licence part of an offer":     {governance.Said{Kind: governance.StatementLicencePart, Offer: true}, "input.offer", "field-unfitting"},
		"an opinion without words":       {governance.Said{Kind: governance.StatementOpinion, Words: " "}, "input.words", "text-missing"},
		"a minority that goes on":        {governance.Said{Kind: governance.StatementDissent, Words: strings.Repeat("ā", governance.MostDissentCharacters+1)}, "input.words", "text-too-long"},
		"credits that are no number":     {governance.Said{Kind: governance.StatementCreditTowards, Facts: governance.StatementFacts{Credits: "-3", System: "ECTS", Target: "https://example.org"}}, "input.credits", "not-a-decimal"},
		"a target that is no address":    {governance.Said{Kind: governance.StatementExemption, Facts: governance.StatementFacts{Target: "javascript:alert(1)"}}, "input.target", "not-a-uri"},
		"a digest that is none":          {governance.Said{Kind: governance.StatementEquivalence, Facts: governance.StatementFacts{Target: "https://example.org", TargetDigest: "sha256:0"}}, "input.targetDigest", "not-a-digest"},
		"a framework on several lines":   {governance.Said{Kind: governance.StatementNqfInclusion, Facts: governance.StatementFacts{Framework: "D\nQR", Level: "4"}}, "input.framework", "name-malformed"},
		"a minority of bounded length":   {governance.Said{Kind: governance.StatementDissent, Words: strings.Repeat("ā", governance.MostDissentCharacters)}, "", ""},
		"credits towards a target":       {governance.Said{Kind: governance.StatementCreditTowards, Facts: credit}, "", ""},
		"an accreditation of an offer":   {governance.Said{Kind: governance.StatementAccreditation, Offer: true}, "", ""},
		"a recognition that says it all": {governance.Said{Kind: governance.StatementRecognition}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			refusal := c.said.Check()
			if c.reason == "" {
				assert.Nil(t, refusal)
				return
			}
			require.NotNil(t, refusal)
			assert.Equal(t, c.field, refusal.Field)
			assert.Equal(t, c.reason, refusal.Reason)
		})
	}
	assert.True(t, governance.StatementOpinion.GivenBy(""))
	assert.False(t, governance.StatementNqfInclusion.GivenBy(governance.ChamberEmployer))
	assert.True(t, governance.StatementNqfInclusion.GivenBy(governance.ChamberPublicAuthority))
}
