package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

func TestTheAdministratorEstablishesACouncil(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		in := store.EstablishCouncilInput{
			Organization: cast.Register("forestry"), Jurisdiction: []string{"LV", "EE00"}, Sectors: []string{"wood", "paper", "wood"},
			Zone: "Europe/Riga", IdempotencyKey: "once",
		}
		id, err := db.EstablishCouncil(t.Context(), cast.Admin(), in)
		require.NoError(t, err)
		again, err := db.EstablishCouncil(t.Context(), cast.Admin(), in)
		require.NoError(t, err)
		assert.Equal(t, id, again)
		got, err := db.CouncilBySlug(t.Context(), "forestry")
		require.NoError(t, err)
		assert.Equal(t, []string{"LV", "EE00"}, got.Jurisdiction)
		assert.Equal(t, []string{"paper", "wood"}, got.Sectors)
		assert.Equal(t, "forestry", got.Organization.Slug)
		assert.Empty(t, got.CharterID)
		assert.Equal(t, []string{"ORGANIZATION_REGISTERED ADMIN", "COUNCIL_ESTABLISHED ADMIN"}, actsOn(t, db, id))
		all, err := db.Councils(t.Context())
		require.NoError(t, err)
		assert.Len(t, all, 2)
		none, err := db.CouncilBySlug(t.Context(), "acme")
		require.NoError(t, err)
		assert.Nil(t, none, "an organization, but no council")
	})
}

func TestEstablishingACouncilIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		forestry := cast.Register("forestry")
		for name, test := range map[string]struct {
			actor  governance.Actor
			change func(in *store.EstablishCouncilInput)
			code   governance.Code
			reason string
		}{
			"to another council's secretary": {cast.Secretary(), nil, governance.CodeForbidden, "role-needed"},
			"where it is one already": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Organization = cast.Council },
				governance.CodeConflict, "council-exists"},
			"for nobody there is": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Organization = "nobody" },
				governance.CodeNotFound, "not-found"},
			"in no time zone": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Zone = "Local" },
				governance.CodeInvalid, "zone-unknown"},
			"without a sector": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Sectors = nil },
				governance.CodeInvalid, "sectors-missing"},
			"with an empty sector": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Sectors = []string{""} },
				governance.CodeInvalid, "text-missing"},
			"for a country that is none": {cast.Admin(), func(in *store.EstablishCouncilInput) { in.Jurisdiction = []string{"Latvia"} },
				governance.CodeInvalid, "region-malformed"},
		} {
			t.Run(name, func(t *testing.T) {
				in := store.EstablishCouncilInput{Organization: forestry, Sectors: []string{"wood"}, Zone: "Europe/Riga"}
				if test.change != nil {
					test.change(&in)
				}
				_, err := db.EstablishCouncil(t.Context(), test.actor, in)
				refused(t, err, test.code, test.reason)
			})
		}
	})
}

// newCouncil establishes a council that has a secretary and no charter.
func newCouncil(t *testing.T, cast *storetest.Cast, slug string) (council governance.OrganizationID, secretary governance.Actor) {
	t.Helper()
	id := cast.Register(slug)
	_, err := cast.DB.EstablishCouncil(t.Context(), cast.Admin(), store.EstablishCouncilInput{
		Organization: id, Sectors: []string{slug}, Zone: "Europe/Riga",
	})
	require.NoError(t, err)
	cast.Grant(slug, governance.RoleSecretary, "")
	return id, cast.As(slug, governance.RoleSecretary)
}

func TestACharterIsProposedByTheSecretaryAndFoundedByTheAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		council, secretary := newCouncil(t, cast, "forestry")
		propose := store.ProposeCharterInput{Council: council, Preset: governance.PresetTripartite, IdempotencyKey: "once"}
		first, err := db.ProposeCharter(t.Context(), secretary, propose)
		require.NoError(t, err)
		again, err := db.ProposeCharter(t.Context(), secretary, propose)
		require.NoError(t, err)
		assert.Equal(t, first, again)
		body, err := governance.FoundingCharter(governance.PresetTripartite, "Our own rules", "Europe/Vilnius")
		require.NoError(t, err)
		second, err := db.ProposeCharter(t.Context(), secretary, store.ProposeCharterInput{Council: council, Body: &body})
		require.NoError(t, err)
		charters, err := db.Charters(t.Context(), council)
		require.NoError(t, err)
		require.Len(t, charters, 2)
		assert.Equal(t, []int{2, 1}, []int{charters[0].Number, charters[1].Number})
		assert.Equal(t, "Charter of Forestry Ltd", charters[1].Body.Name)
		assert.Equal(t, body, charters[0].Body)

		found := store.FoundCharterInput{Charter: second, Digest: charters[0].Digest, IdempotencyKey: "found"}
		wrong := store.FoundCharterInput{Charter: second, Digest: charters[1].Digest}
		_, err = db.FoundCharter(t.Context(), secretary, found)
		refused(t, err, governance.CodeForbidden, "role-needed")
		_, err = db.FoundCharter(t.Context(), cast.Admin(), wrong)
		refused(t, err, governance.CodeConflict, "another-digest")
		for range 2 {
			_, err = db.FoundCharter(t.Context(), cast.Admin(), found)
			require.NoError(t, err)
		}
		founded, err := db.Charter(t.Context(), second)
		require.NoError(t, err)
		assert.Equal(t, governance.CharterInForce, founded.State)
		assert.Equal(t, storetest.Start, *founded.InForceAt)
		got, err := db.Council(t.Context(), council)
		require.NoError(t, err)
		assert.Equal(t, second, got.CharterID)
		assert.Equal(t, []string{"CHARTER_PROPOSED SECRETARY", "CHARTER_FOUNDED ADMIN"}, actsOn(t, db, second))
		_, err = db.FoundCharter(t.Context(), cast.Admin(), store.FoundCharterInput{Charter: first, Digest: charters[1].Digest})
		refused(t, err, governance.CodeConflict, "charter-in-force")
	})
}

func TestProposingACharterIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		preset := store.ProposeCharterInput{Council: cast.Council, Preset: governance.PresetConsent}
		bad, err := governance.FoundingCharter(governance.PresetConsent, "Bad", "Europe/Riga")
		require.NoError(t, err)
		bad.ConsultationDays = -1
		for name, test := range map[string]struct {
			actor  governance.Actor
			in     store.ProposeCharterInput
			code   governance.Code
			reason string
		}{
			"to its representative":     {cast.As("council", governance.RoleRepresentative), preset, governance.CodeForbidden, "role-needed"},
			"to the administrator":      {cast.Admin(), preset, governance.CodeForbidden, "role-needed"},
			"to somebody not signed in": {governance.Actor{}, preset, governance.CodeUnauthenticated, "sign-in-needed"},
			"for no council":            {cast.Secretary(), store.ProposeCharterInput{Council: cast.Organizations["acme"], Preset: "consent"}, governance.CodeNotFound, "not-found"},
			"without rules":             {cast.Secretary(), store.ProposeCharterInput{Council: cast.Council}, governance.CodeInvalid, "body-or-preset"},
			"from no preset there is":   {cast.Secretary(), store.ProposeCharterInput{Council: cast.Council, Preset: "lottery"}, governance.CodeInvalid, "preset-unknown"},
			"under an id that is taken": {cast.Secretary(), store.ProposeCharterInput{ID: cast.Charter, Council: cast.Council, Preset: "consent"}, governance.CodeConflict, "id-taken"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := db.ProposeCharter(t.Context(), test.actor, test.in)
				refused(t, err, test.code, test.reason)
			})
		}
		_, err = db.ProposeCharter(t.Context(), cast.Secretary(), store.ProposeCharterInput{Council: cast.Council, Body: &bad})
		require.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		assert.Contains(t, err.(*governance.Error).Field, "input.body/consultationDays")
		charters, err := db.Charters(t.Context(), cast.Council)
		require.NoError(t, err)
		assert.Len(t, charters, 1, "a refusal leaves nothing behind")
	})
}
