package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"concordat/exchange"
	"concordat/governance"
	"concordat/store"
)

// The addresses by which the whole register is loaded.
const (
	IndexPath   = "/register/index.ndjson"
	TextsPath   = "/register/documents.ndjson"
	ChangesPath = "/register/changes"
)

// harvestBatch is how many publications are in memory at once while the register is streamed.
const harvestBatch = 100

// harvestTime is how long a client may take for a batch.
const harvestTime = 30 * time.Second

const ndjson = "application/x-ndjson"

// index streams a line for every publication, the oldest first, whatever became of it.
func (g *Register) index(w http.ResponseWriter, r *http.Request) error {
	return g.stream(w, r, g.line)
}

// texts streams every publication's exact text with the digest that names it.
func (g *Register) texts(w http.ResponseWriter, r *http.Request) error {
	return g.stream(w, r, func(h *store.Harvested) ([]byte, error) {
		line := fmt.Appendf(nil, `{"id":%q,"digest":%q,"document":`, g.PublicURL+Path(h.Publication), h.Publication.Digest)
		return append(append(line, h.Bytes...), "}\n"...), nil
	})
}

// streamEnd is the last line of a stream: it tells that nothing is missing, and where changes go on.
type streamEnd struct {
	Publications int               `json:"publications"`
	Digest       governance.Digest `json:"digest"` // of all the bytes before this line
	Changes      string            `json:"changes"`
}

// stream writes a line for each publication, a batch in memory at a time. The answer takes as long as it takes: the request's
// own time is not counted, and a client that does not take a batch in time is left.
func (g *Register) stream(w http.ResponseWriter, r *http.Request, lineOf func(*store.Harvested) ([]byte, error)) error {
	ctx, sum := context.WithoutCancel(r.Context()), sha256.New()
	head, err := g.Store.LogHead(ctx)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", ndjson)
	w.Header().Set("Cache-Control", "no-cache")
	open(w.Header())
	if r.Method == http.MethodHead {
		return nil
	}
	end := streamEnd{Changes: g.changesAt(head)}
	for after := (*store.Cursor)(nil); ; {
		batch, err := g.Store.Harvest(ctx, after, harvestBatch)
		if err != nil {
			return g.cut(r, err)
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(harvestTime)) // what has no deadline needs none moved
		for _, h := range batch {
			line, err := lineOf(h)
			if err != nil {
				return g.cut(r, err)
			}
			sum.Write(line) // never fails
			if _, err := w.Write(line); err != nil {
				return g.written(r, err)
			}
			end.Publications++
		}
		if len(batch) < harvestBatch {
			break
		}
		after = batch[len(batch)-1].Place()
	}
	end.Digest = governance.Digest("sha256:" + hex.EncodeToString(sum.Sum(nil)))
	return g.written(r, json.NewEncoder(w).Encode(map[string]streamEnd{"end": end}))
}

// cut ends an answer that has begun: a client sees that the last line is missing.
func (g *Register) cut(r *http.Request, err error) error {
	g.Log.ErrorContext(r.Context(), "the register could not be streamed", "path", r.URL.Path, "error", err)
	panic(http.ErrAbortHandler)
}

// line is a publication's line of the index.
func (g *Register) line(h *store.Harvested) ([]byte, error) {
	entry := Entry{Publication: h.Publication, Document: h.Document, Council: h.Council, ChangedAt: h.ChangedAt, Standing: &store.PublicationStanding{}}
	published, err := entry.Published(governance.URI(g.PublicURL), "")
	if err != nil {
		return nil, err
	}
	published.OfferDigest = h.OfferDigest
	names := formats()[1:] // the page is at the address itself
	return exchange.NDJSONLine(published, names...)
}

// tombstone is told of a publication that is in the register no more.
type tombstone struct {
	ID     governance.URI              `json:"id"`
	Digest governance.Digest           `json:"digest"`
	State  governance.PublicationState `json:"state"`
	Since  string                      `json:"since"` // RFC 3339, UTC
	Reason string                      `json:"reason"`
}

// changesEnd is the last line of what changed.
type changesEnd struct {
	Next string `json:"next"` // the address to ask next
	More bool   `json:"more"` // whether there is something to be read there already
}

// changes answers, a line each, the publications that may have changed since a token: as the index has them, or as
// tombstones. The last line holds the address that goes on from there.
func (g *Register) changes(w http.ResponseWriter, r *http.Request) error {
	since, err := tokenOf(r.URL.Query().Get("since"))
	if err != nil {
		return err
	}
	changed, err := g.Store.RegisterChanges(r.Context(), since)
	if err != nil {
		return err
	}
	var out []byte
	for _, h := range changed.Publications {
		line, err := g.changeOf(h)
		if err != nil {
			return err
		}
		out = append(out, line...)
	}
	last, err := json.Marshal(map[string]changesEnd{"end": {Next: g.changesAt(changed.To), More: changed.More}})
	if err != nil {
		return fmt.Errorf("write what changed: %w", err)
	}
	return g.answerBytes(w, r, ndjson, append(append(out, last...), '\n'))
}

func (g *Register) changeOf(h *store.Harvested) ([]byte, error) {
	p := h.Publication
	if p.State == governance.PublicationPublished || p.State == governance.PublicationSuperseded {
		return g.line(h)
	}
	gone, err := json.Marshal(map[string]tombstone{"gone": {
		ID: governance.URI(g.PublicURL + Path(p)), Digest: p.Digest, State: p.State, Since: p.StateAt.UTC().Format(time.RFC3339), Reason: p.StateReason,
	}})
	if err != nil {
		return nil, fmt.Errorf("write the tombstone of %s: %w", p.ID, err)
	}
	return append(gone, '\n'), nil
}

// tokenVersion begins every token, so that another kind may follow.
const tokenVersion = "l"

// changesAt is the address of what changes behind a leaf.
func (g *Register) changesAt(leaf int64) string {
	return g.PublicURL + ChangesPath + "?since=" + tokenVersion + strconv.FormatInt(leaf+1, 10)
}

// tokenOf reads a token; none is the beginning. INVALID for what no answer held.
func tokenOf(token string) (leaf int64, err error) {
	if token == "" {
		return -1, nil
	}
	digits, known := strings.CutPrefix(token, tokenVersion)
	next, err := strconv.ParseUint(digits, 10, 62)
	if !known || err != nil {
		return 0, governance.Invalid("since", "token-malformed", "This is no token that the register gave. Its index ends with one.")
	}
	return int64(next) - 1, nil
}
