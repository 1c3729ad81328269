package matrix_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/store/storetest"
)

// leastCells is how many cells the whole matrix has at the least: a smaller one has lost part of the table.
const leastCells = 140_000

// tally counts cells by what became of them. It may be used from any goroutine.
type tally struct {
	mu     sync.Mutex // guards cells, wrong and inside
	cells  map[string]int
	wrong  map[string][]string // who met each difference between the table and the API
	inside map[string]string   // what the log said at first to each answer that was INTERNAL
	agreed atomic.Int64        // answers of viewerMay that were held against an outcome
}

func (n *tally) count(o outcome) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cells[o.String()]++
}

// differ notes that what became of a cell is not what the table says.
func (n *tally) differ(c cell, how string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	what := fmt.Sprintf("%s on %s in %s %s", c.rule.Step, c.object.name, c.scene.name, how)
	n.wrong[what] = append(n.wrong[what], c.actor.name)
}

// within keeps what the log said when something went wrong inside.
func (n *tally) within(how, log string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.inside[how] == "" {
		n.inside[how] = log
	}
}

// report tells how many cells had which outcome, and answers how many there were.
func (n *tally) report(t *testing.T) int {
	t.Helper()
	total := 0
	var lines []string
	for what, count := range n.cells {
		total += count
		lines = append(lines, fmt.Sprintf("%7d %s", count, what))
	}
	slices.Sort(lines)
	t.Logf("%d cells, viewerMay held against %d:\n%s", total, n.agreed.Load(), strings.Join(lines, "\n"))
	for _, what := range slices.Sorted(maps.Keys(n.wrong)) {
		t.Errorf("%s\n\tby %d: %s", what, len(n.wrong[what]), strings.Join(n.wrong[what], ", "))
	}
	for how, log := range n.inside {
		t.Logf("%s, for\n%.3000s", how, log)
	}
	return total
}

// TestEveryCell walks every step that has a mutation × every role × every chamber × every stage × every relation against
// the table of steps, through the real API on SQLite.
func TestEveryCell(t *testing.T) {
	jobs := jobsOf(t, tour(t, storetest.SQLite))
	stagesTried(t, jobs)
	total := walk(t, jobs, whole)
	assert.GreaterOrEqual(t, total, leastCells)
}

// TestASampleOfTheCellsOnPostgreSQL is TestEveryCell on PostgreSQL, of so many jobs and actors.
func TestASampleOfTheCellsOnPostgreSQL(t *testing.T) {
	walk(t, jobsOf(t, tour(t, storetest.Postgres)), sampled(t, 40, 6))
}

// choose picks jobs and, of a job, cells.
type choose struct {
	jobs  func([]job) []job
	cells func([]cell) []cell
}

var whole = choose{func(all []job) []job { return all }, func(all []cell) []cell { return all }}

// sampled chooses so many jobs and cells of each, by a seed that is printed; storetest.SeedEnv repeats it.
func sampled(t *testing.T, jobs, cells int) choose {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv(storetest.SeedEnv); text != "" {
		given, err := strconv.ParseUint(text, 16, 64)
		require.NoError(t, err, storetest.SeedEnv)
		seed = given
	}
	t.Logf("a sample by %s=%016x", storetest.SeedEnv, seed)
	var mu sync.Mutex // guards random
	random := rand.New(rand.NewPCG(seed, 1))
	return choose{
		func(all []job) []job { mu.Lock(); defer mu.Unlock(); return some(random, all, jobs) },
		func(all []cell) []cell {
			mu.Lock()
			defer mu.Unlock()
			return spread(some(random, all, len(all)), cells)
		},
	}
}

func some[T any](random *rand.Rand, all []T, n int) []T {
	picked := slices.Clone(all)
	random.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	return picked[:min(n, len(picked))]
}

// spread picks n cells of as many different outcomes as there are.
func spread(all []cell, n int) []cell {
	var picked, others []cell
	met := map[outcome]bool{}
	for _, c := range all {
		if want := c.expected(); met[want] {
			others = append(others, c)
		} else {
			met[want] = true
			picked = append(picked, c)
		}
	}
	return append(picked, others...)[:min(n, len(all))]
}

// walk runs the chosen cells, a worker on each core.
func walk(t *testing.T, all []job, by choose) int {
	t.Helper()
	n := &tally{cells: map[string]int{}, wrong: map[string][]string{}, inside: map[string]string{}}
	chosen := by.jobs(all)
	queue := make(chan job, len(chosen))
	for _, j := range chosen {
		queue <- j
	}
	close(queue)
	t.Run("cells", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				for j := range queue {
					run(t, j, by.cells(j.cells()), n)
				}
			})
		}
	})
	return n.report(t)
}
