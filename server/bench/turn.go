package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// figure is what an operation came to: the median of its turns.
type figure struct {
	Operation string   `json:"operation"`
	Clients   int      `json:"clients"`
	Rate      float64  `json:"rate"`      // answers a second
	P50       float64  `json:"p50"`       // milliseconds
	P99       float64  `json:"p99"`       // milliseconds
	CPU       float64  `json:"cpu"`       // the server's milliseconds for one answer, which are its seconds for a thousand
	Allocated float64  `json:"allocated"` // kilobytes for one answer
	Resident  float64  `json:"resident"`  // megabytes of the process
	Beside    []beside `json:"beside,omitempty"`
	Failure   string   `json:"failure,omitempty"`
}

// beside is a figure held against a limit's.
type beside struct {
	Limit string  `json:"limit"`
	Rate  float64 `json:"rate"` // times the limit's
	CPU   float64 `json:"cpu"`  // times the limit's
}

// takeTurns gives every operation its turns, one after the other in each round, so that what else the machine does
// strikes all of them alike. An operation that is refused is left out of further rounds, and its figure says why.
func takeTurns(ctx context.Context, c Config, operations []operation, out io.Writer) ([]figure, error) {
	chosen := slices.DeleteFunc(slices.Clone(operations), func(o operation) bool { return c.Only != nil && !c.Only.MatchString(o.key()) })
	taken := make([][]figure, len(chosen))
	failures := make([]string, len(chosen))
	fmt.Fprintf(out, "%d rounds of %d turns of %s on %d processors, %s; load before: %s.\n",
		c.Rounds, len(chosen), c.Turn, runtime.NumCPU(), runtime.Version(), load())
	for round := range c.Rounds {
		for i, o := range chosen {
			if failures[i] != "" {
				continue
			}
			if round == 0 && !o.once { // what is prepared and kept on first use is not what is measured
				if _, err := turn(ctx, c.shorter(), o, round); err != nil {
					failures[i] = err.Error()
					continue
				}
			}
			f, err := turn(ctx, c, o, round)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				failures[i] = err.Error()
				continue
			}
			taken[i] = append(taken[i], f)
		}
	}
	fmt.Fprintf(out, "Load after: %s.\n\n", load())
	figures := make([]figure, len(chosen))
	for i, o := range chosen {
		figures[i] = median(taken[i])
		figures[i].Operation, figures[i].Clients, figures[i].Failure = o.Name, o.Clients, failures[i]
	}
	compare(figures, chosen)
	return figures, nil
}

// shorter is the configuration of a turn that warms up.
func (c Config) shorter() Config {
	c.Turn /= 2
	return c
}

// turn measures an operation once.
func turn(ctx context.Context, c Config, o operation, round int) (figure, error) {
	d := drive{Address: o.address, Clients: o.Clients, Turn: c.Turn, Once: o.once, Requests: o.requests}
	if o.once {
		d.Requests = o.requests[round*len(o.requests)/c.Rounds : (round+1)*len(o.requests)/c.Rounds]
	}
	runtime.GC() // the turn before leaves nothing to clear
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	spent, err := processorTime()
	if err != nil {
		return figure{}, err
	}
	saw, err := startDriver(ctx, d)
	if err != nil {
		return figure{}, err
	}
	spentAfter, err := processorTime()
	if err != nil {
		return figure{}, err
	}
	runtime.ReadMemStats(&after)
	answers := float64(max(1, saw.Answers))
	return figure{
		Rate: answers / saw.Seconds, P50: saw.P50.Seconds() * 1000, P99: saw.P99.Seconds() * 1000,
		CPU:       (spentAfter - spent).Seconds() * 1000 / answers,
		Allocated: float64(after.TotalAlloc-before.TotalAlloc) / 1024 / answers,
		Resident:  resident(after),
	}, nil
}

// median takes the median of each figure by itself.
func median(of []figure) figure {
	if len(of) == 0 {
		return figure{}
	}
	middle := func(value func(figure) float64) float64 {
		values := make([]float64, len(of))
		for i, f := range of {
			values[i] = value(f)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return figure{
		Rate: middle(func(f figure) float64 { return f.Rate }), P50: middle(func(f figure) float64 { return f.P50 }),
		P99: middle(func(f figure) float64 { return f.P99 }), CPU: middle(func(f figure) float64 { return f.CPU }),
		Allocated: middle(func(f figure) float64 { return f.Allocated }), Resident: middle(func(f figure) float64 { return f.Resident }),
	}
}

// compare holds each figure against its limits.
func compare(figures []figure, operations []operation) {
	byKey := make(map[string]figure, len(figures))
	for i, o := range operations {
		byKey[o.key()] = figures[i]
	}
	for i, o := range operations {
		for _, name := range o.Beside {
			limit, ok := byKey[name]
			if !ok || limit.Rate == 0 || limit.CPU == 0 || figures[i].Rate == 0 {
				continue
			}
			figures[i].Beside = append(figures[i].Beside, beside{
				Limit: name, Rate: figures[i].Rate / limit.Rate, CPU: figures[i].CPU / limit.CPU,
			})
		}
	}
}

// processorTime is what this process has used, in the system and outside of it.
func processorTime() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, fmt.Errorf("read the processor time: %w", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// resident is the process's memory in megabytes: what the system counts where it tells, what Go has taken where not.
func resident(stats runtime.MemStats) float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if words := strings.Fields(string(text)); err == nil && len(words) > 1 {
		if pages, err := strconv.ParseInt(words[1], 10, 64); err == nil {
			return float64(pages) * float64(os.Getpagesize()) / (1 << 20)
		}
	}
	return float64(stats.Sys) / (1 << 20)
}

// load is what else the machine is doing.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if words := strings.Fields(string(text)); err == nil && len(words) > 2 {
		return strings.Join(words[:3], " ")
	}
	return "not told by this system"
}
