package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// The words that somebody should not have said.
const outrage = "Zwiebelfisch and his gang are thieves."

func (s scene) hide(actor governance.Actor, id governance.CommentID) error {
	_, err := s.db.HideComment(s.t.Context(), actor, store.HideCommentInput{Comment: id, Reason: "Names a private person."})
	return err
}

func (s scene) report(actor governance.Actor, id governance.CommentID) error {
	_, err := s.db.ReportComment(s.t.Context(), actor, store.ReportCommentInput{Comment: id, Reason: "Calls people thieves."})
	return err
}

func (s scene) waits(actor governance.Actor, step governance.Step, object any) bool {
	s.t.Helper()
	items, err := s.db.Waiting(s.t.Context(), actor)
	require.NoError(s.t, err)
	for _, item := range items {
		if item.Step == step && item.Object == fmt.Sprint(object) {
			return true
		}
	}
	return false
}

func TestReportsOfACommentLieWithTheSecretary(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		c := s.comment(unionist, e, outrage)
		reports := func(actor governance.Actor) []*store.ModerationReport {
			found, err := s.db.CommentReports(t.Context(), actor, s.read(actor, c.ID))
			require.NoError(t, err)
			seen, err := s.db.Edition(t.Context(), actor, e.ID, nil)
			require.NoError(t, err)
			page, err := s.db.Comments(t.Context(), actor, seen, store.CommentFilter{}, store.Page{}, store.Fields{"nodes": {"reports": nil}})
			require.NoError(t, err)
			along, err := s.db.CommentReports(t.Context(), actor, page.Nodes[0])
			require.NoError(t, err)
			assert.Equal(t, found, along)
			return found
		}
		s.refused(s.report(outsider, c.ID), governance.CodeNotFound, "not-found")
		s.refused(s.report(governance.Actor{}, c.ID), governance.CodeUnauthenticated, "sign-in-needed")
		require.NoError(t, s.report(manufacturer, c.ID))
		s.refused(s.report(manufacturer, c.ID), governance.CodeConflict, "reported")
		s.clock.Advance(time.Second)
		require.NoError(t, s.report(drafter, c.ID))
		require.Len(t, reports(secretary), 2)
		assert.Equal(t, "pump-works", reports(secretary)[0].Organization.Slug)
		assert.Empty(t, reports(councillor))
		assert.Empty(t, reports(unionist))
		assert.True(t, s.waits(secretary, governance.HideComment, c.ID))
		assert.False(t, s.waits(councillor, governance.HideComment, c.ID))

		dismiss := func(actor governance.Actor, reason string) error {
			_, err := s.db.DismissReports(t.Context(), actor, store.DismissReportsInput{Comment: c.ID, Reason: reason})
			return err
		}
		s.refused(dismiss(secretary, " "), governance.CodeInvalid, "text-missing")
		s.refused(dismiss(unionist, "No."), governance.CodeForbidden, "role-needed")
		require.NoError(t, dismiss(secretary, "It is meant as a joke."))
		s.refused(dismiss(secretary, "No."), governance.CodeConflict, "not-reported")
		assert.False(t, s.waits(secretary, governance.HideComment, c.ID))
		assert.NotNil(t, reports(secretary)[0].SettledAt)

		s.consult(e)
		spoken := s.comment(unionist, e, outrage)
		require.NoError(t, s.report(citizen, spoken.ID), "in public anybody who is signed in may")
		require.NoError(t, s.hide(secretary, spoken.ID))
		assert.False(t, s.waits(secretary, governance.HideComment, spoken.ID))
	})
}

func TestAHiddenCommentShowsThePublicReason(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id, err := s.db.RaiseObjection(t.Context(), unionist, store.RaiseObjectionInput{
			Edition: e.ID, Path: "/title/en", Quote: "heat pumps", Reason: outrage, Remedy: "Throw them out.",
		})
		require.NoError(t, err)
		s.answer(&store.Comment{ID: id}, governance.DispositionRejected)
		require.NoError(t, s.reply(unionist, &store.Comment{ID: id}, governance.ReplyNotSatisfied))
		s.refused(s.hide(unionist, id), governance.CodeForbidden, "role-needed")
		s.refused(s.hide(councillor, id), governance.CodeForbidden, "role-needed")
		require.NoError(t, s.hide(secretary, id))
		s.refused(s.hide(secretary, id), governance.CodeConflict, "hidden")
		for name, c := range map[string]struct {
			actor governance.Actor
			reads bool
		}{
			"the secretary":         {secretary, true},
			"its author":            {unionist, true},
			"its organization":      {unionObserver, true},
			"the council":           {councillor, false},
			"an editor":             {drafter, false},
			"another on the roll":   {manufacturer, false},
			"the author for itself": {governance.Actor{Person: unionist.Person, Scopes: unionist.Scopes}, true},
		} {
			if name == "the author for itself" {
				s.consulted(e)
			}
			got := s.read(c.actor, id)
			assert.Equal(t, governance.StateReferred, got.State, name)
			assert.Equal(t, governance.ModerationHidden, got.Moderation.State, name)
			assert.Equal(t, "Names a private person.", got.Moderation.Reason, name)
			if c.reads {
				assert.Equal(t, []string{outrage, "heat pumps", "Throw them out.", "So."},
					[]string{got.Body, got.Quote, got.Remedy, got.Disposition.ReplyText}, name)
				continue
			}
			assert.Equal(t, []string{"Names a private person.", "", "", ""},
				[]string{got.Body, got.Quote, got.Remedy, got.Disposition.ReplyText}, name)
			assert.Equal(t, "Because.", got.Disposition.Reason, "the answer stays")
		}
		seen, err := s.db.Edition(t.Context(), manufacturer, e.ID, nil)
		require.NoError(t, err)
		page, err := s.db.Comments(t.Context(), manufacturer, seen, store.CommentFilter{}, store.Page{}, nil)
		require.NoError(t, err)
		assert.Equal(t, "Names a private person.", page.Nodes[0].Body, "in a list too")

		unhide := func(actor governance.Actor) error {
			_, err := s.db.UnhideComment(t.Context(), actor, store.UnhideCommentInput{Comment: id})
			return err
		}
		s.refused(unhide(unionist), governance.CodeForbidden, "role-needed")
		require.NoError(t, unhide(secretary))
		s.refused(unhide(secretary), governance.CodeConflict, "not-hidden")
		assert.Equal(t, outrage, s.read(manufacturer, id).Body)
	})
}

// consulted makes an edition one that everybody sees, with all that was said on it.
func (s scene) consulted(e *store.Edition) {
	change(s.t, s.db, `UPDATE editions SET consulted = 1 WHERE id = $1`, e.ID)
}

func TestWhatIsEditedWhileHiddenKeepsItsFirstWords(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		c := s.comment(unionist, e, outrage)
		require.NoError(t, s.hide(secretary, c.ID))
		_, err := s.db.EditComment(t.Context(), unionist, store.EditCommentInput{Comment: c.ID, Body: "They take what is not theirs."})
		require.NoError(t, err)
		assert.Equal(t, []string{outrage, "They take what is not theirs."},
			texts(t, s.db, `SELECT body FROM comment_texts WHERE comment_id = $1 ORDER BY number`, c.ID))
		assert.Equal(t, "Names a private person.", s.read(manufacturer, c.ID).Body)
	})
}

func TestTwoPersonsRedactAComment(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		id, err := s.db.AddComment(t.Context(), citizen, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: outrage, ProposedChange: outrage, PublicName: "Zwiebelfisch",
		})
		require.NoError(t, err)
		_, err = s.db.EditComment(t.Context(), citizen, store.EditCommentInput{Comment: id, Body: outrage + " All.", ProposedChange: outrage})
		require.NoError(t, err)
		require.NoError(t, s.report(manufacturer, id))
		change(t, s.db, `
			INSERT INTO comment_sources (
				comment_id, edition_id, organization_id, row_key, file_digest, row_number, body, line, clause, quote, observations
			) VALUES ($1, $2, $3, 'k', 'd', 1, $4, $4, $4, $4, $4)`, id, e.ID, sceneUnion, "Zwiebelfisch")
		s.clock.Advance(60 * 24 * time.Hour)
		_, err = s.db.TakeDue(t.Context())
		require.NoError(t, err)
		_, err = s.db.DisposeComment(t.Context(), drafter, store.DisposeCommentInput{
			Comment: id, Kind: governance.DispositionOutOfScope, Reason: "Zwiebelfisch is not in the text.",
		})
		require.NoError(t, err)
		_, err = s.db.ReplyToDisposition(t.Context(), citizen, store.ReplyToDispositionInput{
			Comment: id, Reply: governance.ReplyNotSatisfied, Text: "Zwiebelfisch again!",
		})
		require.NoError(t, err)

		request := func(actor governance.Actor) error {
			_, err := s.db.RequestRedaction(t.Context(), actor, store.RequestRedactionInput{
				Comment: id, Reason: "Insults a person by name.", Name: true, Answer: true,
			})
			return err
		}
		confirm := func(actor governance.Actor) error {
			_, err := s.db.ConfirmRedaction(t.Context(), actor, store.ConfirmRedactionInput{Comment: id})
			return err
		}
		s.refused(confirm(councillor), governance.CodeConflict, "redaction-unasked")
		s.refused(request(unionist), governance.CodeForbidden, "role-needed")
		require.NoError(t, s.hide(secretary, id))
		assert.Equal(t, "Names a private person.", s.read(councillor, id).Body)
		require.NoError(t, request(secretary))
		s.refused(request(councillor), governance.CodeConflict, "redaction-asked")
		s.refused(confirm(secretary), governance.CodeForbidden, "second-person")
		s.refused(confirm(drafter), governance.CodeForbidden, "role-needed")
		assert.Equal(t, outrage+" All.", s.read(councillor, id).Body, "who is to confirm reads what")
		assert.True(t, s.waits(councillor, governance.ConfirmRedaction, id))
		assert.False(t, s.waits(secretary, governance.ConfirmRedaction, id))
		require.NoError(t, confirm(councillor))
		s.refused(confirm(councillor), governance.CodeConflict, "redaction-unasked")

		for _, actor := range []governance.Actor{{}, citizen, secretary, councillor, manufacturer} {
			got := s.read(actor, id)
			assert.Equal(t, governance.ModerationRedacted, got.Moderation.State)
			assert.Equal(t, "Insults a person by name.", got.Body)
			assert.Empty(t, got.ProposedChange+got.Disposition.Reason+got.Disposition.ReplyText)
			assert.Nil(t, got.Author.Name)
			assert.Equal(t, governance.DispositionOutOfScope, got.Disposition.Kind, "the tombstone stays")
		}
		s.refused(s.hide(secretary, id), governance.CodeConflict, "redacted")
		s.refused(s.report(drafter, id), governance.CodeConflict, "redacted")
		s.gone("Zwiebelfisch")

		problems, err := s.db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
		redacted, err := s.db.Redacted(t.Context())
		require.NoError(t, err)
		assert.Len(t, redacted, 7, "two texts each of the comment and its change, the report, the answer, the reply: %v", redacted)
		assert.Contains(t, redacted[0].String(), "text body redacted")
		change(t, s.db, `UPDATE act_texts SET text = 'Something else.' WHERE text IS NOT NULL AND act_id IN (SELECT id FROM acts WHERE type = 'COMMENT_HIDDEN')`)
		problems, err = s.db.Check(t.Context())
		require.NoError(t, err)
		require.Len(t, problems, 1)
		assert.Contains(t, problems[0].What, "text reason")
	})
}

// gone looks for a word in every table, and on SQLite in the file itself.
func (s scene) gone(word string) {
	s.t.Helper()
	for table, columns := range map[string]string{
		"comments":           "body || proposed_change || remedy || quote || public_name || decision_reason",
		"comment_texts":      "body || proposed_change || remedy",
		"dispositions":       "reason || reply_text",
		"suggestions":        "reason || conflicts || public_name || decision_reason",
		"suggestion_changes": "path || follows || COALESCE(value, '') || COALESCE(before_value, '')",
		"moderation_reports": "reason",
		"comment_sources":    "body || line || clause || quote || observations",
		"act_texts":          "COALESCE(text, '')",
		"acts":               "body",
	} {
		for _, text := range texts(s.t, s.db, `SELECT `+columns+` FROM `+table) {
			assert.NotContains(s.t, text, word, table)
		}
	}
	if s.db.Postgres() {
		return
	}
	beside, err := sql.Open("sqlite", s.url)
	require.NoError(s.t, err)
	defer beside.Close()
	_, err = beside.ExecContext(s.t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	require.NoError(s.t, err)
	file, err := os.ReadFile(strings.TrimPrefix(s.url, "file:"))
	require.NoError(s.t, err)
	require.True(s.t, bytes.Contains(file, []byte("heat-pumps")), "this is the file")
	assert.False(s.t, bytes.Contains(file, []byte(word)), "the word stands in the file")
}

func TestAConfirmedRedactionNeedsTwoPersonsInTheDatabaseToo(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		c := s.comment(unionist, s.start("heat-pumps"), outrage)
		_, err := s.db.RequestRedaction(t.Context(), councillor, store.RequestRedactionInput{Comment: c.ID, Reason: "R"})
		require.NoError(t, err)
		require.NoError(t, func() error {
			_, err := s.db.ConfirmRedaction(t.Context(), secretary, store.ConfirmRedactionInput{Comment: c.ID})
			return err
		}())
		_, err = s.db.EditComment(t.Context(), unionist, store.EditCommentInput{Comment: c.ID, Body: outrage})
		s.refused(err, governance.CodeConflict, "redacted")
		assert.False(t, strings.Contains(strings.Join(texts(t, s.db, `SELECT COALESCE(text, '') FROM act_texts`), " "), outrage))
	})
}

func TestWhoSpeaksForNobodyCommentsSoOftenAnHour(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t // which hears 3
		e := s.start("heat-pumps")
		s.consult(e)
		say := func(actor governance.Actor, after time.Duration) error {
			s.clock.Advance(after)
			_, err := s.db.AddComment(t.Context(), actor, store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "Hm."})
			return err
		}
		for range 3 {
			require.NoError(t, say(citizen, time.Minute))
		}
		err := say(citizen, time.Minute)
		s.refused(err, governance.CodeRateLimited, "comments-per-hour")
		refusal, _ := err.(*governance.Error)
		assert.Equal(t, s.clock.Now().Add(57*time.Minute).Format(time.RFC3339), refusal.Params["again"])
		for range 5 {
			require.NoError(t, say(unionist, time.Minute), "an organization is heard as often as it likes")
		}
		require.NoError(t, say(citizen, 52*time.Minute), "the first was an hour ago")
		s.refused(say(citizen, 0), governance.CodeRateLimited, "comments-per-hour")

		document := s.copyOf(s.text(e))
		document.Title["en"] = "Heat pumps"
		suggestion := store.SuggestInput{Edition: e.ID, Base: s.edition(e).HeadID, Document: &document, Reason: "Shorter."}
		_, err = s.db.Suggest(t.Context(), citizen, suggestion)
		s.refused(err, governance.CodeRateLimited, "comments-per-hour")
		s.clock.Advance(61 * time.Minute)
		_, err = s.db.Suggest(t.Context(), citizen, suggestion)
		require.NoError(t, err)
		require.NoError(t, say(citizen, time.Minute))
		require.NoError(t, say(citizen, time.Minute))
		s.refused(say(citizen, time.Minute), governance.CodeRateLimited, "comments-per-hour")
	})
}
