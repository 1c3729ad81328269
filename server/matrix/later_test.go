package matrix_test

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
	"concordat/store"
)

// openBallot opens a ballot in which acme and union-a have voted. crane is an elector, and suspended since.
func (h *stageHand) openBallot() {
	ctx, secretary, suspended := context.Background(), h.world.cast.Secretary(), h.entryOf(crane)
	done[governance.RollEntryID](h)(h.db.ReinstateRollEntry(ctx, secretary, store.ReinstateRollEntryInput{
		RollEntry: suspended, Ground: "answered",
	}))
	id := h.putToVote(210)
	done[governance.RollEntryID](h)(h.db.SuspendRollEntry(ctx, secretary, store.SuspendRollEntryInput{
		RollEntry: suspended, Ground: "owes its answers again",
	}))
	e := h.scene.edition
	e.stage, e.electors = governance.StageBallot, electors()
	h.add(object{name: theBallot, kind: governance.KindBallot, id: string(id), council: council, edition: e})
	h.vote(id, acme, unionA)
	// Inside an open ballot much of the roll must stay as it is.
	h.add(object{name: theCouncil, kind: governance.KindCouncil, id: string(h.world.organization(council)), council: council, ballot: true})
	h.add(object{
		name: applicationOpen, kind: governance.KindApplication, id: idOf(170), council: council,
		self: h.world.cast.Somebody(somebody).Person, ballot: true,
	})
	for name, organization := range map[string]string{entryActive: academy, entryApplied: applicant, entrySuspended: crane} {
		h.add(object{name: name, kind: governance.KindRollEntry, id: string(h.entryOf(organization)), council: council, ballot: true})
	}
}

// openCharterBallot opens a ballot on a proposed charter, in which acme and union-a have voted. crane is suspended, and no
// elector.
func (h *stageHand) openCharterBallot() {
	proposed := h.scene.object(charterNext)
	h.scene.now = h.clock.Now()
	id := done[governance.BallotID](h)(h.db.OpenCharterBallot(context.Background(), h.world.cast.Secretary(), store.OpenCharterBallotInput{
		ID: governance.BallotID(idOf(215)), Charter: governance.CharterID(proposed.id), Digest: proposed.digest,
		ClosesOn: h.scene.dayIn(ballotLength),
	}))
	h.set(charterNext, func(o *object) { o.ballot = true })
	h.addBallot(theCharterBallot, id)
}

// addBallot adds a ballot on something else than the edition's text, in which acme and union-a vote.
func (h *stageHand) addBallot(name string, id governance.BallotID) {
	b := done[*store.Ballot](h)(h.db.Ballot(context.Background(), h.world.cast.Secretary(), id, nil))
	for _, organization := range []string{acme, unionA} {
		done[governance.PositionID](h)(h.db.TakePosition(context.Background(), h.as(organization, governance.RoleRepresentative),
			store.TakePositionInput{Ballot: id, Digest: b.Digest, Position: governance.PositionApprove}))
	}
	h.add(object{
		name: name, kind: governance.KindBallot, id: string(id), stage: governance.StageOpen, council: council, digest: b.Digest,
		edition: h.scene.edition, electors: slices.DeleteFunc(electors(), func(organization string) bool { return organization == crane }),
	})
}

// leaveToBallots changes the charter by SQL, as the edition's consultation had found it: ballots decide on objections,
// withdrawals and reviews.
func (h *stageHand) leaveToBallots() {
	charter := done[*store.Charter](h)(h.db.Charter(context.Background(), h.world.cast.Charter))
	charter.Body.ObjectionsDecidedBy = governance.ObjectionsByMatterBallot
	charter.Body.WithdrawalsDecidedBy, charter.Body.ReviewsDecidedBy = governance.PublicationsByMatterBallot, governance.PublicationsByMatterBallot
	body := done[[]byte](h)(notary.Canonical(charter.Body))
	h.exec(`UPDATE charters SET body = $2, digest = $3 WHERE id = $1`, string(charter.ID), string(body), string(notary.Digest(body)))
	h.scene.byBallot = true
}

// openWithdrawalBallot opens a ballot on the withdrawal of the publication.
func (h *stageHand) openWithdrawalBallot() {
	h.scene.byBallot, h.scene.balloted, h.scene.now = true, true, h.clock.Now()
	h.addBallot(theWithdrawalBallot, done[governance.BallotID](h)(h.db.OpenWithdrawalBallot(context.Background(),
		h.world.cast.Secretary(), store.OpenWithdrawalBallotInput{
			ID: governance.BallotID(idOf(217)), Edition: h.scene.edition.id, Reason: why, ClosesOn: h.scene.dayIn(ballotLength),
		})))
}

// leaveObjectionsToBallots is leaveToBallots in a scene that is about the referred objection alone.
func (h *stageHand) leaveObjectionsToBallots() {
	h.leaveToBallots()
	h.scene.objects = slices.DeleteFunc(h.scene.objects, func(o object) bool { return o.name != objectionReferred })
}

// openObjectionBallot opens a ballot on the referred objection. crane is suspended, and no elector.
func (h *stageHand) openObjectionBallot() {
	h.scene.byBallot, h.scene.balloted, h.scene.now = true, true, h.clock.Now()
	h.addBallot(theObjectionBallot, done[governance.BallotID](h)(h.db.OpenObjectionBallot(context.Background(),
		h.world.cast.Secretary(), store.OpenObjectionBallotInput{
			ID: governance.BallotID(idOf(216)), Comment: governance.CommentID(h.id(objectionReferred)), ClosesOn: h.scene.dayIn(ballotLength),
		})))
}

// electors are the roll as the ballot finds it: the tripartite rule has a condition for everybody.
func electors() []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(chambers)), func(organization string) bool { return organization == banned })
}

// putToVote opens a ballot on the edition's newest text.
func (h *stageHand) putToVote(n int) governance.BallotID {
	h.scene.now = h.clock.Now()
	return done[governance.BallotID](h)(h.db.OpenBallot(context.Background(), h.world.cast.Secretary(), store.OpenBallotInput{
		ID: governance.BallotID(idOf(n)), Edition: h.scene.edition.id, Digest: h.scene.edition.digest,
		ClosesOn: h.scene.dayIn(ballotLength),
	}))
}

func (h *stageHand) vote(ballot governance.BallotID, organizations ...string) {
	for _, organization := range organizations {
		done[governance.PositionID](h)(h.db.TakePosition(context.Background(), h.as(organization, governance.RoleRepresentative),
			store.TakePositionInput{Ballot: ballot, Digest: h.scene.edition.digest, Position: governance.PositionApprove}))
	}
}

// carry has the others vote, and the clock close the ballot.
func (h *stageHand) carry() {
	h.vote(governance.BallotID(idOf(210)), bolt, unionB, college, academy)
	h.days(ballotLength + 4)
	h.standsIn(governance.StageApproved)
	h.scene.edition.wasPublic = true
	h.scene.objects = slices.DeleteFunc(h.scene.objects, func(o object) bool { return o.ballot }) // as in the first scene again
}

// standsIn makes sure that the fixture's edition is where it is meant to be.
func (h *stageHand) standsIn(stage governance.Stage) {
	h.t.Helper()
	e := done[*store.Edition](h)(h.db.Edition(context.Background(), h.world.cast.Secretary(), h.scene.edition.id, nil))
	require.Equal(h.t, stage, e.Stage, "the edition in %s", h.scene.name)
	h.scene.edition.stage = stage
}

// ask asks for endorsements: quality has not answered, office has given its own, the charter asks for the council's. The
// lead makes an offer.
func (h *stageHand) ask() {
	for i, name := range []string{endorsementAsked, endorsementGiven, endorsementNeeded} {
		body := []string{quality, office, council}[i]
		id := h.request(220+i, body)
		h.add(object{
			name: name, kind: governance.KindEndorsement, id: string(id), council: council, owner: body, asked: body,
			edition: h.scene.edition,
		})
	}
	h.give(endorsementGiven)
	done[governance.StatementID](h)(h.db.GiveStatement(context.Background(), h.as(unionB, governance.RoleRepresentative), store.GiveStatementInput{
		ID: governance.StatementID(idOf(224)), Edition: h.scene.edition.id, Kind: governance.StatementOpinion,
		Digest: h.scene.edition.digest, Words: "It will do.",
	}))
	h.add(object{
		name: theStatement, kind: governance.KindStatement, id: idOf(224), council: council, owner: unionB, edition: h.scene.edition,
	})
	h.offer(230, college)
	h.add(object{
		name: theOffer, kind: governance.KindOffer, id: idOf(230), council: council, owner: college, edition: h.scene.edition,
	})
}

func (h *stageHand) request(n int, body string) governance.StatementID {
	return done[governance.StatementID](h)(h.db.RequestEndorsement(context.Background(), h.world.cast.Secretary(),
		store.RequestEndorsementInput{
			ID: governance.StatementID(idOf(n)), Edition: h.scene.edition.id, Organization: h.world.organization(body),
		}))
}

// give has the body that was asked endorse.
func (h *stageHand) give(name string) {
	h.set(name, func(o *object) {
		h.endorse(governance.StatementID(o.id), o.asked)
		o.asked = ""
	})
}

func (h *stageHand) endorse(id governance.StatementID, body string) {
	done[governance.StatementID](h)(h.db.GiveEndorsement(context.Background(), h.as(body, governance.RoleRepresentative),
		store.GiveEndorsementInput{Statement: id, Digest: h.scene.edition.digest}))
}

func (h *stageHand) offer(n int, by string) {
	done[governance.OfferID](h)(h.db.MakeOffer(context.Background(), h.as(by, governance.RolePublisher), store.MakeOfferInput{
		ID: governance.OfferID(idOf(n)), Edition: h.scene.edition.id, Facts: sample.Offer(),
	}))
	h.scene.edition.offering = append(slices.Clone(h.scene.edition.offering), by)
}

func (h *stageHand) publish() {
	h.scene.now = h.clock.Now()
	done[governance.PublicationID](h)(h.db.PublishEdition(context.Background(), h.as(h.scene.edition.publisher, governance.RolePublisher),
		store.PublishEditionInput{Edition: h.scene.edition.id, Digest: h.scene.edition.digest, ValidFrom: h.scene.dayIn(1)}))
	h.standsIn(governance.StagePublished)
}

// supersede publishes a further edition, by all the steps there are.
func (h *stageHand) supersede() {
	ctx, first := context.Background(), h.scene.edition
	id := done[governance.EditionID](h)(h.db.StartEdition(ctx, h.as(college, governance.RoleAuthor), store.StartEditionInput{
		Specification: first.specification, Number: "1.1",
	}))
	h.scene.edition = &edition{id: id, specification: first.specification, lead: college, publisher: college}
	h.head()
	h.consult(true)
	h.closeConsultation()
	h.vote(h.putToVote(211), acme, bolt, unionA, unionB, college, academy)
	h.days(ballotLength + 4)
	h.standsIn(governance.StageApproved)
	h.endorse(h.request(223, council), council)
	h.offer(231, college)
	h.publish()
	h.scene.edition = first
	h.standsIn(governance.StageSuperseded)
}

func (h *stageHand) suspend() {
	done[governance.EditionID](h)(h.db.SuspendPublication(context.Background(), h.world.cast.Secretary(),
		store.SuspendPublicationInput{Edition: h.scene.edition.id, Reason: why, Decision: "of 3 May"}))
	h.standsIn(governance.StageSuspended)
}

func (h *stageHand) askWithdrawal() {
	done[governance.EditionID](h)(h.db.AskWithdrawal(context.Background(), h.as(h.scene.edition.publisher, governance.RolePublisher),
		store.AskWithdrawalInput{Edition: h.scene.edition.id, Reason: why}))
	h.scene.withdrawing = true
}

// withdraw confirms the withdrawal that was asked for.
func (h *stageHand) withdraw() {
	done[governance.EditionID](h)(h.db.ConfirmWithdrawal(context.Background(), h.world.cast.Secretary(),
		store.ConfirmWithdrawalInput{Edition: h.scene.edition.id}))
	h.standsIn(governance.StageWithdrawn)
}

// startFurther starts an edition that says what the published one says, in other words. The scene is about it alone.
func (h *stageHand) startFurther() {
	ctx, lead := context.Background(), h.as(college, governance.RoleAuthor)
	id := done[governance.EditionID](h)(h.db.StartEdition(ctx, lead, store.StartEditionInput{
		Specification: h.scene.edition.specification, Number: "1.1",
	}))
	h.scene.edition = &edition{
		id: id, specification: h.scene.edition.specification, stage: governance.StageDrafting, lead: college, publisher: college,
		members: []string{college, acme}, invited: []string{unionB}, editorial: true,
	}
	h.head()
	done[governance.RevisionID](h)(h.db.SaveRevision(ctx, lead, store.SaveRevisionInput{
		Edition: id, Base: h.scene.edition.head, Document: document(), Message: "clearer",
	}))
	h.head()
	h.group()
	h.scene.objects = []object{{name: theFurther, kind: governance.KindEdition, id: string(id), council: council, edition: h.scene.edition}}
}

// skipConsultation takes the edition straight to DISPOSITION.
func (h *stageHand) skipConsultation() {
	done[governance.EditionID](h)(h.db.SkipConsultation(context.Background(), h.world.cast.Secretary(),
		store.SkipConsultationInput{Edition: h.scene.edition.id, Reason: why}))
	h.standsIn(governance.StageDisposition)
	h.scene.settled = true
}

// handOver makes an employer the lead, which cannot publish.
func (h *stageHand) handOver() {
	done[governance.EditionID](h)(h.db.TransferLead(context.Background(), h.as(college, governance.RoleAuthor),
		store.TransferLeadInput{Edition: h.scene.edition.id, Organization: h.world.organization(acme)}))
	h.scene.edition.lead, h.scene.edition.publisher = acme, ""
}

// namePublisher has the lead and the secretary name the same provider, which makes an offer.
func (h *stageHand) namePublisher() {
	for _, who := range []governance.Actor{h.as(acme, governance.RoleAuthor), h.world.cast.Secretary()} {
		done[governance.EditionID](h)(h.db.NamePublisher(context.Background(), who, store.NamePublisherInput{
			Edition: h.scene.edition.id, Organization: h.world.organization(academy),
		}))
	}
	h.scene.edition.publisher = academy
	h.offer(232, academy)
}

// putBack moves a published edition back to a stage by SQL and keeps what no edition in
// that stage has yet: its closed ballot, its endorsements, its offer.
func (h *stageHand) putBack(stage governance.Stage) {
	h.put(stage)
	h.scene.putBack = true
	h.scene.objects = slices.DeleteFunc(h.scene.objects, func(o object) bool {
		return o.kind != governance.KindBallot && o.kind != governance.KindEndorsement && o.kind != governance.KindOffer && o.kind != governance.KindStatement
	})
}

// correct has the secretary ask to reopen the text, and to recall the ballot where it is open.
func (h *stageHand) correct() {
	done[governance.EditionID](h)(h.db.RequestReopening(context.Background(), h.world.cast.Secretary(),
		store.RequestReopeningInput{Edition: h.scene.edition.id, Ground: "error-in-text", Reason: why}))
	if h.scene.edition.stage == governance.StageBallot {
		done[governance.BallotID](h)(h.db.RequestRecall(context.Background(), h.world.cast.Secretary(),
			store.RequestRecallInput{Ballot: governance.BallotID(idOf(210)), Ground: "wrong-electorate", Reason: why}))
	}
	h.scene.correcting = true
}

// voteAgain recalls the ballot and opens another one, in which nobody has voted and crane may not.
func (h *stageHand) voteAgain() {
	h.correct()
	first := governance.BallotID(idOf(210))
	done[governance.BallotID](h)(h.db.RecallBallot(context.Background(), h.as(council, governance.RoleRepresentative),
		store.RecallBallotInput{Ballot: first}))
	h.clock.Advance(time.Minute)
	second := h.putToVote(216)
	h.scene.edition.electors = slices.DeleteFunc(electors(), func(organization string) bool { return organization == crane }) // suspended
	h.set(theBallot, func(o *object) { o.id = string(second) })
	h.scene.correcting, h.scene.again = false, true
}

// announce gives notice of the edition's end, and lets its days pass.
func (h *stageHand) announce() {
	done[governance.EditionID](h)(h.db.AnnounceAbandonment(context.Background(), h.world.cast.Secretary(),
		store.AnnounceAbandonmentInput{Edition: h.scene.edition.id, Reason: why}))
	h.days(20) // the charter asks for 14
	h.scene.announced = true
}

func (h *stageHand) abandon() {
	done[governance.EditionID](h)(h.db.AbandonEdition(context.Background(), h.world.cast.Secretary(),
		store.AbandonEditionInput{Edition: h.scene.edition.id, Reason: why}))
	h.scene.edition.stage = governance.StageAbandoned
}
