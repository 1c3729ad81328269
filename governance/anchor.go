package governance

import (
	"reflect"
	"slices"
	"strings"
)

// Has says whether the document has an element at the path, as in /outcomes/<id>/statement/en, and something stands
// there. The empty path is the whole document.
func (d Document) Has(path string) bool {
	at := d.at(path)
	return path == "" || at.IsValid() && !at.IsZero()
}

// at is what stands at the path, the zero Value where the document has no such place.
func (d Document) at(path string) reflect.Value {
	at := reflect.ValueOf(d)
	if path == "" {
		return at
	}
	if !strings.HasPrefix(path, "/") {
		return reflect.Value{}
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		if at = childOf(at, unescapeSegment(segment)); !at.IsValid() {
			return at
		}
	}
	return at
}

// childOf answers the member or element of that name, the zero Value where there is none.
func childOf(v reflect.Value, name string) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		if i := slices.Index(memberNames(v.Type()), name); i >= 0 {
			return v.Field(i)
		}
	case reflect.Map:
		return v.MapIndex(reflect.ValueOf(name))
	case reflect.Slice:
		for i := range v.Len() {
			if element := v.Index(i); idOf(element) == name {
				return element
			}
		}
	}
	return reflect.Value{}
}

// idOf is the id of an element of a list: its member ID, or itself where it is a word.
func idOf(element reflect.Value) string {
	if element.Kind() == reflect.Struct {
		element = element.FieldByName("ID")
	}
	if element.Kind() != reflect.String {
		return ""
	}
	return element.String()
}

// Touched says whether any of the changes lies at the path, below it, or above it (the element came or went as a whole).
func Touched(changes []Change, path string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return liesUnder(c.Path, path) || liesUnder(path, c.Path) })
}
