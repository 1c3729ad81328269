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
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// DriveFlag is the argument with which the command "bench" starts itself for the clients.
const DriveFlag = "--drive"

// drive is what the clients are told to do.
type drive struct {
	Address  string        `json:"address"`
	Clients  int           `json:"clients"`
	Turn     time.Duration `json:"turn"`
	Once     bool          `json:"once"` // each request once, and the turn ends with the last
	Hold     int           `json:"hold"` // connections to be held open instead, one request each
	Requests [][]byte      `json:"requests"`
}

// driven is what they saw.
type driven struct {
	Answers int           `json:"answers"`
	Seconds float64       `json:"seconds"`
	P50     time.Duration `json:"p50"`
	P99     time.Duration `json:"p99"`
	Failure string        `json:"failure,omitempty"` // the first answer that was none
}

// startDriver runs the clients in a process of their own and waits for it.
func startDriver(ctx context.Context, d drive) (driven, error) {
	told, err := json.Marshal(d)
	if err != nil {
		return driven{}, err
	}
	program, err := os.Executable()
	if err != nil {
		return driven{}, fmt.Errorf("start the clients: %w", err)
	}
	command := exec.CommandContext(ctx, program, "bench", DriveFlag)
	command.Stdin, command.Stderr = bytes.NewReader(told), os.Stderr
	answer, err := command.Output()
	if err != nil {
		return driven{}, fmt.Errorf("run the clients: %w", err)
	}
	var saw driven
	if err := json.Unmarshal(answer, &saw); err != nil {
		return driven{}, fmt.Errorf("read what the clients saw: %w", err)
	}
	if saw.Failure != "" {
		return driven{}, errors.New(saw.Failure)
	}
	return saw, nil
}

// Drive is the other end: it reads what to do from in and writes what it saw to out.
func Drive(ctx context.Context, in io.Reader, out io.Writer) error {
	var d drive
	if err := json.NewDecoder(in).Decode(&d); err != nil {
		return fmt.Errorf("read what to do: %w", err)
	}
	if d.Hold > 0 {
		return d.hold(ctx, in, out)
	}
	return json.NewEncoder(out).Encode(d.run(ctx))
}

// run keeps so many clients asking until the turn is over.
func (d drive) run(ctx context.Context) driven {
	var next atomic.Int64
	var all sync.WaitGroup
	times := make([][]time.Duration, d.Clients)
	failures := make([]error, d.Clients)
	start := time.Now()
	for i := range d.Clients {
		all.Go(func() { times[i], failures[i] = d.client(ctx, &next, start.Add(d.Turn)) })
	}
	all.Wait()
	saw := driven{Seconds: time.Since(start).Seconds()}
	every := slices.Concat(times...)
	slices.Sort(every)
	saw.Answers = len(every)
	if len(every) > 0 {
		saw.P50, saw.P99 = every[len(every)/2], every[len(every)*99/100]
	}
	if err := errors.Join(failures...); err != nil {
		saw.Failure = err.Error()
	}
	return saw
}

// client asks over one connection and answers how long each answer took.
func (d drive) client(ctx context.Context, next *atomic.Int64, end time.Time) ([]time.Duration, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", d.Address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var times []time.Duration
	answers := bufio.NewReaderSize(conn, 64<<10)
	for {
		began := time.Now()
		n := int(next.Add(1) - 1)
		if began.After(end) || d.Once && n >= len(d.Requests) {
			return times, nil
		}
		if _, err := conn.Write(d.Requests[n%len(d.Requests)]); err != nil {
			return times, err
		}
		if err := readAnswer(answers); err != nil {
			return times, err
		}
		times = append(times, time.Since(began))
	}
}

// refused is how an answer of the API that is none begins.
var refused = []byte(`{"errors":`)

// readAnswer reads one answer, with no more work than it takes to know that it is one.
func readAnswer(from *bufio.Reader) error {
	status, err := from.ReadSlice('\n')
	if err != nil {
		return err
	}
	good := bytes.HasPrefix(status, []byte("HTTP/1.1 200"))
	length := -1
	for {
		line, err := from.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, ok := bytes.Cut(line, []byte(": ")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return fmt.Errorf("read an answer: %w", err)
			}
		}
	}
	if length < 0 {
		return errors.New("an answer came without its length")
	}
	if head, err := from.Peek(min(length, len(refused))); err != nil || !good || bytes.Equal(head, refused) {
		body, _ := from.Peek(min(length, 2000))
		return fmt.Errorf("answered %s", body)
	}
	_, err = from.Discard(length)
	return err
}
