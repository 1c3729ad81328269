package governance

import (
	"slices"
	"strings"
)

// Class says how weighty a set of changes is.
type Class string

// The classes, the lighter first.
const (
	ClassEditorial   Class = "EDITORIAL"   // what somebody must learn and prove stays as it was
	ClassSubstantive Class = "SUBSTANTIVE" // what was agreed is another thing now
)

// Classes lists every class, the lighter first.
var Classes = []Class{ClassEditorial, ClassSubstantive}

// SubstantivePaths are the elements of which every change is substantive, whatever the charter says.
var SubstantivePaths = []string{"/outcomes", "/level", "/workload", "/assessments", "/qualityAssurance", "/stackability"}

// Classify answers SUBSTANTIVE where any change lies at or under one of SubstantivePaths or of the charter's own paths,
// in which "*" stands for any one element; else EDITORIAL.
func Classify(changes []Change, substantivePaths []string) Class {
	paths := slices.Concat(SubstantivePaths, substantivePaths)
	for _, change := range changes {
		if slices.ContainsFunc(paths, func(path string) bool { return liesUnder(change.Path, path) }) {
			return ClassSubstantive
		}
	}
	return ClassEditorial
}

// liesUnder says whether the path is the pattern's element or lies inside it.
func liesUnder(path, pattern string) bool {
	have, want := strings.Split(path, "/"), strings.Split(strings.TrimSuffix(pattern, "/"), "/")
	if len(have) < len(want) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != have[i] {
			return false
		}
	}
	return true
}

// RaiseClass answers the class that a person chose, given the one that Classify found. Choosing none keeps it; choosing
// a lighter one is INVALID.
func RaiseClass(found, chosen Class) (Class, error) {
	if chosen == "" {
		return found, nil
	}
	if !slices.Contains(Classes, chosen) {
		return "", Invalid("class", "unknown-word", "{value} is no class of change.", "value", string(chosen))
	}
	if slices.Index(Classes, chosen) < slices.Index(Classes, found) {
		return "", Invalid("class", "class-lowered", "The changes are {found}; they may be called weightier, not {chosen}.",
			"found", string(found), "chosen", string(chosen))
	}
	return chosen, nil
}
