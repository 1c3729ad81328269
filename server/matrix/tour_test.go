package matrix_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

// Names of what hangs on the edition.
const (
	theEdition          = "the edition"
	theFurther          = "an edition that changes a published one"
	commentOpen         = "a comment of a draft"
	commentAnswered     = "an answered comment"
	commentPublic       = "a comment in the public consultation"
	commentSelf         = "a comment of somebody who speaks for nobody"
	suggestionOpen      = "a suggestion on a draft"
	suggestionRejected  = "a rejected suggestion"
	suggestionHidden    = "a hidden suggestion"
	suggestionPublic    = "a suggestion in the public consultation"
	suggestionSelf      = "a suggestion of somebody who speaks for nobody"
	objectionOpen       = "an objection"
	objectionAnswered   = "an answered objection"
	objectionReferred   = "a referred objection"
	theTranslation      = "the translation"
	theBallot           = "the ballot"
	theCharterBallot    = "the ballot on a charter"
	theObjectionBallot  = "the ballot on an objection"
	theWithdrawalBallot = "the ballot on a withdrawal"
	endorsementAsked    = "a request for an endorsement"
	endorsementGiven    = "an endorsement"
	endorsementNeeded   = "the endorsement that the charter asks for"
	theStatement        = "an opinion"
	theOffer            = "the offer"
	specificationSlug   = "heat-pumps"
	consultationLength  = 31 // days; the charter asks for 30
	ballotLength        = 16 // days; the charter asks for 14
)

// document is the edition's text; revised says it in other words.
func document() governance.Document { return sample.Document() }

func revised() governance.Document {
	d := document()
	d.Summary = governance.Text{"en": "Plan and install heat pumps.", "de": "Wärmepumpen planen und einbauen."}
	return d
}

// draft starts the specification. Its lead is a provider; acme is in the group, union-b invited, learners asking. An
// organization that sees the draft has something to say about it.
func (h *stageHand) draft(closedGroup bool, critic string) {
	ctx, lead := context.Background(), h.as(college, governance.RoleAuthor)
	id := done[governance.SpecificationID](h)(h.db.StartSpecification(ctx, lead, store.StartSpecificationInput{
		ID: governance.SpecificationID(idOf(200)), Council: h.world.organization(council), Slug: specificationSlug,
		Needs: []governance.NeedID{governance.NeedID(idOf(150))}, Document: document(), Message: "a start",
		ClosedGroup: closedGroup,
	}))
	e := h.newest(id)
	h.scene.edition = &edition{
		id: e.ID, specification: id, stage: governance.StageDrafting, lead: college, publisher: college,
		members: []string{college, acme}, invited: []string{unionB}, critic: critic, closedGroup: closedGroup,
	}
	h.head()
	h.add(object{name: theEdition, kind: governance.KindEdition, id: string(e.ID), council: council, edition: h.scene.edition})
	h.group()
	h.translate()
	h.remarks()
}

// group lets acme into the edition's working group, invites union-b and has learners ask.
func (h *stageHand) group() {
	ctx, lead, e := context.Background(), h.as(college, governance.RoleAuthor), h.scene.edition
	for _, organization := range []string{acme, unionB} {
		done[governance.EditionID](h)(h.db.InviteToWorkingGroup(ctx, lead, store.InviteToWorkingGroupInput{
			Edition: e.id, Organization: h.world.organization(organization),
		}))
	}
	done[governance.EditionID](h)(h.db.AnswerInvitation(ctx, h.as(acme, governance.RoleAuthor),
		store.AnswerInvitationInput{Edition: e.id, Accept: true}))
	if e.closedGroup { // learners do not see that there is something to join
		h.exec(`INSERT INTO working_group (edition_id, organization_id, state, changed_at)
			VALUES ($1, $2, 'ASKED', '2026-03-02T09:00:00.000000Z')`, string(e.id), string(h.world.organization(learners)))
		return
	}
	done[governance.EditionID](h)(h.db.AskToJoin(ctx, h.as(learners, governance.RoleAuthor), store.AskToJoinInput{Edition: e.id}))
}

// translate has the critic translate the whole draft.
func (h *stageHand) translate() {
	ctx, who := context.Background(), h.as(h.scene.edition.critic, governance.RoleAuthor)
	in := store.AddTranslationInput{
		ID: governance.TranslationID(idOf(240)), Edition: h.scene.edition.id, Language: "lv", Of: h.scene.edition.digest,
		Status: governance.TranslationUnofficial,
	}
	for _, path := range (governance.Translation{}).Standing(document(), document()).Missing {
		in.Texts = append(in.Texts, store.TranslatedTextInput{Path: path, Words: "Latviski: " + path})
	}
	done[governance.TranslationID](h)(h.db.AddTranslation(ctx, who, in))
	made := done[*store.Translation](h)(h.db.Translation(ctx, who, in.ID))
	h.add(object{
		name: theTranslation, kind: governance.KindTranslation, id: string(in.ID), council: council, owner: h.scene.edition.critic,
		author: who.Person, digest: made.Digest, edition: h.scene.edition,
	})
}

func (h *stageHand) newest(id governance.SpecificationID) *store.Edition {
	specification := done[*store.Specification](h)(h.db.SpecificationByID(context.Background(), h.world.cast.Secretary(), id, nil))
	return done[*store.Edition](h)(h.db.NewestEdition(context.Background(), h.world.cast.Secretary(), specification, nil))
}

// head notes the edition's newest revision.
func (h *stageHand) head() {
	e := done[*store.Edition](h)(h.db.Edition(context.Background(), h.world.cast.Secretary(), h.scene.edition.id, nil))
	h.scene.edition.head, h.scene.edition.digest = e.HeadID, e.HeadDigest
}

// remarks has the critic comment and object in every way, in the draft.
func (h *stageHand) remarks() {
	h.comment(201, commentOpen, h.scene.edition.critic)
	h.comment(202, commentAnswered, h.scene.edition.critic)
	h.object(203, objectionOpen)
	h.object(204, objectionAnswered)
	h.object(205, objectionReferred)
	h.dispose(commentAnswered)
	h.dispose(objectionAnswered)
	done[governance.CommentID](h)(h.db.ReferObjection(context.Background(), h.as(college, governance.RoleAuthor),
		store.ReferObjectionInput{Comment: governance.CommentID(h.id(objectionReferred))}))
	done[governance.CommentID](h)(h.db.ResolveComment(context.Background(), h.as(college, governance.RoleAuthor),
		store.ResolveCommentInput{Comment: governance.CommentID(h.id(commentAnswered))}))
	done[governance.CommentID](h)(h.db.ReportComment(context.Background(), h.as(college, governance.RoleAuthor),
		store.ReportCommentInput{Comment: governance.CommentID(h.id(commentAnswered)), Reason: why}))
	done[governance.CommentID](h)(h.db.HideComment(context.Background(), h.world.cast.Secretary(),
		store.HideCommentInput{Comment: governance.CommentID(h.id(objectionReferred)), Reason: why}))
	done[governance.CommentID](h)(h.db.RequestRedaction(context.Background(), h.world.cast.Secretary(),
		store.RequestRedactionInput{Comment: governance.CommentID(h.id(objectionReferred)), Reason: why}))
	h.suggest(211, suggestionOpen, h.scene.edition.critic)
	h.suggest(212, suggestionRejected, h.scene.edition.critic)
	done[governance.SuggestionID](h)(h.db.RejectSuggestion(context.Background(), h.as(college, governance.RoleAuthor),
		store.RejectSuggestionInput{Suggestion: governance.SuggestionID(h.id(suggestionRejected)), Reason: "It is as it should be."}))
	done[governance.SuggestionID](h)(h.db.ReportSuggestion(context.Background(), h.as(college, governance.RoleAuthor),
		store.ReportSuggestionInput{Suggestion: governance.SuggestionID(h.id(suggestionRejected)), Reason: why}))
	h.suggest(215, suggestionHidden, h.scene.edition.critic)
	done[governance.SuggestionID](h)(h.db.HideSuggestion(context.Background(), h.world.cast.Secretary(),
		store.HideSuggestionInput{Suggestion: governance.SuggestionID(h.id(suggestionHidden)), Reason: why}))
	done[governance.SuggestionID](h)(h.db.RequestSuggestionRedaction(context.Background(), h.world.cast.Secretary(),
		store.RequestSuggestionRedactionInput{Suggestion: governance.SuggestionID(h.id(suggestionHidden)), Reason: why}))
	for _, name := range []string{
		commentOpen, commentAnswered, objectionOpen, objectionAnswered, objectionReferred,
		suggestionOpen, suggestionRejected, suggestionHidden,
	} {
		h.set(name, func(o *object) { o.insiders = true })
	}
}

func (h *stageHand) comment(n int, name, by string) {
	who, o := h.world.cast.Somebody(somebody), object{}
	if by == "" {
		o.self = who.Person
	} else {
		who, o.owner = h.as(by, governance.RoleAuthor), by
	}
	done[governance.CommentID](h)(h.db.AddComment(context.Background(), who, store.AddCommentInput{
		ID: governance.CommentID(idOf(n)), Edition: h.scene.edition.id, Kind: governance.CommentGeneral, Body: "Unclear.",
	}))
	o.name, o.kind, o.id, o.council, o.edition = name, governance.KindComment, idOf(n), council, h.scene.edition
	o.author = who.Person
	h.add(o)
}

// suggest suggests another title, which nothing that is saved later touches.
func (h *stageHand) suggest(n int, name, by string) {
	who, o := h.world.cast.Somebody(somebody), object{}
	if by == "" {
		o.self = who.Person
	} else {
		who, o.owner = h.as(by, governance.RoleAuthor), by
	}
	done[governance.SuggestionID](h)(h.db.Suggest(context.Background(), who, store.SuggestInput{
		ID: governance.SuggestionID(idOf(n)), Edition: h.scene.edition.id, Base: h.scene.edition.head, Reason: "Clearer.",
		Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Fitting heat pumps"`)}},
	}))
	o.name, o.kind, o.id, o.council, o.edition = name, governance.KindSuggestion, idOf(n), council, h.scene.edition
	o.author = who.Person
	h.add(o)
}

func (h *stageHand) object(n int, name string) {
	who := h.as(h.scene.edition.critic, governance.RoleRepresentative)
	done[governance.CommentID](h)(h.db.RaiseObjection(context.Background(), who,
		store.RaiseObjectionInput{
			ID: governance.CommentID(idOf(n)), Edition: h.scene.edition.id, Reason: "It asks too much.", Remedy: "Ask less.",
		}))
	h.add(object{
		name: name, kind: governance.KindComment, id: idOf(n), council: council, owner: h.scene.edition.critic,
		author: who.Person, edition: h.scene.edition,
	})
}

func (h *stageHand) dispose(name string) {
	done[governance.CommentID](h)(h.db.DisposeComment(context.Background(), h.as(college, governance.RoleAuthor),
		store.DisposeCommentInput{
			Comment: governance.CommentID(h.id(name)), Kind: governance.DispositionRejected, Reason: "It is as it should be.",
		}))
}

// dayIn is the day so many days from now.
func (s *scene) dayIn(days int) governance.Date {
	return governance.Date(s.now.Add(time.Duration(days) * 24 * time.Hour).Format(time.DateOnly))
}

// consult opens a consultation.
func (h *stageHand) consult(public bool) {
	h.scene.now = h.clock.Now()
	done[governance.ConsultationID](h)(h.db.OpenConsultation(context.Background(), h.world.cast.Secretary(), store.OpenConsultationInput{
		Edition: h.scene.edition.id, ClosesOn: h.scene.dayIn(consultationLength), IsPublic: public,
	}))
	e := h.scene.edition
	e.stage, e.consulted, e.invitedOnly = governance.StageConsultation, true, !public
	e.wasPublic = e.wasPublic || public
}

// invite invites an organization to the consultation by its name.
func (h *stageHand) invite(organization string) {
	done[governance.ConsultationID](h)(h.db.InviteToConsultation(context.Background(), h.world.cast.Secretary(),
		store.InviteToConsultationInput{Edition: h.scene.edition.id, Organizations: []governance.OrganizationID{h.world.organization(organization)}}))
	h.scene.edition.named = append(slices.Clone(h.scene.edition.named), organization)
}

// closeConsultation lets the consultation's days pass.
func (h *stageHand) closeConsultation() {
	h.days(consultationLength + 4)
	h.scene.edition.stage = governance.StageDisposition
}

// settle deals with everything that was said, so that a ballot may open: a revision, answers, a withdrawal, a reply, a
// decision, and the reply days.
func (h *stageHand) settle() {
	ctx := context.Background()
	done[governance.RevisionID](h)(h.db.SaveRevision(ctx, h.as(college, governance.RoleAuthor), store.SaveRevisionInput{
		Edition: h.scene.edition.id, Base: h.scene.edition.head, Document: revised(), Message: "shorter",
	}))
	h.head()
	for _, o := range h.scene.objects {
		switch o.name {
		case commentOpen, commentPublic, commentSelf:
			h.dispose(o.name)
		}
	}
	objector := h.as(h.scene.edition.critic, governance.RoleRepresentative)
	done[governance.CommentID](h)(h.db.WithdrawComment(ctx, objector, store.WithdrawCommentInput{
		Comment: governance.CommentID(h.id(objectionOpen)),
	}))
	// The reply days of the draft are long over, but it may still say that it is satisfied.
	done[governance.CommentID](h)(h.db.ReplyToDisposition(ctx, objector, store.ReplyToDispositionInput{
		Comment: governance.CommentID(h.id(objectionAnswered)), Reply: governance.ReplySatisfied,
	}))
	done[governance.CommentID](h)(h.db.OverruleObjection(ctx, h.world.cast.As(council, governance.RoleRepresentative, "2"),
		store.OverruleObjectionInput{Comment: governance.CommentID(h.id(objectionReferred)), Reason: "The level needs it."}))
	h.days(10)
	h.scene.settled = true
}

// put moves the edition to a stage by SQL, where no step leads from where it stands.
func (h *stageHand) put(stage governance.Stage) {
	h.exec(`UPDATE editions SET stage = $2 WHERE id = $1`, string(h.scene.edition.id), string(stage))
	h.scene.edition.stage = stage
}

// tour makes every scene there is.
func tour(t *testing.T, kind string) []*scene {
	t.Helper()
	first := newWorld(t, kind)
	require.NotEmpty(t, first.objects)
	scenes := []*scene{first}
	next := func(from *scene, name string, work func(h *stageHand)) *scene {
		made := prepare(t, from, name, work)
		scenes = append(scenes, made)
		return made
	}
	// The scenes of an edition are about it alone.
	bare := &scene{name: first.name, world: first.world, snapshot: first.snapshot, now: first.now}
	settledRoll := next(bare, "the council with a roll before its cut-off", func(h *stageHand) {
		h.days(8)
		h.add(first.object(charterNext))
	})
	next(settledRoll, "a ballot on a charter", func(h *stageHand) { h.openCharterBallot() })
	drafting := next(bare, "a draft", func(h *stageHand) { h.draft(false, unionA) })
	closed := next(bare, "a draft of a closed group", func(h *stageHand) { h.draft(true, acme) })
	consultation := next(drafting, "a public consultation", func(h *stageHand) {
		h.consult(true)
		h.comment(206, commentPublic, unionA)
		h.comment(207, commentSelf, "")
		h.suggest(213, suggestionPublic, unionA)
		h.suggest(214, suggestionSelf, "")
	})
	invited := next(closed, "a consultation of the invited", func(h *stageHand) {
		h.consult(false)
		h.invite(outsider)
	})
	next(consultation, "a consultation past its deadline", func(h *stageHand) {
		h.clock.Advance((consultationLength + 4) * 24 * time.Hour)
		h.scene.overdue = true
	})
	next(consultation, "a draft after a recalled consultation", func(h *stageHand) {
		done[governance.EditionID](h)(h.db.RecallConsultation(context.Background(), h.world.cast.Secretary(),
			store.RecallConsultationInput{Edition: h.scene.edition.id, Reason: "the wrong text"}))
		h.scene.edition.stage = governance.StageDrafting
	})
	disposition := next(consultation, "disposition", func(h *stageHand) { h.closeConsultation() })
	dispositionInvited := next(invited, "disposition among the invited", func(h *stageHand) { h.closeConsultation() })
	byBallot := next(disposition, "disposition where ballots decide on objections", func(h *stageHand) { h.leaveObjectionsToBallots() })
	next(byBallot, "a ballot on an objection", func(h *stageHand) { h.openObjectionBallot() })
	settled := next(disposition, "disposition, all settled", func(h *stageHand) { h.settle() })
	next(drafting, "an abandoned draft", func(h *stageHand) { h.abandon() })
	ballot := next(settled, "a ballot", func(h *stageHand) { h.openBallot() })
	ballotInvited := next(dispositionInvited, "a ballot among the invited", func(h *stageHand) {
		h.settle()
		h.openBallot()
	})
	next(ballot, "a ballot that may be taken back", func(h *stageHand) { h.correct() })
	next(ballot, "a second ballot", func(h *stageHand) { h.voteAgain() })
	approved := next(ballot, "an approved edition", func(h *stageHand) {
		h.carry()
		h.ask()
	})
	endorsed := next(approved, "an endorsed edition", func(h *stageHand) {
		h.give(endorsementNeeded)
		h.standsIn(governance.StageEndorsed)
	})
	next(endorsed, "an endorsed edition that may be reopened", func(h *stageHand) { h.correct() })
	next(endorsed, "an endorsed edition with a publisher that was named", func(h *stageHand) {
		h.handOver()
		h.namePublisher()
	})
	next(drafting, "a draft that an employer leads", func(h *stageHand) { h.handOver() })
	published := next(endorsed, "a published edition", func(h *stageHand) { h.publish() })
	next(published, "a superseded edition", func(h *stageHand) { h.supersede() })
	further := next(published, "an editorial change of a published edition", func(h *stageHand) { h.startFurther() })
	next(further, "an editorial change that skipped the consultation", func(h *stageHand) { h.skipConsultation() })
	next(published, "a suspended edition", func(h *stageHand) { h.suspend() })
	withdrawing := next(published, "a published edition that its publisher asks to withdraw", func(h *stageHand) { h.askWithdrawal() })
	reviewing := next(published, "a published edition where ballots decide on withdrawals and reviews", func(h *stageHand) { h.leaveToBallots() })
	next(reviewing, "a ballot on a withdrawal", func(h *stageHand) { h.openWithdrawalBallot() })
	next(withdrawing, "a withdrawn edition", func(h *stageHand) { h.withdraw() })
	for _, stage := range []governance.Stage{
		governance.StageDrafting, governance.StageConsultation, governance.StageDisposition, governance.StageBallot,
	} {
		next(published, "an edition put back to "+string(stage), func(h *stageHand) { h.putBack(stage) })
	}
	announced := next(ballotInvited, "an approved edition with notice of its end", func(h *stageHand) {
		h.carry()
		h.ask()
		h.announce()
	})
	next(announced, "an edition given up after it was approved", func(h *stageHand) { h.abandon() })
	return scenes
}
