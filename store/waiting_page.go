package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// WorkItemConnection is a page of a work list.
type WorkItemConnection struct {
	Nodes    []*WorkItem
	PageInfo *PageInfo
}

// WorkList reads a page of what waits for the person, in the order of Waiting, with as many statements for much work as
// for little. Some work can only be told from a text, not from a row: a page may be shorter than it was asked to be, and
// go on. INVALID for a size or a cursor that is none.
func (db *DB) WorkList(ctx context.Context, actor governance.Actor, page Page) (*WorkItemConnection, error) {
	limit, err := page.limit()
	if err != nil {
		return nil, err
	}
	var after *workPlace
	if page.After != nil {
		if after, err = parseWorkPlace(*page.After); err != nil {
			return nil, err
		}
	}
	list := &WorkItemConnection{PageInfo: &PageInfo{}}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		items, whole, err := q.gatherWork(ctx, actor, limit+1, after)
		if err != nil {
			return err
		}
		list.cut(items, whole, limit)
		return q.fillWork(ctx, list.Nodes)
	})
	if err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	return list, nil
}

// cut makes the page of what was gathered: as much as it may hold, and nothing behind the place up to which all is known.
func (l *WorkItemConnection) cut(items []*WorkItem, whole *workPlace, limit int) {
	if whole != nil {
		items = slices.DeleteFunc(items, func(i *WorkItem) bool { return i.place.compare(*whole) > 0 })
	}
	l.PageInfo.HasNextPage = whole != nil || len(items) > limit
	end := whole
	if len(items) > limit {
		items, end = items[:limit], nil
	}
	if end == nil && len(items) > 0 {
		end = &items[len(items)-1].place
	}
	l.Nodes = items
	if end != nil {
		cursor := end.String()
		l.PageInfo.EndCursor = &cursor
	}
}

// workPlace is where something stands in a work list: by its deadline, then by kind, then by what it is and for whom.
type workPlace struct {
	due          string // as the database keeps it; never: it has none
	rank         int    // of its kind
	object       string
	organization governance.OrganizationID // empty: the person itself
}

// never sorts behind every deadline.
const never = "9999-12-31T23:59:59.999999Z"

func (p workPlace) compare(other workPlace) int {
	if order := strings.Compare(p.due, other.due); order != 0 {
		return order
	}
	if p.rank != other.rank {
		return p.rank - other.rank
	}
	return strings.Compare(p.object+string(p.organization), other.object+string(other.organization))
}

const workPlaceVersion = "w1"

// String makes the place opaque, for a client to hand back. It names the kind by its step, not by its number in the list,
// which a new kind would change.
func (p workPlace) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(
		[]string{workPlaceVersion, p.due, string(workKinds[p.rank].step), p.object, string(p.organization)}, " ")))
}

// parseWorkPlace reads what String wrote. Anything else is INVALID.
func parseWorkPlace(text string) (*workPlace, error) {
	refusal := governance.Invalid("after", "cursor-malformed", "This is not a cursor that this list gave.")
	plain, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(plain), " ")
	if err != nil || len(parts) != 5 || parts[0] != workPlaceVersion || CheckID("after", parts[3]) != nil {
		return nil, refusal
	}
	if parts[4] != "" && CheckID("after", parts[4]) != nil {
		return nil, refusal
	}
	if parts[1] != never {
		if _, err := parseTime(parts[1]); err != nil {
			return nil, refusal
		}
	}
	rank := slices.IndexFunc(workKinds, func(k workKind) bool { return string(k.step) == parts[2] })
	if rank < 0 {
		return nil, refusal
	}
	return &workPlace{parts[1], rank, parts[3], governance.OrganizationID(parts[4])}, nil
}

// placeAt is where what was found stands, as the rank-th kind.
func (f workFound) placeAt(rank int) workPlace {
	p := workPlace{due: never, rank: rank, object: f.item.Object, organization: f.item.Organization.ID}
	if f.item.DueAt != nil {
		p.due = formatTime(*f.item.DueAt)
	}
	return p
}

// window narrows a statement to the rows behind the place that is looked behind, in order, as many as are wanted.
func (s *workSearch) window(statement string) string {
	place := "COALESCE(w.due_at, " + s.bind(never) + ")"
	behind := "1 = 1"
	switch {
	case s.after == nil:
	case s.rank < s.after.rank:
		behind = place + " > " + s.bind(s.after.due)
	case s.rank > s.after.rank:
		behind = place + " >= " + s.bind(s.after.due)
	default:
		behind = "(" + place + ", w.object_id, COALESCE(w.organization_id, '')) > (" +
			s.bind(s.after.due) + ", " + s.bind(s.after.object) + ", " + s.bind(s.after.organization) + ")"
	}
	return `
		SELECT w.organization_id, w.object_id, w.title, w.language, w.due_at, w.path, w.edition_id
		FROM (` + statement + `
		) w
		WHERE ` + behind + `
		ORDER BY ` + place + `, w.object_id, COALESCE(w.organization_id, '')
		LIMIT ` + s.bind(s.most)
}
