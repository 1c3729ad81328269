package exchange_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

// awarded is a credential that holds the achievement, with a made-up subject, for judging alone.
func awarded(t testing.TB, achievement []byte) []byte {
	t.Helper()
	credential, err := json.Marshal(map[string]any{
		"@context": exchange.OB3Contexts, "id": "urn:uuid:01900000-0000-7000-8000-0000000000ff", "type": []string{"VerifiableCredential", "OpenBadgeCredential"},
		"name": "x", "issuer": map[string]any{"id": "https://issuer.example", "type": []string{"Profile"}, "name": "Issuer"},
		"validFrom":         "2027-01-01T00:00:00Z",
		"credentialSubject": map[string]any{"type": []string{"AchievementSubject"}, "id": "did:example:learner", "achievement": json.RawMessage(achievement)},
	})
	require.NoError(t, err)
	return credential
}

func TestAnAchievementIsValidInACredentialAndSaysWhatItLeavesOut(t *testing.T) {
	whole, err := exchange.ExportAchievement(published(t), "")
	require.NoError(t, err)
	german, err := exchange.ExportAchievement(published(t), "de")
	require.NoError(t, err)
	least := bare()
	least.Summary = governance.Text{"sr-Latn": "x"}
	minimal, err := exchange.ExportAchievement(publish(t, least, nil), "")
	require.NoError(t, err)

	found := reasons(whole.Report)
	assert.Contains(t, found["language-left-out"], "/title/de")
	assert.Contains(t, reasons(german.Report)["language-left-out"], "/title/en")
	assert.Len(t, found["detached"], 6, "the skills")
	assert.Equal(t, []string{"/workload/credits/ects/system"}, found["system-unsaid"])
	for _, path := range []string{"/offer", "/validity", "/workload/hours", "/qualityAssurance"} {
		assert.Contains(t, found["no-place-there"], path)
	}
	judge(t, "ob3-achievement-credential", ".json", awarded(t, whole.Bytes), awarded(t, german.Bytes), awarded(t, minimal.Bytes))
}

func TestAnAchievementAlignsWithESCOAndIsWrittenInOneLanguage(t *testing.T) {
	exported, err := exchange.ExportAchievement(published(t), "de")
	require.NoError(t, err)
	var achievement exchange.Achievement
	require.NoError(t, json.Unmarshal(exported.Bytes, &achievement))
	assert.Equal(t, "MicroCredential", achievement.Kind)
	assert.Equal(t, "Wärmepumpen einbauen und in Betrieb nehmen", achievement.Name, "no language map: the context has no term for one")
	assert.Equal(t, "de", achievement.InLanguage)
	kinds := map[string]int{}
	for _, alignment := range achievement.Alignment {
		kinds[alignment.Kind]++
	}
	assert.Equal(t, map[string]int{"ext:ESCOSkill": 6, "ext:EQFLevel": 1, "ext:NQFLevel": 2}, kinds)
	assert.Equal(t, "Arten von Wärmepumpen", achievement.Alignment[0].Name)
	assert.Contains(t, achievement.Criteria.Narrative, "- Vergleicht Wärmepumpenarten")
	assert.Contains(t, achievement.Criteria.Narrative, "  - Nennt zwei geeignete Arten")
	assert.Equal(t, json.Number("4"), achievement.Credits)
}

func TestOfSeveralCreditSystemsAnAchievementNamesECTS(t *testing.T) {
	p := published(t)
	p.Document.Workload.Credits = []governance.Credit{{ID: "n", System: "LTK", Points: "9"}, {ID: "ects", System: "ECTS", Points: "4.5"}}
	exported, err := exchange.ExportAchievement(p, "")
	require.NoError(t, err)
	assert.Contains(t, string(exported.Bytes), `"creditsAvailable": 4.5`)
	assert.Contains(t, reasons(exported.Report)["no-place-there"], "/workload/credits/n")
}

func TestNoAchievementIsMadeOfWhatCannotBeOne(t *testing.T) {
	for name, test := range map[string]struct {
		spoil        func(p *exchange.Published)
		reason, path string
	}{
		"no title in the language":       {func(p *exchange.Published) { delete(p.Document.Title, "en") }, "text-missing", "/title"},
		"no description in the language": {func(p *exchange.Published) { delete(p.Document.Summary, "en") }, "text-missing", "/summary"},
		"no outcomes":                    {func(p *exchange.Published) { p.Document.Outcomes = nil }, "outcomes-missing", "/outcomes"},
		"nobody it comes from":           {func(p *exchange.Published) { p.Council, p.Lead = exchange.Party{}, exchange.Party{} }, "creator-missing", ""},
		"no address":                     {func(p *exchange.Published) { p.Number = "" }, "address-missing", ""},
		"a skill of another scheme": {func(p *exchange.Published) { p.Document.Outcomes[0].Skills[0].ID = "https://skills.example/1" },
			"not-esco", "/outcomes/types/skills/https:~1~1skills.example~11"},
	} {
		t.Run(name, func(t *testing.T) {
			p := published(t)
			test.spoil(&p)
			exported, err := exchange.ExportAchievement(p, "")
			assertRefused(t, err, test.reason, test.path)
			assert.Empty(t, exported.Bytes)
			assert.Len(t, exchange.CheckAchievement(p, "en"), 1)
		})
	}
}
