package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"concordat/auth/demo"
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
	server.TuneMemory()
	s, err := server.Open(ctx, c.server, log)
	if err != nil {
		fmt.Fprintln(stderr, "concordat serve:", err)
		return 1
	}
	announce(stdout, s, c.server.Demo)
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

// announce says where the server is and, in the demo, as whom one can sign in.
func announce(w io.Writer, s *server.Server, isDemo bool) {
	fmt.Fprintln(w, "Concordat is at", s.URL())
	if !isDemo {
		return
	}
	if to := s.MailTo(); to != "" {
		fmt.Fprintln(w, "Mails go to", to)
	}
	fmt.Fprintln(w, "This is the demo. Sign in there as any of these by one click, or with concordat demo-token PERSONA:")
	for _, p := range demo.Personas() {
		fmt.Fprintf(w, "  %-20s %s, who %s\n", p.ID, p.Name, p.Description)
	}
}
