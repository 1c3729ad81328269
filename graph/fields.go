package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"concordat/store"
)

// wanted says which parts of the field being resolved the query asks for, so that the store loads no level that nobody
// wants. Parts under @skip or @include count as wanted.
func wanted(ctx context.Context) store.Fields {
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return nil
	}
	return fieldsOf(field.Field.Selections)
}

func fieldsOf(selections ast.SelectionSet) store.Fields {
	if len(selections) == 0 {
		return nil
	}
	fields := make(store.Fields, len(selections))
	addFields(fields, selections)
	return fields
}

func addFields(fields store.Fields, selections ast.SelectionSet) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if fields[s.Name] == nil {
				fields[s.Name] = fieldsOf(s.SelectionSet)
			} else {
				addFields(fields[s.Name], s.SelectionSet)
			}
		case *ast.InlineFragment:
			addFields(fields, s.SelectionSet)
		case *ast.FragmentSpread:
			addFields(fields, s.Definition.SelectionSet)
		}
	}
}
