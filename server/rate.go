package server

import (
	"cmp"
	"context"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"concordat/graph"
)

// Rates bound how many requests a second one client may make, after a burst of ten seconds' worth. Zero means the
// default; a negative number means no bound.
type Rates struct {
	PerAddress float64 // without a sign-in: 50
	PerPerson  float64 // signed in, whatever the address: 100
	// PublicComments is how many comments an hour are heard of one person who speaks for nobody: 20. Of all such persons
	// at one address three times as many are.
	PublicComments int
	Streams        int // subscriptions open at once, of a person signed in or an address without a sign-in: 50
}

const (
	defaultPerAddress = 50
	defaultPerPerson  = 100
	burstSeconds      = 10

	defaultPublicComments = 20
	personsAtOneAddress   = 3       // who may each say as much as one person
	mostBuckets           = 100_000 // beyond this, buckets that are full again are forgotten
)

// standard answers both rates, the default in place of zero.
func (r Rates) standard() (perAddress, perPerson float64) {
	return cmp.Or(r.PerAddress, defaultPerAddress), cmp.Or(r.PerPerson, defaultPerPerson)
}

// publicComments answers how many comments an hour are heard of one person; not positive: no bound.
func (r Rates) publicComments() int { return cmp.Or(r.PublicComments, defaultPublicComments) }

// publicRate is publicComments for an address, all of it at once if need be.
func (r Rates) publicRate() graph.Rate {
	most := max(0, personsAtOneAddress*r.publicComments())
	return graph.Rate{PerSecond: float64(most) / 3600, Burst: most}
}

// bucket is a token bucket: so many requests were left at that time.
type bucket struct {
	left float64
	at   time.Time
}

// limiter holds one bucket for each client.
type limiter struct {
	perSecond float64 // not positive: no bound
	now       func() time.Time

	mu      sync.Mutex // guards buckets
	buckets map[string]bucket
}

func newLimiter(perSecond float64, now func() time.Time) *limiter {
	return &limiter{perSecond: perSecond, now: now, buckets: map[string]bucket{}}
}

// take takes a request from the client's bucket. Where none is left it says how long to wait for the next.
func (l *limiter) take(client string) (wait time.Duration, ok bool) {
	if l.perSecond <= 0 {
		return 0, true
	}
	now, full := l.now(), max(1, l.perSecond*burstSeconds)
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[client]
	if !known {
		l.forget(now, full)
		b = bucket{left: full, at: now}
	}
	b.left = min(full, b.left+max(0, now.Sub(b.at).Seconds())*l.perSecond)
	b.at = now
	if b.left < 1 {
		l.buckets[client] = b
		return time.Duration((1 - b.left) / l.perSecond * float64(time.Second)), false
	}
	b.left--
	l.buckets[client] = b
	return 0, true
}

// forget drops the buckets that have filled up again, once there are too many; l.mu is held. Where all are in use the
// map is dropped whole: a bound that is generous for a moment is better than memory without one.
func (l *limiter) forget(now time.Time, full float64) {
	if len(l.buckets) < mostBuckets {
		return
	}
	for client, b := range l.buckets {
		if b.left+now.Sub(b.at).Seconds()*l.perSecond >= full {
			delete(l.buckets, client)
		}
	}
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
}

// rates bounds requests: by person where somebody is signed in, else by address. The API counts its own, in the form
// that its clients read, and the probes are not counted.
type rates struct {
	address, person *limiter
	proxies         []netip.Prefix
	personOf        func(ctx context.Context) string // empty: nobody
}

var uncounted = map[string]bool{"/graphql": true, "/healthz": true, "/readyz": true, "/metrics": true}

func (l rates) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if uncounted[r.URL.Path] {
			next.ServeHTTP(w, r)
			return
		}
		limit, client := l.person, l.personOf(r.Context())
		if client == "" {
			limit, client = l.address, clientAddress(r, l.proxies)
		}
		wait, ok := limit.take(client)
		if ok {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
		http.Error(w, "Too many requests. Please wait a moment.", http.StatusTooManyRequests)
	})
}

// clientAddress is where a request comes from: the peer, or where the peer is a proxy that we trust the last address
// of X-Forwarded-For that is not one. IPv6 clients are counted by their /64, which is one customer's.
func clientAddress(r *http.Request, trusted []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(addr, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop
	}
	addr = addr.Unmap()
	if addr.Is6() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

func isTrusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, prefix := range trusted {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
