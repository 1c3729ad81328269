package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"concordat/auth"
)

// middleware wraps a handler in another.
type middleware func(http.Handler) http.Handler

// chain puts handlers around one: the first named is the outermost.
func chain(h http.Handler, around ...middleware) http.Handler {
	for i := len(around) - 1; i >= 0; i-- {
		h = around[i](h)
	}
	return h
}

// recoverPanics answers a panic with 500 and logs it with its stack. http.ErrAbortHandler passes: it is how a handler
// cuts a connection.
func recoverPanics(log *slog.Logger) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				switch caught := recover(); caught {
				case nil:
				case http.ErrAbortHandler:
					panic(caught)
				default:
					log.ErrorContext(r.Context(), "panic", "panic", fmt.Sprint(caught), "stack", string(debug.Stack()))
					http.Error(w, "Internal error.", http.StatusInternalServerError)
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// contentSecurityPolicy allows what our own server serves and nothing else: no inline script or style, no frames, no
// plug-ins. A route that needs another one sets the header itself.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'; form-action 'self'"

// secureHeaders sets on every answer what browsers need to be told. Strict-Transport-Security is sent where people
// reach us by https. A form may send the browser here and to the origins given.
func secureHeaders(public *url.URL, origins ...string) middleware {
	policy := strings.Join(append([]string{contentSecurityPolicy}, origins...), " ")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
			h.Set("X-Content-Type-Options", "nosniff")
			if public.Scheme == "https" {
				h.Set("Strict-Transport-Security", "max-age=63072000")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// oneHost sends a browser that came to this machine under another name (127.0.0.1 for localhost) to the public URL:
// cookies and sign-in belong to one host. Only pages are redirected, and only on loopback; a proxy does it elsewhere.
func oneHost(public *url.URL) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			page := r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
			if page && r.Host != public.Host && auth.IsLoopback(public.Hostname()) {
				http.Redirect(w, r, public.String()+r.URL.RequestURI(), http.StatusTemporaryRedirect)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// bounded limits the body and the time of every request: an upload gets the larger body and ten times the time. A
// subscription is none any more once it is open: its connection is then package graph's.
type bounded struct{ timeout time.Duration }

func (b bounded) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit, timeout := int64(bodyLimit), b.timeout
		upload := r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, importPrefix)
		if upload {
			limit, timeout = uploadLimit, 10*timeout
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		if upload {
			setDeadlines(http.NewResponseController(w), time.Now().Add(timeout))
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// setDeadlines moves a connection's deadlines. A connection that has none (in a test)
// needs none moved.
func setDeadlines(c *http.ResponseController, at time.Time) {
	_ = c.SetReadDeadline(at)
	_ = c.SetWriteDeadline(at)
}
