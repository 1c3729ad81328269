package matrix_test

import (
	"encoding/json"
	"strings"
	"time"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store/storetest"
)

// input is what a mutation takes.
type input map[string]any

// why is the reason that steps are given.
const why = "because it is so"

// inputs make complete and valid input for each step that has a mutation. A step that is missing here fails the test.
var inputs = map[governance.Step]func(c cell) input{
	governance.ProposeNeed: func(c cell) input {
		return input{
			"council": c.org(council), "sector": needSector, "title": "Pipe fitters", "description": "Too few.", "language": "en",
			"country": "LV", "headCount": 12, "urgency": "NOW",
		}
	},
	governance.EditNeed:     func(c cell) input { return input{"need": c.object.id, "title": "Fitters", "headCount": 41} },
	governance.WithdrawNeed: func(c cell) input { return input{"need": c.object.id, "reason": why} },
	governance.BackNeed:     func(c cell) input { return input{"need": c.object.id, "headCount": 7} },
	governance.ReviewNeed:   func(c cell) input { return input{"need": c.object.id} },
	governance.AcceptNeed:   func(c cell) input { return input{"need": c.object.id, "reason": why} },
	governance.DeclineNeed:  func(c cell) input { return input{"need": c.object.id, "reason": why} },
	governance.MergeNeeds: func(c cell) input {
		return input{"need": c.object.id, "into": needInto(c.object.council), "reason": why}
	},

	governance.StartSpecification: func(c cell) input {
		return input{"council": c.object.id, "slug": "tiling", "document": asJSON(document()), "message": "a start"}
	},
	governance.StartEdition: func(c cell) input {
		return input{"specification": string(c.object.edition.specification), "number": "9.0"}
	},
	governance.InviteToWorkingGroup: func(c cell) input { return c.onEdition("organization", c.org(guild), "message", "please") },
	governance.AnswerInvitation:     func(c cell) input { return c.onEdition("accept", c.actor.is(governance.RoleAuthor)) },
	governance.AskToJoin:            func(c cell) input { return c.onEdition("message", "please") },
	governance.AnswerRequest: func(c cell) input {
		return c.onEdition("organization", c.org(learners), "accept", c.actor.is(governance.RoleAuthor))
	},
	governance.LeaveWorkingGroup:      func(c cell) input { return c.onEdition() },
	governance.RemoveFromWorkingGroup: func(c cell) input { return c.onEdition("organization", c.org(acme), "reason", why) },
	governance.TransferLead:           func(c cell) input { return c.onEdition("organization", c.org(acme)) },
	governance.SaveRevision: func(c cell) input {
		changed := document()
		changed.Summary = governance.Text{"en": "Fit heat pumps.", "de": "Wärmepumpen einbauen."}
		return c.onEdition("base", string(c.object.edition.head), "document", asJSON(changed), "message", "clearer")
	},
	governance.AddTranslation: func(c cell) input {
		return c.onEdition("language", "lt", "of", string(c.object.edition.digest), "status", "MACHINE", "texts", aTranslatedTitle)
	},
	governance.SaveTranslation: func(c cell) input {
		return input{
			"translation": c.object.id, "base": 1, "of": string(c.object.edition.digest), "status": "UNOFFICIAL", "texts": aTranslatedTitle,
		}
	},
	governance.ConfirmTranslation: func(c cell) input {
		return input{"translation": c.object.id, "digest": string(c.object.digest)}
	},
	governance.WithdrawTranslation: func(c cell) input { return input{"translation": c.object.id, "reason": why} },

	governance.AnnounceAbandonment: func(c cell) input { return c.onEdition("reason", why) },
	governance.AbandonEdition:      func(c cell) input { return c.onEdition("reason", why) },

	governance.Suggest: func(c cell) input {
		change := input{"kind": "SET", "path": "/title/en", "value": "Fitting a heat pump"}
		return c.onEdition("base", string(c.object.edition.head), "changes", []input{change}, "reason", why)
	},
	governance.WithdrawSuggestion: func(c cell) input { return input{"suggestion": c.object.id} },
	governance.AcceptSuggestion:   func(c cell) input { return input{"suggestion": c.object.id, "message": "clearer"} },
	governance.RejectSuggestion:   func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },

	governance.ReportSuggestion:            func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },
	governance.DismissSuggestionReports:    func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },
	governance.HideSuggestion:              func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },
	governance.UnhideSuggestion:            func(c cell) input { return input{"suggestion": c.object.id} },
	governance.RequestSuggestionRedaction:  func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },
	governance.ConfirmSuggestionRedaction:  func(c cell) input { return input{"suggestion": c.object.id} },
	governance.WithdrawSuggestionRedaction: func(c cell) input { return input{"suggestion": c.object.id, "reason": why} },

	governance.AddComment: func(c cell) input { return c.onEdition("kind", "GENERAL", "body", "Unclear.") },
	governance.ImportComments: func(c cell) input {
		return c.onEdition("rows", []input{{"number": 3, "kind": "EDITORIAL", "body": "Unclear."}})
	},
	governance.EditComment: func(c cell) input {
		if c.object.objection() {
			return c.onComment("body", "It asks far too much.", "remedy", "Ask less.")
		}
		return c.onComment("body", "Quite unclear.")
	},
	governance.WithdrawComment:    func(c cell) input { return c.onComment() },
	governance.ResolveComment:     func(c cell) input { return c.onComment() },
	governance.ReopenComment:      func(c cell) input { return c.onComment() },
	governance.ReportComment:      func(c cell) input { return c.onComment("reason", why) },
	governance.DismissReports:     func(c cell) input { return c.onComment("reason", why) },
	governance.HideComment:        func(c cell) input { return c.onComment("reason", why) },
	governance.UnhideComment:      func(c cell) input { return c.onComment() },
	governance.RequestRedaction:   func(c cell) input { return c.onComment("reason", why) },
	governance.ConfirmRedaction:   func(c cell) input { return c.onComment() },
	governance.WithdrawRedaction:  func(c cell) input { return c.onComment("reason", why) },
	governance.RaiseObjection:     func(c cell) input { return c.onEdition("reason", why, "remedy", "Ask less.") },
	governance.DisposeComment:     func(c cell) input { return c.onComment("kind", "REJECTED", "reason", why) },
	governance.ReplyToDisposition: func(c cell) input { return c.onComment("reply", "SATISFIED") },
	governance.ReferObjection:     func(c cell) input { return c.onComment() },
	governance.OpenObjectionBallot: func(c cell) input {
		return c.onComment("closesOn", c.scene.dayIn(2*ballotLength))
	},
	governance.UpholdObjection:   func(c cell) input { return c.onComment("reason", why) },
	governance.OverruleObjection: func(c cell) input { return c.onComment("reason", why) },

	governance.OpenConsultation: func(c cell) input {
		return c.onEdition("closesOn", c.scene.dayIn(2*consultationLength), "isPublic", true)
	},
	governance.SkipConsultation:     func(c cell) input { return c.onEdition("reason", why) },
	governance.InviteToConsultation: func(c cell) input { return c.onEdition("organizations", []string{c.org(guild)}) },
	governance.ExtendConsultation: func(c cell) input {
		return c.onEdition("closesOn", c.scene.dayIn(3*consultationLength), "reason", why)
	},
	governance.CloseConsultation:  func(c cell) input { return c.onEdition("reason", why) },
	governance.RecallConsultation: func(c cell) input { return c.onEdition("reason", why) },

	governance.OpenBallot: func(c cell) input {
		return c.onEdition("digest", string(c.object.edition.digest), "closesOn", c.scene.dayIn(2*ballotLength))
	},
	governance.TakePosition:   func(c cell) input { return c.onBallot("APPROVE") },
	governance.ChangePosition: func(c cell) input { return c.onBallot("ABSTAIN") },
	governance.ReconfirmPosition: func(c cell) input {
		return input{"ballot": c.object.id, "digest": string(c.votedOn())}
	},
	governance.RequestRecall: func(c cell) input {
		return input{"ballot": c.object.id, "ground": "wrong-electorate", "reason": why}
	},
	governance.RecallBallot:     func(c cell) input { return input{"ballot": c.object.id} },
	governance.DeclineRecall:    func(c cell) input { return input{"ballot": c.object.id, "reason": why} },
	governance.RequestReopening: func(c cell) input { return c.onEdition("ground", "error-in-text", "reason", why) },
	governance.ReopenText:       func(c cell) input { return c.onEdition() },
	governance.DeclineReopening: func(c cell) input { return c.onEdition("reason", why) },

	governance.RequestEndorsement: func(c cell) input { return c.onEdition("organization", c.org(skills)) },
	governance.GiveEndorsement: func(c cell) input {
		return input{"statement": c.object.id, "digest": string(c.object.edition.digest), "conditions": "none"}
	},
	governance.DeclineEndorsement: func(c cell) input { return input{"statement": c.object.id, "reason": why} },
	governance.RevokeEndorsement:  func(c cell) input { return input{"statement": c.object.id, "reason": why} },

	governance.GiveStatement: func(c cell) input {
		return c.onEdition("kind", "OPINION", "digest", string(c.object.edition.digest), "words", "Well done.")
	},
	governance.RevokeStatement: func(c cell) input { return input{"statement": c.object.id, "reason": why} },

	governance.MakeOffer: func(c cell) input { return c.onEdition("facts", asJSON(sample.Offer())) },
	governance.ChangeOffer: func(c cell) input {
		facts := sample.Offer()
		facts.GroupSize = 12
		return input{"offer": c.object.id, "facts": asJSON(facts)}
	},
	governance.EndOffer:      func(c cell) input { return input{"offer": c.object.id, "reason": why} },
	governance.NamePublisher: func(c cell) input { return c.onEdition("organization", c.org(academy)) },
	governance.PublishEdition: func(c cell) input {
		return c.onEdition("digest", string(c.object.edition.digest), "validFrom", c.scene.dayIn(1))
	},
	governance.AskWithdrawal:      func(c cell) input { return c.onEdition("reason", why) },
	governance.TakeBackWithdrawal: func(c cell) input { return c.onEdition() },
	governance.DeclineWithdrawal:  func(c cell) input { return c.onEdition("reason", why) },
	governance.ConfirmWithdrawal:  func(c cell) input { return c.onEdition("reason", why) },
	governance.OpenWithdrawalBallot: func(c cell) input {
		return c.onEdition("reason", why, "closesOn", c.scene.dayIn(2*ballotLength))
	},
	governance.RecordReview: func(c cell) input { return c.onEdition("outcome", "REVISE", "reason", why) },
	governance.OpenReviewBallot: func(c cell) input {
		return c.onEdition("outcome", "CONFIRM", "reason", why, "nextReviewOn", "2035-12-31", "closesOn", c.scene.dayIn(2*ballotLength))
	},
	governance.SuspendPublication:   func(c cell) input { return c.onEdition("reason", why, "decision", "of 3 May") },
	governance.ReinstatePublication: func(c cell) input { return c.onEdition("reason", why, "decision", "of 3 June") },

	governance.ProposeCharter: func(c cell) input { return input{"council": c.object.id, "preset": governance.PresetConsent} },
	governance.FoundCharter: func(c cell) input {
		return input{"charter": c.object.id, "digest": string(c.object.digest)}
	},
	governance.WithdrawCharter: func(c cell) input { return input{"charter": c.object.id, "reason": why} },
	governance.OpenCharterBallot: func(c cell) input {
		return input{"charter": c.object.id, "digest": string(c.object.digest), "closesOn": c.scene.dayIn(2 * ballotLength)}
	},
	governance.RegisterOrganization: func(cell) input {
		return input{"slug": "newcomer", "legalName": "Newcomer Ltd", "country": "LV"}
	},
	governance.EstablishCouncil: func(c cell) input {
		return input{"organization": c.org(former), "jurisdiction": []string{"LT"}, "sectors": []string{"fishing"}, "zone": "Europe/Vilnius"}
	},
	governance.ChangeCouncil:       func(c cell) input { return input{"council": c.object.id, "zone": "Europe/Paris", "ground": why} },
	governance.SuspendOrganization: func(c cell) input { return input{"organization": c.object.id, "ground": why} },
	governance.LiftSuspension:      func(c cell) input { return input{"organization": c.object.id, "ground": why} },
	governance.DeclareControl: func(c cell) input {
		return input{"organization": c.object.id, "controlledBy": c.org(bolt), "ground": why}
	},
	governance.DeclareMembership: func(c cell) input {
		return input{"organization": c.object.id, "memberOf": c.org(guild), "ground": why}
	},
	governance.EndMembership: func(c cell) input {
		return input{"organization": c.object.id, "memberOf": c.org(skills), "ground": why}
	},
	governance.RegisterKey: func(c cell) input { return input{"organization": c.object.id, "publicKey": strings.Repeat("A", 43)} },
	governance.RotateKey:   func(c cell) input { return input{"organization": c.object.id, "publicKey": strings.Repeat("A", 43)} },
	governance.RevokeKey:   func(c cell) input { return input{"organization": c.object.id, "key": idOf(180), "reason": why} },
	governance.ApplyToRoll: func(c cell) input { return input{"council": c.object.id, "chamber": "EMPLOYER", "ground": why} },
	governance.AdmitToRoll: func(c cell) input {
		return input{"council": c.object.id, "organization": c.org(applicant), "chamber": "EMPLOYER", "ground": why}
	},
	governance.ApplyForNewOrganization: func(c cell) input {
		return input{
			"council": c.object.id, "chamber": "EMPLOYER", "ground": why, "slug": "another-newcomer", "legalName": "Another Newcomer Ltd",
			"country": "LV", "identifiers": []input{{"scheme": "VAT", "value": "LV40003999999"}},
		}
	},
	governance.AdmitNewOrganization:  func(c cell) input { return input{"application": c.object.id, "ground": why} },
	governance.RefuseNewOrganization: func(c cell) input { return input{"application": c.object.id, "reason": why} },
	governance.WithdrawApplication:   func(c cell) input { return input{"application": c.object.id} },
	governance.SuspendRollEntry:      func(c cell) input { return input{"rollEntry": c.object.id, "ground": why} },
	governance.ReinstateRollEntry:    func(c cell) input { return input{"rollEntry": c.object.id, "ground": why} },
	governance.EndRollEntry:          func(c cell) input { return input{"rollEntry": c.object.id, "ground": why} },
	governance.ChangeChamber: func(c cell) input {
		return input{"rollEntry": c.object.id, "chamber": "CIVIL_SOCIETY", "ground": why}
	},
	governance.GrantMandate: func(c cell) input {
		return input{
			"organization": c.object.id, "issuer": "https://idp.example", "subject": "newcomer", "role": "AUTHOR", "ground": why,
			"untilAt": c.scene.now.AddDate(2, 0, 0).Format(time.RFC3339),
		}
	},
	governance.InviteToMandate: func(c cell) input {
		return input{"organization": c.object.id, "email": "newcomer@example.org", "role": "AUTHOR", "ground": why}
	},
	governance.AcceptMandate:  func(c cell) input { return input{"invitation": c.object.id} },
	governance.DeclineMandate: func(c cell) input { return input{"invitation": c.object.id} },
	governance.WithdrawInvitation: func(c cell) input {
		return input{"invitation": c.object.id, "ground": why}
	},
	governance.DelegateMandate: func(c cell) input {
		return input{"mandate": c.object.id, "issuer": storetest.CastIssuer, "subject": "stand-in", "untilOn": "2026-05-31", "ground": why}
	},
	governance.ExtendMandate: func(c cell) input { return input{"mandate": c.object.id, "ground": why} },
	governance.EndMandate:    func(c cell) input { return input{"mandate": c.object.id, "ground": why} },
}

var aTranslatedTitle = []input{{"path": "/title", "words": "Siltumsūkņu uzstādīšana"}}

// objectsOf names what a step is taken on where that is not every object of its kind.
var objectsOf = map[governance.Step][]string{
	governance.AcceptSuggestion:   {suggestionOpen, suggestionRejected, suggestionHidden, suggestionPublic},
	governance.WithdrawSuggestion: {suggestionOpen, suggestionRejected, suggestionPublic, suggestionSelf},

	governance.ReportSuggestion:            {suggestionRejected},
	governance.DismissSuggestionReports:    {suggestionRejected},
	governance.HideSuggestion:              {suggestionOpen},
	governance.UnhideSuggestion:            {suggestionHidden},
	governance.RequestSuggestionRedaction:  {suggestionOpen},
	governance.ConfirmSuggestionRedaction:  {suggestionHidden},
	governance.WithdrawSuggestionRedaction: {suggestionHidden},

	governance.RejectSuggestion:    {suggestionOpen, suggestionSelf},
	governance.StartEdition:        {theEdition}, // one of the specification that everybody may see
	governance.EditComment:         {commentOpen, commentPublic, commentSelf, objectionOpen},
	governance.WithdrawComment:     {commentOpen, commentPublic, commentSelf, objectionOpen},
	governance.ResolveComment:      {commentOpen, commentPublic, commentSelf, commentAnswered, objectionOpen},
	governance.ReopenComment:       {commentOpen, commentPublic, commentSelf, commentAnswered},
	governance.ReportComment:       {commentAnswered},
	governance.DismissReports:      {commentAnswered},
	governance.HideComment:         {commentOpen},
	governance.UnhideComment:       {objectionReferred},
	governance.RequestRedaction:    {commentOpen},
	governance.ConfirmRedaction:    {objectionReferred},
	governance.WithdrawRedaction:   {objectionReferred},
	governance.DisposeComment:      {commentOpen, commentPublic, objectionOpen},
	governance.ReplyToDisposition:  {commentAnswered, objectionAnswered},
	governance.ReferObjection:      {objectionOpen, commentOpen},
	governance.OpenObjectionBallot: {objectionReferred, objectionOpen},
	governance.UpholdObjection:     {objectionReferred, objectionOpen},
	governance.OverruleObjection:   {objectionReferred},
	governance.RevokeEndorsement:   {endorsementGiven, endorsementNeeded},
	governance.GiveEndorsement:     {endorsementAsked, endorsementGiven, endorsementNeeded},
	governance.DeclineEndorsement:  {endorsementAsked, endorsementGiven},
}

func (c cell) org(slug string) string { return string(c.scene.world.organization(slug)) }

func (c cell) onEdition(pairs ...any) input {
	return with(input{"edition": string(c.object.edition.id)}, pairs)
}

func (c cell) onComment(pairs ...any) input { return with(input{"comment": c.object.id}, pairs) }

func (c cell) onBallot(position string) input {
	return input{"ballot": c.object.id, "digest": string(c.votedOn()), "position": position}
}

// votedOn is the digest that the ballot is on.
func (c cell) votedOn() governance.Digest {
	if c.object.digest != "" {
		return c.object.digest
	}
	return c.object.edition.digest
}

func with(in input, pairs []any) input {
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		in[name] = pairs[i+1]
	}
	return in
}

func (o object) objection() bool {
	return o.name == objectionOpen || o.name == objectionAnswered || o.name == objectionReferred
}

// asJSON is a value as a client writes it.
func asJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // our own samples encode
	}
	return text
}
