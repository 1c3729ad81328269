package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// Suggestion is a proposed set of changes as it is read.
type Suggestion struct {
	moderated
	ID             governance.SuggestionID
	EditionID      governance.EditionID
	Base           governance.RevisionID // that the changes were made on
	Reason         string
	State          governance.SuggestionState
	Conflicts      []*Conflict // where it does not fit the newest text: ours is what it says, theirs the text
	Organization   *Organization
	Author         *Person
	DecidedFor     *Organization
	DecidedBy      *Person
	DecisionReason string
	DecidedAt      *time.Time
	TakenBy        *governance.RevisionID // the revision with its changes; nil: none was needed, or it is not accepted
	CreatedAt      time.Time

	hidden  *suggestionWords   // the words of one that is hidden from who reads it
	edition *Edition           // where it was read along
	changes []*SuggestedChange // likewise; nil: not read
	may     []*Permission      // likewise
}

// SuggestedChange is one of a suggestion's changes.
type SuggestedChange struct {
	Number      int // its place, by which it is accepted
	Change      *governance.Change
	Accepted    bool
	Conflicting bool // it does not fit the newest text
}

// SuggestionConnection is a page of suggestions.
type SuggestionConnection struct {
	Nodes    []*Suggestion
	PageInfo *PageInfo
}

const suggestionColumns = `
	sg.id,
	sg.edition_id,
	sg.base_id,
	sg.reason,
	sg.state,
	sg.conflicts,
	sg.organization_id,
	sg.person_id,
	sg.public_name,
	sg.decided_for,
	sg.decided_by,
	sg.decision_reason,
	sg.decided_at,
	sg.revision_id,
	sg.created_at,
	sg.hidden_at,
	sg.hidden_reason,
	sg.redaction_asked_at,
	sg.redacted_at,
	sg.redaction_reason`

// scanSuggestion reads suggestionColumns; organizations and persons carry their ids alone. Somebody who speaks for
// itself appears under the name that it chose, or none.
func scanSuggestion(row scanner) (*Suggestion, error) {
	p := Suggestion{Author: &Person{}}
	var organization, decidedFor governance.OrganizationID
	var decidedBy governance.PersonID
	var publicName, conflicts string
	var veil veilColumns
	err := row.Scan(&p.ID, &p.EditionID, &p.Base, &p.Reason, &p.State, &conflicts, orEmpty(&organization), &p.Author.ID,
		&publicName, orEmpty(&decidedFor), orEmpty(&decidedBy), &p.DecisionReason, atOrNil(&p.DecidedAt), orNil(&p.TakenBy),
		at(&p.CreatedAt),
		atOrNil(&veil.hiddenAt), &veil.hiddenReason, atOrNil(&veil.askedAt), atOrNil(&veil.redactedAt), &veil.redactionReason)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(conflicts), &p.Conflicts); err != nil {
		return nil, fmt.Errorf("read the conflicts of suggestion %s: %w", p.ID, err)
	}
	if organization != "" {
		p.Organization = &Organization{ID: organization}
	} else if publicName != "" {
		p.Author.Name = &publicName
	}
	if decidedFor != "" {
		p.DecidedFor, p.DecidedBy = &Organization{ID: decidedFor}, &Person{ID: decidedBy}
	}
	p.veil(veil)
	return &p, nil
}

// suggestion reads a suggestion's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) suggestion(ctx context.Context, id governance.SuggestionID) (*Suggestion, error) {
	found, err := collect(ctx, q, scanSuggestion, `SELECT `+suggestionColumns+` FROM suggestions sg WHERE sg.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read suggestion: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("suggestion", string(id))
	}
	return found[0], nil
}

// fillSuggestions completes suggestions that the viewer may see: who made and decided on them, their changes and what
// the viewer may do with them, each with one statement for all and only where it is wanted.
func (q *Query) fillSuggestions(ctx context.Context, viewer editionViewer, e *Edition, fields Fields, suggestions ...*Suggestion) error {
	organizations := make([]*Organization, 0, 2*len(suggestions))
	persons := make([]*Person, 0, 2*len(suggestions))
	for _, p := range suggestions {
		p.edition = e
		if viewer.readsHidden(e, &p.moderated, p.Author, p.Organization) {
			p.unveil()
		}
		organizations = append(organizations, p.Organization, p.DecidedFor)
		persons = append(persons, p.DecidedBy)
		if p.Organization != nil {
			persons = append(persons, p.Author)
		} else if p.Author.ID != viewer.standing.actor.Person { // nothing leads to the person, as with comments
			p.Author = &Person{ID: governance.PersonID(p.ID), Name: p.Author.Name}
		}
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return err
	}
	if fields.Has("changes") {
		if err := q.fillSuggestedChanges(ctx, suggestions...); err != nil {
			return err
		}
	}
	if fields.Has("reports") {
		if err := q.fillReports(ctx, viewer, e, spokenSuggestion, moderatedOf(suggestions)); err != nil {
			return err
		}
	}
	if fields.Has("viewerMay") {
		if err := q.fillSuggestionPermissions(ctx, viewer.standing.actor, e, suggestions); err != nil {
			return err
		}
	}
	if fields.Has("author") || fields.Has("decidedBy") {
		return q.fillPersons(ctx, viewer.standing, persons...)
	}
	return nil
}

// moderatedOf is what the moderation knows of suggestions.
func moderatedOf(suggestions []*Suggestion) []*moderated {
	all := make([]*moderated, len(suggestions))
	for i, p := range suggestions {
		all[i] = &p.moderated
	}
	return all
}

// fillSuggestedChanges reads the changes of suggestions along with them; those of one that is veiled are not read.
func (q *Query) fillSuggestedChanges(ctx context.Context, suggestions ...*Suggestion) error {
	of := make(map[governance.SuggestionID]*Suggestion, len(suggestions))
	ids := make([]governance.SuggestionID, 0, len(suggestions))
	for _, p := range suggestions {
		p.changes = []*SuggestedChange{}
		if p.hidden == nil {
			of[p.ID], ids = p, append(ids, p.ID)
		}
	}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var id governance.SuggestionID
			var value, before sql.NullString
			c := &SuggestedChange{Change: &governance.Change{}}
			err := row.Scan(&id, &c.Number, &c.Change.Kind, &c.Change.Path, &c.Change.After, &c.Accepted, &value, &before)
			if err != nil {
				return err
			}
			c.Change.Value, c.Change.Before = rawOrNil(value), rawOrNil(before)
			c.Conflicting = of[id].conflictsAt(c.Change)
			of[id].changes = append(of[id].changes, c)
			return nil
		}, `
			SELECT suggestion_id, number, kind, path, follows, accepted, value, before_value
			FROM suggestion_changes
			WHERE suggestion_id IN (`+placeholders(1, len(batch))+`)
			ORDER BY suggestion_id, number`, batch...)
		if err != nil {
			return fmt.Errorf("read suggested changes: %w", err)
		}
	}
	return nil
}

func rawOrNil(text sql.NullString) json.RawMessage {
	if !text.Valid {
		return nil
	}
	return json.RawMessage(text.String)
}

// conflictsAt says whether a change lies where the suggestion does not fit the newest text.
func (p *Suggestion) conflictsAt(change *governance.Change) bool {
	for _, conflict := range p.Conflicts {
		if governance.Touched([]governance.Change{*change}, conflict.Path) {
			return true
		}
	}
	return false
}

// plainChanges are a suggestion's changes, which were read along, without what became of them.
func (p *Suggestion) plainChanges() []governance.Change {
	changes := make([]governance.Change, len(p.changes))
	for i, c := range p.changes {
		changes[i] = *c.Change
	}
	return changes
}

// suggestedInPublic narrows a list of suggestions "sg" of one edition to those that the viewer may see: what was made
// before the first consultation that it was invited to, or on a text from before it, stays with those who saw it.
func (q *Query) suggestedInPublic(ctx context.Context, viewer editionViewer, e *Edition) (string, error) {
	if viewer.insider {
		return "", nil
	}
	shown, err := q.showsFrom(ctx, viewer, e)
	if err != nil {
		return "", err
	}
	return viewer.inPublic("sg") + fmt.Sprintf(` AND (SELECT b.number FROM revisions b WHERE b.id = sg.base_id) >= %d`, shown), nil
}

// Suggestions lists the suggestions on an edition that the actor was shown, in the order of their coming; none of the
// states means all.
func (db *DB) Suggestions(
	ctx context.Context, actor governance.Actor, e *Edition, states []governance.SuggestionState, page Page, fields Fields,
) (*SuggestionConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	connection := &SuggestionConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		seen, err := q.suggestedInPublic(ctx, viewer, e)
		if err != nil {
			return err
		}
		args := []any{e.ID, after.CreatedAt, after.ID, limit + 1}
		if len(states) > 0 {
			seen += ` AND sg.state IN (` + placeholders(len(args)+1, len(states)) + `)`
			for _, state := range states {
				args = append(args, state)
			}
		}
		found, err := collect(ctx, q, scanSuggestion, `SELECT `+suggestionColumns+` FROM suggestions sg
			WHERE sg.edition_id = $1 AND (sg.created_at, sg.id) > ($2, $3)`+seen+`
			ORDER BY sg.created_at, sg.id
			LIMIT $4`, args...)
		if err != nil {
			return fmt.Errorf("read suggestions of %s: %w", e.ID, err)
		}
		connection.Nodes, connection.PageInfo = cut(found, limit, func(p *Suggestion) Cursor {
			return Cursor{p.CreatedAt, string(p.ID)}
		})
		return q.fillSuggestions(ctx, viewer, e, fields.Of("nodes"), connection.Nodes...)
	})
	if err != nil {
		return nil, err
	}
	return connection, nil
}

// Suggestion reads a suggestion. NOT_FOUND where the actor may not see it.
func (db *DB) Suggestion(ctx context.Context, actor governance.Actor, id governance.SuggestionID, fields Fields) (*Suggestion, error) {
	var p *Suggestion
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		if p, err = q.suggestion(ctx, id); err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		e, err := q.edition(ctx, p.EditionID)
		if err != nil {
			return err
		}
		viewer, err := q.lookAt(ctx, s, e)
		if err != nil {
			return err
		}
		seen, err := q.seesSuggestion(ctx, viewer, e, p)
		if err != nil {
			return err
		}
		if !seen {
			return governance.NotFound("suggestion", string(id))
		}
		e.viewer = &viewer
		if !fields.spares("edition") {
			if err := q.fillEditions(ctx, s, fields.Of("edition"), e); err != nil {
				return err
			}
		}
		return q.fillSuggestions(ctx, viewer, e, fields, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// seesSuggestion says whether the viewer may see a suggestion on the edition.
func (q *Query) seesSuggestion(ctx context.Context, viewer editionViewer, e *Edition, p *Suggestion) (bool, error) {
	if !viewer.sees || viewer.insider || p.Author.ID == viewer.standing.actor.Person {
		return viewer.sees, nil
	}
	seen, err := q.suggestedInPublic(ctx, viewer, e)
	if err != nil {
		return false, err
	}
	found, err := q.exists(ctx, `SELECT 1 FROM suggestions sg WHERE sg.id = $1`+seen, p.ID)
	if err != nil {
		return false, fmt.Errorf("look who sees suggestion %s: %w", p.ID, err)
	}
	return found, nil
}
