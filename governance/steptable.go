package governance

// Steps by the words of the process.
const (
	ProposeNeed  Step = "PROPOSE_NEED"
	EditNeed     Step = "EDIT_NEED"
	WithdrawNeed Step = "WITHDRAW_NEED"
	BackNeed     Step = "BACK_NEED"
	ReviewNeed   Step = "REVIEW_NEED"
	AcceptNeed   Step = "ACCEPT_NEED"
	DeclineNeed  Step = "DECLINE_NEED"
	MergeNeeds   Step = "MERGE_NEEDS"

	StartSpecification     Step = "START_SPECIFICATION"
	StartEdition           Step = "START_EDITION"
	InviteToWorkingGroup   Step = "INVITE_TO_WORKING_GROUP"
	AnswerInvitation       Step = "ANSWER_INVITATION"
	AskToJoin              Step = "ASK_TO_JOIN"
	AnswerRequest          Step = "ANSWER_REQUEST"
	LeaveWorkingGroup      Step = "LEAVE_WORKING_GROUP"
	RemoveFromWorkingGroup Step = "REMOVE_FROM_WORKING_GROUP"
	TransferLead           Step = "TRANSFER_LEAD"
	SaveRevision           Step = "SAVE_REVISION"
	AnnounceAbandonment    Step = "ANNOUNCE_ABANDONMENT"
	AbandonEdition         Step = "ABANDON_EDITION"

	AddTranslation      Step = "ADD_TRANSLATION"
	SaveTranslation     Step = "SAVE_TRANSLATION"
	ConfirmTranslation  Step = "CONFIRM_TRANSLATION"
	WithdrawTranslation Step = "WITHDRAW_TRANSLATION"

	Suggest             Step = "SUGGEST"
	WithdrawSuggestion  Step = "WITHDRAW_SUGGESTION"
	AcceptSuggestion    Step = "ACCEPT_SUGGESTION"
	RejectSuggestion    Step = "REJECT_SUGGESTION"
	AddComment          Step = "ADD_COMMENT"
	ImportComments      Step = "IMPORT_COMMENTS"
	EditComment         Step = "EDIT_COMMENT"
	WithdrawComment     Step = "WITHDRAW_COMMENT"
	ResolveComment      Step = "RESOLVE_COMMENT"
	ReopenComment       Step = "REOPEN_COMMENT"
	RaiseObjection      Step = "RAISE_OBJECTION"
	DisposeComment      Step = "DISPOSE_COMMENT"
	ReplyToDisposition  Step = "REPLY_TO_DISPOSITION"
	ReferObjection      Step = "REFER_OBJECTION"
	OpenObjectionBallot Step = "OPEN_OBJECTION_BALLOT"
	UpholdObjection     Step = "UPHOLD_OBJECTION"
	OverruleObjection   Step = "OVERRULE_OBJECTION"

	OpenConsultation     Step = "OPEN_CONSULTATION"
	SkipConsultation     Step = "SKIP_CONSULTATION"
	InviteToConsultation Step = "INVITE_TO_CONSULTATION"
	ExtendConsultation   Step = "EXTEND_CONSULTATION"
	CloseConsultation    Step = "CLOSE_CONSULTATION"
	RecallConsultation   Step = "RECALL_CONSULTATION"

	OpenBallot        Step = "OPEN_BALLOT"
	TakePosition      Step = "TAKE_POSITION"
	ChangePosition    Step = "CHANGE_POSITION"
	ReconfirmPosition Step = "RECONFIRM_POSITION"
	CloseBallot       Step = "CLOSE_BALLOT"
	RequestRecall     Step = "REQUEST_RECALL"
	RecallBallot      Step = "RECALL_BALLOT"
	DeclineRecall     Step = "DECLINE_RECALL"
	RequestReopening  Step = "REQUEST_REOPENING"
	ReopenText        Step = "REOPEN_TEXT"
	DeclineReopening  Step = "DECLINE_REOPENING"

	RequestEndorsement Step = "REQUEST_ENDORSEMENT"
	GiveEndorsement    Step = "GIVE_ENDORSEMENT"
	DeclineEndorsement Step = "DECLINE_ENDORSEMENT"
	RevokeEndorsement  Step = "REVOKE_ENDORSEMENT"
	GiveStatement      Step = "GIVE_STATEMENT"
	RevokeStatement    Step = "REVOKE_STATEMENT"

	MakeOffer            Step = "MAKE_OFFER"
	ChangeOffer          Step = "CHANGE_OFFER"
	EndOffer             Step = "END_OFFER"
	NamePublisher        Step = "NAME_PUBLISHER"
	PublishEdition       Step = "PUBLISH_EDITION"
	AskWithdrawal        Step = "ASK_WITHDRAWAL"
	TakeBackWithdrawal   Step = "TAKE_BACK_WITHDRAWAL"
	DeclineWithdrawal    Step = "DECLINE_WITHDRAWAL"
	ConfirmWithdrawal    Step = "CONFIRM_WITHDRAWAL"
	OpenWithdrawalBallot Step = "OPEN_WITHDRAWAL_BALLOT"
	RecordReview         Step = "RECORD_REVIEW"
	OpenReviewBallot     Step = "OPEN_REVIEW_BALLOT"
	SuspendPublication   Step = "SUSPEND_PUBLICATION"
	ReinstatePublication Step = "REINSTATE_PUBLICATION"

	ProposeCharter          Step = "PROPOSE_CHARTER"
	FoundCharter            Step = "FOUND_CHARTER"
	WithdrawCharter         Step = "WITHDRAW_CHARTER"
	OpenCharterBallot       Step = "OPEN_CHARTER_BALLOT"
	AdoptCharter            Step = "ADOPT_CHARTER"
	RegisterOrganization    Step = "REGISTER_ORGANIZATION"
	EstablishCouncil        Step = "ESTABLISH_COUNCIL"
	ChangeCouncil           Step = "CHANGE_COUNCIL"
	SuspendOrganization     Step = "SUSPEND_ORGANIZATION"
	LiftSuspension          Step = "LIFT_SUSPENSION"
	DeclareControl          Step = "DECLARE_CONTROL"
	DeclareMembership       Step = "DECLARE_MEMBERSHIP"
	EndMembership           Step = "END_MEMBERSHIP"
	ApplyToRoll             Step = "APPLY_TO_ROLL"
	AdmitToRoll             Step = "ADMIT_TO_ROLL"
	ApplyForNewOrganization Step = "APPLY_FOR_NEW_ORGANIZATION"
	AdmitNewOrganization    Step = "ADMIT_NEW_ORGANIZATION"
	RefuseNewOrganization   Step = "REFUSE_NEW_ORGANIZATION"
	WithdrawApplication     Step = "WITHDRAW_APPLICATION"
	SuspendRollEntry        Step = "SUSPEND_ROLL_ENTRY"
	ReinstateRollEntry      Step = "REINSTATE_ROLL_ENTRY"
	EndRollEntry            Step = "END_ROLL_ENTRY"
	ChangeChamber           Step = "CHANGE_CHAMBER"
	GrantMandate            Step = "GRANT_MANDATE"
	InviteToMandate         Step = "INVITE_TO_MANDATE"
	AcceptMandate           Step = "ACCEPT_MANDATE"
	DeclineMandate          Step = "DECLINE_MANDATE"
	WithdrawInvitation      Step = "WITHDRAW_MANDATE_INVITATION"
	DelegateMandate         Step = "DELEGATE_MANDATE"
	ExtendMandate           Step = "EXTEND_MANDATE"
	EndMandate              Step = "END_MANDATE"

	ReportComment     Step = "REPORT_COMMENT"
	DismissReports    Step = "DISMISS_REPORTS"
	HideComment       Step = "HIDE_COMMENT"
	UnhideComment     Step = "UNHIDE_COMMENT"
	RequestRedaction  Step = "REQUEST_REDACTION"
	ConfirmRedaction  Step = "CONFIRM_REDACTION"
	WithdrawRedaction Step = "WITHDRAW_REDACTION"

	ReportSuggestion            Step = "REPORT_SUGGESTION"
	DismissSuggestionReports    Step = "DISMISS_SUGGESTION_REPORTS"
	HideSuggestion              Step = "HIDE_SUGGESTION"
	UnhideSuggestion            Step = "UNHIDE_SUGGESTION"
	RequestSuggestionRedaction  Step = "REQUEST_SUGGESTION_REDACTION"
	ConfirmSuggestionRedaction  Step = "CONFIRM_SUGGESTION_REDACTION"
	WithdrawSuggestionRedaction Step = "WITHDRAW_SUGGESTION_REDACTION"

	RegisterKey Step = "REGISTER_KEY"
	RotateKey   Step = "ROTATE_KEY"
	RevokeKey   Step = "REVOKE_KEY"
)

// Grants that rows share.
var (
	byAuthorOrRepresentative = []Role{RoleAuthor, RoleRepresentative}
	bySecretary              = []Grant{{Roles: []Role{RoleSecretary}, Relation: RelationCouncil}}
	byLeadOrSecretary        = []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationLead}, bySecretary[0]}
	byPublisher              = []Grant{{Roles: []Role{RolePublisher}, Relation: RelationPublisher}}
	byEditors                = []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationWorkingGroup}}
	byAdministrator          = []Grant{{Roles: []Role{RoleAdmin}, Relation: RelationPlatform}}
	byCouncilRepresentative  = []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationCouncil}}
	// A need is its sector's council's to decide; where the sector has none the store names the platform in its place.
	bySecretaryOrAdministrator = []Grant{bySecretary[0], byAdministrator[0]}
	byRepresentativeOrAdmin    = []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationOwn}, byAdministrator[0]}
	byInvitee                  = []Grant{{Relation: RelationInvitee}}
	byOwnAuthor                = []Grant{
		{Roles: byAuthorOrRepresentative, Relation: RelationOwn},
		{Relation: RelationSelf},
	}
	// A comment is spoken of by its organization's authors and representatives; an objection, as it was raised, by
	// representatives alone.
	byCommenter = append(byOwnAuthor[:2:2], Grant{Roles: []Role{RoleRepresentative}, Relation: RelationObjector})
	// A discussion is closed and opened again by those who lead it: the editors, and whoever began it.
	byEditorsOrOwnAuthor = append(byEditors[:1:1], byOwnAuthor...)
	// Who speaks for nobody is heard too, where a condition does not keep it out.
	byEverybody = []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationMember}, {Relation: RelationAnyone}}
	// What two persons of the council decide together, the second of them does. Words are erased by two persons of the
	// council, or of the platform.
	byCouncil    = []Grant{{Roles: []Role{RoleSecretary, RoleRepresentative}, Relation: RelationCouncil}}
	byModerators = []Grant{byCouncil[0], byAdministrator[0]}
)

// Stages that rows share.
var (
	whileText       = []Stage{StageDrafting, StageDisposition}
	beforeBallot    = []Stage{StageDrafting, StageConsultation, StageDisposition}
	beforePublish   = []Stage{StageDrafting, StageConsultation, StageDisposition, StageBallot, StageApproved, StageEndorsed}
	untilApproved   = []Stage{StageDrafting, StageConsultation, StageDisposition, StageBallot}
	whilePublic     = []Stage{StagePublished, StageSuperseded}
	untilTheEnd     = []Stage{StagePublished, StageSuperseded, StageSuspended}
	onConsult       = []Stage{StageConsultation}
	whileOpen       = []Stage{StageOpen} // a ballot's
	whileReopenable = []Stage{StageBallot, StageApproved, StageEndorsed}
	onOffer         = []Stage{StageApproved, StageEndorsed, StagePublished}
	sinceApproved   = []Stage{StageApproved, StageEndorsed, StagePublished, StageSuperseded, StageSuspended}
	whileReadable   = append(beforePublish[:len(beforePublish):len(beforePublish)], StagePublished, StageSuperseded, StageSuspended)
	needUndecided   = []Stage{StageOpen, StageUnderReview}
)

// Moves that rows share.
var lastAnswerGone = Move{KindNeed, StageAddressed, StageAccepted, "a need whose only publication this was"}

const carriedWithdrawal = "carried, on a withdrawal or a review that says so"

// An edition is given up by its lead or, once it is approved, by the secretary alone.
var byAbandoners = []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationLead, Stages: untilApproved}, bySecretary[0]}

// Steps is the one table of the process: DESIGN section 3. docs/process.md, the pages' buttons and the API's refusals
// all come from it.
var Steps = []StepRule{
	{Step: ProposeNeed, Object: KindPlatform, Scope: ScopeWrite, Starts: KindNeed, Next: StageOpen,
		By: []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationMember}}},
	{Step: EditNeed, Object: KindNeed, Scope: ScopeWrite, Stages: needUndecided,
		By: []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationOwn}}},
	{Step: WithdrawNeed, Object: KindNeed, Scope: ScopeWrite, Stages: needUndecided, Next: StageWithdrawn,
		By: []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationOwn}}},
	{Step: BackNeed, Object: KindNeed, Scope: ScopeWrite, Stages: []Stage{StageOpen, StageUnderReview, StageAccepted},
		By: []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationMember}}},
	{Step: ReviewNeed, Object: KindNeed, Scope: ScopeAct, Stages: []Stage{StageOpen}, Next: StageUnderReview,
		By: bySecretaryOrAdministrator},
	{Step: AcceptNeed, Object: KindNeed, Scope: ScopeAct, Stages: []Stage{StageUnderReview}, Next: StageAccepted,
		By: bySecretaryOrAdministrator},
	{Step: DeclineNeed, Object: KindNeed, Scope: ScopeAct, Stages: needUndecided, Next: StageDeclined,
		By: bySecretaryOrAdministrator},
	{Step: MergeNeeds, Object: KindNeed, Scope: ScopeAct, Stages: needUndecided, Next: StageMerged,
		By: bySecretaryOrAdministrator},

	{Step: StartSpecification, Object: KindCouncil, Scope: ScopeWrite, Starts: KindEdition, Next: StageDrafting,
		By: []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationOnRoll}}},
	{Step: StartEdition, Object: KindEdition, Scope: ScopeWrite, Starts: KindEdition, Next: StageDrafting,
		Stages: []Stage{StagePublished, StageSuperseded, StageSuspended, StageWithdrawn, StageAbandoned},
		By:     []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationOnRoll}}, Needs: []Need{NeedNoOpenEdition}},
	{Step: InviteToWorkingGroup, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot, By: byLeadOrSecretary},
	{Step: AnswerInvitation, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot,
		By: []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationInvited}}},
	{Step: AskToJoin, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot,
		By: []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationOnRoll}}},
	{Step: AnswerRequest, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot, By: byLeadOrSecretary},
	{Step: LeaveWorkingGroup, Object: KindEdition, Scope: ScopeWrite, Stages: beforePublish,
		By:    []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationWorkingGroup}},
		Needs: []Need{NeedNotLead}},
	{Step: RemoveFromWorkingGroup, Object: KindEdition, Scope: ScopeWrite, Stages: beforePublish, By: byLeadOrSecretary},
	{Step: TransferLead, Object: KindEdition, Scope: ScopeWrite, Stages: beforePublish, By: byLeadOrSecretary},
	{Step: SaveRevision, Object: KindEdition, Scope: ScopeWrite, Stages: whileText, By: byEditors},
	{Step: AnnounceAbandonment, Object: KindEdition, Scope: ScopeAct, Stages: beforePublish, By: byAbandoners},
	{Step: AbandonEdition, Object: KindEdition, Scope: ScopeAct, Stages: beforePublish, Next: StageAbandoned,
		By: byAbandoners, Needs: []Need{NeedNoticeKept}},

	{Step: AddTranslation, Object: KindEdition, Scope: ScopeWrite, Stages: whileReadable,
		By: []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationOnRoll}, byEditors[0], bySecretary[0]}},
	{Step: SaveTranslation, Object: KindTranslation, Scope: ScopeWrite, Stages: whileReadable,
		By:    []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationOwn}, byEditors[0], bySecretary[0]},
		Needs: []Need{NeedTranslationStands}},
	{Step: ConfirmTranslation, Object: KindTranslation, Scope: ScopeAct, Stages: whileReadable,
		By:    []Grant{{Roles: byAuthorOrRepresentative, Relation: RelationWorkingGroup}, bySecretary[0]},
		Needs: []Need{NeedTranslationStands, NeedNotItsTranslator, NeedTranslationFits}},
	{Step: WithdrawTranslation, Object: KindTranslation, Scope: ScopeWrite, Stages: whileReadable,
		By:    []Grant{{Roles: []Role{RoleAuthor}, Relation: RelationOwn}, bySecretary[0]},
		Needs: []Need{NeedTranslationStands}},

	{Step: Suggest, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot,
		By:    byEverybody,
		Needs: []Need{NeedPublicConsultation}},
	{Step: WithdrawSuggestion, Object: KindSuggestion, Scope: ScopeWrite, Stages: beforeBallot, By: byOwnAuthor,
		Needs: []Need{NeedUndecided}},
	{Step: AcceptSuggestion, Object: KindSuggestion, Scope: ScopeWrite, Stages: whileText, By: byEditors,
		Needs: []Need{NeedUndecided, NeedWordsStand, NeedShown}},
	{Step: RejectSuggestion, Object: KindSuggestion, Scope: ScopeWrite, Stages: whileText, By: byEditors,
		Needs: []Need{NeedUndecided}},
	{Step: AddComment, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot,
		By:    byEverybody,
		Needs: []Need{NeedPublicConsultation}},
	{Step: ImportComments, Object: KindEdition, Scope: ScopeWrite, Stages: beforeBallot,
		By: []Grant{bySecretary[0], {Roles: byAuthorOrRepresentative, Relation: RelationMember}}},
	{Step: EditComment, Object: KindComment, Scope: ScopeWrite, Stages: beforeBallot, By: byCommenter,
		Needs: []Need{NeedUnanswered, NeedWordsStand, NeedNotBalloted}},
	{Step: WithdrawComment, Object: KindComment, Scope: ScopeWrite, Stages: beforeBallot, By: byCommenter,
		Needs: []Need{NeedUnsettled}},
	{Step: ResolveComment, Object: KindComment, Scope: ScopeWrite, Stages: beforeBallot, By: byEditorsOrOwnAuthor,
		Needs: []Need{NeedDiscussionOpen}},
	{Step: ReopenComment, Object: KindComment, Scope: ScopeWrite, Stages: beforeBallot, By: byEditorsOrOwnAuthor,
		Needs: []Need{NeedDiscussionResolved}},
	{Step: RaiseObjection, Object: KindEdition, Scope: ScopeAct, Stages: beforeBallot,
		By:    []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationMember}},
		Needs: []Need{NeedChangedSince}},
	{Step: DisposeComment, Object: KindComment, Scope: ScopeWrite, Stages: whileText, By: byEditors,
		Needs: []Need{NeedAnswerable, NeedNotBalloted}},
	{Step: ReplyToDisposition, Object: KindComment, Scope: ScopeWrite, Stages: beforeBallot, By: byCommenter,
		Needs: []Need{NeedAnswered}},
	{Step: ReferObjection, Object: KindComment, Scope: ScopeAct, Stages: whileText,
		By:    []Grant{byEditors[0], {Relation: RelationClock}},
		Needs: []Need{NeedObjectionOpen}},
	{Step: OpenObjectionBallot, Object: KindComment, Scope: ScopeAct, Stages: []Stage{StageDisposition}, By: bySecretary,
		Needs: []Need{NeedByBallot, NeedReferred, NeedNotBalloted, NeedMinimumDays, NeedElectors}},
	{Step: UpholdObjection, Object: KindComment, Scope: ScopeAct, Stages: whileText, By: byCouncilRepresentative,
		Needs: []Need{NeedRepresentatives, NeedReferred, NeedNotItsAnswerer}},
	{Step: OverruleObjection, Object: KindComment, Scope: ScopeAct, Stages: whileText, By: byCouncilRepresentative,
		Needs: []Need{NeedRepresentatives, NeedReferred, NeedNotItsAnswerer}},

	{Step: OpenConsultation, Object: KindEdition, Scope: ScopeAct, Stages: whileText, Next: StageConsultation,
		By: bySecretary, Needs: []Need{NeedCharterInForce, NeedReady, NeedMinimumDays}, Checklist: true},
	{Step: SkipConsultation, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StageDrafting}, Next: StageDisposition,
		By: bySecretary, Needs: []Need{NeedCharterInForce, NeedEditorial, NeedReady}},
	{Step: InviteToConsultation, Object: KindEdition, Scope: ScopeAct, Stages: onConsult, By: bySecretary},
	{Step: ExtendConsultation, Object: KindEdition, Scope: ScopeAct, Stages: onConsult, By: bySecretary},
	{Step: CloseConsultation, Object: KindEdition, Scope: ScopeAct, Stages: onConsult, Next: StageDisposition,
		By: []Grant{bySecretary[0], {Relation: RelationClock}}, Needs: []Need{NeedEarlyClose}},
	{Step: RecallConsultation, Object: KindEdition, Scope: ScopeAct, Stages: onConsult, Next: StageDrafting, By: bySecretary},

	{Step: OpenBallot, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StageDisposition}, Next: StageBallot,
		By: bySecretary, Needs: []Need{NeedHeadDigest, NeedReady, NeedConsulted, NeedDisposed, NeedMinimumDays, NeedElectors}, Checklist: true},
	{Step: TakePosition, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen,
		By:    []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationElector}},
		Needs: []Need{NeedBallotOpen, NeedOneOrganization, NeedNoPosition}},
	{Step: ChangePosition, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen,
		By:    []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationElector}},
		Needs: []Need{NeedBallotOpen, NeedOneOrganization, NeedPosition}},
	{Step: ReconfirmPosition, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen,
		By:    []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationElector}},
		Needs: []Need{NeedBallotOpen, NeedOneOrganization, NeedNoPosition, NeedEarlierPosition}},
	{Step: CloseBallot, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen, Next: StageClosed,
		By: []Grant{{Relation: RelationClock}},
		Moves: []Move{
			{KindEdition, StageBallot, StageApproved, "carried, and the charter asks for endorsements"},
			{KindEdition, StageBallot, StageEndorsed, "carried, and the charter asks for no endorsement"},
			{KindEdition, StageBallot, StageDisposition, "not carried, or inquorate"},
			{KindEdition, StagePublished, StageWithdrawn, carriedWithdrawal},
			{KindEdition, StageSuperseded, StageWithdrawn, carriedWithdrawal},
			{KindEdition, StageSuspended, StageWithdrawn, carriedWithdrawal},
			lastAnswerGone,
		}},
	{Step: RequestRecall, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen,
		By: bySecretary, Needs: []Need{NeedBallotOpen, NeedCorrectable, NeedCorrectionUnasked}},
	{Step: RecallBallot, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen, Next: StageClosed,
		By: byCouncil, Needs: []Need{NeedBallotOpen, NeedCorrectionAsked, NeedSecondPerson, NeedCorrectable},
		Moves: []Move{{KindEdition, StageBallot, StageDisposition, "a ballot on the edition's text"}}},
	{Step: DeclineRecall, Object: KindBallot, Scope: ScopeAct, Stages: whileOpen,
		By: byCouncil, Needs: []Need{NeedCorrectionAsked}},
	{Step: RequestReopening, Object: KindEdition, Scope: ScopeAct, Stages: whileReopenable,
		By: bySecretary, Needs: []Need{NeedCorrectable, NeedCorrectionUnasked}},
	{Step: ReopenText, Object: KindEdition, Scope: ScopeAct, Stages: whileReopenable, Next: StageDisposition,
		By: byCouncil, Needs: []Need{NeedCorrectionAsked, NeedSecondPerson, NeedCorrectable}},
	{Step: DeclineReopening, Object: KindEdition, Scope: ScopeAct, Stages: whileReopenable,
		By: byCouncil, Needs: []Need{NeedCorrectionAsked}},

	{Step: RequestEndorsement, Object: KindEdition, Scope: ScopeAct, Stages: sinceApproved, By: bySecretary},
	{Step: GiveEndorsement, Object: KindEndorsement, Scope: ScopeAct, Stages: sinceApproved,
		By:    []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationAsked}},
		Needs: []Need{NeedApprovedDigest},
		Moves: []Move{{KindEdition, StageApproved, StageEndorsed, "the last endorsement asked for"}}},
	{Step: DeclineEndorsement, Object: KindEndorsement, Scope: ScopeAct, Stages: sinceApproved,
		By: []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationAsked}}},
	{Step: RevokeEndorsement, Object: KindEndorsement, Scope: ScopeAct, Stages: sinceApproved,
		By: []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationOwn}}, Needs: []Need{NeedGiven},
		Moves: []Move{{KindEdition, StageEndorsed, StageApproved, "an endorsement that the charter asks for"}}},
	{Step: GiveStatement, Object: KindEdition, Scope: ScopeAct,
		Stages: []Stage{StageApproved, StageEndorsed, StagePublished, StageSuperseded},
		By:     []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationMember}},
		Needs:  []Need{NeedAgreedSubject, NeedGiver, NeedDissenter}},
	{Step: RevokeStatement, Object: KindStatement, Scope: ScopeAct, Stages: sinceApproved,
		By: []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationOwn}}, Needs: []Need{NeedGiven}},

	{Step: MakeOffer, Object: KindEdition, Scope: ScopeAct, Stages: onOffer,
		By: []Grant{{Roles: []Role{RolePublisher}, Relation: RelationProvider}}},
	{Step: ChangeOffer, Object: KindOffer, Scope: ScopeAct, Stages: onOffer,
		By: []Grant{{Roles: []Role{RolePublisher}, Relation: RelationOwn}}},
	{Step: EndOffer, Object: KindOffer, Scope: ScopeAct, Stages: sinceApproved,
		By: []Grant{{Roles: []Role{RolePublisher}, Relation: RelationOwn}}},
	{Step: NamePublisher, Object: KindEdition, Scope: ScopeAct, Stages: beforePublish, By: byLeadOrSecretary},
	{Step: PublishEdition, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StageEndorsed}, Next: StagePublished,
		By: byPublisher, Needs: []Need{NeedEndorsedDigest, NeedOffer},
		Moves: []Move{
			{KindEdition, StagePublished, StageSuperseded, "the specification's earlier edition"},
			{KindNeed, StageAccepted, StageAddressed, "each need that the specification answers"},
		}},
	{Step: AskWithdrawal, Object: KindEdition, Scope: ScopeAct, Stages: untilTheEnd,
		By: byPublisher, Needs: []Need{NeedWithdrawalUnasked}},
	{Step: TakeBackWithdrawal, Object: KindEdition, Scope: ScopeAct, Stages: untilTheEnd,
		By: byPublisher, Needs: []Need{NeedWithdrawalAsked}},
	{Step: DeclineWithdrawal, Object: KindEdition, Scope: ScopeAct, Stages: untilTheEnd,
		By: bySecretary, Needs: []Need{NeedWithdrawalsBySecretary, NeedWithdrawalAsked}},
	{Step: ConfirmWithdrawal, Object: KindEdition, Scope: ScopeAct, Stages: untilTheEnd, Next: StageWithdrawn,
		By: bySecretary, Needs: []Need{NeedWithdrawalsBySecretary, NeedWithdrawalGround},
		Moves: []Move{lastAnswerGone}},
	{Step: OpenWithdrawalBallot, Object: KindEdition, Scope: ScopeAct, Stages: untilTheEnd, By: bySecretary,
		Needs: []Need{NeedWithdrawalsByBallot, NeedNotBalloted, NeedMinimumDays, NeedElectorsNow}},
	{Step: RecordReview, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StagePublished}, By: bySecretary,
		Needs: []Need{NeedReviewsBySecretary},
		Moves: []Move{{KindEdition, StagePublished, StageWithdrawn, "a review that says so"}, lastAnswerGone}},
	{Step: OpenReviewBallot, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StagePublished}, By: bySecretary,
		Needs: []Need{NeedReviewsByBallot, NeedNotBalloted, NeedMinimumDays, NeedElectorsNow}},
	{Step: SuspendPublication, Object: KindEdition, Scope: ScopeAct, Stages: whilePublic, Next: StageSuspended,
		By: bySecretary},
	{Step: ReinstatePublication, Object: KindEdition, Scope: ScopeAct, Stages: []Stage{StageSuspended}, By: bySecretary,
		Moves: []Move{
			{KindEdition, StageSuspended, StagePublished, "no later edition was published"},
			{KindEdition, StageSuspended, StageSuperseded, "a later edition was published, before or meanwhile"},
		}},

	{Step: ProposeCharter, Object: KindCouncil, Scope: ScopeAct, By: bySecretary},
	{Step: FoundCharter, Object: KindCharter, Scope: ScopeAct, By: byAdministrator, Needs: []Need{NeedNoCharter}},
	{Step: WithdrawCharter, Object: KindCharter, Scope: ScopeAct, By: bySecretary,
		Needs: []Need{NeedProposed, NeedNotBalloted}},
	{Step: OpenCharterBallot, Object: KindCharter, Scope: ScopeAct, By: bySecretary,
		Needs: []Need{NeedProposed, NeedCharterInForce, NeedSound, NeedNoCharterBallot, NeedMinimumDays, NeedElectors}, Checklist: true},
	{Step: AdoptCharter, Object: KindCharter, Scope: ScopeAct, By: []Grant{{Relation: RelationClock}},
		Needs: []Need{NeedProposed}},
	{Step: RegisterOrganization, Object: KindPlatform, Scope: ScopeAct, By: byAdministrator},
	{Step: EstablishCouncil, Object: KindPlatform, Scope: ScopeAct, By: byAdministrator},
	{Step: ChangeCouncil, Object: KindCouncil, Scope: ScopeAct, By: byAdministrator},
	{Step: SuspendOrganization, Object: KindOrganization, Scope: ScopeAct, By: byAdministrator, Needs: []Need{NeedNotSuspended}},
	{Step: LiftSuspension, Object: KindOrganization, Scope: ScopeAct, By: byAdministrator, Needs: []Need{NeedSuspended}},
	{Step: DeclareControl, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin, Needs: []Need{NeedNotDeputy}},
	{Step: DeclareMembership, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin, Needs: []Need{NeedNotDeputy}},
	{Step: EndMembership, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin, Needs: []Need{NeedNotDeputy}},
	{Step: ApplyToRoll, Object: KindCouncil, Scope: ScopeAct,
		By: []Grant{{Roles: []Role{RoleRepresentative}, Relation: RelationMember}}},
	{Step: AdmitToRoll, Object: KindCouncil, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedNoOpenBallot}},
	{Step: ApplyForNewOrganization, Object: KindCouncil, Scope: ScopeAct, By: byEverybody},
	{Step: AdmitNewOrganization, Object: KindApplication, Scope: ScopeAct, By: bySecretary,
		Needs: []Need{NeedApplicationOpen, NeedNoOpenBallot}},
	{Step: RefuseNewOrganization, Object: KindApplication, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedApplicationOpen}},
	{Step: WithdrawApplication, Object: KindApplication, Scope: ScopeAct, By: []Grant{{Relation: RelationSelf}},
		Needs: []Need{NeedApplicationOpen}},
	{Step: SuspendRollEntry, Object: KindRollEntry, Scope: ScopeAct, By: bySecretary},
	{Step: ReinstateRollEntry, Object: KindRollEntry, Scope: ScopeAct, By: bySecretary},
	{Step: EndRollEntry, Object: KindRollEntry, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedNoOpenBallot}},
	{Step: ChangeChamber, Object: KindRollEntry, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedNoOpenBallot}},
	{Step: GrantMandate, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin, Needs: []Need{NeedNotDeputy}},
	{Step: InviteToMandate, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin, Needs: []Need{NeedNotDeputy}},
	{Step: AcceptMandate, Object: KindInvitation, Scope: ScopeAct, By: byInvitee, Needs: []Need{NeedInvitationOpen}},
	{Step: DeclineMandate, Object: KindInvitation, Scope: ScopeAct, By: byInvitee, Needs: []Need{NeedInvitationOpen}},
	{Step: WithdrawInvitation, Object: KindInvitation, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedInvitationOpen}},
	{Step: DelegateMandate, Object: KindMandate, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedMandateStands, NeedDelegable}},
	{Step: ExtendMandate, Object: KindMandate, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedMandateStands, NeedExtensible}},
	{Step: EndMandate, Object: KindMandate, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedNotLastHolder}},

	{Step: ReportComment, Object: KindComment, Scope: ScopeWrite, By: byEverybody,
		Needs: []Need{NeedWordsStand, NeedUnreported}},
	{Step: DismissReports, Object: KindComment, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedReported}},
	{Step: HideComment, Object: KindComment, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedWordsStand, NeedShown}},
	{Step: UnhideComment, Object: KindComment, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedHidden}},
	{Step: RequestRedaction, Object: KindComment, Scope: ScopeAct, By: byModerators, Needs: []Need{NeedRedactionUnasked}},
	{Step: ConfirmRedaction, Object: KindComment, Scope: ScopeAct, By: byModerators,
		Needs: []Need{NeedRedactionAsked, NeedSecondPerson}},
	{Step: WithdrawRedaction, Object: KindComment, Scope: ScopeAct, By: byModerators, Needs: []Need{NeedRedactionAsked}},
	{Step: ReportSuggestion, Object: KindSuggestion, Scope: ScopeWrite, By: byEverybody,
		Needs: []Need{NeedWordsStand, NeedUnreported}},
	{Step: DismissSuggestionReports, Object: KindSuggestion, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedReported}},
	{Step: HideSuggestion, Object: KindSuggestion, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedWordsStand, NeedShown}},
	{Step: UnhideSuggestion, Object: KindSuggestion, Scope: ScopeAct, By: bySecretary, Needs: []Need{NeedHidden}},
	{Step: RequestSuggestionRedaction, Object: KindSuggestion, Scope: ScopeAct, By: byModerators,
		Needs: []Need{NeedRedactionUnasked}},
	{Step: ConfirmSuggestionRedaction, Object: KindSuggestion, Scope: ScopeAct, By: byModerators,
		Needs: []Need{NeedRedactionAsked, NeedSecondPerson}},
	{Step: WithdrawSuggestionRedaction, Object: KindSuggestion, Scope: ScopeAct, By: byModerators,
		Needs: []Need{NeedRedactionAsked}},
	{Step: RegisterKey, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedNoKeyInUse}},
	{Step: RotateKey, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedKeyInUse}},
	{Step: RevokeKey, Object: KindOrganization, Scope: ScopeAct, By: byRepresentativeOrAdmin,
		Needs: []Need{NeedNotDeputy, NeedUnrevokedKey}},
}
