package matrix_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// Names of objects that steps are matched with.
const (
	thePlatform      = "the platform"
	theCouncil       = "the council"
	theRival         = "a council without a charter"
	itsOrganization  = "acme"
	itIsSuspended    = "a suspended organization"
	entryActive      = "an entry on the roll"
	entrySuspended   = "a suspended entry"
	entryApplied     = "an application to the roll"
	entryEnded       = "an ended entry"
	entryRefused     = "a refused application"
	charterFirst     = "a council's first charter, proposed"
	charterNext      = "another charter, proposed"
	charterInForce   = "the charter in force"
	mandateStanding  = "a standing mandate"
	mandateEnded     = "an ended mandate"
	mandateLastOne   = "the mandate of the last secretary"
	mandateLastAdmin = "the mandate of the last administrator"
	mandateDated     = "a mandate with an end"
	mandateDeputy    = "a deputy's mandate"
	invitationOpen   = "an invitation to a mandate"
	invitationOver   = "an invitation that was taken back"
	applicationOpen  = "an application for a new organization"
	applicationOver  = "an application that was taken back"
)

// newWorld makes the first scene: the council with everybody on its roll, what it has proposed, its needs.
func newWorld(t *testing.T, kind string) *scene {
	t.Helper()
	clock, address := storetest.NewClock(), storetest.URL(t, kind)
	db, err := store.Open(t.Context(), store.Config{URL: address, Clock: clock.Now, Random: storetest.Random(t)})
	require.NoError(t, err)
	w := &world{cast: storetest.NewCast(t, db), mandates: map[string]string{}}
	populate(t, w.cast, address)
	w.actors = newActors(t, w.cast)
	first := &scene{name: "the council", world: w, young: true}
	h := &stageHand{t: t, world: w, db: db, clock: clock, address: address, scene: first}
	h.platform()
	h.roll()
	h.charters()
	h.mandates()
	h.invitations()
	h.applications()
	h.needs()
	h.exec(`UPDATE organizations SET suspended = 1 WHERE id = $1`, string(w.organization(banned)))
	require.NoError(t, db.Close())
	first.snapshot, first.now = storetest.Freeze(t, address), clock.Now()
	return first
}

func (h *stageHand) platform() {
	h.add(object{name: thePlatform, kind: governance.KindPlatform})
	h.add(object{name: theCouncil, kind: governance.KindCouncil, id: string(h.world.organization(council)), council: council})
	h.add(object{name: theRival, kind: governance.KindCouncil, id: string(h.world.organization(rival)), council: rival})
	h.add(object{name: itsOrganization, kind: governance.KindOrganization, id: string(h.world.organization(acme)), owner: acme})
	h.add(object{name: itIsSuspended, kind: governance.KindOrganization, id: string(h.world.organization(banned)), owner: banned})
	for _, organization := range []string{acme, banned} {
		done[governance.OrganizationID](h)(h.db.DeclareMembership(context.Background(), h.world.cast.Admin(), store.DeclareMembershipInput{
			Organization: h.world.organization(organization), MemberOf: h.world.organization(skills), Ground: "pays its fees"}))
	}
	storetest.Sign(h.t, h.db)
	done[governance.KeyID](h)(h.db.RegisterKey(context.Background(), h.world.cast.Admin(), store.RegisterKeyInput{
		ID: governance.KeyID(idOf(180)), Organization: h.world.organization(acme)}))
}

// roll makes an entry in each state.
func (h *stageHand) roll() {
	ctx, secretary := context.Background(), h.world.cast.Secretary()
	entry := func(name, organization string) governance.RollEntryID {
		id := h.entryOf(organization)
		h.add(object{name: name, kind: governance.KindRollEntry, id: string(id), council: council})
		return id
	}
	entry(entryActive, academy)
	done[governance.RollEntryID](h)(h.db.SuspendRollEntry(ctx, secretary, store.SuspendRollEntryInput{
		RollEntry: entry(entrySuspended, crane), Ground: "owes its answers",
	}))
	done[governance.RollEntryID](h)(h.db.EndRollEntry(ctx, secretary, store.EndRollEntryInput{
		RollEntry: entry(entryEnded, former), Ground: "was wound up",
	}))
	for _, organization := range []string{applicant, refused} {
		done[governance.RollEntryID](h)(h.db.ApplyToRoll(ctx, h.as(organization, governance.RoleRepresentative), store.ApplyToRollInput{
			Council: h.world.organization(council), Chamber: governance.ChamberEmployer, Ground: "employs two thousand",
		}))
	}
	entry(entryApplied, applicant)
	done[governance.RollEntryID](h)(h.db.EndRollEntry(ctx, secretary, store.EndRollEntryInput{
		RollEntry: entry(entryRefused, refused), Ground: "has nobody in the sector",
	}))
}

// entryOf is the organization's only entry on the roll.
func (h *stageHand) entryOf(organization string) governance.RollEntryID {
	h.t.Helper()
	id := h.world.organization(organization)
	entries := done[map[governance.OrganizationID][]*store.RollEntry](h)(
		h.db.RollEntriesOf(context.Background(), []governance.OrganizationID{id}))
	require.Len(h.t, entries[id], 1)
	return entries[id][0].ID
}

// charters has the rival propose its first charter, and the council another one.
func (h *stageHand) charters() {
	ctx := context.Background()
	propose := func(name, who string) {
		id := done[governance.CharterID](h)(h.db.ProposeCharter(ctx, h.as(who, governance.RoleSecretary), store.ProposeCharterInput{
			Council: h.world.organization(who), Preset: governance.PresetTripartite,
		}))
		h.charter(name, who, id)
	}
	propose(charterFirst, rival)
	propose(charterNext, council)
	h.charter(charterInForce, council, h.world.cast.Charter)
}

func (h *stageHand) charter(name, who string, id governance.CharterID) {
	c := done[*store.Charter](h)(h.db.Charter(context.Background(), id))
	h.add(object{name: name, kind: governance.KindCharter, id: string(id), council: who, digest: c.Digest})
}

// mandates are one that stands, one that ended, and the two that must not end.
func (h *stageHand) mandates() {
	ctx, admin := context.Background(), h.world.cast.Admin()
	mandate := func(name, organization string, role governance.Role, suffix ...string) {
		holder := h.world.cast.As(organization, role, suffix...).Person
		for _, m := range done[[]*store.Mandate](h)(h.db.MandatesOf(ctx, admin, h.world.organization(organization))) {
			if m.Person.ID == holder && m.Role == role {
				h.add(object{name: name, kind: governance.KindMandate, id: string(m.ID), owner: organization, self: holder})
				return
			}
		}
		require.Fail(h.t, "there is no such mandate", name)
	}
	h.world.cast.Grant(acme, governance.RoleObserver, "2")
	mandate(mandateStanding, acme, governance.RoleObserver)
	mandate(mandateEnded, acme, governance.RoleObserver, "2")
	mandate(mandateLastOne, rival, governance.RoleSecretary)
	mandate(mandateLastAdmin, platform, governance.RoleAdmin)
	done[governance.MandateID](h)(h.db.EndMandate(ctx, admin, store.EndMandateInput{
		Mandate: governance.MandateID(h.id(mandateEnded)), Ground: "left",
	}))
}

// invitedTo is the verified address of the person who is invited.
const invitedTo = "somebody@example.org"

// invitations are one that waits for somebody, and one that was taken back; a mandate that ends, and its deputy's.
func (h *stageHand) invitations() {
	ctx, boss := context.Background(), h.as(acme, governance.RoleRepresentative)
	invitee := h.world.cast.Somebody(somebody).Person
	h.exec(`UPDATE persons SET email = $2, email_verified = 1 WHERE id = $1`, string(invitee), invitedTo)
	for n, name := range []string{invitationOpen, invitationOver} {
		id := done[governance.InvitationID](h)(h.db.InviteToMandate(ctx, boss, store.InviteToMandateInput{
			ID: governance.InvitationID(idOf(160 + n)), Organization: h.world.organization(acme), Email: invitedTo,
			Role: governance.RoleAuthor, Ground: "joins the company",
		}))
		h.add(object{name: name, kind: governance.KindInvitation, id: string(id), owner: acme, self: invitee})
	}
	done[governance.InvitationID](h)(h.db.WithdrawMandateInvitation(ctx, boss, store.WithdrawMandateInvitationInput{
		Invitation: governance.InvitationID(h.id(invitationOver)), Ground: "sent twice",
	}))
	h.set(invitationOver, func(o *object) { o.self = "" }) // its address is forgotten
	until := h.clock.Now().AddDate(0, 0, 300)
	dated := done[governance.MandateID](h)(h.db.GrantMandate(ctx, boss, store.GrantMandateInput{
		Organization: h.world.organization(acme), Issuer: storetest.CastIssuer, Subject: "temp", Role: governance.RoleAuthor,
		Ground: "for a year", UntilAt: &until,
	}))
	h.add(object{name: mandateDated, kind: governance.KindMandate, id: string(dated), owner: acme, self: h.world.cast.Somebody("temp").Person})
	deputy := done[governance.MandateID](h)(h.db.DelegateMandate(ctx, boss, store.DelegateMandateInput{
		Mandate: dated, Issuer: storetest.CastIssuer, Subject: "deputy", Ground: "is away", UntilOn: "2026-06-30",
	}))
	h.add(object{name: mandateDeputy, kind: governance.KindMandate, id: string(deputy), owner: acme, self: h.world.cast.Somebody("deputy").Person})
}

// applications are one for a new organization that waits for the council, and one that was taken back.
func (h *stageHand) applications() {
	ctx, applies := context.Background(), h.world.cast.Somebody(somebody)
	for n, name := range []string{applicationOpen, applicationOver} {
		slug := fmt.Sprintf("newcomer-%d", n)
		id := done[governance.ApplicationID](h)(h.db.ApplyForNewOrganization(ctx, applies, store.ApplyForNewOrganizationInput{
			ID: governance.ApplicationID(idOf(170 + n)), Council: h.world.organization(council), Chamber: governance.ChamberEmployer,
			Ground: "employs forty", Slug: slug, LegalName: "Newcomer Ltd", Country: "LV",
			Identifiers: []store.OrganizationIdentifierInput{{Scheme: "VAT", Value: slug}},
		}))
		h.add(object{name: name, kind: governance.KindApplication, id: string(id), council: council, self: applies.Person})
	}
	done[governance.ApplicationID](h)(h.db.WithdrawApplication(ctx, applies, store.WithdrawApplicationInput{
		Application: governance.ApplicationID(h.id(applicationOver)),
	}))
}

// id is the id of the scene's object of that name.
func (h *stageHand) id(name string) string {
	h.t.Helper()
	found := h.scene.object(name)
	require.NotEmpty(h.t, found.name, "the scene has no such object: %s", name)
	return found.id
}

// object is the scene's object of that name; the zero value where it has none.
func (s *scene) object(name string) object {
	for _, o := range s.objects {
		if o.name == name {
			return o
		}
	}
	return object{}
}

// Needs: two in each stage, one of the council's sector and one of a sector without a council.
const needSector = "construction"

// needs makes them by the steps that lead there, but for ADDRESSED, which a publication brings, by SQL.
func (h *stageHand) needs() {
	for i, stage := range governance.NeedStages {
		h.need(100+2*i, stage, council)
		h.need(101+2*i, stage, "")
	}
	h.need(150, governance.StageAccepted, council) // another, for merging into
	h.need(151, governance.StageAccepted, "")
}

// needID is the id of the other need that needs of a council, or of none, are merged into.
func needInto(of string) string {
	if of == "" {
		return idOf(151)
	}
	return idOf(150)
}

func (h *stageHand) need(n int, stage governance.Stage, of string) {
	ctx, decider := context.Background(), h.world.cast.Secretary()
	in := store.ProposeNeedInput{
		ID: governance.NeedID(idOf(n)), Council: h.world.organization(of), Sector: needSector, Title: "Heat pump fitters",
		Description: "Not enough.", Language: "en", Country: "LV", HeadCount: 40, Urgency: governance.UrgencyWithinAYear,
	}
	name := "a need of the council that is " + string(stage)
	if of == "" {
		in.Sector, decider, name = "forestry", h.world.cast.Admin(), "a need without a council that is "+string(stage)
	}
	done[governance.NeedID](h)(h.db.ProposeNeed(ctx, h.as(acme, governance.RoleAuthor), in))
	if n < 150 {
		h.add(object{name: name, kind: governance.KindNeed, id: string(in.ID), stage: stage, council: of, owner: acme})
	}
	h.lead(in.ID, stage, decider)
}

// lead takes a new need to the stage.
func (h *stageHand) lead(need governance.NeedID, stage governance.Stage, decider governance.Actor) {
	ctx := context.Background()
	step := done[governance.NeedID](h)
	switch stage {
	case governance.StageUnderReview:
		step(h.db.ReviewNeed(ctx, decider, store.ReviewNeedInput{Need: need}))
	case governance.StageAccepted, governance.StageAddressed:
		step(h.db.ReviewNeed(ctx, decider, store.ReviewNeedInput{Need: need}))
		step(h.db.AcceptNeed(ctx, decider, store.AcceptNeedInput{Need: need, Reason: "it is so"}))
	case governance.StageDeclined:
		step(h.db.DeclineNeed(ctx, decider, store.DeclineNeedInput{Need: need, Reason: "it is not so"}))
	case governance.StageMerged:
		into := idOf(102) // open, of the same council
		if decider.Organization == h.world.organization(platform) {
			into = idOf(103)
		}
		step(h.db.MergeNeeds(ctx, decider, store.MergeNeedsInput{Need: need, Into: governance.NeedID(into), Reason: "the same"}))
	case governance.StageWithdrawn:
		step(h.db.WithdrawNeed(ctx, h.as(acme, governance.RoleAuthor), store.WithdrawNeedInput{Need: need, Reason: "not any more"}))
	default:
	}
	if stage == governance.StageAddressed {
		h.exec(`UPDATE needs SET stage = 'ADDRESSED' WHERE id = $1`, string(need))
	}
}
