package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// rootTable names a table whose rows are roots: everything a step decides on lies under the roots it locked.
type rootTable string

// The tables of roots. Each has a column version BIGINT NOT NULL. A council is locked as its organization.
const (
	rootSpecification rootTable = "specifications"
	rootNeed          rootTable = "needs"
	rootOrganization  rootTable = "organizations"
	rootPerson        rootTable = "persons"
)

// root is a row that a step locks before it reads anything.
type root struct {
	table rootTable
	id    string
}

// Repeat makes a mutation repeatable with one effect: a second step of the same person, acting organization and
// mutation under the same key answers what the first one answered. Without a key every step stands by itself.
type Repeat struct {
	Key   string            // made by the client, at most 200 characters
	Input governance.Digest // of everything else the client sent: another input under the same key is CONFLICT
}

// RepeatOf makes a Repeat of a key and an input that encodes as JSON.
func RepeatOf(key string, input any) (Repeat, error) {
	if key == "" {
		return Repeat{}, nil
	}
	canonical, err := notary.Canonical(input)
	if err != nil {
		return Repeat{}, fmt.Errorf("digest the input: %w", err)
	}
	return Repeat{Key: key, Input: notary.Digest(canonical)}, nil
}

// step is one transaction: lock the roots, run do, write its acts and the repeat key, commit, run the hooks.
type step struct {
	name   string // the mutation: "proposeNeed"
	actor  governance.Actor
	roots  []root
	repeat Repeat
	// do is pure apart from SQL, for it may run more than once: each time with the same now, ids and random bytes. Its
	// context is the store's, never a request's. It answers the id of the object that the step is about.
	do func(ctx context.Context, tx *Tx) (id string, err error)
}

// Tx is a step's transaction. It belongs to the goroutine that runs the step.
type Tx struct {
	*Query
	db      *DB
	actor   governance.Actor
	random  *rand.ChaCha8
	count   uint32 // of the last id drawn
	acts    int    // that the step has appended
	hooks   []func()
	roots   []root
	stepped string // the step's name
}

// errNoAct is a step that changed something and told nobody.
var errNoAct = errors.New("the step wrote no act")

// errRaced is a step whose repeat key was stored by another while it ran.
var errRaced = errors.New("another step stored the same idempotency key")

// take runs a step and answers the id of the object it is about. A repeat answers the recorded id and does not run the
// step again; the caller reads the object in either case. A refusal (governance.Error) leaves nothing behind.
func (db *DB) take(ctx context.Context, s step) (string, error) {
	if s.actor.Anonymous() {
		return "", governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
	}
	if len(s.repeat.Key) > 200 {
		return "", governance.Invalid("idempotencyKey", "key-too-long", "An idempotency key has at most 200 bytes.")
	}
	var id string
	err := db.run(ctx, &job{name: s.name, actor: s.actor, roots: s.roots, do: func(ctx context.Context, tx *Tx) error {
		var err error
		id, err = tx.once(ctx, s)
		return err
	}})
	if isUnique(err) {
		return "", governance.Refuse(governance.CodeConflict, "raced", "Somebody else did the same at this moment; read again.")
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

// write runs a transaction that is no step of the process and leaves no act: sessions, settings, the outbox.
func (db *DB) write(ctx context.Context, name string, do func(ctx context.Context, tx *Tx) error) error {
	return db.run(ctx, &job{name: name, do: do})
}

// once runs the step, or answers what its key answered before.
func (tx *Tx) once(ctx context.Context, s step) (string, error) {
	if s.repeat.Key != "" {
		id, err := tx.repeated(ctx, s)
		if err != nil || id != "" {
			return id, err
		}
	}
	id, err := s.do(ctx, tx)
	if err != nil {
		return "", err
	}
	if tx.acts == 0 {
		return "", errNoAct
	}
	for _, r := range s.roots {
		if err := tx.touch(ctx, r); err != nil {
			return "", err
		}
	}
	if s.repeat.Key == "" {
		return id, nil
	}
	return id, tx.rememberKey(ctx, s, id)
}

// repeated answers the id recorded under the step's key, or "". It counts the repeat, so that a repeat writes
// something: PostgreSQL's commit then waits for the standby, which a mere read would not.
func (tx *Tx) repeated(ctx context.Context, s step) (string, error) {
	var id string
	var input governance.Digest
	found := false
	err := tx.query(ctx, func(row scanner) error {
		found = true
		return row.Scan(&id, &input)
	}, `
		UPDATE idempotency_keys
		SET repeats = repeats + 1
		WHERE person_id = $1 AND organization_id = $2 AND mutation = $3 AND key = $4
		RETURNING object_id, input_digest`,
		s.actor.Person, s.actor.Organization, s.name, s.repeat.Key)
	if err != nil {
		return "", fmt.Errorf("look up the idempotency key: %w", err)
	}
	if found && input != s.repeat.Input {
		return "", governance.Refuse(governance.CodeConflict, "idempotency-key-reused",
			"The idempotency key {key} was used with another input.", "key", s.repeat.Key)
	}
	return id, nil
}

func (tx *Tx) rememberKey(ctx context.Context, s step, id string) error {
	_, err := tx.exec(ctx, `
		INSERT INTO idempotency_keys (
			person_id, organization_id, mutation, key, input_digest, object_id, created_at, repeats
		) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		s.actor.Person, s.actor.Organization, s.name, s.repeat.Key, s.repeat.Input, id, tx.now)
	if isUnique(err) {
		return fmt.Errorf("%w: %w", errRaced, err)
	}
	if err != nil {
		return fmt.Errorf("store the idempotency key: %w", err)
	}
	return nil
}

// newID draws a UUIDv7. A step that is replayed draws the same ones.
func (tx *Tx) newID() string {
	tx.count++
	id, err := makeID(tx.now, tx.count, tx.random)
	if err != nil {
		panic(fmt.Sprintf("a random stream ended: %v", err)) // ChaCha8 has no end
	}
	return id
}

// randomBytes draws n bytes. A step that is replayed draws the same ones.
func (tx *Tx) randomBytes(n int) []byte {
	drawn := make([]byte, n)
	tx.random.Read(drawn) // never fails
	return drawn
}

// afterCommit runs hook once the step is committed, and never if it is not. A hook tells the world: it must not fail.
func (tx *Tx) afterCommit(hook func()) { tx.hooks = append(tx.hooks, hook) }

// touch counts the root's version up: what is cached about it is stale. Once a transaction is enough, for nobody sees what
// lies between its steps. A root that is not there is NOT_FOUND.
func (tx *Tx) touch(ctx context.Context, r root) error {
	if tx.log.touched[r] {
		return nil
	}
	changed, err := tx.exec(ctx, `UPDATE `+string(r.table)+` SET version = version + 1 WHERE id = $1`, r.id)
	if err != nil {
		return fmt.Errorf("count the version of %s %s: %w", r.table, r.id, err)
	}
	if changed == 0 {
		return governance.NotFound(r.noun(), r.id)
	}
	tx.log.touched[r] = true
	return nil
}

// noun is what people call the root: its table's name in the singular.
func (r root) noun() string { return strings.TrimSuffix(string(r.table), "s") }

// job is a closure on its way through a transaction, with everything that is drawn before the first attempt.
type job struct {
	name  string
	actor governance.Actor
	roots []root
	now   time.Time
	count uint32 // where its ids start to count
	seed  [32]byte
	do    func(ctx context.Context, tx *Tx) error
}

// run gives the job its now and its seed, sends it through the database's own way of committing, and runs its hooks.
func (db *DB) run(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := db.draw(j); err != nil {
		return fmt.Errorf("%s: %w", j.name, err)
	}
	j.roots = slices.Clone(j.roots)
	slices.SortFunc(j.roots, func(a, b root) int {
		return strings.Compare(a.id+string(a.table), b.id+string(b.table))
	})
	j.roots = slices.Compact(j.roots)
	var tx *Tx
	var err error
	if db.group != nil {
		tx, err = db.group.commit(ctx, j)
	} else {
		tx, err = db.commitPostgres(ctx, j)
	}
	if err != nil {
		return wrapStep(j.name, err)
	}
	db.steps.Add(1)
	for _, hook := range tx.hooks {
		hook()
	}
	return nil
}

// wrapStep says what was being done, except on a refusal, which speaks for itself.
func wrapStep(name string, err error) error {
	if governance.CodeOf(err) != "" {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// attempt runs the job once in the transaction that is open on the link, whose acts the log collects. The Tx is answered
// with an error too.
func (db *DB) attempt(ctx context.Context, l *link, log *actLog, j *job) (tx *Tx, err error) {
	tx = &Tx{
		Query: &Query{now: j.now, link: l, log: log, memory: &db.memory, told: db.statements}, db: db, actor: j.actor,
		random: rand.NewChaCha8(j.seed), count: j.count, roots: j.roots, stepped: j.name,
	}
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	if err := db.lockRoots(ctx, tx); err != nil {
		return tx, err
	}
	if err := j.do(ctx, tx); err != nil {
		return tx, err
	}
	if tx.failed != nil {
		return tx, fmt.Errorf("%w and was passed over: %w", errFailed, tx.failed)
	}
	return tx, nil
}

// Now is the clock by which everything is decided, for readers that ask what stands at this moment.
func (db *DB) Now() time.Time { return db.now() }

// now is the injected clock in microseconds, the precision that the database keeps.
func (db *DB) now() time.Time { return db.clock().UTC().Truncate(time.Microsecond) }

// draw gives the job its now, where its ids start to count, and 32 bytes of the injected randomness mixed into a seed
// of its own. Steps of the same microsecond count on from each other, so that their ids sort as the steps came.
func (db *DB) draw(j *job) error {
	db.drawing.Lock()
	defer db.drawing.Unlock()
	j.now = db.now()
	if j.now.Equal(db.drawnAt) {
		db.drawnSteps++
	} else {
		db.drawnAt, db.drawnSteps = j.now, 0
	}
	j.count = db.drawnSteps << drawnBits
	var drawn [32]byte
	if _, err := io.ReadFull(db.random, drawn[:]); err != nil {
		return fmt.Errorf("draw randomness: %w", err)
	}
	j.seed = sha256.Sum256(drawn[:])
	return nil
}

// requireFree refuses a client's id that is taken, as CONFLICT.
func (tx *Tx) requireFree(ctx context.Context, table, id string) error {
	taken, err := tx.exists(ctx, `SELECT 1 FROM `+table+` WHERE id = $1`, id)
	if err != nil {
		return fmt.Errorf("look for id %s: %w", id, err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "id-taken", "The id {id} is taken.", "id", id)
	}
	return nil
}
