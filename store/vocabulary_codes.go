package store

import (
	"context"
	"fmt"
	"sync"

	"concordat/governance"
)

// termMemory keeps what checks and searches need of the vocabularies in force, of each scheme one load. What it hands out
// belongs to everybody: nobody may change it.
type termMemory struct {
	building sync.Mutex // held while an index is made, so that those who come meanwhile make no second one

	mu      sync.Mutex // guards the rest; never held while something is read
	facts   map[governance.Scheme]keptFacts
	indexes map[governance.Scheme]*termIndex
}

// keptFacts are what a check needs of a load's terms.
type keptFacts struct {
	load  string
	facts map[governance.URI]governance.CodeFacts
}

// Codes answers what the loaded vocabularies know of every code; nobody may change it.
func (db *DB) Codes(ctx context.Context) (codes governance.Codes, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		codes, err = q.codes(ctx)
		return err
	})
	return codes, err
}

// codes answers what the loaded vocabularies know of every code. It takes one statement where they are as they were.
func (q *Query) codes(ctx context.Context) (governance.Codes, error) {
	loaded, err := q.vocabularies(ctx)
	if err != nil || len(loaded) == 0 {
		return governance.Codes{}, err
	}
	codes := governance.Codes{
		Loaded:   make(map[governance.Scheme]map[governance.URI]governance.CodeFacts, len(loaded)),
		Excerpts: map[governance.Scheme]bool{},
	}
	for _, v := range loaded {
		if codes.Loaded[v.Scheme], err = q.codeFacts(ctx, v); err != nil {
			return governance.Codes{}, err
		}
		if v.Excerpt {
			codes.Excerpts[v.Scheme] = true
		}
	}
	return codes, nil
}

// codeFacts answers what is known of each term of a vocabulary, from memory where it was read before.
func (q *Query) codeFacts(ctx context.Context, v *Vocabulary) (map[governance.URI]governance.CodeFacts, error) {
	kept := &q.memory.terms
	kept.mu.Lock()
	known := kept.facts[v.Scheme]
	kept.mu.Unlock()
	if known.load == v.load {
		return known.facts, nil
	}
	facts := make(map[governance.URI]governance.CodeFacts, v.Terms+v.Obsolete)
	err := q.query(ctx, func(row scanner) error {
		var uri governance.URI
		var f governance.CodeFacts
		err := row.Scan(&uri, &f.EQF, &f.Obsolete)
		facts[uri] = f
		return err
	}, `SELECT uri, eqf, obsolete FROM vocabulary_terms WHERE scheme = $1 AND load = $2`, v.Scheme, v.load)
	if err != nil {
		return nil, fmt.Errorf("read the codes of %s: %w", v.Scheme, err)
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.facts == nil {
		kept.facts = map[governance.Scheme]keptFacts{}
	}
	kept.facts[v.Scheme] = keptFacts{v.load, facts}
	return facts, nil
}
