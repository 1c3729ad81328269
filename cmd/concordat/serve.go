package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"concordat/server"
)

// serve runs "concordat serve" until a signal tells it to stop.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, _, status, ok := configure(commandLine{name: "serve", args: args}, stderr)
	if !ok {
		return status
	}
	log := c.logger(stderr)
	slog.SetDefault(log) // for the libraries that ask for no logger
	s, err := server.Open(ctx, c.server, log)
	if err != nil {
		fmt.Fprintln(stderr, "concordat serve:", err)
		return 1
	}
	fmt.Fprintln(stdout, "Concordat is at", s.URL())
	err = s.Serve(ctx)
	if err != nil {
		log.Error("serving ended with an error", "error", err)
		status = 1
	}
	if err := s.Close(); err != nil {
		log.Error("closing ended with an error", "error", err)
		status = 1
	}
	return status
}
