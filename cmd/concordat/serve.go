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
	c, status, ok := configure("serve", args, false, stderr)
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

// migrate runs "concordat migrate": the schema is brought to this version, and nothing is served.
func migrate(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, status, ok := configure("migrate", args, true, stderr)
	if !ok {
		return status
	}
	db, err := server.OpenStore(ctx, c.server, c.logger(stderr))
	if err != nil {
		fmt.Fprintln(stderr, "concordat migrate:", err)
		return 1
	}
	if err := db.Migrate(ctx); err != nil {
		fmt.Fprintln(stderr, "concordat migrate:", err)
		status = 1
	}
	if err := db.Close(); err != nil {
		fmt.Fprintln(stderr, "concordat migrate:", err)
		status = 1
	}
	if status == 0 {
		fmt.Fprintln(stdout, "The schema is at this version.")
	}
	return status
}
