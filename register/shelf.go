package register

import "concordat/store/recent"

// shelfSize is how many bytes of what was rendered are kept, however large the register is.
const shelfSize = 64 << 20

// overhead is about what keeping one thing takes besides, in bytes.
const overhead = 400

// shelf keeps what was rendered.
type shelf struct {
	things *recent.Values[shelfKey, any]
}

// shelfKey names something kept: of which address or publication, in which version and form.
type shelfKey struct{ of, version, form string }

func newShelf(limit int) shelf { return shelf{recent.New[shelfKey, any](limit)} }

// get answers what is kept under a key; nil where nothing is.
func (s shelf) get(key shelfKey) any {
	thing, _ := s.things.Get(key)
	return thing
}

// put keeps a thing of so many bytes in the place of another under its key.
func (s shelf) put(key shelfKey, thing any, size int) { s.things.Put(key, thing, size+overhead) }
