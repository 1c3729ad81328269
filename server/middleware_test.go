package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var quiet = slog.New(slog.DiscardHandler)

func parseURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

func serveOne(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryRequestHasAnIDOfItsOwnThatTheLogNames(t *testing.T) {
	var logged bytes.Buffer
	log := slog.New(WithRequestID(slog.NewTextHandler(&logged, nil)))
	h := identify(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { log.InfoContext(r.Context(), "here") }))

	first := httptest.NewRequest(http.MethodGet, "/", nil)
	first.Header.Set("X-Request-Id", "chosen-by-the-client")
	one := serveOne(h, first).Header().Get("X-Request-Id")
	two := serveOne(h, httptest.NewRequest(http.MethodGet, "/", nil)).Header().Get("X-Request-Id")

	id, err := uuid.Parse(one)
	require.NoError(t, err)
	assert.Equal(t, uuid.Version(7), id.Version())
	assert.NotEqual(t, one, two)
	assert.Contains(t, logged.String(), "request="+one)
	assert.Contains(t, logged.String(), "request="+two)
}

func TestPanicsAreAnsweredWithoutInternals(t *testing.T) {
	var logged bytes.Buffer
	h := recoverPanics(slog.New(slog.NewTextHandler(&logged, nil)))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("the secret cause")
	}))
	w := serveOne(h, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Equal(t, "Internal error.\n", w.Body.String())
	assert.Contains(t, logged.String(), "the secret cause")
}

func TestSecureHeaders(t *testing.T) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	plain := serveOne(secureHeaders(parseURL(t, "http://localhost:8080"))(nothing), httptest.NewRequest(http.MethodGet, "/", nil)).Header()
	assert.Contains(t, plain.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Contains(t, plain.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	assert.NotContains(t, plain.Get("Content-Security-Policy"), "unsafe")
	assert.Equal(t, "nosniff", plain.Get("X-Content-Type-Options"))
	assert.NotEmpty(t, plain.Get("Referrer-Policy"))
	assert.Empty(t, plain.Get("Strict-Transport-Security"), "http has no TLS to insist on")

	secure := serveOne(secureHeaders(parseURL(t, "https://example.org"))(nothing), httptest.NewRequest(http.MethodGet, "/", nil)).Header()
	assert.Contains(t, secure.Get("Strict-Transport-Security"), "max-age=")
}

func TestPagesLiveAtOneHost(t *testing.T) {
	h := oneHost(parseURL(t, "http://localhost:8080"))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	ask := func(method, host, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://"+host+"/register?page=2", nil)
		r.Header.Set("Accept", accept)
		return serveOne(h, r)
	}
	moved := ask(http.MethodGet, "127.0.0.1:8080", "text/html")
	assert.Equal(t, http.StatusTemporaryRedirect, moved.Code)
	assert.Equal(t, "http://localhost:8080/register?page=2", moved.Header().Get("Location"))
	assert.Equal(t, http.StatusTeapot, ask(http.MethodGet, "localhost:8080", "text/html").Code)
	assert.Equal(t, http.StatusTeapot, ask(http.MethodGet, "127.0.0.1:8080", "application/json").Code, "a program may use either name")
	assert.Equal(t, http.StatusTeapot, ask(http.MethodPost, "127.0.0.1:8080", "text/html").Code)
}

func TestBodiesAreBounded(t *testing.T) {
	b := bounded{timeout: time.Minute}
	h := b.middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}))
	post := func(path string, size int) int {
		return serveOne(h, httptest.NewRequest(http.MethodPost, path, strings.NewReader(strings.Repeat("x", size)))).Code
	}
	assert.Equal(t, http.StatusOK, post("/graphql", bodyLimit))
	assert.Equal(t, http.StatusRequestEntityTooLarge, post("/graphql", bodyLimit+1))
	assert.Equal(t, http.StatusOK, post(importPrefix+"elm", bodyLimit+1))
}

func TestProbes(t *testing.T) {
	stopping, stop := context.WithCancel(t.Context())
	var down error
	h := health{ping: func(context.Context) error { return down }, stopping: stopping, log: quiet}
	status := func(probe http.HandlerFunc) int {
		return serveOne(probe, httptest.NewRequest(http.MethodGet, "/", nil)).Code
	}
	assert.Equal(t, http.StatusOK, status(h.ready))
	down = errors.New("connection refused to db.internal")
	w := serveOne(http.HandlerFunc(h.ready), httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.NotContains(t, w.Body.String(), "db.internal")
	assert.Equal(t, http.StatusOK, status(h.live), "a database that is away is no reason to be killed")
	down = nil
	stop()
	assert.Equal(t, http.StatusServiceUnavailable, status(h.ready))
}

func TestMetricsCountByRouteAndNeverByWhatAClientSent(t *testing.T) {
	m := newMetrics()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /things/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	var logged bytes.Buffer
	h := chain(mux, identify, m.observe(slog.New(slog.NewTextHandler(&logged, nil))), noteRoute)

	serveOne(h, httptest.NewRequest(http.MethodGet, "/things/1?token=secret", nil))
	serveOne(h, httptest.NewRequest(http.MethodGet, "/things/2", nil))
	serveOne(h, httptest.NewRequest("INVENTED", "/nowhere", nil))

	got := serveOne(m.handler(), httptest.NewRequest(http.MethodGet, "/metrics", nil)).Body.String()
	assert.Contains(t, got, `concordat_http_request_duration_seconds_count{method="GET",route="GET /things/{id}",status="201"} 2`)
	assert.Contains(t, got, `{method="other",route="none",status="404"} 1`)
	assert.Equal(t, 2, strings.Count(got, "concordat_http_request_duration_seconds_count{"))
	assert.NotContains(t, logged.String(), "secret")
}

func TestRates(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	l := newLimiter(2, clock)
	for range 2 * burstSeconds {
		_, ok := l.take("somebody")
		require.True(t, ok, "the burst is allowed")
	}
	wait, ok := l.take("somebody")
	assert.False(t, ok)
	assert.Equal(t, 500*time.Millisecond, wait)
	_, ok = l.take("somebody else")
	assert.True(t, ok, "everybody has a bucket of their own")
	now = now.Add(500 * time.Millisecond)
	_, ok = l.take("somebody")
	assert.True(t, ok, "a token has come back")
	now = now.Add(-time.Hour)
	_, ok = l.take("somebody")
	assert.False(t, ok, "a clock that goes back fills nothing")

	unbounded := newLimiter(-1, clock)
	for range 1000 {
		_, ok = unbounded.take("x")
		require.True(t, ok)
	}
}

func TestTheLimiterForgetsClientsThatAreIdle(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := newLimiter(1, func() time.Time { return now })
	for i := range mostBuckets {
		l.take(strconv.Itoa(i))
	}
	now = now.Add(time.Minute)
	l.take("one more")
	got := len(l.buckets)
	assert.Equal(t, 1, got)
}

func TestRateRefusalsTellWhenToComeBack(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	person := ""
	l := rates{
		address:  newLimiter(0.1, func() time.Time { return now }),
		person:   newLimiter(0.1, func() time.Time { return now }),
		personOf: func(context.Context) string { return person },
	}
	h := l.middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	ask := func(path string) *httptest.ResponseRecorder {
		return serveOne(h, httptest.NewRequest(http.MethodPost, path, nil))
	}
	require.Equal(t, http.StatusOK, ask("/register").Code)
	refused := ask("/register")
	assert.Equal(t, http.StatusTooManyRequests, refused.Code)
	assert.Equal(t, "10", refused.Header().Get("Retry-After"))
	assert.Equal(t, http.StatusOK, ask("/healthz").Code, "a probe is always answered")
	assert.Equal(t, http.StatusOK, ask("/graphql").Code, "the API counts its own")
	person = "p1"
	assert.Equal(t, http.StatusOK, ask("/register").Code, "who signs in is counted as a person")
	assert.Equal(t, http.StatusTooManyRequests, ask("/").Code)
}

func TestClientAddress(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ name, peer, forwarded, want string }{
		{"the peer, where no proxy is trusted for it", "203.0.113.9:4711", "198.51.100.1", "203.0.113.9"},
		{"what a trusted proxy says", "10.0.0.1:4711", "198.51.100.1", "198.51.100.1"},
		{"the nearest that is no proxy of ours: what the client wrote itself is not believed", "10.0.0.1:4711", "192.0.2.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"the proxy, where it says nothing that is an address", "10.0.0.1:4711", "unknown", "10.0.0.1"},
		{"an IPv6 client by its network", "[2001:db8:1:2:3:4:5:6]:4711", "", "2001:db8:1:2::/64"},
		{"an IPv4 client in IPv6 clothes by its address", "[::ffff:203.0.113.9]:4711", "", "203.0.113.9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			assert.Equal(t, c.want, clientAddress(r, trusted))
		})
	}
}
