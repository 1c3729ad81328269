package graph

import "concordat/governance"

// pointers turns a list of values into the list of pointers that the generated code wants.
func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// ifSeen answers nothing where the viewer may not see what was read: a step can take from who takes it the sight of what
// it was taken on.
func ifSeen[T any](value *T, err error) (*T, error) {
	if governance.CodeOf(err) == governance.CodeNotFound {
		return nil, nil
	}
	return value, err
}
