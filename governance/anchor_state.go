package governance

import (
	"reflect"
	"strings"
)

// AnchorState says what became of the element that a comment was made on, by the newest text. An element that only
// moved in its list is the same element: its path names it by its id.
type AnchorState string

// The values of AnchorState.
const (
	AnchorCurrent     AnchorState = "CURRENT"      // it stands as it stood
	AnchorTextChanged AnchorState = "TEXT_CHANGED" // it is there, and says something else
	AnchorGone        AnchorState = "GONE"         // it is not there any more
)

// AnchorIn says what became by now of the element at the path, which stood in the text then.
func AnchorIn(then, now Document, path string) AnchorState {
	if !now.Has(path) {
		return AnchorGone
	}
	if reflect.DeepEqual(interfaceOf(then.at(path)), interfaceOf(now.at(path))) {
		return AnchorCurrent
	}
	return AnchorTextChanged
}

// interfaceOf is what stands at a place, nil where nothing does.
func interfaceOf(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

// Quotes says whether the words stand in the element at the path, in any of its languages where the path names none. How
// many blanks part the words does not matter: who copies from a page gets other ones.
func (d Document) Quotes(path, quote string) bool {
	words := strings.Join(strings.Fields(quote), " ")
	found := false
	eachString(d.at(path), func(text string) {
		found = found || strings.Contains(strings.Join(strings.Fields(text), " "), words)
	})
	return found
}

// eachString calls f for every text in the value; an element's id is none.
func eachString(v reflect.Value, f func(text string)) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[ElementID]() {
			f(v.String())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			eachString(v.Field(i), f)
		}
	case reflect.Map:
		for _, language := range v.MapKeys() {
			eachString(v.MapIndex(language), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachString(v.Index(i), f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachString(v.Elem(), f)
		}
	}
}
