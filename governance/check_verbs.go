package governance

import (
	"slices"
	"strings"
	"unicode"
)

// vagueVerbs are verbs of states of mind that no assessment can see, by base language, in the forms that statements of
// outcomes use. "Savoir", "saber" and "sapere" are left out: they also mean to be able to.
var vagueVerbs = map[string][]string{
	"en": {"understand", "understands", "understanding", "know", "knows", "knowing", "learn", "learns", "appreciate",
		"appreciates", "aware", "familiar", "believe", "believes", "realise", "realises", "realize", "realizes"},
	"de": {"versteht", "verstehen", "kennt", "kennen", "weiß", "weiss", "wissen", "lernt", "lernen", "begreift",
		"begreifen", "vertraut"},
	"fr": {"comprend", "comprendre", "comprennent", "connaît", "connait", "connaître", "connaissent", "apprend",
		"apprendre", "appréhende", "appréhender"},
	"es": {"comprende", "comprender", "entiende", "entender", "conoce", "conocer", "aprende", "aprender"},
	"it": {"comprende", "comprendere", "capisce", "capire", "conosce", "conoscere", "impara", "imparare"},
	"nl": {"begrijpt", "begrijpen", "kent", "kennen", "weet", "weten", "leert", "leren"},
	"pt": {"compreende", "compreender", "entende", "entender", "conhece", "conhecer", "aprende", "aprender"},
	"pl": {"rozumie", "rozumieć", "zna", "znać"},
}

// verbFirst and verbLast bound where a statement's own verb stands: "The learner is able to understand …" has it sixth;
// German and Dutch infinitives come last.
const (
	verbFirst = 6
	verbLast  = 2
)

// verbs looks for outcomes whose verb cannot be assessed.
func (c *checking) verbs() {
	for _, outcome := range c.document.Outcomes {
		for _, tag := range c.document.Languages {
			if verb := vagueVerb(string(tag), outcome.Statement[string(tag)]); verb != "" {
				c.find("verb-not-assessable", "/outcomes/"+string(outcome.ID)+"/statement/"+string(tag), "verb", verb)
			}
		}
	}
}

// vagueVerb answers the first verb that cannot be assessed where the statement's verb stands, or "".
func vagueVerb(tag, statement string) string {
	base := baseLanguage(tag)
	words := strings.FieldsFunc(statement, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
	candidates := words[:min(verbFirst, len(words))]
	if (base == "de" || base == "nl") && len(words) > verbFirst {
		candidates = slices.Concat(candidates, words[max(verbFirst, len(words)-verbLast):])
	}
	for _, word := range candidates {
		if slices.Contains(vagueVerbs[base], strings.ToLower(word)) {
			return word
		}
	}
	return ""
}
