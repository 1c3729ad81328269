package graph

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"concordat/governance"
	"concordat/graph/live"
)

// lastEventID is the header with which a client comes back.
const lastEventID = "Last-Event-ID"

// subscribe opens a stream, as GraphQL over SSE says for distinct connections
// (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). The connection is taken over from net/http, whose
// goroutine and buffers would cost more than all the rest of a stream that waits.
func (h *handler) subscribe(w http.ResponseWriter, r *http.Request, asked params, op *operation) {
	s := &stream{streams: h.streams, handler: h, ctx: context.WithoutCancel(r.Context()), operation: op}
	s.caller, s.person = h.rates.caller(r)
	if problem := h.streams.admit(s); problem != nil {
		writeRefusal(w, mediaJSON, problem)
		return
	}
	errs := h.follow(r, s, asked)
	if errs != nil {
		s.end()
		write(w, mediaStream, http.StatusOK, response{errors: errs})
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.end()
		writeRefusal(w, mediaJSON, refuse(http.StatusHTTPVersionNotSupported, "stream-not-possible", "Subscribe by HTTP/1.1."))
		return
	}
	var out bytes.Buffer
	out.WriteString("HTTP/1.1 200 OK\r\n")
	streamHeader(w.Header())
	w.Header().Set("Connection", "close")
	_ = w.Header().Write(&out) // a buffer takes everything
	out.WriteString("\r\n")
	s.comment(&out)
	buffered.Reader.Reset(nil)
	s.renewedAt = h.clock()
	if s.send(conn, out.Bytes()) != nil {
		s.end()
	}
	s.start(conn)
}

// streamHeader are the headers of an answer in events. X-Accel-Buffering asks nginx and its kin to pass each on at once.
func streamHeader(header http.Header) {
	header.Set("Content-Type", string(mediaStream)+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no")
	header.Add("Vary", "Accept")
}

// follow executes the subscription's field, whose resolver sets the stream's source.
func (h *handler) follow(r *http.Request, s *stream, asked params) gqlerror.List {
	o := &opening{stream: s, after: live.Now}
	if given := r.Header.Get(lastEventID); given != "" {
		after, err := parseLeaf(given)
		if err != nil {
			return requestError(governance.Invalid(lastEventID, "event-id", "This is not the id of an event."))
		}
		o.after = after
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.limits.Duration)
	defer cancel()
	ctx = h.operationContext(ctx, s.operation, asked.query, asked.operation)
	h.schema.Exec(context.WithValue(ctx, openingKey{}, o))
	errs := graphql.GetErrors(ctx)
	if len(errs) == 0 && s.source == nil {
		return requestError(governance.Refuse(governance.CodeInvalid, "subscription-not-served", "This subscription is not served here."))
	}
	return errs
}

// tell executes the subscription's selection on one event; false where the viewer is told nothing of it.
func (h *handler) tell(ctx context.Context, op *operation, value any) (answer response, told bool) {
	ctx, cancel := context.WithTimeout(ctx, h.limits.Duration)
	defer cancel()
	ctx = h.operationContext(ctx, op, "", "")
	defer func() {
		if thrown := recover(); thrown != nil {
			h.presenter.internal(ctx, &gqlerror.Error{}, recovered(ctx, thrown))
			answer, told = response{}, true
		}
	}()
	respond := h.schema.Exec(context.WithValue(ctx, eventKey{}, value))
	if errs := graphql.GetErrors(ctx); len(errs) > 0 {
		return response{errors: errs}, true
	}
	result := respond(belowRoot(ctx, op))
	if result == nil {
		return response{}, false
	}
	return response{errors: append(result.Errors, graphql.GetErrors(ctx)...), data: result.Data}, true
}

// belowRoot is the context below the subscription's one field: errors further down find their path by it.
func belowRoot(ctx context.Context, op *operation) context.Context {
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Subscription"})
	if field := firstField(op.definition.SelectionSet); field != nil {
		ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Subscription", Field: graphql.CollectedField{Field: field}})
	}
	return ctx
}

func firstField(set ast.SelectionSet) *ast.Field {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			return s
		case *ast.InlineFragment:
			return firstField(s.SelectionSet)
		case *ast.FragmentSpread:
			return firstField(s.Definition.SelectionSet)
		}
	}
	return nil
}

// opening is a stream whose source a resolver is to set.
type opening struct {
	stream *stream
	after  int64 // the leaf that the client saw last, or live.Now
}

type (
	openingKey struct{} // of a context in which a subscription is opened
	eventKey   struct{} // of one in which an event is told
)

// errNothing says that there is nothing to tell of an event.
var errNothing = fmt.Errorf("nothing to tell")

// subscribed is what every resolver of a subscription answers: when it is opened nothing, the source being set by open; then
// what read makes of each event. What the viewer may not see is NOT_FOUND, and it is told nothing of it.
func subscribed[T any](
	ctx context.Context, open func(o *opening) (source, error), read func(value any) (T, error),
) (<-chan T, error) {
	told := make(chan T, 1)
	defer close(told)
	if o, ok := ctx.Value(openingKey{}).(*opening); ok {
		from, err := open(o)
		if err == nil {
			o.stream.attach(from)
		}
		return told, err
	}
	value, err := read(ctx.Value(eventKey{}))
	if err == errNothing || governance.CodeOf(err) == governance.CodeNotFound {
		return told, nil
	}
	if err != nil {
		return nil, err
	}
	told <- value
	return told, nil
}

// parseLeaf reads the id of an event.
func parseLeaf(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 {
		return 0, fmt.Errorf("read the id of an event: %q", text[:min(len(text), 40)])
	}
	return number, nil
}
