package governance

import "slices"

// Vocabulary is a vocabulary as its publisher's files say it, or an excerpt of one.
type Vocabulary struct {
	Scheme  Scheme `json:"scheme"`
	Version string `json:"version"` // as its publisher calls it: "1.2.0"
	Excerpt bool   `json:"excerpt"` // whether a code that is not in it may exist all the same
	Terms   []Term `json:"terms"`   // each URI once
}

// Term is a concept of a vocabulary.
type Term struct {
	URI      URI                 `json:"uri"`
	Kind     string              `json:"kind,omitempty"`     // as its vocabulary calls it: "skill/competence", "knowledge"
	Code     string              `json:"code,omitempty"`     // notation: "0713", "43.22"
	Labels   map[string][]string `json:"labels"`             // by language: the preferred one, then the others
	Broader  []URI               `json:"broader,omitempty"`  // what it is a part or a kind of
	Obsolete bool                `json:"obsolete,omitempty"` // whether it is to be chosen no more
	EQF      int                 `json:"eqf,omitempty"`      // to which a level of a national framework is referenced; 0: not known
}

// The kinds of the terms that only say where others belong: they are not chosen.
const (
	TermSkillGroup      = "SkillGroup"
	TermOccupationGroup = "ISCOGroup"
)

// Groups says whether the term only says where others belong.
func (t Term) Groups() bool { return t.Kind == TermSkillGroup || t.Kind == TermOccupationGroup }

// Label answers what the term is called in the language asked for, else in its base language, else in English, else in the
// first of its languages; and which of them it is.
func (t Term) Label(language string) (words, used string) {
	preferred := t.Preferred()
	if words, used := preferred.In(language, "en"); used != "" {
		return words, used
	}
	first := ""
	for tag := range preferred {
		if first == "" || tag < first {
			first = tag
		}
	}
	return preferred[first], first
}

// Preferred answers the preferred label in each language.
func (t Term) Preferred() Text {
	text := Text{}
	for tag, labels := range t.Labels {
		if len(labels) > 0 {
			text[tag] = labels[0]
		}
	}
	return text
}

// Known says whether there is such a scheme.
func (s Scheme) Known() bool { return slices.Contains(Schemes, s) }
