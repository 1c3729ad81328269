package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"concordat/governance"
)

// Terms are searched in memory: an index of every place in a label at which a word begins, sorted by what follows. Terms
// that begin with a letter are as many as those with a word, and each is ranked, so that the best are found whatever is
// typed; a database would have to read them all from its pages (decision 0025).

// The bounds of a search.
const (
	termsShown     = 20 // where nothing else is asked for
	mostTermsShown = 50
)

// TermSearch is what is looked for.
type TermSearch struct {
	Words    string              // typed so far; the last one may be the beginning of a longer one, and so may the others
	Schemes  []governance.Scheme // none: skills and occupations of ESCO
	Language string              // in which labels are shown, and rank before those of other languages; "": English
	First    *int                // how many at most; nil: 20
}

// SearchTerms answers the terms that have every word in one label, in any language that is loaded. A label that is what was
// typed comes first, then those that begin with it, then those with it further on, then those with its words apart; among
// them labels in the asked language, preferred labels and short ones come first. Obsolete terms and groups are not found.
func (db *DB) SearchTerms(ctx context.Context, s TermSearch) (found []*Term, err error) {
	first := termsShown
	if s.First != nil {
		first = *s.First
	}
	if first < 1 || first > mostTermsShown {
		return nil, governance.Invalid("first", "page-size", "From 1 to {most} are answered at a time.", "most", fmt.Sprint(mostTermsShown))
	}
	if len(s.Schemes) == 0 {
		s.Schemes = []governance.Scheme{governance.SchemeESCOSkill, governance.SchemeESCOOccupation}
	}
	if s.Language == "" {
		s.Language = "en"
	}
	words := foldWords(s.Words)
	words = words[:min(len(words), mostSearchWords)]
	if len(words) == 0 {
		return []*Term{}, nil
	}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		found, err = q.searchTerms(ctx, s, words, first)
		return err
	})
	return found, err
}

func (q *Query) searchTerms(ctx context.Context, s TermSearch, words []string, first int) ([]*Term, error) {
	loaded, err := q.vocabularies(ctx)
	if err != nil {
		return nil, err
	}
	var hits []termHit
	for _, v := range loaded {
		if !slices.Contains(s.Schemes, v.Scheme) {
			continue
		}
		index, err := q.termIndex(ctx, v)
		if err != nil {
			return nil, err
		}
		hits = append(hits, index.search(words, s.Language, first)...)
	}
	slices.SortFunc(hits, termHit.compare)
	hits = hits[:min(len(hits), first)]
	found, err := q.hitTerms(ctx, loaded, hits, s.Language)
	if err != nil {
		return nil, err
	}
	return found, q.fillBroader(ctx, loaded, found, s.Language)
}

// hitTerms reads the terms that were hit, in the order of the hits.
func (q *Query) hitTerms(ctx context.Context, loaded []*Vocabulary, hits []termHit, language string) ([]*Term, error) {
	byURI := map[governance.URI]*Term{}
	for _, v := range loaded {
		var uris []governance.URI
		for _, hit := range hits {
			if hit.scheme == v.Scheme {
				uris = append(uris, hit.uri)
			}
		}
		terms, err := q.terms(ctx, v, uris, language)
		if err != nil {
			return nil, err
		}
		for _, t := range terms {
			byURI[t.URI] = t
		}
	}
	found := make([]*Term, len(hits))
	for i, hit := range hits {
		found[i] = byURI[hit.uri]
	}
	return found, nil
}

// termIndex answers the index of a vocabulary, from memory where it was made before.
func (q *Query) termIndex(ctx context.Context, v *Vocabulary) (*termIndex, error) {
	kept := &q.memory.terms
	if index := kept.index(v); index != nil {
		return index, nil
	}
	kept.building.Lock()
	defer kept.building.Unlock()
	if index := kept.index(v); index != nil {
		return index, nil
	}
	// Once begun it is made to its end: whoever asked may go away, or its time be over, and the next one would begin again.
	index, err := q.makeTermIndex(context.WithoutCancel(ctx), v)
	if err != nil {
		return nil, fmt.Errorf("read the labels of %s: %w", v.Scheme, err)
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.indexes == nil {
		kept.indexes = map[governance.Scheme]*termIndex{}
	}
	kept.indexes[v.Scheme] = index
	return index, nil
}

// index answers the index of a load, or nil where it was not made, or another one was since.
func (m *termMemory) index(v *Vocabulary) *termIndex {
	m.mu.Lock()
	defer m.mu.Unlock()
	if index := m.indexes[v.Scheme]; index != nil && index.load == v.load {
		return index
	}
	return nil
}

func (q *Query) makeTermIndex(ctx context.Context, v *Vocabulary) (*termIndex, error) {
	index := &termIndex{scheme: v.Scheme, load: v.load}
	err := q.query(ctx, func(row scanner) error {
		t := governance.Term{}
		var labels string
		if err := row.Scan(&t.URI, &t.Kind, &t.Code, &labels); err != nil || t.Groups() {
			return err
		}
		if err := json.Unmarshal([]byte(labels), &t.Labels); err != nil {
			return err
		}
		index.add(t)
		return nil
	}, `SELECT uri, kind, code, labels FROM vocabulary_terms WHERE scheme = $1 AND load = $2 AND obsolete = 0`, v.Scheme, v.load)
	index.sort()
	return index, err
}

// termIndex finds the terms of one load. It is not changed once it is sorted.
type termIndex struct {
	scheme    governance.Scheme
	load      string
	uris      []governance.URI
	languages []string
	labels    []termLabel
	heads     []wordStart // of labels alone
	starts    []wordStart // of all words
}

// termLabel is a label of a term, folded.
type termLabel struct {
	folded    string
	term      int32 // place in uris
	language  uint8 // place in languages
	preferred bool
}

// wordStart is a place in a label at which a word begins.
type wordStart struct {
	key   uint64 // the first eight bytes from there, to compare by
	label int32  // place in labels
	at    int32  // byte of the label
}

// codeLanguage is the language under which the codes of terms are kept among the labels.
const codeLanguage = ""

func (x *termIndex) add(t governance.Term) {
	term := int32(len(x.uris))
	x.uris = append(x.uris, t.URI)
	if t.Code != "" {
		x.addLabel(termLabel{folded: fold(t.Code), term: term, language: x.language(codeLanguage), preferred: true})
	}
	for _, language := range slices.Sorted(maps.Keys(t.Labels)) {
		for i, label := range t.Labels[language] {
			x.addLabel(termLabel{folded: fold(label), term: term, language: x.language(language), preferred: i == 0})
		}
	}
}

func (x *termIndex) addLabel(l termLabel) {
	place := int32(len(x.labels))
	x.labels = append(x.labels, l)
	for at := range l.folded {
		if at == 0 || l.folded[at-1] == ' ' {
			x.starts = append(x.starts, wordStart{startKey(l.folded[at:]), place, int32(at)})
		}
	}
}

func startKey(from string) uint64 {
	var first [8]byte
	copy(first[:], from)
	return binary.BigEndian.Uint64(first[:])
}

// language answers the place of a language among those of the index.
func (x *termIndex) language(tag string) uint8 {
	at := slices.Index(x.languages, tag)
	if at < 0 {
		at = len(x.languages)
		x.languages = append(x.languages, tag)
	}
	return uint8(min(at, 255))
}

// from is what follows a word's beginning.
func (x *termIndex) from(s wordStart) string { return x.labels[s.label].folded[s.at:] }

func (x *termIndex) sort() {
	slices.SortFunc(x.starts, func(a, b wordStart) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(x.from(a), x.from(b))
	})
	x.heads = make([]wordStart, 0, len(x.labels))
	for _, start := range x.starts {
		if start.at == 0 {
			x.heads = append(x.heads, start)
		}
	}
}

// beginning answers those of the starts, which are sorted, that begin with a prefix.
func (x *termIndex) beginning(starts []wordStart, prefix string) []wordStart {
	begin := sort.Search(len(starts), func(i int) bool { return x.from(starts[i]) >= prefix })
	rest := starts[begin:]
	return rest[:sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(x.from(rest[i]), prefix) })]
}

// termHit is a term that was found.
type termHit struct {
	scheme governance.Scheme
	uri    governance.URI
	label  string
	rank   uint32 // less is better
}

func (h termHit) compare(other termHit) int {
	return cmp.Or(cmp.Compare(h.rank, other.rank), cmp.Compare(h.label, other.label), cmp.Compare(h.uri, other.uri))
}

// How a label has what was typed, in the highest bits of a rank.
const (
	rankExact uint32 = iota
	rankPrefix
	rankWithin // as it was typed, further on
	rankApart  // every word, apart
)

// search answers the best terms that have every word in one label, no more than first. Where enough labels begin with what
// was typed, the others, which rank below them, are not looked at.
func (x *termIndex) search(words []string, language string, first int) []termHit {
	typed := typedWords{words, strings.Join(words, " "), x.asked(language)}
	if hits := x.rank(x.beginning(x.heads, typed.phrase), typed); len(hits) >= first {
		return hits[:first]
	}
	rarest := x.beginning(x.starts, words[0])
	for _, word := range words[1:] {
		if starts := x.beginning(x.starts, word); len(starts) < len(rarest) {
			rarest = starts
		}
	}
	hits := x.rank(rarest, typed)
	return hits[:min(len(hits), first)]
}

// typedWords is what a search looks for.
type typedWords struct {
	words  []string
	phrase string
	asked  uint8 // place of the language among those of the index
}

// rank answers the terms of the starts' labels that have every word, the best first.
func (x *termIndex) rank(starts []wordStart, typed typedWords) []termHit {
	best := make(map[int32]termHit, min(len(starts), 1024))
	for _, start := range starts {
		l := &x.labels[start.label]
		how, ok := matches(l.folded, typed.phrase, typed.words)
		if !ok {
			continue
		}
		rank := how<<28 | uint32(min(len(l.folded), 1<<20))
		if l.language != typed.asked {
			rank |= 1 << 27
		}
		if !l.preferred {
			rank |= 1 << 26
		}
		if hit, there := best[l.term]; !there || rank < hit.rank {
			best[l.term] = termHit{x.scheme, x.uris[l.term], l.folded, rank}
		}
	}
	return slices.SortedFunc(maps.Values(best), termHit.compare)
}

// asked answers the place of the asked language, or of its base; that of no language where neither is there.
func (x *termIndex) asked(language string) uint8 {
	base, _, _ := strings.Cut(language, "-")
	for _, tag := range []string{language, base} {
		if at := slices.Index(x.languages, tag); at >= 0 {
			return uint8(min(at, 255))
		}
	}
	return 255
}

// matches says how a folded label has what was typed, if it has.
func matches(label, phrase string, words []string) (how uint32, ok bool) {
	switch {
	case label == phrase:
		return rankExact, true
	case strings.HasPrefix(label, phrase):
		return rankPrefix, true
	case hasWord(label, phrase):
		return rankWithin, true
	}
	for _, word := range words {
		if !hasWord(label, word) {
			return 0, false
		}
	}
	return rankApart, true
}

// hasWord says whether a word of the label begins so.
func hasWord(label, prefix string) bool {
	for rest := label; ; {
		if strings.HasPrefix(rest, prefix) {
			return true
		}
		at := strings.IndexByte(rest, ' ')
		if at < 0 {
			return false
		}
		rest = rest[at+1:]
	}
}
