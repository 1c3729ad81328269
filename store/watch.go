package store

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What nodes say to each other on PostgreSQL. A notification only wakes; what is true is read from the tables.
const (
	channelActs   = "concordat_acts"   // an act waits for its leaf
	channelLeaves = "concordat_leaves" // the log has grown; the payload is the newest leaf's number
	// who has an edition open; the payload is what SharePresence was given
	channelPresence = "concordat_presence"
)

// pollEvery is how often the log's head is read besides: notifications may be lost, and another process may write.
const pollEvery = time.Second

// watch knows the newest leaf and wakes who waits for a newer one. Its goroutines end in stop, which waits for them.
type watch struct {
	mu    sync.Mutex // guards newest and moved
	top   int64
	moved chan struct{} // closed and replaced when newest grows

	presence atomic.Pointer[func(text string)] // told what nodes say of presence; nil: nobody

	cancel  context.CancelFunc
	ctx     context.Context
	running sync.WaitGroup
	db      *DB
}

func newWatch() *watch {
	ctx, cancel := context.WithCancel(context.Background())
	return &watch{top: -1, moved: make(chan struct{}), ctx: ctx, cancel: cancel}
}

// head answers the number of the newest leaf that this node knows of, or -1.
func (w *watch) head() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.top
}

// raise says that the log has grown to number.
func (w *watch) raise(number int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if number > w.top {
		w.top = number
		close(w.moved)
		w.moved = make(chan struct{})
	}
}

// WaitForLeaf waits until there is a leaf behind number (-1: any) and answers the newest one's number. It ends with ctx.
func (db *DB) WaitForLeaf(ctx context.Context, number int64) (int64, error) {
	for {
		db.watch.mu.Lock()
		top, moved := db.watch.top, db.watch.moved
		db.watch.mu.Unlock()
		if top > number {
			return top, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return top, ctx.Err()
		case <-db.watch.ctx.Done():
			return top, errClosed
		}
	}
}

// start polls the head.
func (w *watch) start(db *DB) {
	w.db = db
	w.running.Go(func() {
		ticker := time.NewTicker(pollEvery)
		defer ticker.Stop()
		for {
			w.poll()
			select {
			case <-ticker.C:
			case <-w.ctx.Done():
				return
			}
		}
	})
}

// poll reads the head. A database that is not migrated has none, and one that cannot be reached is tried again.
func (w *watch) poll() {
	var head int64
	err := w.db.read(w.ctx, func(ctx context.Context, q *Query) error {
		q.told = nil // nobody's request: it comes and goes among those that are counted
		return q.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head)
	})
	if err != nil {
		w.db.log.Debug("the log's head could not be read", "err", err)
		return
	}
	w.raise(head)
}

// stop ends the goroutines and waits for them.
func (w *watch) stop() {
	w.cancel()
	w.running.Wait()
}

// listen hears what other nodes say, on a connection of its own, and connects again when it breaks.
func (w *watch) listen(config *pgx.ConnConfig) {
	w.running.Go(func() {
		for w.ctx.Err() == nil {
			if err := w.hear(config); err != nil && w.ctx.Err() == nil {
				w.db.log.Warn("listening to the database broke off; connecting again", "err", err)
				wait(w.ctx, pollEvery)
			}
		}
	})
}

func (w *watch) hear(config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(w.ctx, config)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn.Close(ctx)
	}()
	if _, err := conn.Exec(w.ctx, "LISTEN "+channelActs+"; LISTEN "+channelLeaves+"; LISTEN "+channelPresence); err != nil {
		return err
	}
	for {
		said, err := conn.WaitForNotification(w.ctx)
		if err != nil {
			return err
		}
		w.take(said)
	}
}

// take does what a notification asks for.
func (w *watch) take(said *pgconn.Notification) {
	switch said.Channel {
	case channelActs:
		w.db.sequencer.hear()
	case channelPresence:
		if hear := w.presence.Load(); hear != nil && *hear != nil {
			(*hear)(said.Payload)
		}
	case channelLeaves:
		if number, err := strconv.ParseInt(said.Payload, 10, 64); err == nil {
			w.raise(number)
		}
	}
}
