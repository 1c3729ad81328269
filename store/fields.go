package store

// Fields are the parts of a read shape that a reader wants, by the names of the GraphQL fields, each with the parts
// wanted of it. A read loads no level that nobody wants. Nil wants nothing beyond the row itself.
type Fields map[string]Fields

// Has says whether the part is wanted.
func (f Fields) Has(name string) bool {
	_, wanted := f[name]
	return wanted
}

// spares says whether a reader told what it wants and wants none of the parts: then what they refer to need not be read.
// A reader that told nothing gets every reference of a row completed.
func (f Fields) spares(names ...string) bool {
	for _, name := range names {
		if f.Has(name) {
			return false
		}
	}
	return f != nil
}

// Of answers what is wanted of a part, nil where the part is not.
func (f Fields) Of(name string) Fields { return f[name] }
