package graph

// pointers turns a list of values into the list of pointers that the generated code wants.
func pointers[T any](values []T) []*T {
	list := make([]*T, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}
