package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// loggedAct is an act on its way to its rows and its leaf. What is salted was drawn when it was appended; its digests and
// bytes are made by seal.
type loggedAct struct {
	act    Act
	body   actBody
	at     time.Time
	person salted // empty: nobody
	texts  []namedText

	canonical string
	digest    governance.Digest
}

// namedText is a text of an act that can be erased.
type namedText struct {
	name string
	salted
}

// seal puts the salted digests of the person and the texts into the act and fixes its bytes.
func (a *loggedAct) seal() error {
	var err error
	if a.person.Text != "" {
		if a.body.Person, err = a.person.digest(); err != nil {
			return err
		}
	}
	if len(a.texts) > 0 {
		a.body.Texts = make(map[string]governance.Digest, len(a.texts))
	}
	for _, text := range a.texts {
		if a.body.Texts[text.name], err = text.digest(); err != nil {
			return err
		}
	}
	canonical, err := notary.Canonical(a.body)
	if err != nil {
		return err
	}
	a.canonical, a.digest = string(canonical), notary.Digest(canonical)
	return nil
}

// actLog holds the acts of a transaction, which on SQLite is a whole group's, until they are written: many by one
// statement, and sealed by another goroutine while the writer goes on with the next step. It belongs to the goroutine of
// the transaction.
type actLog struct {
	queue   bool // an act is queued for the sequencer, on PostgreSQL
	waiting []*loggedAct
	written []*loggedAct // in the order of their leaves
	touched map[root]bool

	sealing sync.WaitGroup
	mu      sync.Mutex // guards failed
	failed  error      // the first act that could not be sealed
}

// newActLog makes the log of one transaction.
func newActLog(queue bool) *actLog { return &actLog{queue: queue, touched: map[root]bool{}} }

// add takes an act that is to be written.
func (l *actLog) add(act *loggedAct) { l.waiting = append(l.waiting, act) }

// sealFrom seals the acts that wait from the nth on, in a goroutine that write waits for.
func (l *actLog) sealFrom(n int) {
	if n >= len(l.waiting) {
		return
	}
	acts := l.waiting[n:]
	l.sealing.Go(func() { l.sealAll(acts) })
}

func (l *actLog) sealAll(acts []*loggedAct) {
	for _, act := range acts {
		if err := act.seal(); err != nil {
			l.mu.Lock()
			l.failed = fmt.Errorf("seal act %s: %w", act.act.Type, err)
			l.mu.Unlock()
			return
		}
	}
}

// write writes the rows of the acts that wait.
func (l *actLog) write(ctx context.Context, link *link) error {
	if len(l.waiting) == 0 {
		return nil
	}
	l.sealing.Wait()
	for _, act := range l.waiting {
		if act.digest == "" {
			l.sealAll([]*loggedAct{act})
		}
	}
	if l.failed != nil {
		return l.failed
	}
	if err := l.insert(ctx, &Tx{Query: &Query{link: link}}); err != nil {
		return fmt.Errorf("write acts: %w", err)
	}
	l.written = append(l.written, l.waiting...)
	l.waiting = nil
	return nil
}

func (l *actLog) insert(ctx context.Context, tx *Tx) error {
	var acts, queue, people, texts []any
	for _, a := range l.waiting {
		acts = append(acts,
			a.body.ID, a.at, a.act.Type, a.act.Object.Kind, a.act.Object.ID, a.act.Root.noun(), a.act.Root.id,
			a.body.Organization, a.body.Role, a.digest, a.canonical)
		if l.queue {
			queue = append(queue, a.body.ID)
		}
		if a.person.Text != "" {
			people = append(people, a.body.ID, a.person.Text, a.person.Salt)
		}
		for _, text := range a.texts {
			texts = append(texts, a.body.ID, text.name, text.Salt, text.Text)
		}
	}
	for _, rows := range []struct {
		insert rowInsert
		args   []any
	}{{insertActs, acts}, {insertQueue, queue}, {insertPeople, people}, {insertTexts, texts}} {
		if err := tx.insertRows(ctx, rows.insert, rows.args); err != nil {
			return err
		}
	}
	return nil
}

// rowsAtOnce is how many rows one statement inserts where there are so many.
const rowsAtOnce = 8

// rowInsert inserts rows of so many columns, by a text for one row and one for rowsAtOnce.
type rowInsert struct {
	columns   int
	one, many string
}

// The statements that log a transaction.
var (
	insertActs = newRowInsert(11, `
		INSERT INTO acts (
			id, created_at, type, object_kind, object_id, root_kind, root_id, organization_id, role, digest, body
		) VALUES `)
	insertQueue  = newRowInsert(1, `INSERT INTO act_queue (act_id) VALUES `)
	insertPeople = newRowInsert(3, `INSERT INTO act_people (act_id, person_id, salt) VALUES `)
	insertTexts  = newRowInsert(4, `INSERT INTO act_texts (act_id, name, salt, text) VALUES `)
	insertLeaves = newRowInsert(3, `INSERT INTO leaves (number, act_id, hash) VALUES `)
)

func newRowInsert(columns int, head string) rowInsert {
	rows := make([]string, rowsAtOnce)
	for i := range rows {
		rows[i] = "(" + placeholders(1+i*columns, columns) + ")"
	}
	return rowInsert{columns: columns, one: head + rows[0], many: head + strings.Join(rows, ", ")}
}

// insertRows inserts the rows, whose columns follow each other in args.
func (tx *Tx) insertRows(ctx context.Context, insert rowInsert, args []any) error {
	for len(args) > 0 {
		text, count := insert.one, insert.columns
		if len(args) >= rowsAtOnce*insert.columns {
			text, count = insert.many, rowsAtOnce*insert.columns
		}
		if _, err := tx.exec(ctx, text, args[:count]...); err != nil {
			return err
		}
		args = args[count:]
	}
	return nil
}

// readsActs says whether a statement may read or change rows of acts, which must be written before it.
func readsActs(text string) bool { return strings.Contains(text, "act") }
