package governance_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// mutator makes a document another valid one, element by element, by a seeded chance.
type mutator struct {
	rng    *rand.Rand
	prefix string // of the ids of elements made
	count  int    // of elements made
}

func mutated(t testing.TB, rng *rand.Rand, d governance.Document) governance.Document {
	t.Helper()
	m := &mutator{rng: rng, prefix: []string{"m", "n"}[rng.IntN(2)]}
	copied := roundTrip(t, d)
	m.change(reflect.ValueOf(&copied).Elem())
	return roundTrip(t, copied)
}

// roundTrip answers the document in the form that ParseDocument answers.
func roundTrip(t testing.TB, d governance.Document) governance.Document {
	t.Helper()
	data, err := json.Marshal(d)
	require.NoError(t, err)
	parsed, err := governance.ParseDocument(data)
	require.NoError(t, err, "%s", data)
	return parsed
}

func (m *mutator) chance(percent int) bool { return m.rng.IntN(100) < percent }

func (m *mutator) change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "ID" && name != "Languages" {
				m.change(v.Field(i))
				if m.chance(3) {
					v.Field(i).SetZero()
				}
			}
		}
	case reflect.Map:
		m.text(v)
	case reflect.Slice:
		m.list(v)
	case reflect.Int:
		if m.chance(20) {
			v.SetInt(int64(m.rng.IntN(9)))
		}
	case reflect.String:
		if m.chance(20) {
			v.SetString(m.word(v.Type()))
		}
	}
}

func (m *mutator) text(v reflect.Value) {
	text := governance.Text{}
	for _, tag := range []string{"en", "de"} {
		if old := v.MapIndex(reflect.ValueOf(tag)); old.IsValid() && m.chance(80) {
			text[tag] = old.String()
		} else if m.chance(50) {
			text[tag] = fmt.Sprintf("words %d", m.rng.IntN(50))
		}
	}
	v.Set(reflect.ValueOf(text))
}

func (m *mutator) list(v reflect.Value) {
	var kept []reflect.Value
	for i := range v.Len() {
		m.change(v.Index(i))
		if m.chance(85) {
			kept = append(kept, v.Index(i))
		}
	}
	for m.chance(30) {
		fresh := reflect.New(v.Type().Elem()).Elem()
		m.change(fresh)
		m.name(fresh)
		kept = append(kept, fresh)
	}
	if m.chance(40) {
		m.rng.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
	}
	list, seen := reflect.MakeSlice(v.Type(), 0, len(kept)), map[string]bool{}
	for _, element := range kept {
		if id := nameOf(element); !seen[id] {
			seen[id] = true
			list = reflect.Append(list, element)
		}
	}
	v.Set(list)
}

// name gives a fresh element an id of its own.
func (m *mutator) name(fresh reflect.Value) {
	m.count++
	switch {
	case fresh.Kind() == reflect.String:
		fresh.SetString(m.word(fresh.Type()))
	case fresh.Type() == reflect.TypeFor[governance.Concept]():
		fresh.FieldByName("ID").SetString(fmt.Sprintf("https://vocabulary.example/%s~%d", m.prefix, m.count))
	default:
		fresh.FieldByName("ID").SetString(fmt.Sprintf("%s%d", m.prefix, m.count))
	}
}

func nameOf(element reflect.Value) string {
	if element.Kind() == reflect.String {
		return element.String()
	}
	return element.FieldByName("ID").String()
}

// word answers a valid word of the type.
func (m *mutator) word(t reflect.Type) string {
	pick := func(words any) string {
		list := reflect.ValueOf(words)
		return list.Index(m.rng.IntN(list.Len())).String()
	}
	for _, words := range []any{governance.OutcomeKinds, governance.WorkloadKinds, governance.Cycles, governance.Supervisions,
		governance.IdentityChecks, governance.Modes, governance.QualityFrameworks, governance.StackKinds, governance.EvidenceKinds} {
		if reflect.TypeOf(words).Elem() == t {
			return pick(words)
		}
	}
	n := m.rng.IntN(90) + 10
	switch t {
	case reflect.TypeFor[governance.Decimal]():
		return fmt.Sprintf("%d.5", n)
	case reflect.TypeFor[governance.Date]():
		return fmt.Sprintf("20%d-01-31", n)
	case reflect.TypeFor[governance.URI]():
		return fmt.Sprintf("https://n%d.example/a~b", n)
	case reflect.TypeFor[governance.CountryCode]():
		return pick([]string{"LT", "DE", "EL"})
	case reflect.TypeFor[governance.Digest]():
		return fmt.Sprintf("sha256:%064d", n)
	default:
		return fmt.Sprintf("w%d", n)
	}
}
