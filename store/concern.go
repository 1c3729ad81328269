package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"concordat/governance"
)

// Concerns is what may change somebody's work list. The zero value is nothing.
type Concerns struct {
	person        governance.PersonID
	alone         bool // the person may speak for itself
	organizations map[governance.OrganizationID]bool
	councils      map[governance.OrganizationID]bool // on whose rolls the organizations are
}

// Concerns reads what may change the actor's work list.
func (db *DB) Concerns(ctx context.Context, actor governance.Actor) (Concerns, error) {
	c := Concerns{
		person: actor.Person, alone: actor.Organization == "",
		organizations: map[governance.OrganizationID]bool{}, councils: map[governance.OrganizationID]bool{},
	}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		voices, err := q.voicesOf(ctx, actor)
		if err != nil {
			return err
		}
		for _, v := range voices {
			c.organizations[v.organization] = true
		}
		for batch := range batches(slices.Sorted(maps.Keys(c.organizations))) {
			err := q.query(ctx, func(row scanner) error {
				var council governance.OrganizationID
				err := row.Scan(&council)
				c.councils[council] = true
				return err
			}, `
				SELECT DISTINCT council_id
				FROM roll_entries
				WHERE state IN ('ACTIVE', 'SUSPENDED') AND organization_id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return fmt.Errorf("read the rolls: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return Concerns{}, fmt.Errorf("find out what concerns the person: %w", err)
	}
	return c, nil
}

// Touches says whether an act may have changed the work list. It may say so of one that has not, never the other way round.
func (c Concerns) Touches(l Leaf) bool {
	switch {
	case l.Person != "" && l.Person == c.person:
		return true
	case c.alone && l.Type == "COMMENT_DISPOSED":
		return true // perhaps one that the person made for itself
	case l.Council == "" && len(c.organizations) > 0 && strings.HasPrefix(l.Type, "NEED_"):
		return true // a need without a council is the administrator's to decide
	}
	own := c.organizations
	return own[l.Organization] || own[l.To] || own[l.Council] || c.councils[l.Council] ||
		own[governance.OrganizationID(l.Root)] || c.councils[governance.OrganizationID(l.Root)]
}
