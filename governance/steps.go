package governance

// Step is something that somebody may do to an object. Its GraphQL mutation has the same words: SAVE_REVISION is
// saveRevision.
type Step string

// Kind is the kind of object that a step is taken on, and whose stage its rule names.
type Kind string

// The kinds of objects.
const (
	KindPlatform     Kind = "PLATFORM"
	KindOrganization Kind = "ORGANIZATION"
	KindCouncil      Kind = "COUNCIL"
	KindNeed         Kind = "NEED"
	KindEdition      Kind = "EDITION"
	KindSuggestion   Kind = "SUGGESTION" // stage: its edition's
	KindComment      Kind = "COMMENT"    // stage: its edition's
	KindBallot       Kind = "BALLOT"
	KindEndorsement  Kind = "ENDORSEMENT" // stage: its edition's
	KindOffer        Kind = "OFFER"       // stage: its edition's
	KindStatement    Kind = "STATEMENT"   // one that is no endorsement; stage: its edition's
	KindTranslation  Kind = "TRANSLATION" // stage: its edition's
	KindMandate      Kind = "MANDATE"
	KindInvitation   Kind = "MANDATE_INVITATION"
	KindRollEntry    Kind = "ROLL_ENTRY"
	KindApplication  Kind = "ROLL_APPLICATION" // for an organization that is not registered yet
	KindCharter      Kind = "CHARTER"
)

// Relation is how the acting organization, or the person itself, stands to the object.
type Relation string

// The relations. One organization can stand in several to one object.
const (
	RelationAnyone       Relation = "ANYONE"        // any signed-in person, speaking for itself
	RelationMember       Relation = "MEMBER"        // any active organization
	RelationOnRoll       Relation = "ON_ROLL"       // on the roll of the object's council
	RelationProvider     Relation = "PROVIDER"      // on that roll in the chamber PROVIDER
	RelationCouncil      Relation = "COUNCIL"       // the object's council itself
	RelationPlatform     Relation = "PLATFORM"      // the organization that runs the platform
	RelationOwn          Relation = "OWN"           // the object is the acting organization's
	RelationObjector     Relation = "OBJECTOR"      // the object is the acting organization's objection
	RelationSelf         Relation = "SELF"          // the object is the person's own
	RelationWorkingGroup Relation = "WORKING_GROUP" // in the edition's working group, the lead included
	RelationLead         Relation = "LEAD"          // the lead of the edition's working group
	RelationInvited      Relation = "INVITED"       // invited to the working group, not yet answered
	RelationInvitee      Relation = "INVITEE"       // the person is the one whom the invitation to a mandate is for
	RelationElector      Relation = "ELECTOR"       // in the ballot's frozen electorate
	RelationAsked        Relation = "ASKED"         // asked for an endorsement, not yet answered
	RelationPublisher    Relation = "PUBLISHER"     // the provider that publishes the edition
	RelationClock        Relation = "CLOCK"         // the server, when a deadline has passed
)

// Grant lets roles take a step where the acting organization stands in a relation to the object.
type Grant struct {
	Roles    []Role // any of them; empty: no mandate needed
	Relation Relation
	Stages   []Stage // narrows the rule's stages for this grant; empty: all of them
}

// Need is an extra condition of a step. The store finds out whether it holds, from rows it read under the lock, with
// the functions of this package; Permit asks in the order of the table.
type Need string

// The extra conditions.
const (
	NeedNoOpenEdition      Need = "NO_OPEN_EDITION"     // no edition of the specification is open
	NeedCharterInForce     Need = "CHARTER_IN_FORCE"    // the council has a charter
	NeedNoCharter          Need = "NO_CHARTER"          // the council has none yet
	NeedProposed           Need = "PROPOSED"            // the charter is proposed and not decided on
	NeedSound              Need = "SOUND"               // the charter has no errors
	NeedByBallot           Need = "BY_BALLOT"           // the charter leaves objections to a ballot
	NeedNotBalloted        Need = "NOT_BALLOTED"        // no ballot on the charter, objection or publication is open
	NeedNoCharterBallot    Need = "NO_CHARTER_BALLOT"   // no ballot of the council on a charter is open
	NeedNotLead            Need = "NOT_LEAD"            // the organization is not the lead
	NeedPublicConsultation Need = "PUBLIC_CONSULTATION" // the person speaks for an organization, or a public consultation is open
	NeedUndecided          Need = "UNDECIDED"           // the suggestion is neither decided on nor taken back
	NeedUnanswered         Need = "UNANSWERED"          // the comment has no answer yet
	NeedAnswerable         Need = "ANSWERABLE"          // the comment wants the editors' answer
	NeedAnswered           Need = "ANSWERED"            // the comment has an answer that can be replied to
	NeedUnsettled          Need = "UNSETTLED"           // the comment is not taken back, resolved or overruled
	NeedDiscussionOpen     Need = "DISCUSSION_OPEN"     // the thread of the comment is not resolved
	NeedDiscussionResolved Need = "DISCUSSION_RESOLVED" // the thread of the comment is resolved
	NeedChangedSince       Need = "CHANGED_SINCE"       // before the close, or the text changed since
	NeedObjectionOpen      Need = "OBJECTION_OPEN"      // the objection stands and is not referred
	NeedReferred           Need = "REFERRED"            // the objection lies with the council
	NeedNotItsAnswerer     Need = "NOT_ITS_ANSWERER"    // the person did not answer the objection
	NeedRepresentatives    Need = "REPRESENTATIVES"     // the charter lets a representative decide objections
	NeedTranslationStands  Need = "TRANSLATION_STANDS"  // the translation was not withdrawn
	NeedNotItsTranslator   Need = "NOT_ITS_TRANSLATOR"  // the person did not write the translation
	NeedTranslationFits    Need = "TRANSLATION_FITS"    // the translation has every text as it stands now
	NeedWordsStand         Need = "WORDS_STAND"         // the words were not redacted
	NeedUnreported         Need = "UNREPORTED"          // the person has not reported it
	NeedReported           Need = "REPORTED"            // somebody has, and nothing came of it yet
	NeedShown              Need = "SHOWN"               // the words are not hidden
	NeedHidden             Need = "HIDDEN"              // the words are hidden
	NeedRedactionUnasked   Need = "REDACTION_UNASKED"   // nobody waits for a second person to redact it
	NeedRedactionAsked     Need = "REDACTION_ASKED"     // somebody asked for its redaction
	NeedSecondPerson       Need = "SECOND_PERSON"       // that was another person
	NeedReady              Need = "READY"               // no readiness errors
	NeedMinimumDays        Need = "MINIMUM_DAYS"        // the charter's minimum days are kept
	NeedEarlyClose         Need = "EARLY_CLOSE"         // the deadline has passed, or the charter allows closing early
	NeedEditorial          Need = "EDITORIAL"           // a published edition is changed editorially, and the charter lets that skip
	NeedConsulted          Need = "CONSULTED"           // the text was consulted on, or could skip that
	NeedDisposed           Need = "DISPOSED"            // every comment and objection in time is dealt with
	NeedElectors           Need = "ELECTORS"            // electors sit in each chamber that a condition names
	NeedHeadDigest         Need = "HEAD_DIGEST"         // the digest is the head revision's
	NeedBallotOpen         Need = "BALLOT_OPEN"         // the ballot is open now
	NeedCorrectable        Need = "CORRECTABLE"         // the charter lists a ground to take it back, and its hours are not over
	NeedCorrectionUnasked  Need = "CORRECTION_UNASKED"  // nobody waits for a second person to take it back
	NeedCorrectionAsked    Need = "CORRECTION_ASKED"    // somebody asked to take it back
	NeedNoPosition         Need = "NO_POSITION"         // the organization has taken none in this ballot
	NeedEarlierPosition    Need = "EARLIER_POSITION"    // the organization took one in an earlier ballot on the edition
	NeedPosition           Need = "POSITION"            // the organization has taken one in this ballot
	NeedOneOrganization    Need = "ONE_ORGANIZATION"    // the person spoke for no other organization in this ballot
	NeedApprovedDigest     Need = "APPROVED_DIGEST"     // the digest is the one the ballot carried
	NeedEndorsedDigest     Need = "ENDORSED_DIGEST"     // the digest is the endorsed one
	NeedGiven              Need = "GIVEN"               // the endorsement stands
	NeedOffer              Need = "OFFER"               // the provider has an offer without errors
	NeedNoOpenBallot       Need = "NO_OPEN_BALLOT"      // no ballot of the council is open
	NeedNotLastHolder      Need = "NOT_LAST_HOLDER"     // not the last administrator or secretary
	NeedNotDeputy          Need = "NOT_DEPUTY"          // the person speaks for the organization itself, not as a deputy
	NeedNotSuspended       Need = "NOT_SUSPENDED"       // the organization is not suspended
	NeedSuspended          Need = "SUSPENDED"           // the organization is suspended
	NeedNoKeyInUse         Need = "NO_KEY_IN_USE"       // the organization signs with no key yet
	NeedKeyInUse           Need = "KEY_IN_USE"          // the organization signs with a key
	NeedUnrevokedKey       Need = "UNREVOKED_KEY"       // the organization has a key that is not revoked
	NeedInvitationOpen     Need = "INVITATION_OPEN"     // the invitation to a mandate is not answered, taken back or lapsed
	NeedApplicationOpen    Need = "APPLICATION_OPEN"    // the application to the roll is neither decided on nor taken back
	NeedMandateStands      Need = "MANDATE_STANDS"      // the mandate is not over
	NeedDelegable          Need = "DELEGABLE"           // it is neither a deputy's nor an administrator's
	NeedExtensible         Need = "EXTENSIBLE"          // it has an end, and is no deputy's
	NeedNoticeKept         Need = "NOTICE_KEPT"         // the charter's days of notice are over
	NeedAgreedSubject      Need = "AGREED_SUBJECT"      // the digest is the approved text's, or the offer's as it stands
	NeedGiver              Need = "GIVER"               // the body is one that gives such statements
	NeedDissenter          Need = "DISSENTER"           // who dissents objected in the ballot that decided, and has not yet said so
	NeedWithdrawalUnasked  Need = "WITHDRAWAL_UNASKED"  // no request for withdrawal waits
	NeedWithdrawalAsked    Need = "WITHDRAWAL_ASKED"    // one waits
	NeedWithdrawalGround   Need = "WITHDRAWAL_GROUND"   // one waits, or nobody is left who could ask

	// By the charter in force, not the one that the edition keeps.
	NeedWithdrawalsBySecretary Need = "WITHDRAWALS_BY_SECRETARY" // it leaves withdrawals to the secretary
	NeedWithdrawalsByBallot    Need = "WITHDRAWALS_BY_BALLOT"    // it leaves them to a ballot
	NeedReviewsBySecretary     Need = "REVIEWS_BY_SECRETARY"     // it leaves reviews to the secretary
	NeedReviewsByBallot        Need = "REVIEWS_BY_BALLOT"        // it leaves them to a ballot
	NeedElectorsNow            Need = "ELECTORS_NOW"             // electors sit in each chamber that its conditions name
)

// StepRule is a row of the table: who may take a step, when, with what effect on the stage.
type StepRule struct {
	Step   Step
	Object Kind
	Stages []Stage // in which it may be taken; empty: whatever the stage
	Next   Stage   // the stage afterwards, of the object or of the one that the step starts; empty: as before
	Starts Kind    // the step makes a new object of this kind; empty: it makes none that has stages
	Moves  []Move  // changes of stage that the step may bring besides, by what comes of it
	By     []Grant // any one of them
	Needs  []Need
	Scope  Scope
	// Checklist says that every condition which does not hold is told at once, and not the first alone.
	Checklist bool
}

// RuleOf answers the row of a step. It panics for a step that is not in the table: a slip of ours, not of a user.
func RuleOf(step Step) StepRule {
	rule, ok := rules[step]
	if !ok {
		panic("governance: no rule for step " + string(step))
	}
	return rule
}

var rules = func() map[Step]StepRule {
	byStep := make(map[Step]StepRule, len(Steps))
	for _, rule := range Steps {
		byStep[rule.Step] = rule
	}
	return byStep
}()
