package register

import (
	"container/list"
	"sync"
)

// shelfSize is how many bytes of what was rendered are kept, however large the register is.
const shelfSize = 64 << 20

// shelf keeps what was rendered, up to a number of bytes; what was not asked for the longest goes first.
type shelf struct {
	limit int

	mu    sync.Mutex // guards the rest
	size  int
	order *list.List // of *kept, what was asked for last in front
	found map[shelfKey]*list.Element
}

// shelfKey names something kept: of which address or publication, in which version and form.
type shelfKey struct{ of, version, form string }

type kept struct {
	key   shelfKey
	value any
	size  int
}

func newShelf(limit int) *shelf {
	return &shelf{limit: limit, order: list.New(), found: map[shelfKey]*list.Element{}}
}

// get answers what is kept under a key; nil where nothing is.
func (s *shelf) get(key shelfKey) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	element := s.found[key]
	if element == nil {
		return nil
	}
	s.order.MoveToFront(element)
	return element.Value.(*kept).value
}

// overhead is about what the shelf itself needs for one thing, in bytes.
const overhead = 400

// put keeps a value of so many bytes in the place of another under its key. What alone is larger than the shelf is not kept.
func (s *shelf) put(key shelfKey, value any, size int) {
	size += overhead
	if size > s.limit {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if element := s.found[key]; element != nil {
		s.drop(element)
	}
	for s.size+size > s.limit {
		s.drop(s.order.Back())
	}
	s.found[key] = s.order.PushFront(&kept{key, value, size})
	s.size += size
}

// drop takes something off the shelf, whose mutex the caller holds.
func (s *shelf) drop(element *list.Element) {
	gone := s.order.Remove(element).(*kept)
	delete(s.found, gone.key)
	s.size -= gone.size
}
