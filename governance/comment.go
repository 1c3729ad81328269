package governance

// CommentKind says what kind of remark a comment is.
type CommentKind string

// The values of CommentKind.
const (
	CommentGeneral   CommentKind = "GENERAL"
	CommentEditorial CommentKind = "EDITORIAL"
	CommentTechnical CommentKind = "TECHNICAL"
)

// CommentState says how a comment or an objection stands.
type CommentState string

// The values of CommentState.
const (
	StateOpen      CommentState = "OPEN"
	StateAnswered  CommentState = "ANSWERED"
	StateReferred  CommentState = "REFERRED"
	StateUpheld    CommentState = "UPHELD"
	StateOverruled CommentState = "OVERRULED"
	StateResolved  CommentState = "RESOLVED"
	StateWithdrawn CommentState = "WITHDRAWN"
)

// DispositionKind is what the editors did about a comment.
type DispositionKind string

// The values of DispositionKind.
const (
	DispositionAccepted       DispositionKind = "ACCEPTED"
	DispositionAcceptedInPart DispositionKind = "ACCEPTED_IN_PART"
	DispositionRejected       DispositionKind = "REJECTED"
	DispositionOutOfScope     DispositionKind = "OUT_OF_SCOPE"
	DispositionDuplicate      DispositionKind = "DUPLICATE"
	DispositionNoted          DispositionKind = "NOTED"
)

// Reply is what a commenter says to the editors' answer.
type Reply string

// The values of Reply.
const (
	ReplySatisfied    Reply = "SATISFIED"
	ReplyNotSatisfied Reply = "NOT_SATISFIED"
)

// ConsultationState says whether a consultation is open.
type ConsultationState string

// The values of ConsultationState.
const (
	ConsultationOpen     ConsultationState = "OPEN"
	ConsultationClosed   ConsultationState = "CLOSED"
	ConsultationRecalled ConsultationState = "RECALLED"
)

// NeedsReason says whether the editors must say why: always, but where they did what was asked.
func (k DispositionKind) NeedsReason() bool { return k != DispositionAccepted }

// AfterReply is how a comment stands once its author replied to the answer. An objection is resolved, or lies with the
// council; a plain comment stays answered, and blocks nothing.
func AfterReply(objection bool, reply Reply) CommentState {
	switch {
	case objection && reply == ReplySatisfied:
		return StateResolved
	case objection:
		return StateReferred
	}
	return StateAnswered
}

// Withdrawable says whether a comment or an objection can still be taken back: until it is settled.
func (s CommentState) Withdrawable() bool {
	switch s {
	case StateOpen, StateAnswered, StateReferred, StateUpheld:
		return true
	case StateOverruled, StateResolved, StateWithdrawn:
	}
	return false
}

// Blocking says why a comment stands in the way of a ballot.
type Blocking string

// The reasons for which a comment blocks.
const (
	BlockingNothing   Blocking = ""
	BlockingAnswer    Blocking = "UNANSWERED"     // the editors have not answered it
	BlockingReply     Blocking = "AWAITING_REPLY" // its author may still reply
	BlockingObjection Blocking = "OBJECTION"      // an objection that is not settled
)

// Blocks says whether a comment received in time blocks a ballot: the gate of DESIGN section 3. A comment must be
// answered, and replied to or its reply days over (replyable is false then); an objection must be withdrawn, resolved
// (satisfied, or upheld and done), or overruled.
func Blocks(state CommentState, objection, replyable bool) Blocking {
	switch state {
	case StateWithdrawn, StateResolved, StateOverruled:
		return BlockingNothing
	case StateOpen:
		if !objection {
			return BlockingAnswer
		}
	case StateAnswered:
		if !objection && replyable {
			return BlockingReply
		}
		if !objection {
			return BlockingNothing
		}
	case StateReferred, StateUpheld:
	}
	return BlockingObjection
}
