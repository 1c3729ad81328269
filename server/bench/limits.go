package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"concordat/governance"
	"concordat/store/storebench"
)

// limits serves the bare limits: what net/http, the statements and the disk leave possible.
type limits struct {
	address string
	server  *http.Server
}

// commentByHand is what the hand-written handler takes.
type commentByHand struct {
	Person int    `json:"person"`
	Open   int    `json:"open"` // index of the edition among those consulted on
	Body   string `json:"body"`
}

func newLimits(ctx context.Context, hand *storebench.Hand, set storebench.Set) (*limits, error) {
	viewer := set.Viewer(0)
	fixed, err := hand.Specification(ctx, viewer, storebench.Slug(0), nil)
	if err != nil {
		return nil, fmt.Errorf("read the first specification by hand: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /fixed", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, fixed) })
	mux.HandleFunc("GET /specification/{person}/{slug}", func(w http.ResponseWriter, r *http.Request) {
		person, err := strconv.Atoi(r.PathValue("person"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer, err := hand.Specification(r.Context(), set.Viewer(person), r.PathValue("slug"), make([]byte, 0, len(fixed)+512))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeJSON(w, answer)
	})
	mux.HandleFunc("POST /comment", commenting(hand, set))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the limits: %w", err)
	}
	l := &limits{address: listener.Addr().String(), server: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}}
	go l.server.Serve(listener) // until close
	return l, nil
}

func (l *limits) close() { l.server.Close() }

func commenting(hand *storebench.Hand, set storebench.Set) http.HandlerFunc {
	consulted := set.Consulted()
	viewers := make([]governance.Actor, set.People)
	for n := range viewers {
		viewers[n] = set.Viewer(n)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var in commentByHand
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		err := hand.Comment(r.Context(), viewers[in.Person], consulted[in.Open], in.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeJSON(w, []byte(`{"data":{"addComment":{"comment":{"state":"OPEN"}}}}`))
	}
}

func writeJSON(w http.ResponseWriter, answer []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.Write(answer)
}
