package store

import (
	"context"
	"fmt"
	"sync"

	"concordat/governance"
	"concordat/store/recent"
)

// keptDocumentBytes bounds the bytes of the documents that are kept parsed; parsed they take a few times as much.
const keptDocumentBytes = 32 << 20

// keptDocument is a document as stored and as parsed. Both belong to everybody: nobody may change them.
type keptDocument struct {
	bytes    []byte
	document governance.Document
}

// documents keeps the documents that were read last, by their digests. A digest names exact bytes, so nothing that is
// kept can be stale.
type documents struct {
	*recent.Values[governance.Digest, *keptDocument]
}

func newDocuments() documents {
	return documents{recent.New[governance.Digest, *keptDocument](keptDocumentBytes)}
}

// of answers the document kept under the digest, or keeps it.
func (d documents) of(digest governance.Digest, stored []byte) (*keptDocument, error) {
	if kept, there := d.Get(digest); there {
		return kept, nil
	}
	return d.keep(digest, stored)
}

// keep parses the stored bytes and keeps them.
func (d documents) keep(digest governance.Digest, stored []byte) (*keptDocument, error) {
	document, err := governance.ParseDocument(stored)
	if err != nil {
		return nil, fmt.Errorf("parse the stored document %s: %w", digest, errStored{err})
	}
	kept := &keptDocument{bytes: stored, document: document}
	d.Put(digest, kept, len(stored))
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
		if kept, there := q.memory.documents.Get(r.Digest); there {
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
	roots     parsed[root]     // by the edition's id
	kinds     parsed[NodeKind] // by the id
	crowds    crowds
	terms     termMemory
}
