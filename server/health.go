package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// probeTimeout bounds what a load balancer waits for.
const probeTimeout = 2 * time.Second

// health answers the probes of whoever watches over this process.
type health struct {
	ping     func(ctx context.Context) error // of the database
	stopping context.Context                 // ends when the server stops
	log      *slog.Logger
}

// live says that the process answers. It asks nothing of anybody else: a database that is away is no reason to be
// killed.
func (h health) live(w http.ResponseWriter, _ *http.Request) {
	probeAnswer(w, http.StatusOK, "ok")
}

// ready says whether requests should be sent here: the database answers and we are not stopping. The schema is at its
// newest version from the start, since a server that cannot bring it there does not listen.
func (h health) ready(w http.ResponseWriter, r *http.Request) {
	if h.stopping.Err() != nil {
		probeAnswer(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	if err := h.ping(ctx); err != nil {
		h.log.WarnContext(ctx, "not ready: the database does not answer", "error", err)
		probeAnswer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	probeAnswer(w, http.StatusOK, "ready")
}

func probeAnswer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}
