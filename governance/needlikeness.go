package governance

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Likeness says why a need is like one that somebody is typing.
type Likeness struct {
	Skills     []URI    // skills that both name
	Occupation bool     // both name the same occupation
	Words      []string // typed words that the other has too, folded, in the order of typing
	WordShare  int      // how much of what was typed those words are, in thousandths
	Sector     bool     // both are of the same sector
}

// fewestWordShare is from which share of the typed words on a need is similar by its words alone: one word of five, if
// it is as long as the others. Below that it is the little words that agree.
const fewestWordShare = 200

// Similar says whether the needs are alike at all: by a skill, the occupation, or enough words. A sector alone is no
// likeness.
func (l Likeness) Similar() bool {
	return len(l.Skills) > 0 || l.Occupation || l.WordShare >= fewestWordShare
}

// CompareLikeness orders the more alike first: by how many skills are shared, which somebody chose; then the occupation;
// then the words; then the sector.
func CompareLikeness(a, b Likeness) int {
	return cmp.Or(
		cmp.Compare(len(b.Skills), len(a.Skills)), compareBool(b.Occupation, a.Occupation),
		cmp.Compare(b.WordShare, a.WordShare), compareBool(b.Sector, a.Sector),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// TypedWords are the words of a need that somebody is typing: folded, each once, those of the title first.
type TypedWords struct {
	words  []string
	title  int // how many of the words are the title's
	weight int // of all words
}

// The bounds of what is looked for. A shorter word says too little, and more words than these say nothing new.
const (
	shortestTypedWord = 3
	mostTypedWords    = 24
)

// NewTypedWords takes the words of a title and of a description that count: all of the title's, then the description's
// longest, which are those that say something.
func NewTypedWords(title, description []string) TypedWords {
	t := TypedWords{words: addWords(nil, title)}
	t.title = len(t.words)
	long := slices.Clone(description)
	slices.SortStableFunc(long, func(a, b string) int { return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a)) })
	t.words = addWords(t.words, long)
	for i := range t.words {
		t.weight += t.weightOf(i)
	}
	return t
}

func addWords(to, words []string) []string {
	for _, word := range words {
		if len(to) < mostTypedWords && utf8.RuneCountInString(word) >= shortestTypedWord && !slices.Contains(to, word) {
			to = append(to, word)
		}
	}
	return to
}

// weightOf is how much a word counts: the longer, the more, and in the title twice. No list of little words is kept in
// any language.
func (t TypedWords) weightOf(i int) int {
	weight := utf8.RuneCountInString(t.words[i]) - shortestTypedWord + 1
	if i < t.title {
		weight *= 2
	}
	return weight
}

// Stems are the beginnings that a word must have to count as one of the typed ones, each once.
func (t TypedWords) Stems() []string {
	var stems []string
	for _, word := range t.words {
		if s := stem(word); !slices.Contains(stems, s) {
			stems = append(stems, s)
		}
	}
	return stems
}

// stem is the first two thirds of a word, four letters at least: whoever bends a word, or has typed half of it, means
// the same. "fitters" finds "fitter", "wärmepum" finds "Wärmepumpen".
func stem(word string) string {
	wanted := max(4, (2*utf8.RuneCountInString(word)+2)/3)
	for i := range word {
		if wanted == 0 {
			return word[:i]
		}
		wanted--
	}
	return word
}

// In finds the typed words in the folded words of another need, and how much of what was typed they are.
func (t TypedWords) In(words []string) (shared []string, share int) {
	if t.weight == 0 {
		return nil, 0
	}
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	weight := 0
	for i, word := range t.words {
		beginning := stem(word)
		at, _ := slices.BinarySearch(sorted, beginning)
		if at < len(sorted) && strings.HasPrefix(sorted[at], beginning) {
			shared = append(shared, word)
			weight += t.weightOf(i)
		}
	}
	return shared, 1000 * weight / t.weight
}
