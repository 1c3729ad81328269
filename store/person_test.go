package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

const (
	nordwaerme = "0195e3a0-0000-7000-8000-00000000000a"
	baltherm   = "0195e3a0-0000-7000-8000-00000000000b"
	heat       = "0195e3a0-0000-7000-8000-00000000000c"
	office     = "0195e3a0-0000-7000-8000-00000000000d"
)

// eachWithOrganizations runs f on both databases with two employers, a council and the platform's office.
func eachWithOrganizations(t *testing.T, f func(t *testing.T, db *store.DB)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, o := range []struct{ id, slug, identifiers string }{
			{nordwaerme, "nordwaerme", `[{"scheme":"LEI","value":"529900W18LQJJN6SJ336"},{"scheme":"VAT","value":"DE1"}]`},
			{baltherm, "baltherm", `[{"scheme":"LEI","value":"529900_18LQJJN6SJ336"},{"scheme":"VAT","value":"DE1"}]`},
			{heat, "heat-skills-council", `[]`},
			{office, "office", `[]`},
		} {
			change(t, db, `INSERT INTO organizations (id, slug, legal_name, country, identifiers, is_platform, created_at)
				VALUES ($1, $2, $2, 'LV', $3, $4, $5)`, o.id, o.slug, o.identifiers, o.id == office, storetest.Start)
		}
		change(t, db, `INSERT INTO councils (id, zone, created_at) VALUES ($1, 'Europe/Riga', $2)`, heat, storetest.Start)
		f(t, db)
	})
}

func change(t *testing.T, db *store.DB, text string, args ...any) {
	t.Helper()
	require.NoError(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, text, args...)
		return err
	}))
}

func claim(organization string, role governance.Role) store.ClaimedMandate {
	return store.ClaimedMandate{Organization: organization, Role: role, Rule: "groups"}
}

func secretaryClaim() store.ClaimedMandate {
	return store.ClaimedMandate{Council: "heat-skills-council", Role: governance.RoleSecretary, Rule: "groups"}
}

func jana(issuedAt time.Time, mandates ...store.ClaimedMandate) store.SignIn {
	return store.SignIn{
		Issuer: "https://id.example", Subject: "jana", Name: "Jana Petersen", Email: "jana@example.org",
		AuthenticatedAt: issuedAt, IssuedAt: issuedAt, ReadsMandates: true, Mandates: mandates,
	}
}

func signIn(t *testing.T, db *store.DB, in store.SignIn) store.SignedIn {
	t.Helper()
	out, err := db.SignIn(t.Context(), in)
	require.NoError(t, err)
	return out
}

// roles answers the roles that a person holds, as slug and role.
func roles(t *testing.T, db *store.DB, person governance.PersonID) []string {
	t.Helper()
	mandates, err := db.StandingMandates(t.Context(), person)
	require.NoError(t, err)
	held := []string{}
	for _, m := range mandates {
		held = append(held, m.Slug+" "+string(m.Role)+" "+string(m.Source))
	}
	return held
}

func TestAPersonIsIssuerAndSubjectAndNeverTheAddress(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		first := signIn(t, db, jana(storetest.Start))
		renamed := jana(storetest.Start.Add(time.Second))
		renamed.Name, renamed.Email = "Jana Lange", ""
		assert.Equal(t, first.Person, signIn(t, db, renamed).Person)

		elsewhere := jana(storetest.Start)
		elsewhere.Issuer = "https://other.example"
		assert.NotEqual(t, first.Person, signIn(t, db, elsewhere).Person, "the same subject and address at another issuer")
		other := jana(storetest.Start)
		other.Subject = "jana-2"
		assert.NotEqual(t, first.Person, signIn(t, db, other).Person, "the same address, another subject")
		assert.Equal(t, int64(1), number(t, db, `SELECT count(*) FROM persons WHERE name = 'Jana Lange' AND email = 'jana@example.org'`))
	})
}

func TestClaimsGrantWhatTheyNameAndEndWhatTheyNameNoMore(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		author, representative := claim("nordwaerme", governance.RoleAuthor), claim("nordwaerme", governance.RoleRepresentative)
		out := signIn(t, db, jana(storetest.Start, author, representative))
		assert.Equal(t, []store.ClaimedMandate{author, representative}, out.Granted)
		assert.Equal(t, []string{"nordwaerme AUTHOR CLAIM", "nordwaerme REPRESENTATIVE CLAIM"}, roles(t, db, out.Person))
		assert.Equal(t, int64(2), number(t, db, `SELECT count(*) FROM acts WHERE type = 'MANDATE_GRANTED'`))

		out = signIn(t, db, jana(storetest.Start.Add(time.Second), author, representative))
		assert.Empty(t, out.Granted)
		assert.Equal(t, int64(2), number(t, db, `SELECT count(*) FROM acts`), "nothing changed and nothing is told")

		out = signIn(t, db, jana(storetest.Start.Add(2*time.Second), representative))
		assert.Equal(t, []store.ClaimedMandate{{Organization: "nordwaerme", Role: governance.RoleAuthor}}, out.Ended)
		assert.Equal(t, []string{"nordwaerme REPRESENTATIVE CLAIM"}, roles(t, db, out.Person))
		assert.Equal(t, int64(1), number(t, db, `SELECT count(*) FROM acts WHERE type = 'MANDATE_ENDED'`))

		out = signIn(t, db, jana(storetest.Start.Add(3*time.Second), author, representative))
		assert.Equal(t, []store.ClaimedMandate{author}, out.Granted, "one that was ended is granted anew")
	})
}

func TestAnOlderTokenAndOneWhoseClaimsDoNotCountChangeNothing(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		author := claim("nordwaerme", governance.RoleAuthor)
		person := signIn(t, db, jana(storetest.Start, author)).Person

		older := signIn(t, db, jana(storetest.Start.Add(-time.Second), claim("baltherm", governance.RoleRepresentative)))
		assert.Equal(t, person, older.Person)
		silent := jana(storetest.Start.Add(time.Second))
		silent.ReadsMandates = false
		signIn(t, db, silent)
		assert.Equal(t, []string{"nordwaerme AUTHOR CLAIM"}, roles(t, db, person))
	})
}

func TestMandatesThatWereGrantedOtherwiseAreNotTheClaimsToEnd(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		person := signIn(t, db, jana(storetest.Start)).Person
		invite := func(id, role string, until any) {
			change(t, db, `INSERT INTO mandates (id, person_id, organization_id, role, source, from_at, until_at, created_at)
				VALUES ($1, $2, $3, $4, 'INVITATION', $5, $6, $5)`, id, person, nordwaerme, role, storetest.Start.Add(-time.Hour), until)
		}
		invite("m1", "PUBLISHER", nil)
		invite("m2", "OBSERVER", storetest.Start.Add(-time.Minute))

		out := signIn(t, db, jana(storetest.Start, claim("nordwaerme", governance.RolePublisher), claim("nordwaerme", governance.RoleObserver)))
		assert.Equal(t, []store.ClaimedMandate{claim("nordwaerme", governance.RoleObserver)}, out.Granted, "the one that had lapsed")
		signIn(t, db, jana(storetest.Start))
		assert.Equal(t, []string{"nordwaerme PUBLISHER INVITATION"}, roles(t, db, person))
	})
}

func TestTheLastSecretaryAndTheLastAdministratorStay(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		admin := store.ClaimedMandate{Role: governance.RoleAdmin, Rule: "admin"}
		person := signIn(t, db, jana(storetest.Start, secretaryClaim(), admin)).Person
		out := signIn(t, db, jana(storetest.Start.Add(time.Second)))
		assert.Len(t, out.Kept, 2)
		assert.Equal(t, []string{"heat-skills-council SECRETARY CLAIM", "office ADMIN CLAIM"}, roles(t, db, person))

		second := jana(storetest.Start, secretaryClaim())
		second.Subject = "kadri"
		signIn(t, db, second)
		out = signIn(t, db, jana(storetest.Start.Add(2*time.Second)))
		assert.Equal(t, []store.ClaimedMandate{{Organization: "heat-skills-council", Role: governance.RoleSecretary}}, out.Ended)
		assert.Equal(t, []string{"office ADMIN CLAIM"}, roles(t, db, person))
	})
}

func TestClaimsOfWhatIsNotRegisteredAreReported(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		for name, c := range map[string]store.ClaimedMandate{
			"an unknown slug":                     claim("nobody", governance.RoleAuthor),
			"a council that is an employer":       {Council: "nordwaerme", Role: governance.RoleSecretary, Rule: "r"},
			"an identifier of two organizations":  {Identifier: "VAT:DE1", Role: governance.RoleAuthor, Rule: "r"},
			"a part of an identifier":             {Identifier: "LEI:529900W18", Role: governance.RoleAuthor, Rule: "r"},
			"an identifier under another scheme":  {Identifier: "VAT:529900W18LQJJN6SJ336", Role: governance.RoleAuthor, Rule: "r"},
			"a wild card in the identifier":       {Identifier: "LEI:%", Role: governance.RoleAuthor, Rule: "r"},
			"an identifier with a wild character": {Identifier: "LEI:529900W_8LQJJN6SJ336", Role: governance.RoleAuthor, Rule: "r"},
		} {
			in := jana(storetest.Start, c)
			in.Subject = name
			out := signIn(t, db, in)
			assert.Equal(t, []store.ClaimedMandate{c}, out.Unknown, name)
			assert.Empty(t, roles(t, db, out.Person), name)
		}
		out := signIn(t, db, jana(storetest.Start,
			store.ClaimedMandate{Identifier: "lei:529900W18LQJJN6SJ336", Role: governance.RoleAuthor, Rule: "r"},
			claim("nordwaerme", governance.RoleAuthor)))
		assert.Equal(t, []string{"nordwaerme AUTHOR CLAIM"}, roles(t, db, out.Person), "two claims of one mandate are one")
	})
}

func TestAnErasedPersonIsRefused(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		person := signIn(t, db, jana(storetest.Start)).Person
		change(t, db, `UPDATE persons SET erased_at = $1 WHERE id = $2`, storetest.Start, person)
		_, err := db.SignIn(t.Context(), jana(storetest.Start.Add(time.Second), claim("nordwaerme", governance.RoleAuthor)))
		assert.Equal(t, governance.CodeForbidden, governance.CodeOf(err))
		assert.Empty(t, roles(t, db, person))
	})
}

func TestSigningInManyTimesAtOnceGrantsOnce(t *testing.T) {
	eachWithOrganizations(t, func(t *testing.T, db *store.DB) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				_, err := db.SignIn(t.Context(), jana(storetest.Start, claim("nordwaerme", governance.RoleAuthor), secretaryClaim()))
				assert.NoError(t, err)
			})
		}
		group.Wait()
		assert.Equal(t, int64(2), number(t, db, `SELECT count(*) FROM mandates`))
		assert.Equal(t, int64(2), number(t, db, `SELECT count(*) FROM acts`))
		assert.Equal(t, int64(1), number(t, db, `SELECT count(*) FROM persons`))
	})
}
