package graph

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"concordat/governance"
)

// stream is one subscription: an operation that is executed for each event of its source.
type stream struct {
	streams   *Streams
	handler   *handler
	ctx       context.Context // of the request that opened it, without its end
	operation *operation
	caller    string // by whom it is counted
	person    bool   // the caller is a person
	number    int

	renewedAt time.Time // owned by the one goroutine of run

	mu      sync.Mutex // guards what follows; source and conn do not change once they are set
	source  source     // set before conn
	conn    net.Conn
	started bool
	running bool // run is running
	woken   bool // there may be something to send
	beaten  bool // the connection is to be kept alive
	ended   bool
}

// source is where a stream's events come from.
type source interface {
	// next answers what comes next for whom ctx shows, and whether there may be more at once.
	next(ctx context.Context) (events []event, more bool, err error)
	// after answers the leaf up to which everything was told.
	after() int64
	Close()
}

// event is what an operation is executed for.
type event struct {
	leaf  int64 // its id; negative: it has none
	value any
}

// renewEvery is how long a stream without events goes on before its sign-in is looked at again.
const renewEvery = time.Minute

// errEnded ends a stream whose client was told why.
var errEnded = errors.New("the stream has ended")

// wake says that there may be something to send.
func (s *stream) wake() { s.nudge(false) }

func (s *stream) nudge(beat bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if beat {
		s.beaten = true
	} else {
		s.woken = true
	}
	if s.started && !s.running && !s.ended {
		s.running = true
		s.streams.running.Go(s.run)
	}
}

// attach gives the stream its source. A stream that has ended meanwhile closes it.
func (s *stream) attach(from source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		from.Close()
		return
	}
	s.source = from
}

// start hands the connection over; what waits is sent. A stream that has ended meanwhile closes it.
func (s *stream) start(conn net.Conn) {
	s.mu.Lock()
	s.conn, s.started = conn, true
	ended := s.ended
	s.mu.Unlock()
	if ended {
		_ = conn.Close() // nothing was promised to the client
		return
	}
	s.nudge(false)
}

// run sends what waits until nothing does.
func (s *stream) run() {
	for {
		s.mu.Lock()
		woken, beaten := s.woken, s.beaten
		if s.ended || !woken && !beaten {
			s.running = false
			s.mu.Unlock()
			return
		}
		s.woken, s.beaten = false, false
		s.mu.Unlock()
		if err := s.turn(woken, beaten); err != nil {
			s.end()
		}
	}
}

// turn sends what came, and where there is nothing, on a beat, a comment.
func (s *stream) turn(woken, beaten bool) error {
	if beaten && s.gone() {
		return errEnded
	}
	now := s.handler.clock()
	until := s.streams.config.Until(s.ctx)
	over := !until.IsZero() && !now.Before(until)
	var out bytes.Buffer
	var problem error
	if woken || over || now.Sub(s.renewedAt) >= renewEvery {
		problem = s.gather(&out, now)
	}
	if out.Len() == 0 && problem == nil {
		if !beaten {
			return nil
		}
		s.comment(&out)
	}
	return errors.Join(s.send(s.conn, out.Bytes()), problem)
}

// gather writes the events that came, one batch of them.
func (s *stream) gather(out *bytes.Buffer, now time.Time) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	defer context.AfterFunc(s.streams.ctx, cancel)()
	ctx, err := s.renew(ctx)
	if err != nil {
		return s.refuse(out, err)
	}
	s.renewedAt = now
	if err := s.streams.enter(s.streams.slots); err != nil {
		return err
	}
	defer func() { <-s.streams.slots }()
	events, more, err := s.next(ctx)
	if err != nil {
		return s.refuse(out, err)
	}
	for _, e := range events {
		answer, told := s.handler.tell(ctx, s.operation, e.value)
		if told && answer.data == nil {
			return s.refuse(out, errUntold) // the client comes back and is told then
		}
		if told {
			writeEvent(out, e.leaf, answer)
		}
	}
	if more {
		s.wake()
	}
	return nil
}

// next asks the source for what comes next.
func (s *stream) next(ctx context.Context) ([]event, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.handler.limits.Duration)
	defer cancel()
	return s.source.next(ctx)
}

// errUntold is an event that could not be told.
var errUntold = errors.New("an event could not be executed")

// renew finds out again who is asking, and whether it may. It may wait for an identity provider.
func (s *stream) renew(ctx context.Context) (context.Context, error) {
	if err := s.streams.enter(s.streams.doors); err != nil {
		return nil, err
	}
	defer func() { <-s.streams.doors }()
	ctx, err := s.streams.config.Renew(ctx)
	if err != nil {
		return nil, err
	}
	if refusal := s.handler.refusal(ctx, false); refusal != nil {
		return nil, refusal
	}
	return ctx, nil
}

// refuse tells the client why the stream ends, where it can do something about it. Of our own failures it is told nothing: it
// comes back and is told what it missed.
func (s *stream) refuse(out *bytes.Buffer, err error) error {
	if refusal, ok := errors.AsType[*governance.Error](err); ok {
		writeEvent(out, -1, response{errors: requestError(refusal)})
		writeComplete(out)
		return errEnded
	}
	if s.streams.ctx.Err() == nil && !errors.Is(err, errUntold) {
		s.handler.presenter.log.WarnContext(s.ctx, "a subscription broke off", "error", err)
	}
	return err
}

// comment keeps the connection alive, and says up to where the client was told everything: it may have been nothing.
func (s *stream) comment(out *bytes.Buffer) {
	out.WriteString(":\n")
	if after := s.source.after(); after >= 0 {
		out.WriteString("id: " + strconv.FormatInt(after, 10) + "\n")
	}
	out.WriteString("\n")
}

// send writes to the client; one that does not take it in time is let go.
func (s *stream) send(conn net.Conn, text []byte) error {
	if len(text) == 0 {
		return nil
	}
	if err := conn.SetWriteDeadline(time.Now().Add(s.streams.config.Write)); err != nil {
		return err
	}
	_, err := conn.Write(text)
	return err
}

// gone says whether the client has closed the connection: reading is then over at once, and otherwise in a millisecond.
func (s *stream) gone() bool {
	s.mu.Lock()
	started, ended := s.started, s.ended
	s.mu.Unlock()
	if !started || ended {
		return ended
	}
	if err := s.conn.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		return true
	}
	var b [1]byte
	_, err := s.conn.Read(b[:])
	timeout, ok := errors.AsType[net.Error](err)
	return err != nil && !(ok && timeout.Timeout())
}

// end closes the stream; twice does nothing more.
func (s *stream) end() {
	s.mu.Lock()
	ended, from, conn := s.ended, s.source, s.conn
	s.ended = true
	s.mu.Unlock()
	if ended {
		return
	}
	s.streams.forget(s)
	if from != nil {
		from.Close()
	}
	if conn != nil {
		_ = conn.Close() // it may be closed already
	}
}

// writeEvent writes a result as an event.
func writeEvent(out *bytes.Buffer, id int64, answer response) {
	if id >= 0 {
		out.WriteString("id: " + strconv.FormatInt(id, 10) + "\n")
	}
	out.WriteString("event: next\ndata: ")
	head, tail := answer.parts()
	for _, part := range [][]byte{head, answer.data, tail} {
		out.Write(bytes.ReplaceAll(part, []byte("\n"), []byte("\ndata: "))) // a line break would end the data
	}
	out.WriteString("\n\n")
}

// writeComplete says that nothing more follows.
func writeComplete(out *bytes.Buffer) { out.WriteString("event: complete\ndata:\n\n") }
