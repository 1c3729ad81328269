package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// imported sends rows as somebody's, numbered from 3 on.
func (s scene) imported(actor governance.Actor, e *store.Edition, rows ...store.ImportedRow) (*store.CommentImport, error) {
	s.t.Helper()
	for i := range rows {
		rows[i].Number = i + 3
		if rows[i].Kind == "" {
			rows[i].Kind = governance.CommentTechnical
		}
	}
	return s.db.ImportComments(s.t.Context(), actor, store.ImportCommentsInput{Edition: e.ID, Form: e.HeadDigest, Rows: rows})
}

func TestAFormsRowsBecomeComments(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		got, err := s.imported(unionist, e,
			store.ImportedRow{Path: "/title/en", Quote: "Table 2", Body: "Unclear.", ProposedChange: "Clearer.", NamedBody: "METAL-union", Clause: "Title", Line: "12"},
			store.ImportedRow{Body: "Unclear."},
			store.ImportedRow{Body: "Unclear."},
			store.ImportedRow{Path: "/outcomes/gone", Body: "Lost."},
			store.ImportedRow{Body: " "},
			store.ImportedRow{Body: "Not ours.", NamedBody: "pump-works"},
		)
		require.NoError(t, err)
		assert.Len(t, got.Added, 3, "two rows that say the same are two comments")
		require.Len(t, got.Unfit, 3)
		for i, want := range []struct {
			row           int
			field, reason string
		}{{6, "path", "unknown-element"}, {7, "body", "text-missing"}, {8, "namedBody", "another-body"}} {
			assert.Equal(t, want.row, got.Unfit[i].Row)
			assert.Equal(t, want.field, got.Unfit[i].Field)
			assert.Equal(t, want.reason, got.Unfit[i].Reason)
		}
		assert.Equal(t, 3, s.edition(e).CommentCount)
		c, err := s.db.Comment(t.Context(), unionist, got.Added[0].Comment, store.Fields{"source": nil, "organization": nil})
		require.NoError(t, err)
		assert.Equal(t, "/title/en", c.Path)
		assert.Equal(t, "Clearer.", c.ProposedChange)
		assert.EqualValues(t, sceneUnion, c.Organization.ID)
		assert.Equal(t, store.CommentSource{Row: 3, NamedBody: "METAL-union", Line: "12", Clause: "Title", Quote: "Table 2"}, *c.Source)
		assert.Equal(t, []string{"COMMENT_ADDED"}, s.acts(string(c.ID)), "an act each")
	})
}

func TestAFormImportedAgainAddsNothingTwice(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		rows := []store.ImportedRow{{Body: "One."}, {Body: "Two."}, {Body: "Two."}, {Path: "/nowhere", Body: "Three."}}
		first, err := s.imported(unionist, e, rows...)
		require.NoError(t, err)
		require.Len(t, first.Added, 3)
		again, err := s.imported(unionist, e, rows...)
		require.NoError(t, err)
		assert.Empty(t, again.Added)
		assert.Equal(t, first.Added, again.Known)

		rows[0].Observations = "Accepted."
		rows[3].Path = "/title"
		mended, err := s.imported(unionist, e, append([]store.ImportedRow{{Body: "Zero."}}, rows...)...)
		require.NoError(t, err)
		assert.Len(t, mended.Added, 2, "what was mended, and what is new")
		assert.Len(t, mended.Known, 3)
		other, err := s.imported(manufacturer, e, store.ImportedRow{Body: "One."})
		require.NoError(t, err)
		assert.Len(t, other.Added, 1, "what another organization says is another comment")
		assert.Equal(t, 6, s.edition(e).CommentCount)
	})
}

func TestWhoImportsForms(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		row := store.ImportedRow{Body: "Ours.", NamedBody: "The institute of others", Observations: "Noted."}
		_, err := s.imported(unionObserver, e, row)
		s.refused(err, governance.CodeForbidden, "role-needed")
		_, err = s.imported(governance.Actor{}, e, row)
		s.refused(err, governance.CodeUnauthenticated, "sign-in-needed")
		_, err = s.imported(outsider, e, row)
		s.refused(err, governance.CodeNotFound, "not-found")
		got, err := s.imported(secretary, e, row)
		require.NoError(t, err)
		require.Len(t, got.Added, 1)
		c, err := s.db.Comment(t.Context(), secretary, got.Added[0].Comment, store.Fields{"source": nil, "organization": nil})
		require.NoError(t, err)
		assert.EqualValues(t, sceneCouncil, c.Organization.ID, "it stays the council's")
		assert.Equal(t, "The institute of others", c.Source.NamedBody)
		assert.Nil(t, c.Disposition, "an answer is the editors' to give")
		s.set(e, governance.StageBallot)
		_, err = s.imported(secretary, e, store.ImportedRow{Body: "Too late."})
		s.refused(err, governance.CodeConflict, "wrong-stage")
	})
}

func TestTheSameFormSentTwiceAtOnceIsImportedOnce(t *testing.T) {
	eachScene(t, func(s scene) {
		e := s.start("heat-pumps")
		added := make([]int, 4)
		var all sync.WaitGroup
		for i := range added {
			all.Go(func() {
				got, err := s.imported(unionist, e, store.ImportedRow{Body: "One."}, store.ImportedRow{Body: "Two."})
				if assert.NoError(s.t, err) {
					added[i] = len(got.Added)
				}
			})
		}
		all.Wait()
		assert.Equal(s.t, 2, added[0]+added[1]+added[2]+added[3])
		assert.Equal(s.t, 2, s.edition(e).CommentCount)
	})
}

func TestTheReportIsThereOnceTheConsultationIsOver(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.comment(unionist, e, "In the draft.")
		s.clock.Advance(time.Minute)
		id := s.consult(e)
		s.clock.Advance(time.Minute)
		one := s.comment(unionist, e, "One.")
		open, err := s.db.Report(t.Context(), citizen, id)
		require.NoError(t, err)
		assert.False(t, open.Closed)
		assert.Empty(t, open.Comments)

		s.tick(deadline)
		late := s.comment(manufacturer, e, "Late.")
		s.answer(one, governance.DispositionRejected)
		s.clock.Advance(time.Minute)
		_, err = s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: "2026-06-01", IsPublic: true})
		require.NoError(t, err)
		s.clock.Advance(time.Minute)
		s.comment(unionist, e, "In the next one.")

		report, err := s.db.Report(t.Context(), governance.Actor{}, id)
		require.NoError(t, err, "it is public")
		assert.True(t, report.Closed)
		require.Len(t, report.Comments, 2, "those of this consultation, also late")
		assert.Equal(t, one.ID, report.Comments[0].ID)
		assert.Equal(t, governance.DispositionRejected, report.Comments[0].Disposition.Kind)
		assert.Equal(t, late.ID, report.Comments[1].ID)
		assert.Equal(t, "heat-pumps", report.Slug)
		assert.Equal(t, "heat-council", report.Council.LegalName)
		require.NotNil(t, report.Text)
	})
}

func TestTheReportOfTheInvitedIsForTheInvited(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: lastDay})
		require.NoError(t, err)
		s.clock.Advance(time.Minute)
		s.comment(unionist, e, "One.")
		s.tick(deadline)
		report, err := s.db.Report(t.Context(), manufacturer, id)
		require.NoError(t, err)
		assert.Len(t, report.Comments, 1)
		for _, other := range []governance.Actor{{}, citizen, outsider} {
			_, err = s.db.Report(t.Context(), other, id)
			s.refused(err, governance.CodeNotFound, "not-found")
		}
	})
}
