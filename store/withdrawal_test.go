package store_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/migrations"
	"concordat/store"
)

// answers has the specification answer an accepted need, and tells its id.
func (v *vote) answers(need string) string {
	v.t.Helper()
	change(v.t, v.DB, `INSERT INTO needs (id, council_id, sector, organization_id, person_id, title, description, language, country,
		head_count, urgency, stage, created_at) VALUES ($1, $2, 'construction', $3, $4, 'Installers', 'We need them.', 'en', 'LV', 5, 'NOW', 'ACCEPTED', $5)`,
		need, v.Council, v.Organizations["acme"], v.As("acme", governance.RoleAuthor).Person, v.clock.Now())
	v.alsoAnswers(need)
	return need
}

// alsoAnswers has the specification answer a need that is there.
func (v *vote) alsoAnswers(need string) {
	v.t.Helper()
	change(v.t, v.DB, `INSERT INTO specification_needs (specification_id, need_id)
		SELECT specification_id, $2 FROM editions WHERE id = $1`, v.edition, need)
}

func (v *vote) needStage(need string) string {
	v.t.Helper()
	return texts(v.t, v.DB, `SELECT stage FROM needs WHERE id = $1`, need)[0]
}

func (v *vote) askWithdrawal(reason string) error {
	_, err := v.DB.AskWithdrawal(v.t.Context(), v.As("college", governance.RolePublisher), store.AskWithdrawalInput{Edition: v.edition, Reason: reason})
	return err
}

func (v *vote) confirmWithdrawal(reason string) error {
	_, err := v.DB.ConfirmWithdrawal(v.t.Context(), v.Secretary(), store.ConfirmWithdrawalInput{Edition: v.edition, Reason: reason})
	return err
}

func (v *vote) suspend() {
	v.t.Helper()
	_, err := v.DB.SuspendPublication(v.t.Context(), v.Secretary(), store.SuspendPublicationInput{
		Edition: v.edition, Reason: "A fault in the assessment.", Decision: "Council meeting of 12 March, item 4"})
	require.NoError(v.t, err)
}

func (v *vote) reinstate() {
	v.t.Helper()
	_, err := v.DB.ReinstatePublication(v.t.Context(), v.Secretary(), store.ReinstatePublicationInput{
		Edition: v.edition, Reason: "The fault is mended.", Decision: "Council meeting of 14 March, item 1"})
	require.NoError(v.t, err)
}

// stages are those that the edition has passed.
func (v *vote) stages() []governance.Stage {
	v.t.Helper()
	periods, err := v.DB.StagesOf(v.t.Context(), v.edition)
	require.NoError(v.t, err)
	var stages []governance.Stage
	for i, p := range periods {
		if i+1 < len(periods) {
			assert.Equal(v.t, periods[i+1].From, *p.To, "one stage ends where the next begins")
		} else {
			assert.Nil(v.t, p.To)
		}
		stages = append(stages, p.Stage)
	}
	return stages
}

func TestAPublicationIsWithdrawnAsItsPublisherAsks(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		need := v.answers("0195e3a0-0000-7000-8000-00000000bbbb")
		v.approved()
		v.offer()
		p := v.publish()
		require.Equal(v.t, "ADDRESSED", v.needStage(need))

		refused(v.t, v.askWithdrawal(" "), governance.CodeInvalid, "text-missing")
		require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
		refused(v.t, v.askWithdrawal("Nobody enrols."), governance.CodeConflict, "withdrawal-asked")
		_, err := v.DB.TakeBackWithdrawal(v.t.Context(), v.As("college", governance.RolePublisher), store.TakeBackWithdrawalInput{Edition: v.edition})
		require.NoError(v.t, err)
		refused(v.t, v.confirmWithdrawal("Now."), governance.CodeConflict, "withdrawal-unasked")
		require.NoError(v.t, v.askWithdrawal("Nobody enrols any more."))
		decline := store.DeclineWithdrawalInput{Edition: v.edition, Reason: "Wait until summer."}
		_, err = v.DB.DeclineWithdrawal(v.t.Context(), v.As("college", governance.RolePublisher), decline)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.DeclineWithdrawal(v.t.Context(), v.Secretary(), decline)
		require.NoError(v.t, err)
		_, err = v.DB.DeclineWithdrawal(v.t.Context(), v.Secretary(), decline)
		refused(v.t, err, governance.CodeConflict, "withdrawal-unasked")
		assert.Equal(v.t, governance.StagePublished, v.stage())

		v.clock.Advance(time.Hour)
		require.NoError(v.t, v.askWithdrawal("It is summer."))
		in := store.ConfirmWithdrawalInput{IdempotencyKey: "once", Edition: v.edition}
		for range 2 {
			_, err = v.DB.ConfirmWithdrawal(v.t.Context(), v.Secretary(), in)
			require.NoError(v.t, err)
		}
		after, err := v.DB.PublicationByID(v.t.Context(), p.ID)
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.PublicationWithdrawn, after.State)
		assert.Equal(v.t, "It is summer.", after.StateReason)
		assert.Equal(v.t, v.clock.Now(), after.StateAt)
		assert.Equal(v.t, p.EnrolUntil, after.EnrolUntil, "its dates stand")
		assert.Equal(v.t, p.AwardUntil, after.AwardUntil)
		assert.Equal(v.t, governance.StageWithdrawn, v.stage())
		assert.Equal(v.t, "ACCEPTED", v.needStage(need))
		assert.Equal(v.t, []string{"NEED_ADDRESSED", "NEED_UNADDRESSED"}, v.acts(need))
		assert.Equal(v.t, []string{"EDITION_PUBLISHED", "WITHDRAWAL_ASKED", "WITHDRAWAL_TAKEN_BACK", "WITHDRAWAL_ASKED",
			"WITHDRAWAL_DECLINED", "WITHDRAWAL_ASKED", "PUBLICATION_WITHDRAWN"}, v.acts(string(p.ID)))
		withdrawals, err := v.DB.WithdrawalsOf(v.t.Context(), p.ID)
		require.NoError(v.t, err)
		var told []string
		for _, w := range withdrawals {
			told = append(told, string(w.State)+": "+w.Reason+" "+w.Answer)
			assert.Equal(v.t, "College Ltd", w.Organization.LegalName)
			assert.NotNil(v.t, w.SettledAt)
		}
		assert.Equal(v.t, []string{"CONFIRMED: It is summer. ", "DECLINED: Nobody enrols any more. Wait until summer.", "TAKEN_BACK: Nobody enrols. "}, told)
		register, err := v.DB.Register(v.t.Context(), store.PublicationFilter{}, store.Page{})
		require.NoError(v.t, err)
		assert.Empty(v.t, register.Nodes)
		refused(v.t, v.askWithdrawal("Again."), governance.CodeConflict, "wrong-stage")
	})
}

func TestANeedStaysAddressedWhileAnotherPublicationAnswersIt(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		need := v.answers("0195e3a0-0000-7000-8000-00000000bbbb")
		v.approved()
		v.offer()
		v.publish()
		first := v.edition
		v.ready("heat-pumps-again")
		v.alsoAnswers(need)
		v.approved()
		v.offer()
		v.publish()
		require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
		require.NoError(v.t, v.confirmWithdrawal(""))
		assert.Equal(v.t, "ADDRESSED", v.needStage(need))
		v.edition = first
		v.suspend()
		assert.Equal(v.t, "ADDRESSED", v.needStage(need), "what is suspended may come back")
		require.NoError(v.t, v.askWithdrawal("Nobody enrols here either."), "what is suspended may be withdrawn")
		require.NoError(v.t, v.confirmWithdrawal(""))
		assert.Equal(v.t, "ACCEPTED", v.needStage(need))
	})
}

func TestTheSecretaryWithdrawsAloneWhereThePublisherIsGone(t *testing.T) {
	gone := map[string]func(v *vote){
		"it is suspended": func(v *vote) {
			change(v.t, v.DB, `UPDATE organizations SET suspended = 1 WHERE id = $1`, v.Organizations["college"])
		},
		"it is suspended on the roll": func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET state = 'SUSPENDED' WHERE organization_id = $1`, v.Organizations["college"])
		},
		"nobody publishes for it any more": func(v *vote) {
			change(v.t, v.DB, `UPDATE mandates SET until_at = $2 WHERE organization_id = $1 AND role = 'PUBLISHER'`,
				v.Organizations["college"], v.clock.Now())
		},
	}
	for name, leave := range gone {
		t.Run(name, func(t *testing.T) {
			eachVote(t, noEndorsement, func(v *vote) {
				v.approved()
				v.offer()
				p := v.publish()
				refused(v.t, v.confirmWithdrawal("It harms learners."), governance.CodeConflict, "withdrawal-unasked")
				leave(v)
				refused(v.t, v.confirmWithdrawal(""), governance.CodeInvalid, "text-missing")
				require.NoError(v.t, v.confirmWithdrawal("Its provider is gone."))
				after, err := v.DB.PublicationByID(v.t.Context(), p.ID)
				require.NoError(v.t, err)
				assert.Equal(v.t, governance.PublicationWithdrawn, after.State)
				assert.Equal(v.t, "Its provider is gone.", after.StateReason)
				withdrawals, err := v.DB.WithdrawalsOf(v.t.Context(), p.ID)
				require.NoError(v.t, err)
				assert.Empty(v.t, withdrawals)
			})
		})
	}
}

func TestAPublisherThatLeftTheRollMayStillAsk(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		v.publish()
		change(v.t, v.DB, `UPDATE roll_entries SET state = 'ENDED', until_at = $2 WHERE organization_id = $1`, v.Organizations["college"], v.clock.Now())
		require.NoError(v.t, v.askWithdrawal("We close."))
		require.NoError(v.t, v.confirmWithdrawal(""))
	})
}

func TestAPublicationIsSuspendedAndReinstated(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		v.approved()
		v.offer()
		p := v.publish()
		_, err := v.DB.SuspendPublication(v.t.Context(), v.Secretary(), store.SuspendPublicationInput{Edition: v.edition, Reason: "A fault."})
		refused(v.t, err, governance.CodeInvalid, "text-missing")
		_, err = v.DB.SuspendPublication(v.t.Context(), v.As("college", governance.RolePublisher), store.SuspendPublicationInput{
			Edition: v.edition, Reason: "A fault.", Decision: "Ours"})
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		v.suspend()
		assert.Equal(v.t, governance.StageSuspended, v.stage())
		suspended, err := v.DB.PublicationByID(v.t.Context(), p.ID)
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.PublicationSuspended, suspended.State)
		assert.Equal(v.t, "A fault in the assessment.", suspended.StateReason)
		v.clock.Advance(time.Hour)
		v.reinstate()
		assert.Equal(v.t, governance.StagePublished, v.stage())
		assert.Equal(v.t, []governance.Stage{"DRAFTING", "BALLOT", "ENDORSED", "PUBLISHED", "SUSPENDED", "PUBLISHED"}, v.stages())
		periods, err := v.DB.StagesOf(v.t.Context(), v.edition)
		require.NoError(v.t, err)
		assert.Equal(v.t, "Council meeting of 12 March, item 4", periods[4].Decision)
		assert.Equal(v.t, "The fault is mended.", periods[5].Reason)

		// What is superseded comes back as superseded; so does what is superseded while it is suspended.
		first := v.edition
		v.suspend()
		v.further("1.1")
		v.edition = first
		assert.Equal(v.t, governance.StageSuspended, v.stage(), "a later edition leaves it suspended")
		for range 2 {
			v.reinstate()
			assert.Equal(v.t, governance.StageSuperseded, v.stage())
			v.suspend()
		}
		assert.Equal(v.t, []string{"PUBLISHED", "SUSPENDED"}, texts(v.t, v.DB, `SELECT state FROM publications ORDER BY state`))
		refused(v.t, v.confirmWithdrawal("Now."), governance.CodeConflict, "withdrawal-unasked")
	})
}

// further publishes a further edition, as its steps would have.
func (v *vote) further(n string) *store.Publication {
	v.t.Helper()
	v.clock.Advance(time.Hour)
	of := texts(v.t, v.DB, `SELECT specification_id FROM editions WHERE id = $1`, v.edition)[0]
	id, err := v.DB.StartEdition(v.t.Context(), v.As("college", governance.RoleAuthor), store.StartEditionInput{
		Specification: governance.SpecificationID(of), Number: n})
	require.NoError(v.t, err)
	v.edition = id
	change(v.t, v.DB, `UPDATE editions SET stage = 'ENDORSED', charter_id = $2, approved_digest = head_digest WHERE id = $1`, id, v.Charter)
	v.offer()
	return v.publish()
}

func TestAStagePassedIsNeverChanged(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		for _, text := range []string{`UPDATE edition_stages SET stage = 'PUBLISHED'`, `DELETE FROM edition_stages`} {
			err := v.DB.Write(v.t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			})
			assert.ErrorContains(v.t, err, "a stage passed is never")
		}
	})
}

// TestStagesPassedBeforeTheyWereKeptAreFoundInTheRows runs what migration 23 looks for on an edition whose way is known.
func TestStagesPassedBeforeTheyWereKeptAreFoundInTheRows(t *testing.T) {
	text, err := fs.ReadFile(migrations.SQLite, "sqlite/0023_end_publications.sql")
	require.NoError(t, err)
	_, found, _ := strings.Cut(string(text), "WITH passed AS")
	found, _, _ = strings.Cut(found, ";")
	found = strings.Replace(found, "INSERT INTO edition_stages (edition_id, number, stage, entered_at, reason)\n", "", 1)
	eachVote(t, nil, func(v *vote) {
		change(v.t, v.DB, `UPDATE consultations SET opened_at = $1, closed_at = $2`, v.clock.Now().Add(time.Minute), v.clock.Now().Add(2*time.Minute))
		v.clock.Advance(time.Hour)
		v.approved()
		v.clock.Advance(time.Hour)
		require.NoError(v.t, v.endorse(v.ask("council"), "council"))
		v.offer()
		v.publish()
		v.clock.Advance(time.Hour)
		v.suspend()
		got := texts(v.t, v.DB, `WITH found (edition_id, number, stage, entered_at, reason) AS (WITH passed AS`+found+`)
			SELECT number || ' ' || stage || ' ' || entered_at || ' ' || reason FROM found WHERE edition_id = $1 ORDER BY number`, v.edition)
		var stages []string
		for _, row := range got {
			stages = append(stages, strings.Fields(row)[1])
		}
		assert.Equal(v.t, []string{"DRAFTING", "CONSULTATION", "DISPOSITION", "BALLOT", "APPROVED", "PUBLISHED", "SUSPENDED"}, stages)
		kept := texts(v.t, v.DB, `SELECT stage || ' ' || entered_at || ' ' || reason FROM edition_stages WHERE edition_id = $1`, v.edition)
		for _, row := range got {
			if !strings.Contains(row, "CONSULTATION") && !strings.Contains(row, "DISPOSITION") { // reached by SQL, and so not kept
				_, row, _ = strings.Cut(row, " ")
				assert.Contains(v.t, kept, row)
			}
		}
	})
}
