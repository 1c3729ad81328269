package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// Suggest proposes changes to an edition's text, made on any revision that the actor may see. What the client sends,
// the text as it would be or the changes, is kept as the changes between the two texts. Errors: FORBIDDEN but for
// authors and representatives of active organizations, and anybody signed in who speaks for nobody; CONFLICT for the
// latter outside a public consultation, from the ballot on, and for changes that do not fit their base; INVALID for what
// changes nothing, or too much.
func (db *DB) Suggest(ctx context.Context, actor governance.Actor, in SuggestInput) (governance.SuggestionID, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.takeOnEdition(ctx, actor, editionStep{
		mutation: "suggest", rule: governance.Suggest, edition: in.Edition, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition) (string, error) {
			if err := checkPublicName(s, in.PublicName); err != nil {
				return "", err
			}
			if err := tx.checkPublicRate(ctx, s.standing); err != nil {
				return "", err
			}
			if err := tx.nameSuggestion(ctx, &in); err != nil {
				return "", err
			}
			return string(in.ID), tx.suggest(ctx, s, e, in)
		},
	})
	return governance.SuggestionID(id), err
}

func (in SuggestInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if err := CheckID("input.base", string(in.Base)); err != nil {
		return err
	}
	if err := checkLength("input.reason", in.Reason, 1, maxComment); err != nil {
		return err
	}
	if (in.Document == nil) == (len(in.Changes) == 0) {
		return governance.Invalid("input.changes", "document-or-changes", "Send the text as it would be, or the changes; one of the two.")
	}
	return checkLength("input.publicName", in.PublicName, 0, maxPublicName)
}

// checkPublicName refuses a name of one's own to somebody who speaks for an organization.
func checkPublicName(s subject, name string) error {
	if name != "" && s.standing.organization != "" {
		return governance.Invalid("input.publicName", "speaks-for-organization",
			"Who speaks for an organization appears under its name.")
	}
	return nil
}

// nameSuggestion gives a suggestion its id, or refuses one that is taken.
func (tx *Tx) nameSuggestion(ctx context.Context, in *SuggestInput) error {
	if in.ID == "" {
		in.ID = governance.SuggestionID(tx.newID())
		return nil
	}
	taken, err := tx.exists(ctx, `SELECT 1 FROM suggestions WHERE id = $1`, in.ID)
	if err != nil {
		return fmt.Errorf("look for suggestion %s: %w", in.ID, err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "suggestion-exists", "There is a suggestion {id} already.", "id", string(in.ID))
	}
	return nil
}

func (tx *Tx) suggest(ctx context.Context, s subject, e *Edition, in SuggestInput) error {
	base, err := tx.suggestedUpon(ctx, e, in.Base)
	if err != nil {
		return err
	}
	changes, err := suggestedChanges(base.Document, in)
	if err != nil {
		return err
	}
	p := &Suggestion{ID: in.ID, EditionID: e.ID, Base: base.ID, Reason: in.Reason, State: governance.SuggestionOpen}
	if base.ID != e.HeadID {
		if p.State, p.Conflicts, err = tx.fitSuggestion(ctx, e, base.Document, changes); err != nil {
			return err
		}
	}
	if err := tx.insertSuggestion(ctx, p, in.PublicName, changes); err != nil {
		return err
	}
	if err := tx.countSuggestions(ctx, e, 1); err != nil {
		return err
	}
	canonical, err := notary.Canonical(changes)
	if err != nil {
		return fmt.Errorf("encode the suggested changes: %w", err)
	}
	_, err = tx.appendAct(ctx, Act{
		Type: "SUGGESTION_MADE", Object: Object{"SUGGESTION", string(p.ID)}, Role: s.actingRole(governance.Suggest),
		Digests: map[string]governance.Digest{"base": base.Digest},
		Texts:   map[string]string{"reason": in.Reason, "changes": string(canonical)}, // words that can be redacted, both
	})
	return err
}

// suggestedUpon reads the revision that a suggestion was made on, which its author must have seen.
func (tx *Tx) suggestedUpon(ctx context.Context, e *Edition, id governance.RevisionID) (*Revision, error) {
	base, err := tx.revisionOn(ctx, e, "input.base", id)
	if err != nil {
		return nil, err
	}
	if base.ID != e.HeadID {
		viewer, err := tx.viewerOf(ctx, tx.actor, e)
		if err != nil {
			return nil, err
		}
		shown, err := tx.showsFrom(ctx, viewer, e)
		if err != nil {
			return nil, err
		}
		if base.Number < shown {
			return nil, revisionElsewhere("input.base", id)
		}
	}
	return base, tx.fillDocuments(ctx, base)
}

// suggestedChanges are the changes between the base and the text as it would be.
func suggestedChanges(base governance.Document, in SuggestInput) ([]governance.Change, error) {
	document, field := in.Document, "input.document"
	if document == nil {
		if len(in.Changes) > governance.MaxSuggestedChanges {
			return nil, tooManyChanges("input.changes", len(in.Changes))
		}
		asked := make([]governance.Change, len(in.Changes))
		for i, change := range in.Changes {
			asked[i] = *change
		}
		changed, err := governance.Apply(base, asked)
		if err != nil {
			return nil, atInput("input.changes", err)
		}
		document, field = &changed, "input.changes"
	}
	text, err := newText(*document)
	if err != nil {
		return nil, err
	}
	changes := governance.Diff(base, text.document)
	if len(changes) == 0 {
		return nil, governance.Invalid(field, "nothing-changed", "This changes nothing.")
	}
	if len(changes) > governance.MaxSuggestedChanges {
		return nil, tooManyChanges(field, len(changes))
	}
	return changes, nil
}

func tooManyChanges(field string, count int) error {
	return governance.Invalid(field, "too-many-changes", "These are {count} changes, and one suggestion has at most {most}.",
		"count", strconv.Itoa(count), "most", strconv.Itoa(governance.MaxSuggestedChanges))
}

func (tx *Tx) insertSuggestion(ctx context.Context, p *Suggestion, publicName string, changes []governance.Change) error {
	conflicts, err := p.conflictsJSON()
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		INSERT INTO suggestions (
			id, edition_id, base_id, reason, state, conflicts, organization_id, person_id, public_name, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, p.EditionID, p.Base, p.Reason, p.State, conflicts, orNull(tx.actor.Organization), tx.actor.Person, publicName, tx.now)
	if err != nil {
		return fmt.Errorf("insert suggestion: %w", err)
	}
	for start := 0; start < len(changes); start += changesAtOnce {
		if err := tx.insertSuggestedChanges(ctx, p.ID, start, changes[start:min(start+changesAtOnce, len(changes))]); err != nil {
			return err
		}
	}
	return nil
}

// conflictsJSON is how conflicts are kept.
func (p *Suggestion) conflictsJSON() (string, error) {
	if len(p.Conflicts) == 0 {
		return "[]", nil
	}
	kept, err := json.Marshal(p.Conflicts)
	if err != nil {
		return "", fmt.Errorf("encode the conflicts of %s: %w", p.ID, err)
	}
	return string(kept), nil
}

// changesAtOnce is how many changes one statement writes.
const changesAtOnce = 50

func (tx *Tx) insertSuggestedChanges(ctx context.Context, id governance.SuggestionID, first int, changes []governance.Change) error {
	var rows []string
	var args []any
	for i, c := range changes {
		rows = append(rows, "("+placeholders(len(args)+1, 7)+")")
		args = append(args, id, first+i, c.Kind, c.Path, c.After, orNull(string(c.Value)), orNull(string(c.Before)))
	}
	_, err := tx.exec(ctx, `
		INSERT INTO suggestion_changes (suggestion_id, number, kind, path, follows, value, before_value)
		VALUES `+strings.Join(rows, ", "), args...)
	if err != nil {
		return fmt.Errorf("insert suggested changes: %w", err)
	}
	return nil
}

// countSuggestions moves the edition's counter of undecided suggestions.
func (tx *Tx) countSuggestions(ctx context.Context, e *Edition, more int) error {
	_, err := tx.exec(ctx, `UPDATE editions SET open_suggestion_count = open_suggestion_count + $2 WHERE id = $1`, e.ID, more)
	if err != nil {
		return fmt.Errorf("count the suggestions on %s: %w", e.ID, err)
	}
	return nil
}

// WithdrawSuggestion takes a suggestion back. Errors: FORBIDDEN but for its author's organization, or the person where
// it spoke for itself; CONFLICT once it is decided on, and from the ballot on.
func (db *DB) WithdrawSuggestion(ctx context.Context, actor governance.Actor, in WithdrawSuggestionInput) (governance.SuggestionID, error) {
	return db.takeOnSuggestion(ctx, actor, suggestionStep{
		mutation: "withdrawSuggestion", rule: governance.WithdrawSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, p *Suggestion) error {
			if err := tx.closeSuggestion(ctx, e, p, decision{state: governance.SuggestionWithdrawn}); err != nil {
				return err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "SUGGESTION_WITHDRAWN", Object: Object{"SUGGESTION", string(p.ID)}, Role: s.actingRole(governance.WithdrawSuggestion),
			})
			return err
		},
	})
}

// RejectSuggestion decides against a suggestion. Errors: FORBIDDEN but for authors in the working group; CONFLICT once
// it is decided on or taken back, and outside DRAFTING and DISPOSITION; INVALID without a reason.
func (db *DB) RejectSuggestion(ctx context.Context, actor governance.Actor, in RejectSuggestionInput) (governance.SuggestionID, error) {
	if err := checkLength("input.reason", in.Reason, 1, maxComment); err != nil {
		return "", err
	}
	return db.takeOnSuggestion(ctx, actor, suggestionStep{
		mutation: "rejectSuggestion", rule: governance.RejectSuggestion, suggestion: in.Suggestion, key: in.IdempotencyKey, input: in,
		do: func(ctx context.Context, tx *Tx, s subject, e *Edition, p *Suggestion) error {
			d := decision{state: governance.SuggestionRejected, by: s.standing.organization, reason: in.Reason}
			if err := tx.closeSuggestion(ctx, e, p, d); err != nil {
				return err
			}
			_, err := tx.appendAct(ctx, Act{
				Type: "SUGGESTION_REJECTED", Object: Object{"SUGGESTION", string(p.ID)}, Role: s.actingRole(governance.RejectSuggestion),
				Texts: words("reason", in.Reason),
			})
			return err
		},
	})
}

// decision is what becomes of a suggestion.
type decision struct {
	state    governance.SuggestionState
	by       governance.OrganizationID // the editors'; empty: its author took it back
	reason   string
	revision governance.RevisionID // with what was accepted; empty: none
}

// closeSuggestion decides on a suggestion, guarded by the state that it had, and counts it off its edition.
func (tx *Tx) closeSuggestion(ctx context.Context, e *Edition, p *Suggestion, d decision) error {
	var person any
	if d.by != "" {
		person = tx.actor.Person
	}
	changed, err := tx.exec(ctx, `
		UPDATE suggestions
		SET state = $3, conflicts = '[]', decided_for = $4, decided_by = $5, decision_reason = $6, decided_at = $7, revision_id = $8
		WHERE id = $1 AND state = $2`,
		p.ID, p.State, d.state, orNull(d.by), person, d.reason, tx.now, orNull(d.revision))
	if err != nil {
		return fmt.Errorf("decide on suggestion %s: %w", p.ID, err)
	}
	if changed == 0 {
		return unmetUndecided(&Suggestion{State: d.state})
	}
	return tx.countSuggestions(ctx, e, -1)
}
