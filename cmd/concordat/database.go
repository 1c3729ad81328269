package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"concordat/server"
	"concordat/store"
)

// operation is a command that works on the database while nothing is served, or beside a running server.
type operation struct {
	name     string
	operands []string
	own      func(flags *flag.FlagSet)
	do       func(ctx context.Context, db *store.DB, operands []string, stdout io.Writer) error
}

// run opens the database, does the work and closes it again.
func (o operation) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, operands, status, ok := configure(commandLine{name: o.name, args: args, operands: o.operands, storageOnly: true, own: o.own}, stderr)
	if !ok {
		return status
	}
	db, err := server.OpenStore(ctx, c.server, c.logger(stderr))
	if err == nil {
		err = errors.Join(o.do(ctx, db, operands, stdout), db.Close())
	}
	if err != nil {
		fmt.Fprintf(stderr, "concordat %s: %v\n", o.name, err)
		return 1
	}
	return 0
}

// migrate brings the schema to this version.
func migrate(ctx context.Context, db *store.DB, _ []string, stdout io.Writer) error {
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, "The schema is at this version.")
	return err
}

// backup copies the database to a file that is not there yet.
func backup(ctx context.Context, db *store.DB, operands []string, stdout io.Writer) error {
	if err := db.Backup(ctx, operands[0]); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, "Backed up to", operands[0])
	return err
}

// errProblems is a database that is not as it should be.
var errProblems = errors.New("the database is not as it should be")

// check prints what is wrong with the database, a line each; where nothing is, what was redacted in it.
func check(ctx context.Context, db *store.DB, _ []string, stdout io.Writer) error {
	problems, err := db.Check(ctx)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(stdout, p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w: %d found", errProblems, len(problems))
	}
	redacted, err := db.Redacted(ctx)
	if err != nil {
		return err
	}
	for _, r := range redacted {
		fmt.Fprintln(stdout, r)
	}
	_, err = fmt.Fprintln(stdout, "Nothing wrong was found.")
	return err
}
