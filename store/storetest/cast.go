package storetest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// The organizations of a Cast by short name, and the chamber in which each is on the council's roll.
var castChambers = map[string]governance.Chamber{
	"acme": governance.ChamberEmployer, "bolt": governance.ChamberEmployer, "crane": governance.ChamberEmployer,
	"union-a": governance.ChamberUnion, "union-b": governance.ChamberUnion,
	"college": governance.ChamberProvider, "academy": governance.ChamberProvider,
	"quality": governance.ChamberQualityAgency, "learners": governance.ChamberLearnerBody, "office": governance.ChamberPublicAuthority,
}

// castOrder is the order in which they are registered and admitted.
var castOrder = []string{"acme", "bolt", "crane", "union-a", "union-b", "college", "academy", "quality", "learners", "office"}

// CastIssuer is the identity provider of a Cast's people.
const CastIssuer = "https://idp.example"

// Cast is a council with its roll, its founded tripartite charter and people in every role, made through the real steps.
type Cast struct {
	DB            *store.DB
	Council       governance.OrganizationID
	Charter       governance.CharterID
	Organizations map[string]governance.OrganizationID // by short name; the council is "council", the platform "platform"
	persons       map[string]governance.PersonID
	t             testing.TB
}

// NewCast makes a Cast. Each organization has one person in each role: As("acme", AUTHOR).
func NewCast(t testing.TB, db *store.DB) *Cast {
	c := &Cast{DB: db, Organizations: map[string]governance.OrganizationID{}, persons: map[string]governance.PersonID{}, t: t}
	ctx := context.Background()
	grant, err := db.GrantAdmin(ctx, store.AdminGrant{
		Issuer: CastIssuer, Subject: "platform-ADMIN",
		Platform: store.RegisterOrganizationInput{Slug: "platform", LegalName: "Platform Office", Country: "BE"},
	})
	require.NoError(t, err)
	admin, err := db.Mandate(ctx, governance.Actor{Person: c.person("platform-ADMIN")}, grant)
	require.NoError(t, err)
	c.Organizations["platform"] = admin.Organization.ID
	c.Council = c.Register("council")
	_, err = db.EstablishCouncil(ctx, c.Admin(), store.EstablishCouncilInput{
		Organization: c.Council, Jurisdiction: []string{"LV", "LT", "DE"}, Sectors: []string{"construction"}, Zone: "Europe/Riga",
	})
	require.NoError(t, err)
	for _, role := range []governance.Role{governance.RoleSecretary, governance.RoleRepresentative, governance.RoleAuthor, governance.RoleObserver} {
		c.Grant("council", role, "")
	}
	c.Grant("council", governance.RoleSecretary, "2")
	c.Grant("council", governance.RoleRepresentative, "2")
	for _, slug := range castOrder {
		c.Admit(slug, castChambers[slug])
	}
	c.found("tripartite")
	return c
}

// Register registers an organization and gives it nobody.
func (c *Cast) Register(slug string) governance.OrganizationID {
	c.t.Helper()
	id, err := c.DB.RegisterOrganization(context.Background(), c.Admin(), store.RegisterOrganizationInput{
		Slug: slug, LegalName: strings.ToUpper(slug[:1]) + slug[1:] + " Ltd", Country: "LV",
	})
	require.NoError(c.t, err)
	c.Organizations[slug] = id
	return id
}

// Admit registers an organization, gives it one person in each role and puts it on the council's roll.
func (c *Cast) Admit(slug string, chamber governance.Chamber) governance.OrganizationID {
	c.t.Helper()
	id := c.Register(slug)
	for _, role := range []governance.Role{governance.RoleAuthor, governance.RoleRepresentative, governance.RolePublisher, governance.RoleObserver} {
		c.Grant(slug, role, "")
	}
	_, err := c.DB.AdmitToRoll(context.Background(), c.Secretary(), store.AdmitToRollInput{
		Council: c.Council, Organization: id, Chamber: chamber, Ground: "founding member",
	})
	require.NoError(c.t, err)
	return id
}

// Grant gives a person of its own the role; suffix tells several holders apart. As(slug, role, suffix) acts as it.
func (c *Cast) Grant(slug string, role governance.Role, suffix string) {
	c.t.Helper()
	name := slug + "-" + string(role) + suffix
	_, err := c.DB.GrantMandate(context.Background(), c.Admin(), store.GrantMandateInput{
		Organization: c.Organizations[slug], Issuer: CastIssuer, Subject: name, Role: role, Ground: "named in writing",
	})
	require.NoError(c.t, err)
	c.person(name)
}

// person signs the person in for the first time, which tells its id.
func (c *Cast) person(name string) governance.PersonID {
	c.t.Helper()
	if id, ok := c.persons[name]; ok {
		return id
	}
	in, err := c.DB.SignIn(context.Background(), store.SignIn{Issuer: CastIssuer, Subject: name, Name: "Person " + name})
	require.NoError(c.t, err)
	c.persons[name] = in.Person
	return in.Person
}

func (c *Cast) found(preset string) {
	ctx := context.Background()
	id, err := c.DB.ProposeCharter(ctx, c.Secretary(), store.ProposeCharterInput{Council: c.Council, Preset: preset})
	require.NoError(c.t, err)
	charter, err := c.DB.Charter(ctx, id)
	require.NoError(c.t, err)
	c.Charter, err = c.DB.FoundCharter(ctx, c.Admin(), store.FoundCharterInput{Charter: id, Digest: charter.Digest})
	require.NoError(c.t, err)
}

// As acts as the organization's person in that role, with every scope.
func (c *Cast) As(slug string, role governance.Role, suffix ...string) governance.Actor {
	c.t.Helper()
	name := slug + "-" + string(role) + strings.Join(suffix, "")
	return governance.Actor{
		Person: c.person(name), Organization: c.Organizations[slug], Issuer: CastIssuer, ACR: "urn:example:mfa", AuthenticatedAt: Start,
		Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct},
	}
}

// Somebody acts as a signed-in person without any mandate, who speaks for itself.
func (c *Cast) Somebody(name string) governance.Actor {
	actor := c.As("platform", governance.RoleAdmin)
	actor.Person, actor.Organization = c.person(name), ""
	return actor
}

// Admin acts as the platform's administrator.
func (c *Cast) Admin() governance.Actor { return c.As("platform", governance.RoleAdmin) }

// Secretary acts as the council's secretary.
func (c *Cast) Secretary() governance.Actor { return c.As("council", governance.RoleSecretary) }
