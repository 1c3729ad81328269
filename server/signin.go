package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/governance"
	"concordat/register/layout"
)

// signIn is who may sign in, and how it is found out who asks.
type signIn struct {
	*auth.Auth
	demo *demo.Provider // nil outside of the demo
}

// setUpSignIn reads the files that say who may sign in, and starts the demo's provider where there is one. Refusals are
// shown by fail.
func (s *Server) setUpSignIn(fail func(http.ResponseWriter, *http.Request, int, *governance.Error)) (signIn, error) {
	var out signIn
	issuers, err := readFile(s.config.Issuers, "issuers", auth.ParseIssuers)
	if err != nil {
		return out, err
	}
	mapping, err := readFile(s.config.ClaimMapping, "claim mapping", auth.ParseMapping)
	if err != nil {
		return out, err
	}
	if mapping == nil {
		mapping = &auth.Mapping{}
	}
	if s.config.Demo {
		out.demo, err = demo.New(demo.Config{
			PublicURL: s.public.String(), Audience: s.public.String(), Now: s.config.Now, Style: layout.StylePath,
		})
		if err != nil {
			return out, err
		}
		own, err := auth.ParseMapping(demo.MappingFile(out.demo.Issuer()))
		if err != nil {
			return out, err
		}
		issuers = append([]auth.Issuer{out.demo.Registration()}, issuers...)
		mapping.Issuers = append(mapping.Issuers, own.Issuers...)
	}
	out.Auth, err = auth.New(auth.Config{
		PublicURL: s.public.String(), Issuers: issuers, Mapping: mapping, Store: s.db, Now: s.config.Now, Log: s.log, Fail: fail,
	})
	return out, err
}

// readFile reads and parses a file; the zero value where no file is named.
func readFile[T any](name, what string, parse func([]byte) (T, error)) (T, error) {
	var none T
	if name == "" {
		return none, nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return none, fmt.Errorf("read the %s file: %w", what, err)
	}
	parsed, err := parse(content)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return parsed, nil
}

// sweepEvery is how often the sessions that have ended are deleted.
const sweepEvery = 10 * time.Minute

// sweepSessions deletes ended sessions until ctx ends.
func (s *Server) sweepSessions(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_, err := s.db.DropExpiredSessions(ctx, s.config.Now())
			if err != nil && !errors.Is(err, context.Canceled) {
				s.log.ErrorContext(ctx, "ended sessions could not be deleted", "error", err)
			}
		}
	}
}
