package governance

import "strings"

// Words says the step in English, for a heading, a button or a table: "Save a revision". Pages in other languages
// translate the step itself.
func (s Step) Words() string { return stepWords[s] }

// camel is the step's name as a GraphQL field: SAVE_REVISION is saveRevision.
func (s Step) camel() string {
	words := strings.Split(strings.ToLower(string(s)), "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// Mutation is the name of the GraphQL mutation that takes the step; empty where only the clock takes it.
func (r StepRule) Mutation() string {
	if r.onlyClock() {
		return ""
	}
	return r.Step.camel()
}

func (r StepRule) onlyClock() bool {
	for _, grant := range r.By {
		if grant.Relation != RelationClock {
			return false
		}
	}
	return true
}

var stepWords = map[Step]string{
	ProposeNeed:  "Propose a need",
	EditNeed:     "Edit a need",
	WithdrawNeed: "Withdraw a need",
	BackNeed:     "Back a need",
	ReviewNeed:   "Take a need under review",
	AcceptNeed:   "Accept a need",
	DeclineNeed:  "Decline a need",
	MergeNeeds:   "Merge needs",

	StartSpecification:     "Start a specification",
	StartEdition:           "Start a further edition",
	InviteToWorkingGroup:   "Invite to the working group",
	AnswerInvitation:       "Answer an invitation to the working group",
	AskToJoin:              "Ask to join the working group",
	AnswerRequest:          "Answer a request to join",
	LeaveWorkingGroup:      "Leave the working group",
	RemoveFromWorkingGroup: "Remove from the working group",
	TransferLead:           "Transfer the lead",
	SaveRevision:           "Save a revision",
	AnnounceAbandonment:    "Announce that an edition will be abandoned",
	AbandonEdition:         "Abandon an edition",

	AddTranslation:      "Add a translation",
	SaveTranslation:     "Save a translation",
	ConfirmTranslation:  "Confirm a translation",
	WithdrawTranslation: "Withdraw a translation",

	Suggest:             "Suggest changes",
	WithdrawSuggestion:  "Withdraw a suggestion",
	AcceptSuggestion:    "Accept a suggestion",
	RejectSuggestion:    "Reject a suggestion",
	AddComment:          "Comment",
	ImportComments:      "Import comments from a commenting form",
	EditComment:         "Edit a comment",
	WithdrawComment:     "Withdraw a comment or an objection",
	ResolveComment:      "Resolve a thread",
	ReopenComment:       "Reopen a thread",
	RaiseObjection:      "Object",
	DisposeComment:      "Answer a comment",
	ReplyToDisposition:  "Reply to an answer",
	OpenObjectionBallot: "Open a ballot on an objection",
	ReferObjection:      "Refer an objection to the council",
	UpholdObjection:     "Uphold an objection",
	OverruleObjection:   "Overrule an objection",

	OpenConsultation:     "Open a consultation",
	SkipConsultation:     "Skip the consultation",
	InviteToConsultation: "Invite to a consultation",
	ExtendConsultation:   "Extend a consultation",
	CloseConsultation:    "Close a consultation",
	RecallConsultation:   "Recall a consultation",

	OpenBallot:        "Open a ballot",
	TakePosition:      "Take a position",
	ChangePosition:    "Change a position",
	ReconfirmPosition: "Reconfirm a position",
	CloseBallot:       "Close a ballot",
	RequestRecall:     "Ask to recall a ballot",
	RecallBallot:      "Recall a ballot",
	DeclineRecall:     "Decline to recall a ballot",
	RequestReopening:  "Ask to reopen the text",
	ReopenText:        "Reopen the text",
	DeclineReopening:  "Decline to reopen the text",

	RequestEndorsement: "Ask for an endorsement",
	GiveEndorsement:    "Endorse",
	DeclineEndorsement: "Decline to endorse",
	RevokeEndorsement:  "Revoke an endorsement",
	GiveStatement:      "Give another statement",
	RevokeStatement:    "Revoke a statement",

	MakeOffer:            "Make an offer",
	ChangeOffer:          "Change an offer",
	EndOffer:             "End an offer",
	NamePublisher:        "Name the publisher",
	PublishEdition:       "Publish an edition",
	AskWithdrawal:        "Ask for withdrawal",
	TakeBackWithdrawal:   "Take a request for withdrawal back",
	DeclineWithdrawal:    "Decline a withdrawal",
	ConfirmWithdrawal:    "Confirm a withdrawal",
	OpenWithdrawalBallot: "Open a ballot on a withdrawal",
	RecordReview:         "Record a review",
	OpenReviewBallot:     "Open a ballot on a review",
	SuspendPublication:   "Suspend a publication",
	ReinstatePublication: "Reinstate a publication",

	ProposeCharter:          "Propose a charter",
	FoundCharter:            "Found the first charter",
	WithdrawCharter:         "Withdraw a proposed charter",
	OpenCharterBallot:       "Open a ballot on a charter",
	AdoptCharter:            "Adopt a charter",
	RegisterOrganization:    "Register an organization",
	EstablishCouncil:        "Establish a council",
	ChangeCouncil:           "Change a council",
	SuspendOrganization:     "Suspend an organization",
	LiftSuspension:          "Lift the suspension of an organization",
	DeclareControl:          "Declare who controls an organization",
	DeclareMembership:       "Declare a membership",
	EndMembership:           "End a membership",
	ApplyToRoll:             "Apply to the roll",
	AdmitToRoll:             "Admit to the roll",
	ApplyForNewOrganization: "Apply to the roll for a new organization",
	AdmitNewOrganization:    "Admit a new organization",
	RefuseNewOrganization:   "Refuse a new organization",
	WithdrawApplication:     "Withdraw an application to the roll",
	SuspendRollEntry:        "Suspend an entry on the roll",
	ReinstateRollEntry:      "Reinstate an entry on the roll",
	EndRollEntry:            "End an entry on the roll",
	ChangeChamber:           "Change an organization's chamber",
	GrantMandate:            "Grant a mandate",
	InviteToMandate:         "Invite to a mandate",
	AcceptMandate:           "Accept a mandate",
	DeclineMandate:          "Decline a mandate",
	WithdrawInvitation:      "Withdraw an invitation to a mandate",
	DelegateMandate:         "Delegate a mandate",
	ExtendMandate:           "Extend a mandate",
	EndMandate:              "End a mandate",

	ReportComment:     "Report a comment",
	DismissReports:    "Dismiss the reports of a comment",
	HideComment:       "Hide a comment",
	UnhideComment:     "Show a hidden comment again",
	RequestRedaction:  "Ask for the redaction of a comment",
	ConfirmRedaction:  "Confirm the redaction of a comment",
	WithdrawRedaction: "Take back or decline the redaction of a comment",

	ReportSuggestion:            "Report a suggestion",
	DismissSuggestionReports:    "Dismiss the reports of a suggestion",
	HideSuggestion:              "Hide a suggestion",
	UnhideSuggestion:            "Show a hidden suggestion again",
	RequestSuggestionRedaction:  "Ask for the redaction of a suggestion",
	ConfirmSuggestionRedaction:  "Confirm the redaction of a suggestion",
	WithdrawSuggestionRedaction: "Take back or decline the redaction of a suggestion",

	RegisterKey: "Register a key",
	RotateKey:   "Rotate a key",
	RevokeKey:   "Revoke a key",
}
