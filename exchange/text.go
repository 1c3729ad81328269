package exchange

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"concordat/governance"
)

var (
	tagForm    = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	markupForm = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	breakForm  = regexp.MustCompile(`(?i)<br\s*/?>|</p>|</li>`)
)

// text reads words by language, takes them and reports what cannot be kept of them. Words without a language are in the
// assumed one; where that is "", they are no text.
func (r *treeReader) text(n treeNode, assumed governance.LanguageTag) governance.Text {
	text := governance.Text{}
	r.gather(text, n, assumed)
	if len(text) == 0 {
		return nil
	}
	r.take(n)
	return text
}

// gather reads {"en":"x"}, {"en":["x","y"]}, {"@language":"en","@value":"x"}, "x", and lists of these.
func (r *treeReader) gather(text governance.Text, n treeNode, assumed governance.LanguageTag) {
	switch value := n.value.(type) {
	case string:
		if r.spoken != "" && assumed != "" {
			r.add(text, n, string(r.spoken), value)
		} else if assumed != "" {
			r.change(n, "language-assumed", "language", string(assumed))
			r.add(text, n, string(assumed), value)
		}
	case []any:
		for _, element := range elements(n) {
			r.gather(text, element, assumed)
		}
	case map[string]any:
		if words, ok := value["@value"].(string); ok {
			tag, _ := value["@language"].(string)
			if tag == "" {
				tag = string(assumed)
			}
			r.add(text, n, tag, words)
			return
		}
		if !isLanguageMap(value) {
			return
		}
		for _, tag := range n.names() {
			for _, words := range asStrings(value[tag]) {
				r.add(text, n.child(tag), tag, words)
			}
		}
	}
}

// isLanguageMap tells {"en":"x"} from an object of the model. A member "id" is Indonesian only beside other languages
// and where it is no URI.
func isLanguageMap(object map[string]any) bool {
	for tag, words := range object {
		said := asStrings(words)
		if !tagForm.MatchString(tag) || len(said) == 0 {
			return false
		}
		if tag == "id" && (len(object) == 1 || governance.URI(said[0]).Valid()) {
			return false
		}
	}
	return len(object) > 0
}

func asStrings(value any) []string {
	if word, ok := value.(string); ok {
		return []string{word}
	}
	list, _ := value.([]any)
	var words []string
	for _, element := range list {
		if word, ok := element.(string); ok {
			words = append(words, word)
		}
	}
	return words
}

// add puts words into the text, several in one language on lines of their own.
func (r *treeReader) add(text governance.Text, n treeNode, tag, words string) {
	language := canonicalTag(tag)
	if !language.Valid() {
		r.lose(n, "not-a-language", "value", tag)
		return
	}
	plain := words
	if markupForm.MatchString(words) {
		plain = html.UnescapeString(markupForm.ReplaceAllString(breakForm.ReplaceAllString(words, "\n"), ""))
		r.change(n, "markup-removed")
	}
	plain = strings.TrimSpace(strings.Map(printable, plain))
	if old := text[string(language)]; old != "" && plain != "" {
		plain = old + "\n" + plain
	}
	if utf8.RuneCountInString(plain) > governance.MaxTextCharacters {
		r.lose(n, "too-long")
		return
	}
	if plain != "" {
		text[string(language)] = plain
	}
}

// printable drops control characters other than line feed and tab.
func printable(c rune) rune {
	if unicode.IsControl(c) && c != '\n' && c != '\t' {
		return -1
	}
	return c
}

// canonicalTag writes a language tag in the case that BCP 47 recommends.
func canonicalTag(tag string) governance.LanguageTag {
	parts := strings.Split(strings.ReplaceAll(tag, "_", "-"), "-")
	for i, part := range parts {
		switch {
		case i > 0 && len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case i > 0 && len(part) == 4 && !unicode.IsDigit(rune(part[0])):
			parts[i] = strings.ToUpper(part[:1]) + strings.ToLower(part[1:])
		default:
			parts[i] = strings.ToLower(part)
		}
	}
	return governance.LanguageTag(strings.Join(parts, "-"))
}
