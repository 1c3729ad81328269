package governance

// Sentence says the condition in English, as something that must be so: "The revision saved upon is the newest." Pages
// in other languages translate the condition itself.
func (n Need) Sentence() string { return needSentences[n] }

var needSentences = map[Need]string{
	NeedNoOpenEdition:      "No edition of the specification is open.",
	NeedCharterInForce:     "The council has a charter in force.",
	NeedNoCharter:          "The council has no charter yet.",
	NeedNotLead:            "The organization is not the lead.",
	NeedPublicConsultation: "The person speaks for an organization, or a public consultation is open.",
	NeedUndecided:          "The suggestion is neither decided on nor taken back.",
	NeedUnanswered:         "The comment has no answer yet.",
	NeedAnswerable:         "The comment wants an answer: it has none yet, or the council upheld the objection.",
	NeedAnswered:           "The comment has an answer that can be replied to.",
	NeedDiscussionOpen:     "The thread of a plain comment is not resolved.",
	NeedDiscussionResolved: "The thread of the comment is resolved.",
	NeedUnsettled:          "The comment is not taken back, resolved or overruled.",
	NeedChangedSince:       "The consultation has not closed yet, or the text objected to has changed since.",
	NeedObjectionOpen:      "The objection stands and is not yet referred.",
	NeedReferred:           "The objection lies with the council.",
	NeedNotItsAnswerer:     "The person is not the one who answered the objection.",
	NeedRepresentatives:    "The charter lets a representative of the council decide objections.",
	NeedReady:              "The readiness check finds no errors in the document.",
	NeedMinimumDays:        "The charter's minimum days are kept.",
	NeedEditorial:          "The edition changes a published one editorially, and the charter lets such a change skip the consultation.",
	NeedConsulted:          "The edition was consulted on, or changes a published one editorially.",
	NeedEarlyClose:         "The deadline has passed, or the charter allows closing early.",
	NeedDisposed:           "Every comment and objection received in time is dealt with.",
	NeedElectors:           "There are electors in each chamber that a condition of the charter names.",
	NeedHeadDigest:         "The digest is the newest revision's.",
	NeedBallotOpen:         "The ballot is open.",
	NeedNoPosition:         "The organization has taken no position in this ballot yet.",
	NeedPosition:           "The organization has taken a position in this ballot.",
	NeedOneOrganization:    "The person has spoken for no other organization in this ballot.",
	NeedApprovedDigest:     "The digest is the one that the ballot carried.",
	NeedEndorsedDigest:     "The digest is the endorsed one.",
	NeedGiven:              "The endorsement stands.",
	NeedOffer:              "The provider has an offer without errors.",
	NeedNoOpenBallot:       "No ballot of the council is open.",
	NeedNotLastHolder:      "It is not the mandate of the last administrator or the council's last secretary.",
	NeedNoticeKept:         "The charter's days of notice are over.",
}
