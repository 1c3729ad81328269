package graph

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// hidden are the directives that clients are not offered: @defer is not served, the others tell the code generator
// something.
var hidden = []string{"defer", "goField", "goModel", "goTag", "goEnum", "goExtraField", "inlineArguments"}

// PublicSchema answers the schema without the directives that clients are not offered.
func PublicSchema(schema *ast.Schema) *ast.Schema {
	public := *schema
	public.Directives = map[string]*ast.DirectiveDefinition{}
	for name, directive := range schema.Directives {
		if !slices.Contains(hidden, name) {
			public.Directives[name] = directive
		}
	}
	return &public
}

// SDL serves the schema as text, for code generators.
func SDL(schema *ast.Schema) http.Handler {
	var text bytes.Buffer
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(written(schema))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Content-Disposition", `inline; filename="concordat.graphqls"`)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text.Bytes()))
	})
}

// written is the public schema with the hidden directives taken off its fields, where only a printed schema shows them.
func written(schema *ast.Schema) *ast.Schema {
	public := PublicSchema(schema)
	public.Types = make(map[string]*ast.Definition, len(schema.Types))
	for name, definition := range schema.Types {
		shown := *definition
		shown.Fields = make(ast.FieldList, len(definition.Fields))
		for i, field := range definition.Fields {
			copied := *field
			copied.Directives = slices.DeleteFunc(slices.Clone(field.Directives), func(d *ast.Directive) bool {
				return slices.Contains(hidden, d.Name)
			})
			shown.Fields[i] = &copied
		}
		public.Types[name] = &shown
	}
	return public
}
