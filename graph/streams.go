package graph

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"time"

	"concordat/governance"
)

// StreamConfig says how many subscriptions this node keeps open, and how. The zero value is useful.
type StreamConfig struct {
	PerPerson  int // open at once for each person signed in: 50; negative: no bound
	PerAddress int // and for each address without a sign-in: 50; negative: no bound
	Total      int // on this node: 20,000; negative: no bound
	// Write bounds how long a client may take to receive what is sent to it: 10 s.
	Write time.Duration
	// Beats paces the comments that keep connections alive: each beats one stream in beatParts. Nil: each stream is beaten
	// every 20 s.
	Beats <-chan time.Time
	// Renew answers the context with who is asking as that stands now, or why nothing more may be told. Nil: it stays as
	// it is.
	Renew func(context.Context) (context.Context, error)
	// Until answers when the sign-in of a request ends; nil, or the zero time: never.
	Until func(context.Context) time.Time
}

const (
	beatEvery = 20 * time.Second
	beatParts = 16
	renewals  = 64 // at once
)

// Streams are the subscriptions open on this node. A stream that waits costs its connection and a little memory, and no
// goroutine: one runs for it only while there is something to send. Close ends them all.
type Streams struct {
	config StreamConfig
	slots  chan struct{} // held while a stream reads and executes: streams must not keep requests from the store
	doors  chan struct{} // held while it is found out again who is asking, which may take as long as an identity provider

	mu     sync.Mutex // guards what follows
	open   map[*stream]bool
	counts map[string]int // of open streams by caller
	opened int            // streams ever, to number them
	closed bool

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup // the goroutines of streams and beat
}

// NewStreams makes room for subscriptions. The caller closes it.
func NewStreams(c StreamConfig) *Streams {
	for _, limit := range []struct {
		value    *int
		standard int
	}{{&c.PerPerson, 50}, {&c.PerAddress, 50}, {&c.Total, 20_000}} {
		if *limit.value == 0 {
			*limit.value = limit.standard
		}
	}
	if c.Write == 0 {
		c.Write = 10 * time.Second
	}
	if c.Renew == nil {
		c.Renew = func(ctx context.Context) (context.Context, error) { return ctx, nil }
	}
	if c.Until == nil {
		c.Until = func(context.Context) time.Time { return time.Time{} }
	}
	s := &Streams{
		config: c, slots: make(chan struct{}, max(2, runtime.NumCPU())), doors: make(chan struct{}, renewals),
		open: map[*stream]bool{}, counts: map[string]int{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.running.Go(s.beat)
	return s
}

// Open answers how many streams are open.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close ends every stream and waits for their goroutines. Clients see the connection close and come back elsewhere.
func (s *Streams) Close() {
	s.mu.Lock()
	s.closed = true
	streams := make([]*stream, 0, len(s.open))
	for one := range s.open {
		streams = append(streams, one)
	}
	s.mu.Unlock()
	s.cancel()
	for _, one := range streams {
		one.end()
	}
	s.running.Wait()
}

// beat keeps the connections of streams alive, a part of them at each tick.
func (s *Streams) beat() {
	beats := s.config.Beats
	if beats == nil {
		ticker := time.NewTicker(beatEvery / beatParts)
		defer ticker.Stop()
		beats = ticker.C
	}
	for part := 0; ; part = (part + 1) % beatParts {
		select {
		case <-s.ctx.Done():
			return
		case <-beats:
		}
		s.mu.Lock()
		var due []*stream
		for one := range s.open {
			if one.number%beatParts == part {
				due = append(due, one)
			}
		}
		s.mu.Unlock()
		for _, one := range due {
			one.nudge(true)
		}
	}
}

// admit counts a stream of a caller in, or refuses it. A stream whose client has gone gives its place back.
func (s *Streams) admit(one *stream) *refusal {
	problem := s.count(one)
	if problem == nil {
		return nil
	}
	for _, other := range s.of(one.caller) {
		if other.gone() {
			other.end()
		}
	}
	return s.count(one)
}

func (s *Streams) of(caller string) []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	var streams []*stream
	for one := range s.open {
		if one.caller == caller {
			streams = append(streams, one)
		}
	}
	return streams
}

func (s *Streams) count(one *stream) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := s.config.PerAddress
	if one.person {
		most = s.config.PerPerson
	}
	switch {
	case s.closed:
		return &refusal{status: http.StatusServiceUnavailable, err: governance.Refuse(governance.CodeRateLimited, "stopping", "This server is stopping.")}
	case most >= 0 && s.counts[one.caller] >= most:
		return tooManyStreams(most)
	case s.config.Total >= 0 && len(s.open) >= s.config.Total:
		return tooManyStreams(s.config.Total)
	}
	one.number = s.opened
	s.opened++
	s.open[one] = true
	s.counts[one.caller]++
	return nil
}

func tooManyStreams(most int) *refusal {
	return &refusal{
		status: http.StatusTooManyRequests, header: [2]string{"Retry-After", "30"},
		err: governance.Refuse(governance.CodeRateLimited, "too-many-streams", "Too many subscriptions are open: at most {most}. Close some.",
			"most", strconv.Itoa(most)),
	}
}

// forget takes a stream off the list; twice does nothing more.
func (s *Streams) forget(one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open[one] {
		return
	}
	delete(s.open, one)
	s.counts[one.caller]--
	if s.counts[one.caller] == 0 {
		delete(s.counts, one.caller)
	}
}

// enter waits for a place; it answers an error when the streams are closed.
func (s *Streams) enter(places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}
