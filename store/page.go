package store

import "concordat/governance"

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
