package governance

import "slices"

// Position is what an organization takes in a ballot. A missing vote is no position.
type Position string

// The positions. A comment may go with any of them; OBJECT asks for a reason and for what would remove it.
const (
	PositionApprove     Position = "APPROVE"
	PositionNoObjection Position = "NO_OBJECTION"
	PositionObject      Position = "OBJECT"
	PositionAbstain     Position = "ABSTAIN"
	PositionRecuse      Position = "RECUSE"
)

// Positions lists every position in the order in which tables show them.
var Positions = []Position{
	PositionApprove, PositionNoObjection, PositionObject, PositionAbstain, PositionRecuse,
}

// Valid says whether the position is one of Positions.
func (p Position) Valid() bool {
	return slices.Contains(Positions, p)
}
