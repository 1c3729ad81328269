package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// Viewer is who is asking.
type Viewer struct {
	Person    *Person
	ActingFor *Organization
	Mandates  []*Mandate
	Scopes    []governance.Scope
}

// Viewer reads who is asking: nil for somebody who is not signed in. The acting organization is absent where the person
// holds no mandate in it now. Everybody sees their own name.
func (db *DB) Viewer(ctx context.Context, actor governance.Actor, fields Fields) (*Viewer, error) {
	if actor.Person == "" {
		return nil, nil
	}
	viewer := &Viewer{Person: &Person{ID: actor.Person}, Scopes: actor.Scopes}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if err := q.nameOneself(ctx, viewer.Person); err != nil {
			return err
		}
		var organizations []*Organization
		if fields.Has("actingFor") && s.organization != "" {
			viewer.ActingFor = &Organization{ID: s.organization}
			organizations = append(organizations, viewer.ActingFor)
		}
		if fields.Has("mandates") {
			if viewer.Mandates, err = q.standingMandatesOf(ctx, actor.Person); err != nil {
				return err
			}
		}
		for _, m := range viewer.Mandates {
			m.Person = viewer.Person
			organizations = append(organizations, m.Organization)
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, fmt.Errorf("read the viewer: %w", err)
	}
	return viewer, nil
}

// nameOneself completes a person who asks about itself.
func (q *Query) nameOneself(ctx context.Context, person *Person) error {
	names, err := q.personNames(ctx, []governance.PersonID{person.ID})
	if name, ok := names[person.ID]; ok {
		person.Name = &name
	}
	return err
}

// standingMandatesOf reads the mandates that a person holds now, the oldest first; organizations carry their ids alone.
func (q *Query) standingMandatesOf(ctx context.Context, person governance.PersonID) ([]*Mandate, error) {
	mandates, err := collect(ctx, q, scanMandate, `
		SELECT `+mandateColumns+`
		FROM mandates
		WHERE person_id = $1 AND ended_at IS NULL AND from_at <= $2 AND (until_at IS NULL OR until_at > $2)
		ORDER BY created_at, id`,
		person, q.now)
	if err != nil {
		return nil, fmt.Errorf("read standing mandates: %w", err)
	}
	return mandates, nil
}

// PlatformMay says what the viewer may make anew on the platform.
func (db *DB) PlatformMay(ctx context.Context, actor governance.Actor) ([]*Permission, error) {
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.platformSubject(ctx, actor) })
}
