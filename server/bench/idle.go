package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"concordat/store/storebench"
)

const (
	idleSubscriber  = "idle subscriber"
	idleSubscribers = 2000
	idleTarget      = 20.0 // kilobytes each
)

// following is what a page subscribes to that shows a specification.
const following = `subscription Follow($id: ID!) { specificationEvents(specification: $id) {
	... on StepTaken { kind leaf object { ... on Comment { id body author { name } organization { id legalName } } ... on Revision { id digest } } }
	... on PresenceChanged { present { path editing person { name } } }
	... on Resync { leaf }
} }`

// idle is what subscribers cost that are told nothing.
type idle struct {
	Operation   string  `json:"operation"`
	Subscribers int     `json:"subscribers"`
	Heap        float64 `json:"heap"`     // kilobytes each
	Stacks      float64 `json:"stacks"`   // kilobytes each
	Resident    float64 `json:"resident"` // kilobytes each, of the process
	Goroutines  int     `json:"goroutines"`
}

// measureIdle opens the streams from a process of its own, waits until all are open, and looks at this process's memory.
func (b bed) measureIdle(ctx context.Context, out io.Writer) (idle, error) {
	requests, err := b.subscriptions(ctx)
	if err != nil {
		return idle{}, err
	}
	first, firstResident, before := settled()
	h, err := startHolders(ctx, drive{Address: b.server, Hold: idleSubscribers, Requests: requests})
	if err != nil {
		return idle{}, err
	}
	second, secondResident, after := settled()
	each := func(a, b uint64) float64 { return (float64(b) - float64(a)) / 1024 / idleSubscribers }
	found := idle{
		Operation: idleSubscriber, Subscribers: idleSubscribers, Heap: each(first.HeapAlloc, second.HeapAlloc),
		Stacks: each(first.StackInuse, second.StackInuse), Resident: (secondResident - firstResident) * 1024 / idleSubscribers,
		Goroutines: after - before,
	}
	if err := h.end(); err != nil {
		return idle{}, err
	}
	fmt.Fprintf(out, "\n%d idle subscribers, signed in: %.1f KB each (heap %.1f, stacks %.1f; under %.0f asked), %d goroutines more, resident %.1f KB each more.\n",
		found.Subscribers, found.Heap+found.Stacks, found.Heap, found.Stacks, idleTarget, found.Goroutines, found.Resident)
	return found, nil
}

// settled is this process's memory, in megabytes what is resident of it, and its goroutines, once nothing is left to clear:
// a stack shrinks by half at a collection.
func settled() (runtime.MemStats, float64, int) {
	for range 5 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats, resident(stats), runtime.NumGoroutine()
}

// subscriptions are those of many people to many specifications.
func (b bed) subscriptions(ctx context.Context) ([][]byte, error) {
	var requests [][]byte
	complete := b.set.Complete()
	for i := range min(opened, len(complete)) {
		named, err := b.asked(0, `query ($slug: String!) { specification(slug: $slug) { id } }`,
			map[string]any{"slug": storebench.Slug(complete[i*len(complete)/min(opened, len(complete))])})
		if err != nil {
			return nil, err
		}
		answer, err := ask(ctx, b.server, named[0])
		if err != nil {
			return nil, err
		}
		data, _ := answer.(map[string]any)["data"].(map[string]any)
		one, err := b.asked(i, following, data["specification"])
		if err != nil {
			return nil, err
		}
		requests = append(requests, bytes.Replace(one[0], []byte("\r\n"), []byte("\r\nAccept: text/event-stream\r\n"), 1))
	}
	return requests, nil
}

// holders is the process that holds connections open.
type holders struct {
	command *exec.Cmd
	in      io.WriteCloser
}

// startHolders answers once every connection is open.
func startHolders(ctx context.Context, d drive) (*holders, error) {
	told, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start the subscribers: %w", err)
	}
	h := &holders{command: exec.CommandContext(ctx, program, "bench", DriveFlag)}
	h.command.Stderr = os.Stderr
	if h.in, err = h.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := h.command.Start(); err != nil {
		return nil, fmt.Errorf("start the subscribers: %w", err)
	}
	if _, err := h.in.Write(append(told, '\n')); err != nil {
		return nil, errors.Join(err, h.end())
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if said != held {
		return nil, errors.Join(fmt.Errorf("the subscribers say %q", strings.TrimSpace(said)), err, h.end())
	}
	return h, nil
}

// end closes the connections.
func (h *holders) end() error { return errors.Join(h.in.Close(), h.command.Wait()) }

// held is what the process says that holds all its connections.
const held = "held\n"

// hold opens connections, sends each a request, reads the head of each answer, says so and waits until in ends.
func (d drive) hold(ctx context.Context, in io.Reader, out io.Writer) error {
	conns := make([]net.Conn, 0, d.Hold)
	defer func() {
		for _, conn := range conns {
			conn.Close()
		}
	}()
	for i := range d.Hold {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", d.Address)
		if err != nil {
			return err
		}
		conns = append(conns, conn)
		if _, err := conn.Write(d.Requests[i%len(d.Requests)]); err != nil {
			return err
		}
		head := make([]byte, 4096)
		n, err := conn.Read(head)
		if err != nil || !bytes.HasPrefix(head[:n], []byte("HTTP/1.1 200")) || !bytes.Contains(head[:n], []byte("text/event-stream")) {
			return errors.Join(fmt.Errorf("subscriber %d is answered %q", i, head[:n]), err)
		}
	}
	if _, err := io.WriteString(out, held); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, in)
	return err
}
