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

// wantedBelow is a context in which wanted answers what the query asks for below a field of the one being resolved: for a
// part that is read before its own field is resolved.
func wantedBelow(ctx context.Context, name string) context.Context {
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return ctx
	}
	below := graphql.CollectedField{Field: &ast.Field{Name: name, Alias: name}, Selections: selectionsOf(field.Field.Selections, name)}
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: below})
}

// selectionsOf gathers what is selected below every field of that name.
func selectionsOf(selections ast.SelectionSet, name string) (below ast.SelectionSet) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == name {
				below = append(below, s.SelectionSet...)
			}
		case *ast.InlineFragment:
			below = append(below, selectionsOf(s.SelectionSet, name)...)
		case *ast.FragmentSpread:
			below = append(below, selectionsOf(s.Definition.SelectionSet, name)...)
		}
	}
	return below
}
