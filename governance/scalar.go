package governance

import (
	"math/big"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// fault says what is wrong with one word, before it is known where the word stands.
type fault struct {
	reason, message string
	pairs           []string
}

func (f *fault) at(path string) error {
	return Invalid(path, f.reason, f.message, f.pairs...)
}

func newFault(reason, message string, pairs ...string) *fault {
	return &fault{reason, message, pairs}
}

var (
	elementIDForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	decimalForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$`)
	digestForm    = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	countryForm   = regexp.MustCompile(`^[A-Z]{2}$`)
	currencyForm  = regexp.MustCompile(`^[A-Z]{3}$`)
	// Language, script, region, variants, each in the case that BCP 47 recommends, so that one language has one name.
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$`)
)

// scalarRules holds, for each named string type, what its words must look like.
var scalarRules = map[reflect.Type]func(string) *fault{
	reflect.TypeFor[ElementID]():        form(elementIDForm, "not-an-id", "{value} is not an id: 1 to 64 letters, digits, dots, hyphens, underscores."),
	reflect.TypeFor[Decimal]():          form(decimalForm, "not-a-decimal", "{value} is not a decimal number such as 2.5."),
	reflect.TypeFor[Digest]():           form(digestForm, "not-a-digest", "{value} is not a digest: sha256: and 64 hexadecimal digits in lower case."),
	reflect.TypeFor[CountryCode]():      form(countryForm, "not-a-country", "{value} is not a country's two letters in capitals."),
	reflect.TypeFor[CurrencyCode]():     form(currencyForm, "not-a-currency", "{value} is not a currency's three letters in capitals."),
	reflect.TypeFor[LanguageTag]():      checkLanguage,
	reflect.TypeFor[Date]():             checkDate,
	reflect.TypeFor[URI]():              checkURI,
	reflect.TypeFor[OutcomeKind]():      oneOf(OutcomeKinds),
	reflect.TypeFor[WorkloadKind]():     oneOf(WorkloadKinds),
	reflect.TypeFor[Cycle]():            oneOf(Cycles),
	reflect.TypeFor[Supervision]():      oneOf(Supervisions),
	reflect.TypeFor[IdentityCheck]():    oneOf(IdentityChecks),
	reflect.TypeFor[Mode]():             oneOf(Modes),
	reflect.TypeFor[QualityFramework](): oneOf(QualityFrameworks),
	reflect.TypeFor[StackKind]():        oneOf(StackKinds),
	reflect.TypeFor[EvidenceKind]():     oneOf(EvidenceKinds),
}

func form(pattern *regexp.Regexp, reason, message string) func(string) *fault {
	return func(word string) *fault {
		if pattern.MatchString(word) {
			return nil
		}
		return newFault(reason, message, "value", word)
	}
}

func oneOf[T ~string](words []T) func(string) *fault {
	return func(word string) *fault {
		if slices.Contains(words, T(word)) {
			return nil
		}
		all := make([]string, len(words))
		for i, w := range words {
			all[i] = string(w)
		}
		return newFault("unknown-word", "{value} is none of {words}.", "value", word, "words", strings.Join(all, ", "))
	}
}

func checkLanguage(tag string) *fault {
	if len(tag) <= 35 && languageForm.MatchString(tag) {
		return nil
	}
	return newFault("not-a-language", `{value} is not a language tag written as in "de", "de-AT" or "sr-Latn".`, "value", tag)
}

func checkDate(word string) *fault {
	if _, err := time.Parse(time.DateOnly, word); err != nil {
		return newFault("not-a-date", "{value} is not a date such as 2026-12-31.", "value", word)
	}
	return nil
}

// uriSchemes are those that a reader can follow without harm: pages make links of URIs.
var uriSchemes = []string{"https", "http", "urn", "did"}

func checkURI(word string) *fault {
	u, err := url.Parse(word)
	if err != nil || !slices.Contains(uriSchemes, u.Scheme) || u.Host == "" && u.Opaque == "" || strings.ContainsAny(word, " <>\"") {
		return newFault("not-a-uri", "{value} is not an address that begins with https:, http:, urn: or did:.", "value", word)
	}
	return nil
}

func checkControls(word, allowed string) *fault {
	for _, r := range word {
		if unicode.IsControl(r) && !strings.ContainsRune(allowed, r) {
			return newFault("control-character", "The value holds a control character.")
		}
	}
	return nil
}

// baseLanguage is the language without script, region and variants.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

// Valid says whether a document takes the URI.
func (u URI) Valid() bool {
	return checkURI(string(u)) == nil && utf8.RuneCountInString(string(u)) <= MaxNameCharacters && checkControls(string(u), "") == nil
}

// Valid says whether a document takes the tag.
func (t LanguageTag) Valid() bool { return checkLanguage(string(t)) == nil }

// Valid says whether d is a day of the calendar.
func (d Date) Valid() bool { return checkDate(string(d)) == nil }

// Rat is the exact value; nil where d is no decimal.
func (d Decimal) Rat() *big.Rat {
	if !decimalForm.MatchString(string(d)) {
		return nil
	}
	value, _ := new(big.Rat).SetString(string(d))
	return value
}
