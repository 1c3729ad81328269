package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// defaultGroup is how many steps share one transaction at most, where nothing else is asked for.
const defaultGroup = 256

// group is SQLite's one writer. Steps that wait together share one transaction and one fsync, and each is answered after
// the commit. There is no timer: a group is whatever came while the last one was being committed.
//
// Most steps succeed, and most that are refused are so before they have changed anything: for those nothing has to be
// undone. A step that fails later stops the group, which is then replayed with each step in a savepoint of its own.
//
// A cancelled statement, a full disk or an I/O error can roll the whole transaction back under a closure, and the next
// statement would then be committed by itself. So a closure takes no statement after one that failed, and after each
// closure that failed by a statement the savepoint itself is asked for: it exists only inside the transaction. If it is
// gone the group stops, and each closure is replayed alone.
type group struct {
	db       *DB
	pool     *sql.DB
	link     *link   // owned by the goroutine of loop
	log      *actLog // of the transaction that is open; owned by it too
	careful  int     // groups to come that take savepoints from the start; owned by it too
	incoming chan *pending
	stopped  chan struct{} // closed when loop has ended

	mu     sync.RWMutex // guards closed: read-held while a step is put in, held to close
	closed bool

	groups, steps, replays atomic.Int64
}

// pending is a step that waits for its commit.
type pending struct {
	ctx  context.Context // of the caller: a step that has not begun when it ends is dropped
	job  *job
	tx   *Tx   // of the last attempt
	err  error // a refusal, or what kept the step from being committed
	done chan struct{}
}

func newGroup(db *DB, pool *sql.DB) *group {
	return &group{
		db: db, pool: pool, incoming: make(chan *pending, defaultGroup), stopped: make(chan struct{}),
	}
}

// open connects.
func (g *group) open(ctx context.Context) error {
	l, err := newLink(ctx, g.pool, true)
	if err != nil {
		return err
	}
	g.link = l
	return nil
}

// commit hands the job to the writer and waits for its end. Once begun it is waited for even if ctx ends: its outcome
// is known within the time that the disk takes.
func (g *group) commit(ctx context.Context, j *job) (*Tx, error) {
	p := &pending{ctx: ctx, job: j, done: make(chan struct{})}
	if err := g.put(p); err != nil {
		return nil, err
	}
	<-p.done
	return p.tx, p.err
}

func (g *group) put(p *pending) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errClosed
	}
	select {
	case g.incoming <- p:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// close takes no more steps and waits for those that were accepted.
func (g *group) close() error {
	g.mu.Lock()
	g.closed = true
	close(g.incoming)
	g.mu.Unlock()
	<-g.stopped
	var err error
	if g.link != nil {
		err = g.link.close()
	}
	return errors.Join(err, g.pool.Close())
}

// loop commits groups until the group is closed.
func (g *group) loop() {
	defer close(g.stopped)
	for first := range g.incoming {
		batch := g.gather(first)
		g.process(batch)
		for _, p := range batch {
			close(p.done)
		}
	}
}

// gather takes what is waiting.
func (g *group) gather(first *pending) []*pending {
	batch := []*pending{first}
	for len(batch) < g.db.groupLimit {
		select {
		case p, open := <-g.incoming:
			if !open {
				return batch
			}
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// process commits a batch together or, where that fails, each step alone.
func (g *group) process(batch []*pending) {
	live := batch[:0:0]
	for _, p := range batch {
		p.err = p.ctx.Err()
		if p.err == nil {
			live = append(live, p)
		}
	}
	g.groups.Add(1)
	g.steps.Add(int64(len(live)))
	if len(live) > 1 {
		err := g.inOne(live)
		if err == nil {
			return
		}
		g.replays.Add(1)
		g.db.log.Warn("a group commit was stopped; its steps are replayed one by one", "steps", len(live), "err", err)
	}
	for _, p := range live {
		g.alone(p)
	}
}

// carefulFor is how many groups take savepoints from the start after one that had to be replayed with them, so that
// nobody makes every group run twice.
const carefulFor = 32

// inOne commits a batch together, with savepoints where they are needed.
func (g *group) inOne(batch []*pending) error {
	if g.careful > 0 {
		g.careful--
		return g.together(batch, g.inSavepoint)
	}
	err := g.together(batch, g.bare)
	if errors.Is(err, errHalfDone) {
		g.careful = carefulFor
		return g.together(batch, g.inSavepoint)
	}
	return err
}

// alone commits one step, with a few more tries if another process holds the file.
func (g *group) alone(p *pending) {
	for try := 0; ; try++ {
		err := g.together([]*pending{p}, g.bare)
		if err == nil || errors.Is(err, errHalfDone) {
			return // in either case p says what came of it
		}
		if p.err = err; !mayRetry(err) || try == 2 {
			return
		}
		wait(context.Background(), backoff(try))
	}
}

// together runs the batch in one transaction, each step by run. An error says that nothing of it was committed, or that
// this is not known; where it is nil each step carries its own outcome.
func (g *group) together(batch []*pending, run func(context.Context, *pending) error) error {
	ctx := context.Background() // never a request's: an interrupted statement rolls its neighbours back
	if err := g.begin(ctx); err != nil {
		return err
	}
	g.log = newActLog(false)
	defer g.log.sealing.Wait()
	for _, p := range batch {
		waiting := len(g.log.waiting)
		if err := run(ctx, p); err != nil {
			return errors.Join(err, g.rollback(ctx))
		}
		g.log.sealFrom(waiting)
	}
	head, err := g.appendActs(ctx)
	if err != nil {
		return errors.Join(err, g.rollback(ctx))
	}
	if err := g.control(ctx, "COMMIT"); err != nil {
		return errors.Join(err, g.rollback(ctx))
	}
	if len(g.log.written) > 0 {
		g.db.watch.raise(head)
	}
	return nil
}

// errHalfDone is a step that failed after it had changed something, with no savepoint to go back to.
var errHalfDone = errors.New("a step failed half done")

// bare runs one step without a savepoint. A refusal before the step has changed anything goes to p.err; the error
// answered says that the transaction must not be committed.
func (g *group) bare(ctx context.Context, p *pending) error {
	p.tx, p.err = g.db.attempt(ctx, g.link, g.log, p.job)
	switch {
	case p.err == nil, p.tx.failed == nil && !p.tx.wrote:
		return nil
	case p.tx.failed != nil && failureOf(p.tx.failed) == failOther:
		return p.err // an I/O error, a full disk: what the transaction holds is not to be trusted
	}
	return errHalfDone
}

// inSavepoint runs one step. Its own failure goes to p.err; the error answered says that the transaction is lost. Its
// acts are written inside its savepoint, so that they fall with it.
func (g *group) inSavepoint(ctx context.Context, p *pending) error {
	if err := g.control(ctx, "SAVEPOINT step"); err != nil {
		return err
	}
	before := len(g.log.written)
	g.log.touched = map[root]bool{}
	p.tx, p.err = g.db.attempt(ctx, g.link, g.log, p.job)
	if p.err == nil {
		p.err = p.tx.fail(g.log.write(ctx, g.link))
	}
	if p.err == nil {
		return g.control(ctx, "RELEASE step")
	}
	g.log.waiting, g.log.written = nil, g.log.written[:before]
	if err := g.control(ctx, "ROLLBACK TO step"); err != nil {
		return errors.Join(p.err, err)
	}
	if p.tx.failed != nil && failureOf(p.tx.failed) == failOther {
		return p.err // an I/O error, a full disk: what the transaction holds is not to be trusted
	}
	return g.control(ctx, "RELEASE step")
}

// begin opens the transaction, on a fresh connection where the old one is lost.
func (g *group) begin(ctx context.Context) error {
	if g.link == nil {
		if err := g.open(ctx); err != nil {
			return err
		}
	}
	err := g.control(ctx, "BEGIN IMMEDIATE")
	if err != nil && !mayRetry(err) {
		g.reopen()
	}
	return err
}

// rollback leaves no transaction behind: a connection that cannot say so is closed.
func (g *group) rollback(ctx context.Context) error {
	// Of a transaction that SQLite has rolled back itself, ROLLBACK says that there is none: then BEGIN proves it.
	if err := g.control(ctx, "ROLLBACK"); err == nil {
		return nil
	}
	if err := g.control(ctx, "BEGIN"); err == nil {
		if err := g.control(ctx, "ROLLBACK"); err == nil {
			return nil
		}
	}
	g.reopen()
	return nil
}

// reopen throws the connection away; the next begin makes another.
func (g *group) reopen() {
	g.link.discard()
	g.link = nil
}

func (g *group) control(ctx context.Context, text string) error {
	if _, err := g.link.exec(ctx, text, nil); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

// appendActs writes the acts that wait, gives all of the transaction their leaves after the last one, and answers the new
// head.
func (g *group) appendActs(ctx context.Context) (int64, error) {
	if err := g.log.write(ctx, g.link); err != nil {
		return 0, err
	}
	if len(g.log.written) == 0 {
		return 0, nil
	}
	tx := &Tx{Query: &Query{link: g.link}}
	var head int64
	if err := tx.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head); err != nil {
		return 0, fmt.Errorf("append leaves: %w", err)
	}
	rows := make([]any, 0, 3*len(g.log.written))
	for _, act := range g.log.written {
		hash, err := leafHash(act.digest)
		if err != nil {
			return 0, fmt.Errorf("append leaves: %w", err)
		}
		head++
		rows = append(rows, head, act.body.ID, hash)
	}
	if err := tx.insertRows(ctx, insertLeaves, rows); err != nil {
		return 0, fmt.Errorf("append leaves: %w", err)
	}
	if size := head + 1; fillsTile(size-int64(len(g.log.written)), size) {
		return head, tx.growTree(ctx, size)
	}
	return head, nil
}

// wait sleeps for d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
