package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
)

// request is what the outer middleware notes about a request and the inner one fills in. It belongs to the goroutine
// that serves the request.
type request struct {
	id    string // UUIDv7, also in the header X-Request-Id of the answer
	route string // the pattern of the route that served it; empty where none did
}

type requestKey struct{}

// requestFrom answers the request's notes, or nil outside of one.
func requestFrom(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// RequestID answers the id of the request that ctx belongs to; empty outside of one.
func RequestID(ctx context.Context) string {
	if notes := requestFrom(ctx); notes != nil {
		return notes.id
	}
	return ""
}

// identify gives every request an id of ours; what a client sends as one is not believed.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := uuid.NewV7()
		if err != nil {
			http.Error(w, "Internal error.", http.StatusInternalServerError)
			return
		}
		notes := &request{id: id.String()}
		w.Header().Set("X-Request-Id", notes.id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, notes)))
	})
}

// noteRoute stands directly around the mux, which writes the pattern on the very request that it was given.
func noteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if notes := requestFrom(r.Context()); notes != nil {
			notes.route = r.Pattern
		}
	})
}

// requestLog is a slog.Handler that adds the request's id to every record logged under its context, so that whoever
// logs needs to know nothing of requests.
type requestLog struct{ slog.Handler }

// WithRequestID makes a handler of records that carry the id of the request they belong to, as "request".
func WithRequestID(h slog.Handler) slog.Handler { return requestLog{h} }

// Handle implements slog.Handler.
func (l requestLog) Handle(ctx context.Context, record slog.Record) error {
	if notes := requestFrom(ctx); notes != nil {
		record.AddAttrs(slog.String("request", notes.id))
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (l requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (l requestLog) WithGroup(name string) slog.Handler { return requestLog{l.Handler.WithGroup(name)} }
