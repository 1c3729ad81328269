package store_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/store"
	"concordat/store/storetest"
)

// connect opens a plain connection to the database at address, beside the store.
func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// soon is how long a test waits for what another goroutine or node does.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestEachNodesActsGetTheirLeavesAndEachNodeHears(t *testing.T) {
	address := storetest.URL(t, storetest.Postgres)
	one := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, one)
	two := storetest.OpenWith(t, store.Config{URL: address})
	for i := range int64(10) {
		from, other := one, two
		if i%2 == 1 {
			from, other = two, one
		}
		_, err := from.Take(t.Context(), note("x"))
		require.NoError(t, err)
		head, err := other.WaitForLeaf(soon(t), i-1)
		require.NoError(t, err)
		assert.Equal(t, i, head)
	}
	requireLog(t, one, 10)
}

func TestAnotherNodeTakesTheLogOverWhenTheSequencerGoes(t *testing.T) {
	address := storetest.URL(t, storetest.Postgres)
	one := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, one)
	_, err := one.Take(t.Context(), note("by the first"))
	require.NoError(t, err)
	_, err = one.WaitForLeaf(soon(t), -1)
	require.NoError(t, err)
	two := storetest.OpenWith(t, store.Config{URL: address})
	require.NoError(t, one.Close())
	_, err = two.Take(t.Context(), note("by the second"))
	require.NoError(t, err)
	_, err = two.WaitForLeaf(soon(t), 0)
	require.NoError(t, err)
	requireLog(t, two, 2)
}

func TestLostConnectionsAreMadeAgain(t *testing.T) {
	address := storetest.URL(t, storetest.Postgres)
	db := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, db)
	_, err := db.Take(t.Context(), note("before"))
	require.NoError(t, err)
	_, err = db.WaitForLeaf(soon(t), -1)
	require.NoError(t, err)
	cut := func() {
		_, err := connect(t, address).Exec(t.Context(), `
			SELECT pg_terminate_backend(pid)
			FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		require.NoError(t, err)
	}
	cut()
	_, err = db.Take(soon(t), note("after"))
	require.NoError(t, err, "nothing had begun on the dead connection")
	_, err = db.WaitForLeaf(soon(t), 0)
	require.NoError(t, err)
	requireLog(t, db, 2)
	cut()
	kind, err := db.KindOf(soon(t), "01900000-0000-7000-8000-000000000000")
	require.NoError(t, err, "a read without a transaction")
	assert.Empty(t, kind)
}

func TestAnActWaitsInTheQueueUntilItHasItsLeaf(t *testing.T) {
	address := storetest.URL(t, storetest.Postgres)
	holder := connect(t, address)
	_, err := holder.Exec(t.Context(), `SELECT pg_advisory_lock($1)`, store.SequencerLock)
	require.NoError(t, err)
	db := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, db)
	for range 3 {
		_, err := db.Take(t.Context(), note("waiting"))
		require.NoError(t, err)
	}
	measures, err := db.Measures(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 3, measures.Queued)
	assert.EqualValues(t, -1, measures.Head)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems, "an act that waits is no problem")

	require.NoError(t, holder.Close(t.Context()))
	_, err = db.WaitForLeaf(soon(t), 1)
	require.NoError(t, err)
	requireLog(t, db, 3)
	assert.Zero(t, number(t, db, `SELECT count(*) FROM act_queue`))
}

func TestAnActStandsInTheLogBehindThoseItDependsOn(t *testing.T) {
	each(t, func(t *testing.T, db *store.DB) {
		var ids []string
		for range 40 {
			id, err := db.Take(t.Context(), note("next"))
			require.NoError(t, err)
			ids = append(ids, id)
		}
		requireLog(t, db, 40)
		assert.Equal(t, ids, texts(t, db, `
			SELECT a.object_id
			FROM leaves l
			JOIN acts a ON a.id = l.act_id
			ORDER BY l.number`))
	})
}

func TestACommitThatWasNotReplicatedIsNotAnswered(t *testing.T) {
	address := storetest.URL(t, storetest.Postgres)
	db := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, db)
	// The server warns when a wait for its standby is cancelled; a deferred trigger warns at the same moment of the
	// commit, with the same code.
	require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, text := range []string{`
			CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$`, `
			CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW WHEN (NEW.text = 'alone') EXECUTE FUNCTION warn()`,
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	}))
	step := note("alone")
	step.Repeat = store.Repeat{Key: "k", Input: "sha256:1"}
	_, err := db.Take(t.Context(), step)
	require.ErrorContains(t, err, "not replicated")
	assert.EqualValues(t, 1, number(t, db, `SELECT count(*) FROM notes`), "the server has it all the same")

	id, err := db.Take(t.Context(), step)
	require.NoError(t, err, "a repeat finds it, and its own commit is answered")
	assert.Equal(t, []string{id}, texts(t, db, `SELECT id FROM notes`))
	assert.EqualValues(t, 1, number(t, db, `SELECT repeats FROM idempotency_keys`), "a repeat writes, and so is waited for")
	_, err = db.Take(t.Context(), note("well"))
	require.NoError(t, err, "the warning belongs to one commit")
	requireLog(t, db, 2)
}

func TestADatabaseThatSortsOtherwiseIsRefused(t *testing.T) {
	admin := os.Getenv(storetest.Env)
	if admin == "" {
		t.Skipf("%s is not set", storetest.Env)
	}
	conn := connect(t, admin)
	name := fmt.Sprintf("concordat_latin_%d", os.Getpid())
	_, err := conn.Exec(t.Context(), `CREATE DATABASE `+name+
		` TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), `DROP DATABASE `+name+` WITH (FORCE)`)
		assert.NoError(t, err)
	})
	_, err = store.Open(t.Context(), store.Config{URL: storetest.WithDatabase(admin, name)})
	require.ErrorContains(t, err, "TEMPLATE template0 ENCODING 'UTF8'")

	careless, err := url.Parse(storetest.URL(t, storetest.Postgres))
	require.NoError(t, err)
	parameters := careless.Query()
	parameters.Set("synchronous_commit", "off")
	careless.RawQuery = parameters.Encode()
	_, err = store.Open(t.Context(), store.Config{URL: careless.String()})
	require.ErrorContains(t, err, "synchronous_commit is off")
}

func TestAnAddressThatCannotBeMeantIsRefused(t *testing.T) {
	for _, address := range []string{"", "concordat.db", "file:", "file::memory:", "file:x.db?_synchronous=OFF", "mysql://x"} {
		_, err := store.Open(t.Context(), store.Config{URL: address})
		require.Error(t, err, address)
	}
}
