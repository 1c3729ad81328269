package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"

	"concordat/server/bench"
)

// measure runs "concordat bench": the standard operations beside the bare limits of this machine.
func measure(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && args[0] == bench.DriveFlag {
		if err := bench.Drive(ctx, os.Stdin, stdout); err != nil {
			fmt.Fprintln(stderr, "concordat bench:", err)
			return 1
		}
		return 0
	}
	m, err := benchArguments(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "concordat bench:", err)
		return 2
	}
	err = bench.Run(ctx, m.config, stdout)
	if err := errors.Join(err, m.close()); err != nil {
		fmt.Fprintln(stderr, "concordat bench:", err)
		return 1
	}
	return 0
}

// measuring is what the command line of "concordat bench" says, with the files that it named.
type measuring struct {
	config bench.Config
	files  []*os.File
}

func (m *measuring) close() error {
	var errs []error
	for _, file := range m.files {
		errs = append(errs, file.Close())
	}
	return errors.Join(errs...)
}

func (m *measuring) create(name string) (*os.File, error) {
	file, err := os.Create(name)
	if err == nil {
		m.files = append(m.files, file)
	}
	return file, err
}

func benchArguments(args []string, stderr io.Writer) (*measuring, error) {
	m := &measuring{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	if text := os.Getenv("BENCH_SCALE"); text != "" {
		scale, err := strconv.ParseFloat(text, 64)
		if err != nil || scale <= 0 {
			return nil, fmt.Errorf("BENCH_SCALE=%q: want a number above zero", text)
		}
		m.config.Scale = scale
	}
	flags.Float64Var(&m.config.Scale, "scale", m.config.Scale, "of the standard data set, where 1 is all of it (BENCH_SCALE; 0.05)")
	flags.StringVar(&m.config.Database, "database", "", "an empty PostgreSQL database to fill, postgres://…; without it a SQLite file that is removed")
	flags.IntVar(&m.config.Rounds, "rounds", 3, "turns of each operation, of which the median counts")
	flags.DurationVar(&m.config.Turn, "turn", 0, "how long each turn lasts (1s)")
	flags.Func("only", "operations whose names fit this regular expression, limits included", func(text string) (err error) {
		m.config.Only, err = regexp.Compile(text)
		return err
	})
	flags.Func("json", "file for the figures, a line of JSON for each operation", func(name string) error {
		file, err := m.create(name)
		m.config.Lines = file
		return err
	})
	flags.Func("profile", "file for a CPU profile of all turns", func(name string) error {
		file, err := m.create(name)
		m.config.Profile = file
		return err
	})
	if err := flags.Parse(args); err != nil {
		return nil, errors.Join(err, m.close())
	}
	if m.config.Scale < 0 || m.config.Rounds < 1 || m.config.Turn < 0 || flags.NArg() > 0 {
		return nil, errors.Join(errors.New("scale, rounds and turn are above zero, and there is nothing else to say"), m.close())
	}
	return m, nil
}
