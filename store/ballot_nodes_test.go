package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/store"
	"concordat/store/storetest"
)

// closingEnv makes this test binary a server's clock in a process of its own: it holds the database's address.
const closingEnv = "CONCORDAT_TEST_CLOSING"

// TestClosingClock is the other process: once its standard input ends it takes what is due, past the deadline of the
// suite's ballots, and prints a line whenever it reads its clock.
func TestClosingClock(t *testing.T) {
	address := os.Getenv(closingEnv)
	if address == "" {
		t.Skip("started by the tests of several processes only")
	}
	var ready atomic.Bool // the database's own watch reads the clock too
	db, err := store.Open(t.Context(), store.Config{URL: address, Clock: func() time.Time {
		if ready.Load() {
			os.Stdout.WriteString("tick\n")
		}
		return afterDeadline.Add(time.Hour)
	}})
	require.NoError(t, err)
	os.Stdout.WriteString("ready\n")
	_, _ = bufio.NewReader(os.Stdin).ReadString(0)
	ready.Store(true)
	_, err = db.TakeDue(context.Background())
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

// closing is a process that closes what is due, stopped before it begins.
type closing struct {
	command *exec.Cmd
	lines   *bufio.Scanner
	begin   func() error
	said    *bytes.Buffer
}

func startClosing(t *testing.T, address string) *closing {
	t.Helper()
	c := &closing{command: exec.Command(os.Args[0], "-test.run=^TestClosingClock$"), said: &bytes.Buffer{}}
	c.command.Env = append(os.Environ(), closingEnv+"="+address)
	c.command.Stderr = c.said
	in, err := c.command.StdinPipe()
	require.NoError(t, err)
	c.begin = in.Close
	out, err := c.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.command.Start())
	c.lines = bufio.NewScanner(out)
	require.True(t, c.lines.Scan(), "%s", c.said)
	require.Equal(t, "ready", c.lines.Text(), "%s", c.said)
	return c
}

// killAt lets the process begin, kills it when it reads its clock for the given time (0: never), and says whether it did.
func (c *closing) killAt(t *testing.T, tick int) bool {
	t.Helper()
	require.NoError(t, c.begin())
	ticks := 0
	for c.lines.Scan() {
		if c.lines.Text() != "tick" {
			continue
		}
		if ticks++; ticks == tick {
			require.NoError(t, c.command.Process.Kill())
		}
	}
	err := c.command.Wait()
	require.Equal(t, tick > 0 && ticks >= tick, err != nil, "%v %s", err, c.said)
	return err != nil
}

// nodes is a database with several ballots whose deadline comes at once, in which most have voted.
type nodes struct {
	*vote
	address string
	ballots []*store.Ballot
}

func newNodes(t *testing.T, kind string, ballots int) *nodes {
	t.Helper()
	clock := storetest.NewClock()
	address := storetest.URL(t, kind)
	db := storetest.OpenWith(t, store.Config{URL: address, Clock: clock.Now})
	n := &nodes{vote: &vote{t: t, clock: clock, Cast: storetest.NewCast(t, db)}, address: address}
	clock.Advance(10 * 24 * time.Hour)
	for i := range ballots {
		b := n.OpenBallot(t, address, fmt.Sprintf("due-%d", i), closesOn)
		n.digest = b.Digest
		n.all(b.ID, "APPROVE", "acme", "bolt", "union-a", "college")
		n.ballots = append(n.ballots, b)
	}
	return n
}

// requireClosedOnce asks that each ballot was closed by one act, that the log and the records hold, and that each person
// was told of each close once, by two servers that follow the log at the same time.
func (n *nodes) requireClosedOnce() {
	n.t.Helper()
	for _, b := range n.ballots {
		assert.Equal(n.t, []string{"BALLOT_OPENED", "BALLOT_CLOSED"}, n.acts(string(b.ID)))
	}
	second := storetest.OpenWith(n.t, store.Config{URL: n.address, Clock: n.clock.Now})
	var followers sync.WaitGroup
	for _, db := range []*store.DB{n.DB, second} {
		followers.Go(func() {
			for more := true; more; {
				var err error
				more, err = db.FollowLog(context.Background(), true)
				assert.NoError(n.t, err)
			}
		})
	}
	followers.Wait()
	follow(n.t, n.DB) // what was not yet in the log
	assert.Empty(n.t, texts(n.t, n.DB, `
		SELECT person_id || ' ' || object_id
		FROM notices
		WHERE event = 'BALLOT_CLOSED'
		GROUP BY person_id, object_id
		HAVING count(*) > 1`), "nobody was told twice")
	told := number(n.t, n.DB, `SELECT count(*) FROM notices WHERE event = 'BALLOT_CLOSED'`)
	assert.NotZero(n.t, told)
	assert.Zero(n.t, told%int64(len(n.ballots)), "everybody was told of every close")
	assert.Empty(n.t, texts(n.t, n.DB, `SELECT id FROM outbox WHERE id NOT IN (SELECT mail_id FROM notices WHERE mail_id IS NOT NULL)`),
		"every mail tells something")
	problems, err := n.DB.Check(n.t.Context())
	require.NoError(n.t, err)
	for _, problem := range problems {
		assert.NotContains(n.t, problem.Where, "ballot")
		assert.NotContains(n.t, problem.Where, "leaf")
	}
}

func TestTwoServersInOneProcessCloseABallotOnce(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			n := newNodes(t, kind, 3)
			second := storetest.OpenWith(t, store.Config{URL: n.address, Clock: n.clock.Now})
			n.clock.Set(afterDeadline)
			var clocks sync.WaitGroup
			for i := range 8 {
				clocks.Go(func() {
					_, err := []*store.DB{n.DB, second}[i%2].TakeDue(context.Background())
					assert.NoError(t, err)
				})
			}
			clocks.Wait()
			n.requireClosedOnce()
		})
	}
}

func TestTwoProcessesCloseABallotOnce(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			n := newNodes(t, kind, 4)
			n.clock.Set(afterDeadline.Add(time.Hour))
			processes := []*closing{startClosing(t, n.address), startClosing(t, n.address)}
			var both sync.WaitGroup
			for _, process := range processes {
				both.Go(func() { assert.False(t, process.killAt(t, 0)) })
			}
			both.Wait()
			n.requireClosedOnce()
		})
	}
}

// TestAProcessKilledWhileItClosesLeavesNothingHalf kills processes while they close eight ballots, at a drawn reading of
// their clock, which every step begins with; the last one is let live. Each ballot is closed whole or not at all, and
// once.
func TestAProcessKilledWhileItClosesLeavesNothingHalf(t *testing.T) {
	const seed = 20261123
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			t.Logf("seed %d", seed)
			random := rand.New(rand.NewPCG(seed, 5))
			n := newNodes(t, kind, 8)
			n.clock.Set(afterDeadline.Add(time.Hour))
			killed, closed := 0, []int64{}
			for range 6 {
				if !startClosing(t, n.address).killAt(t, 4+random.IntN(6)) {
					break
				}
				killed++
				closed = append(closed, number(t, n.DB, `SELECT count(*) FROM ballots WHERE state = 'CLOSED'`))
				assert.Equal(t, closed[len(closed)-1], number(t, n.DB, `SELECT count(*) FROM acts WHERE type = 'BALLOT_CLOSED'`))
				assert.Equal(t, 8-closed[len(closed)-1], number(t, n.DB, `SELECT count(*) FROM editions WHERE stage = 'BALLOT'`))
			}
			t.Logf("%d killed; closed after each: %v", killed, closed)
			assert.NotZero(t, killed)
			assert.False(t, startClosing(t, n.address).killAt(t, 0), "the last one lives")
			n.requireClosedOnce()
		})
	}
}
