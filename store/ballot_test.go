package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

func TestABallotFreezesAllThatDecides(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		b := v.ballot(id)
		assert.Equal(t, v.digest, b.Digest)
		assert.Equal(t, v.Charter, b.CharterID)
		assert.Equal(t, governance.SecrecyAtOnce, b.Secrecy)
		assert.Equal(t, "EU/1", b.Profile)
		assert.NotEmpty(t, b.Findings, "the codes are not checked: warnings")
		assert.False(t, governance.HasErrors(b.Findings))
		assert.Equal(t, 7, b.ElectorCount)
		assert.Equal(t, time.Date(2026, 3, 31, 21, 0, 0, 0, time.UTC), b.ClosesAt, "midnight in Riga, in summer time")
		assert.Equal(t, governance.StageBallot, v.stage())
		assert.Equal(t, []string{"BALLOT_OPENED"}, v.acts(string(id)))
		assert.Equal(t, map[string]string{
			"acme": "EMPLOYER 1", "bolt": "EMPLOYER 1", "crane": "EMPLOYER 1", "union-a": "UNION 1", "union-b": "UNION 1",
			"college": "PROVIDER 1", "academy": "PROVIDER 1",
		}, v.electors(id), "only chambers that a condition names")
	})
}

func TestWhoSitsInAnElectorate(t *testing.T) {
	own := func(slug, column string, value any) func(v *vote) {
		return func(v *vote) {
			change(v.t, v.DB, `UPDATE organizations SET `+column+` = $2 WHERE slug = $1`, slug, value)
		}
	}
	roll := func(slug, column string, value any) func(v *vote) {
		return func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET `+column+` = $2 WHERE organization_id = $1`, v.Organizations[slug], value)
		}
	}
	cases := map[string]struct {
		change func(v *vote)
		out    string // who is not in, empty: everybody is
		in     string // who is in instead
	}{
		"a suspended entry is out":                     {roll("acme", "state", "SUSPENDED"), "acme", ""},
		"a suspended organization is out":              {own("acme", "suspended", 1), "acme", ""},
		"who came after the cut-off is out":            {roll("acme", "from_at", "2026-03-05T09:00:00.000001Z"), "acme", ""},
		"who came at the cut-off is in":                {roll("acme", "from_at", "2026-03-05T09:00:00.000000Z"), "", ""},
		"who has left is out":                          {roll("acme", "state", "ENDED"), "acme", ""},
		"whose entry ran out is out":                   {roll("acme", "until_at", "2026-03-12T09:00:00.000000Z"), "acme", ""},
		"a controlled organization and its controller": {func(v *vote) { own("bolt", "controlled_by", v.Organizations["acme"])(v) }, "bolt", ""},
		"a group counts once across chambers":          {func(v *vote) { own("college", "controlled_by", v.Organizations["acme"])(v) }, "college", ""},
		"who controls through one that is not on the roll": {func(v *vote) {
			between := v.Register("holding")
			own("holding", "controlled_by", v.Organizations["acme"])(v)
			own("bolt", "controlled_by", between)(v)
		}, "bolt", ""},
		"of a circle of control one sits": {func(v *vote) {
			own("bolt", "controlled_by", v.Organizations["acme"])(v)
			own("acme", "controlled_by", v.Organizations["bolt"])(v)
		}, "bolt", ""},
		"of a group the one that is on the roll for longest": {func(v *vote) {
			own("acme", "controlled_by", v.Organizations["bolt"])(v)
			roll("bolt", "from_at", "2026-03-01T09:00:00.000000Z")(v)
		}, "acme", ""},
		"a chamber that nothing names comes in where it is changed": {roll("quality", "chamber", "UNION"), "", "quality"},
	}
	eachVote(t, nil, func(v *vote) {
		for name, c := range cases {
			v.within(name, func() {
				c.change(v)
				electors := v.electors(v.open())
				want := 7
				if c.out != "" {
					assert.NotContains(v.t, electors, c.out)
					want--
				}
				if c.in != "" {
					assert.Contains(v.t, electors, c.in)
					want++
				}
				assert.Len(v.t, electors, want)
			})
		}
	})
}

func TestWeightsAreFinal(t *testing.T) {
	t.Run("the roll's, and the charter's before them", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET weight = '3/2' WHERE organization_id IN ($1, $2)`,
				v.Organizations["acme"], v.Organizations["bolt"])
			v.alterCharter(func(c *governance.Charter) {
				c.Weights.Organizations = map[governance.OrganizationID]governance.Ratio{v.Organizations["bolt"]: governance.NewRatio(5, 1)}
			})
			electors := v.electors(v.open())
			assert.Equal(v.t, "EMPLOYER 3/2", electors["acme"])
			assert.Equal(v.t, "EMPLOYER 5", electors["bolt"])
			assert.Equal(v.t, "UNION 1", electors["union-a"])
		})
	})
	t.Run("a chamber's, shared", func(t *testing.T) {
		eachVote(t, func(c *governance.Charter) {
			c.Weights = governance.Weights{By: governance.WeightByChamber,
				Chambers: map[governance.Chamber]governance.Ratio{governance.ChamberUnion: governance.NewRatio(4, 1)}}
		}, func(v *vote) {
			electors := v.electors(v.open())
			assert.Equal(v.t, "EMPLOYER 1/3", electors["acme"])
			assert.Equal(v.t, "UNION 2", electors["union-a"])
		})
	})
}

func TestWhatKeepsABallotFromOpening(t *testing.T) {
	type refusal struct {
		code   governance.Code
		reason string
	}
	type try struct {
		actor governance.Actor
		in    store.OpenBallotInput
	}
	cases := map[string]struct {
		change func(v *vote, try *try)
		want   refusal
	}{
		"nobody is signed in": {func(_ *vote, c *try) { c.actor = governance.Actor{} }, refusal{governance.CodeUnauthenticated, "sign-in-needed"}},
		"not the secretary":   {func(v *vote, c *try) { c.actor = v.As("council", governance.RoleRepresentative) }, refusal{governance.CodeForbidden, "role-needed"}},
		"another stage":       {func(v *vote, _ *try) { change(v.t, v.DB, `UPDATE editions SET stage = 'CONSULTATION'`) }, refusal{governance.CodeConflict, "wrong-stage"}},
		"another digest":      {func(_ *vote, c *try) { c.in.Digest = "sha256:00" }, refusal{governance.CodeConflict, "another-digest"}},
		"too soon":            {func(_ *vote, c *try) { c.in.ClosesOn = "2026-03-25" }, refusal{governance.CodeInvalid, "too-soon"}},
		"in the past":         {func(_ *vote, c *try) { c.in.ClosesOn = "2026-03-01" }, refusal{governance.CodeInvalid, "too-soon"}},
		"no date":             {func(_ *vote, c *try) { c.in.ClosesOn = "31 March" }, refusal{governance.CodeInvalid, "date-malformed"}},
		"an empty chamber": {func(v *vote, _ *try) {
			change(v.t, v.DB, `UPDATE roll_entries SET state = 'SUSPENDED' WHERE chamber = 'UNION'`)
		}, refusal{governance.CodeConflict, "chamber-empty"}},
		"an edition that is not":    {func(_ *vote, c *try) { c.in.Edition = "0195e3a0-0000-7000-8000-00000000ffff" }, refusal{governance.CodeNotFound, "not-found"}},
		"an id that is none":        {func(_ *vote, c *try) { c.in.ID = "1" }, refusal{governance.CodeInvalid, "id-malformed"}},
		"a token without the scope": {func(_ *vote, c *try) { c.actor.Scopes = []governance.Scope{governance.ScopeWrite} }, refusal{governance.CodeForbidden, "scope-needed"}},
	}
	eachVote(t, nil, func(v *vote) {
		for name, c := range cases {
			v.within(name, func() {
				before := number(v.t, v.DB, `SELECT count(*) FROM acts`)
				attempt := &try{v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: closesOn}}
				c.change(v, attempt)
				_, err := v.DB.OpenBallot(v.t.Context(), attempt.actor, attempt.in)
				refused(v.t, err, c.want.code, c.want.reason)
				assert.Zero(v.t, number(v.t, v.DB, `SELECT count(*) FROM ballots`), "nothing is left behind")
				assert.Equal(v.t, before, number(v.t, v.DB, `SELECT count(*) FROM acts`))
			})
		}
	})
	t.Run("the refusal of an empty chamber names it", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			change(v.t, v.DB, `UPDATE roll_entries SET state = 'ENDED' WHERE chamber IN ('UNION', 'PROVIDER')`)
			_, err := v.DB.OpenBallot(v.t.Context(), v.Secretary(), store.OpenBallotInput{Edition: v.edition, Digest: v.digest, ClosesOn: closesOn})
			refused(v.t, err, governance.CodeConflict, "chamber-empty")
			assert.Equal(v.t, "PROVIDER, UNION", err.(*governance.Error).Params["chambers"])
		})
	})
}

func TestOpeningABallotCanBeRepeated(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		in := store.OpenBallotInput{IdempotencyKey: "k", Edition: v.edition, Digest: v.digest, ClosesOn: closesOn}
		first, err := v.DB.OpenBallot(v.t.Context(), v.Secretary(), in)
		require.NoError(v.t, err)
		again, err := v.DB.OpenBallot(v.t.Context(), v.Secretary(), in)
		require.NoError(v.t, err)
		assert.Equal(v.t, first, again)
		assert.EqualValues(v.t, 1, number(v.t, v.DB, `SELECT count(*) FROM ballots`))
		in.IdempotencyKey = "another"
		_, err = v.DB.OpenBallot(v.t.Context(), v.Secretary(), in)
		refused(v.t, err, governance.CodeConflict, "wrong-stage")
	})
}

func TestABallotIsSeenAsItsEditionAndByItsElectors(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		id := v.open()
		outsider := governance.Actor{}
		_, err := v.DB.Ballot(v.t.Context(), outsider, id, nil)
		require.NoError(v.t, err, "the consultation was public")
		change(v.t, v.DB, `UPDATE editions SET invited_only = 1, closed_group = 1 WHERE id = $1`, v.edition)
		_, err = v.DB.Ballot(v.t.Context(), outsider, id, nil)
		refused(v.t, err, governance.CodeNotFound, "not-found")
		_, err = v.DB.Ballot(v.t.Context(), v.Admin(), id, nil)
		refused(v.t, err, governance.CodeNotFound, "not-found")
		_, err = v.DB.Ballot(v.t.Context(), v.As("union-a", governance.RoleRepresentative), id, nil)
		require.NoError(v.t, err, "an elector sees the ballot")
		elector := v.As("union-a", governance.RoleRepresentative)
		edition, err := v.DB.Edition(v.t.Context(), elector, v.edition, nil)
		require.NoError(v.t, err, "and what it votes on")
		head, err := v.DB.Head(v.t.Context(), elector, edition, store.Fields{"canonical": nil})
		require.NoError(v.t, err)
		assert.Equal(v.t, v.digest, notary.Digest([]byte(head.Canonical())))
		listed, err := v.DB.Specifications(v.t.Context(), elector, store.SpecificationFilter{}, store.Page{}, nil)
		require.NoError(v.t, err)
		assert.Len(v.t, listed.Nodes, 1)
		listed, err = v.DB.Specifications(v.t.Context(), v.Admin(), store.SpecificationFilter{}, store.Page{}, nil)
		require.NoError(v.t, err)
		assert.Empty(v.t, listed.Nodes)
	})
}
