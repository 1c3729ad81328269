package register

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// rendered is a file as it is sent, made once.
type rendered struct {
	body      []byte
	packed    []byte // by gzip; nil where that would not pay
	etag      string // of body, without quotes
	mediaType string
	name      string   // under which a browser saves it; empty: it shows it
	links     []string // values of Link
}

// paysFrom is the size from which packing is worth an attempt, in bytes.
const paysFrom = 1024

// newRendered fixes a file, with its digest and packed where that saves a tenth.
func newRendered(mediaType string, body []byte) (*rendered, error) {
	sum := sha256.Sum256(body)
	f := &rendered{body: body, mediaType: mediaType, etag: hex.EncodeToString(sum[:])}
	if len(body) < paysFrom {
		return f, nil
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	if _, err := writer.Write(body); err != nil {
		return nil, fmt.Errorf("pack a file: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("pack a file: %w", err)
	}
	if packed.Len() < len(body)*9/10 {
		f.packed = packed.Bytes()
	}
	return f, nil
}

// size is what the file takes in memory, in bytes.
func (f *rendered) size() int {
	size := len(f.body) + len(f.packed)
	for _, link := range f.links {
		size += len(link)
	}
	return size
}

// Which answers a cache may keep, and how long.
const (
	keepForEver  = "public, max-age=31536000, immutable"
	askEachTime  = "public, no-cache"
	variesByWhat = "Accept, Accept-Language, Accept-Encoding"
)

// send answers a request with the file: whole, packed, or not at all where the reader has it already.
func (f *rendered) send(w http.ResponseWriter, r *http.Request, cache string) error {
	body, etag := f.body, `"`+f.etag+`"`
	h := w.Header()
	if f.packed != nil && accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		body, etag = f.packed, `"`+f.etag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", etag)
	h.Set("Cache-Control", cache)
	h.Set("Vary", variesByWhat)
	h["Link"] = f.links
	open(h)
	if names(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", f.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if f.name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	}
	if r.Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(body)
	return err
}

// names says whether a list of entity tags has one of them, compared weakly as RFC 9110 wants it of If-None-Match.
func names(list, etag string) bool {
	for tag := range strings.SplitSeq(list, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

// accepts says whether a list with weights (RFC 9110, section 12.5.3) takes a coding by its name or by "*".
func accepts(list, coding string) bool {
	taken, any := -1.0, -1.0
	for _, choice := range choices(list) {
		switch choice.name {
		case coding:
			taken = choice.weight
		case "*":
			any = choice.weight
		}
	}
	if taken < 0 {
		taken = any
	}
	return taken > 0
}
