package store

import (
	"context"
	"fmt"
	"slices"

	"concordat/governance"
)

// fitSuggestion finds out where a suggestion, made on the base, does not fit the edition's newest text.
func (tx *Tx) fitSuggestion(
	ctx context.Context, e *Edition, base governance.Document, changes []governance.Change,
) (governance.SuggestionState, []*Conflict, error) {
	head, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return "", nil, err
	}
	return fit(base, head, changes)
}

// fit holds the changes, made on the base, against the newest text. What is stored always applies to its base: that it
// does not is a slip of ours.
func fit(base, head governance.Document, changes []governance.Change) (governance.SuggestionState, []*Conflict, error) {
	misfits, err := governance.Misfits(changes, base, head)
	if err != nil {
		return "", nil, fmt.Errorf("apply a stored suggestion to its base: %w", errStored{err})
	}
	if len(misfits) == 0 {
		return governance.SuggestionOpen, nil, nil
	}
	conflicts := make([]*Conflict, len(misfits))
	for i := range misfits {
		conflicts[i] = &Conflict{Conflict: misfits[i]}
	}
	return governance.SuggestionConflicting, conflicts, nil
}

// rebaseSuggestions keeps the state of the edition's undecided suggestions right in the step that moves its text on
// from the head: those that no change meets stand as they stood, the others are merged again. Where
// there are none, it costs no statement; where none is met, one.
func (tx *Tx) rebaseSuggestions(ctx context.Context, e *Edition, after governance.Document) error {
	if e.OpenSuggestionCount == 0 {
		return nil
	}
	before, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return err
	}
	met, err := tx.suggestionsMet(ctx, e, governance.ReachOf(governance.Diff(before, after)))
	if err != nil || len(met) == 0 {
		return err
	}
	suggestions, bases, err := tx.suggestionsOn(ctx, met)
	if err != nil {
		return err
	}
	for _, p := range suggestions {
		now := *p
		if now.State, now.Conflicts, err = fit(bases[p.Base].Document, after, p.plainChanges()); err != nil {
			return fmt.Errorf("rebase suggestion %s: %w", p.ID, err)
		}
		if err := tx.keepFit(ctx, p, &now); err != nil {
			return err
		}
	}
	return nil
}

// suggestionsMet answers which undecided suggestions have a change that one of the text's own could be in the way of.
func (tx *Tx) suggestionsMet(ctx context.Context, e *Edition, reach governance.Reach) ([]governance.SuggestionID, error) {
	var met []governance.SuggestionID
	err := tx.query(ctx, func(row scanner) error {
		var id governance.SuggestionID
		var change governance.Change
		if err := row.Scan(&id, &change.Kind, &change.Path); err != nil {
			return err
		}
		if last := len(met) - 1; (last < 0 || met[last] != id) && reach.Meets(change) {
			met = append(met, id)
		}
		return nil
	}, `
		SELECT c.suggestion_id, c.kind, c.path
		FROM suggestions sg
		JOIN suggestion_changes c ON c.suggestion_id = sg.id
		WHERE sg.edition_id = $1 AND sg.state IN ('OPEN', 'CONFLICTING')
		ORDER BY c.suggestion_id, c.number`, e.ID)
	if err != nil {
		return nil, fmt.Errorf("look for suggestions on %s: %w", e.ID, err)
	}
	return met, nil
}

// suggestionsOn reads suggestions with their changes and the revisions that they were made on.
func (tx *Tx) suggestionsOn(
	ctx context.Context, ids []governance.SuggestionID,
) ([]*Suggestion, map[governance.RevisionID]*Revision, error) {
	var suggestions []*Suggestion
	for batch := range batches(ids) {
		found, err := collect(ctx, tx.Query, scanSuggestion,
			`SELECT `+suggestionColumns+` FROM suggestions sg WHERE sg.id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, nil, fmt.Errorf("read suggestions: %w", err)
		}
		suggestions = append(suggestions, found...)
	}
	for _, p := range suggestions {
		p.unveil() // what is hidden is kept in step with the text
	}
	if err := tx.fillSuggestedChanges(ctx, suggestions...); err != nil {
		return nil, nil, err
	}
	var bases []governance.RevisionID
	for _, p := range suggestions {
		if !slices.Contains(bases, p.Base) {
			bases = append(bases, p.Base)
		}
	}
	revisions, err := tx.writtenRevisions(ctx, bases...)
	return suggestions, revisions, err
}

// keepFit writes how a suggestion fits now, where that is another than before.
func (tx *Tx) keepFit(ctx context.Context, before, now *Suggestion) error {
	was, err := before.conflictsJSON()
	if err != nil {
		return err
	}
	is, err := now.conflictsJSON()
	if err != nil || was == is {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE suggestions SET state = $2, conflicts = $3 WHERE id = $1 AND state = $4`,
		now.ID, now.State, is, before.State)
	if err != nil {
		return fmt.Errorf("note how suggestion %s fits: %w", now.ID, err)
	}
	return nil
}
