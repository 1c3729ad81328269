package governance

// Rebase makes changes that were made on base anew on head, by Merge. Those that conflict with what happened in between
// are left out and named; the rest can be applied to head. A change that does not apply to base is refused as Apply
// refuses it.
//
// In the conflicts, Ours is what the changes say and Theirs what head says.
func Rebase(changes []Change, base, head Document) (rebased []Change, conflicts []Conflict, err error) {
	ours, err := Apply(base, changes)
	if err != nil {
		return nil, nil, err
	}
	merged := Merge(base, ours, head)
	return Diff(head, merged.Document), merged.Conflicts, nil
}
