package governance

import (
	"slices"
	"time"
)

// NoticeKind is what a notice is about, in the words by which people turn it off.
type NoticeKind string

// The kinds of notices.
const (
	NoticeMention      NoticeKind = "MENTION"       // somebody was named in a comment
	NoticeDeadline     NoticeKind = "DEADLINE"      // something waits for the person and its time is running out
	NoticeAnswer       NoticeKind = "ANSWER"        // what became of one's comment or objection
	NoticeComment      NoticeKind = "COMMENT"       // what was said about a text that one works on
	NoticeWorkingGroup NoticeKind = "WORKING_GROUP" // invitations, requests and who is in the group
	NoticeConsultation NoticeKind = "CONSULTATION"
	NoticeBallot       NoticeKind = "BALLOT"
	NoticeEndorsement  NoticeKind = "ENDORSEMENT"
	NoticeSuggestion   NoticeKind = "SUGGESTION"
	NoticeNeed         NoticeKind = "NEED"
	NoticePublication  NoticeKind = "PUBLICATION"
	NoticeCouncil      NoticeKind = "COUNCIL" // a council's roll and charter
)

// NoticeKinds lists them in the order in which people are shown them.
var NoticeKinds = []NoticeKind{
	NoticeMention, NoticeDeadline, NoticeAnswer, NoticeComment, NoticeWorkingGroup, NoticeConsultation, NoticeBallot,
	NoticeEndorsement, NoticeSuggestion, NoticeNeed, NoticePublication, NoticeCouncil,
}

// AtOnce says whether notices of the kind are mailed as they come; the others wait for the digest.
func (k NoticeKind) AtOnce() bool { return k == NoticeMention || k == NoticeDeadline }

// Known says whether there is such a kind.
func (k NoticeKind) Known() bool { return slices.Contains(NoticeKinds, k) }

// Audience are the people whom something concerns, by how it does. Store knows how each is found.
type Audience string

// The audiences. Each is of the object of the act, or of the edition that the object belongs to.
const (
	AudienceMentioned  Audience = "MENTIONED"   // named in the comment
	AudienceCommenter  Audience = "COMMENTER"   // wrote the comment, or speaks for the organization that did
	AudienceThread     Audience = "THREAD"      // wrote in the thread that the comment hangs in
	AudienceAnswerer   Audience = "ANSWERER"    // answered the comment
	AudienceDebtor     Audience = "DEBTOR"      // owes a reply to the answer
	AudienceSuggester  Audience = "SUGGESTER"   // made the suggestion
	AudienceEditors    Audience = "EDITORS"     // authors in the working group
	AudienceLead       Audience = "LEAD"        // authors of the lead
	AudienceNamed      Audience = "NAMED"       // authors and representatives of the organization that the act names
	AudienceDeciders   Audience = "DECIDERS"    // representatives of the council
	AudienceSecretary  Audience = "SECRETARY"   // the council's secretaries
	AudienceRoll       Audience = "ROLL"        // authors and representatives of the organizations on the council's roll
	AudienceRollVoices Audience = "ROLL_VOICES" // representatives of the organizations on the council's roll
	AudienceInvited    Audience = "INVITED"     // authors and representatives of the organizations that the consultation invites by name
	AudienceSilent     Audience = "SILENT"      // of these and those, whose organization has not commented in the open consultation
	AudienceCommenters Audience = "COMMENTERS"  // whoever commented on the edition
	AudienceElectors   Audience = "ELECTORS"    // representatives of the organizations in the electorate
	AudienceColleagues Audience = "COLLEAGUES"  // representatives of the organization whose act it was
	AudienceVoters     Audience = "VOTERS"      // representatives of the electorate of the ballot that a reopening sets aside
	AudienceUndecided  Audience = "UNDECIDED"   // of those, whose organization has taken no position
	AudienceAsked      Audience = "ASKED"       // representatives of the body that was asked
	AudienceProposers  Audience = "PROPOSERS"   // authors and representatives of the organization that reported the need
	AudienceBackers    Audience = "BACKERS"     // representatives of the organizations that back the need
	AudienceReviewers  Audience = "REVIEWERS"   // who decides on the need
	AudienceApplicant  Audience = "APPLICANT"   // applied to the roll for an organization that was not registered
	AudienceVoices     Audience = "VOICES"      // representatives of the organization that it is about
	AudienceDue        Audience = "DUE"         // the council's secretaries, while the review of the publication waits
	AudiencePublisher  Audience = "PUBLISHER"   // publishers and representatives of the organization that published the edition
)

// Why tells somebody in an audience why it is told, as the end of a sentence: "You get this because …". {organization} is
// the organization for which the person is told.
func (a Audience) Why() string { return whys[a] }

var whys = map[Audience]string{
	AudienceMentioned:  "you were mentioned",
	AudienceCommenter:  "you commented",
	AudienceThread:     "you wrote in this thread",
	AudienceAnswerer:   "you answered this comment",
	AudienceDebtor:     "you commented, and your reply is asked for",
	AudienceSuggester:  "you suggested it",
	AudienceEditors:    "{organization} is in the working group",
	AudienceLead:       "{organization} leads the working group",
	AudienceNamed:      "it concerns {organization}",
	AudienceDeciders:   "{organization} decides on it",
	AudienceSecretary:  "you are a secretary of {organization}",
	AudienceRoll:       "{organization} is on the council's roll",
	AudienceRollVoices: "{organization} is on the council's roll",
	AudienceInvited:    "{organization} is invited to the consultation",
	AudienceSilent:     "{organization} is asked for comments and has made none",
	AudienceCommenters: "you commented on this text",
	AudienceElectors:   "{organization} is on the electorate",
	AudienceColleagues: "you speak for {organization}",
	AudienceVoters:     "{organization} was on the electorate",
	AudienceUndecided:  "{organization} is on the electorate and has taken no position",
	AudienceAsked:      "{organization} was asked",
	AudienceProposers:  "{organization} reported the need",
	AudienceBackers:    "{organization} backs the need",
	AudienceReviewers:  "{organization} decides on the need",
	AudienceApplicant:  "you applied",
	AudienceVoices:     "you speak for {organization}",
	AudienceDue:        "{organization} reviews it",
	AudiencePublisher:  "{organization} published it",
}

// NoticeRule says who is told of an act, and in which words.
type NoticeRule struct {
	Act  string // its type, or which reminder
	Kind NoticeKind
	To   []Audience // who is in several hears of it once, as in the first; who took the step never does
	Text string     // in English; {by} is the organization whose act it was, {person} who took the step, for its colleagues
}

// The reminders' words in the place of an act's type.
const (
	RemindConsultation = "REMIND_CONSULTATION"
	RemindBallot       = "REMIND_BALLOT"
	RemindReply        = "REMIND_REPLY"
	RemindReview       = "REMIND_REVIEW"
)

// Notices is the one table of who is told what. An act that is not in it is told to nobody. Positions are told to those
// alone who speak for the same organization: a ballot may be secret until it closes.
var Notices = []NoticeRule{
	{"COMMENT_ADDED", NoticeMention, []Audience{AudienceMentioned}, "{by} mentioned you in a comment."},
	{"COMMENT_ADDED", NoticeComment, []Audience{AudienceThread}, "{by} wrote in a thread of yours."},
	{"COMMENT_ADDED", NoticeComment, []Audience{AudienceEditors}, "{by} commented."},
	{"OBJECTION_RAISED", NoticeMention, []Audience{AudienceMentioned}, "{by} mentioned you in an objection."},
	{"OBJECTION_RAISED", NoticeComment, []Audience{AudienceEditors}, "{by} objected."},
	{"COMMENT_DISPOSED", NoticeAnswer, []Audience{AudienceCommenter},
		"{by} answered your comment. Say whether that satisfies you; silence counts as an answer."},
	{"DISPOSITION_REPLIED", NoticeComment, []Audience{AudienceAnswerer}, "{by} replied to your answer."},
	{"OBJECTION_REFERRED", NoticeAnswer, []Audience{AudienceCommenter}, "Your objection was referred to the council."},
	{"OBJECTION_REFERRED", NoticeAnswer, []Audience{AudienceDeciders}, "An objection was referred to you for a decision."},
	{"OBJECTION_UPHELD", NoticeAnswer, []Audience{AudienceCommenter}, "Your objection was upheld: the text will change."},
	{"OBJECTION_UPHELD", NoticeComment, []Audience{AudienceEditors}, "An objection was upheld: the text has to change."},
	{"OBJECTION_OVERRULED", NoticeAnswer, []Audience{AudienceCommenter}, "Your objection was overruled."},
	{"OBJECTION_OVERRULED", NoticeComment, []Audience{AudienceEditors}, "An objection was overruled."},

	{"DISPOSITION_LAPSED", NoticeAnswer, []Audience{AudienceCommenter}, "The answer to your comment lapsed: what it pointed at was taken back."},
	{"DISPOSITION_LAPSED", NoticeComment, []Audience{AudienceEditors}, "A comment wants an answer again: what its answer pointed at was taken back."},

	{"SUGGESTION_MADE", NoticeSuggestion, []Audience{AudienceEditors}, "{by} suggests a change."},
	{"SUGGESTION_ACCEPTED", NoticeSuggestion, []Audience{AudienceSuggester}, "{by} took up your suggestion."},
	{"SUGGESTION_REJECTED", NoticeSuggestion, []Audience{AudienceSuggester}, "{by} rejected your suggestion."},

	{"COMMENT_REPORTED", NoticeComment, []Audience{AudienceSecretary}, "Somebody reported a comment as out of place."},
	{"COMMENT_HIDDEN", NoticeAnswer, []Audience{AudienceCommenter}, "Your comment was hidden; the public reason stands in its place."},
	{"COMMENT_SHOWN", NoticeAnswer, []Audience{AudienceCommenter}, "Your comment is shown again."},
	{"COMMENT_REDACTED", NoticeAnswer, []Audience{AudienceCommenter}, "The words of your comment were erased; the public reason stands in their place."},
	{"SUGGESTION_REPORTED", NoticeSuggestion, []Audience{AudienceSecretary}, "Somebody reported a suggestion as out of place."},
	{"SUGGESTION_HIDDEN", NoticeSuggestion, []Audience{AudienceSuggester},
		"Your suggestion was hidden; the public reason stands in its place, and it cannot be accepted."},
	{"SUGGESTION_SHOWN", NoticeSuggestion, []Audience{AudienceSuggester}, "Your suggestion is shown again."},
	{"SUGGESTION_REDACTED", NoticeSuggestion, []Audience{AudienceSuggester}, "The words of your suggestion were erased; the public reason stands in their place."},
	{"REDACTION_REQUESTED", NoticeComment, []Audience{AudienceSecretary, AudienceDeciders},
		"Words are to be erased for good; a second person confirms or declines that."},
	{"REDACTION_WITHDRAWN", NoticeComment, []Audience{AudienceSecretary, AudienceDeciders},
		"A redaction that was asked for was taken back or declined."},

	{"WORKING_GROUP_INVITED", NoticeWorkingGroup, []Audience{AudienceNamed}, "{by} invites {organization} to the working group."},
	{"INVITATION_ACCEPTED", NoticeWorkingGroup, []Audience{AudienceLead}, "{by} joined the working group."},
	{"INVITATION_DECLINED", NoticeWorkingGroup, []Audience{AudienceLead}, "{by} declined to join the working group."},
	{"WORKING_GROUP_ASKED", NoticeWorkingGroup, []Audience{AudienceLead}, "{by} asks to join the working group."},
	{"REQUEST_ACCEPTED", NoticeWorkingGroup, []Audience{AudienceNamed}, "{organization} was let into the working group."},
	{"REQUEST_DECLINED", NoticeWorkingGroup, []Audience{AudienceNamed}, "{organization} was not let into the working group."},
	{"WORKING_GROUP_LEFT", NoticeWorkingGroup, []Audience{AudienceLead}, "{by} left the working group."},
	{"WORKING_GROUP_REMOVED", NoticeWorkingGroup, []Audience{AudienceNamed}, "{organization} was removed from the working group."},
	{"LEAD_TRANSFERRED", NoticeWorkingGroup, []Audience{AudienceNamed}, "{organization} now leads the working group."},
	{"ABANDONMENT_ANNOUNCED", NoticeWorkingGroup, []Audience{AudienceEditors, AudienceSecretary}, "{by} announced that this edition will be given up."},
	{"EDITION_ABANDONED", NoticeWorkingGroup, []Audience{AudienceEditors, AudienceCommenters}, "This edition was given up."},

	{"CONSULTATION_OPENED", NoticeConsultation, []Audience{AudienceEditors, AudienceRoll, AudienceInvited}, "A consultation was opened."},
	{"CONSULTATION_INVITED", NoticeConsultation, []Audience{AudienceInvited}, "{by} invites {organization} to comment."},
	{"CONSULTATION_SKIPPED", NoticeConsultation, []Audience{AudienceEditors, AudienceRoll},
		"The text goes on without a consultation: it changes nothing that matters."},
	{"CONSULTATION_EXTENDED", NoticeConsultation, []Audience{AudienceEditors, AudienceRoll, AudienceInvited, AudienceCommenters}, "The consultation was extended."},
	{"CONSULTATION_RECALLED", NoticeConsultation, []Audience{AudienceEditors, AudienceRoll, AudienceInvited, AudienceCommenters}, "The consultation was recalled."},
	{"CONSULTATION_CLOSED", NoticeConsultation, []Audience{AudienceEditors, AudienceSecretary, AudienceCommenters}, "The consultation was closed."},

	{"BALLOT_OPENED", NoticeBallot, []Audience{AudienceElectors, AudienceEditors}, "A ballot was opened."},
	{"BALLOT_CLOSED", NoticeBallot, []Audience{AudienceElectors, AudienceEditors, AudienceSecretary}, "The ballot was closed."},
	{"POSITION_TAKEN", NoticeBallot, []Audience{AudienceColleagues}, "{person} took a position for {organization}; it counts until it is changed."},
	{"POSITION_CHANGED", NoticeBallot, []Audience{AudienceColleagues}, "{person} changed the position of {organization}."},
	{"POSITION_RECONFIRMED", NoticeBallot, []Audience{AudienceColleagues}, "{person} reconfirmed the position of {organization}."},
	{"RECALL_REQUESTED", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders},
		"A recall of the ballot was asked for; a second person of the council decides."},
	{"RECALL_DECLINED", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders}, "The ballot will not be recalled."},
	{"RECALL_WITHDRAWN", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders}, "The request to recall the ballot was taken back."},
	{"BALLOT_RECALLED", NoticeBallot, []Audience{AudienceElectors, AudienceEditors, AudienceSecretary, AudienceDeciders},
		"The ballot was recalled. The positions taken stay on record; in the next ballot each is taken anew."},
	{"REOPENING_REQUESTED", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders},
		"It was asked to reopen the text; a second person of the council decides."},
	{"REOPENING_DECLINED", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders}, "The text will not be reopened."},
	{"REOPENING_WITHDRAWN", NoticeBallot, []Audience{AudienceSecretary, AudienceDeciders}, "The request to reopen the text was taken back."},
	{"TEXT_REOPENED", NoticeBallot, []Audience{AudienceVoters, AudienceEditors, AudienceSecretary, AudienceDeciders, AudienceCommenters},
		"The text was reopened. What was voted on is approved no more, and will be voted on again."},
	{"BALLOT_ENDED", NoticeBallot, []Audience{AudienceElectors, AudienceEditors, AudienceSecretary}, "The ballot was ended before its time."},

	{"ENDORSEMENT_REQUESTED", NoticeEndorsement, []Audience{AudienceAsked}, "{organization} is asked for its endorsement."},
	{"ENDORSEMENT_GIVEN", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead}, "{by} endorsed the text."},
	{"ENDORSEMENT_DECLINED", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead}, "{by} declined to endorse the text."},
	{"ENDORSEMENT_REVOKED", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead}, "{by} took its endorsement back."},
	{"ENDORSEMENT_EXPIRED", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead}, "An endorsement has expired."},
	{"ENDORSEMENT_LAPSED", NoticeEndorsement, []Audience{AudienceAsked},
		"The text was reopened: the endorsement asked of {organization}, or given by it, lapsed. It was of a text that is approved no more."},
	{"STATEMENT_GIVEN", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead, AudiencePublisher}, "{by} made a statement about the text."},
	{"STATEMENT_REVOKED", NoticeEndorsement, []Audience{AudienceSecretary, AudienceLead, AudiencePublisher}, "{by} took a statement about the text back."},
	{"EDITION_PUBLISHED", NoticePublication, []Audience{AudienceEditors, AudienceSecretary, AudienceCommenters}, "{by} published the text."},
	{"WITHDRAWAL_ASKED", NoticePublication, []Audience{AudienceSecretary}, "{by} asks that its publication be withdrawn."},
	{"WITHDRAWAL_TAKEN_BACK", NoticePublication, []Audience{AudienceSecretary}, "{by} does not ask for the withdrawal any more."},
	{"WITHDRAWAL_DECLINED", NoticePublication, []Audience{AudiencePublisher}, "The council declined to withdraw the publication."},
	{"PUBLICATION_WITHDRAWN", NoticePublication, []Audience{AudiencePublisher, AudienceEditors, AudienceSecretary, AudienceCommenters},
		"The publication was withdrawn."},
	{"PUBLICATION_SUSPENDED", NoticePublication, []Audience{AudiencePublisher, AudienceEditors, AudienceSecretary, AudienceCommenters},
		"The publication was suspended."},
	{"PUBLICATION_REINSTATED", NoticePublication, []Audience{AudiencePublisher, AudienceEditors, AudienceSecretary, AudienceCommenters},
		"The publication was reinstated."},

	{"REVIEW_CONFIRMED", NoticePublication, []Audience{AudiencePublisher, AudienceEditors, AudienceSecretary},
		"The review confirmed the publication: it stands until the next one."},
	{"REVISION_ASKED", NoticePublication, []Audience{AudienceLead, AudiencePublisher, AudienceSecretary},
		"The review asks for a further edition, which revises the published one."},
	{"PUBLICATION_LAPSED", NoticePublication, []Audience{AudiencePublisher, AudienceSecretary, AudienceEditors},
		"The publication lacks an endorsement that the charter asks for."},
	{"PUBLICATION_HEALED", NoticePublication, []Audience{AudiencePublisher, AudienceSecretary, AudienceEditors},
		"The publication has every endorsement again that the charter asks for."},

	{"NEED_PROPOSED", NoticeNeed, []Audience{AudienceReviewers}, "{by} reported a need."},
	{"NEED_UNDER_REVIEW", NoticeNeed, []Audience{AudienceProposers, AudienceBackers}, "The need was taken under review."},
	{"NEED_ACCEPTED", NoticeNeed, []Audience{AudienceProposers, AudienceBackers}, "The need was accepted."},
	{"NEED_DECLINED", NoticeNeed, []Audience{AudienceProposers, AudienceBackers}, "The need was declined."},
	{"NEED_MERGED", NoticeNeed, []Audience{AudienceProposers, AudienceBackers}, "The need was merged into another one."},
	{"NEED_ADDRESSED", NoticeNeed, []Audience{AudienceProposers, AudienceBackers}, "A publication answers the need."},
	{"NEED_UNADDRESSED", NoticeNeed, []Audience{AudienceProposers, AudienceBackers, AudienceReviewers},
		"The publication that answered the need was withdrawn."},

	{"CHARTER_FOUNDED", NoticeCouncil, []Audience{AudienceRollVoices, AudienceSecretary}, "The council has its first charter: its ballots go by it."},
	{"CHARTER_ADOPTED", NoticeCouncil, []Audience{AudienceRollVoices, AudienceSecretary},
		"The council adopted a charter. What is started from now on goes by it; an edition that was consulted on keeps its own."},
	{"APPLICATION_MADE", NoticeCouncil, []Audience{AudienceSecretary},
		"Somebody applies to the council's roll for an organization that is not registered yet."},
	{"APPLICATION_ADMITTED", NoticeCouncil, []Audience{AudienceApplicant},
		"The organization that you applied for is registered and on the council's roll. You represent it."},
	{"APPLICATION_REFUSED", NoticeCouncil, []Audience{AudienceApplicant},
		"Your application to the council's roll was refused; the reason stands with it."},
	{"APPLICATION_WITHDRAWN", NoticeCouncil, []Audience{AudienceSecretary}, "An application to the council's roll was taken back."},

	{"KEY_REGISTERED", NoticeEndorsement, []Audience{AudienceVoices},
		"{organization} has a key: what it says is signed from now on. If nobody of you did this, revoke it."},
	{"KEY_ROTATED", NoticeEndorsement, []Audience{AudienceVoices},
		"{organization} signs with another key from now on. If nobody of you did this, revoke it."},
	{"KEY_REVOKED", NoticeEndorsement, []Audience{AudienceVoices}, "A key of {organization} was revoked."},

	{RemindConsultation, NoticeDeadline, []Audience{AudienceSilent}, "The consultation is about to close."},
	{RemindBallot, NoticeDeadline, []Audience{AudienceUndecided}, "The ballot is about to close."},
	{RemindReply, NoticeDeadline, []Audience{AudienceDebtor}, "Your reply to the answer to your comment is asked for; silence counts as an answer."},
	{RemindReview, NoticeDeadline, []Audience{AudienceDue}, "The review of the publication is about to be due."},
}

// NoticesOf answers the rows of an act's type.
func NoticesOf(act string) []NoticeRule {
	var rules []NoticeRule
	for _, rule := range Notices {
		if rule.Act == act {
			rules = append(rules, rule)
		}
	}
	return rules
}

// NoticeText is what somebody in an audience of an act is told; empty where the table does not have it any more.
func NoticeText(act string, audience Audience) string {
	for _, rule := range NoticesOf(act) {
		if slices.Contains(rule.To, audience) {
			return rule.Text
		}
	}
	return ""
}

// ReminderDays are how many days before a deadline those who have not acted are reminded, the nearest first.
var ReminderDays = []int{1, 3}

// DueReminder answers the reminder of a deadline that is due now, in days before it: the nearest one whose moment has
// come since the thing began. Zero: none is.
func DueReminder(now, began, deadline time.Time) int {
	if !now.Before(deadline) {
		return 0
	}
	for _, days := range ReminderDays {
		moment := deadline.AddDate(0, 0, -days)
		if !now.Before(moment) {
			if began.After(moment) {
				return 0 // whoever was told of it just now needs no reminder
			}
			return days
		}
	}
	return 0
}

// DigestFrequency is how often somebody wants to be told by mail what can wait.
type DigestFrequency string

// The frequencies. A weekly digest comes on Mondays.
const (
	DigestDaily  DigestFrequency = "DAILY"
	DigestWeekly DigestFrequency = "WEEKLY"
	DigestNever  DigestFrequency = "NEVER"
)

// NextDigest answers when the next digest after an instant is due: at the hour in the zone. On a day whose clock skips
// the hour it is the one after. The error is INVALID: an unknown zone.
func NextDigest(after time.Time, frequency DigestFrequency, hour int, zone string) (time.Time, error) {
	location, err := Calendar{Zone: zone}.Location()
	if err != nil {
		return time.Time{}, err
	}
	local := after.In(location)
	for day := 0; ; day++ {
		next := time.Date(local.Year(), local.Month(), local.Day()+day, hour, 0, 0, 0, location)
		if next.After(after) && (frequency != DigestWeekly || next.Weekday() == time.Monday) {
			return next.UTC(), nil
		}
	}
}
