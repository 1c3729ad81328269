package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// AcceptSuggestion merges a suggestion, or some of its changes, into the newest text. The revision is the accepting
// editor's and credits the suggestion; where the text says all of it already, none is needed. Errors: FORBIDDEN but for
// authors in the working group; CONFLICT once it is decided on or taken back, outside DRAFTING and DISPOSITION, and
// where what is accepted does not fit the newest text; INVALID for changes that it does not have, some that make no
// sense without the others, and a class that is lowered.
func (db *DB) AcceptSuggestion(ctx context.Context, actor governance.Actor, in AcceptSuggestionInput) (governance.SuggestionID, error) {
	if err := checkLength("input.message", in.Message, 0, maxMessage); err != nil {
		return "", err
	}
	return db.takeOnSuggestion(ctx, actor, suggestionStep{
		mutation: "acceptSuggestion", rule: governance.AcceptSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, p *Suggestion) error {
			if err := tx.fillSuggestedChanges(ctx, p); err != nil {
				return err
			}
			chosen, err := p.chosen(in.Changes)
			if err != nil {
				return err
			}
			return tx.acceptSuggestion(ctx, s, e, p, acceptance{chosen: chosen, message: in.Message, class: in.Class})
		},
	})
}

// acceptance is what editors say when they accept.
type acceptance struct {
	chosen  []int // numbers of changes
	message string
	class   governance.Class
}

// chosen are the numbers of the accepted changes: those named, or all.
func (p *Suggestion) chosen(named []int) ([]int, error) {
	if len(named) == 0 {
		all := make([]int, len(p.changes))
		for i := range all {
			all[i] = i
		}
		return all, nil
	}
	chosen := slices.Clone(named)
	slices.Sort(chosen)
	for i, number := range chosen {
		if number < 0 || number >= len(p.changes) || i > 0 && chosen[i-1] == number {
			return nil, governance.Invalid("input.changes", "no-such-change", "The suggestion has no change {number}, or it is named twice.",
				"number", strconv.Itoa(number))
		}
	}
	return chosen, nil
}

// takenText merges the chosen changes into the newest text.
func (tx *Tx) takenText(ctx context.Context, e *Edition, p *Suggestion, chosen []int) (revisionText, error) {
	head, err := tx.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return revisionText{}, err
	}
	base, err := tx.writtenRevision(ctx, p.Base)
	if err != nil {
		return revisionText{}, err
	}
	suggested, err := governance.Apply(base.Document, governance.Choose(p.plainChanges(), chosen))
	if err != nil {
		return revisionText{}, governance.Invalid("input.changes", "changes-depend",
			"These changes cannot be made without others of the suggestion.")
	}
	merged := governance.Merge(base.Document, suggested, head)
	if len(merged.Conflicts) > 0 {
		return revisionText{}, refuseConflicts(merged.Conflicts)
	}
	return newText(merged.Document)
}

// acceptSuggestion takes the chosen changes into the text and decides on the suggestion, before the new head is held
// against those that are still undecided.
func (tx *Tx) acceptSuggestion(ctx context.Context, s subject, e *Edition, p *Suggestion, a acceptance) error {
	text, err := tx.takenText(ctx, e, p, a.chosen)
	if err != nil {
		return err
	}
	d := decision{state: governance.SuggestionAccepted, by: s.standing.organization}
	if len(a.chosen) < len(p.changes) {
		d.state = governance.SuggestionAcceptedInPart
	}
	said := map[string]string{"changes": numbersOf(a.chosen)}
	moved := text.digest != e.HeadDigest
	var class governance.Class
	if moved {
		taken := newRevision{message: cmp.Or(a.message, takenMessage), class: a.class, text: text}
		if d.revision, class, err = tx.insertUponHead(ctx, s, e, taken); err != nil {
			return err
		}
		said["revision"] = string(d.revision)
	}
	if err := tx.closeSuggestion(ctx, e, p, d); err != nil {
		return err
	}
	if err := tx.markAccepted(ctx, p, a.chosen); err != nil {
		return err
	}
	if moved {
		if err := tx.setHead(ctx, e, d.revision, class, text); err != nil {
			return err
		}
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "SUGGESTION_ACCEPTED", Object: Object{"SUGGESTION", string(p.ID)}, Role: s.actingRole(governance.AcceptSuggestion),
		Digests: map[string]governance.Digest{"base": e.HeadDigest, "document": text.digest},
		Words:   said, Texts: words("message", a.message),
	})
	return err
}

// takenMessage is what a revision says of itself that takes a suggestion, where its editor says nothing.
const takenMessage = "Takes a suggestion."

// markAccepted notes which changes were accepted.
func (tx *Tx) markAccepted(ctx context.Context, p *Suggestion, chosen []int) error {
	args := []any{p.ID}
	for _, number := range chosen {
		args = append(args, number)
	}
	_, err := tx.exec(ctx, `
		UPDATE suggestion_changes
		SET accepted = 1
		WHERE suggestion_id = $1 AND number IN (`+placeholders(2, len(chosen))+`)`, args...)
	if err != nil {
		return fmt.Errorf("note what was accepted of %s: %w", p.ID, err)
	}
	return nil
}

// numbersOf writes numbers as an act holds them: "0,2".
func numbersOf(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, number := range numbers {
		texts[i] = strconv.Itoa(number)
	}
	return strings.Join(texts, ",")
}

// refuseConflicts refuses to accept what does not fit the newest text, and says where.
func refuseConflicts(conflicts []governance.Conflict) error {
	paths := make([]string, 0, namedConflicts)
	for _, conflict := range conflicts[:min(len(conflicts), namedConflicts)] {
		paths = append(paths, conflict.Path)
	}
	return governance.Refuse(governance.CodeConflict, "suggestion-conflicts",
		"The text has moved on under {count} elements of the suggestion: {paths}. Accept its other changes, or none.",
		"count", strconv.Itoa(len(conflicts)), "paths", strings.Join(paths, ", "))
}

// namedConflicts is how many elements a refusal names.
const namedConflicts = 50
