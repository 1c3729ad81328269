package store_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/store"
	"concordat/store/storetest"
)

// killedEnv makes this test binary the process that is killed: it holds the database's address.
const killedEnv = "CONCORDAT_TEST_KILLED"

// TestKilledWriter is the other process: it writes until it is killed, and prints the id of each answered step.
func TestKilledWriter(t *testing.T) {
	address := os.Getenv(killedEnv)
	if address == "" {
		t.Skip("started by TestEveryAnsweredWriteSurvivesKill9 only")
	}
	db, err := store.Open(t.Context(), store.Config{URL: address})
	require.NoError(t, err)
	for range 16 {
		go func() {
			for {
				id, err := db.Take(context.Background(), note("answered"))
				if err != nil {
					os.Stdout.WriteString("error " + err.Error() + "\n")
					return
				}
				os.Stdout.WriteString(id + "\n") // one write a line: whole, or not there
			}
		}()
	}
	select {}
}

func TestEveryAnsweredWriteSurvivesKill9(t *testing.T) {
	address := storetest.URL(t, storetest.SQLite)
	db := storetest.OpenWith(t, store.Config{URL: address})
	makeProofs(t, db)
	require.NoError(t, db.Close())
	random := storetest.Random(t)
	var answered []string
	for range 20 {
		draw := make([]byte, 2)
		_, err := random.Read(draw)
		require.NoError(t, err)
		count := 1 + (int(draw[0])<<8|int(draw[1]))%400
		answered = append(answered, killAfter(t, address, count)...)
		requireAll(t, address, answered)
	}
}

// killAfter starts a writer, kills it once it has answered so many steps, and answers the ids that it printed.
func killAfter(t *testing.T, address string, count int) []string {
	t.Helper()
	writer := exec.Command(os.Args[0], "-test.run=^TestKilledWriter$")
	writer.Env = append(os.Environ(), killedEnv+"="+address)
	var complaints bytes.Buffer
	writer.Stderr = &complaints
	out, err := writer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, writer.Start())
	var ids []string
	lines := bufio.NewScanner(out)
	var once sync.Once
	for lines.Scan() {
		line := lines.Text()
		if !assert.NoError(t, store.CheckID("id", line), "the writer said: %s", line) {
			writer.Process.Kill()
			break
		}
		if ids = append(ids, line); len(ids) >= count {
			once.Do(func() { writer.Process.Kill() })
		}
	}
	require.Error(t, writer.Wait(), "the writer was killed")
	require.GreaterOrEqual(t, len(ids), count, complaints.String())
	return ids
}

// requireAll opens what the killed process left and looks for every answered write.
func requireAll(t *testing.T, address string, answered []string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: address})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	there := make(map[string]bool)
	for _, id := range texts(t, db, `SELECT id FROM notes`) {
		there[id] = true
	}
	for _, id := range answered {
		require.True(t, there[id], "the answered write %s is lost", id)
	}
	requireLog(t, db, int64(len(there)))
}
