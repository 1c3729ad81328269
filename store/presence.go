package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Presence is somebody who has an edition open. It is kept nowhere in the database.
type Presence struct {
	Edition      governance.EditionID
	Person       *Person
	Organization *Organization
	Path         string
	Editing      bool
	Since        time.Time
}

// ReportPresenceInput is what reportPresence takes.
type ReportPresenceInput struct {
	Edition governance.EditionID
	Path    string
	Editing bool
	Leaving bool
}

// presencePath is how many characters the path of a presence may have, so that a notification holds it.
const presencePath = 500

// MayAttend answers the specification of an edition that the actor may say to have open. Errors: UNAUTHENTICATED; NOT_FOUND
// where it may not see the edition; FORBIDDEN for somebody who speaks for no organization; INVALID.
func (db *DB) MayAttend(ctx context.Context, actor governance.Actor, in ReportPresenceInput) (governance.SpecificationID, error) {
	if actor.Anonymous() {
		return "", governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
	}
	if err := checkLength("path", in.Path, 0, presencePath); err != nil {
		return "", err
	}
	var specification governance.SpecificationID
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		e, err := q.edition(ctx, in.Edition)
		if err != nil {
			return err
		}
		if err := q.showEdition(ctx, s, e); err != nil {
			return err
		}
		if !s.seesNames() {
			return governance.Refuse(governance.CodeForbidden, "members-only", "Only members of organizations are shown to each other.")
		}
		specification = e.SpecificationID
		return nil
	})
	return specification, err
}

// ShowPresence answers those of the presences whose editions the actor may see, with the names of persons and
// organizations; nil to somebody who speaks for no organization.
func (db *DB) ShowPresence(ctx context.Context, actor governance.Actor, all []*Presence) (shown []*Presence, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || !s.seesNames() {
			return err
		}
		shown = []*Presence{}
		seen := map[governance.EditionID]bool{}
		for _, edition := range distinct(all, func(p *Presence) governance.EditionID { return p.Edition }) {
			if seen[edition], err = q.attends(ctx, s, edition); err != nil {
				return err
			}
		}
		persons, organizations := []*Person{}, []*Organization{}
		for _, p := range all {
			if seen[p.Edition] {
				shown = append(shown, p)
				persons, organizations = append(persons, p.Person), append(organizations, p.Organization)
			}
		}
		if err := q.fillPersons(ctx, s, persons...); err != nil {
			return err
		}
		return q.fillOrganizations(ctx, organizations...)
	})
	if err != nil {
		return nil, fmt.Errorf("show who is there: %w", err)
	}
	return shown, nil
}

// attends says whether the actor may see the edition.
func (q *Query) attends(ctx context.Context, s standing, id governance.EditionID) (bool, error) {
	e, err := q.edition(ctx, id)
	if err != nil {
		return false, err
	}
	viewer, err := q.lookAt(ctx, s, e)
	return viewer.sees, err
}

// SharePresence tells the other nodes something that they may miss, of 8,000 bytes at most: on PostgreSQL, where there are
// others.
func (db *DB) SharePresence(ctx context.Context, text string) error {
	if !db.Postgres() {
		return nil
	}
	_, err := db.pool.ExecContext(ctx, `SELECT pg_notify($1, $2)`, channelPresence, text)
	if err != nil {
		return fmt.Errorf("tell the other nodes who is there: %w", err)
	}
	return nil
}

// HearPresence calls hear with what any node, this one too, has shared; nil: nobody any more. It must not block.
func (db *DB) HearPresence(hear func(text string)) { db.watch.presence.Store(&hear) }
