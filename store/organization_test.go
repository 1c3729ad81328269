package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// actsOn lists the types of the acts on an object, the oldest first, each with the role in which it was taken.
func actsOn[ID ~string](t *testing.T, db *store.DB, object ID) []string {
	t.Helper()
	return texts(t, db, `SELECT type || ' ' || role FROM acts WHERE object_id = $1 ORDER BY id`, string(object))
}

func newOrganization(slug string) store.RegisterOrganizationInput {
	return store.RegisterOrganizationInput{
		Slug: slug, LegalName: "Baltic Pumps SIA", Country: "LV", Region: "LV006", Size: governance.SizeSmall,
		Homepage:    "https://pumps.example",
		Identifiers: []store.OrganizationIdentifierInput{{Scheme: "VAT", Value: "LV40003012345"}},
	}
}

func TestTheAdministratorRegistersAnOrganization(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		in := newOrganization("pumps")
		in.ControlledBy = cast.Organizations["acme"]
		in.MemberOf = []governance.OrganizationID{cast.Organizations["crane"], cast.Organizations["crane"]}
		in.IdempotencyKey = "once"
		id, err := db.RegisterOrganization(t.Context(), cast.Admin(), in)
		require.NoError(t, err)
		got, err := db.OrganizationBySlug(t.Context(), "pumps")
		require.NoError(t, err)
		size := governance.SizeSmall
		assert.Equal(t, &store.Organization{
			ID: id, Slug: "pumps", LegalName: "Baltic Pumps SIA", Country: "LV", Region: "LV006", Size: &size,
			Homepage: "https://pumps.example", Identifiers: []store.OrganizationIdentifier{{Scheme: "VAT", Value: "LV40003012345"}},
			ControllerID: cast.Organizations["acme"], CreatedAt: storetest.Start,
		}, got)
		assert.Equal(t, []string{"ORGANIZATION_REGISTERED ADMIN"}, actsOn(t, db, id))
		assert.Equal(t, int64(1), number(t, db, `SELECT COUNT(*) FROM organization_members WHERE organization_id = $1`, id))

		again, err := db.RegisterOrganization(t.Context(), cast.Admin(), in)
		require.NoError(t, err)
		assert.Equal(t, id, again, "a repeat answers what the first one answered")
		assert.Len(t, actsOn(t, db, id), 1)
		in.LegalName = "Another"
		_, err = db.RegisterOrganization(t.Context(), cast.Admin(), in)
		refused(t, err, governance.CodeConflict, "idempotency-key-reused")
	})
}

func TestRegisteringAnOrganizationIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		before := number(t, db, `SELECT COUNT(*) FROM acts`)
		for name, test := range map[string]struct {
			actor  governance.Actor
			change func(in *store.RegisterOrganizationInput)
			code   governance.Code
			reason string
		}{
			"to somebody not signed in":    {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"to a representative":          {cast.As("acme", governance.RoleRepresentative), nil, governance.CodeForbidden, "role-needed"},
			"to a council's secretary":     {cast.Secretary(), nil, governance.CodeForbidden, "role-needed"},
			"to a person without mandates": {cast.Somebody("walker"), nil, governance.CodeForbidden, "role-needed"},
			"to a token without the scope": {withScopes(cast.Admin(), governance.ScopeWrite), nil, governance.CodeForbidden, "scope-needed"},
			"under a short name that is taken": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Slug = "acme" },
				governance.CodeConflict, "organization-exists"},
			"under an id that is taken": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.ID = cast.Organizations["acme"] },
				governance.CodeConflict, "organization-exists"},
			"under an id that is none": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.ID = "1" },
				governance.CodeInvalid, "id-malformed"},
			"with capitals in its short name": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Slug = "Pumps" },
				governance.CodeInvalid, "slug-malformed"},
			"with a short name of one letter": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Slug = "p" },
				governance.CodeInvalid, "slug-malformed"},
			"without a name": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.LegalName = " " },
				governance.CodeInvalid, "text-missing"},
			"with NUL in its name": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.LegalName = "a\x00" },
				governance.CodeInvalid, "text-malformed"},
			"without a country": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Country = "" },
				governance.CodeInvalid, "country-malformed"},
			"with a region that is none": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Region = "Rīga" },
				governance.CodeInvalid, "region-malformed"},
			"with a script for a homepage": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Homepage = "javascript:alert(1)" },
				governance.CodeInvalid, "homepage-malformed"},
			"with an identifier without a value": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.Identifiers[0].Value = "" },
				governance.CodeInvalid, "text-missing"},
			"controlled by nobody there is": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.ControlledBy = "nobody" },
				governance.CodeNotFound, "not-found"},
			"a member of nothing there is": {cast.Admin(), func(in *store.RegisterOrganizationInput) { in.MemberOf = []governance.OrganizationID{"x"} },
				governance.CodeNotFound, "not-found"},
		} {
			t.Run(name, func(t *testing.T) {
				in := newOrganization("pumps")
				if test.change != nil {
					test.change(&in)
				}
				_, err := db.RegisterOrganization(t.Context(), test.actor, in)
				refused(t, err, test.code, test.reason)
			})
		}
		assert.Equal(t, before, number(t, db, `SELECT COUNT(*) FROM acts`), "a refusal leaves nothing behind")
	})
}

// withScopes is the actor with a token of these scopes.
func withScopes(actor governance.Actor, scopes ...governance.Scope) governance.Actor {
	actor.Scopes = scopes
	return actor
}

func TestOneShortNameIsRegisteredOnceHoweverManyTry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		admin := cast.Admin()
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			all.Go(func() { _, errs[i] = db.RegisterOrganization(t.Context(), admin, newOrganization("pumps")) })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			assert.Equal(t, governance.CodeConflict, governance.CodeOf(err), "%v", err)
		}
		assert.Equal(t, 1, done)
	})
}

func TestOrganizationsAreReadInPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		var slugs []string
		first, page := 5, store.Page{}
		for {
			page.First = &first
			got, err := db.Organizations(t.Context(), page)
			require.NoError(t, err)
			for _, o := range got.Nodes {
				slugs = append(slugs, o.Slug)
			}
			if !got.PageInfo.HasNextPage {
				break
			}
			page.After = got.PageInfo.EndCursor
		}
		assert.Len(t, slugs, len(cast.Organizations))
		assert.Subset(t, slugs, []string{"platform", "council", "acme", "office"})
		none, err := db.OrganizationBySlug(t.Context(), "nobody")
		require.NoError(t, err)
		assert.Nil(t, none)
		_, err = db.Organization(t.Context(), "nobody")
		refused(t, err, governance.CodeNotFound, "not-found")
	})
}

func TestTheFirstAdministratorBringsThePlatform(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		grant := store.AdminGrant{Issuer: storetest.CastIssuer, Subject: "ana"}
		_, err := db.GrantAdmin(t.Context(), grant)
		refused(t, err, governance.CodeInvalid, "slug-malformed")
		grant.Platform = store.RegisterOrganizationInput{Slug: "platform", LegalName: "Platform Office", Country: "BE"}
		first, err := db.GrantAdmin(t.Context(), grant)
		require.NoError(t, err)
		assert.Equal(t, []string{"MANDATE_GRANTED COMMAND"}, actsOn(t, db, first))
		_, err = db.GrantAdmin(t.Context(), grant)
		refused(t, err, governance.CodeConflict, "mandate-held")
		_, err = db.GrantAdmin(t.Context(), store.AdminGrant{Issuer: storetest.CastIssuer, Subject: "bo"})
		require.NoError(t, err, "the platform is there already")
		assert.Equal(t, int64(1), number(t, db, `SELECT COUNT(*) FROM organizations`))
	})
}
