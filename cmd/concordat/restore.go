package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"concordat/server"
)

// restored stands in the place of BACKUP for a database that was restored by its own tools.
const restored = "-"

// restore is concordat restore.
func restore(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var file string
	c, operands, status, ok := configure(commandLine{name: "restore", args: args, operands: []string{"BACKUP|" + restored}, storageOnly: true,
		own: func(flags *flag.FlagSet) {
			flags.StringVar(&file, "checkpoint", "", "file of the newest checkpoint that anybody was given; without one a new epoch of the log is begun")
		}}, stderr)
	if !ok {
		return status
	}
	err := restoreTo(ctx, c, operands[0], file, stdout, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "concordat restore: %v\n", err)
		return 1
	}
	return 0
}

func restoreTo(ctx context.Context, c *config, backup, file string, stdout, stderr io.Writer) error {
	var checkpoint []byte
	if file != "" {
		var err error
		if checkpoint, err = os.ReadFile(file); err != nil {
			return err
		}
	}
	if backup == restored {
		backup = ""
	}
	done, err := server.Restore(ctx, c.server, backup, string(checkpoint), c.logger(stderr))
	if err != nil {
		return err
	}
	if !done.Begun {
		_, err = fmt.Fprintf(stdout, "Restored. The log goes on from the checkpoint, in epoch %d.\n", done.Epoch.Number)
		return err
	}
	_, err = fmt.Fprintf(stdout, "Restored. The log is in epoch %d, after %s: tell those who keep checkpoints.\n", done.Epoch.Number, done.Epoch.After)
	return err
}
