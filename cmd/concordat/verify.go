package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"concordat/notary"
)

const verifyUsage = `usage: concordat verify [--log-key KEY] BUNDLE|URL

Checks a bundle: that nobody changed a byte of it, that everything in it stands in the log that it names, and that its
votes count as was said. It asks no server but for the bundle itself, where a URL is given. KEY is the log's public key
(name+hash+key), or a file that holds it, known from elsewhere: without it the bundle is held against its own.
Exit status: 0 everything holds, 1 something does not, 2 it could not be checked.
`

// verify is concordat verify.
func verify(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, verifyUsage) }
	key := flags.String("log-key", "", "the log's public key, or a file that holds it")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		if err == nil {
			flags.Usage()
		}
		return 2
	}
	known, err := logKey(*key)
	if err != nil {
		fmt.Fprintf(stderr, "concordat verify: read the log's key: %v\n", err)
		return 2
	}
	data, err := readBundle(ctx, flags.Arg(0))
	if err != nil {
		fmt.Fprintf(stderr, "concordat verify: read the bundle: %v\n", err)
		return 2
	}
	found := notary.VerifyBundle(data, known)
	for _, check := range found.Checks {
		word := "ok   "
		if !check.Holds {
			word = "WRONG"
		}
		fmt.Fprintf(stdout, "%s %s: %s\n", word, check.Name, check.Says)
	}
	if !found.Holds() {
		fmt.Fprintln(stdout, "The bundle does not hold.")
		return 1
	}
	if p := found.Published; p != "" {
		fmt.Fprintf(stdout, "Publication %s came about as it says.\n", p)
	}
	fmt.Fprintf(stdout, "The bundle holds: ballot %s of %s, %s.\n", found.Bundle.Ballot.ID, found.Bundle.Ballot.Council, found.Bundle.Ballot.Outcome)
	return 0
}

// logKey is the key as it was given, or the content of the file that was named.
func logKey(given string) (string, error) {
	if given == "" || strings.Contains(given, "+") {
		return given, nil
	}
	data, err := os.ReadFile(given)
	return strings.TrimSpace(string(data)), err
}

// readBundle reads a file, or what a URL answers.
func readBundle(ctx context.Context, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		file, err := os.Open(from)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return io.ReadAll(io.LimitReader(file, notary.MaxBundle+1))
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answered %s", response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, notary.MaxBundle+1))
}
