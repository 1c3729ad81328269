package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func reasons(missing []*governance.Error) []string {
	list := []string{}
	for _, one := range missing {
		list = append(list, one.Reason)
	}
	return list
}

func TestOpeningABallotListsEverythingThatIsMissing(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		readiness := func(actor governance.Actor, closesOn governance.Date) *store.OpeningReadiness {
			e, err := v.DB.Edition(t.Context(), actor, v.edition, nil)
			require.NoError(t, err)
			var day *governance.Date
			if closesOn != "" {
				day = &closesOn
			}
			r, err := v.DB.BallotReadiness(t.Context(), actor, e, day)
			require.NoError(t, err)
			return r
		}
		fine := readiness(v.Secretary(), closesOn)
		assert.Empty(t, fine.Missing)
		assert.True(t, fine.Ready())
		assert.Equal(t, governance.Date("2026-03-26"), *fine.Earliest, "14 days from the 12th")

		comment, err := v.DB.AddComment(t.Context(), v.As("acme", governance.RoleAuthor), store.AddCommentInput{
			Edition: v.edition, Kind: governance.CommentGeneral, Body: "Unclear.",
		})
		require.NoError(t, err)
		change(t, v.DB, `UPDATE comments SET late = 0`)
		change(t, v.DB, `UPDATE roll_entries SET state = 'ENDED' WHERE chamber = 'UNION'`)
		v.revise(func(d *governance.Document) { d.Assessments = nil })
		_, err = v.DB.OpenBallot(t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: "sha256:00", ClosesOn: "2026-03-20"})
		refused(t, err, governance.CodeConflict, "another-digest")
		missing := err.(*governance.Error).Missing
		assert.Equal(t, []string{"another-digest", "not-ready", "undisposed", "too-soon", "chamber-empty"}, reasons(missing))
		assert.Equal(t, "UNION", missing[4].Params["chambers"])
		assert.Equal(t, string(comment), missing[2].Params["ids"])

		before := readiness(v.Secretary(), "2026-03-20")
		assert.Equal(t, reasons(missing[1:]), reasons(before.Missing), "beforehand the same is answered")
		assert.Equal(t, []string{"not-ready", "undisposed", "chamber-empty"}, reasons(readiness(v.Secretary(), "").Missing))
		public := readiness(governance.Actor{}, "")
		assert.Equal(t, []string{"not-ready", "undisposed", "chamber-empty"}, reasons(public.Missing), "whoever may see the edition")
		assert.NotContains(t, public.Missing[1].Params, "ids", "and not what was said")
		assert.Equal(t, "1", public.Missing[1].Params["count"])

		e, err := v.DB.Edition(t.Context(), v.Secretary(), v.edition, nil)
		require.NoError(t, err)
		may, err := v.DB.EditionPermissions(t.Context(), v.Secretary(), e)
		require.NoError(t, err)
		for _, p := range may {
			if p.Step == governance.OpenBallot {
				assert.Equal(t, []string{"not-ready", "undisposed", "chamber-empty"}, reasons(p.Refusal.Missing))
			}
		}
		day := governance.Date("soon")
		_, err = v.DB.BallotReadiness(t.Context(), v.Secretary(), e, &day)
		refused(t, err, governance.CodeInvalid, "date-malformed")
	})
	t.Run("while a ballot is open the stage is missing", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			v.open()
			e, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
			require.NoError(v.t, err)
			r, err := v.DB.BallotReadiness(v.t.Context(), v.Secretary(), e, nil)
			require.NoError(v.t, err)
			assert.Equal(v.t, []string{"wrong-stage"}, reasons(r.Missing))
		})
	})
}

func TestOpeningAConsultationListsEverythingThatIsMissing(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.save(e, func(d *governance.Document) { d.Assessments = nil })
		_, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: "2026-03-10"})
		require.Error(t, err)
		missing := err.(*governance.Error).Missing
		assert.Equal(t, []string{"not-ready", "minimum-days"}, reasons(missing))
		e, err = s.db.Edition(t.Context(), secretary, e.ID, nil)
		require.NoError(t, err)
		day := governance.Date("2026-03-10")
		r, err := s.db.ConsultationReadiness(t.Context(), secretary, e, &day)
		require.NoError(t, err)
		assert.Equal(t, reasons(missing), reasons(r.Missing))
		assert.Equal(t, missing[1].Params["first"], string(*r.Earliest))
	})
}
