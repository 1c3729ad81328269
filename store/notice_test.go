package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// follow makes the notices of everything that happened, with mails. On PostgreSQL an act's leaf follows the act.
func follow(t *testing.T, db *store.DB) {
	t.Helper()
	require.Eventually(t, func() bool {
		measures, err := db.Measures(context.Background())
		require.NoError(t, err)
		return measures.Queued == 0
	}, 10*time.Second, 5*time.Millisecond)
	for {
		more, err := db.FollowLog(context.Background(), true)
		require.NoError(t, err)
		if !more {
			return
		}
	}
}

func (d desk) follow() {
	d.t.Helper()
	follow(d.t, d.DB)
}

// forget leaves out what happened so far: the founding of the cast.
func (d desk) forget() {
	d.follow()
	change(d.t, d.DB, `DELETE FROM notices`)
	change(d.t, d.DB, `DELETE FROM outbox`)
	change(d.t, d.DB, `DELETE FROM notice_preferences`)
}

// mailbox gives a person an address that was verified.
func (d desk) mailbox(actor governance.Actor) {
	change(d.t, d.DB, `UPDATE persons SET email = 'p' || id || '@example.org', email_verified = 1 WHERE id = $1`, actor.Person)
}

// told lists what somebody was told, the newest first.
func (d desk) told(actor governance.Actor) []string {
	d.t.Helper()
	page, err := d.DB.Notices(context.Background(), actor, false, store.Page{})
	require.NoError(d.t, err)
	list := []string{}
	for _, n := range page.Nodes {
		list = append(list, n.Text)
	}
	return list
}

// mails claims what is due, answers the texts of each mail by its reader's person, and says that all were sent.
func (d desk) mails() map[governance.PersonID][]string {
	d.t.Helper()
	mails, err := d.DB.ClaimMails(context.Background(), 100, time.Minute)
	require.NoError(d.t, err)
	texts := map[governance.PersonID][]string{}
	for _, m := range mails {
		assert.Nil(d.t, texts[m.Person], "one mail a person")
		texts[m.Person] = []string{}
		for _, n := range m.Notices {
			texts[m.Person] = append(texts[m.Person], n.Text)
		}
		require.NoError(d.t, d.DB.MailSent(context.Background(), m))
	}
	return texts
}

func (d desk) invite(slug string) {
	d.t.Helper()
	_, err := d.DB.InviteToWorkingGroup(context.Background(), d.lead(), store.InviteToWorkingGroupInput{
		Edition: d.edition.ID, Organization: d.Organizations[slug]})
	require.NoError(d.t, err)
}

func (d desk) addComment(actor governance.Actor, body string) governance.CommentID {
	d.t.Helper()
	id, err := d.DB.AddComment(context.Background(), actor, store.AddCommentInput{
		Edition: d.edition.ID, Revision: d.edition.HeadID, Kind: governance.CommentGeneral, Body: body})
	require.NoError(d.t, err)
	return id
}

func TestAnInvitationIsToldToThoseWhoMayAnswerIt(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		d.clock.Advance(time.Hour)
		d.invite("union-a")
		d.follow()
		author := d.As("union-a", governance.RoleAuthor)
		page, err := d.DB.Notices(t.Context(), author, true, store.Page{})
		require.NoError(t, err)
		require.Len(t, page.Nodes, 1)
		n := page.Nodes[0]
		assert.Equal(t, "College Ltd invites Union-a Ltd to the working group.", n.Text)
		assert.Equal(t, "You get this because it concerns Union-a Ltd.", n.Why)
		assert.Equal(t, governance.NoticeWorkingGroup, n.Kind)
		assert.Equal(t, "/specifications/heat-pumps/1.0", n.Path)
		assert.Contains(t, n.Title["en"], "heat pumps")
		assert.Equal(t, storetest.Start.Add(time.Hour), n.CreatedAt)
		assert.Len(t, d.told(d.As("union-a", governance.RoleRepresentative)), 1)
		assert.Empty(t, d.told(d.As("union-a", governance.RoleObserver)))
		assert.Empty(t, d.told(d.As("union-b", governance.RoleAuthor)))
		assert.Empty(t, d.told(d.lead()), "who took the step knows it")
	})
}

func TestNobodyIsToldTwice(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		acme, bolt := d.As("acme", governance.RoleAuthor), d.As("bolt", governance.RoleAuthor)
		first := d.addComment(acme, "Why so long?")
		_, err := d.DB.AddComment(t.Context(), bolt, store.AddCommentInput{
			Edition: d.edition.ID, Revision: d.edition.HeadID, Kind: governance.CommentGeneral, Body: "Because.", Parent: first})
		require.NoError(t, err)
		d.follow()
		assert.Equal(t, []string{"Bolt Ltd wrote in a thread of yours."}, d.told(acme))
		assert.Len(t, d.told(d.lead()), 2)

		change(t, d.DB, `UPDATE notice_cursor SET number = -1`) // killed before it noted how far it came
		before := texts(t, d.DB, `SELECT id FROM notices ORDER BY id`)
		d.follow()
		after := texts(t, d.DB, `SELECT n.id FROM notices n JOIN acts a ON a.id = n.source WHERE a.object_kind = 'COMMENT' ORDER BY n.id`)
		assert.Subset(t, before, after, "the same notices and no others")
		assert.Empty(t, d.told(governance.Actor{Person: d.As("acme", governance.RoleObserver).Person}))
	})
}

func TestWhatMayNoLongerBeSeenIsNotTold(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		author := d.As("union-a", governance.RoleAuthor)
		d.mailbox(author)
		d.invite("union-a")
		d.follow()
		require.Len(t, d.told(author), 1)
		change(t, d.DB, `UPDATE editions SET closed_group = 1`)
		change(t, d.DB, `UPDATE working_group SET state = 'REMOVED' WHERE organization_id = $1`, d.Organizations["union-a"])
		assert.Empty(t, d.told(author))

		d.clock.Advance(24 * time.Hour)
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Equal(t, map[governance.PersonID][]string{author.Person: {}}, d.mails(), "a mail with nothing to tell is dropped")
	})
}

func TestWhoLeftIsNotTold(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		author := d.As("union-a", governance.RoleAuthor)
		d.invite("union-a")
		d.follow()
		change(t, d.DB, `UPDATE mandates SET ended_at = $2 WHERE person_id = $1`, author.Person, storetest.Start)
		assert.Empty(t, d.told(author))
	})
}

func TestADigestTellsOnceADayWhatWasNotRead(t *testing.T) {
	eachDesk(t, func(d desk) { // 9:00 UTC, 11:00 in Riga
		d.forget()
		reader, other := d.lead(), d.As("union-a", governance.RoleAuthor)
		d.mailbox(reader)
		d.addComment(d.As("acme", governance.RoleAuthor), "First.")
		d.follow()
		d.clock.Advance(time.Hour)
		d.addComment(d.As("bolt", governance.RoleAuthor), "Second.")
		d.follow()
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Empty(t, d.mails(), "it waits for seven in the morning, in Riga")

		d.clock.Advance(19*time.Hour - time.Minute) // 4:59 UTC
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Empty(t, d.mails())
		d.clock.Advance(time.Minute)
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Equal(t, map[governance.PersonID][]string{reader.Person: {"Bolt Ltd commented.", "Acme Ltd commented."}}, d.mails(),
			"the newest first, and nobody without an address")
		assert.Empty(t, d.told(other))

		d.addComment(d.As("acme", governance.RoleAuthor), "Third.")
		d.follow()
		read, err := d.DB.MarkNoticesRead(t.Context(), reader, store.MarkNoticesReadInput{})
		require.NoError(t, err)
		assert.Equal(t, 3, read)
		d.clock.Advance(48 * time.Hour)
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Empty(t, d.mails(), "everything was read: nothing to say, no mail")
	})
}

func TestPreferencesDecideWhatIsMailed(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		reader := d.lead()
		d.mailbox(reader)
		weekly, hour, zone := governance.DigestWeekly, 18, "America/New_York"
		p, err := d.DB.SetNoticePreferences(t.Context(), reader, store.SetNoticePreferencesInput{Digest: &weekly, Hour: &hour, Zone: &zone})
		require.NoError(t, err)
		assert.Equal(t, 18, p.Hour)
		d.addComment(d.As("acme", governance.RoleAuthor), "First.")
		d.follow()
		assert.Equal(t, []string{"2026-03-02T23:00:00.000000Z"}, texts(t, d.DB, `SELECT digest_due_at FROM notice_preferences`),
			"Monday at six in the evening in New York")

		require.NoError(t, d.DB.StopMail(t.Context(), reader.Person, string(governance.NoticeComment)))
		require.NoError(t, d.DB.StopMail(t.Context(), reader.Person, string(governance.NoticeComment)))
		p, err = d.DB.NoticePreferences(t.Context(), reader)
		require.NoError(t, err)
		assert.Equal(t, []governance.NoticeKind{governance.NoticeComment}, p.Muted)
		assert.True(t, p.Mail)
		d.clock.Advance(7 * 24 * time.Hour)
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Empty(t, d.mails(), "comments were turned off")
		assert.Len(t, d.told(reader), 1, "and are told in the application")

		require.NoError(t, d.DB.StopMail(t.Context(), reader.Person, store.StopAll))
		p, err = d.DB.NoticePreferences(t.Context(), reader)
		require.NoError(t, err)
		assert.False(t, p.Mail)
	})
}

func TestPreferencesThatAreNoneAreRefused(t *testing.T) {
	eachDesk(t, func(d desk) {
		hour, zone := 24, "Mars/Olympus"
		for _, in := range []store.SetNoticePreferencesInput{{Hour: &hour}, {Zone: &zone}, {Muted: []governance.NoticeKind{"WEATHER"}}} {
			_, err := d.DB.SetNoticePreferences(t.Context(), d.lead(), in)
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		}
		_, err := d.DB.SetNoticePreferences(t.Context(), governance.Actor{}, store.SetNoticePreferencesInput{})
		assert.Equal(t, governance.CodeUnauthenticated, governance.CodeOf(err))
		_, err = d.DB.Notices(t.Context(), governance.Actor{}, false, store.Page{})
		assert.Equal(t, governance.CodeUnauthenticated, governance.CodeOf(err))
	})
}

func TestOnlyOnesOwnNoticesAreRead(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		d.invite("union-a")
		d.follow()
		author, other := d.As("union-a", governance.RoleAuthor), d.As("union-b", governance.RoleAuthor)
		id := governance.NoticeID(texts(t, d.DB, `SELECT id FROM notices WHERE person_id = '`+string(author.Person)+`'`)[0])
		read, err := d.DB.MarkNoticesRead(t.Context(), other, store.MarkNoticesReadInput{Notices: []governance.NoticeID{id}})
		require.NoError(t, err)
		assert.Zero(t, read)
		read, err = d.DB.MarkNoticesRead(t.Context(), author, store.MarkNoticesReadInput{Notices: []governance.NoticeID{id}})
		require.NoError(t, err)
		assert.Equal(t, 1, read)
		page, err := d.DB.Notices(t.Context(), author, true, store.Page{})
		require.NoError(t, err)
		assert.Empty(t, page.Nodes)
	})
}

func TestThoseWhoHaveNotVotedAreReminded(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		d.stage(governance.StageBallot)
		ballot := d.open("acme", "bolt") // for fourteen days
		acme, bolt := d.As("acme", governance.RoleRepresentative), d.As("bolt", governance.RoleRepresentative)
		d.mailbox(acme)
		d.mailbox(bolt)
		remind := func() map[governance.PersonID][]string {
			require.NoError(t, d.DB.Remind(t.Context(), true))
			require.NoError(t, d.DB.Remind(t.Context(), true))
			return d.mails()
		}
		closing := []string{"The ballot is about to close."}
		d.clock.Advance(10 * 24 * time.Hour)
		assert.Empty(t, remind())
		d.clock.Advance(24 * time.Hour)
		assert.Equal(t, map[governance.PersonID][]string{acme.Person: closing, bolt.Person: closing}, remind(), "three days before")
		change(t, d.DB, `INSERT INTO positions (id, ballot_id, organization_id, number, position, person_id, taken_at, is_latest)
			VALUES ($1, $2, $3, 1, 'APPROVE', $4, $5, 1)`, d.id(91), ballot, bolt.Organization, bolt.Person, storetest.Start)
		d.clock.Advance(24 * time.Hour)
		assert.Empty(t, remind())
		d.clock.Advance(30 * time.Hour)
		assert.Equal(t, map[governance.PersonID][]string{acme.Person: closing}, remind(), "one day before, and who voted is left alone")
		d.clock.Advance(48 * time.Hour)
		assert.Empty(t, remind(), "it is over")
		page, err := d.DB.Notices(t.Context(), acme, false, store.Page{})
		require.NoError(t, err)
		require.Len(t, page.Nodes, 2)
		assert.Equal(t, "You get this because Acme Ltd is on the electorate and has taken no position.", page.Nodes[0].Why)
		assert.Equal(t, storetest.Start.Add(14*24*time.Hour), *page.Nodes[0].DueAt)
	})
}

func TestAReminderIsDroppedOnceItsReaderHasActed(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		d.stage(governance.StageBallot)
		ballot, acme := d.open("acme"), d.As("acme", governance.RoleRepresentative)
		d.mailbox(acme)
		d.clock.Advance(11 * 24 * time.Hour)
		require.NoError(t, d.DB.Remind(t.Context(), true))
		change(t, d.DB, `INSERT INTO positions (id, ballot_id, organization_id, number, position, person_id, taken_at, is_latest)
			VALUES ($1, $2, $3, 1, 'APPROVE', $4, $5, 1)`, d.id(91), ballot, acme.Organization, acme.Person, storetest.Start)
		assert.Equal(t, map[governance.PersonID][]string{acme.Person: {}}, d.mails())
	})
}

func TestTheSilentAreRemindedOfAConsultationAndTheRepliesOwed(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		change(t, d.DB, `INSERT INTO consultations (id, edition_id, revision_id, state, is_public, opened_at, closes_at, opened_by)
			VALUES ($1, $2, $3, 'OPEN', 1, $4, $5, $6)`, d.id(70), d.edition.ID, d.edition.HeadID, storetest.Start,
			storetest.Start.Add(30*24*time.Hour), d.Secretary().Person)
		change(t, d.DB, `UPDATE editions SET stage = 'CONSULTATION', consulted = 1`)
		acme, bolt := d.As("acme", governance.RoleAuthor), d.As("bolt", governance.RoleAuthor)
		d.comment(1, governance.StateOpen, false, false)
		d.clock.Advance(27 * 24 * time.Hour)
		require.NoError(t, d.DB.Remind(t.Context(), true))
		assert.Empty(t, d.told(acme), "it has commented")
		assert.Equal(t, []string{"The consultation is about to close."}, d.told(bolt))
		assert.Empty(t, d.told(d.lead()), "who edits need not comment")
		change(t, d.DB, `UPDATE consultations SET closes_at = $1`, storetest.Start.Add(40*24*time.Hour))
		d.clock.Advance(10 * 24 * time.Hour)
		require.NoError(t, d.DB.Remind(t.Context(), true))
		assert.Len(t, d.told(bolt), 2, "a deadline that moved is reminded of again")

		d.stage(governance.StageDisposition)
		change(t, d.DB, `UPDATE consultations SET state = 'CLOSED'`)
		change(t, d.DB, `UPDATE comments SET state = 'ANSWERED'`)
		d.answer(1, nil)
		change(t, d.DB, `UPDATE dispositions SET reply_due_at = $1`, storetest.Start.Add(39*24*time.Hour))
		require.NoError(t, d.DB.Remind(t.Context(), true))
		assert.Equal(t, []string{"Your reply to the answer to your comment is asked for; silence counts as an answer."}, d.told(acme))
	})
}

func TestAMailIsClaimedByOneSenderAtATime(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		d.stage(governance.StageBallot)
		d.open("acme")
		d.mailbox(d.As("acme", governance.RoleRepresentative))
		d.clock.Advance(11 * 24 * time.Hour)
		require.NoError(t, d.DB.Remind(t.Context(), true))

		claims := make(chan []*store.Mail, 8)
		for range 8 {
			go func() {
				mails, err := d.DB.ClaimMails(context.Background(), 10, time.Minute)
				assert.NoError(t, err)
				claims <- mails
			}()
		}
		var claimed []*store.Mail
		for range 8 {
			claimed = append(claimed, <-claims...)
		}
		require.Len(t, claimed, 1)
		d.clock.Advance(2 * time.Minute) // its sender was killed
		again, err := d.DB.ClaimMails(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, again, 1)
		assert.Equal(t, claimed[0].ID, again[0].ID)
		assert.Equal(t, 2, again[0].Attempts)
		require.NoError(t, d.DB.MailSent(t.Context(), claimed[0]))
		assert.Equal(t, []string{"WAITING"}, texts(t, d.DB, `SELECT state FROM outbox`), "a claim that ended decides nothing")
		require.NoError(t, d.DB.PutOffMail(t.Context(), again[0], time.Hour, "450 busy"))
		none, err := d.DB.ClaimMails(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		assert.Empty(t, none)
		d.clock.Advance(time.Hour)
		third, err := d.DB.ClaimMails(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, third, 1)
		require.NoError(t, d.DB.MailFailed(t.Context(), third[0], "550 unknown"))
		assert.Equal(t, []string{"FAILED 550 unknown"}, texts(t, d.DB, `SELECT state || ' ' || reason FROM outbox`))
	})
}

func TestAMentionIsMailedAtOnce(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		person, observer := d.As("acme", governance.RoleRepresentative), d.As("union-a", governance.RoleObserver)
		d.mailbox(person)
		d.mailbox(observer)
		change(t, d.DB, `INSERT INTO mandates (id, person_id, organization_id, role, source, from_at, created_at)
			VALUES ($1, $2, $3, 'AUTHOR', 'GRANT', $4, $4)`, d.id(60), person.Person, d.Register("aaa-stranger"), storetest.Start)
		_, err := d.DB.AddComment(t.Context(), d.As("bolt", governance.RoleAuthor), store.AddCommentInput{
			Edition: d.edition.ID, Revision: d.edition.HeadID, Kind: governance.CommentGeneral, Body: "What do you say?",
			Mentions: []string{string(person.Person), "union-a"}})
		require.NoError(t, err)
		d.follow()
		mentioned := []string{"Bolt Ltd mentioned you in a comment."}
		assert.Equal(t, map[governance.PersonID][]string{person.Person: mentioned}, d.mails(), "an organization's observers do not answer")
		page, err := d.DB.Notices(t.Context(), person, false, store.Page{})
		require.NoError(t, err)
		require.Len(t, page.Nodes, 1)
		assert.Equal(t, "acme", page.Nodes[0].Organization.Slug, "told for the organization that may see it")
		assert.Equal(t, "You get this because you were mentioned.", page.Nodes[0].Why)
		assert.Equal(t, mentioned, d.told(d.As("union-a", governance.RoleAuthor)))
		assert.Equal(t, []string{"Bolt Ltd commented."}, d.told(d.lead()))
	})
}

func TestWhatIsFoundDaysLaterWaitsForTheDigest(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		person := d.As("acme", governance.RoleRepresentative)
		d.mailbox(person)
		_, err := d.DB.AddComment(t.Context(), d.As("bolt", governance.RoleAuthor), store.AddCommentInput{
			Edition: d.edition.ID, Revision: d.edition.HeadID, Kind: governance.CommentGeneral, Body: "What do you say?",
			Mentions: []string{string(person.Person)}})
		require.NoError(t, err)
		d.clock.Advance(3 * 24 * time.Hour) // the server was down
		d.follow()
		assert.Empty(t, d.mails())
		d.clock.Advance(24 * time.Hour)
		require.NoError(t, d.DB.MakeDigests(t.Context()))
		assert.Equal(t, map[governance.PersonID][]string{person.Person: {"Bolt Ltd mentioned you in a comment."}}, d.mails())
	})
}

func TestASuggestionIsToldToEditorsAndItsDecisionToWhoMadeIt(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.forget()
		union := d.As("union-a", governance.RoleAuthor)
		change(t, d.DB, `INSERT INTO suggestions (id, edition_id, base_id, reason, state, organization_id, person_id, created_at)
			VALUES ($1, $2, $3, 'Clearer.', 'OPEN', $4, $5, $6)`, d.id(50), d.edition.ID, d.edition.HeadID, union.Organization, union.Person, d.clock.Now())
		_, err := d.DB.RejectSuggestion(t.Context(), d.lead(), store.RejectSuggestionInput{Suggestion: governance.SuggestionID(d.id(50)), Reason: "No."})
		require.NoError(t, err)
		d.follow()
		assert.Equal(t, []string{"College Ltd rejected your suggestion."}, d.told(union))
		assert.Empty(t, d.told(d.As("union-b", governance.RoleAuthor)))
	})
}
