package governance

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func typed(title, description string) TypedWords {
	return NewTypedWords(strings.Fields(title), strings.Fields(description))
}

func TestWordsAreSharedWhereTheyBeginAlike(t *testing.T) {
	for name, test := range map[string]struct {
		typed, other string
		shared       []string
	}{
		"bent":            {"fitters heat pumps", "a fitter of one heat pump", []string{"fitters", "heat", "pumps"}},
		"half typed":      {"warmepum", "warmepumpen in betrieb nehmen", []string{"warmepum"}},
		"whole":           {"commissioning", "to commission plants", []string{"commissioning"}},
		"short ones":      {"gas", "gasket", []string{"gas"}},
		"none":            {"blower door", "medication records", nil},
		"too short":       {"a of in", "a of in", nil},
		"nothing":         {"", "heat", nil},
		"shorter than it": {"installation", "install", nil},
	} {
		t.Run(name, func(t *testing.T) {
			shared, share := typed(test.typed, "").In(strings.Fields(test.other))
			assert.Equal(t, test.shared, shared)
			assert.Equal(t, len(test.shared) > 0, share > 0)
		})
	}
}

func TestLongWordsAndTheTitleWeighMore(t *testing.T) {
	words := typed("heat pumps", "the commissioning")
	_, title := words.In([]string{"heat", "pumps"})
	_, little := words.In([]string{"the"})
	_, long := words.In([]string{"commissioning"})
	_, all := words.In([]string{"heat", "pumps", "the", "commissioning"})
	assert.Equal(t, 1000, all)
	assert.Greater(t, long, little)
	assert.False(t, Likeness{WordShare: little}.Similar(), "a little word is no likeness")
	assert.True(t, Likeness{WordShare: title}.Similar())
	assert.False(t, Likeness{Sector: true}.Similar(), "nor is the sector alone")
	assert.True(t, Likeness{Occupation: true}.Similar())
}

func TestTheMoreAlikeComesFirst(t *testing.T) {
	ordered := []Likeness{
		{Skills: []URI{"a", "b"}}, {Skills: []URI{"a"}, Occupation: true, WordShare: 900}, {Skills: []URI{"a"}, WordShare: 900},
		{Occupation: true, WordShare: 10}, {WordShare: 900, Sector: true}, {WordShare: 900}, {WordShare: 300, Sector: true},
	}
	for i, a := range ordered {
		for j, b := range ordered {
			assert.Equal(t, i < j, CompareLikeness(a, b) < 0, "%d %d", i, j)
			assert.Equal(t, i == j, CompareLikeness(a, b) == 0, "%d %d", i, j)
		}
	}
}

func FuzzTypedWords(f *testing.F) {
	f.Add("fitters of heat pumps", "many many words", "fitter")
	f.Add("", "ß", "\xff")
	f.Fuzz(func(t *testing.T, title, description, other string) {
		words := typed(title, description)
		shared, share := words.In(strings.Fields(other))
		assert.True(t, share >= 0 && share <= 1000)
		if share > 0 {
			assert.NotEmpty(t, shared)
		}
		assert.LessOrEqual(t, len(words.Stems()), mostTypedWords)
		_, self := words.In(slices.Concat(strings.Fields(title), strings.Fields(description)))
		if len(words.words) > 0 {
			assert.Equal(t, 1000, self, "a need is altogether like itself")
		}
	})
}
