package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

func TestAPositionIsTakenAndChangedAndEachIsKept(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		actor := v.As("union-a", governance.RoleRepresentative)
		first, err := v.DB.TakePosition(v.t.Context(), actor, v.position(id, governance.PositionObject))
		require.NoError(v.t, err)
		assert.Equal(v.t, 1, v.ballot(id).PositionCount)
		second, err := v.DB.ChangePosition(v.t.Context(), actor, store.ChangePositionInput{
			Ballot: id, Digest: v.digest, Position: governance.PositionApprove, Comment: "Now it is right."})
		require.NoError(v.t, err)
		assert.Equal(v.t, 1, v.ballot(id).PositionCount, "a change counts no new voter")

		before, err := v.DB.Position(v.t.Context(), actor, first)
		require.NoError(v.t, err)
		assert.Equal(v.t, "At least 60 hours.", before.Remedy)
		now, err := v.DB.MyPosition(v.t.Context(), actor, id)
		require.NoError(v.t, err)
		assert.Equal(v.t, second, now.ID)
		assert.Equal(v.t, 2, now.Number)
		assert.Equal(v.t, "Union-a Ltd", now.Organization.LegalName)
		assert.Equal(v.t, []string{"POSITION_TAKEN"}, v.acts(string(first)))
		assert.Equal(v.t, []string{"POSITION_CHANGED"}, v.acts(string(second)))
		nobody, err := v.DB.MyPosition(v.t.Context(), v.As("acme", governance.RoleRepresentative), id)
		require.NoError(v.t, err)
		assert.Nil(v.t, nobody)
	})
}

func TestWhatAPositionIsRefusedFor(t *testing.T) {
	type try struct {
		actor  governance.Actor
		in     store.TakePositionInput
		change bool // it is changed, not taken
	}
	cases := map[string]struct {
		spoil  func(v *vote, try *try)
		code   governance.Code
		reason string
	}{
		"nobody is signed in":                             {func(_ *vote, c *try) { c.actor = governance.Actor{} }, governance.CodeUnauthenticated, "sign-in-needed"},
		"an observer":                                     {func(v *vote, c *try) { c.actor = v.As("acme", governance.RoleObserver) }, governance.CodeForbidden, "role-needed"},
		"an author":                                       {func(v *vote, c *try) { c.actor = v.As("acme", governance.RoleAuthor) }, governance.CodeForbidden, "role-needed"},
		"a representative of no elector":                  {func(v *vote, c *try) { c.actor = v.As("quality", governance.RoleRepresentative) }, governance.CodeForbidden, "role-needed"},
		"for another organization than its own":           {func(v *vote, c *try) { c.actor.Organization = v.Organizations["bolt"] }, governance.CodeForbidden, "role-needed"},
		"another digest":                                  {func(_ *vote, c *try) { c.in.Digest = "sha256:00" }, governance.CodeConflict, "another-digest"},
		"an objection without a reason":                   {func(_ *vote, c *try) { c.in.Position, c.in.Remedy = governance.PositionObject, "more hours" }, governance.CodeInvalid, "text-missing"},
		"an objection without a remedy":                   {func(_ *vote, c *try) { c.in.Position, c.in.Reason, c.in.Remedy = governance.PositionObject, "no", " " }, governance.CodeInvalid, "text-missing"},
		"a position that is none":                         {func(_ *vote, c *try) { c.in.Position = "MAYBE" }, governance.CodeInvalid, "unknown-position"},
		"a ballot that is not":                            {func(_ *vote, c *try) { c.in.Ballot = "0195e3a0-0000-7000-8000-00000000ffff" }, governance.CodeNotFound, "not-found"},
		"a second one":                                    {func(v *vote, c *try) { v.all(c.in.Ballot, governance.PositionApprove, "acme") }, governance.CodeConflict, "position-taken"},
		"a change of none":                                {func(_ *vote, c *try) { c.change = true }, governance.CodeConflict, "no-position"},
		"at the deadline, before the clock has closed it": {func(v *vote, _ *try) { v.clock.Set(time.Date(2026, 3, 31, 21, 0, 0, 0, time.UTC)) }, governance.CodeConflict, "ballot-not-open"},
		"a mandate that has ended": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE mandates SET ended_at = created_at WHERE organization_id = $1`, v.Organizations["acme"])
		}, governance.CodeForbidden, "role-needed"},
		"a suspended organization": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE organizations SET suspended = 1 WHERE id = $1`, v.Organizations["acme"])
		}, governance.CodeForbidden, "suspended"},
	}
	eachVote(t, nil, func(v *vote) {
		started := v.clock.Now()
		for name, c := range cases {
			v.within(name, func() {
				id := v.open()
				attempt := &try{actor: v.As("acme", governance.RoleRepresentative), in: v.position(id, governance.PositionApprove)}
				c.spoil(v, attempt)
				before := number(v.t, v.DB, `SELECT count(*) FROM positions`)
				var err error
				if attempt.change {
					_, err = v.DB.ChangePosition(v.t.Context(), attempt.actor, store.ChangePositionInput(attempt.in))
				} else {
					_, err = v.DB.TakePosition(v.t.Context(), attempt.actor, attempt.in)
				}
				refused(v.t, err, c.code, c.reason)
				assert.Equal(v.t, before, number(v.t, v.DB, `SELECT count(*) FROM positions`))
				v.clock.Set(started)
				change(v.t, v.DB, `UPDATE mandates SET ended_at = NULL`)
			})
		}
	})
}

func TestOnePersonSpeaksForOneOrganizationInABallot(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		actor := v.As("acme", governance.RoleRepresentative)
		change(v.t, v.DB, `INSERT INTO mandates (id, person_id, organization_id, role, source, from_at, created_at)
			VALUES ($1, $2, $3, 'REPRESENTATIVE', 'GRANT', $4, $4)`,
			"0195e3a0-0000-7000-8000-00000000aaaa", actor.Person, v.Organizations["bolt"], storetest.Start)
		v.all(id, governance.PositionApprove, "acme")
		actor.Organization = v.Organizations["bolt"]
		_, err := v.DB.TakePosition(v.t.Context(), actor, v.position(id, governance.PositionApprove))
		refused(v.t, err, governance.CodeForbidden, "spoke-for-another")
		v.all(id, governance.PositionApprove, "bolt")
		_, err = v.DB.ChangePosition(v.t.Context(), actor, store.ChangePositionInput(v.position(id, governance.PositionObject)))
		refused(v.t, err, governance.CodeForbidden, "spoke-for-another")
	})
}

func TestTakingAPositionCanBeRepeated(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		in := v.position(v.open(), governance.PositionApprove)
		in.IdempotencyKey = "k"
		first, err := v.DB.TakePosition(v.t.Context(), v.As("acme", governance.RoleRepresentative), in)
		require.NoError(v.t, err)
		again, err := v.DB.TakePosition(v.t.Context(), v.As("acme", governance.RoleRepresentative), in)
		require.NoError(v.t, err)
		assert.Equal(v.t, first, again)
		in.Position = governance.PositionAbstain
		_, err = v.DB.TakePosition(v.t.Context(), v.As("acme", governance.RoleRepresentative), in)
		refused(v.t, err, governance.CodeConflict, "idempotency-key-reused")
	})
}

func TestNobodySeesASecretBallotBeforeItsClose(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt", "crane", "union-a", "college", "academy")
		own, err := v.DB.MyPosition(v.t.Context(), v.As("acme", governance.RoleRepresentative), id)
		require.NoError(v.t, err)
		require.NotNil(v.t, own, "its own is no secret to it")
		for name, viewer := range map[string]governance.Actor{
			"the secretary": v.Secretary(), "the administrator": v.Admin(), "another elector": v.As("bolt", governance.RoleRepresentative),
			"the public": {},
		} {
			_, err := v.DB.Position(v.t.Context(), viewer, own.ID)
			refused(v.t, err, governance.CodeNotFound, "not-found")
			b, err := v.DB.Ballot(v.t.Context(), viewer, id, store.Fields{"record": nil})
			require.NoError(v.t, err, name)
			assert.Nil(v.t, b.Record, name)
			tally, err := v.DB.Tally(v.t.Context(), b)
			require.NoError(v.t, err)
			assert.Nil(v.t, tally, name)
			electors, err := v.DB.Electors(v.t.Context(), v.Secretary(), b, "", store.Page{}, nil)
			require.NoError(v.t, err)
			for _, elector := range electors.Nodes {
				assert.Nil(v.t, elector.Position, name)
				assert.Nil(v.t, elector.Voted, name)
			}
		}
		v.all(id, governance.PositionObject, "union-b")
		b := v.ballot(id)
		require.Equal(v.t, governance.BallotIsClosed, b.State, "all have acted")
		_, err = v.DB.Position(v.t.Context(), governance.Actor{}, own.ID)
		require.NoError(v.t, err)
		electors, err := v.DB.Electors(v.t.Context(), v.Secretary(), b, governance.ChamberUnion, store.Page{}, nil)
		require.NoError(v.t, err)
		require.Len(v.t, electors.Nodes, 2)
		assert.True(v.t, *electors.Nodes[0].Voted)
	})
}

func TestARunningTallyExplainsItself(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a")
		tally, err := v.DB.Tally(v.t.Context(), v.ballot(id))
		require.NoError(v.t, err)
		assert.Equal(v.t, governance.OutcomeInquorate, tally.Outcome, "no provider took part yet")
		for _, condition := range tally.Conditions {
			assert.NotEmpty(v.t, condition.Explanation)
			assert.NotEmpty(v.t, condition.ExplanationCode)
		}
	})
}

func TestAnElectorateIsReadInPages(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		seen := map[governance.OrganizationID]bool{}
		three := 3
		page := store.Page{First: &three}
		for {
			electors, err := v.DB.Electors(v.t.Context(), v.Secretary(), v.ballot(id), "", page, nil)
			require.NoError(v.t, err)
			for _, elector := range electors.Nodes {
				assert.False(v.t, seen[elector.Organization.ID])
				seen[elector.Organization.ID] = true
				assert.Equal(v.t, []string{"LV"}, elector.Groups)
			}
			if !electors.PageInfo.HasNextPage {
				break
			}
			page.After = electors.PageInfo.EndCursor
		}
		assert.Len(v.t, seen, 7)
	})
}

// The 64 clients are two representatives of each of 32 employers, all at the same moment.
func TestClientsThatVoteAtOnceLeaveOnePositionEach(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.CloseBallotWhenAllActed = false }, func(v *vote) {
		for i := range 29 {
			slug := fmt.Sprintf("works-%d", i)
			v.Admit(slug, governance.ChamberEmployer)
			v.Grant(slug, governance.RoleRepresentative, "2")
		}
		for _, slug := range []string{"acme", "bolt", "crane"} {
			v.Grant(slug, governance.RoleRepresentative, "2")
		}
		v.clock.Advance(8 * 24 * time.Hour)
		id, err := v.DB.OpenBallot(v.t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: "2026-04-30"})
		require.NoError(v.t, err)
		var actors []governance.Actor
		for slug := range v.electors(id) {
			if slug[:2] == "un" || slug == "college" || slug == "academy" {
				continue
			}
			actors = append(actors, v.As(slug, governance.RoleRepresentative), v.As(slug, governance.RoleRepresentative, "2"))
		}
		require.Len(v.t, actors, 64)
		errs := atOnce(len(actors), func(i int) error {
			_, err := v.DB.TakePosition(v.t.Context(), actors[i], v.position(id, governance.PositionApprove))
			return err
		})
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			refused(v.t, err, governance.CodeConflict, "position-taken")
		}
		assert.Equal(v.t, 32, taken)
		errs = atOnce(len(actors), func(i int) error {
			_, err := v.DB.ChangePosition(v.t.Context(), actors[i], store.ChangePositionInput(v.position(id, governance.PositionAbstain)))
			return err
		})
		for _, err := range errs {
			require.NoError(v.t, err)
		}
		assert.Equal(v.t, 32, v.ballot(id).PositionCount)
		assert.EqualValues(v.t, 32, number(v.t, v.DB, `SELECT count(*) FROM positions WHERE is_latest = 1`))
		assert.EqualValues(v.t, 96, number(v.t, v.DB, `SELECT count(*) FROM positions`))
		assert.EqualValues(v.t, 32, number(v.t, v.DB, `SELECT count(*) FROM (
			SELECT organization_id FROM positions GROUP BY organization_id HAVING count(*) = 3 AND MIN(number) = 1 AND MAX(number) = 3
		) AS whole`), "numbers without a gap")
		requireLog(v.t, v.DB, number(v.t, v.DB, `SELECT count(*) FROM acts`))
	})
}

// atOnce calls f n times at the same moment and answers what each call did.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}
