package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"concordat/governance"
)

// Exit codes of concordat tally: a script tells a malformed record from a disk that is full.
const (
	exitCounted   = 0
	exitFailed    = 1 // the result could not be written
	exitMalformed = 2 // the record, its file or the command line cannot be used
)

// maxReason is the most characters that the line with a reason has.
const maxReason = 500

// tally recounts a tally record without any server: concordat tally FILE, or - for standard input. The result goes to
// stdout as JSON, the reason for a refusal to stderr as one line; the answer is the exit code.
func tally(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("tally", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: concordat tally FILE  (recounts the tally record in FILE; - reads standard input)")
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return exitCounted
	}
	if err != nil {
		return exitMalformed
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return exitMalformed
	}
	name := flags.Arg(0)
	data, err := readRecord(name)
	if err != nil {
		fmt.Fprintln(stderr, oneLine(fmt.Sprintf("concordat tally: %v", err)))
		return exitMalformed
	}
	result, err := recount(data)
	if err != nil {
		fmt.Fprintln(stderr, oneLine(fmt.Sprintf("concordat tally: %s: %v", name, err)))
		return exitMalformed
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(result)
	if err != nil {
		fmt.Fprintln(stderr, oneLine(fmt.Sprintf("concordat tally: writing the result: %v", err)))
		return exitFailed
	}
	return exitCounted
}

// readRecord reads a file, or standard input for "-", up to one byte more than a record may have.
func readRecord(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, governance.MaxTallyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return data, nil
}

func recount(data []byte) (governance.TallyResult, error) {
	record, err := governance.ParseTallyRecord(data)
	if err != nil {
		return governance.TallyResult{}, err
	}
	return governance.Tally(record)
}

// oneLine makes a reason fit for one line of a terminal: a record's own words may hold line breaks and escapes.
func oneLine(reason string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, reason))
	if len(runes) > maxReason {
		return string(runes[:maxReason]) + "…"
	}
	return string(runes)
}
