// Package scalar writes and reads the API's own scalars, and the enums that governance leaves empty where nothing is
// said: those are null in the API.
package scalar

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"concordat/governance"
)

// MarshalDateTime writes an instant in UTC.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = w.Write(t.UTC().AppendFormat([]byte{'"'}, `2006-01-02T15:04:05.999999Z"`))
	})
}

// UnmarshalDateTime reads an instant as RFC 3339 writes it, in any zone.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, governance.Invalid("", "not-an-instant", "An instant is a string such as 2026-11-23T12:00:00Z.")
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, governance.Invalid("", "not-an-instant", "{value} is not an instant such as 2026-11-23T12:00:00Z.",
			"value", strconv.Quote(text))
	}
	return t.UTC(), nil
}

// MarshalPositiveInt writes a number above zero, and null for zero, which says nothing.
func MarshalPositiveInt(n int) graphql.Marshaler {
	if n == 0 {
		return graphql.Null
	}
	return graphql.MarshalInt(n)
}

// UnmarshalPositiveInt reads a whole number above zero.
func UnmarshalPositiveInt(v any) (int, error) {
	n, err := graphql.UnmarshalInt(v)
	if err != nil || n < 1 {
		return 0, governance.Invalid("", "not-positive", "A whole number above zero is needed.")
	}
	return n, nil
}

// MarshalText writes a language map, and null for one that says nothing.
func MarshalText(t governance.Text) graphql.Marshaler {
	if len(t) == 0 {
		return graphql.Null
	}
	return marshalJSON(t)
}

// UnmarshalText reads a language map.
func UnmarshalText(v any) (governance.Text, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, governance.Invalid("", "not-a-text", "A text is an object from language tag to words.")
	}
	text := make(governance.Text, len(object))
	for language, words := range object {
		if text[language], ok = words.(string); !ok {
			return nil, governance.Invalid(language, "not-a-text", "A text is an object from language tag to words.")
		}
	}
	return text, nil
}

// MarshalDocumentJSON writes a document as it is stored, but for the order of members.
func MarshalDocumentJSON(d governance.Document) graphql.Marshaler { return marshalJSON(d) }

// UnmarshalDocumentJSON reads a document strictly; errors name the path in it.
func UnmarshalDocumentJSON(v any) (governance.Document, error) {
	return read(v, governance.ParseDocument)
}

// MarshalOfferJSON writes an offer's facts as they are stored, but for the order of members.
func MarshalOfferJSON(f governance.OfferFacts) graphql.Marshaler { return marshalJSON(f) }

// UnmarshalOfferJSON reads an offer's facts strictly; errors name the path in them.
func UnmarshalOfferJSON(v any) (governance.OfferFacts, error) {
	return read(v, governance.ParseOfferFacts)
}

// MarshalCharterJSON writes a charter.
func MarshalCharterJSON(c governance.Charter) graphql.Marshaler { return marshalJSON(c) }

// UnmarshalCharterJSON reads a charter strictly; errors name the path in it.
func UnmarshalCharterJSON(v any) (governance.Charter, error) {
	return read(v, governance.ParseCharter)
}

// MarshalJSON writes any value that encodes as JSON.
func MarshalJSON(v any) graphql.Marshaler { return marshalJSON(v) }

// UnmarshalJSON takes a value as it came.
func UnmarshalJSON(v any) (any, error) { return v, nil }

func read[T any](v any, parse func([]byte) (T, error)) (T, error) {
	var none T
	if _, ok := v.(map[string]any); !ok {
		return none, governance.Invalid("", "not-an-object", "A JSON object is needed.")
	}
	data, err := json.Marshal(v)
	if err != nil {
		return none, fmt.Errorf("encode JSON argument: %w", err)
	}
	return parse(data)
}

func marshalJSON(v any) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		data, err := json.Marshal(v)
		if err != nil { // only a value of ours that no JSON can hold: a slip, shown as such
			panic(fmt.Sprintf("encode %T: %v", v, err))
		}
		_, _ = w.Write(data)
	})
}

// MarshalRule writes a ballot's rule.
func MarshalRule(r governance.Rule) graphql.Marshaler { return marshalJSON(r) }

// UnmarshalRule reads a ballot's rule strictly.
func UnmarshalRule(v any) (governance.Rule, error) { return read(v, governance.ParseRule) }

// MarshalTallyRecord writes a tally record.
func MarshalTallyRecord(r governance.TallyRecord) graphql.Marshaler { return marshalJSON(r) }

// UnmarshalTallyRecord reads a tally record strictly.
func UnmarshalTallyRecord(v any) (governance.TallyRecord, error) {
	return read(v, governance.ParseTallyRecord)
}

// MarshalParams writes what fills the blanks of a message; no blanks are an empty object.
func MarshalParams(p map[string]string) graphql.Marshaler {
	if p == nil {
		p = map[string]string{}
	}
	return marshalJSON(p)
}

// UnmarshalParams reads what fills the blanks of a message.
func UnmarshalParams(v any) (map[string]string, error) {
	params := map[string]string{}
	object, ok := v.(map[string]any)
	for name, value := range object {
		if params[name], ok = value.(string); !ok {
			break
		}
	}
	if !ok {
		return nil, governance.Invalid("", "not-params", "An object of strings is needed.")
	}
	return params, nil
}

// MarshalRaw writes JSON as it stands, null where there is none.
func MarshalRaw(raw json.RawMessage) graphql.Marshaler {
	if len(raw) == 0 {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(raw) })
}

// UnmarshalRaw takes any JSON.
func UnmarshalRaw(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode JSON argument: %w", err)
	}
	return raw, nil
}
