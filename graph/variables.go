package graph

import (
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"concordat/governance"
)

// coerceVariables reads the values of an operation's variables as its types want them. It is stricter than
// gqlparser's: of a @oneOf input exactly one field is taken, an enum's value must be written as it is, a number is no
// text and a text no number. Values that no variable is declared for are ignored, as the specification asks.
func coerceVariables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, *governance.Error) {
	c := coercion{schema: schema}
	values := make(map[string]any, len(operation.VariableDefinitions))
	for _, variable := range operation.VariableDefinitions {
		value, ok := given[variable.Variable]
		at := &place{name: variable.Variable}
		switch {
		case ok:
			coerced, problem := c.value(variable.Type, value, at)
			if problem != nil {
				return nil, problem
			}
			values[variable.Variable] = coerced
		case variable.DefaultValue != nil:
			value, err := variable.DefaultValue.Value(nil)
			if err != nil {
				return nil, at.refuse("value-not-valid", "The value is not valid here.")
			}
			values[variable.Variable] = value
		case variable.Type.NonNull:
			return nil, at.refuse("value-missing", "A value is needed here.")
		}
	}
	return values, nil
}

type coercion struct{ schema *ast.Schema }

// place is where in the input a value stands; written out only for a refusal.
type place struct {
	above *place
	name  string
	index int
}

func (p *place) String() string {
	switch {
	case p.above == nil:
		return p.name
	case p.name == "":
		return p.above.String() + "[" + strconv.Itoa(p.index) + "]"
	}
	return p.above.String() + "." + p.name
}

func (p *place) refuse(reason, message string, pairs ...string) *governance.Error {
	return governance.Invalid(p.String(), reason, message, pairs...)
}

func (c coercion) value(kind *ast.Type, value any, at *place) (any, *governance.Error) {
	if value == nil {
		if kind.NonNull {
			return nil, at.refuse("value-missing", "A value is needed here.")
		}
		return nil, nil
	}
	if kind.Elem != nil {
		return c.list(kind.Elem, value, at)
	}
	definition := c.schema.Types[kind.NamedType]
	switch definition.Kind {
	case ast.InputObject:
		return c.object(definition, value, at)
	case ast.Enum:
		name, ok := value.(string)
		if !ok || definition.EnumValues.ForName(name) == nil {
			return nil, at.refuse("value-not-listed", "The value is none of {type}.", "type", definition.Name)
		}
		return name, nil
	}
	return scalar(definition.Name, value, at)
}

// list reads a list; a single value stands for a list of it.
func (c coercion) list(kind *ast.Type, value any, at *place) (any, *governance.Error) {
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	for i, element := range values {
		coerced, problem := c.value(kind, element, &place{above: at, index: i})
		if problem != nil {
			return nil, problem
		}
		values[i] = coerced
	}
	return values, nil
}

// object reads an input object; gqlgen fills in the defaults of fields that are absent.
func (c coercion) object(definition *ast.Definition, value any, at *place) (any, *governance.Error) {
	values, ok := value.(map[string]any)
	if !ok {
		return nil, at.refuse("value-type", "This must be {type}.", "type", "an object")
	}
	found := 0
	for _, field := range definition.Fields {
		value, ok := values[field.Name]
		below := &place{above: at, name: field.Name}
		if !ok {
			if field.Type.NonNull && field.DefaultValue == nil {
				return nil, below.refuse("value-missing", "A value is needed here.")
			}
			continue
		}
		found++
		coerced, problem := c.value(field.Type, value, below)
		if problem != nil {
			return nil, problem
		}
		values[field.Name] = coerced
	}
	if found < len(values) {
		return nil, at.refuse("field-unknown", "{type} has no field of that name.", "type", definition.Name)
	}
	return values, oneOf(definition, values, at)
}

// oneOf refuses a @oneOf input with no field, with two, or with one that is null.
func oneOf(definition *ast.Definition, values map[string]any, at *place) *governance.Error {
	if definition.Directives.ForName("oneOf") == nil {
		return nil
	}
	if len(values) == 1 {
		for _, value := range values {
			if value != nil {
				return nil
			}
		}
	}
	return at.refuse("not-one-of", "Exactly one field of {type} must be given.", "type", definition.Name)
}

// scalar reads one of the five scalars of GraphQL; the schema's own read themselves.
func scalar(name string, value any, at *place) (any, *governance.Error) {
	read, ok := scalars[name]
	if !ok {
		return value, nil
	}
	if value, ok = read(value); ok {
		return value, nil
	}
	return nil, at.refuse("value-type", "This must be {type}.", "type", strings.ToLower(name))
}

// scalars read what parseJSON answers: texts, booleans, int64 and float64.
var scalars = map[string]func(value any) (any, bool){
	"String":  func(value any) (any, bool) { text, ok := value.(string); return text, ok },
	"Boolean": func(value any) (any, bool) { truth, ok := value.(bool); return truth, ok },
	"Int":     readInt,
	"Float":   readFloat,
	"ID":      readID,
}

func readInt(value any) (any, bool) {
	if f, ok := value.(float64); ok && f == math.Trunc(f) && math.Abs(f) <= math.MaxInt32 {
		value = int64(f)
	}
	n, ok := value.(int64)
	return n, ok && n >= math.MinInt32 && n <= math.MaxInt32
}

func readFloat(value any) (any, bool) {
	if n, ok := value.(int64); ok {
		return float64(n), true
	}
	f, ok := value.(float64)
	return f, ok
}

func readID(value any) (any, bool) {
	if n, ok := value.(int64); ok {
		return strconv.FormatInt(n, 10), true
	}
	text, ok := value.(string)
	return text, ok
}
