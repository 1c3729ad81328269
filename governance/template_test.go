package governance_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

func TestEveryTemplateIsADocumentThatWaitsForItsWords(t *testing.T) {
	for _, template := range governance.Templates {
		t.Run(template.Name, func(t *testing.T) {
			assert.NotEmpty(t, template.Title)
			assert.NotEmpty(t, template.Summary)
			d, err := governance.NewDocument(template.Name, []governance.LanguageTag{"lv", "en"})
			require.NoError(t, err)
			written, err := json.Marshal(d)
			require.NoError(t, err)
			read, err := governance.ParseDocument(written)
			require.NoError(t, err, "it can be stored")
			assert.Equal(t, d, read)
			assert.Equal(t, governance.LanguageTag("lv"), d.PrimaryLanguage())
			findings := governance.Check(d, governance.EUProfile(), governance.Codes{})
			for _, f := range findings {
				assert.NotContains(t, []string{"outcome-not-assessed", "assessment-proves-unknown", "evidence-for-unknown"}, f.Rule, "%s: %s", f.Path, f.Message)
			}
			assert.NotEmpty(t, findings, "words are missing")
		})
	}
}

func TestADocumentIsMadeOfNoUnknownTemplateOrLanguage(t *testing.T) {
	for reason, test := range map[string]struct {
		template  string
		languages []governance.LanguageTag
	}{
		"no-such-template": {"none", []governance.LanguageTag{"en"}},
		"no-language":      {governance.TemplateShortCourse, nil},
		"not-a-language":   {governance.TemplateShortCourse, []governance.LanguageTag{"Latvian"}},
	} {
		_, err := governance.NewDocument(test.template, test.languages)
		refusal, ok := err.(*governance.Error)
		require.True(t, ok, reason)
		assert.Equal(t, reason, refusal.Reason)
	}
}
