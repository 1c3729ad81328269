package governance

// WorkingGroupState says how an organization stands to a working group.
type WorkingGroupState string

// The values of WorkingGroupState.
const (
	GroupMember   WorkingGroupState = "MEMBER"
	GroupInvited  WorkingGroupState = "INVITED"
	GroupAsked    WorkingGroupState = "ASKED"
	GroupDeclined WorkingGroupState = "DECLINED"
	GroupLeft     WorkingGroupState = "LEFT"
	GroupRemoved  WorkingGroupState = "REMOVED"
)
