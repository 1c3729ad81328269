package layout

import (
	"net/http"

	"golang.org/x/text/language"
)

// LanguagesAsked lists the languages that a reader asks for, the most wanted first: the address's own, then those of the
// browser. What is no language is passed over.
func LanguagesAsked(r *http.Request) []string {
	var asked []string
	if tag, err := language.Parse(r.URL.Query().Get("lang")); err == nil {
		asked = append(asked, tag.String())
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return asked
	}
	for _, tag := range tags {
		asked = append(asked, tag.String())
	}
	return asked
}
