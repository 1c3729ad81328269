package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
	"concordat/store/storetest"
)

// desk is a cast with an edition of the college's, and a clock that the test moves.
type desk struct {
	*storetest.Cast
	t       *testing.T
	clock   *storetest.Clock
	edition *store.Edition
}

func eachDesk(t *testing.T, f func(d desk)) {
	t.Helper()
	storetest.On(t, func(t *testing.T, kind string) {
		clock := storetest.NewClock()
		d := desk{Cast: storetest.NewCast(t, storetest.OpenAt(t, kind, clock)), t: t, clock: clock}
		id, err := d.DB.StartSpecification(t.Context(), d.lead(), store.StartSpecificationInput{
			Council: d.Council, Slug: "heat-pumps", Document: sample.Document(), Message: "First draft.",
		})
		require.NoError(t, err)
		specification, err := d.DB.SpecificationByID(t.Context(), d.lead(), id, nil)
		require.NoError(t, err)
		d.edition, err = d.DB.NewestEdition(t.Context(), d.lead(), specification, nil)
		require.NoError(t, err)
		f(d)
	})
}

func (d desk) lead() governance.Actor { return d.As("college", governance.RoleAuthor) }

// waits lists what waits for somebody: "STEP organization".
func (d desk) waits(actor governance.Actor) []string {
	d.t.Helper()
	items, err := d.DB.Waiting(context.Background(), actor)
	require.NoError(d.t, err)
	list := []string{}
	for _, item := range items {
		whom := "itself"
		if item.Organization != nil {
			whom = item.Organization.Slug
		}
		list = append(list, string(item.Step)+" "+whom)
	}
	return list
}

// only asserts that one thing waits, and answers it.
func (d desk) only(actor governance.Actor, what string) *store.WorkItem {
	d.t.Helper()
	require.Equal(d.t, []string{what}, d.waits(actor))
	items, err := d.DB.Waiting(context.Background(), actor)
	require.NoError(d.t, err)
	return items[0]
}

// anywhere is the person without an organization that it acts for.
func anywhere(actor governance.Actor) governance.Actor {
	actor.Organization = ""
	return actor
}

func (d desk) stage(stage governance.Stage) {
	change(d.t, d.DB, `UPDATE editions SET stage = $2 WHERE id = $1`, d.edition.ID, stage)
}

// id makes an id that sorts by n.
func (d desk) id(n int) string { return fmt.Sprintf("0195e3a0-0000-7000-8000-0000000002%02d", n) }

func TestNothingWaitsForWhoHasNothingToDo(t *testing.T) {
	eachDesk(t, func(d desk) {
		assert.Empty(t, d.waits(governance.Actor{}))
		assert.Empty(t, d.waits(d.Somebody("walker")))
		assert.Empty(t, d.waits(d.As("acme", governance.RoleObserver)))
		assert.Empty(t, d.waits(d.lead()))
	})
}

func TestNeedsWaitForTheSecretaryOrTheAdministrator(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		reporter := d.As("acme", governance.RoleAuthor)
		need := store.ProposeNeedInput{Council: d.Council, Sector: "construction", Title: "Heat pump fitters", Description: "We lack them.",
			Language: "en", Country: "LV", HeadCount: 12, Urgency: governance.UrgencyNow}
		id, err := d.DB.ProposeNeed(t.Context(), reporter, need)
		require.NoError(t, err)
		item := d.only(d.Secretary(), "REVIEW_NEED council")
		assert.Equal(t, governance.Text{"en": "Heat pump fitters"}, item.Title)
		assert.Equal(t, string(id), item.Object)
		assert.Equal(t, "/needs/"+string(id), item.Path)
		assert.Nil(t, item.DueAt)
		assert.Equal(t, []string{"REVIEW_NEED council"}, d.waits(anywhere(d.Secretary())), "all organizations where none is acted for")
		assert.Empty(t, d.waits(d.Admin()), "the council's, not the platform's")
		assert.Empty(t, d.waits(reporter))
		assert.Empty(t, d.waits(d.As("council", governance.RoleRepresentative)))

		_, err = d.DB.ReviewNeed(t.Context(), d.Secretary(), store.ReviewNeedInput{Need: id})
		require.NoError(t, err)
		d.only(d.Secretary(), "ACCEPT_NEED council")

		need.Council, need.Sector = "", "fishing"
		_, err = d.DB.ProposeNeed(t.Context(), reporter, need)
		require.NoError(t, err)
		d.only(d.Admin(), "REVIEW_NEED platform")
		d.only(d.Secretary(), "ACCEPT_NEED council")
	})
}

func TestInvitationsAndRequestsWaitForTheirAnswers(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.clock.Advance(time.Hour)
		_, err := d.DB.InviteToWorkingGroup(t.Context(), d.lead(), store.InviteToWorkingGroupInput{
			Edition: d.edition.ID, Organization: d.Organizations["union-a"]})
		require.NoError(t, err)
		item := d.only(d.As("union-a", governance.RoleAuthor), "ANSWER_INVITATION union-a")
		assert.Equal(t, "/specifications/heat-pumps/1.0", item.Path)
		assert.Equal(t, string(d.edition.ID), item.Object)
		assert.Contains(t, item.Title["en"], "heat pumps")
		d.only(d.As("union-a", governance.RoleRepresentative), "ANSWER_INVITATION union-a")
		assert.Empty(t, d.waits(d.As("union-a", governance.RoleObserver)))
		assert.Empty(t, d.waits(d.As("union-b", governance.RoleAuthor)))

		_, err = d.DB.AskToJoin(t.Context(), d.As("acme", governance.RoleAuthor), store.AskToJoinInput{Edition: d.edition.ID})
		require.NoError(t, err)
		d.only(d.lead(), "ANSWER_REQUEST college")
		assert.Equal(t, []string{"ANSWER_REQUEST council", "OPEN_CONSULTATION council"}, d.waits(d.Secretary()))
		assert.Empty(t, d.waits(d.As("college", governance.RoleRepresentative)), "a lead's author answers")

		_, err = d.DB.SuspendRollEntry(t.Context(), d.Secretary(), store.SuspendRollEntryInput{
			RollEntry: d.entryOf("college"), Ground: "fees"})
		require.NoError(t, err)
		assert.Empty(t, d.waits(d.lead()), "a suspended organization takes no new step")

		d.stage(governance.StageBallot)
		assert.Empty(t, d.waits(d.As("union-a", governance.RoleAuthor)), "too late for an answer")
	})
}

// entryOf finds an organization's entry on the council's roll.
func (d desk) entryOf(slug string) governance.RollEntryID {
	d.t.Helper()
	return entryOf(d.t, d.DB, d.Cast, slug)
}

func TestReadyDraftsWaitForAConsultation(t *testing.T) {
	eachDesk(t, func(d desk) {
		item := d.only(d.Secretary(), "OPEN_CONSULTATION council")
		assert.Equal(t, string(d.edition.ID), item.Object)
		assert.Empty(t, d.waits(d.lead()))

		document := sample.Document()
		document.Outcomes = nil
		_, err := d.DB.SaveRevision(t.Context(), d.lead(), store.SaveRevisionInput{
			Edition: d.edition.ID, Base: d.edition.HeadID, Document: document, Message: "Not ready."})
		require.NoError(t, err)
		assert.Empty(t, d.waits(d.Secretary()), "a text with readiness errors is not for a consultation")
	})
}

func TestACouncilWithoutACharterOpensNoConsultation(t *testing.T) {
	eachDesk(t, func(d desk) {
		change(t, d.DB, `UPDATE councils SET charter_id = NULL WHERE id = $1`, d.Council)
		assert.Empty(t, d.waits(d.Secretary()))
	})
}

// comment writes a comment of acme's as its row stands, and answers its id.
func (d desk) comment(n int, state governance.CommentState, isObjection, late bool) string {
	d.t.Helper()
	author := d.As("acme", governance.RoleAuthor)
	change(d.t, d.DB, `INSERT INTO comments (id, edition_id, revision_id, kind, body, is_objection, state, late, organization_id, person_id, created_at)
		VALUES ($1, $2, $3, 'GENERAL', 'Why so long?', $4, $5, $6, $7, $8, $9)`,
		d.id(n), d.edition.ID, d.edition.HeadID, isObjection, state, late, author.Organization, author.Person, storetest.Start)
	return d.id(n)
}

// answer writes the college's answer to a comment; a reply is due in seven days.
func (d desk) answer(n int, reply *governance.Reply) {
	d.t.Helper()
	change(d.t, d.DB, `INSERT INTO dispositions (id, comment_id, kind, organization_id, person_id, created_at, reply_due_at, reply)
		VALUES ($1, $1, 'ACCEPTED', $2, $3, $4, $5, $6)`,
		d.id(n), d.lead().Organization, d.lead().Person, storetest.Start, storetest.Start.Add(7*24*time.Hour), reply)
}

func TestCommentsWaitForAnswersAndAnswersForReplies(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageDisposition)
		acme := d.As("acme", governance.RoleAuthor)
		d.comment(1, governance.StateOpen, false, false)
		change(t, d.DB, `UPDATE editions SET unanswered_count = 1`)
		item := d.only(d.lead(), "DISPOSE_COMMENT college")
		assert.Equal(t, string(d.edition.ID), item.Object, "one entry for all comments of an edition")
		assert.Empty(t, d.waits(acme))
		assert.Empty(t, d.waits(d.Secretary()), "no ballot opens before the comment is answered")

		d.answer(1, nil)
		change(t, d.DB, `UPDATE editions SET unanswered_count = 0`)
		change(t, d.DB, `UPDATE comments SET state = 'ANSWERED'`)
		assert.Empty(t, d.waits(d.lead()))
		item = d.only(acme, "REPLY_TO_DISPOSITION acme")
		assert.Equal(t, d.id(1), item.Object)
		assert.Equal(t, "/specifications/heat-pumps/1.0#"+d.id(1), item.Path)
		assert.Equal(t, storetest.Start.Add(7*24*time.Hour), *item.DueAt)
		d.only(d.As("acme", governance.RoleRepresentative), "REPLY_TO_DISPOSITION acme")
		assert.Empty(t, d.waits(d.As("bolt", governance.RoleRepresentative)))
		assert.Empty(t, d.waits(d.Secretary()), "the commenter still has days to reply")

		d.clock.Advance(8 * 24 * time.Hour)
		assert.Empty(t, d.waits(acme), "silence was an answer")
		d.only(d.Secretary(), "OPEN_BALLOT council")
	})
}

func TestAPersonRepliesForItself(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageDisposition)
		walker := d.Somebody("walker")
		d.comment(1, governance.StateAnswered, false, false)
		d.answer(1, nil)
		change(t, d.DB, `UPDATE comments SET organization_id = NULL, person_id = $1`, walker.Person)
		d.only(walker, "REPLY_TO_DISPOSITION itself")
		walker.Organization = d.Organizations["acme"]
		assert.Empty(t, d.waits(walker), "who acts for an organization does not speak for itself")
	})
}

func TestABallotWaitsUntilNothingIsUndisposed(t *testing.T) {
	satisfied, not := governance.ReplySatisfied, governance.ReplyNotSatisfied
	cases := map[string]struct {
		state     governance.CommentState
		objection bool
		late      bool
		reply     *governance.Reply
		ready     bool
	}{
		"a withdrawn comment gates nothing":           {governance.StateWithdrawn, false, false, nil, true},
		"an answer that satisfied gates nothing":      {governance.StateAnswered, false, false, &satisfied, true},
		"dissatisfaction blocks nothing":              {governance.StateAnswered, false, false, &not, true},
		"a late objection gates nothing":              {governance.StateOpen, true, true, nil, true},
		"an overruled objection gates nothing":        {governance.StateOverruled, true, false, nil, true},
		"a resolved objection gates nothing":          {governance.StateResolved, true, false, &satisfied, true},
		"an open objection blocks":                    {governance.StateOpen, true, false, nil, false},
		"a referred objection blocks":                 {governance.StateReferred, true, false, &not, false},
		"an upheld objection blocks until it is done": {governance.StateUpheld, true, false, nil, false},
	}
	eachDesk(t, func(d desk) {
		d.stage(governance.StageDisposition)
		d.comment(1, governance.StateOpen, false, false)
		d.answer(1, nil)
		for name, test := range cases {
			change(t, d.DB, `UPDATE comments SET state = $1, is_objection = $2, late = $3`, test.state, test.objection, test.late)
			change(t, d.DB, `UPDATE dispositions SET reply = $1`, test.reply)
			want := []string{}
			if test.ready {
				want = append(want, "OPEN_BALLOT council")
			}
			assert.Equal(t, want, d.waits(d.Secretary()), name)
		}
	})
}

func TestReferredObjectionsWaitForTheCouncilsRepresentatives(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageDisposition)
		objection := d.comment(1, governance.StateReferred, true, false)
		d.answer(1, nil)
		first, second := d.As("council", governance.RoleRepresentative), d.As("council", governance.RoleRepresentative, "2")
		assert.Equal(t, objection, d.only(first, "OVERRULE_OBJECTION council").Object)
		change(t, d.DB, `UPDATE dispositions SET person_id = $1`, first.Person)
		assert.Empty(t, d.waits(first), "who answered it does not decide on it")
		d.only(second, "OVERRULE_OBJECTION council")

		change(t, d.DB, `UPDATE charters SET body = REPLACE(body, '"REPRESENTATIVE"', '"MATTER_BALLOT"')`)
		assert.Empty(t, d.waits(second), "this charter leaves it to a ballot")
	})
}

// open opens a ballot as its rows stand, for these electors.
func (d desk) open(electors ...string) string {
	d.t.Helper()
	ballot := d.id(90)
	change(d.t, d.DB, `INSERT INTO ballots (id, council_id, kind, edition_id, revision_id, digest, charter_id, rule, profile, findings,
			secrecy, state, opened_at, closes_at, elector_count, opened_by)
		VALUES ($1, $2, 'EDITION', $3, $4, $5, $6, '{}', 'EU/1', '[]', 'AT_ONCE', 'OPEN', $7, $8, $9, $10)`,
		ballot, d.Council, d.edition.ID, d.edition.HeadID, d.edition.HeadDigest, d.Charter, storetest.Start,
		storetest.Start.Add(14*24*time.Hour), len(electors), d.Secretary().Person)
	for _, slug := range electors {
		change(d.t, d.DB, `INSERT INTO electors (ballot_id, organization_id, chamber, weight, announced_at) VALUES ($1, $2, 'EMPLOYER', '1', $3)`,
			ballot, d.Organizations[slug], storetest.Start)
	}
	return ballot
}

func TestBallotsWaitForPositionsUntilTheyClose(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		ballot := d.open("acme", "bolt")
		acme, bolt := d.As("acme", governance.RoleRepresentative), d.As("bolt", governance.RoleRepresentative)
		item := d.only(acme, "TAKE_POSITION acme")
		assert.Equal(t, "/ballots/"+ballot, item.Path)
		assert.Equal(t, storetest.Start.Add(14*24*time.Hour), *item.DueAt)
		assert.Empty(t, d.waits(d.As("acme", governance.RoleAuthor)), "only a representative votes")
		assert.Empty(t, d.waits(d.As("crane", governance.RoleRepresentative)), "no elector")

		change(t, d.DB, `INSERT INTO ballot_speakers (ballot_id, person_id, organization_id) VALUES ($1, $2, $3)`, ballot, acme.Person, bolt.Organization)
		assert.Empty(t, d.waits(acme), "one person speaks for one organization")
		change(t, d.DB, `INSERT INTO positions (id, ballot_id, organization_id, number, position, person_id, taken_at, is_latest)
			VALUES ($1, $2, $3, 1, 'APPROVE', $4, $5, 1)`, d.id(91), ballot, bolt.Organization, bolt.Person, storetest.Start)
		assert.Empty(t, d.waits(bolt), "it has taken its position")
		change(t, d.DB, `DELETE FROM ballot_speakers`)
		d.only(acme, "TAKE_POSITION acme")
		d.clock.Advance(14 * 24 * time.Hour)
		assert.Empty(t, d.waits(acme), "the deadline has passed")
	})
}

func TestEndorsementsAndPublicationWaitForTheirBodies(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageApproved)
		council := d.As("council", governance.RoleRepresentative)
		change(t, d.DB, `UPDATE editions SET approved_digest = head_digest`)
		change(t, d.DB, `INSERT INTO statements (id, kind, edition_id, digest, organization_id, state, asked_at, created_at)
			VALUES ($1, 'ENDORSEMENT', $2, $3, $4, 'ASKED', $5, $5)`, d.id(80), d.edition.ID, d.edition.HeadDigest, d.Council, storetest.Start)
		assert.Equal(t, d.id(80), d.only(council, "GIVE_ENDORSEMENT council").Object)
		change(t, d.DB, `UPDATE editions SET approved_digest = 'sha256:other'`)
		assert.Empty(t, d.waits(council), "another text was approved since")

		d.stage(governance.StageEndorsed)
		d.only(d.As("college", governance.RolePublisher), "PUBLISH_EDITION college")
		assert.Empty(t, d.waits(d.As("academy", governance.RolePublisher)))
		change(t, d.DB, `UPDATE editions SET lead_id = $1, publisher_by_lead = $2`, d.Organizations["acme"], d.Organizations["academy"])
		assert.Empty(t, d.waits(d.As("college", governance.RolePublisher)))
		assert.Empty(t, d.waits(d.As("academy", governance.RolePublisher)), "the secretary has not named it")
		change(t, d.DB, `UPDATE editions SET publisher_by_secretary = publisher_by_lead`)
		d.only(d.As("academy", governance.RolePublisher), "PUBLISH_EDITION academy")
	})
}

func TestTheSoonestDeadlineComesFirst(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageDisposition)
		for n := 1; n <= 3; n++ {
			d.comment(n, governance.StateAnswered, false, false)
			d.answer(n, nil)
		}
		change(t, d.DB, `UPDATE dispositions SET reply_due_at = $2 WHERE id = $1`, d.id(2), storetest.Start.Add(time.Hour))
		_, err := d.DB.InviteToWorkingGroup(t.Context(), d.lead(), store.InviteToWorkingGroupInput{
			Edition: d.edition.ID, Organization: d.Organizations["acme"]})
		require.NoError(t, err)
		items, err := d.DB.Waiting(t.Context(), d.As("acme", governance.RoleAuthor))
		require.NoError(t, err)
		objects := []string{}
		for _, item := range items {
			objects = append(objects, item.Object)
		}
		assert.Equal(t, []string{d.id(2), d.id(1), d.id(3), string(d.edition.ID)}, objects)
	})
}

func TestSuggestionsWaitForTheEditors(t *testing.T) {
	eachDesk(t, func(d desk) {
		suggester := d.As("acme", governance.RoleAuthor)
		id, err := d.DB.Suggest(t.Context(), suggester, store.SuggestInput{
			Edition: d.edition.ID, Base: d.edition.HeadID, Reason: "Clearer.",
			Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: []byte(`"Fitting heat pumps"`)}},
		})
		require.NoError(t, err)
		item := d.only(d.lead(), "ACCEPT_SUGGESTION college")
		assert.Equal(t, string(d.edition.ID), item.Object)
		assert.Empty(t, d.waits(suggester))
		d.stage(governance.StageBallot)
		assert.Empty(t, d.waits(d.lead()), "the text is frozen")
		d.stage(governance.StageDisposition)
		_, err = d.DB.RejectSuggestion(t.Context(), d.lead(), store.RejectSuggestionInput{Suggestion: id, Reason: "As it is."})
		require.NoError(t, err)
		assert.Empty(t, d.waits(d.lead()))
	})
}
