// Command concordat is the server and its tools in one binary.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// command is one thing that the binary does. run answers the exit status: 0 done, 1 it did not work, 2 the arguments
// or the files they name cannot be used.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, args []string, stdout, stderr io.Writer) int
}

// commands lists them in the order in which the help shows them.
func commands() []command {
	return []command{
		{"serve", "serve the pages and the API (--demo: with people and data to try)", serve},
		{"migrate", "bring the database's schema to this version", operation{name: "migrate", do: migrate}.run},
		{"backup", "copy the SQLite database to a file while it is used", operation{name: "backup", operands: []string{"FILE"}, do: backup}.run},
		{"restore", "put a backup in place, and begin an epoch of the log where something signed is lost", restore},
		{"check", "read the whole database and say what is wrong with it", operation{name: "check", do: check}.run},
		{"admin", "make somebody an administrator: admin grant ISSUER SUBJECT", admin},
		{"import", "make a draft of a file in another format, or load a vocabulary: import FORMAT FILE, import esco FOLDER, import reference VOCABULARY FILE", importFile},
		{"edc-pack", "merge learners into a credential's template, on this machine alone", offline(edcPack)},
		{"tally", "recount a ballot's public record, without any server", offline(tally)},
		{"verify", "check a bundle: a ballot or a publication, its acts and its count, without any server", verify},
		{"claims", "explain what a token's claims would grant under a mapping file", offline(claims)},
		{"demo-token", "print a bearer token of the running demo, as one of its people", offline(demoToken)},
		{"bench", "measure the standard operations beside this machine's bare limits", measure},
		{"version", "say which version this is", version},
	}
}

// offline is a command that needs neither server nor database and is over in a moment.
func offline(run func(args []string, stdout, stderr io.Writer) int) func(context.Context, []string, io.Writer, io.Writer) int {
	return func(_ context.Context, args []string, stdout, stderr io.Writer) int { return run(args, stdout, stderr) }
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run finds the command that the first argument names and runs it with the others.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return 2
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(stdout)
		return 0
	case "-version", "--version":
		args[0] = "version"
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "concordat: there is no command %q\n\n", args[0])
	usage(stderr)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "usage: concordat COMMAND [ARGUMENTS]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nconcordat COMMAND --help says more of each.\n")
}
