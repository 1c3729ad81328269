package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"concordat/governance"
)

const (
	sequencerLock  = 0x636f6e636f7264 // "concord": the advisory lock of the one sequencer
	sequencerBatch = 500
)

// sequencer gives committed acts their leaves on PostgreSQL. Every node runs one; the holder of an advisory lock
// appends, in the session that holds the lock, so that a holder that lost its session can append nothing. A lock on the
// log's head in every step would cost six sevenths of the throughput.
type sequencer struct {
	db      *DB
	link    *link         // owned by the goroutine of loop; nil while not connected
	leads   bool          // whether link holds the lock; owned by loop
	local   chan struct{} // a step of this node left an act
	remote  chan struct{} // another node said so
	stop    chan struct{}
	stopped chan struct{}
}

func newSequencer(db *DB) *sequencer {
	return &sequencer{
		db: db, local: make(chan struct{}, 1), remote: make(chan struct{}, 1),
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
}

// poke says that a step of this node left an act.
func (s *sequencer) poke() { wake(s.local) }

// hear says that another node's step left an act.
func (s *sequencer) hear() { wake(s.remote) }

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is awake already
	}
}

// close appends what is waiting, gives the lock up and waits for the end.
func (s *sequencer) close() {
	close(s.stop)
	<-s.stopped
}

func (s *sequencer) loop() {
	defer close(s.stopped)
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for ended := false; !ended; {
		tell := false
		select {
		case <-s.local:
			tell = true
		case <-s.remote:
		case <-ticker.C:
		case <-s.stop:
			ended = true
		}
		if err := s.turn(tell); err != nil {
			s.report(err)
			s.drop()
		}
	}
	s.drop()
}

// report tells the operator, except of a database that is not migrated yet.
func (s *sequencer) report(err error) {
	if failureOf(err) == failMissing {
		return
	}
	s.db.log.Warn("acts could not be appended to the log; trying again", "err", err)
}

// turn appends all that waits, or tells the node that may.
func (s *sequencer) turn(tell bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), postgresTimeout)
	defer cancel()
	if err := s.lead(ctx); err != nil {
		return err
	}
	if !s.leads {
		if tell {
			_, err := s.link.exec(ctx, "SELECT pg_notify($1, '')", []any{channelActs})
			return err
		}
		return nil
	}
	for {
		appended, err := s.appendBatch(ctx)
		if err != nil || appended < sequencerBatch {
			return err
		}
	}
}

// lead connects and takes the lock if nobody holds it.
func (s *sequencer) lead(ctx context.Context) error {
	if s.link == nil {
		l, err := newLink(ctx, s.db.pool, false)
		if err != nil {
			return err
		}
		s.link = l
	}
	if s.leads {
		return nil
	}
	q := &Query{link: s.link}
	if err := q.queryRow(ctx, `SELECT pg_try_advisory_lock($1)`, sequencerLock).Scan(&s.leads); err != nil {
		return fmt.Errorf("take the sequencer's lock: %w", err)
	}
	return nil
}

// drop gives the connection up, and the lock with it.
func (s *sequencer) drop() {
	if s.link != nil {
		s.link.discard()
	}
	s.link, s.leads = nil, false
}

// queuedAct is an act without a leaf.
type queuedAct struct {
	position int64
	id       string
	digest   governance.Digest
}

func scanQueuedAct(row scanner) (queuedAct, error) {
	var a queuedAct
	err := row.Scan(&a.position, &a.id, &a.digest)
	return a, err
}

// appendBatch gives the first acts of the queue their leaves and says how many.
func (s *sequencer) appendBatch(ctx context.Context) (int, error) {
	tx := &Tx{Query: &Query{link: s.link}}
	if _, err := tx.exec(ctx, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"); err != nil {
		return 0, err
	}
	acts, err := collect(ctx, tx.Query, scanQueuedAct, `
		SELECT q.position, q.act_id, a.digest
		FROM act_queue q
		JOIN acts a ON a.id = q.act_id
		ORDER BY q.position
		LIMIT $1`, sequencerBatch)
	if err != nil || len(acts) == 0 {
		s.link.rollback()
		return 0, err
	}
	head, err := tx.sequence(ctx, acts)
	if err != nil {
		s.link.rollback()
		return 0, err
	}
	if err := s.link.commit(ctx); err != nil {
		return 0, fmt.Errorf("commit leaves: %w", err)
	}
	s.db.watch.raise(head)
	return len(acts), nil
}

// sequence moves the acts from the queue to the log and answers the new head.
func (tx *Tx) sequence(ctx context.Context, acts []queuedAct) (int64, error) {
	var head int64
	if err := tx.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head); err != nil {
		return 0, err
	}
	numbers, ids := make([]int64, len(acts)), make([]string, len(acts))
	hashes, positions := make([]string, len(acts)), make([]int64, len(acts))
	for i, act := range acts {
		hash, err := leafHash(act.digest)
		if err != nil {
			return 0, err
		}
		head++
		numbers[i], ids[i], hashes[i], positions[i] = head, act.id, hash, act.position
	}
	_, err := tx.link.exec(ctx, `
		INSERT INTO leaves (number, act_id, hash)
		SELECT number, act_id, hash
		FROM unnest($1::bigint[], $2::text[], $3::text[]) AS new (number, act_id, hash)`,
		[]any{numbers, ids, hashes})
	if err != nil {
		return 0, fmt.Errorf("insert leaves: %w", err)
	}
	if size := head + 1; fillsTile(size-int64(len(acts)), size) {
		if err := tx.growTree(ctx, size); err != nil {
			return 0, err
		}
	}
	if _, err := tx.link.exec(ctx, `DELETE FROM act_queue WHERE position = ANY ($1)`, []any{positions}); err != nil {
		return 0, fmt.Errorf("empty the queue: %w", err)
	}
	_, err = tx.link.exec(ctx, `SELECT pg_notify($1, $2)`, []any{channelLeaves, strconv.FormatInt(head, 10)})
	if err != nil {
		return 0, fmt.Errorf("tell the nodes: %w", err)
	}
	return head, nil
}
