package governance

import (
	"slices"
	"strings"
)

// MaxSuggestedChanges is how many changes one suggestion makes at most.
const MaxSuggestedChanges = 300

// SuggestionState says how a suggestion stands.
type SuggestionState string

// The values of SuggestionState.
const (
	SuggestionOpen           SuggestionState = "OPEN"
	SuggestionConflicting    SuggestionState = "CONFLICTING" // open, but the text has moved on under some of its elements
	SuggestionAccepted       SuggestionState = "ACCEPTED"
	SuggestionAcceptedInPart SuggestionState = "ACCEPTED_IN_PART"
	SuggestionRejected       SuggestionState = "REJECTED"
	SuggestionWithdrawn      SuggestionState = "WITHDRAWN"
)

// Undecided says whether the editors have still to decide on a suggestion.
func (s SuggestionState) Undecided() bool {
	return s == SuggestionOpen || s == SuggestionConflicting
}

// Choose answers those of a Diff's changes that stand at the given places, so that they can be made without the others:
// an element that was to follow a new one which is not chosen follows what that one follows.
func Choose(changes []Change, chosen []int) []Change {
	left := make(map[string]string) // elements that are not inserted, and what they would follow
	for i, change := range changes {
		if change.Kind == ChangeInsert && !slices.Contains(chosen, i) {
			left[change.Path] = change.After
		}
	}
	var kept []Change
	for i, change := range changes {
		if !slices.Contains(chosen, i) {
			continue
		}
		list := listOf(change.Path)
		for after, gone := left[join(list, change.After)]; gone; after, gone = left[join(list, change.After)] {
			change.After = after
		}
		kept = append(kept, change)
	}
	return kept
}

// listOf is the path of what holds the element at the path.
func listOf(path string) string { return path[:max(0, strings.LastIndexByte(path, '/'))] }

// Reach is where changes lie, for asking of many others whether they could meet.
type Reach struct {
	at         map[string]bool // the changed elements
	above      map[string]bool // and all that they lie in
	lists      map[string]bool // lists of which an element came, went or moved
	languages  bool            // an authentic language came or went, outside of which no text may be
	outcomes   bool            // an outcome came or went
	references bool            // something changed that refers to outcomes
}

// ReachOf answers where the changes lie.
func ReachOf(changes []Change) Reach {
	r := Reach{at: map[string]bool{}, above: map[string]bool{}, lists: map[string]bool{}}
	for _, change := range changes {
		path := change.place()
		r.at[path] = true
		for above := listOf(path); above != ""; above = listOf(above) {
			r.above[above] = true
		}
		if change.Kind != ChangeSet {
			r.lists[listOf(change.Path)] = true
		}
		r.references = r.references || change.refers()
	}
	r.languages, r.outcomes = r.lists["/languages"], r.lists["/outcomes"]
	return r
}

// Meets says whether a change lies at, in or around one of the reach's, changes the order of the same list, or touches
// what one of them depends on. Of changes that do not meet, Merge never finds two in conflict.
func (r Reach) Meets(change Change) bool {
	path, list := change.place(), listOf(change.Path)
	switch {
	case r.languages, list == "/languages":
		return true
	case r.outcomes && change.refers(), r.references && list == "/outcomes":
		return true
	case r.at[path], r.above[path], change.Kind != ChangeSet && r.lists[list]:
		return true
	}
	for above := listOf(path); above != ""; above = listOf(above) {
		if r.at[above] {
			return true
		}
	}
	return false
}

// place is the path of what a change changes as a whole: with the URI of a concept, its label.
func (c Change) place() string { return strings.TrimSuffix(c.Path, "/id") }

// refers says whether a change lies where outcomes are referred to.
func (c Change) refers() bool {
	return liesUnder(c.Path, "/assessments") || liesUnder(c.Path, "/validation")
}
