package graph_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/graph"
)

func TestVariablesAreReadAsTheirTypesWantThem(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	const echo = `query($c: Choice, $t: String, $n: Int, $r: Float, $f: Boolean, $k: Color) {
		echo(choice: $c, text: $t, number: $n, ratio: $r, flag: $f, color: $k)
	}`
	const count = `query($i: [ID!], $f: Filter, $s: [Filter!]) { count(ids: $i, filter: $f, filters: $s) }`
	const touch = `mutation($in: TouchInput!) { touch(input: $in) { id times } }`
	cases := []struct {
		name, query, variables, data, reason, field string
	}{
		{"every scalar", echo, `{"t":"x","n":3,"r":2,"f":true,"k":"RED"}`, `{"echo":"false x 3 2 true RED"}`, "", ""},
		{"nulls", echo, `{"t":null,"n":null,"r":null,"f":null,"k":null,"c":null}`, `{"echo":"false  0 0 false "}`, "", ""},
		{"a whole number with a fraction of nought", echo, `{"n":3.0}`, `{"echo":"false  3 0 false "}`, "", ""},
		{"values that nothing is declared for", echo, `{"x":[1]}`, `{"echo":"false  0 0 false "}`, "", ""},
		{"one of a choice", echo, `{"c":{"slug":"x"}}`, `{"echo":"true  0 0 false "}`, "", ""},
		{"both of a choice", echo, `{"c":{"slug":"x","id":"y"}}`, "", "not-one-of", "c"},
		{"both of a choice, one null", echo, `{"c":{"slug":"x","id":null}}`, "", "not-one-of", "c"},
		{"a choice of null", echo, `{"c":{"slug":null}}`, "", "not-one-of", "c"},
		{"none of a choice", echo, `{"c":{}}`, "", "not-one-of", "c"},
		{"both of a choice deep down", count, `{"f":{"and":[{"and":[{"choice":{"slug":"x","id":"y"}}]}]}}`, "", "not-one-of", "f.and[0].and[0].choice"},
		{"a number as a text", echo, `{"t":1}`, "", "value-type", "t"},
		{"a text as a number", echo, `{"n":"1"}`, "", "value-type", "n"},
		{"a fraction as a whole number", echo, `{"n":1.5}`, "", "value-type", "n"},
		{"a number of more than 32 bits", echo, `{"n":2147483648}`, "", "value-type", "n"},
		{"a number of more than 64 bits", echo, `{"n":92233720368547758070}`, "", "value-type", "n"},
		{"a text as a fraction", echo, `{"r":"1"}`, "", "value-type", "r"},
		{"a number as a truth", echo, `{"f":1}`, "", "value-type", "f"},
		{"a colour that is not listed", echo, `{"k":"BLUE"}`, "", "value-not-listed", "k"},
		{"a colour in lower case", echo, `{"k":"red"}`, "", "value-not-listed", "k"},
		{"a list as a text", echo, `{"t":["x"]}`, "", "value-type", "t"},
		{"ids that are numbers", count, `{"i":[1,"2"]}`, `{"count":2}`, "", ""},
		{"one id for a list", count, `{"i":"1"}`, `{"count":1}`, "", ""},
		{"a null within a list", count, `{"i":["1",null]}`, "", "value-missing", "i[1]"},
		{"one object for a list", count, `{"s":{"text":"x"}}`, `{"count":1}`, "", ""},
		{"a text for an object", count, `{"f":"x"}`, "", "value-type", "f"},
		{"an unknown field", count, `{"s":[{"text":"x"},{"txt":"x"}]}`, "", "field-unknown", "s[1]"},
		{"an input with its default", touch, `{"in":{"id":"x"}}`, `{"touch":{"id":"x","times":1}}`, "", ""},
		{"an input without what it needs", touch, `{"in":{"times":2}}`, "", "value-missing", "in.id"},
		{"an input with a null", touch, `{"in":{"id":null}}`, "", "value-missing", "in.id"},
		{"no input", touch, `{}`, "", "value-missing", "in"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := ask(t, h, c.query, c.variables)
			if c.reason == "" {
				assert.JSONEq(t, c.data, string(got.Data), "%s", got.body)
				return
			}
			assert.Equal(t, 400, got.status, "%s", got.body)
			assert.Equal(t, "INVALID", got.code(t))
			assert.Equal(t, c.reason, got.reason())
			assert.Equal(t, c.field, got.Errors[0].Extensions["field"])
		})
	}
}

func TestTwoKeysOfAChoiceAreRefusedInTheDocumentToo(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	for _, query := range []string{
		`{ echo(choice: {id: "x", slug: "y"}) }`,
		`{ echo(choice: {}) }`,
		`{ echo(choice: {id: null}) }`,
		`query($i: ID) { echo(choice: {id: $i}) }`,
		`query($c: Choice = {id: "x", slug: "y"}) { echo(choice: $c) }`,
	} {
		got := ask(t, h, query, "")
		assert.Equal(t, "INVALID", got.code(t), query)
	}
}
