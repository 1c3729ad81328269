package governance

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// TextSpan is a piece of one of two texts, or of both.
type TextSpan struct {
	Kind SpanKind `json:"kind"`
	Text string   `json:"text"`
}

// SpanKind says in which of two texts a piece stands.
type SpanKind string

// The kinds of span.
const (
	SpanEqual    SpanKind = "EQUAL"    // in both
	SpanInserted SpanKind = "INSERTED" // in the later one alone
	SpanDeleted  SpanKind = "DELETED"  // in the earlier one alone
)

// SpanKinds lists every kind of span.
var SpanKinds = []SpanKind{SpanEqual, SpanInserted, SpanDeleted}

// mostTokens bounds what is compared: the work grows with the square of what differs. Texts of more words are compared
// sentence by sentence, and of more sentences as wholes.
const mostTokens = 6000

// DiffText compares two texts by word. The equal and the deleted spans make up before, the equal and the inserted ones
// after; a word is never cut. In scripts that put no space between words, each character is a word.
func DiffText(before, after string) []TextSpan {
	var tokens tokenTable
	var a, b []rune
	for _, split := range []func(string) []string{splitWords, splitSentences, unsplit} {
		tokens = tokenTable{ids: map[string]rune{}}
		a, b = tokens.encode(split(before)), tokens.encode(split(after))
		if len(a)+len(b) <= mostTokens {
			break
		}
	}
	differ := diffmatchpatch.New()
	differ.DiffTimeout = 0 // else it reads the clock, and answers another thing on a slower machine
	diffs := differ.DiffCleanupSemantic(differ.DiffMainRunes(a, b, false))
	spans := make([]TextSpan, 0, len(diffs))
	for _, diff := range diffs {
		kind := SpanEqual
		switch diff.Type {
		case diffmatchpatch.DiffDelete:
			kind = SpanDeleted
		case diffmatchpatch.DiffInsert:
			kind = SpanInserted
		case diffmatchpatch.DiffEqual:
		}
		spans = append(spans, TextSpan{kind, tokens.decode(diff.Text)})
	}
	return spans
}

// tokenTable writes each token as one character of the supplementary private use areas, which mean nothing to anybody.
// Two texts of 20,000 characters have fewer tokens than there are such characters.
type tokenTable struct {
	ids   map[string]rune
	words []string
}

const firstToken = 0xF0000

func (t *tokenTable) encode(words []string) []rune {
	encoded := make([]rune, len(words))
	for i, word := range words {
		id, known := t.ids[word]
		if !known {
			id = firstToken + rune(len(t.words))
			t.ids[word] = id
			t.words = append(t.words, word)
		}
		encoded[i] = id
	}
	return encoded
}

func (t *tokenTable) decode(encoded string) string {
	var text strings.Builder
	for _, id := range encoded {
		text.WriteString(t.words[id-firstToken])
	}
	return text.String()
}

// unspaced are the scripts that write words without spaces between them.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

// splitWords cuts a text into words, runs of white space, and single signs; a mark stays with what it stands on.
func splitWords(text string) []string {
	return split(text, func(before, here rune) bool {
		switch {
		case unicode.IsMark(here) || here == '\u200d' || before == '\u200d':
			return false
		case unicode.IsSpace(before) && unicode.IsSpace(here):
			return false
		default:
			return !inWord(before) || !inWord(here)
		}
	})
}

// splitSentences cuts a text after what ends a sentence or a line.
func splitSentences(text string) []string {
	return split(text, func(before, _ rune) bool { return strings.ContainsRune(".!?;\n。！？；", before) })
}

func unsplit(text string) []string { return split(text, func(_, _ rune) bool { return false }) }

// split cuts a text wherever cut says so of two characters.
func split(text string, cut func(before, here rune) bool) []string {
	var parts []string
	start, before := 0, rune(0)
	for at, here := range text {
		if at > start && cut(before, here) {
			parts, start = append(parts, text[start:at]), at
		}
		if !unicode.IsMark(here) || at == start {
			before = here
		}
	}
	if start < len(text) {
		parts = append(parts, text[start:])
	}
	return parts
}

func inWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !slices.ContainsFunc(unspaced, func(script *unicode.RangeTable) bool {
		return unicode.Is(script, r)
	})
}
