package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

var union = governance.Actor{
	Person: "0195e3a0-0000-7000-8000-000000000001", Organization: "0195e3a0-0000-7000-8000-000000000002",
	Issuer: "https://id.example", ACR: "loa2", AuthenticatedAt: storetest.Start.Add(-time.Minute),
}

// each runs f on both databases, with the suite's own table of roots and rows.
func each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		makeProofs(t, db)
		f(t, db)
	})
}

func makeProofs(t testing.TB, db *store.DB) {
	t.Helper()
	integer := "INTEGER"
	if db.Postgres() {
		integer = "BIGINT"
	}
	require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, text := range []string{
			`CREATE TABLE proofs (id TEXT NOT NULL PRIMARY KEY, version ` + integer + ` NOT NULL)`,
			`CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, proof_id TEXT NOT NULL REFERENCES proofs (id), text TEXT)`,
			`INSERT INTO proofs (id, version) VALUES ('p1', 0), ('p2', 0)`,
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}))
}

// note is a step that writes one note under proof p1, and its act.
func note(text string) store.TestStep {
	return store.TestStep{
		Name: "note", Actor: union, Roots: []string{"p1"},
		Do: func(ctx context.Context, tx *store.Tx) (string, error) {
			id := tx.NewID()
			_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id, text) VALUES ($1, 'p1', $2)`, id, text)
			if err != nil {
				return "", err
			}
			_, err = tx.Append(ctx, store.Act{
				Type: "NOTED", Object: store.Object{Kind: "NOTE", ID: id}, Role: governance.RoleRepresentative,
				Digests: map[string]governance.Digest{"note": notary.Digest([]byte(text))},
				Texts:   map[string]string{"reason": "because " + text},
			}, "p1")
			return id, err
		},
	}
}

func number(t *testing.T, db *store.DB, text string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, db.Read(t.Context(), func(ctx context.Context, q *store.Query) error {
		var err error
		n, err = q.Number(ctx, text, args...)
		return err
	}))
	return n
}

func texts(t *testing.T, db *store.DB, text string, args ...any) []string {
	t.Helper()
	var all []string
	require.NoError(t, db.Read(t.Context(), func(ctx context.Context, q *store.Query) error {
		var err error
		all, err = q.Texts(ctx, text, args...)
		return err
	}))
	return all
}

// requireLog waits until every act has its leaf and proves that the log is whole.
func requireLog(t *testing.T, db *store.DB, acts int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := db.WaitForLeaf(ctx, acts-2)
	require.NoError(t, err, "wait for the last leaf")
	assert.Equal(t, acts, number(t, db, `SELECT count(*) FROM acts`), "acts")
	assert.Equal(t, acts, number(t, db, `SELECT count(*) FROM leaves`), "leaves")
	assert.Equal(t, acts-1, number(t, db, `SELECT COALESCE(MAX(number), -1) FROM leaves`), "no gap in the leaves")
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestAStepWritesItsRowsItsActAndItsLeaf(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		id, err := db.Take(t.Context(), note("first"))
		require.NoError(t, err)
		require.NoError(t, store.CheckID("id", id))
		assert.Equal(t, []string{"first"}, texts(t, db, `SELECT text FROM notes WHERE id = $1`, id))
		assert.EqualValues(t, 1, number(t, db, `SELECT version FROM proofs WHERE id = 'p1'`))
		requireLog(t, db, 1)

		bodies := texts(t, db, `SELECT body FROM acts`)
		require.Len(t, bodies, 1)
		var body map[string]any
		require.NoError(t, json.Unmarshal([]byte(bodies[0]), &body))
		assert.Equal(t, "concordat/act/1", body["schema"])
		assert.Equal(t, "2026-03-02T09:00:00.000000Z", body["time"])
		assert.Equal(t, "NOTED", body["type"])
		assert.Equal(t, string(union.Organization), body["organization"])
		assert.Equal(t, "REPRESENTATIVE", body["role"])
		assert.Equal(t, map[string]any{"kind": "NOTE", "id": id}, body["object"])
		assert.Equal(t, map[string]any{
			"issuer": "https://id.example", "acr": "loa2", "time": "2026-03-02T08:59:00.000000Z",
		}, body["authentication"])
		assert.Len(t, body["random"], 32)
		assert.NotContains(t, bodies[0], string(union.Person), "an act names no person")
		assert.NotContains(t, bodies[0], "because first", "an act holds no free text")
		digest := notary.Digest([]byte(bodies[0]))
		hash, err := store.LeafHash(digest)
		require.NoError(t, err)
		assert.Equal(t, []string{hash}, texts(t, db, `SELECT hash FROM leaves WHERE number = 0`))
	})
}

func TestTheClockActsForNobody(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("closed")
		step.Actor = governance.ClockActor
		_, err := db.Take(t.Context(), step)
		require.NoError(t, err)
		var body map[string]any
		require.NoError(t, json.Unmarshal([]byte(texts(t, db, `SELECT body FROM acts`)[0]), &body))
		assert.Equal(t, "CLOCK", body["role"])
		assert.NotContains(t, body, "person")
		assert.NotContains(t, body, "authentication")
	})
}

func TestARefusalLeavesNothingBehind(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		told := false
		step := note("refused")
		step.Repeat = store.Repeat{Key: "k", Input: "sha256:1"}
		write := step.Do
		step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			tx.AfterCommit(func() { told = true })
			if _, err := write(ctx, tx); err != nil {
				return "", err
			}
			return "", governance.Refuse(governance.CodeForbidden, "no", "No.")
		}
		_, err := db.Take(t.Context(), step)
		assert.Equal(t, governance.CodeForbidden, governance.CodeOf(err))
		assert.False(t, told)
		assert.Zero(t, number(t, db, `SELECT count(*) FROM notes`))
		assert.Zero(t, number(t, db, `SELECT count(*) FROM idempotency_keys`))
		requireLog(t, db, 0)
	})
}

func TestAStepThatWritesNoActIsNotCommitted(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("")
		step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			_, err := tx.Exec(ctx, `INSERT INTO notes (id, proof_id) VALUES ('n', 'p1')`)
			return "n", err
		}
		_, err := db.Take(t.Context(), step)
		require.Error(t, err)
		assert.Zero(t, number(t, db, `SELECT count(*) FROM notes`))
	})
}

func TestSomebodyWhoIsNotSignedInTakesNoStep(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("x")
		step.Actor = governance.Actor{}
		_, err := db.Take(t.Context(), step)
		assert.Equal(t, governance.CodeUnauthenticated, governance.CodeOf(err))
	})
}

func TestARootThatIsNotThereIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("x")
		step.Roots = []string{"p9"}
		_, err := db.Take(t.Context(), step)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
	})
}

func TestARepeatHasOneEffect(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("once")
		step.Repeat = store.Repeat{Key: "k", Input: "sha256:1"}
		first, err := db.Take(t.Context(), step)
		require.NoError(t, err)
		again, err := db.Take(t.Context(), step)
		require.NoError(t, err)
		assert.Equal(t, first, again)
		assert.EqualValues(t, 1, number(t, db, `SELECT count(*) FROM notes`))

		step.Repeat.Input = "sha256:2"
		_, err = db.Take(t.Context(), step)
		assert.Equal(t, governance.CodeConflict, governance.CodeOf(err), "another input under the same key")

		other := step
		other.Actor.Organization = ""
		mine, err := db.Take(t.Context(), other)
		require.NoError(t, err, "the key belongs to a person acting for an organization")
		assert.NotEqual(t, first, mine)
		requireLog(t, db, 2)
	})
}

func TestRepeatsThatArriveTogetherHaveOneEffect(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		ids := make([]string, 16)
		errs := make([]error, len(ids))
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				step := note("once")
				step.Roots = nil // nothing but the key's own constraint holds them apart
				do := step.Do
				step.Do = func(ctx context.Context, tx *store.Tx) (string, error) { return do(ctx, tx) }
				step.Repeat = store.Repeat{Key: "k", Input: "sha256:1"}
				ids[i], errs[i] = db.Take(t.Context(), step)
			})
		}
		all.Wait()
		for i := range ids {
			require.NoError(t, errs[i])
			assert.Equal(t, ids[0], ids[i])
		}
		assert.EqualValues(t, 1, number(t, db, `SELECT count(*) FROM notes`))
		requireLog(t, db, 1)
	})
}

func TestManyStepsOnOneRootAllSucceed(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		const clients, rounds = 64, 5
		errs := make(chan error, clients*rounds)
		var all sync.WaitGroup
		for c := range clients {
			all.Go(func() {
				for r := range rounds {
					_, err := db.Take(t.Context(), note(fmt.Sprintf("%d of %d", r, c)))
					errs <- err
				}
			})
		}
		all.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		assert.GreaterOrEqual(t, number(t, db, `SELECT version FROM proofs WHERE id = 'p1'`), int64(rounds), "each commit counts it")
		requireLog(t, db, clients*rounds)
	})
}

func TestStepsThatLockTwoRootsDoNotDeadlock(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		var all sync.WaitGroup
		errs := make([]error, 32)
		for i := range errs {
			all.Go(func() {
				step := note("two")
				step.Roots = []string{"p1", "p2"}
				if i%2 == 1 {
					step.Roots = []string{"p2", "p1", "p2"}
				}
				_, errs[i] = db.Take(t.Context(), step)
			})
		}
		all.Wait()
		require.NoError(t, errors.Join(errs...))
	})
}

func TestActsAndLeavesRefuseToBeChanged(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		_, err := db.Take(t.Context(), note("kept"))
		require.NoError(t, err)
		requireLog(t, db, 1)
		for _, text := range []string{
			`UPDATE acts SET type = 'FORGED'`, `DELETE FROM acts`,
			`UPDATE leaves SET number = number + 1`, `DELETE FROM leaves`,
		} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			})
			require.Error(t, err, text)
			assert.True(t, store.IsImmutable(err), "%s: %v", text, err)
		}
		requireLog(t, db, 1)
	})
}

func TestHooksRunAfterTheCommit(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		seen := int64(-1)
		step := note("told")
		do := step.Do
		step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			tx.AfterCommit(func() { seen = number(t, db, `SELECT count(*) FROM notes`) })
			return do(ctx, tx)
		}
		_, err := db.Take(t.Context(), step)
		require.NoError(t, err)
		assert.EqualValues(t, 1, seen, "another connection sees what the hook tells of")
	})
}

func TestTextsThatOneDatabaseWouldRefuseAreRefusedOnBoth(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		for name, text := range map[string]string{"NUL": "a\x00b", "invalid UTF-8": "a\xffb"} {
			_, err := db.Take(t.Context(), note(text))
			require.Error(t, err, name)
		}
		assert.Zero(t, number(t, db, `SELECT count(*) FROM notes`))
	})
}

func TestAFailedStatementEndsTheStepEvenIfItIsPassedOver(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		step := note("x")
		do := step.Do
		step.Do = func(ctx context.Context, tx *store.Tx) (string, error) {
			id, err := do(ctx, tx)
			if err != nil {
				return "", err
			}
			_, _ = tx.Exec(ctx, `INSERT INTO notes (id, proof_id) VALUES ($1, 'p1')`, id)
			return id, nil
		}
		_, err := db.Take(t.Context(), step)
		assert.Equal(t, governance.CodeConflict, governance.CodeOf(err), "%v", err)
		assert.Zero(t, number(t, db, `SELECT count(*) FROM notes`))
	})
}

func TestAReadSeesOneMoment(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, db.Read(t.Context(), func(ctx context.Context, q *store.Query) error {
			before, err := q.Number(ctx, `SELECT count(*) FROM notes`)
			require.NoError(t, err)
			_, err = db.Take(t.Context(), note("meanwhile"))
			require.NoError(t, err)
			after, err := q.Number(ctx, `SELECT count(*) FROM notes`)
			assert.Equal(t, before, after)
			return err
		}))
		assert.EqualValues(t, 1, number(t, db, `SELECT count(*) FROM notes`))
	})
}

func TestAReadCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		err := db.Read(t.Context(), func(ctx context.Context, q *store.Query) error {
			_, err := q.Texts(ctx, `INSERT INTO notes (id, proof_id) VALUES ('n', 'p1') RETURNING id`)
			return err
		})
		require.Error(t, err)
		assert.Zero(t, number(t, db, `SELECT count(*) FROM notes`))
	})
}

func TestASettingIsKeptFromTheFirstStartOn(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		kept, err := db.KeepSetting(t.Context(), "public-url", "https://a.example")
		require.NoError(t, err)
		assert.Equal(t, "https://a.example", kept)
		kept, err = db.KeepSetting(t.Context(), "public-url", "https://b.example")
		require.NoError(t, err)
		assert.Equal(t, "https://a.example", kept)
		value, err := db.Setting(t.Context(), "public-url")
		require.NoError(t, err)
		assert.Equal(t, "https://a.example", value)
	})
}

func TestAClosedDatabaseTakesNoStep(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		require.NoError(t, db.Close())
		_, err := db.Take(t.Context(), note("late"))
		require.Error(t, err)
	})
}

func TestIDsOfStepsAtTheSameMomentSortAsTheStepsCame(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		previous := ""
		for range 50 {
			id, err := db.Take(t.Context(), note("same moment"))
			require.NoError(t, err)
			require.Greater(t, id, previous)
			previous = id
		}
	})
}
