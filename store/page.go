package store

import (
	"time"

	"concordat/governance"
)

// The sizes of a page.
const (
	defaultPage = 20
	largestPage = 100
)

// Page says which part of a list is wanted.
type Page struct {
	First *int    // how many; 20 where nil, 100 at most
	After *string // the cursor to go on from
}

// PageInfo says where a page ends and whether there is more.
type PageInfo struct {
	HasNextPage bool
	EndCursor   *string
}

// cursor is the place to go on from, nil for the beginning. A cursor that no list gave is INVALID.
func (p Page) cursor() (*Cursor, error) {
	if p.After == nil {
		return nil, nil
	}
	cursor, err := ParseCursor("after", *p.After)
	if err != nil {
		return nil, err
	}
	return &cursor, nil
}

// limit is how many rows the page has. A number outside 1 to 100 is INVALID.
func (p Page) limit() (int, error) {
	if p.First == nil {
		return defaultPage, nil
	}
	if *p.First < 1 || *p.First > largestPage {
		return 0, governance.Invalid("first", "page-size", "A page has 1 to 100 elements.")
	}
	return *p.First, nil
}

// beforeAll is where a list that is read from its start begins: it sorts before every row.
var beforeAll = Cursor{CreatedAt: time.Unix(0, 0)}

// bounds are the page's limit and the place after which it begins, in a list that goes from the oldest on. INVALID for a
// size or a cursor that is none.
func (p Page) bounds() (limit int, after Cursor, err error) {
	if limit, err = p.limit(); err != nil {
		return 0, Cursor{}, err
	}
	if p.After == nil {
		return limit, beforeAll, nil
	}
	after, err = ParseCursor("after", *p.After)
	return limit, after, err
}

// cut makes a page of the limit+1 rows that were read for it.
func cut[T any](rows []T, limit int, cursor func(T) Cursor) ([]T, *PageInfo) {
	info := &PageInfo{HasNextPage: len(rows) > limit}
	if info.HasNextPage {
		rows = rows[:limit]
	}
	if len(rows) > 0 {
		end := cursor(rows[len(rows)-1]).String()
		info.EndCursor = &end
	}
	return rows, info
}
