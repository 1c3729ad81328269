package governance

// EditionAccess is what decides who may read an edition: DESIGN section 3, "Who sees what".
type EditionAccess struct {
	Stage       Stage
	Consulted   bool // a consultation was opened once
	InvitedOnly bool // and it was not public, nor was the edition ever approved
	ClosedGroup bool // the lead shows drafts to the working group alone
	Named       bool // the organization was invited to a consultation by its name
	Relations   []Relation
}

// Public says whether everybody may read the edition, signed in or not. What was public stays so.
func (a EditionAccess) Public() bool {
	return a.Stage.Public() || a.Consulted && !a.InvitedOnly
}

// Visible says whether somebody in these relations may read the edition. The council sees all that goes by its rules.
// Whoever votes on it, was asked about it or is to publish it sees what that is about. A closed group keeps its drafts to
// itself until it is consulted on: the roll is invited then, and whoever is named besides.
func (a EditionAccess) Visible() bool {
	if a.Public() || a.Consulted && a.Named {
		return true
	}
	for _, relation := range a.Relations {
		switch relation {
		case RelationCouncil, RelationWorkingGroup, RelationInvited, RelationAsked, RelationPublisher:
			return true
		case RelationOnRoll:
			if a.Consulted || !a.ClosedGroup {
				return true
			}
		case RelationElector: // of a ballot on it, now or before
			if a.Stage != StageDrafting {
				return true
			}
		default:
		}
	}
	return false
}
