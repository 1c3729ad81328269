package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"concordat/governance"
)

// fold makes words comparable whoever writes them: compatibility forms, marks and case are taken away, and what is
// neither letter nor digit parts words. "Wärme-Pumpe" is "warme pumpe".
func fold(text string) string { return strings.Join(foldWords(text), " ") }

func foldWords(text string) []string {
	bare := strings.ToLower(text)
	if !isASCII(text) { // most labels of vocabularies are, and a hundred thousand of them are folded at once
		bare = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.M, r) {
				return -1
			}
			return r
		}, norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text))))
	}
	words := strings.FieldsFunc(bare, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i, word := range words {
		words[i] = cutWord(word)
	}
	return words
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// The bounds of what is indexed: PostgreSQL passes over words of 2 kB and refuses indexes of a megabyte.
const (
	longestWord      = 60      // letters
	longestSearchSet = 200_000 // bytes of a publication's words
)

// cutWord keeps the beginning of a long word, as of a script that writes none apart.
func cutWord(word string) string {
	letters := 0
	for i := range word {
		if letters == longestWord {
			return word[:i]
		}
		letters++
	}
	return word
}

// searchText is what a publication is found by, folded: the title on the first line, the rest of title, summaries and
// outcomes on the second, in every language.
func searchText(document governance.Document) string {
	texts := []governance.Text{document.Summary, document.PlainLanguageSummary}
	for _, outcome := range document.Outcomes {
		texts = append(texts, outcome.Statement)
		for _, skill := range outcome.Skills {
			texts = append(texts, skill.Label)
		}
	}
	for _, occupation := range document.Classification.Occupations {
		texts = append(texts, occupation.Label)
	}
	var body []string
	for _, text := range texts {
		body = append(body, foldText(text)...)
	}
	return joinWords(foldText(document.Title)) + "\n" + joinWords(body)
}

// joinWords writes the words apart, as many as are indexed.
func joinWords(words []string) string {
	size := 0
	for i, word := range words {
		if size += len(word) + 1; size > longestSearchSet {
			words = words[:i]
			break
		}
	}
	return strings.Join(words, " ")
}

// foldText is a text folded, language by language.
func foldText(text governance.Text) []string {
	var folded []string
	for _, language := range sortedKeys(text) {
		folded = append(folded, foldWords(text[language])...)
	}
	return folded
}

// mostSearchWords is how many words of a search count.
const mostSearchWords = 12

// searchWords are the words that somebody looks for, folded, each once.
func searchWords(search string) []string {
	words := foldWords(search)
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), mostSearchWords)]
}
