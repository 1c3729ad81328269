package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/store"
)

func TestFolding(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"marks and case":         {"Wärme-Pumpe", "warme pumpe"},
		"composed or decomposed": {"e\u0301te\u0301 ÉTÉ", "ete ete"},
		"sharp s":                {"STRASSE Straße", "strasse strasse"},
		"compatibility forms":    {"ﬁre ２０ ㎡", "fire 20 m2"},
		"Greek final sigma":      {"ΛΌΓΟΣ λόγος", "λογοσ λογοσ"},
		"Cyrillic":               {"Йод", "иод"},
		"signs":                  {`a"b*c(d)|e&f!g:h'i`, "a b c d e f g h i"},
		"nothing":                {" … ", ""},
		"a word without an end":  {strings.Repeat("語", 100), strings.Repeat("語", 60)},
	} {
		assert.Equal(t, c.want, store.Fold(c.text), name)
	}
}
