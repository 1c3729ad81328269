// Package lean is the run-time part of the generated executor after package rewrite has passed over it: objects and
// lists of plain structs are written in order, in the goroutine that they were asked in, where gqlgen starts a
// goroutine for each element of a list and wraps each leaf field in closures and a context of its own.
//
// What it gives up is @defer, which the guard of package graph refuses.
package lean

import (
	"context"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// inline is how many values an object keeps without a second allocation.
const inline = 8

// Object holds the marshalled fields of one object, none of which needs a resolver.
type Object struct {
	Values   []graphql.Marshaler
	Invalids uint32 // fields that are null and may not be
	fields   []graphql.CollectedField
	buffer   [inline]graphql.Marshaler
}

// NewObject makes room for the values of the fields.
func NewObject(fields []graphql.CollectedField) *Object {
	o := &Object{fields: fields}
	if len(fields) <= inline {
		o.Values = o.buffer[:len(fields)]
		return o
	}
	o.Values = make([]graphql.Marshaler, len(fields))
	return o
}

// MarshalGQL writes the object. Of two fields with the same response name the first is written, as gqlgen does.
func (o *Object) MarshalGQL(w io.Writer) {
	write(w, "{")
	for i := range o.fields {
		if o.written(i) {
			continue
		}
		if i > 0 {
			write(w, ",")
		}
		write(w, `"`)
		write(w, o.fields[i].Alias)
		write(w, `":`)
		o.Values[i].MarshalGQL(w)
	}
	write(w, "}")
}

// written reports whether a field before i has the same response name.
func (o *Object) written(i int) bool {
	for j := range i {
		if o.fields[j].Alias == o.fields[i].Alias {
			return true
		}
	}
	return false
}

// write writes a text without copying it where the writer allows; a response name is a GraphQL name, so it needs no
// escapes. Errors are the buffer's, which has none.
func write(w io.Writer, text string) {
	if sw, ok := w.(io.StringWriter); ok {
		_, _ = sw.WriteString(text)
		return
	}
	_, _ = io.Copy(w, strings.NewReader(text))
}

// At is the context below a field that is a plain struct field of its parent: errors further down find their path by
// it.
func At(ctx context.Context, object string, field graphql.CollectedField) context.Context {
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: object, Field: field})
}

// Slice marshals a list's elements one after the other. An element that panics is null and leaves an error.
func Slice(ctx context.Context, length int, element func(ctx context.Context, i int) graphql.Marshaler) graphql.Array {
	list := make(graphql.Array, length)
	for i := range list {
		list[i] = one(ctx, i, element)
	}
	return list
}

func one(ctx context.Context, i int, element func(ctx context.Context, i int) graphql.Marshaler) (m graphql.Marshaler) {
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i})
	defer func() {
		if r := recover(); r != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, r))
			m = graphql.Null
		}
	}()
	return element(ctx, i)
}
