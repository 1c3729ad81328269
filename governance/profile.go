package governance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ProfileSchema is the first member of every stored profile.
const ProfileSchema = "concordat/profile/1"

// Profile says what a document must have to be consulted and voted on. It is data: a country or a council may have its
// own, and a ballot's record freezes the one that it used.
type Profile struct {
	ID              string         `json:"id,omitempty"`      // "eu"
	Version         string         `json:"version,omitempty"` // "1"
	Title           Text           `json:"title,omitempty"`
	Required        []string       `json:"required,omitempty"`        // element paths; "*" stands for every element of a list
	Recommended     []string       `json:"recommended,omitempty"`     // likewise; missing ones are warnings
	Languages       []LanguageTag  `json:"languages,omitempty"`       // that must be among the authentic ones
	CreditSystems   []CreditSystem `json:"creditSystems,omitempty"`   // that a document may use
	CredentialTypes []URI          `json:"credentialTypes,omitempty"` // allowed ones; none: any
}

// CreditSystem says how much work a credit is.
type CreditSystem struct {
	ID           ElementID `json:"id,omitempty"`           // as Credit.System has it: "ECTS"
	MinimumHours Decimal   `json:"minimumHours,omitempty"` // a credit; none: hours are not compared
	MaximumHours Decimal   `json:"maximumHours,omitempty"`
}

// euProfileID is the profile whose required elements are Annex I's.
const euProfileID = "eu"

// EUProfile is the profile of Council Recommendation 2022/C 243/02: Annex I's mandatory elements and ECTS at 25 to 30
// hours a credit. ECVET points have no fixed hours.
func EUProfile() Profile {
	return Profile{
		ID:      euProfileID,
		Version: "1",
		Title:   Text{"en": "Micro-credentials of the European Union"},
		Required: []string{
			"/title",
			"/outcomes", "/outcomes/*/statement", "/outcomes/*/kind",
			"/workload/hours", "/workload/credits/*/system", "/workload/credits/*/points",
			"/workload/split/*/kind", "/workload/split/*/hours",
			"/level/eqf", "/level/nqf/*/country", "/level/nqf/*/framework", "/level/nqf/*/level",
			"/assessments", "/assessments/*/type",
			"/participation/modes",
			"/qualityAssurance", "/qualityAssurance/*/framework",
		},
		Recommended: []string{
			"/summary", "/plainLanguageSummary", "/workload/credits", "/assessments/*/description",
			"/assessments/*/supervision", "/assessments/*/identityCheck", "/prerequisites", "/stackability/kind",
			"/classification/iscedf",
		},
		CreditSystems: []CreditSystem{
			{ID: CreditECTS, MinimumHours: "25", MaximumHours: "30"},
			{ID: CreditECVET},
		},
	}
}

// ParseProfile reads a profile from JSON, {"schema":"concordat/profile/1","text":{...}}, as strictly as a document, and
// refuses paths that lead nowhere. Errors are INVALID with the path in Field.
func ParseProfile(data []byte) (Profile, error) {
	tree, err := parseTree(data)
	if err != nil {
		return Profile{}, err
	}
	text, err := unwrap(tree, ProfileSchema)
	if err != nil {
		return Profile{}, err
	}
	var profile Profile
	if err := (strictDecoder{}).decode(reflect.ValueOf(&profile).Elem(), text, ""); err != nil {
		return Profile{}, err
	}
	for _, list := range []struct {
		at    string
		paths []string
	}{{"/required/", profile.Required}, {"/recommended/", profile.Recommended}} {
		for _, path := range list.paths {
			if !isElementPattern(path) {
				return Profile{}, Invalid(list.at+escapeSegment(path), "unknown-element", "A document has no element {path}.", "path", path)
			}
		}
	}
	return profile, checkCreditSystems(profile.CreditSystems)
}

func checkCreditSystems(systems []CreditSystem) error {
	for _, system := range systems {
		least, most := system.MinimumHours.Rat(), system.MaximumHours.Rat()
		if least != nil && most != nil && least.Cmp(most) > 0 {
			return Invalid("/creditSystems/"+string(system.ID), "hours-crossed", "The minimum of hours a credit is above the maximum.")
		}
	}
	return nil
}

// isElementPattern says whether a document has elements at the path, in which "*" stands for an element of a list.
func isElementPattern(path string) bool {
	if !strings.HasPrefix(path, "/") {
		return false
	}
	at := reflect.TypeFor[Document]()
	for segment := range strings.SplitSeq(path[1:], "/") {
		switch at.Kind() {
		case reflect.Struct:
			i := slices.Index(memberNames(at), segment)
			if i < 0 {
				return false
			}
			at = at.Field(i).Type
		case reflect.Slice:
			if segment != "*" {
				return false
			}
			at = at.Elem()
		default:
			return false
		}
	}
	return true
}

// MarshalJSON writes the profile as ParseProfile reads it.
func (p Profile) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(map[string]any{"schema": ProfileSchema, "text": treeOf(reflect.ValueOf(p))})
	if err != nil {
		return nil, fmt.Errorf("encode profile: %w", err)
	}
	return data, nil
}

// UnmarshalJSON is ParseProfile.
func (p *Profile) UnmarshalJSON(data []byte) error {
	parsed, err := ParseProfile(data)
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
