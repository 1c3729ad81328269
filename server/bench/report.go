package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report writes the figures as a table for people and, where asked for, as lines of JSON.
func report(c Config, figures []figure, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "operation\tclients\ta second\tp50 ms\tp99 ms\tCPU s/1000\tKB each\tMB\tbeside: rate, CPU\t")
	for _, f := range figures {
		if f.Failure != "" {
			fmt.Fprintf(table, "%s\t%d\tnot answered\t\t\t\t\t\t\t\n", f.Operation, f.Clients)
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%.0f\t%.2f\t%.2f\t%.3f\t%.0f\t%.0f\t%s\t\n",
			f.Operation, f.Clients, f.Rate, f.P50, f.P99, f.CPU, f.Allocated, f.Resident, besides(f.Beside))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, f := range figures {
		if f.Failure != "" {
			fmt.Fprintf(out, "\n%s was not answered: %.300s\n", f.Operation, f.Failure)
		}
	}
	fmt.Fprintln(out)
	for _, t := range targets {
		t.write(figures, out)
	}
	if c.Lines == nil {
		return nil
	}
	lines := json.NewEncoder(c.Lines)
	for _, f := range figures {
		if err := lines.Encode(struct {
			Scale float64 `json:"scale"`
			figure
		}{c.Scale, f}); err != nil {
			return fmt.Errorf("write the figures: %w", err)
		}
	}
	return nil
}

func besides(list []beside) string {
	texts := make([]string, len(list))
	for i, b := range list {
		texts[i] = fmt.Sprintf("%.2f, %.2f × %s", b.Rate, b.CPU, b.Limit)
	}
	return strings.Join(texts, "; ")
}

// target is a ratio to reach.
type target struct {
	operation, limit string
	says             string
	ratio            func(beside) float64
	holds            func(ratio float64) bool
}

var targets = []target{
	{key(openOne, 16), key(openByHand, 16), "at most 4 times the CPU of the hand-written handler",
		func(b beside) float64 { return b.CPU }, func(ratio float64) bool { return ratio <= 4 }},
	{key(addOne, 64), key(writeByHand, 64), "at least 3 times the rate of one fsync a write by hand", rate, thrice},
	{key(addOne, 64), key(addAlone, 64), "at least 3 times the rate of one fsync a step", rate, thrice},
}

func rate(b beside) float64 { return b.Rate }

func thrice(ratio float64) bool { return ratio >= 3 }

// write says whether the target was reached; nothing where it was not measured.
func (t target) write(figures []figure, out io.Writer) {
	for _, f := range figures {
		for _, b := range f.Beside {
			if key(f.Operation, f.Clients) != t.operation || b.Limit != t.limit {
				continue
			}
			verdict := "MISSED"
			if t.holds(t.ratio(b)) {
				verdict = "reached"
			}
			fmt.Fprintf(out, "%s: %s (%s: %.2f × %s)\n", verdict, t.says, t.operation, t.ratio(b), t.limit)
		}
	}
}
