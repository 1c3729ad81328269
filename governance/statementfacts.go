package governance

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// MostDissentCharacters bounds a minority statement: it is shown whole with what it dissents from.
const MostDissentCharacters = 5000

// StatementFacts are what a statement says besides its words; which of them belong to it follows from its kind.
type StatementFacts struct {
	Framework    string  `json:"framework,omitempty"`    // of qualifications: "DQR"
	Level        string  `json:"level,omitempty"`        // as the framework writes it: "4", "6A"
	Credits      Decimal `json:"credits,omitempty"`      // that count
	System       string  `json:"system,omitempty"`       // of the credits: "ECTS"
	Target       URI     `json:"target,omitempty"`       // into, from, of or to what
	TargetDigest Digest  `json:"targetDigest,omitempty"` // of the exact text there
	URI          URI     `json:"uri,omitempty"`          // where the decision or the entry in a register can be read
}

// whatAbout says whether a kind of statement is about an offer.
type whatAbout int

const (
	aboutText whatAbout = iota
	aboutEither
	aboutOffer
)

// statementRule is what a kind of statement needs and may have, and who gives it.
type statementRule struct {
	by    []Chamber // empty: any active organization
	about whatAbout
	words bool     // that it says something in words of its own
	needs []string // facts by their names
	may   []string
}

// who runs what a credential leads into, and who watches over it
var (
	authorities = []Chamber{ChamberPublicAuthority, ChamberQualityAgency, ChamberSkillsCouncil}
	recognisers = append(authorities[:3:3], ChamberProvider, ChamberProfessionalBody)
)

// statementRules say of each kind, but ENDORSEMENT, which is asked for, what it takes.
var statementRules = map[StatementKind]statementRule{
	StatementRecognition:   {about: aboutEither, may: []string{"uri"}},
	StatementNqfInclusion:  {by: authorities, needs: []string{"framework", "level"}, may: []string{"uri"}},
	StatementCreditTowards: {by: recognisers, needs: []string{"credits", "system", "target"}, may: []string{"targetDigest", "uri"}},
	StatementExemption:     {by: recognisers, needs: []string{"target"}, may: []string{"uri"}},
	StatementLicencePart:   {by: append(authorities[:3:3], ChamberProfessionalBody), needs: []string{"target"}, may: []string{"uri"}},
	StatementAccreditation: {by: authorities, about: aboutOffer, may: []string{"uri"}},
	StatementEquivalence:   {by: recognisers, needs: []string{"target"}, may: []string{"targetDigest", "uri"}},
	StatementOpinion:       {about: aboutEither, words: true, may: []string{"uri"}},
	StatementDissent:       {words: true},
}

// GivenBy says whether a body of a chamber, or the council itself, may give a statement of the kind; an empty chamber is
// that of an organization that is not on the council's roll.
func (k StatementKind) GivenBy(chamber Chamber) bool {
	rule := statementRules[k]
	return len(rule.by) == 0 || slices.Contains(rule.by, chamber)
}

// Givers lists the chambers whose bodies give a statement of the kind; empty: any active organization.
func (k StatementKind) Givers() []Chamber { return statementRules[k].by }

// Said is a statement as it is about to be given.
type Said struct {
	Kind  StatementKind
	Words string
	Offer bool // it is about an offer
	Facts StatementFacts
}

// Check refuses a statement whose kind does not fit what it says, as INVALID at the field of its input.
func (s Said) Check() *Error {
	rule, known := statementRules[s.Kind]
	switch {
	case !known:
		return Invalid("input.kind", "kind-not-given", "An endorsement is asked for, and given with giveEndorsement.")
	case s.Offer && rule.about == aboutText:
		return Invalid("input.offer", "field-unfitting", "A statement {kind} is about the text, not about an offer.", "kind", string(s.Kind))
	case !s.Offer && rule.about == aboutOffer:
		return Invalid("input.offer", "field-missing", "A statement {kind} names the offer that it is about.", "kind", string(s.Kind))
	case rule.words && strings.TrimSpace(s.Words) == "":
		return Invalid("input.words", "text-missing", "Something must be said here.")
	case s.Kind == StatementDissent && utf8.RuneCountInString(s.Words) > MostDissentCharacters:
		return Invalid("input.words", "text-too-long", "A minority statement has at most {most} characters.", "most", "5000")
	}
	for _, fact := range s.Facts.named() {
		field := "input." + fact.name
		switch {
		case fact.value == "" && slices.Contains(rule.needs, fact.name):
			return Invalid(field, "field-missing", "A statement {kind} says this.", "kind", string(s.Kind))
		case fact.value != "" && !slices.Contains(rule.needs, fact.name) && !slices.Contains(rule.may, fact.name):
			return Invalid(field, "field-unfitting", "A statement {kind} does not say this.", "kind", string(s.Kind))
		}
	}
	return s.Facts.wellFormed()
}

// namedFact is one of the facts with the name of its field.
type namedFact struct{ name, value string }

func (f StatementFacts) named() []namedFact {
	return []namedFact{
		{"framework", f.Framework}, {"level", f.Level}, {"credits", string(f.Credits)}, {"system", f.System},
		{"target", string(f.Target)}, {"targetDigest", string(f.TargetDigest)}, {"uri", string(f.URI)},
	}
}

// mostFactCharacters bounds a framework's, a level's or a credit system's name.
const mostFactCharacters = 200

func (f StatementFacts) wellFormed() *Error {
	for _, fact := range f.named() {
		if fact.name == "target" || fact.name == "uri" {
			continue // checked as URIs
		}
		if utf8.RuneCountInString(fact.value) > mostFactCharacters || checkControls(fact.value, "") != nil {
			return Invalid("input."+fact.name, "name-malformed", "This is one line of at most {most} characters.", "most", "200")
		}
	}
	switch {
	case f.Credits != "" && f.Credits.Rat() == nil:
		return Invalid("input.credits", "not-a-decimal", "Credits are a number such as 2.5.")
	case f.Target != "" && !f.Target.Valid():
		return Invalid("input.target", "not-a-uri", "This is no address that begins with https:, http:, urn: or did:.")
	case f.URI != "" && !f.URI.Valid():
		return Invalid("input.uri", "not-a-uri", "This is no address that begins with https:, http:, urn: or did:.")
	case f.TargetDigest != "" && !digestForm.MatchString(string(f.TargetDigest)):
		return Invalid("input.targetDigest", "not-a-digest", "A digest looks like sha256: and 64 hexadecimal digits.")
	}
	return nil
}

// ParseStatementFacts reads stored facts.
func ParseStatementFacts(data []byte) (StatementFacts, error) {
	var facts StatementFacts
	return facts, json.Unmarshal(data, &facts)
}
