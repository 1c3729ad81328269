package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// NeedLike is what somebody has typed of a need so far; everything may be empty.
type NeedLike struct {
	Title       string
	Description string
	Skills      []governance.URI
	Occupation  governance.URI
	Sector      string
	Except      governance.NeedID // the need that is being edited
}

// SimilarNeed is a need that is like one that somebody is typing, with why.
type SimilarNeed struct {
	Need           *Need
	SharedSkills   []governance.Concept
	SameOccupation bool
	SharedWords    []string // of those typed, folded
	SameSector     bool
}

// The bounds of a search for similar needs: the newest matches of the words are ranked by the database, the best of
// those and the newest of the same skills and occupation are compared here.
const (
	mostSimilar        = 20
	mostWordMatches    = 60
	mostSkillMatches   = 100
	mostJobMatches     = 60
	comparedCharacters = 4000 // of each need's words
)

// SimilarNeeds finds needs like one that is being typed: first those that share the most ESCO skills, then those of the
// same occupation, then those that share the most words, then those of the same sector, then the newest. Words count by
// their beginnings, without accents and case. A merged need stands for the one that it goes on in; withdrawn ones are
// left out. Empty for those who may see no needs. INVALID for a title or description that no need could have.
func (db *DB) SimilarNeeds(ctx context.Context, actor governance.Actor, like NeedLike, first *int, fields Fields) ([]*SimilarNeed, error) {
	limit := 5
	if first != nil {
		limit = *first
	}
	if err := like.check(limit); err != nil {
		return nil, err
	}
	similar := []*SimilarNeed{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || !s.seesNeeds() {
			return err
		}
		found, err := q.needCandidates(ctx, db.Postgres(), like)
		if err != nil {
			return err
		}
		similar, err = q.similarNeeds(ctx, bestNeeds(found, limit))
		if err != nil {
			return err
		}
		needs := make([]*Need, len(similar))
		for i, one := range similar {
			needs[i] = one.Need
		}
		return q.fillNeeds(ctx, s, needs, fields.Of("need"))
	})
	if err != nil {
		return nil, fmt.Errorf("look for similar needs: %w", err)
	}
	return similar, nil
}

func (l NeedLike) check(limit int) error {
	if limit < 1 || limit > mostSimilar {
		return governance.Invalid("first", "page-size", "There are 1 to 20 similar needs.")
	}
	if err := checkLength("like.title", l.Title, 0, 200); err != nil {
		return err
	}
	if err := checkLength("like.description", l.Description, 0, 10000); err != nil {
		return err
	}
	if len(l.Skills) > 50 {
		return governance.Invalid("like.skills", "too-many-skills", "A need names at most 50 skills.")
	}
	return nil
}

// needCandidate is a need that may be similar.
type needCandidate struct {
	id       governance.NeedID // the one that it goes on in, where it was merged
	alike    governance.Likeness
	position string // sorts as the needs came
}

// needCandidates reads what may be similar and says how: three statements at most, whatever was typed.
func (q *Query) needCandidates(ctx context.Context, postgres bool, like NeedLike) ([]needCandidate, error) {
	typed := governance.NewTypedWords(foldWords(like.Title), foldWords(like.Description))
	ids, err := q.needMatches(ctx, postgres, like, typed)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	skills, err := q.sharedSkills(ctx, like, ids)
	if err != nil {
		return nil, err
	}
	args := make([]any, 0, len(ids)+1)
	for _, id := range ids {
		args = append(args, id)
	}
	return collect(ctx, q, func(row scanner) (needCandidate, error) {
		var c needCandidate
		var id governance.NeedID
		var occupation governance.URI
		var sector, words string
		if err := row.Scan(&id, &c.id, &occupation, &sector, &words); err != nil {
			return c, err
		}
		c.position = string(id)
		c.alike = governance.Likeness{
			Skills: skills[id], Sector: sector != "" && sector == like.Sector,
			Occupation: occupation != "" && occupation == like.Occupation,
		}
		c.alike.Words, c.alike.WordShare = typed.In(strings.Fields(words))
		return c, nil
	}, fmt.Sprintf(`
		SELECT n.id, COALESCE(n.merged_into, n.id), n.occupation, n.sector, substr(n.search_text, 1, %d)
		FROM needs n
		WHERE n.stage <> 'WITHDRAWN' AND n.id IN (%s) AND COALESCE(n.merged_into, n.id) <> $%d`,
		comparedCharacters, placeholders(1, len(ids)), len(ids)+1), append(args, like.Except)...)
}

// needMatches reads the ids of what shares words, skills or the occupation, each once, with one statement for each of
// the two that was typed.
func (q *Query) needMatches(ctx context.Context, postgres bool, like NeedLike, typed governance.TypedWords) ([]governance.NeedID, error) {
	scan := func(row scanner) (governance.NeedID, error) {
		var id governance.NeedID
		return id, row.Scan(&id)
	}
	var ids []governance.NeedID
	if stems := typed.Stems(); len(stems) > 0 {
		search, match := sqliteNeedSearch, sqliteAnyOf(stems)
		if postgres {
			search, match = postgresNeedSearch, postgresAnyOf(stems)
		}
		found, err := collect(ctx, q, scan, fmt.Sprintf(search, mostRanked, mostWordMatches), match)
		if err != nil {
			return nil, fmt.Errorf("by words: %w", err)
		}
		ids = append(ids, found...)
	}
	if len(like.Skills) > 0 || like.Occupation != "" {
		args := []any{like.Occupation}
		for _, skill := range like.Skills {
			args = append(args, skill)
		}
		args = append(args, "") // an IN is never empty
		found, err := collect(ctx, q, scan, fmt.Sprintf(`
			SELECT id FROM (
				SELECT need_id AS id
				FROM need_skills
				WHERE uri IN (%s)
				GROUP BY need_id
				ORDER BY COUNT(*) DESC, need_id DESC
				LIMIT %d
			) AS by_skills
			UNION
			SELECT id FROM (
				SELECT id
				FROM needs
				WHERE occupation = $1 AND occupation <> ''
				ORDER BY id DESC
				LIMIT %d
			) AS by_occupation`, placeholders(2, len(args)-1), mostSkillMatches, mostJobMatches), args...)
		if err != nil {
			return nil, fmt.Errorf("by skills and occupation: %w", err)
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// sharedSkills reads which of the typed skills each of the needs names.
func (q *Query) sharedSkills(ctx context.Context, like NeedLike, ids []governance.NeedID) (map[governance.NeedID][]governance.URI, error) {
	shared := map[governance.NeedID][]governance.URI{}
	if len(like.Skills) == 0 {
		return shared, nil
	}
	args := make([]any, 0, len(ids)+len(like.Skills))
	for _, id := range ids {
		args = append(args, id)
	}
	for _, skill := range like.Skills {
		args = append(args, skill)
	}
	err := q.query(ctx, func(row scanner) error {
		var id governance.NeedID
		var skill governance.URI
		if err := row.Scan(&id, &skill); err != nil {
			return err
		}
		shared[id] = append(shared[id], skill)
		return nil
	}, `SELECT need_id, uri FROM need_skills WHERE need_id IN (`+placeholders(1, len(ids))+`) AND uri IN (`+
		placeholders(len(ids)+1, len(like.Skills))+`) ORDER BY need_id, position`, args...)
	if err != nil {
		return nil, fmt.Errorf("shared skills: %w", err)
	}
	return shared, nil
}

// bestNeeds puts what is similar into order, each need once: a merged one is as alike as what it goes on in, if it is
// more so.
func bestNeeds(found []needCandidate, limit int) []needCandidate {
	found = slices.DeleteFunc(found, func(c needCandidate) bool { return !c.alike.Similar() })
	slices.SortFunc(found, func(a, b needCandidate) int {
		return cmp.Or(governance.CompareLikeness(a.alike, b.alike), strings.Compare(b.position, a.position))
	})
	seen := map[governance.NeedID]bool{}
	found = slices.DeleteFunc(found, func(c needCandidate) bool {
		again := seen[c.id]
		seen[c.id] = true
		return again
	})
	return found[:min(len(found), limit)]
}

// similarNeeds reads the needs of the candidates, in their order, and the labels of the skills they share.
func (q *Query) similarNeeds(ctx context.Context, best []needCandidate) ([]*SimilarNeed, error) {
	similar := make([]*SimilarNeed, 0, len(best))
	if len(best) == 0 {
		return similar, nil
	}
	ids := make([]any, len(best))
	for i, c := range best {
		ids[i] = c.id
	}
	found, err := collect(ctx, q, scanNeed, `SELECT `+needColumns+` FROM needs n WHERE n.id IN (`+placeholders(1, len(ids))+`)`, ids...)
	if err != nil {
		return nil, fmt.Errorf("read similar needs: %w", err)
	}
	labels, err := q.skillLabels(ctx, best)
	if err != nil {
		return nil, err
	}
	for _, c := range best {
		at := slices.IndexFunc(found, func(n *Need) bool { return n.ID == c.id })
		one := &SimilarNeed{
			Need: found[at], SharedSkills: []governance.Concept{}, SameOccupation: c.alike.Occupation,
			SharedWords: append([]string{}, c.alike.Words...), SameSector: c.alike.Sector,
		}
		for _, skill := range c.alike.Skills {
			one.SharedSkills = append(one.SharedSkills, governance.Concept{ID: skill, Label: labels[skill]})
		}
		similar = append(similar, one)
	}
	return similar, nil
}

// skillLabels reads what the shared skills are called in the needs that share them, one label in each language.
func (q *Query) skillLabels(ctx context.Context, best []needCandidate) (map[governance.URI]governance.Text, error) {
	labels := map[governance.URI]governance.Text{}
	var args []any
	for _, c := range best {
		if len(c.alike.Skills) > 0 {
			args = append(args, c.position)
		}
	}
	if len(args) == 0 {
		return labels, nil
	}
	err := q.query(ctx, func(row scanner) error {
		var skill governance.URI
		var label, language string
		if err := row.Scan(&skill, &label, &language); err != nil {
			return err
		}
		if labels[skill] == nil {
			labels[skill] = governance.Text{}
		}
		labels[skill][language] = label
		return nil
	}, `SELECT s.uri, s.label, n.language FROM need_skills s JOIN needs n ON n.id = s.need_id WHERE s.need_id IN (`+
		placeholders(1, len(args))+`) ORDER BY s.need_id, s.position`, args...)
	if err != nil {
		return nil, fmt.Errorf("read skills: %w", err)
	}
	return labels, nil
}
