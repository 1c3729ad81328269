package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"concordat/governance"
)

// BlameLine says who wrote an element last: who saved the revision, or made the suggestion that it took.
type BlameLine struct {
	Path         string
	Revision     *Revision // that wrote it
	Author       *Person
	Organization *Organization // nil: a person that speaks for itself
}

// textHistory is how a text came about, as far as somebody may see it.
type textHistory struct {
	revisions []*Revision // the oldest first
	taken     map[governance.RevisionID]*Suggestion
}

// Blame answers who last wrote each element of an edition's newest text, at the path or below it, in the order of the
// paths. What an edition took over from the one before it was written there. Of revisions that the actor may not see,
// because they were drafts, the first one that it may stands for all before.
func (db *DB) Blame(ctx context.Context, actor governance.Actor, e *Edition, path string, fields Fields) ([]*BlameLine, error) {
	if err := checkLength("path", path, 0, maxMessage); err != nil {
		return nil, err
	}
	var lines []*BlameLine
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		history, err := q.shownHistory(ctx, s, e, fields)
		if err != nil {
			return err
		}
		if lines, err = q.blame(ctx, history, path); err != nil {
			return err
		}
		return q.fillBlame(ctx, s, fields, lines)
	})
	return lines, err
}

// blamedAtOnce is how many texts of a history are held in memory at once.
const blamedAtOnce = 20

func (q *Query) blame(ctx context.Context, history textHistory, path string) ([]*BlameLine, error) {
	byID := make(map[governance.RevisionID]*Revision, len(history.revisions))
	var restored []governance.RevisionID
	for _, r := range history.revisions {
		byID[r.ID] = r
		if r.Restored != nil {
			restored = append(restored, *r.Restored)
		}
	}
	blamer := governance.NewBlamer(restored...)
	for few := range slices.Chunk(history.revisions, blamedAtOnce) {
		if err := q.fillDocuments(ctx, few...); err != nil {
			return nil, err
		}
		for _, r := range few {
			text := governance.SavedText{ID: r.ID, Document: r.Document}
			if r.Restored != nil {
				text.Restores = *r.Restored
			}
			blamer.Add(text)
			r.Document, r.Bytes = governance.Document{}, nil
		}
	}
	wrote := blamer.Wrote()
	lines := []*BlameLine{}
	for _, at := range slices.Sorted(maps.Keys(wrote)) {
		if path == "" || at == path || strings.HasPrefix(at, path+"/") {
			r := byID[wrote[at]]
			line := &BlameLine{Path: at, Revision: r, Author: r.Author, Organization: r.Organization}
			if by := history.taken[r.ID]; by != nil {
				line.Author, line.Organization = by.Author, by.Organization
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// shownHistory reads the revisions that made an edition's text and that somebody may see, with those of the editions
// before it whose text it took over, and who made the suggestions that they took.
func (q *Query) shownHistory(ctx context.Context, s standing, e *Edition, fields Fields) (textHistory, error) {
	history := textHistory{taken: map[governance.RevisionID]*Suggestion{}}
	viewer, err := q.lookAt(ctx, s, e)
	if err != nil || !viewer.sees {
		return history, err
	}
	basedOn, err := q.basedOn(ctx, e.ID)
	if err != nil {
		return history, err
	}
	if basedOn != "" {
		before, err := q.edition(ctx, basedOn)
		if err != nil {
			return history, err
		}
		if history, err = q.shownHistory(ctx, s, before, fields); err != nil {
			return history, err
		}
	}
	shown, err := q.showsFrom(ctx, viewer, e)
	if err != nil {
		return history, err
	}
	own, err := q.revisionsBetween(ctx, e.ID, shown-1, 0)
	if err != nil {
		return history, err
	}
	history.revisions = append(history.revisions, own...)
	return history, q.creditSuggestions(ctx, viewer, e, fields, history)
}

// creditSuggestions finds out who made the suggestions that an edition's revisions took and that somebody may see.
func (q *Query) creditSuggestions(ctx context.Context, viewer editionViewer, e *Edition, fields Fields, history textHistory) error {
	taken, err := collect(ctx, q, scanSuggestion, `SELECT `+suggestionColumns+` FROM suggestions sg
		WHERE sg.edition_id = $1 AND sg.revision_id IS NOT NULL`, e.ID)
	if err != nil {
		return fmt.Errorf("read the suggestions taken: %w", err)
	}
	var credited []*Suggestion
	for _, p := range taken {
		seen, err := q.seesSuggestion(ctx, viewer, e, p)
		if err != nil {
			return err
		}
		if seen {
			history.taken[*p.TakenBy] = p
			credited = append(credited, p)
		}
	}
	return q.fillSuggestions(ctx, viewer, e, fields, credited...)
}

// basedOn answers the edition whose text an edition started from; none for a specification's first.
func (q *Query) basedOn(ctx context.Context, id governance.EditionID) (governance.EditionID, error) {
	var basedOn governance.EditionID
	err := q.queryRow(ctx, `SELECT based_on FROM editions WHERE id = $1`, id).Scan(orEmpty(&basedOn))
	if err != nil {
		return "", fmt.Errorf("find what edition %s started from: %w", id, err)
	}
	return basedOn, nil
}

func (q *Query) fillBlame(ctx context.Context, s standing, fields Fields, lines []*BlameLine) error {
	var revisions []*Revision
	seen := map[*Revision]bool{}
	for _, line := range lines {
		if !seen[line.Revision] {
			seen[line.Revision] = true
			revisions = append(revisions, line.Revision)
		}
	}
	wanted := maps.Clone(fields.Of("revision"))
	if wanted == nil {
		wanted = Fields{}
	}
	for _, name := range []string{"author", "organization"} {
		if fields.Has(name) {
			wanted[name] = fields.Of(name)
		}
	}
	return q.fillRevisions(ctx, s, wanted, revisions...)
}
