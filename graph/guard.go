package graph

import (
	"math"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"concordat/governance"
)

// guard refuses a document that is not yet validated where it holds too much. It takes time linear in the document:
// each fragment is looked at once, however often it is spread.
func guard(doc *ast.QueryDocument, limits Limits) *governance.Error {
	g := &guarding{doc: doc, limits: limits, fragments: map[string]*fragment{}}
	for _, check := range []func() *governance.Error{g.checkCounts, g.checkExpanded, g.checkValidation} {
		if problem := check(); problem != nil {
			return problem
		}
	}
	return nil
}

// guarding is one document under guard.
type guarding struct {
	doc       *ast.QueryDocument
	limits    Limits
	counted   counts
	fragments map[string]*fragment // by name, the first of that name
	cyclic    bool
}

// fragment is what is known of a fragment's definition.
type fragment struct {
	definition *ast.FragmentDefinition
	entered    bool // its size is being, or has been, measured
	measured   bool
	size       size
	own        part
}

// counts is what a document holds as it is written; nesting is that of its deepest list or object.
type counts struct {
	spreads, aliases, directives, nesting int
}

// size is how big a selection is with its fragments written out.
type size struct {
	fields int // saturating
	depth  int // of fields in fields; what is below __schema and __type not counted
	schema int // depth below __schema and __type
}

func (g *guarding) checkCounts() *governance.Error {
	doc, limits := g.doc, g.limits
	variables, roots := 0, 0
	for _, operation := range doc.Operations {
		variables = max(variables, len(operation.VariableDefinitions))
		roots = max(roots, len(operation.SelectionSet))
		g.countDirectives(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			g.countDirectives(variable.Directives)
			g.counted.nesting = max(g.counted.nesting, nesting(variable.DefaultValue), typeNesting(variable.Type))
		}
		g.count(operation.SelectionSet)
	}
	for _, definition := range doc.Fragments {
		if g.fragments[definition.Name] == nil {
			g.fragments[definition.Name] = &fragment{definition: definition}
		}
		g.countDirectives(definition.Directives)
		g.count(definition.SelectionSet)
	}
	return firstOver([]bound{
		{"operations", len(doc.Operations), limits.Operations}, {"fragments", len(doc.Fragments), limits.Fragments},
		{"variables", variables, limits.Variables}, {"root fields", roots, limits.Roots},
		{"fragment spreads", g.counted.spreads, limits.Spreads}, {"aliases", g.counted.aliases, limits.Aliases},
		{"directives", g.counted.directives, limits.Directives}, {"nested values", g.counted.nesting, limits.Nesting},
	})
}

// bound is a number and the most that it may be.
type bound struct {
	what       string
	got, limit int
}

func firstOver(bounds []bound) *governance.Error {
	for _, b := range bounds {
		if b.got > b.limit {
			return tooComplex(b.what, b.limit)
		}
	}
	return nil
}

// count counts what stands in a selection, without following spreads. The parser bounds how deep it nests.
func (g *guarding) count(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Alias != s.Name {
				g.counted.aliases++
			}
			g.countArguments(s.Arguments)
			g.countDirectives(s.Directives)
			g.count(s.SelectionSet)
		case *ast.InlineFragment:
			g.counted.spreads++
			g.countDirectives(s.Directives)
			g.count(s.SelectionSet)
		case *ast.FragmentSpread:
			g.counted.spreads++
			g.countDirectives(s.Directives)
		}
	}
}

func (g *guarding) countDirectives(directives ast.DirectiveList) {
	g.counted.directives += len(directives)
	for _, directive := range directives {
		g.countArguments(directive.Arguments)
	}
}

func (g *guarding) countArguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		g.counted.nesting = max(g.counted.nesting, nesting(argument.Value))
	}
}

// nesting says how deep a value's lists and objects are nested.
func nesting(value *ast.Value) int {
	if value == nil || value.Kind != ast.ListValue && value.Kind != ast.ObjectValue {
		return 0
	}
	deepest := 0
	for _, child := range value.Children {
		deepest = max(deepest, nesting(child.Value))
	}
	return deepest + 1
}

// typeNesting says how deep a type's lists are nested.
func typeNesting(kind *ast.Type) int {
	if kind == nil || kind.Elem == nil {
		return 0
	}
	return typeNesting(kind.Elem) + 1
}

// checkExpanded bounds each operation with its fragments written out.
func (g *guarding) checkExpanded() *governance.Error {
	for _, operation := range g.doc.Operations {
		whole := g.measure(operation.SelectionSet)
		if g.cyclic {
			return governance.Refuse(governance.CodeInvalid, "fragment-cycle", "A fragment spreads itself.")
		}
		problem := firstOver([]bound{
			{"fields", whole.fields, g.limits.Fields}, {"levels", whole.depth, g.limits.Depth},
			{"levels of introspection", whole.schema, g.limits.SchemaView},
		})
		if problem != nil {
			return problem
		}
	}
	return nil
}

func (g *guarding) measure(set ast.SelectionSet) size {
	var whole size
	for _, selection := range set {
		whole = whole.with(g.measureOne(selection))
	}
	return whole
}

func (g *guarding) measureOne(selection ast.Selection) size {
	switch s := selection.(type) {
	case *ast.Field:
		below := g.measure(s.SelectionSet)
		if s.Name == "__schema" || s.Name == "__type" {
			return size{fields: add(below.fields, 1), depth: 1, schema: max(below.depth, below.schema)}
		}
		return size{fields: add(below.fields, 1), depth: below.depth + 1, schema: below.schema}
	case *ast.InlineFragment:
		return g.measure(s.SelectionSet)
	case *ast.FragmentSpread:
		return g.measureFragment(s.Name)
	}
	return size{}
}

// measureFragment measures a fragment once. One that is met again while it is being measured spreads itself.
func (g *guarding) measureFragment(name string) size {
	f := g.fragments[name]
	if f == nil {
		return size{} // the validation says so
	}
	if !f.entered {
		f.entered = true
		f.size = g.measure(f.definition.SelectionSet)
		f.measured = true
	}
	if !f.measured {
		g.cyclic = true
	}
	return f.size
}

// with puts two selections side by side.
func (s size) with(other size) size {
	return size{fields: add(s.fields, other.fields), depth: max(s.depth, other.depth), schema: max(s.schema, other.schema)}
}

// add adds without overflowing; neither may be negative.
func add(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

// multiply multiplies without overflowing; neither may be negative.
func multiply(a, b int) int {
	if a != 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}

// part is what an operation or a fragment holds itself: the response names of its fields with how often they stand,
// its selections, and the fragments that it spreads.
type part struct {
	names      map[string]int
	selections int
	spreads    []string
}

func (p *part) collect(set ast.SelectionSet) {
	p.selections += len(set)
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			p.names[s.Alias]++
			p.selections += len(s.Arguments)
			p.collect(s.SelectionSet)
		case *ast.InlineFragment:
			p.collect(s.SelectionSet)
		case *ast.FragmentSpread:
			p.spreads = append(p.spreads, s.Name)
		}
	}
}

// checkValidation bounds what the validator will have to do. It walks from every operation and from every fragment
// through all that each reaches, and it compares fields with the same response name in pairs.
func (g *guarding) checkValidation() *governance.Error {
	for _, f := range g.fragments {
		f.own = part{names: map[string]int{}}
		f.own.collect(f.definition.SelectionSet)
	}
	steps, pairs := 0, 0
	visit := func(own *part) {
		reached := &part{names: map[string]int{}}
		g.reach(own, reached, map[string]bool{})
		steps += reached.selections
		for _, n := range reached.names {
			pairs += n * (n - 1)
		}
	}
	for _, operation := range g.doc.Operations {
		own := &part{names: map[string]int{}}
		own.collect(operation.SelectionSet)
		visit(own)
	}
	for _, f := range g.fragments {
		visit(&f.own)
	}
	return firstOver([]bound{{"fields in fragments", steps, g.limits.Steps}, {"equal fields", pairs, g.limits.Overlaps}})
}

// reach adds up a part and every fragment that it reaches, each once.
func (g *guarding) reach(own, sum *part, seen map[string]bool) {
	sum.selections += own.selections
	for name, n := range own.names {
		sum.names[name] += n
	}
	for _, name := range own.spreads {
		if f := g.fragments[name]; f != nil && !seen[name] {
			seen[name] = true
			g.reach(&f.own, sum, seen)
		}
	}
}

// validate holds a document against the rules of the GraphQL specification, and notes the definitions in it that the
// execution needs.
func validate(schema *ast.Schema, doc *ast.QueryDocument) gqlerror.List {
	found := validator.ValidateWithRules(schema, doc, validation)
	if len(found) == 0 {
		return nil
	}
	return validationErrors(found)
}
