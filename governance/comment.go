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
