package scalar

import (
	"github.com/99designs/gqlgen/graphql"

	"concordat/governance"
)

// word writes a word, and null for the empty one, which says nothing.
func word[T ~string](w T) graphql.Marshaler {
	if w == "" {
		return graphql.Null
	}
	return graphql.MarshalString(string(w))
}

func unword[T ~string](v any) (T, error) {
	text, err := graphql.UnmarshalString(v)
	return T(text), err
}

// MarshalDecimal writes an exact number, null where there is none.
func MarshalDecimal(v governance.Decimal) graphql.Marshaler { return word(v) }

// UnmarshalDecimal reads an exact number.
func UnmarshalDecimal(v any) (governance.Decimal, error) { return unword[governance.Decimal](v) }

// MarshalDate writes a calendar day, null where there is none.
func MarshalDate(v governance.Date) graphql.Marshaler { return word(v) }

// UnmarshalDate reads a calendar day.
func UnmarshalDate(v any) (governance.Date, error) { return unword[governance.Date](v) }

// MarshalDigest writes a digest, null where there is none.
func MarshalDigest(v governance.Digest) graphql.Marshaler { return word(v) }

// UnmarshalDigest reads a digest.
func UnmarshalDigest(v any) (governance.Digest, error) { return unword[governance.Digest](v) }

// MarshalURI writes an address, null where there is none.
func MarshalURI(v governance.URI) graphql.Marshaler { return word(v) }

// UnmarshalURI reads an address.
func UnmarshalURI(v any) (governance.URI, error) { return unword[governance.URI](v) }

// MarshalOutcomeKind writes a kind of outcome, null where there is none.
func MarshalOutcomeKind(v governance.OutcomeKind) graphql.Marshaler { return word(v) }

// UnmarshalOutcomeKind reads a kind of outcome.
func UnmarshalOutcomeKind(v any) (governance.OutcomeKind, error) {
	return unword[governance.OutcomeKind](v)
}

// MarshalCycle writes a cycle, null where there is none.
func MarshalCycle(v governance.Cycle) graphql.Marshaler { return word(v) }

// UnmarshalCycle reads a cycle.
func UnmarshalCycle(v any) (governance.Cycle, error) { return unword[governance.Cycle](v) }

// MarshalSupervision writes a supervision, null where there is none.
func MarshalSupervision(v governance.Supervision) graphql.Marshaler { return word(v) }

// UnmarshalSupervision reads a supervision.
func UnmarshalSupervision(v any) (governance.Supervision, error) {
	return unword[governance.Supervision](v)
}

// MarshalIdentityCheck writes an identity check, null where there is none.
func MarshalIdentityCheck(v governance.IdentityCheck) graphql.Marshaler { return word(v) }

// UnmarshalIdentityCheck reads an identity check.
func UnmarshalIdentityCheck(v any) (governance.IdentityCheck, error) {
	return unword[governance.IdentityCheck](v)
}

// MarshalQualityFramework writes a framework, null where there is none.
func MarshalQualityFramework(v governance.QualityFramework) graphql.Marshaler { return word(v) }

// UnmarshalQualityFramework reads a framework.
func UnmarshalQualityFramework(v any) (governance.QualityFramework, error) {
	return unword[governance.QualityFramework](v)
}

// MarshalStackKind writes a stackability, null where there is none.
func MarshalStackKind(v governance.StackKind) graphql.Marshaler { return word(v) }

// UnmarshalStackKind reads a stackability.
func UnmarshalStackKind(v any) (governance.StackKind, error) { return unword[governance.StackKind](v) }

// MarshalTranslationStatus writes what a translation is worth, null for a text that is authentic.
func MarshalTranslationStatus(v governance.TranslationStatus) graphql.Marshaler { return word(v) }

// UnmarshalTranslationStatus reads what a translation is worth.
func UnmarshalTranslationStatus(v any) (governance.TranslationStatus, error) {
	return unword[governance.TranslationStatus](v)
}
