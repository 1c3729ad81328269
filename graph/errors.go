package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"concordat/governance"
)

// The codes that the API adds to those of the rules.
const (
	CodeTooComplex governance.Code = "TOO_COMPLEX" // the request asks for more than one request may; ask for less
	CodeInternal   governance.Code = "INTERNAL"    // our fault: it is logged, and nothing of it is shown
)

// presenter is the one place where errors become GraphQL errors. What a person can act on is shown with its code,
// reason, parameters and input path; everything else is logged with the request's id and shown as "Internal error.".
type presenter struct {
	log       *slog.Logger
	requestID func(context.Context) string
}

// panicked is a panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// recovered turns a panic into an error; gqlgen calls it in the goroutine that panicked.
func recovered(_ context.Context, value any) error {
	return &panicked{value: value, stack: debug.Stack()}
}

// present answers the GraphQL error for an error that a field met.
func (p *presenter) present(ctx context.Context, err error) *gqlerror.Error {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	inner, met := errors.AsType[*gqlerror.Error](err)
	input := ""
	if met {
		shown.Locations = inner.Locations
		shown.Path, input = splitInputPath(ctx, inner.Path)
	}
	refusal, refused := errors.AsType[*governance.Error](err)
	switch {
	case refused:
		fill(shown, refusal)
	case input != "":
		fill(shown, governance.Invalid(input, "value-not-valid", "The value is not valid here."))
	case errors.Is(err, context.DeadlineExceeded):
		fill(shown, governance.Refuse(CodeTooComplex, "took-too-long", "The request took too long."))
	case errors.Is(err, context.Canceled):
		fill(shown, governance.Refuse(CodeInternal, "cancelled", "The request was cancelled."))
	default:
		p.internal(ctx, shown, err)
	}
	if field, ok := shown.Extensions["field"]; refused && input != "" && (!ok || field == "") {
		shown.Extensions["field"] = input
	}
	return shown
}

// internal logs what nobody outside should read, and shows that it happened.
func (p *presenter) internal(ctx context.Context, shown *gqlerror.Error, err error) {
	id := p.requestID(ctx)
	attrs := []any{"request", id, "path", shown.Path.String(), "error", err}
	if crash, ok := errors.AsType[*panicked](err); ok {
		attrs = append(attrs, "stack", string(crash.stack))
	}
	p.log.ErrorContext(ctx, "graphql request failed", attrs...)
	fill(shown, governance.Refuse(CodeInternal, "internal", "Internal error."))
	if id != "" {
		shown.Extensions["requestId"] = id
	}
}

// fill writes a refusal into the error that is shown.
func fill(shown *gqlerror.Error, refusal *governance.Error) {
	shown.Message = refusal.Message
	shown.Extensions = map[string]any{"code": string(refusal.Code)}
	if refusal.Reason != "" {
		shown.Extensions["reason"] = refusal.Reason
	}
	if len(refusal.Params) > 0 {
		shown.Extensions["params"] = refusal.Params
	}
	if refusal.Field != "" {
		shown.Extensions["field"] = refusal.Field
	}
	if len(refusal.Missing) > 0 {
		missing := make([]map[string]any, len(refusal.Missing))
		for i, one := range refusal.Missing {
			missing[i] = map[string]any{
				"code": string(one.Code), "reason": one.Reason, "message": one.Message, "params": one.Params, "field": one.Field,
			}
		}
		shown.Extensions["missing"] = missing
	}
}

// requestError is the GraphQL error of a request that was refused before any field was executed.
func requestError(refusal *governance.Error) gqlerror.List {
	shown := &gqlerror.Error{}
	fill(shown, refusal)
	return gqlerror.List{shown}
}

// splitInputPath splits the path of an error into that of the field in the response and, where an argument could not
// be read, that of the input value below it: gqlgen reports these as one.
func splitInputPath(ctx context.Context, path ast.Path) (ast.Path, string) {
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return path, ""
	}
	own := field.Path()
	if len(path) <= len(own) {
		return path, ""
	}
	for i := range own {
		if path[i] != own[i] {
			return path, ""
		}
	}
	return own, path[len(own):].String()
}

// maxMessage is how many characters of a message from the parser or the validator are shown: they repeat names and
// texts of the document.
const maxMessage = 200

// syntaxError is the GraphQL error of a text that could not be parsed.
func syntaxError(err error, tokens int) gqlerror.List {
	inner, ok := errors.AsType[*gqlerror.Error](err)
	if !ok || len(inner.Locations) == 0 { // the parser gives a place to every error but its token limit
		return requestError(tooComplex("tokens", tokens))
	}
	shown := &gqlerror.Error{Locations: inner.Locations}
	fill(shown, governance.Refuse(governance.CodeInvalid, "document-syntax", shorten(inner.Message)))
	return gqlerror.List{shown}
}

// validationErrors are the GraphQL errors of a document that breaks rules of the specification.
func validationErrors(found gqlerror.List) gqlerror.List {
	shown := make(gqlerror.List, min(len(found), maxErrors))
	for i := range shown {
		shown[i] = &gqlerror.Error{Locations: found[i].Locations}
		fill(shown[i], governance.Refuse(governance.CodeInvalid, "document-invalid", shorten(found[i].Message)))
	}
	return shown
}

func shorten(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + " …"
}
