package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"concordat/auth"
	"concordat/governance"
)

// Config is what a Handler is made of. Schema is needed, everything else has a useful zero value.
type Config struct {
	Schema graphql.ExecutableSchema
	Limits Limits
	Rates  Rates

	// Streams are where subscriptions are kept open; nil: none are served.
	Streams *Streams

	Log   *slog.Logger     // slog.Default if nil
	Clock func() time.Time // time.Now if nil

	// Refusal says why a request may not go on, or nil; it is asked once an operation, before any field. changes is true
	// for a mutation. Nobody is refused if it is nil.
	Refusal func(ctx context.Context, changes bool) *governance.Error
	// Prepare makes the context of one operation, for the loaders of a request.
	Prepare func(context.Context) context.Context
	// RequestID names the request in the log and in internal errors.
	RequestID func(context.Context) string
	// Person names who is signed in, for the rates; "" is nobody.
	Person func(context.Context) string
	// Address names where a request comes from, for the rates; the connection's address if nil.
	Address func(*http.Request) string
}

// handler serves GraphQL over HTTP. It drives the executable schema itself: of gqlgen's server it uses nothing but
// the generated code.
type handler struct {
	schema    graphql.ExecutableSchema
	limits    Limits
	documents *documents
	rates     *rates
	presenter *presenter
	refusal   func(context.Context, bool) *governance.Error
	prepare   func(context.Context) context.Context
	streams   *Streams
	clock     func() time.Time
}

// NewHandler serves the schema by GET and POST as GraphQL over HTTP says
// (https://graphql.github.io/graphql-over-http/draft/). Every answer is a GraphQL response; its errors carry
// extensions.code.
func NewHandler(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.RequestID == nil {
		c.RequestID = func(context.Context) string { return "" }
	}
	if c.Refusal == nil {
		c.Refusal = func(context.Context, bool) *governance.Error { return nil }
	}
	if c.Prepare == nil {
		c.Prepare = func(ctx context.Context) context.Context { return ctx }
	}
	limits := c.Limits.orDefaults()
	return &handler{
		schema: c.Schema, limits: limits, refusal: c.Refusal, prepare: c.Prepare,
		documents: newDocuments(c.Schema.Schema(), limits),
		rates:     newRates(c),
		presenter: &presenter{log: c.Log, requestID: c.RequestID},
		streams:   c.Streams, clock: c.Clock,
	}
}

// ServeHTTP answers one request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	media := negotiate(r.Header["Accept"])
	defer h.recoverRequest(w, r, media)
	if problem := h.admit(r, media); problem != nil {
		writeRefusal(w, media, problem)
		return
	}
	asked, problem := readParams(w, r, h.limits)
	if problem != nil {
		writeRefusal(w, media, problem)
		return
	}
	operation, refused := h.documents.operation(asked)
	if refused != nil {
		write(w, media, requestStatus(media), response{errors: refused})
		return
	}
	problem = h.servable(r, operation.definition.Operation)
	if problem != nil {
		writeRefusal(w, media, problem)
		return
	}
	refusal := h.refusal(r.Context(), operation.definition.Operation == ast.Mutation)
	if refusal != nil {
		write(w, media, refusedStatus(media, refusal.Code), response{errors: requestError(refusal)})
		return
	}
	if problem = h.hearPublic(r, operation); problem != nil {
		writeRefusal(w, media, problem)
		return
	}
	if operation.definition.Operation == ast.Subscription {
		h.subscribe(w, r, asked, operation)
		return
	}
	write(w, media, http.StatusOK, h.execute(r.Context(), asked, operation))
}

// admit refuses who asks too often, and who takes none of our media types.
func (h *handler) admit(r *http.Request, media mediaType) *refusal {
	if media == mediaNone {
		return refuse(http.StatusNotAcceptable, "not-acceptable",
			"Accept application/graphql-response+json, application/json or text/event-stream.")
	}
	return rateLimited(h.rates.take(r))
}

// hearPublic refuses more comments and suggestions of people who speak for nobody than one address may make. The store counts those of
// one person.
func (h *handler) hearPublic(r *http.Request, op *operation) *refusal {
	actor := auth.ActorFrom(r.Context())
	if op.definition.Operation != ast.Mutation || actor.Person == "" || actor.Organization != "" {
		return nil
	}
	return rateLimited(h.rates.takePublic(r, countFields(op.definition.SelectionSet, "addComment", "suggest")))
}

// countFields counts the fields of these names at the top of a selection, those in fragments too.
func countFields(selection ast.SelectionSet, names ...string) int {
	count := 0
	for _, selected := range selection {
		switch s := selected.(type) {
		case *ast.Field:
			if slices.Contains(names, s.Name) {
				count++
			}
		case *ast.InlineFragment:
			count += countFields(s.SelectionSet, names...)
		case *ast.FragmentSpread:
			count += countFields(s.Definition.SelectionSet, names...)
		}
	}
	return count
}

// rateLimited refuses a request that has to wait; nil where it has not.
func rateLimited(wait time.Duration) *refusal {
	if wait == 0 {
		return nil
	}
	seconds := strconv.Itoa(int((wait + time.Second - 1) / time.Second))
	return &refusal{
		status: http.StatusTooManyRequests, header: [2]string{"Retry-After", seconds},
		err: governance.Refuse(governance.CodeRateLimited, "too-many-requests", "Too many requests: try again in {seconds} s.",
			"seconds", seconds),
	}
}

// servable refuses the operations that a request may not carry.
func (h *handler) servable(r *http.Request, kind ast.Operation) *refusal {
	switch {
	case kind == ast.Subscription && h.streams == nil:
		return refuse(http.StatusBadRequest, "subscription-not-served", "Subscriptions are not served here.")
	case kind == ast.Subscription && !acceptsStream(r.Header["Accept"]):
		return refuse(http.StatusNotAcceptable, "stream-not-accepted", "A subscription is asked for with Accept: text/event-stream.")
	case kind == ast.Mutation && r.Method == http.MethodGet:
		return refuseMethod("POST", "A mutation is sent by POST.")
	}
	return nil
}

// requestStatus is the status of a well-formed request whose document or variables were refused: clients of the older
// media type expect 200 there.
func requestStatus(media mediaType) int {
	if media == mediaJSON || media == mediaStream {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// refusedStatus is the status of a request that its sender may not make; clients of the older media type expect 200 there.
func refusedStatus(media mediaType, code governance.Code) int {
	if media == mediaJSON || media == mediaStream {
		return http.StatusOK
	}
	return auth.StatusOf(code)
}

// execute runs the operation.
func (h *handler) execute(ctx context.Context, asked params, op *operation) response {
	ctx, cancel := context.WithTimeout(ctx, h.limits.Duration)
	defer cancel()
	ctx = h.operationContext(ctx, op, asked.query, asked.operation)
	answer := h.schema.Exec(ctx)(ctx)
	if answer == nil {
		return response{errors: graphql.GetErrors(ctx), data: []byte("null")}
	}
	return response{errors: append(answer.Errors, graphql.GetErrors(ctx)...), data: answer.Data}
}

// operationContext is the context in which an operation is executed once.
func (h *handler) operationContext(ctx context.Context, op *operation, query, name string) context.Context {
	ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{
		RawQuery: query, OperationName: name, Variables: op.variables,
		Doc: op.document, Operation: op.definition,
		RecoverFunc: recovered, ResolverMiddleware: resolve, RootResolverMiddleware: resolveRoot,
	})
	return graphql.WithResponseContext(h.prepare(ctx), h.presenter.present, recovered)
}

func resolve(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) }

func resolveRoot(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }

// recoverRequest answers a request whose handling panicked.
func (h *handler) recoverRequest(w http.ResponseWriter, r *http.Request, media mediaType) {
	value := recover()
	if value == nil {
		return
	}
	if value == http.ErrAbortHandler {
		panic(value)
	}
	shown := &gqlerror.Error{}
	h.presenter.internal(r.Context(), shown, recovered(r.Context(), value))
	write(w, media, http.StatusInternalServerError, response{errors: gqlerror.List{shown}})
}

// response is a GraphQL response; data is JSON already, nil where nothing was executed.
type response struct {
	errors gqlerror.List
	data   []byte
}

// maxErrors is how many errors an answer names.
const maxErrors = 50

func writeRefusal(w http.ResponseWriter, media mediaType, problem *refusal) {
	if problem.header[0] != "" {
		w.Header().Set(problem.header[0], problem.header[1])
	}
	if media == mediaStream {
		media = mediaJSON // what never came to be an operation has no events
	}
	write(w, media, problem.status, response{errors: requestError(problem.err)})
}

// write sends the response: the data as it is, in one pass.
func write(w http.ResponseWriter, media mediaType, status int, answer response) {
	switch media {
	case mediaNone:
		media = mediaJSON
	case mediaStream:
		writeStream(w, status, answer)
		return
	case mediaJSON, mediaResponse:
	}
	head, tail := answer.parts()
	header := w.Header()
	header.Set("Content-Type", string(media)+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(head)+len(answer.data)+len(tail)))
	header.Add("Vary", "Accept")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	for _, part := range [][]byte{head, answer.data, tail} {
		_, err := w.Write(part)
		if err != nil {
			return // the client has gone
		}
	}
}

// writeStream sends the response as the one event of a stream that is over with it.
func writeStream(w http.ResponseWriter, status int, answer response) {
	var out bytes.Buffer
	writeEvent(&out, -1, answer)
	writeComplete(&out)
	streamHeader(w.Header())
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // an error is the client's, who has gone
}

// parts are what stands around the response's data.
func (r response) parts() (head, tail []byte) {
	if len(r.errors) > 0 {
		return errorsHead(r), []byte("}")
	}
	return []byte(`{"data":`), []byte("}")
}

// errorsHead is the response up to its data.
func errorsHead(answer response) []byte {
	shown := answer.errors[:min(len(answer.errors), maxErrors)]
	list, err := json.Marshal(shown)
	if err != nil { // an error's parameters are texts, and texts can always be written
		list = []byte(`[{"message":"Internal error.","extensions":{"code":"INTERNAL"}}]`)
	}
	head := append([]byte(`{"errors":`), list...)
	if answer.data == nil {
		return head
	}
	return append(head, `,"data":`...)
}
