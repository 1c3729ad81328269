package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"concordat/auth"
	"concordat/governance"
)

// actPath is where the acts of the log are read, each by the number of its leaf.
const actPath = "/log/act/"

// withheldAct is what is told of an act that its reader may not see.
type withheldAct struct {
	Leaf     int64  `json:"leaf"`
	LeafHash string `json:"leafHash"` // RFC 6962, in hexadecimal
	Withheld string `json:"withheld"` // why
}

// act serves the bytes of an act, whose SHA-256 is the log's leaf, to whoever may see what it is about. To others only the
// hash of the leaf is told, and why: 403.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	if refused := auth.Refusal(r.Context(), false); refused != nil {
		http.Error(w, refused.Message, http.StatusForbidden)
		return
	}
	leaf, err := strconv.ParseInt(r.PathValue("leaf"), 10, 64)
	if err != nil || leaf < 0 {
		http.Error(w, "A leaf is named by its number, from 0.", http.StatusBadRequest)
		return
	}
	found, err := s.db.LoggedAct(r.Context(), auth.ActorFrom(r.Context()), leaf)
	if governance.CodeOf(err) == governance.CodeNotFound {
		http.Error(w, "The log has no leaf of this number.", http.StatusNotFound)
		return
	}
	if err != nil {
		s.log.ErrorContext(r.Context(), "an act could not be read", "leaf", leaf, "error", err)
		http.Error(w, "Internal error.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "private, no-cache") // what may be seen changes, and with who asks
	h.Set("X-Log-Leaf-Hash", found.LeafHash)
	if found.Withheld == nil {
		h.Set("ETag", `"`+string(found.Digest)+`"`)
		http.ServeContent(w, r, "act.json", time.Time{}, bytes.NewReader(found.Body))
		return
	}
	w.WriteHeader(http.StatusForbidden)
	err = json.NewEncoder(w).Encode(withheldAct{leaf, found.LeafHash, found.Withheld.Message})
	if err != nil {
		s.log.InfoContext(r.Context(), "an answer could not be written", "path", r.URL.Path, "error", err)
	}
}
