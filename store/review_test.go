package store_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// balloted asks for no endorsement and leaves withdrawals and reviews to ballots.
func balloted(c *governance.Charter) {
	noEndorsement(c)
	c.WithdrawalsDecidedBy, c.ReviewsDecidedBy = governance.PublicationsByMatterBallot, governance.PublicationsByMatterBallot
}

// allThree are the electors of the three chambers.
var allThree = []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"}

// published publishes the edition, which answers a need.
func (v *vote) published() (*store.Publication, string) {
	v.t.Helper()
	need := v.answers("0195e3a0-0000-7000-8000-00000000bbbb")
	v.approved()
	v.offer()
	return v.publish(), need
}

func (v *vote) openWithdrawal(key string) (governance.BallotID, error) {
	return v.DB.OpenWithdrawalBallot(v.t.Context(), v.Secretary(), store.OpenWithdrawalBallotInput{
		IdempotencyKey: key, Edition: v.edition, Reason: "The trade has moved on.", ClosesOn: closesOn})
}

func (v *vote) openReview(outcome governance.ReviewOutcome, next governance.Date) (governance.BallotID, error) {
	return v.DB.OpenReviewBallot(v.t.Context(), v.Secretary(), store.OpenReviewBallotInput{
		Edition: v.edition, Outcome: outcome, Reason: "As the trade sees it.", NextReviewOn: next, ClosesOn: closesOn})
}

// votedOn opens a ballot and has all take the same position; the last one closes it.
func (v *vote) votedOn(id governance.BallotID, err error, position governance.Position) *store.Ballot {
	v.t.Helper()
	require.NoError(v.t, err)
	text := v.digest
	v.digest = v.ballot(id).Digest
	v.all(id, position, allThree...)
	v.digest = text
	return v.ballot(id)
}

func (v *vote) publicationNow(id governance.PublicationID) *store.Publication {
	v.t.Helper()
	p, err := v.DB.PublicationByID(v.t.Context(), id)
	require.NoError(v.t, err)
	return p
}

func (v *vote) reviews(id governance.PublicationID) []*store.Review {
	v.t.Helper()
	reviews, err := v.DB.ReviewsOf(v.t.Context(), id)
	require.NoError(v.t, err)
	return reviews
}

// work lists the steps that wait for somebody.
func (v *vote) work(actor governance.Actor) []governance.Step {
	v.t.Helper()
	waiting, err := v.DB.Waiting(v.t.Context(), actor)
	require.NoError(v.t, err)
	steps := []governance.Step{}
	for _, item := range waiting {
		steps = append(steps, item.Step)
	}
	return steps
}

// sound makes sure that the check finds nothing wrong with publications, matters and ballots.
func (v *vote) sound() {
	v.t.Helper()
	problems, err := v.DB.Check(v.t.Context())
	require.NoError(v.t, err)
	for _, problem := range problems {
		assert.NotRegexp(v.t, "publication|matter|ballot", problem.String())
	}
}

func TestABallotDecidesOnAWithdrawal(t *testing.T) {
	t.Run("carried: it is withdrawn, and the publisher's request confirmed", func(t *testing.T) {
		eachVote(t, balloted, func(v *vote) {
			p, need := v.published()
			require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
			assert.Equal(v.t, []governance.Step{governance.OpenWithdrawalBallot}, v.work(v.Secretary()))
			refused(v.t, v.confirmWithdrawal(""), governance.CodeConflict, "withdrawals-by-ballot")
			_, err := v.DB.DeclineWithdrawal(v.t.Context(), v.Secretary(), store.DeclineWithdrawalInput{Edition: v.edition, Reason: "No."})
			refused(v.t, err, governance.CodeConflict, "withdrawals-by-ballot")

			id, err := v.openWithdrawal("once")
			again, repeated := v.openWithdrawal("once")
			require.NoError(v.t, repeated)
			assert.Equal(v.t, id, again)
			_, second := v.openWithdrawal("")
			refused(v.t, second, governance.CodeConflict, "matter-ballot-open")
			assert.Empty(v.t, v.work(v.Secretary()))
			assert.Contains(v.t, v.work(v.As("acme", governance.RoleRepresentative)), governance.TakePosition)
			m, readErr := v.DB.Matter(v.t.Context(), v.Secretary(), v.ballot(id).MatterID)
			require.NoError(v.t, readErr)
			assert.Equal(v.t, notary.Digest(m.Statement), v.ballot(id).Digest)
			assert.Equal(v.t, "The trade has moved on.", m.Reason)
			var stated governance.Matter
			require.NoError(v.t, json.Unmarshal(m.Statement, &stated))
			assert.Equal(v.t, governance.Matter{
				Schema: governance.MatterSchema, Kind: governance.MatterWithdrawal, Council: v.Council, Edition: v.edition, Document: p.Digest,
				Object: string(p.ID), Question: "Shall the publication be withdrawn, out of the register for good?", Texts: stated.Texts,
			}, stated)
			assert.Contains(v.t, stated.Texts, "reason")
			assert.NotContains(v.t, string(m.Statement), "moved on", "words are named by salted digests")

			assert.Equal(v.t, governance.OutcomeCarried, *v.votedOn(id, err, governance.PositionApprove).Outcome)
			assert.Equal(v.t, governance.StageWithdrawn, v.stage())
			after := v.publicationNow(p.ID)
			assert.Equal(v.t, governance.PublicationWithdrawn, after.State)
			assert.Equal(v.t, "The trade has moved on.", after.StateReason)
			assert.Equal(v.t, "ACCEPTED", v.needStage(need))
			v.due()
			assert.Equal(v.t, []string{"EDITION_PUBLISHED", "WITHDRAWAL_ASKED", "PUBLICATION_WITHDRAWN"}, v.acts(string(p.ID)), "exactly once")
			withdrawals, err := v.DB.WithdrawalsOf(v.t.Context(), p.ID)
			require.NoError(v.t, err)
			require.Len(v.t, withdrawals, 1)
			assert.Equal(v.t, governance.WithdrawalConfirmed, withdrawals[0].State)
			assert.Contains(v.t, withdrawals[0].Answer, "The ballot on the withdrawal was carried.")
			v.sound()
		})
	})
	t.Run("not carried: it stands, and the request is declined with the count", func(t *testing.T) {
		eachVote(t, balloted, func(v *vote) {
			p, need := v.published()
			require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
			id, err := v.openWithdrawal("")
			assert.Equal(v.t, governance.OutcomeNotCarried, *v.votedOn(id, err, governance.PositionObject).Outcome)
			assert.Equal(v.t, governance.StagePublished, v.stage())
			assert.Equal(v.t, "ADDRESSED", v.needStage(need))
			withdrawals, err := v.DB.WithdrawalsOf(v.t.Context(), p.ID)
			require.NoError(v.t, err)
			assert.Equal(v.t, governance.WithdrawalDeclined, withdrawals[0].State)
			assert.Contains(v.t, withdrawals[0].Answer, "was not carried")
			assert.Equal(v.t, []string{"EDITION_PUBLISHED", "WITHDRAWAL_ASKED", "WITHDRAWAL_DECLINED"}, v.acts(string(p.ID)))
			v.sound()
		})
	})
	t.Run("too few took part: nothing is decided, and the clock has closed it", func(t *testing.T) {
		eachVote(t, balloted, func(v *vote) {
			v.published()
			require.NoError(v.t, v.askWithdrawal("Nobody enrols."))
			id, err := v.openWithdrawal("")
			require.NoError(v.t, err)
			v.due()
			assert.Equal(v.t, governance.OutcomeInquorate, *v.ballot(id).Outcome)
			assert.Equal(v.t, governance.StagePublished, v.stage())
			assert.Equal(v.t, []governance.Step{governance.OpenWithdrawalBallot}, v.work(v.Secretary()), "the request waits on")
		})
	})
	t.Run("carried at the deadline: the clock withdraws it", func(t *testing.T) {
		eachVote(t, balloted, func(v *vote) {
			_, need := v.published()
			id, err := v.openWithdrawal("")
			require.NoError(v.t, err)
			v.digest = v.ballot(id).Digest
			v.all(id, governance.PositionApprove, allThree[1:]...)
			v.due()
			assert.Equal(v.t, governance.OutcomeCarried, *v.ballot(id).Outcome)
			assert.Equal(v.t, governance.StageWithdrawn, v.stage())
			assert.Equal(v.t, "ACCEPTED", v.needStage(need))
		})
	})
}

func TestABallotOnAPublicationEndsWithIt(t *testing.T) {
	eachVote(t, balloted, func(v *vote) {
		v.published()
		id, err := v.openReview(governance.ReviewConfirm, "2030-12-31")
		require.NoError(v.t, err)
		// A charter that leaves both to the secretary comes into force meanwhile; the ballot goes on by its own.
		v.alterCharter(func(c *governance.Charter) { c.WithdrawalsDecidedBy = governance.PublicationsBySecretary })
		require.NoError(v.t, v.askWithdrawal("The workshop burned down."))
		require.NoError(v.t, v.confirmWithdrawal(""))
		assert.Equal(v.t, governance.OutcomeSuperseded, *v.ballot(id).Outcome)
		_, err = v.openWithdrawal("")
		refused(v.t, err, governance.CodeConflict, "wrong-stage")
	})
}

func TestABallotDecidesOnAReview(t *testing.T) {
	cases := map[string]struct {
		outcome  governance.ReviewOutcome
		next     governance.Date
		position governance.Position
		carried  bool
		stage    governance.Stage
		act      string
	}{
		"confirmed until the next date": {governance.ReviewConfirm, "2031-06-30", governance.PositionApprove, true, governance.StagePublished, "REVIEW_CONFIRMED"},
		"to be revised":                 {governance.ReviewRevise, "", governance.PositionApprove, true, governance.StagePublished, "REVISION_ASKED"},
		"to be withdrawn":               {governance.ReviewWithdraw, "", governance.PositionApprove, true, governance.StageWithdrawn, "REVIEW_WITHDREW"},
		"not carried: it is due":        {governance.ReviewWithdraw, "", governance.PositionObject, false, governance.StagePublished, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			eachVote(t, balloted, func(v *vote) {
				p, need := v.published()
				id, err := v.openReview(c.outcome, c.next)
				b := v.votedOn(id, err, c.position)
				assert.Equal(v.t, c.stage, v.stage())
				v.sound()
				after, reviews := v.publicationNow(p.ID), v.reviews(p.ID)
				if !c.carried {
					assert.Equal(v.t, governance.OutcomeNotCarried, *b.Outcome)
					assert.Empty(v.t, reviews)
					assert.Equal(v.t, p.ReviewOn, after.ReviewOn)
					assert.Equal(v.t, []string{"EDITION_PUBLISHED"}, v.acts(string(p.ID)))
					return
				}
				require.Len(v.t, reviews, 1)
				r := reviews[0]
				assert.Equal(v.t, c.outcome, r.Outcome)
				assert.Equal(v.t, "As the trade sees it.", r.Reason)
				assert.Equal(v.t, id, r.BallotID)
				assert.Equal(v.t, v.Council, r.Council.ID)
				assert.NotEmpty(v.t, r.Council.LegalName)
				assert.Equal(v.t, v.clock.Now(), r.ReviewedAt)
				assert.Equal(v.t, r.NextReviewOn, after.ReviewOn)
				assert.Equal(v.t, c.act, v.acts(string(p.ID))[1])
				assert.Contains(v.t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = $1`, c.act)[0], `"ballot":"`+string(id)+`"`)
				if c.next != "" {
					assert.Equal(v.t, c.next, *after.ReviewOn)
				} else {
					assert.Nil(v.t, after.ReviewOn)
				}
				if c.stage == governance.StageWithdrawn {
					assert.Equal(v.t, "ACCEPTED", v.needStage(need))
				}
				wants := slices.Contains(v.work(v.As("college", governance.RoleAuthor)), governance.StartEdition)
				assert.Equal(v.t, c.outcome == governance.ReviewRevise, wants, "the lead is asked for a further edition")
			})
		})
	}
}

func TestTheFurtherEditionThatAReviewAskedForWaitsNoMore(t *testing.T) {
	eachVote(t, balloted, func(v *vote) {
		p, _ := v.published()
		id, err := v.openReview(governance.ReviewRevise, "2030-06-30")
		v.votedOn(id, err, governance.PositionApprove)
		lead := v.As("college", governance.RoleAuthor)
		require.Contains(v.t, v.work(lead), governance.StartEdition)
		_, err = v.DB.StartEdition(v.t.Context(), lead, store.StartEditionInput{Specification: p.SpecificationID, Number: "2.0"})
		require.NoError(v.t, err)
		assert.NotContains(v.t, v.work(lead), governance.StartEdition)
	})
}

func TestTheSecretaryRecordsReviewsWhereTheCharterSaysNothingElse(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		ctx := v.t.Context()
		p, _ := v.published()
		assert.Equal(v.t, governance.Date("2029-12-31"), *p.ReviewOn, "as its text says")
		record := func(in store.RecordReviewInput) error {
			in.Edition = v.edition
			_, err := v.DB.RecordReview(ctx, v.Secretary(), in)
			return err
		}
		confirm := store.RecordReviewInput{IdempotencyKey: "k", Outcome: governance.ReviewConfirm, Reason: "It is as good as ever.", NextReviewOn: "2033-12-31"}

		_, err := v.openReview(governance.ReviewConfirm, "2030-12-31")
		refused(v.t, err, governance.CodeConflict, "reviews-by-secretary")
		_, err = v.openWithdrawal("")
		refused(v.t, err, governance.CodeConflict, "withdrawals-by-secretary")
		_, err = v.DB.RecordReview(ctx, v.As("college", governance.RolePublisher), store.RecordReviewInput{
			Edition: v.edition, Outcome: governance.ReviewRevise, Reason: "We would like to."})
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		for reason, in := range map[string]store.RecordReviewInput{
			"text-missing":    {Outcome: governance.ReviewRevise},
			"outcome-unknown": {Outcome: "KEEP", Reason: "So."},
			"date-missing":    {Outcome: governance.ReviewConfirm, Reason: "So."},
			"date-malformed":  {Outcome: governance.ReviewConfirm, Reason: "So.", NextReviewOn: "soon"},
			"review-too-soon": {Outcome: governance.ReviewRevise, Reason: "So.", NextReviewOn: "2026-03-12"},
			"date-needless":   {Outcome: governance.ReviewWithdraw, Reason: "So.", NextReviewOn: "2033-12-31"},
		} {
			refused(v.t, record(in), governance.CodeInvalid, reason)
		}
		refused(v.t, record(store.RecordReviewInput{Outcome: governance.ReviewWithdraw, Reason: "Out of date."}), governance.CodeConflict, "withdrawal-unasked")

		assert.Empty(v.t, v.work(v.Secretary()), "it is years away")
		v.clock.Set(time.Date(2029, 10, 15, 9, 0, 0, 0, time.UTC))
		change(v.t, v.DB, `UPDATE mandates SET until_at = NULL`)
		waiting, err := v.DB.Waiting(ctx, v.Secretary())
		require.NoError(v.t, err)
		require.Len(v.t, waiting, 1)
		assert.Equal(v.t, governance.RecordReview, waiting[0].Step)
		assert.Equal(v.t, time.Date(2029, 12, 31, 22, 0, 0, 0, time.UTC), *waiting[0].DueAt, "the end of the day in Riga")

		for range 2 {
			require.NoError(v.t, record(confirm))
		}
		assert.Empty(v.t, v.work(v.Secretary()))
		assert.Equal(v.t, governance.Date("2033-12-31"), *v.publicationNow(p.ID).ReviewOn)
		require.NoError(v.t, v.askWithdrawal("We close."))
		require.NoError(v.t, record(store.RecordReviewInput{Outcome: governance.ReviewWithdraw, Reason: "Its provider gives it up."}))
		reviews := v.reviews(p.ID)
		require.Len(v.t, reviews, 2)
		assert.Equal(v.t, governance.ReviewWithdraw, reviews[0].Outcome)
		assert.Empty(v.t, reviews[0].BallotID)
		assert.Equal(v.t, governance.StageWithdrawn, v.stage())
		assert.Equal(v.t, []string{"EDITION_PUBLISHED", "REVIEW_CONFIRMED", "WITHDRAWAL_ASKED", "REVIEW_WITHDREW", "PUBLICATION_WITHDRAWN"}, v.acts(string(p.ID)))
		confirm.IdempotencyKey = ""
		refused(v.t, record(confirm), governance.CodeConflict, "wrong-stage")
		v.sound()
	})
}

func TestAReviewDoesNotGoAroundABallotOnWithdrawals(t *testing.T) {
	eachVote(t, func(c *governance.Charter) {
		balloted(c)
		c.ReviewsDecidedBy = governance.PublicationsBySecretary
	}, func(v *vote) {
		v.published()
		require.NoError(v.t, v.askWithdrawal("We close."))
		_, err := v.DB.RecordReview(v.t.Context(), v.Secretary(), store.RecordReviewInput{
			Edition: v.edition, Outcome: governance.ReviewWithdraw, Reason: "Out of date."})
		refused(v.t, err, governance.CodeConflict, "withdrawals-by-ballot")
		assert.Equal(v.t, governance.StagePublished, v.stage())
	})
}

func TestAReviewBallotIsRefusedBeforeItOpens(t *testing.T) {
	eachVote(t, balloted, func(v *vote) {
		v.published()
		_, err := v.openReview(governance.ReviewConfirm, closesOn)
		refused(v.t, err, governance.CodeInvalid, "review-too-soon")
		_, err = v.DB.RecordReview(v.t.Context(), v.Secretary(), store.RecordReviewInput{
			Edition: v.edition, Outcome: governance.ReviewRevise, Reason: "Out of date."})
		refused(v.t, err, governance.CodeConflict, "reviews-by-ballot")
		_, err = v.DB.OpenWithdrawalBallot(v.t.Context(), v.Secretary(), store.OpenWithdrawalBallotInput{
			Edition: v.edition, Reason: "Out of date.", ClosesOn: "2026-03-20"})
		refused(v.t, err, governance.CodeInvalid, "too-soon")
		_, err = v.DB.OpenWithdrawalBallot(v.t.Context(), v.Secretary(), store.OpenWithdrawalBallotInput{Edition: v.edition, ClosesOn: closesOn})
		refused(v.t, err, governance.CodeInvalid, "text-missing")
	})
}

func TestTheSecretaryIsRemindedOfAReviewThatIsDue(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		p, _ := v.published()
		change(v.t, v.DB, `UPDATE mandates SET until_at = NULL`)
		reminded := func() int {
			v.t.Helper()
			require.NoError(v.t, v.DB.Remind(v.t.Context(), false))
			page, err := v.DB.Notices(v.t.Context(), v.Secretary(), false, store.Page{})
			require.NoError(v.t, err)
			count := 0
			for _, notice := range page.Nodes {
				if notice.Event == governance.RemindReview {
					assert.Equal(v.t, time.Date(2029, 12, 31, 22, 0, 0, 0, time.UTC), *notice.DueAt)
					count++
				}
			}
			return count
		}
		assert.Zero(v.t, reminded())
		v.clock.Set(time.Date(2029, 12, 29, 9, 0, 0, 0, time.UTC))
		assert.Equal(v.t, 1, reminded())
		assert.Equal(v.t, 1, reminded(), "once")
		_, err := v.DB.RecordReview(v.t.Context(), v.Secretary(), store.RecordReviewInput{
			Edition: v.edition, Outcome: governance.ReviewConfirm, Reason: "Still good.", NextReviewOn: "2033-12-31"})
		require.NoError(v.t, err)
		v.clock.Set(time.Date(2029, 12, 31, 9, 0, 0, 0, time.UTC))
		assert.Equal(v.t, 1, reminded(), "it is not due any more")
		assert.Equal(v.t, governance.Date("2033-12-31"), *v.publicationNow(p.ID).ReviewOn)
	})
}
