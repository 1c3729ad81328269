package register

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// Log serves the log of acts as files that anybody can check without trusting us: hashes, never what they are of (C2SP
// tlog-tiles; DESIGN section 6).
type Log struct {
	Register
	Key   *notary.LogKey
	Epoch store.Epoch
}

// Handler serves everything under /log, the documents that name its key and organizations' keys, and what these signed.
func (l *Log) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /log/checkpoint", l.plain(l.checkpoint))
	mux.HandleFunc("GET /log/key", l.plain(l.key))
	mux.HandleFunc("GET /log/tile/{tile...}", l.plain(l.tile))
	mux.HandleFunc("GET /log/inclusion", l.plain(l.inclusion))
	mux.HandleFunc("GET /log/consistency", l.plain(l.consistency))
	mux.HandleFunc("GET "+BallotBundlePath, l.plain(l.ballotBundle))
	mux.HandleFunc("GET "+PublicationBundlePath, l.plain(l.publicationBundle))
	mux.HandleFunc("GET /.well-known/did.json", l.plain(l.document))
	mux.HandleFunc("GET /.well-known/jwks.json", l.plain(l.keySet))
	mux.HandleFunc("GET /orgs/{slug}/did.json", l.plain(l.organizationDocument))
	mux.HandleFunc("GET /orgs/{slug}/jwks.json", l.plain(l.organizationKeySet))
	mux.HandleFunc("GET /statements/{id}", l.plain(l.statement))
	mux.HandleFunc("GET /offers/{id}/{hex}", l.plain(l.offer))
	mux.HandleFunc("GET /publications/{id}/credential", l.plain(l.publication))
	mux.HandleFunc("GET /status/{list}", l.plain(l.statusList))
	mux.HandleFunc("GET /status/publications/{list}", l.plain(l.publicationStatusList))
	mux.HandleFunc("GET "+SchemaPath, l.plain(l.schema))
	mux.HandleFunc("/log/", l.plain(func(http.ResponseWriter, *http.Request) error {
		return governance.Refuse(governance.CodeNotFound, "not-found", "There is nothing at this address.")
	}))
	return mux
}

// plain turns an error into an answer for programs: the code and a line of text.
func (l *Log) plain(serve func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		if err == nil {
			return
		}
		status, message := l.refusal(r, err)
		open(w.Header())
		http.Error(w, message, status)
	}
}

// Sign signs the log where anything came since it was last signed.
func (l *Log) Sign(ctx context.Context) (store.Signed, error) {
	return l.Store.Checkpoint(ctx, l.Epoch, l.Key)
}

// checkpoint signs the log as it is now.
func (l *Log) checkpoint(w http.ResponseWriter, r *http.Request) error {
	signed, err := l.Sign(r.Context())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	open(h)
	_, err = fmt.Fprint(w, signed.Note)
	return l.written(r, err)
}

// key is the log's public key, to be kept by who checks.
func (l *Log) key(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	open(w.Header())
	_, err := fmt.Fprintln(w, l.Key.Verifier())
	return l.written(r, err)
}

// tile is a file of hashes. One of full width never changes; a partial one does not either, but is soon of no use.
func (l *Log) tile(w http.ResponseWriter, r *http.Request) error {
	tile, err := notary.ParseTile(r.PathValue("tile"))
	if err != nil {
		return err
	}
	data, err := l.Store.LogTile(r.Context(), tile)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	open(h)
	_, err = w.Write(data)
	return l.written(r, err)
}

// inclusionProof is how an inclusion proof is answered.
type inclusionProof struct {
	Act        governance.ActID `json:"act"`
	Leaf       int64            `json:"leaf"`
	Size       int64            `json:"size"`
	Hashes     []string         `json:"hashes"` // base64, from the leaf upwards
	Checkpoint string           `json:"checkpoint,omitempty"`
}

// inclusion proves that an act stands in the log of ?size= leaves, or of all that a checkpoint signed now holds.
func (l *Log) inclusion(w http.ResponseWriter, r *http.Request) error {
	size, err := number(r, "size", 0)
	if err != nil {
		return err
	}
	answer := inclusionProof{Act: governance.ActID(r.URL.Query().Get("act"))}
	if size == 0 {
		signed, err := l.Sign(r.Context())
		if err != nil {
			return err
		}
		size, answer.Checkpoint = signed.Size, signed.Note
	}
	proof, err := l.Store.ProveInclusion(r.Context(), answer.Act, size)
	if err != nil {
		return err
	}
	answer.Leaf, answer.Size, answer.Hashes = proof.Number, proof.Size, notary.EncodeHashes(proof.Hashes)
	return l.answer(w, r, answer)
}

// consistencyProof is how a consistency proof is answered.
type consistencyProof struct {
	From   int64    `json:"from"`
	To     int64    `json:"to"`
	Hashes []string `json:"hashes"` // base64
}

// consistency proves that the log of ?to= leaves goes on from the log of ?from=.
func (l *Log) consistency(w http.ResponseWriter, r *http.Request) error {
	from, err := number(r, "from", -1)
	if err != nil {
		return err
	}
	to, err := number(r, "to", -1)
	if err != nil {
		return err
	}
	proof, err := l.Store.ProveConsistency(r.Context(), from, to)
	if err != nil {
		return err
	}
	return l.answer(w, r, consistencyProof{From: proof.From, To: proof.To, Hashes: notary.EncodeHashes(proof.Hashes)})
}

// BundlePath is where the bundles of ballots are. The other two are the patterns of bundles' addresses.
const (
	BundlePath            = "/register/ballots/"
	BallotBundlePath      = BundlePath + "{ballot}/bundle.json"
	PublicationBundlePath = "/register/{slug}/{edition}/bundle.json"
)

// ballotBundle is everything that shows what a closed ballot decided.
func (l *Log) ballotBundle(w http.ResponseWriter, r *http.Request) error {
	return l.serveBundle(w, r, func(ctx context.Context) (notary.Bundle, error) {
		return l.Store.BallotBundle(ctx, nobody, governance.BallotID(r.PathValue("ballot")), l.Epoch.Number)
	})
}

// publicationBundle is everything that shows how a published text came about.
func (l *Log) publicationBundle(w http.ResponseWriter, r *http.Request) error {
	p, err := l.Store.PublicationAt(r.Context(), r.PathValue("slug"), r.PathValue("edition"))
	if err != nil {
		return err
	}
	return l.serveBundle(w, r, func(ctx context.Context) (notary.Bundle, error) { return l.PublicationBundle(ctx, p) })
}

// PublicationBundle gathers the bundle of a publication, to be sealed.
func (l *Log) PublicationBundle(ctx context.Context, p *store.Publication) (notary.Bundle, error) {
	return l.Store.PublicationBundle(ctx, p, l.Epoch.Number)
}

// serveBundle seals a bundle and serves its bytes, which are the same for everybody who asks until something in them is
// hidden or redacted. So they are asked for anew, unless the address names them by their digest: those never change, and
// are not served again once they are other ones.
func (l *Log) serveBundle(w http.ResponseWriter, r *http.Request, gather func(context.Context) (notary.Bundle, error)) error {
	if _, err := l.Sign(r.Context()); err != nil { // so that a checkpoint holds the newest acts
		return err
	}
	b, err := gather(r.Context())
	if err != nil {
		return err
	}
	data, err := notary.SealBundle(b, l.Key)
	if err != nil {
		return err
	}
	digest, asked := notary.Digest(data), governance.Digest(r.URL.Query().Get("digest"))
	switch asked {
	case digest:
		serveBytes(w, r, "bundle.json", digest, data)
	case "":
		serveBytesAnew(w, r, "bundle.json", digest, data)
	default:
		return governance.NotFound("bundle", string(asked))
	}
	return nil
}

// document is the platform's DID document: whose keys sign the log and the status lists.
func (l *Log) document(w http.ResponseWriter, r *http.Request) error {
	document, err := l.documentOf(r.Context(), "", l.PublicURL)
	if err != nil {
		return err
	}
	return serveIdentity(w, r, typeDID, document)
}

// keySet is the same keys as a JSON Web Key Set.
func (l *Log) keySet(w http.ResponseWriter, r *http.Request) error {
	document, err := l.documentOf(r.Context(), "", l.PublicURL)
	if err != nil {
		return err
	}
	return serveIdentity(w, r, typeKeySet, document.KeySet())
}

// number reads a parameter that counts leaves; where it is missing, otherwise, unless that is negative.
func number(r *http.Request, name string, otherwise int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" && otherwise >= 0 {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, governance.Invalid(name, "not-a-size", "?{name}= is a number of leaves.", "name", name)
	}
	return n, nil
}

// answer writes JSON for other people's programs.
func (l *Log) answer(w http.ResponseWriter, r *http.Request, value any) error {
	w.Header().Set("Content-Type", "application/json")
	open(w.Header())
	return l.written(r, json.NewEncoder(w).Encode(value))
}

// open lets pages of other sites read the answer: it is public, and for checking us.
func open(h http.Header) { h.Set("Access-Control-Allow-Origin", "*") }

// signEvery is how often the log is signed at least, where there is something new.
const signEvery = time.Minute

// Run signs the log every minute until ctx ends. A log that does not go on from its last checkpoint is an operator's
// business at once, so it is said at every turn.
func (l *Log) Run(ctx context.Context) {
	ticker := time.NewTicker(signEvery)
	defer ticker.Stop()
	for {
		if _, err := l.Sign(ctx); err != nil && ctx.Err() == nil {
			l.Register.Log.ErrorContext(ctx, "the log could not be signed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
