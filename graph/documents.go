package graph

import (
	"crypto/sha256"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"concordat/governance"
	"concordat/store/recent"
)

// documents parses, bounds and validates GraphQL documents, and keeps those that passed by the digest of their text.
type documents struct {
	schema *ast.Schema // without @defer
	limits Limits
	costs  *costs

	kept *recent.Values[[sha256.Size]byte, *document] // by the bytes that they take, roughly
}

// document is a valid document. It is shared between requests and never changed.
type document struct {
	query *ast.QueryDocument
	cost  map[*ast.OperationDefinition]cost
}

// operation is what one request asks to execute.
type operation struct {
	document   *ast.QueryDocument
	definition *ast.OperationDefinition
	variables  map[string]any
}

func newDocuments(schema *ast.Schema, limits Limits) *documents {
	schema = PublicSchema(schema)
	return &documents{
		schema: schema, limits: limits, costs: newCosts(schema),
		kept: recent.New[[sha256.Size]byte, *document](limits.Cached),
	}
}

// operation answers the operation that the parameters ask for, with its variables coerced and its cost within bounds.
func (d *documents) operation(asked params) (*operation, gqlerror.List) {
	doc, errs := d.document(asked.query)
	if errs != nil {
		return nil, errs
	}
	definition, problem := choose(doc.query, asked.operation)
	if problem != nil {
		return nil, requestError(problem)
	}
	variables, problem := coerceVariables(d.schema, definition, asked.variables)
	if problem != nil {
		return nil, requestError(problem)
	}
	of := doc.cost[definition]
	if of.varies {
		of = d.costs.of(doc.query, definition, variables)
	}
	problem = d.costs.check(of, d.limits.Cost)
	if problem != nil {
		return nil, requestError(problem)
	}
	return &operation{document: doc.query, definition: definition, variables: variables}, nil
}

// choose answers the operation of that name, or the only one where no name is given.
func choose(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, *governance.Error) {
	if name == "" && len(doc.Operations) > 1 {
		return nil, governance.Refuse(governance.CodeInvalid, "operation-name-missing", "Say by operationName which operation to execute.")
	}
	if name == "" {
		return doc.Operations[0], nil
	}
	for _, operation := range doc.Operations {
		if operation.Name == name {
			return operation, nil
		}
	}
	return nil, governance.Refuse(governance.CodeInvalid, "operation-unknown", "The document has no operation of that name.")
}

// document answers the valid document of a text, from the cache or by parsing it.
func (d *documents) document(text string) (*document, gqlerror.List) {
	if len(text) > d.limits.Document {
		return nil, requestError(tooComplex("bytes", d.limits.Document))
	}
	digest := sha256.Sum256([]byte(text))
	if doc, kept := d.kept.Get(digest); kept {
		return doc, nil
	}
	query, errs := d.parse(text)
	if errs != nil {
		return nil, errs
	}
	doc := &document{query: query, cost: map[*ast.OperationDefinition]cost{}}
	for _, operation := range query.Operations {
		doc.cost[operation] = d.costs.of(query, operation, nil)
	}
	if weight := weigh(text, query); weight <= d.limits.Cached/8 { // one document must not displace all others
		d.kept.Put(digest, doc, weight)
	}
	return doc, nil
}

// parse answers the document of a text, bounded first and then validated: the validation's own cost grows with the
// square of what a document holds.
func (d *documents) parse(text string) (*ast.QueryDocument, gqlerror.List) {
	query, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.limits.Tokens)
	if err != nil {
		return nil, syntaxError(err, d.limits.Tokens)
	}
	if len(query.Operations) == 0 {
		return nil, requestError(governance.Refuse(governance.CodeInvalid, "operation-missing", "The document holds no operation."))
	}
	problem := guard(query, d.limits)
	if problem != nil {
		return nil, requestError(problem)
	}
	return query, validate(d.schema, query)
}

// weigh says roughly how many bytes a document keeps alive: its text, and about 400 for each field, value or spread,
// of which each takes at least two bytes of text on average.
func weigh(text string, query *ast.QueryDocument) int {
	parts := 8
	for _, operation := range query.Operations {
		parts += countParts(operation.SelectionSet)
	}
	for _, fragment := range query.Fragments {
		parts += countParts(fragment.SelectionSet)
	}
	return len(text) + 400*parts
}

// countParts counts selections, arguments and directives.
func countParts(set ast.SelectionSet) int {
	n := len(set)
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			n += 2*len(s.Arguments) + 2*len(s.Directives) + countParts(s.SelectionSet)
		case *ast.InlineFragment:
			n += 2*len(s.Directives) + countParts(s.SelectionSet)
		}
	}
	return n
}

// validation is every rule of the specification, in gqlparser's renderings that make no suggestions.
var validation = rules.NewRules(
	rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.FragmentsOnCompositeTypesRule,
	rules.KnownArgumentNamesRuleWithoutSuggestions, rules.KnownDirectivesRule, rules.KnownFragmentNamesRule,
	rules.KnownRootTypeRule, rules.KnownTypeNamesRuleWithoutSuggestions, rules.LoneAnonymousOperationRule,
	rules.MaxIntrospectionDepth, rules.NoFragmentCyclesRule, rules.NoUndefinedVariablesRule, rules.NoUnusedFragmentsRule,
	rules.NoUnusedVariablesRule, rules.OverlappingFieldsCanBeMergedRule, rules.PossibleFragmentSpreadsRule,
	rules.ProvidedRequiredArgumentsRule, rules.ScalarLeafsRuleWithoutSuggestions, rules.SingleFieldSubscriptionsRule,
	rules.UniqueArgumentNamesRule, rules.UniqueDirectivesPerLocationRule, rules.UniqueFragmentNamesRule,
	rules.UniqueInputFieldNamesRule, rules.UniqueOperationNamesRule, rules.UniqueVariableNamesRule,
	rules.ValuesOfCorrectTypeRuleWithoutSuggestions, rules.VariablesAreInputTypesRule, rules.VariablesInAllowedPositionRule,
)
