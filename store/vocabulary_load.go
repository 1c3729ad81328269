package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// The bounds of a vocabulary, and how it is written.
const (
	mostTerms       = 200_000
	mostTermLabels  = 20_000 // bytes of a term's labels in one language
	termsAtOnce     = 1_000  // in a transaction: the writer is free for others in between
	termsAStatement = 50
)

// VocabularyLoad says what came of loading a vocabulary.
type VocabularyLoad struct {
	Scheme    governance.Scheme
	Version   string
	Unchanged bool // it was loaded already, and nothing was written
	Terms     int
	Added     int // that the version before did not have
	Retired   int // that only the versions before had: kept, and obsolete
}

// LoadVocabulary puts a vocabulary in the place of the version that is loaded, for everybody at one moment. What only the
// older version had is kept and called obsolete, so that documents that name it keep its labels. The same once more changes
// nothing. Wrote is told how many terms are written; nil: nobody. INVALID for a vocabulary that cannot be one; CONFLICT where
// another load of the same vocabulary came first.
func (db *DB) LoadVocabulary(ctx context.Context, v governance.Vocabulary, wrote func(terms int)) (VocabularyLoad, error) {
	result := VocabularyLoad{Scheme: v.Scheme, Version: v.Version, Terms: len(v.Terms)}
	if err := checkVocabulary(v); err != nil {
		return result, err
	}
	v.Terms = slices.SortedFunc(slices.Values(v.Terms), func(a, b governance.Term) int { return cmp.Compare(a.URI, b.URI) })
	digest, err := digestOf(v)
	if err != nil {
		return result, err
	}
	before, old, err := db.loadedBefore(ctx, v.Scheme)
	if err != nil {
		return result, err
	}
	if before != nil && before.digest == digest {
		result.Unchanged = true
		return result, nil
	}
	terms := v.Terms
	v.Terms, result.Added, result.Retired = retire(terms, old)
	row := Vocabulary{Scheme: v.Scheme, Version: v.Version, Excerpt: v.Excerpt, digest: digest}
	if before != nil {
		row.load = before.load
	}
	row.measure(v.Terms)
	if err := db.writeVocabulary(ctx, row, v.Terms, wrote); err != nil {
		return result, fmt.Errorf("load the vocabulary %s: %w", v.Scheme, err)
	}
	return result, nil
}

// checkVocabulary refuses what cannot be a vocabulary.
func checkVocabulary(v governance.Vocabulary) error {
	switch {
	case !v.Scheme.Known():
		return governance.NotFound("vocabulary", string(v.Scheme))
	case strings.TrimSpace(v.Version) == "":
		return governance.Invalid("version", "vocabulary-version", "Say which version of the vocabulary this is.")
	case len(v.Terms) == 0:
		return governance.Invalid("terms", "vocabulary-empty", "There is no term in it.")
	case len(v.Terms) > mostTerms:
		return governance.Invalid("terms", "vocabulary-too-large", "It has {count} terms, and at most {most} are taken.",
			"count", strconv.Itoa(len(v.Terms)), "most", strconv.Itoa(mostTerms))
	}
	seen := make(map[governance.URI]bool, len(v.Terms))
	for _, t := range v.Terms {
		if seen[t.URI] || t.URI == "" {
			return governance.Invalid("terms", "term-twice", "The term {uri} is there twice, or has no URI.", "uri", string(t.URI))
		}
		seen[t.URI] = true
		for language, labels := range t.Labels {
			if size := len(strings.Join(labels, "")); size == 0 || size > mostTermLabels {
				return governance.Invalid("terms", "term-labels", "The labels of {uri} in {language} have {count} bytes; they have from 1 to {most}.",
					"uri", string(t.URI), "language", language, "count", strconv.Itoa(size), "most", strconv.Itoa(mostTermLabels))
			}
		}
	}
	return nil
}

// digestOf names what the files said, whatever was loaded before.
func digestOf(v governance.Vocabulary) (governance.Digest, error) {
	encoded, err := json.Marshal(v) // maps by their sorted keys
	if err != nil {
		return "", fmt.Errorf("digest the vocabulary %s: %w", v.Scheme, err)
	}
	return notary.Digest(encoded), nil
}

// loadedBefore answers the version that is loaded and all its terms; nil where none is.
func (db *DB) loadedBefore(ctx context.Context, scheme governance.Scheme) (before *Vocabulary, old []governance.Term, err error) {
	err = db.readLong(ctx, func(ctx context.Context, q *Query) error {
		loaded, err := q.vocabularies(ctx)
		if err != nil {
			return err
		}
		for _, v := range loaded {
			if v.Scheme == scheme {
				before = v
				old, err = q.allTerms(ctx, v)
			}
		}
		return err
	})
	return before, old, err
}

func (q *Query) allTerms(ctx context.Context, v *Vocabulary) ([]governance.Term, error) {
	terms, err := collect(ctx, q, scanTerm,
		`SELECT `+termColumns+` FROM vocabulary_terms WHERE scheme = $1 AND load = $2 ORDER BY uri`, v.Scheme, v.load)
	if err != nil {
		return nil, fmt.Errorf("read the terms of %s: %w", v.Scheme, err)
	}
	return terms, nil
}

// retire adds to a version's terms those that only the older one had, as obsolete.
func retire(terms, old []governance.Term) (all []governance.Term, added, retired int) {
	stays := make(map[governance.URI]bool, len(terms))
	for _, t := range terms {
		stays[t.URI] = true
	}
	added = len(terms)
	all = slices.Clone(terms)
	for _, t := range old {
		if stays[t.URI] {
			added--
			continue
		}
		if !t.Obsolete {
			retired++
		}
		t.Obsolete = true
		all = append(all, t)
	}
	return all, added, retired
}

// measure counts the terms and lists their languages.
func (v *Vocabulary) measure(terms []governance.Term) {
	languages := map[string]bool{}
	for _, t := range terms {
		if t.Obsolete {
			v.Obsolete++
		} else if !t.Groups() {
			v.Terms++
		}
		for language := range t.Labels {
			languages[language] = true
		}
	}
	v.Languages = slices.Sorted(maps.Keys(languages))
}

// writeVocabulary writes the terms in parts, under the load's own id, and then lets them be the vocabulary's. row.load is the
// load that they replace.
func (db *DB) writeVocabulary(ctx context.Context, row Vocabulary, terms []governance.Term, wrote func(int)) error {
	var load string
	written := 0
	for part := range slices.Chunk(terms, termsAtOnce) {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := db.write(ctx, "writeTerms", func(ctx context.Context, tx *Tx) error {
			if written == 0 {
				load = tx.newID()
			}
			for some := range slices.Chunk(part, termsAStatement) {
				if err := tx.insertTerms(ctx, row.Scheme, load, some); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if written += len(part); wrote != nil {
			wrote(written)
		}
	}
	return db.write(ctx, "loadVocabulary", func(ctx context.Context, tx *Tx) error { return tx.useVocabulary(ctx, row, load) })
}

func (tx *Tx) insertTerms(ctx context.Context, scheme governance.Scheme, load string, terms []governance.Term) error {
	const columns = 9
	rows, args := make([]string, len(terms)), make([]any, 0, columns*len(terms))
	for i, t := range terms {
		broader, err := json.Marshal(slices.Concat([]governance.URI{}, t.Broader))
		if err != nil {
			return err
		}
		labels, err := json.Marshal(t.Labels)
		if err != nil {
			return err
		}
		rows[i] = "(" + placeholders(1+columns*i, columns) + ")"
		args = append(args, scheme, load, t.URI, t.Kind, t.Code, t.EQF, t.Obsolete, string(broader), string(labels))
	}
	_, err := tx.exec(ctx, `
		INSERT INTO vocabulary_terms (scheme, load, uri, kind, code, eqf, obsolete, broader, labels)
		VALUES `+strings.Join(rows, ", "), args...)
	return err
}

// errLoadedMeanwhile is a load that another one of the same vocabulary came before.
var errLoadedMeanwhile = governance.Refuse(governance.CodeConflict, "vocabulary-loaded-meanwhile",
	"Another load of this vocabulary came first; start again.")

// useVocabulary names the load where readers look, in the place of row.load, and deletes the terms of all others.
func (tx *Tx) useVocabulary(ctx context.Context, row Vocabulary, load string) error {
	languages, err := json.Marshal(row.Languages)
	if err != nil {
		return err
	}
	changed, err := tx.exec(ctx, `
		INSERT INTO vocabularies (scheme, load, version, excerpt, digest, languages, terms, obsolete, loaded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (scheme) DO UPDATE SET
			load = excluded.load,
			version = excluded.version,
			excerpt = excluded.excerpt,
			digest = excluded.digest,
			languages = excluded.languages,
			terms = excluded.terms,
			obsolete = excluded.obsolete,
			loaded_at = excluded.loaded_at
		WHERE vocabularies.load = $10`,
		row.Scheme, load, row.Version, row.Excerpt, row.digest, string(languages), row.Terms, row.Obsolete, tx.now, row.load)
	if err != nil {
		return err
	}
	if changed == 0 {
		return errLoadedMeanwhile
	}
	_, err = tx.exec(ctx, `DELETE FROM vocabulary_terms WHERE scheme = $1 AND load <> $2`, row.Scheme, load)
	return err
}
