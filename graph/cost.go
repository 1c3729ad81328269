package graph

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"concordat/governance"
)

const (
	listLength = 10  // elements that a list is taken to have that is no page
	pageLength = 20  // of a page whose size is not given
	pageMost   = 100 // of any page
)

// listLengths are how long lists of a type are, where that is known to be far from listLength.
var listLengths = map[string]int{
	"Permission": 40, // viewerMay: the steps on an object
}

// dear is what answering a field of Query costs beside the fields in its answer, in those fields.
var dear = map[string]int{
	"checkCharter":    1_000,
	"simulateCharter": 5_000, // counts 10,000 electors
}

// cost is how many fields the answer to an operation has when every list is full. It grows with the product of the
// pages' sizes where the number of selected fields does not.
type cost struct {
	fields int
	schema int  // fields of the introspection
	varies bool // a variable decides on a page's size
}

func (c cost) with(other cost) cost {
	return cost{fields: add(c.fields, other.fields), schema: add(c.schema, other.schema), varies: c.varies || other.varies}
}

// costs counts the cost of operations on one schema.
type costs struct {
	lengths map[string]int // of the introspection's lists in this schema, by type and field
	most    int            // that an introspection may cost
}

// counting is one count: a fragment's cost is the same wherever it is spread.
type counting struct {
	*costs
	variables map[string]any
	fragments map[*ast.FragmentDefinition]cost
}

func newCosts(schema *ast.Schema) *costs {
	c := &costs{lengths: introspectionLengths(schema)}
	doc, err := parser.ParseQuery(&ast.Source{Input: wholeSchema})
	if err != nil || validate(schema, doc) != nil {
		return c
	}
	whole := c.of(doc, doc.Operations[0], nil)
	c.most = whole.schema + whole.schema/4
	return c
}

// of counts the cost of an operation of a valid document. Without variables a page's size is the standard one where
// a variable decides on it.
func (c *costs) of(_ *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any) cost {
	n := &counting{costs: c, variables: variables, fragments: map[*ast.FragmentDefinition]cost{}}
	return n.set(operation.SelectionSet)
}

func (c *costs) check(of cost, limit int) *governance.Error {
	return firstOver([]bound{{"fields in the answer", of.fields, limit}, {"fields of the schema", of.schema, c.most}})
}

func (n *counting) set(set ast.SelectionSet) cost {
	var sum cost
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			sum = sum.with(n.field(s))
		case *ast.InlineFragment:
			sum = sum.with(n.set(s.SelectionSet))
		case *ast.FragmentSpread:
			sum = sum.with(n.fragment(s.Definition))
		}
	}
	return sum
}

func (n *counting) fragment(definition *ast.FragmentDefinition) cost {
	of, ok := n.fragments[definition]
	if !ok {
		of = n.set(definition.SelectionSet)
		n.fragments[definition] = of
	}
	return of
}

func (n *counting) field(f *ast.Field) cost {
	below := n.set(f.SelectionSet)
	parent := f.ObjectDefinition.Name
	if strings.HasPrefix(parent, "__") {
		times, ok := n.lengths[parent+"."+f.Name]
		if !ok {
			times = 1
		}
		return cost{schema: add(1, multiply(times, below.schema)), varies: below.varies}
	}
	times, varies := n.times(f)
	own := 1
	if parent == "Query" {
		own = add(own, dear[f.Name])
	}
	return cost{
		fields: add(own, multiply(times, below.fields)), schema: multiply(times, below.schema),
		varies: varies || below.varies,
	}
}

// times says how often what is below a field is in the answer, and whether that hangs on a variable.
func (n *counting) times(f *ast.Field) (int, bool) {
	if len(f.SelectionSet) == 0 {
		return 1, false
	}
	for _, name := range []string{"first", "last"} {
		if f.Definition.Arguments.ForName(name) != nil {
			if times, varies, given := n.page(f, name); given || name == "first" {
				return times, varies
			}
		}
	}
	if f.Definition.Type.Elem == nil || strings.HasSuffix(f.ObjectDefinition.Name, "Connection") {
		return 1, false
	}
	if length, ok := listLengths[f.Definition.Type.Name()]; ok {
		return length, false
	}
	return listLength, false
}

// page answers the size of the page that a field asks for, and whether it says so itself.
func (n *counting) page(f *ast.Field, name string) (times int, varies, given bool) {
	standard := f.Definition.Arguments.ForName(name).DefaultValue
	argument := f.Arguments.ForName(name)
	if argument == nil {
		return pageSize(standard), false, false
	}
	if argument.Value.Kind != ast.Variable {
		return pageSize(argument.Value), false, true
	}
	if size, ok := n.variables[argument.Value.Raw].(int64); ok {
		return int(min(max(size, 0), pageMost)), true, true
	}
	return pageSize(standard), true, true
}

// pageSize reads a size written in the document or the schema.
func pageSize(value *ast.Value) int {
	if value == nil || value.Kind != ast.IntValue {
		return pageLength
	}
	size, err := strconv.Atoi(value.Raw)
	if err != nil {
		return pageMost
	}
	return min(max(size, 0), pageMost)
}

// introspectionLengths answers how long the introspection's lists are in this schema, on average and rounded up.
func introspectionLengths(schema *ast.Schema) map[string]int {
	types, fields, fieldsSeen, arguments, inputs, values, abstract := len(schema.Types), 0, 0, 0, 0, 0, 0
	for _, definition := range schema.Types {
		values += len(definition.EnumValues)
		abstract += len(definition.Interfaces)
		if definition.Kind == ast.InputObject {
			inputs += len(definition.Fields)
			continue
		}
		fields += len(definition.Fields)
		for _, field := range definition.Fields {
			arguments += len(field.Arguments)
			if to := schema.Types[field.Type.Name()]; to != nil {
				fieldsSeen += len(to.Fields)
			}
		}
	}
	return map[string]int{
		"__Schema.types":       types,
		"__Schema.directives":  len(schema.Directives),
		"__Type.fields":        max(average(fields, types), average(fieldsSeen, fields)),
		"__Type.inputFields":   average(inputs, types),
		"__Type.enumValues":    average(values, types),
		"__Type.interfaces":    average(abstract, types),
		"__Type.possibleTypes": average(abstract, types),
		"__Field.args":         average(arguments, fields),
		"__Directive.args":     2,
	}
}

// average rounds up, so that nothing counts as free.
func average(sum, of int) int { return max(1, (sum+of-1)/max(of, 1)) }

// wholeSchema is what tools ask for to learn the schema, written at its longest. It may be asked for; a quarter more
// may not.
const wholeSchema = `query {
  __schema {
    description
    queryType { name kind } mutationType { name kind } subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
    kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`
