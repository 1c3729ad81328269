package store

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"concordat/governance"
)

// keptDocumentBytes bounds the bytes of the documents that are kept parsed; parsed they take a few times as much.
const keptDocumentBytes = 32 << 20

// keptDocument is a document as stored and as parsed. Both belong to everybody: nobody may change them.
type keptDocument struct {
	digest   governance.Digest
	bytes    []byte
	document governance.Document
}

// documents keeps the documents that were read last, by their digests. A digest names exact bytes, so nothing that is
// kept can be stale. The zero value is ready.
type documents struct {
	mu     sync.Mutex // guards all below; held for a look and never while parsing
	recent list.List  // of *keptDocument, the one used last in front
	places map[governance.Digest]*list.Element
	size   int
}

// find answers the document kept under the digest, or nil.
func (d *documents) find(digest governance.Digest) *keptDocument {
	d.mu.Lock()
	defer d.mu.Unlock()
	place, kept := d.places[digest]
	if !kept {
		return nil
	}
	d.recent.MoveToFront(place)
	return place.Value.(*keptDocument)
}

// of answers the document kept under the digest, or keeps it.
func (d *documents) of(digest governance.Digest, stored []byte) (*keptDocument, error) {
	if kept := d.find(digest); kept != nil {
		return kept, nil
	}
	return d.keep(digest, stored)
}

// keep parses the stored bytes and keeps them, in the place of those that were not used for longest.
func (d *documents) keep(digest governance.Digest, stored []byte) (*keptDocument, error) {
	document, err := governance.ParseDocument(stored)
	if err != nil {
		return nil, fmt.Errorf("parse the stored document %s: %w", digest, errStored{err})
	}
	kept := &keptDocument{digest: digest, bytes: stored, document: document}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, there := d.places[digest]; there {
		return kept, nil
	}
	if d.places == nil {
		d.places = make(map[governance.Digest]*list.Element)
	}
	d.places[digest] = d.recent.PushFront(kept)
	d.size += len(stored)
	for d.size > keptDocumentBytes && d.recent.Len() > 1 {
		oldest := d.recent.Remove(d.recent.Back()).(*keptDocument)
		delete(d.places, oldest.digest)
		d.size -= len(oldest.bytes)
	}
	return kept, nil
}

// errStored hides a refusal: what is wrong with stored bytes is nothing that the person asking can mend.
type errStored struct{ cause error }

func (e errStored) Error() string { return e.cause.Error() }

// fillDocuments gives the revisions their bytes and documents, reading those that are not kept with one statement.
func (q *Query) fillDocuments(ctx context.Context, revisions ...*Revision) error {
	found := make(map[governance.Digest]*keptDocument, len(revisions))
	var missing []governance.RevisionID
	for _, r := range revisions {
		if kept := q.memory.documents.find(r.Digest); kept != nil {
			found[r.Digest] = kept
		} else {
			missing = append(missing, r.ID)
		}
	}
	for batch := range batches(missing) {
		err := q.query(ctx, func(row scanner) error {
			var digest governance.Digest
			var stored []byte
			if err := row.Scan(&digest, &stored); err != nil {
				return err
			}
			kept, err := q.memory.documents.keep(digest, stored)
			found[digest] = kept
			return err
		}, `SELECT digest, document FROM revisions WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
	}
	for _, r := range revisions {
		r.Bytes, r.Document = found[r.Digest].bytes, found[r.Digest].document
	}
	return nil
}

// keptTexts is how many texts of a kind are kept parsed.
const keptTexts = 1000

// parsed keeps what was parsed of stored texts that come again and again: a ballot's rule is its charter's. The values
// belong to everybody: nobody may change them. The zero value is ready.
type parsed[T any] struct {
	mu     sync.Mutex // guards values; held for a look and never while parsing
	values map[string]T
}

// of answers what parse makes of the text.
func (p *parsed[T]) of(text string, parse func([]byte) (T, error)) (T, error) {
	p.mu.Lock()
	value, known := p.values[text]
	p.mu.Unlock()
	if known {
		return value, nil
	}
	value, err := parse([]byte(text))
	if err != nil {
		return value, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.values == nil || len(p.values) >= keptTexts {
		p.values = make(map[string]T)
	}
	p.values[text] = value
	return value, nil
}

// memory is what the store keeps parsed.
type memory struct {
	documents documents
	rules     parsed[governance.Rule]
	results   parsed[*governance.TallyResult]
	findings  parsed[[]governance.Finding]
	roots     parsed[root] // by the edition's id
	crowds    crowds
}
