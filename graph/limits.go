package graph

import (
	"strconv"
	"strings"
	"time"

	"concordat/governance"
)

// Limits are what one request may ask for. A zero value stands for the default, which is written beside it: with the
// defaults no request costs more than 100 ms of one core, short of what a resolver's own statements cost.
type Limits struct {
	Body       int64         // bytes of a request's body: 2 MB
	Document   int           // bytes of its GraphQL text: 128 KiB
	Tokens     int           // of that text: 4,000
	Operations int           // in a document: 20
	Fragments  int           // in a document: 64
	Spreads    int           // of fragments, inline ones too: 300
	Fields     int           // with every fragment written out: 2,000
	Depth      int           // of fields in fields: 12
	SchemaView int           // depth below __schema and __type, for introspection: 16
	Nesting    int           // of lists and objects written in the document: 32
	Aliases    int           // fields under another name: 30
	Roots      int           // fields of Query, Mutation or Subscription in an operation: 20
	Directives int           // in a document: 60
	Variables  int           // of an operation: 50
	Overlaps   int           // pairs of fields with one response name that have to be compared: 40,000
	Steps      int           // of the validation: fields seen again from each operation and fragment: 15,000
	Values     int           // in the request's JSON, lists' elements and objects' fields each counted: 20,000
	Cost       int           // fields in the answer, were every list full: 25,000
	Duration   time.Duration // of an operation: 10 s
	Cached     int           // bytes that parsed documents may take: 32 MiB
}

// orDefaults fills what is zero.
func (l Limits) orDefaults() Limits {
	for _, limit := range []struct {
		value    *int
		standard int
	}{
		{&l.Document, 128 << 10}, {&l.Tokens, 4_000}, {&l.Operations, 20}, {&l.Fragments, 64}, {&l.Spreads, 300},
		{&l.Fields, 2_000}, {&l.Depth, 12}, {&l.SchemaView, 16}, {&l.Nesting, 32}, {&l.Aliases, 30}, {&l.Roots, 20},
		{&l.Directives, 60}, {&l.Variables, 50}, {&l.Overlaps, 40_000}, {&l.Steps, 15_000}, {&l.Values, 20_000},
		{&l.Cost, 25_000}, {&l.Cached, 32 << 20},
	} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
	}
	if l.Body == 0 {
		l.Body = 2_000_000
	}
	if l.Duration == 0 {
		l.Duration = 10 * time.Second
	}
	return l
}

// tooComplex refuses a request that holds more of something than it may.
func tooComplex(what string, limit int) *governance.Error {
	return governance.Refuse(CodeTooComplex, "too-many-"+strings.ReplaceAll(what, " ", "-"), "The request holds too much: at most {limit} {what}.",
		"limit", strconv.Itoa(limit), "what", what)
}
