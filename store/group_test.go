package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// inOneGroup takes the steps in one group commit, in their order, and answers what each was answered. A step ahead of
// them keeps the writer busy until all of them wait.
func inOneGroup(t *testing.T, db *store.DB, steps []store.TestStep) []error {
	t.Helper()
	begun, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		blocker := note("blocker")
		do := blocker.Do
		blocker.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			close(begun)
			<-release
			return do(ctx, tx)
		}
		_, err := db.Take(context.Background(), blocker)
		assert.NoError(t, err)
	})
	<-begun
	errs := make([]error, len(steps))
	for i, step := range steps {
		all.Go(func() { _, errs[i] = db.Take(context.Background(), step) })
		for db.Queued() <= i {
			runtime.Gosched()
		}
	}
	close(release)
	all.Wait()
	return errs
}

// endless is a statement that inserts for ever, until its context ends: SQLite then rolls the whole transaction back.
func endless(ctx context.Context, tx *store.Tx) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err := tx.Exec(ctx, `
		INSERT INTO notes (id, proof_id, text)
		WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted)
		SELECT 'endless ' || n, 'p1', '' FROM counted`)
	return err
}

// tooMuch inserts more than the file may hold.
func tooMuch(ctx context.Context, tx *store.Tx) error {
	pages, err := tx.Number(ctx, `PRAGMA page_count`)
	if err != nil {
		return err
	}
	if _, err := tx.Texts(ctx, `PRAGMA max_page_count = `+strconv.FormatInt(pages+50, 10)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO notes (id, proof_id, text) VALUES ('too much', 'p1', $1)`,
		strings.Repeat("x", 1<<20))
	return err
}

func TestAFailedClosureLosesNoNeighbourAndKeepsNothingItself(t *testing.T) {
	passedOver := func(fail func(ctx context.Context, tx *store.Tx) error) func(context.Context, *store.Tx) error {
		return func(ctx context.Context, tx *store.Tx) error {
			if err := fail(ctx, tx); err == nil {
				return errors.New("the failure did not come")
			}
			_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id, text) VALUES ('by itself', 'p1', '')`)
			return err
		}
	}
	tests := []struct {
		name     string
		fail     func(ctx context.Context, tx *store.Tx) error
		replayed bool
	}{
		{"a refusal", func(context.Context, *store.Tx) error {
			return governance.Refuse(governance.CodeForbidden, "no", "No.")
		}, false},
		{"a panic", func(context.Context, *store.Tx) error { panic("a mistake in a closure") }, false},
		{"a constraint", func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id) VALUES ('n', 'nowhere')`)
			return err
		}, false},
		{"a cancelled statement", endless, true},
		{"a cancelled statement that the closure passes over", passedOver(endless), true},
		{"a full disk", tooMuch, true},
		{"a full disk that the closure passes over", passedOver(tooMuch), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := storetest.Open(t, storetest.SQLite)
			makeProofs(t, db)
			hooks := 0
			culprit := note("culprit")
			write := culprit.Do
			culprit.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
				tx.AfterCommit(func() { hooks++ })
				if _, err := write(ctx, tx); err != nil {
					return "", err
				}
				return "", test.fail(ctx, tx)
			}
			errs := inOneGroup(t, db, []store.TestStep{note("a"), note("b"), culprit, note("c"), note("d")})

			require.Error(t, errs[2])
			for _, i := range []int{0, 1, 3, 4} {
				assert.NoError(t, errs[i], "a neighbour")
			}
			assert.Zero(t, hooks)
			assert.Equal(t, []string{"a", "b", "blocker", "c", "d"}, texts(t, db, `SELECT text FROM notes ORDER BY text`))
			requireLog(t, db, 5)
			measures, err := db.Measures(t.Context())
			require.NoError(t, err)
			assert.Equal(t, test.replayed, measures.Replays > 0, "replays: %d", measures.Replays)
			_, err = db.Take(t.Context(), note("later"))
			require.NoError(t, err, "the writer goes on")
		})
	}
}

func TestRefusalsInAGroupLoseNoNeighbourWhetherOrNotTheyCameAfterAWrite(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	no := governance.Refuse(governance.CodeForbidden, "no", "No.")
	before, after := note("before"), note("after")
	before.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		_, err := tx.Number(ctx, `SELECT version FROM proofs WHERE id = 'p1'`)
		return "", errors.Join(err, no)
	}
	write := after.Do
	after.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		_, err := write(ctx, tx)
		return "", errors.Join(err, no)
	}
	kept := [][]bool{{false, true, false}, {true, false, false, true}, {false, true, false}, {false}, {false}}
	for i, steps := range [][]store.TestStep{
		{before, note("a"), before}, {note("b"), after, before, note("c")}, {after, note("d"), before}, {after}, {before},
	} {
		for k, err := range inOneGroup(t, db, steps) {
			if kept[i][k] {
				assert.NoError(t, err, "group %d, step %d", i, k)
			} else {
				assert.ErrorIs(t, err, no, "group %d, step %d", i, k)
			}
		}
	}
	assert.Equal(t, []string{"a", "b", "blocker", "blocker", "blocker", "blocker", "blocker", "c", "d"},
		texts(t, db, `SELECT text FROM notes ORDER BY text`))
	requireLog(t, db, 9)
	measures, err := db.Measures(t.Context())
	require.NoError(t, err)
	assert.Zero(t, measures.Replays)
}

func TestAStepReadsTheActsOfTheStepsBeforeItInItsGroup(t *testing.T) {
	counting := note("counting")
	counting.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		before, err := tx.Number(ctx, `SELECT count(*) FROM acts`)
		if err != nil {
			return "", err
		}
		for range 2 { // the second reads the first
			if _, err := note("of "+strconv.FormatInt(before, 10)).Do(ctx, tx); err != nil {
				return "", err
			}
		}
		after, err := tx.Number(ctx, `SELECT count(*) FROM act_texts`)
		if err == nil && after != before+2 {
			err = errors.New("its own acts are not there")
		}
		return "", err
	}
	failing := note("failing")
	failing.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		_, err := counting.Do(ctx, tx)
		return "", errors.Join(err, governance.Refuse(governance.CodeForbidden, "no", "No."))
	}
	for name, steps := range map[string][]store.TestStep{
		"all succeed":              {note("a"), note("b"), counting, note("c")},
		"one fails after its acts": {note("a"), note("b"), failing, counting, note("c")},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, storetest.SQLite)
			makeProofs(t, db)
			for i, err := range inOneGroup(t, db, steps) {
				assert.Equal(t, len(steps) == 5 && i == 2, err != nil, "step %d: %v", i, err)
			}
			assert.Equal(t, []string{"a", "b", "blocker", "c", "of 3", "of 3"}, texts(t, db, `SELECT text FROM notes ORDER BY text`))
			requireLog(t, db, 6)
		})
	}
}

// breakWrites makes every write to the write-ahead log fail with EBADF, by putting a descriptor that may only read in
// the place of each of the process's own for it; the function answered mends them. No lock hangs on this file.
func breakWrites(t *testing.T, db *store.DB) (mend func()) {
	t.Helper()
	path := db.Path() + "-wal"
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("there is no /proc/self/fd here")
	}
	var broken []int
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join("/proc/self/fd", entry.Name()))
		if err == nil && target == path {
			number, err := strconv.Atoi(entry.Name())
			require.NoError(t, err)
			broken = append(broken, number)
		}
	}
	require.NotEmpty(t, broken)
	replace := func(flag int) {
		file, err := os.OpenFile(path, flag, 0)
		require.NoError(t, err)
		defer file.Close()
		for _, number := range broken {
			require.NoError(t, syscall.Dup3(int(file.Fd()), number, syscall.O_CLOEXEC))
		}
	}
	replace(os.O_RDONLY)
	return func() { replace(os.O_RDWR) }
}

func TestAnIOErrorInTheCommitLosesNoNeighbour(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	var mend func()
	culprit := note("culprit")
	write := culprit.Do
	culprit.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		if mend == nil { // in the group, not in the replay
			mend = breakWrites(t, db)
		} else {
			mend()
		}
		return write(ctx, tx)
	}
	errs := inOneGroup(t, db, []store.TestStep{culprit, note("a"), note("b")})
	require.NoError(t, errors.Join(errs...))
	assert.Equal(t, []string{"a", "b", "blocker", "culprit"}, texts(t, db, `SELECT text FROM notes ORDER BY text`))
	requireLog(t, db, 4)
	measures, err := db.Measures(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, measures.Replays)
}

func TestAnIOErrorInAStatementLosesNoNeighbour(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	culprit := note("culprit")
	culprit.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		// Pages that do not fit the cache go to the write-ahead log before the commit.
		if _, err := tx.Exec(ctx, `PRAGMA cache_size = 10`); err != nil {
			return "", err
		}
		mend := breakWrites(t, db)
		defer mend()
		_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id, text) VALUES ('big', 'p1', $1)`,
			strings.Repeat("x", 1<<20))
		return "big", err
	}
	errs := inOneGroup(t, db, []store.TestStep{note("a"), culprit, note("b")})
	require.NoError(t, errs[0])
	require.Error(t, errs[1])
	require.NoError(t, errs[2])
	assert.Equal(t, []string{"a", "b", "blocker"}, texts(t, db, `SELECT text FROM notes ORDER BY text`))
	requireLog(t, db, 3)
}

func TestWhileWritesFailNothingIsAnsweredAndLaterTheWriterGoesOn(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	mend := breakWrites(t, db)
	for range 3 {
		_, err := db.Take(t.Context(), note("lost"))
		require.Error(t, err)
	}
	mend()
	_, err := db.Take(t.Context(), note("kept"))
	require.NoError(t, err)
	assert.Equal(t, []string{"kept"}, texts(t, db, `SELECT text FROM notes`))
	requireLog(t, db, 1)
}

func TestARequestThatEndsBeforeItsTurnIsDropped(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	blocker := note("blocker")
	do := blocker.Do
	answered := make(chan error, 1)
	blocker.Do = func(ctx2 context.Context, tx *store.Tx) (string, error) {
		go func() {
			_, err := db.Take(ctx, note("dropped"))
			answered <- err
		}()
		for db.Queued() == 0 {
			runtime.Gosched()
		}
		cancel()
		return do(ctx2, tx)
	}
	_, err := db.Take(t.Context(), blocker)
	require.NoError(t, err)
	require.ErrorIs(t, <-answered, context.Canceled)
	assert.Equal(t, []string{"blocker"}, texts(t, db, `SELECT text FROM notes`))
}

func TestARequestThatEndsDuringItsStepInterruptsNothing(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		request, cancel := context.WithCancel(t.Context())
		step := note("kept")
		do := step.Do
		step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			cancel()
			return do(ctx, tx)
		}
		_, err := db.Take(request, step)
		require.NoError(t, err)
		requireLog(t, db, 1)
	})
}

func TestAPanicInAClosureIsAnErrorOfItsStep(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("x")
		step.Do = func(context.Context, *store.Tx) (string, error) { panic("a mistake") }
		_, err := db.Take(t.Context(), step)
		require.ErrorContains(t, err, "a mistake")
		_, err = db.Take(t.Context(), note("later"))
		require.NoError(t, err)
		requireLog(t, db, 1)
	})
}

func TestAReplayDrawsTheSameIDs(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite)
	makeProofs(t, db)
	var drawn []string
	first := note("first")
	do := first.Do
	first.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
		id, err := do(ctx, tx)
		drawn = append(drawn, id)
		return id, err
	}
	culprit := note("culprit")
	culprit.Do = func(ctx context.Context, tx *store.Tx) (string, error) { return "", endless(ctx, tx) }
	errs := inOneGroup(t, db, []store.TestStep{first, culprit})
	require.NoError(t, errs[0])
	require.Error(t, errs[1])
	require.Len(t, drawn, 2)
	assert.Equal(t, drawn[0], drawn[1])
}

func TestAReadEndsWithItsDeadlineAndThePoolGoesOn(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, kind), ReadTimeout: 100 * time.Millisecond})
		for range 4 { // more often than the pool has places
			err := db.Read(t.Context(), func(ctx context.Context, q *store.Query) error {
				_, err := q.Number(ctx, `
						WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted)
						SELECT count(*) FROM counted`)
				return err
			})
			require.Error(t, err)
		}
		// A connection is made anew for it, which on a busy machine takes longer than this store lets a read take.
		require.Eventually(t, func() bool { return db.Ping(t.Context()) == nil }, 30*time.Second, 10*time.Millisecond)
	})
}

func TestWhereStepsShareNoCommitEachHasItsOwn(t *testing.T) {
	for limit, groups := range map[int]int64{0: 2, 1: 5, 2: 3} { // one of them the blocker's
		db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, storetest.SQLite), GroupLimit: limit})
		makeProofs(t, db)
		before, err := db.Measures(t.Context())
		require.NoError(t, err)
		require.NoError(t, errors.Join(inOneGroup(t, db, []store.TestStep{note("a"), note("b"), note("c"), note("d")})...))
		requireLog(t, db, 5)
		measures, err := db.Measures(t.Context())
		require.NoError(t, err)
		assert.Equal(t, groups, measures.Groups-before.Groups, "at most %d steps a group", limit)
		assert.EqualValues(t, 5, measures.Steps-before.Steps)
	}
}
