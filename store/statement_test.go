package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// approved carries the ballot: the edition is APPROVED where the charter asks for endorsements.
func (v *vote) approved() {
	v.t.Helper()
	v.all(v.open(), governance.PositionApprove, "acme", "bolt", "crane", "union-a", "union-b", "college", "academy")
}

// ask asks an organization for its endorsement.
func (v *vote) ask(slug string) governance.StatementID {
	v.t.Helper()
	id, err := v.DB.RequestEndorsement(v.t.Context(), v.Secretary(), store.RequestEndorsementInput{Edition: v.edition, Organization: v.Organizations[slug]})
	require.NoError(v.t, err)
	return id
}

func (v *vote) endorse(id governance.StatementID, slug string) error {
	v.t.Helper()
	_, err := v.DB.GiveEndorsement(v.t.Context(), v.As(slug, governance.RoleRepresentative), store.GiveEndorsementInput{Statement: id, Digest: v.digest})
	return err
}

func (v *vote) statement(id governance.StatementID) *store.Statement {
	v.t.Helper()
	s, err := v.DB.Statement(v.t.Context(), v.Secretary(), id)
	require.NoError(v.t, err)
	return s
}

func TestTheLastEndorsementAskedForMakesAnEditionEndorsed(t *testing.T) {
	eachVote(t, func(c *governance.Charter) {
		c.Endorsements = []governance.RequiredEndorsement{
			{By: governance.EndorsedByCouncil, AtLeast: 1, ValidDays: 30}, {By: governance.ChamberUnion, AtLeast: 2},
		}
	}, func(v *vote) {
		v.approved()
		require.Equal(v.t, governance.StageApproved, v.stage())
		council, first, second, quality := v.ask("council"), v.ask("union-a"), v.ask("union-b"), v.ask("quality")
		require.NoError(v.t, v.endorse(first, "union-a"))
		require.NoError(v.t, v.endorse(council, "council"))
		require.NoError(v.t, v.endorse(quality, "quality"))
		assert.Equal(v.t, governance.StageApproved, v.stage(), "one union is missing")
		require.NoError(v.t, v.endorse(second, "union-b"))
		assert.Equal(v.t, governance.StageEndorsed, v.stage())

		given := v.statement(council)
		assert.Equal(v.t, governance.StatementIsGiven, given.State)
		assert.False(v.t, given.Signed())
		assert.Equal(v.t, v.digest, given.Digest)
		assert.Equal(v.t, time.Date(2026, 4, 13, 21, 0, 0, 0, time.UTC), *given.ValidUntil, "30 days, which end on a Saturday: Monday night")
		assert.Nil(v.t, v.statement(first).ValidUntil, "until revoked")
		assert.Equal(v.t, []string{"ENDORSEMENT_REQUESTED", "ENDORSEMENT_GIVEN"}, v.acts(string(council)))
		all, err := v.DB.StatementsOf(v.t.Context(), v.edition)
		require.NoError(v.t, err)
		assert.Len(v.t, all, 4)
	})
}

func TestAnEndorsementThatIsRevokedOrExpiresTakesTheEditionBack(t *testing.T) {
	alter := func(c *governance.Charter) {
		c.Endorsements = []governance.RequiredEndorsement{{By: governance.EndorsedByCouncil, AtLeast: 1, ValidDays: 30}}
	}
	t.Run("revoked", func(t *testing.T) {
		eachVote(t, alter, func(v *vote) {
			v.approved()
			id := v.ask("council")
			require.NoError(v.t, v.endorse(id, "council"))
			require.Equal(v.t, governance.StageEndorsed, v.stage())
			_, err := v.DB.RevokeEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative), store.RevokeEndorsementInput{Statement: id})
			refused(v.t, err, governance.CodeInvalid, "text-missing")
			_, err = v.DB.RevokeEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative),
				store.RevokeEndorsementInput{Statement: id, Reason: "The law has changed."})
			require.NoError(v.t, err)
			assert.Equal(v.t, governance.StageApproved, v.stage())
			assert.Equal(v.t, governance.StatementIsRevoked, v.statement(id).State)
			_, err = v.DB.RevokeEndorsement(v.t.Context(), v.As("council", governance.RoleRepresentative),
				store.RevokeEndorsementInput{Statement: id, Reason: "Again."})
			refused(v.t, err, governance.CodeConflict, "not-given")
			require.NoError(v.t, v.endorse(v.ask("council"), "council"), "it may be asked for again")
			assert.Equal(v.t, governance.StageEndorsed, v.stage())
		})
	})
	t.Run("expired", func(t *testing.T) {
		eachVote(t, alter, func(v *vote) {
			v.approved()
			id := v.ask("council")
			require.NoError(v.t, v.endorse(id, "council"))
			end := *v.statement(id).ValidUntil
			v.clock.Set(end.Add(-time.Microsecond))
			next, err := v.DB.TakeDue(v.t.Context())
			require.NoError(v.t, err)
			assert.Equal(v.t, end, next)
			assert.Equal(v.t, governance.StageEndorsed, v.stage())
			v.clock.Set(end)
			for range 3 {
				next, err = v.DB.TakeDue(v.t.Context())
				require.NoError(v.t, err)
				assert.Zero(v.t, next)
			}
			assert.Equal(v.t, governance.StageApproved, v.stage())
			assert.Equal(v.t, []string{"ENDORSEMENT_REQUESTED", "ENDORSEMENT_GIVEN", "ENDORSEMENT_EXPIRED"}, v.acts(string(id)), "told once")
			require.NoError(v.t, v.endorse(v.ask("council"), "council"), "it may be asked for again")
			assert.Equal(v.t, governance.StageEndorsed, v.stage())
		})
	})
}

func TestWhatEndorsementsAreRefusedFor(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		ctx := v.t.Context()
		request := store.RequestEndorsementInput{Edition: v.edition, Organization: v.Council}
		_, err := v.DB.RequestEndorsement(ctx, v.Secretary(), request)
		refused(v.t, err, governance.CodeConflict, "wrong-stage")
		v.approved()
		_, err = v.DB.RequestEndorsement(ctx, v.As("council", governance.RoleRepresentative), request)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.RequestEndorsement(ctx, v.Secretary(), store.RequestEndorsementInput{Edition: v.edition, Organization: v.Organizations["platform"]})
		refused(v.t, err, governance.CodeInvalid, "not-on-the-roll")
		id := v.ask("council")
		_, err = v.DB.RequestEndorsement(ctx, v.Secretary(), request)
		refused(v.t, err, governance.CodeConflict, "endorsement-asked")

		refused(v.t, v.endorse(id, "college"), governance.CodeForbidden, "role-needed")
		_, err = v.DB.GiveEndorsement(ctx, v.Secretary(), store.GiveEndorsementInput{Statement: id, Digest: v.digest})
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		_, err = v.DB.GiveEndorsement(ctx, v.As("council", governance.RoleRepresentative), store.GiveEndorsementInput{Statement: id, Digest: "sha256:00"})
		refused(v.t, err, governance.CodeConflict, "another-digest")
		_, err = v.DB.DeclineEndorsement(ctx, v.As("council", governance.RoleRepresentative), store.DeclineEndorsementInput{Statement: id, Reason: " "})
		refused(v.t, err, governance.CodeInvalid, "text-missing")
		_, err = v.DB.DeclineEndorsement(ctx, v.As("council", governance.RoleRepresentative), store.DeclineEndorsementInput{Statement: id, Reason: "Too short."})
		require.NoError(v.t, err)
		assert.Equal(v.t, "Too short.", v.statement(id).Reason)
		refused(v.t, v.endorse(id, "council"), governance.CodeForbidden, "role-needed")
		assert.Equal(v.t, governance.StageApproved, v.stage())
		may, err := v.DB.StatementMay(ctx, v.As("council", governance.RoleRepresentative), v.statement(v.ask("council")))
		require.NoError(v.t, err)
		for _, permission := range may {
			assert.Equal(v.t, permission.Step != governance.RevokeEndorsement, permission.Allowed(), permission.Step)
		}
	})
}
