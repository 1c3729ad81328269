package governance_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance/sample"
)

func TestEveryElementHasWordsOfItsOwn(t *testing.T) {
	document := sample.Document()
	names := document.ElementNames()
	require.NotEmpty(t, names.Elements)
	for _, element := range names.Elements {
		assert.True(t, document.Has(element.Path), element.Path)
		assert.NotContains(t, element.Words, "  ", element.Path)
		assert.NotRegexp(t, `^ |[, ]$`, element.Words, element.Path)
		path, known := names.Path(element.Words)
		assert.True(t, known)
		assert.Equal(t, element.Path, path, "the words %q are of one element alone", element.Words)
		again, known := names.Path(" " + element.Path + " ")
		assert.True(t, known)
		assert.Equal(t, element.Path, again)
	}
	first := string(document.Outcomes[0].ID)
	for path, words := range map[string]string{
		"/title":                              "Title",
		"/plainLanguageSummary/en":            "Plain language summary (en)",
		"/outcomes":                           "Learning outcomes",
		"/outcomes/" + first:                  "Learning outcome 1",
		"/outcomes/" + first + "/statement":   "Learning outcome 1, statement",
		"/outcomes/" + first + "/eqfLevel":    "Learning outcome 1, EQF level",
		"/outcomes/gone/statement":            "/outcomes/gone/statement",
		"":                                    "",
		"/outcomes/" + first + "/criteria/no": "/outcomes/" + first + "/criteria/no",
	} {
		assert.Equal(t, words, names.Words(path))
	}
	path, known := names.Path("learning  OUTCOME 1, Statement")
	assert.True(t, known)
	assert.Equal(t, "/outcomes/"+first+"/statement", path)
	_, known = names.Path("Learning outcome 300")
	assert.False(t, known)
}

func TestEveryListHasAWordForItsElements(t *testing.T) {
	for _, element := range sample.Document().ElementNames().Elements {
		assert.NotRegexp(t, `^[0-9]|, [0-9]+`, element.Words, "%s: its list has no word for one element", element.Path)
	}
}
