package graph

import (
	"context"
	"math"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Rate is a token bucket: so many requests a second in the long run, and so many at once.
type Rate struct {
	PerSecond float64 // 0: no limit
	Burst     int     // at once; PerSecond rounded up if 0
}

// Rates are how often the API may be asked. The zero value sets no limit.
type Rates struct {
	Person  Rate // for each person who is signed in
	Address Rate // for each address, by requests without a sign-in
	Public  Rate // for each address, by comments of those who are signed in and speak for nobody
}

// maxBuckets is how many callers are remembered. Beyond it the ones that have been quiet for longest are forgotten,
// whose buckets are full or nearly so.
const maxBuckets = 100_000

// rates counts requests per person and per address.
type rates struct {
	limits  Rates
	clock   func() time.Time
	person  func(context.Context) string
	address func(*http.Request) string

	mu      sync.Mutex         // guards buckets
	buckets map[string]*bucket // by "p" + person or "a" + address
}

// bucket held tokens at the moment at.
type bucket struct {
	tokens float64
	at     time.Time
}

func newRates(c Config) *rates {
	r := &rates{
		limits: c.Rates, clock: c.Clock, person: c.Person, address: c.Address, buckets: map[string]*bucket{},
	}
	if r.person == nil {
		r.person = func(context.Context) string { return "" }
	}
	if r.address == nil {
		r.address = remoteAddress
	}
	return r
}

// take counts a request, or answers how long its caller has to wait before the next.
func (r *rates) take(req *http.Request) time.Duration {
	if r.limits.Person.PerSecond <= 0 && r.limits.Address.PerSecond <= 0 {
		return 0
	}
	caller, person := r.caller(req)
	if person {
		return r.draw(caller, r.limits.Person)
	}
	return r.draw(caller, r.limits.Address)
}

// caller names by whom a request is counted, and whether that is a person who is signed in.
func (r *rates) caller(req *http.Request) (string, bool) {
	if person := r.person(req.Context()); person != "" {
		return "p" + person, true
	}
	return "a" + r.address(req), false
}

// takePublic counts so many comments of somebody who speaks for nobody, or answers how long to wait before the next.
func (r *rates) takePublic(req *http.Request, comments int) time.Duration {
	for range comments {
		if wait := r.draw("c"+r.address(req), r.limits.Public); wait > 0 {
			return wait
		}
	}
	return 0
}

func (r *rates) draw(key string, rate Rate) time.Duration {
	if rate.PerSecond <= 0 {
		return 0
	}
	burst := float64(rate.Burst)
	if burst < 1 {
		burst = math.Max(1, math.Ceil(rate.PerSecond))
	}
	now := r.clock()
	r.mu.Lock()
	defer r.mu.Unlock()
	b, ok := r.buckets[key]
	if !ok {
		r.makeRoom(now)
		b = &bucket{tokens: burst, at: now}
		r.buckets[key] = b
	}
	passed := math.Max(0, now.Sub(b.at).Seconds())
	b.tokens, b.at = math.Min(burst, b.tokens+passed*rate.PerSecond), now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / rate.PerSecond * float64(time.Second))
	}
	b.tokens--
	return 0
}

// makeRoom forgets the older half of the callers when there are too many; r.mu is held.
func (r *rates) makeRoom(now time.Time) {
	if len(r.buckets) < maxBuckets {
		return
	}
	var total time.Duration
	for _, b := range r.buckets {
		total += now.Sub(b.at) / maxBuckets
	}
	for key, b := range r.buckets {
		if now.Sub(b.at) >= total {
			delete(r.buckets, key)
		}
	}
}

// remoteAddress is the connection's address; of an IPv6 one the network, which is what one subscriber has.
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	addr = addr.Unmap()
	if addr.Is4() {
		return addr.String()
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return host
	}
	return network.String()
}
