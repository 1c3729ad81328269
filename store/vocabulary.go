package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// Vocabulary is a vocabulary that is loaded.
type Vocabulary struct {
	Scheme    governance.Scheme
	Version   string
	Excerpt   bool     // whether a code that is not in it may exist all the same
	Languages []string // of its labels, in order
	Terms     int      // that may be chosen
	Obsolete  int      // that are to be chosen no more, and kept for the documents that name them
	LoadedAt  time.Time

	load   string // id of the load in force
	digest governance.Digest
}

// Term is a concept of a loaded vocabulary, as it is shown.
type Term struct {
	URI          governance.URI
	Scheme       governance.Scheme
	Kind         string // "": its vocabulary tells none apart
	Code         string // notation; "": none
	Label        string // in Language
	Language     string // the one asked for where the term has a label in it, else the one fallen back to
	Labels       governance.Text
	Alternatives []string // what else it is called in Language
	Obsolete     bool
	EQF          int     // 0: not known
	Broader      []*Term // what it belongs to, without what those belong to
	broader      []governance.URI
}

// Vocabularies answers the vocabularies that are loaded, by scheme.
func (db *DB) Vocabularies(ctx context.Context) (all []*Vocabulary, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		all, err = q.vocabularies(ctx)
		return err
	})
	return all, err
}

// Term answers the term of a URI with its label in a language, or nil where no loaded vocabulary has it.
func (db *DB) Term(ctx context.Context, uri governance.URI, language string) (*Term, error) {
	var found []*Term
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		loaded, err := q.vocabularies(ctx)
		if err != nil {
			return err
		}
		for _, v := range loaded {
			terms, err := q.terms(ctx, v, []governance.URI{uri}, language)
			if err != nil {
				return err
			}
			found = append(found, terms...)
		}
		return q.fillBroader(ctx, loaded, found, language)
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// vocabularies reads what is loaded, by scheme.
func (q *Query) vocabularies(ctx context.Context) ([]*Vocabulary, error) {
	all, err := collect(ctx, q, func(row scanner) (*Vocabulary, error) {
		var v Vocabulary
		var languages string
		err := row.Scan(&v.Scheme, &v.load, &v.Version, &v.Excerpt, &v.digest, &languages, &v.Terms, &v.Obsolete, at(&v.LoadedAt))
		if err == nil {
			err = json.Unmarshal([]byte(languages), &v.Languages)
		}
		return &v, err
	}, `
		SELECT
			scheme,
			load,
			version,
			excerpt,
			digest,
			languages,
			terms,
			obsolete,
			loaded_at
		FROM vocabularies
		ORDER BY scheme`)
	if err != nil {
		return nil, fmt.Errorf("read vocabularies: %w", err)
	}
	return all, nil
}

const termColumns = `
	uri,
	kind,
	code,
	eqf,
	obsolete,
	broader,
	labels`

// scanTerm reads termColumns.
func scanTerm(row scanner) (governance.Term, error) {
	var t governance.Term
	var broader, labels string
	if err := row.Scan(&t.URI, &t.Kind, &t.Code, &t.EQF, &t.Obsolete, &broader, &labels); err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(broader), &t.Broader); err != nil {
		return t, fmt.Errorf("read what %s belongs to: %w", t.URI, err)
	}
	if err := json.Unmarshal([]byte(labels), &t.Labels); err != nil {
		return t, fmt.Errorf("read the labels of %s: %w", t.URI, err)
	}
	return t, nil
}

// terms reads the terms of a vocabulary that the URIs name, in the order of the URIs.
func (q *Query) terms(ctx context.Context, v *Vocabulary, uris []governance.URI, language string) ([]*Term, error) {
	found := make(map[governance.URI]*Term, len(uris))
	for batch := range batches(uris) {
		read, err := collect(ctx, q, scanTerm, `
			SELECT `+termColumns+`
			FROM vocabulary_terms
			WHERE scheme = $1 AND load = $2 AND uri IN (`+placeholders(3, len(batch))+`)`,
			append([]any{v.Scheme, v.load}, batch...)...)
		if err != nil {
			return nil, fmt.Errorf("read terms of %s: %w", v.Scheme, err)
		}
		for _, t := range read {
			found[t.URI] = shownTerm(v.Scheme, t, language)
		}
	}
	var ordered []*Term
	for _, uri := range uris {
		if t := found[uri]; t != nil {
			ordered = append(ordered, t)
		}
	}
	return ordered, nil
}

// shownTerm is a term as it is shown in a language.
func shownTerm(scheme governance.Scheme, t governance.Term, language string) *Term {
	shown := &Term{
		URI: t.URI, Scheme: scheme, Kind: t.Kind, Code: t.Code, Labels: t.Preferred(), Obsolete: t.Obsolete, EQF: t.EQF,
		broader: t.Broader, Alternatives: []string{}, Broader: []*Term{},
	}
	shown.Label, shown.Language = t.Label(language)
	if labels := t.Labels[shown.Language]; len(labels) > 1 {
		shown.Alternatives = labels[1:]
	}
	return shown
}

// fillBroader reads what terms belong to, in their own vocabulary.
func (q *Query) fillBroader(ctx context.Context, loaded []*Vocabulary, terms []*Term, language string) error {
	for _, v := range loaded {
		var uris []governance.URI
		for _, t := range terms {
			if t.Scheme == v.Scheme {
				uris = append(uris, t.broader...)
			}
		}
		if len(uris) == 0 {
			continue
		}
		slices.Sort(uris)
		groups, err := q.terms(ctx, v, slices.Compact(uris), language)
		if err != nil {
			return err
		}
		byURI := make(map[governance.URI]*Term, len(groups))
		for _, g := range groups {
			byURI[g.URI] = g
		}
		for _, t := range terms {
			if t.Scheme == v.Scheme {
				t.belongTo(byURI)
			}
		}
	}
	return nil
}

// belongTo takes from the groups those that the term belongs to.
func (t *Term) belongTo(groups map[governance.URI]*Term) {
	for _, uri := range t.broader {
		if g := groups[uri]; g != nil {
			t.Broader = append(t.Broader, g)
		}
	}
}
