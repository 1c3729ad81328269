package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// afterDeadline is the deadline of the ballots of the suite.
var afterDeadline = time.Date(2026, 3, 31, 21, 0, 0, 0, time.UTC)

func TestTheClockClosesABallotAndTheEditionFollows(t *testing.T) {
	cases := map[string]struct {
		alter   func(*governance.Charter)
		vote    func(v *vote, id governance.BallotID)
		outcome governance.Outcome
		stage   governance.Stage
	}{
		"carried, and endorsements are asked for": {nil, func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		}, governance.OutcomeCarried, governance.StageApproved},
		"carried, and none is": {func(c *governance.Charter) { c.Endorsements = nil }, func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		}, governance.OutcomeCarried, governance.StageEndorsed},
		"inquorate": {nil, func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "union-a")
		}, governance.OutcomeInquorate, governance.StageDisposition},
		"not carried": {nil, func(v *vote, id governance.BallotID) {
			v.all(id, governance.PositionApprove, "acme", "bolt", "college")
			v.all(id, governance.PositionObject, "union-a")
		}, governance.OutcomeNotCarried, governance.StageDisposition},
		"nobody voted": {nil, func(*vote, governance.BallotID) {}, governance.OutcomeInquorate, governance.StageDisposition},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			eachVote(t, c.alter, func(v *vote) {
				id := v.open()
				c.vote(v, id)
				v.clock.Set(afterDeadline.Add(-time.Microsecond))
				next, err := v.DB.TakeDue(v.t.Context())
				require.NoError(v.t, err)
				assert.Equal(v.t, afterDeadline, next)
				require.Equal(v.t, governance.StageBallot, v.stage(), "a microsecond before the deadline it is open")
				v.clock.Set(afterDeadline)
				next, err = v.DB.TakeDue(v.t.Context())
				require.NoError(v.t, err)
				assert.Zero(v.t, next)

				b := v.ballot(id)
				assert.Equal(v.t, governance.BallotIsClosed, b.State)
				assert.Equal(v.t, c.outcome, *b.Outcome)
				assert.Equal(v.t, c.stage, v.stage())
				assert.Equal(v.t, []string{"BALLOT_OPENED", "BALLOT_CLOSED"}, v.acts(string(id)))
				assert.Contains(v.t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = 'BALLOT_CLOSED'`)[0], `"role":"CLOCK"`)
				edition, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
				require.NoError(v.t, err)
				if c.outcome == governance.OutcomeCarried {
					assert.Equal(v.t, v.digest, *edition.ApprovedDigest)
					assert.Equal(v.t, id, edition.ApprovedBallotID)
				} else {
					assert.Nil(v.t, edition.ApprovedDigest)
				}
			})
		})
	}
}

func TestTheRecordOfAClosedBallotIsRecounted(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a")
		v.all(id, governance.PositionObject, "college")
		open, err := v.DB.Tally(v.t.Context(), v.ballot(id))
		require.NoError(v.t, err)
		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		b := v.ballot(id)
		recounted, err := governance.Tally(*b.Record)
		assert.Equal(v.t, &recounted, open, "what was shown while it was open is what the record counts up to")
		require.NoError(v.t, err)
		stored, err := v.DB.Tally(v.t.Context(), b)
		require.NoError(v.t, err)
		assert.Equal(v.t, recounted.Outcome, stored.Outcome)
		assert.Len(v.t, b.Record.Electors, 7)
		assert.Len(v.t, b.Record.Votes, 4)

		stands := texts(v.t, v.DB, `SELECT record FROM ballots WHERE id = $1`, id)[0]
		_, err = governance.ParseTallyRecord([]byte(stands))
		require.NoError(v.t, err, "as concordat tally reads it")
		assert.Contains(v.t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = 'BALLOT_CLOSED'`)[0],
			string(notary.Digest([]byte(stands))), "the act names the record")
	})
}

func TestTheObjectionsOfAFailedBallotComeBack(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionObject, "acme", "bolt", "crane", "union-a")
		_, err := v.DB.ChangePosition(v.t.Context(), v.As("crane", governance.RoleRepresentative),
			store.ChangePositionInput(v.position(id, governance.PositionAbstain)))
		require.NoError(v.t, err)
		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		assert.Equal(v.t, []string{"acme The hours are too few. At least 60 hours.", "bolt The hours are too few. At least 60 hours.",
			"union-a The hours are too few. At least 60 hours."}, texts(v.t, v.DB, `
			SELECT o.slug || ' ' || c.body || ' ' || c.remedy
			FROM comments c
			JOIN organizations o ON o.id = c.organization_id
			WHERE c.edition_id = $1 AND c.is_objection = 1 AND c.state = 'OPEN'
			ORDER BY o.slug`, v.edition))
		edition, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
		require.NoError(v.t, err)
		assert.Equal(v.t, 3, edition.UnansweredCount)
		_, err = v.DB.OpenBallot(v.t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: "2026-05-29"})
		refused(v.t, err, governance.CodeConflict, "undisposed")
	})
}

func TestABallotClosesWhenAllHaveActedWhereTheCharterSaysSo(t *testing.T) {
	all := []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"}
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, all[:6]...)
		assert.Equal(v.t, governance.StageBallot, v.stage())
		v.all(id, governance.PositionAbstain, all[6])
		assert.Equal(v.t, governance.StageApproved, v.stage())
		assert.Contains(v.t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = 'BALLOT_CLOSED'`)[0], `"role":"CLOCK"`,
			"the clock's act, not the last voter's")
		v.clock.Set(afterDeadline)
		_, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		assert.Len(v.t, texts(v.t, v.DB, `SELECT id FROM acts WHERE type = 'BALLOT_CLOSED'`), 1)
	})
	t.Run("else it stays open", func(t *testing.T) {
		eachVote(t, func(c *governance.Charter) { c.CloseBallotWhenAllActed = false }, func(v *vote) {
			v.all(v.open(), governance.PositionApprove, all...)
			assert.Equal(v.t, governance.StageBallot, v.stage())
		})
	})
}

func TestAClosedBallotTakesNothingMore(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme")
		v.clock.Set(afterDeadline)
		_, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		refused(v.t, v.take(id, "bolt", governance.PositionApprove), governance.CodeConflict, "wrong-stage")
	})
}

func TestManyServersCloseABallotOnce(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		url := storetest.URL(t, kind)
		clock := storetest.NewClock()
		one := storetest.OpenWith(t, store.Config{URL: url, Clock: clock.Now})
		other := storetest.OpenWith(t, store.Config{URL: url, Clock: clock.Now})
		v := &vote{t: t, clock: clock, Cast: storetest.NewCast(t, one)}
		clock.Advance(10 * 24 * time.Hour)
		v.ready("heat-pumps")
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		clock.Set(afterDeadline)
		for _, err := range atOnce(8, func(i int) error {
			_, err := []*store.DB{one, other}[i%2].TakeDue(t.Context())
			return err
		}) {
			require.NoError(t, err)
		}
		assert.Equal(t, []string{"BALLOT_OPENED", "BALLOT_CLOSED"}, v.acts(string(id)))
		assert.Equal(t, governance.StageApproved, v.stage())
	})
}

// Votes and the close race: each vote that was answered is in the record, none that was refused is.
func TestVotesRaceWithTheClose(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.CloseBallotWhenAllActed = false }, func(v *vote) {
		id := v.open()
		slugs := []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy"}
		v.clock.Set(afterDeadline.Add(-time.Microsecond))
		actors := make([]governance.Actor, len(slugs))
		for i, slug := range slugs {
			actors[i] = v.As(slug, governance.RoleRepresentative)
		}
		errs := atOnce(len(slugs)+1, func(i int) error {
			if i == len(slugs) {
				v.clock.Set(afterDeadline)
				_, err := v.DB.TakeDue(v.t.Context())
				return err
			}
			_, err := v.DB.TakePosition(v.t.Context(), actors[i], v.position(id, governance.PositionApprove))
			return err
		})
		require.NoError(v.t, errs[len(slugs)])
		b := v.ballot(id)
		require.Equal(v.t, governance.BallotIsClosed, b.State)
		recorded := map[governance.OrganizationID]bool{}
		for _, vote := range b.Record.Votes {
			recorded[vote.Organization] = true
		}
		for i, err := range errs[:len(slugs)] {
			assert.Equal(v.t, err == nil, recorded[actors[i].Organization], slugs[i])
			if err != nil {
				assert.Equal(v.t, governance.CodeConflict, governance.CodeOf(err), err)
			}
		}
		assert.EqualValues(v.t, len(b.Record.Votes), number(v.t, v.DB, `SELECT count(*) FROM positions`))
	})
}

func TestABallotEndsWithAnEditionThatIsGivenUp(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.AbandonNoticeDays = 0 }, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme")
		_, err := v.DB.AbandonEdition(v.t.Context(), v.Secretary(), store.AbandonEditionInput{Edition: v.edition, Reason: "No need any more."})
		require.NoError(v.t, err)
		b := v.ballot(id)
		assert.Equal(v.t, governance.OutcomeRecalled, *b.Outcome)
		assert.Len(v.t, b.Record.Votes, 1)
		tally, err := v.DB.Tally(v.t.Context(), b)
		require.NoError(v.t, err)
		assert.Nil(v.t, tally, "it was not counted")
		v.clock.Set(afterDeadline)
		next, err := v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		assert.Zero(v.t, next)
	})
}
