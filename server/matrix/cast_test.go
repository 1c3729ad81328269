package matrix_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// Every organization of the fixture that has people, by short name. Each has one person in each of the six roles,
// also where that role means nothing.
const (
	platform = "platform"
	council  = "council"
	rival    = "rival"    // another council, with a secretary and a charter of its own that is not in force
	acme     = "acme"     // EMPLOYER; in the working group, has voted
	bolt     = "bolt"     // EMPLOYER
	crane    = "crane"    // EMPLOYER; suspended on the roll, an elector all the same
	unionA   = "union-a"  // UNION; commented, objected, has voted
	unionB   = "union-b"  // UNION; invited to the working group
	college  = "college"  // PROVIDER; leads, and so publishes
	academy  = "academy"  // PROVIDER
	quality  = "quality"  // QUALITY_AGENCY; asked for an endorsement
	learners = "learners" // LEARNER_BODY; asks to join the working group
	office   = "office"   // PUBLIC_AUTHORITY; gave an endorsement
	skills   = "skills"   // SKILLS_COUNCIL
	guild    = "guild"    // PROFESSIONAL_BODY
	citizens = "citizens" // CIVIL_SOCIETY
	outsider = "outsider" // on no roll
	banned   = "banned"   // EMPLOYER; suspended as a whole
)

// chambers is the council's roll, the suspended entry and the suspended organization included.
var chambers = map[string]governance.Chamber{
	acme: governance.ChamberEmployer, bolt: governance.ChamberEmployer, crane: governance.ChamberEmployer,
	unionA: governance.ChamberUnion, unionB: governance.ChamberUnion,
	college: governance.ChamberProvider, academy: governance.ChamberProvider,
	quality: governance.ChamberQualityAgency, learners: governance.ChamberLearnerBody, office: governance.ChamberPublicAuthority,
	skills: governance.ChamberSkillsCouncil, guild: governance.ChamberProfessionalBody, citizens: governance.ChamberCivilSociety,
	banned: governance.ChamberEmployer,
}

// organizations lists those with people in the order of the report.
var organizations = []string{
	platform, council, rival, acme, bolt, crane, unionA, unionB, college, academy, quality, learners, office, skills, guild,
	citizens, outsider, banned,
}

// roles are all roles there are.
var roles = []governance.Role{
	governance.RoleAuthor, governance.RoleRepresentative, governance.RolePublisher, governance.RoleObserver,
	governance.RoleSecretary, governance.RoleAdmin,
}

// Organizations without people, which steps are taken on.
const (
	applicant = "applicant" // has applied to the roll
	former    = "former"    // was on it
	refused   = "refused"   // was not let onto it
)

// somebody is signed in, has no mandate and speaks for itself.
const somebody = "somebody"

// actor is one of those who try every step.
type actor struct {
	name         string
	organization string            // that it speaks for; empty: for itself, or for nobody
	roles        []governance.Role // that it holds there
	actor        governance.Actor
	impostor     bool // names an organization in which it holds no mandate
}

func (a actor) String() string { return a.name }

// scopes says which scopes the actor's token covers.
func (a actor) mayUse(scope governance.Scope) bool { return slices.Contains(a.actor.Scopes, scope) }

// is says whether the actor holds the role.
func (a actor) is(role governance.Role) bool { return slices.Contains(a.roles, role) }

// newActors makes everybody who tries: each organization's person in each role; the same with weaker tokens for one of
// each kind; people who speak for themselves, for an organization that is not theirs, or for two; and nobody.
func newActors(t *testing.T, cast *storetest.Cast) []actor {
	t.Helper()
	var actors []actor
	for _, organization := range organizations {
		for _, role := range roles {
			actors = append(actors, actor{
				name: organization + " " + string(role), organization: organization, roles: []governance.Role{role},
				actor: cast.As(organization, role),
			})
		}
	}
	for _, weak := range []struct {
		organization string
		role         governance.Role
	}{
		{council, governance.RoleSecretary}, {council, governance.RoleRepresentative}, {platform, governance.RoleAdmin},
		{college, governance.RoleAuthor}, {college, governance.RolePublisher}, {unionA, governance.RoleRepresentative},
	} {
		for _, scopes := range [][]governance.Scope{{governance.ScopeRead}, {governance.ScopeRead, governance.ScopeWrite}} {
			a := actor{
				name:         fmt.Sprintf("%s %s with a token to %s", weak.organization, weak.role, scopes[len(scopes)-1]),
				organization: weak.organization, roles: []governance.Role{weak.role}, actor: cast.As(weak.organization, weak.role),
			}
			a.actor.Scopes = scopes
			actors = append(actors, a)
		}
	}
	itself := cast.As(acme, governance.RoleObserver)
	itself.Organization = ""
	impostor := cast.Somebody("impostor")
	impostor.Organization = cast.Organizations[acme]
	both := cast.As(acme, governance.RoleRepresentative)
	both.Organization = cast.Organizations[bolt]
	return append(actors,
		actor{name: somebody, actor: cast.Somebody(somebody)},
		actor{name: "a person of acme, speaking for itself", actor: itself},
		actor{name: "a person who names acme without a mandate", actor: impostor, impostor: true},
		actor{name: "acme's representative, speaking for bolt", organization: bolt,
			roles: []governance.Role{governance.RoleRepresentative}, actor: both},
		actor{name: "nobody", actor: governance.Actor{}},
	)
}

// populate completes a Cast: an organization in each chamber, suspended ones, one off the roll, another council, and
// somebody in each role of each. What no step of the process does is written by SQL: roles where they mean nothing
// (a SECRETARY of an employer, an ADMIN of a union), and the suspension of an organization.
func populate(t *testing.T, cast *storetest.Cast, address string) {
	t.Helper()
	for _, more := range []string{skills, guild, citizens, banned, former} {
		chamber := chambers[more]
		if chamber == "" {
			chamber = governance.ChamberEmployer
		}
		cast.Admit(more, chamber)
	}
	for _, more := range []string{outsider, rival, applicant, refused} {
		cast.Register(more)
		cast.Grant(more, governance.RoleRepresentative, "")
	}
	_, err := cast.DB.EstablishCouncil(context.Background(), cast.Admin(), store.EstablishCouncilInput{
		Organization: cast.Organizations[rival], Jurisdiction: []string{"EE"}, Sectors: []string{"transport"}, Zone: "Europe/Tallinn",
	})
	require.NoError(t, err)
	cast.Grant(rival, governance.RoleSecretary, "")
	for _, organization := range organizations {
		for _, role := range roles {
			grantAnyway(t, cast, address, organization, role)
		}
	}
	insertMandate(t, address, cast.As(acme, governance.RoleRepresentative).Person, cast.Organizations[bolt], governance.RoleRepresentative)
	cast.Somebody(somebody)
	cast.Somebody("impostor")
}

// grantAnyway gives the organization's person of that role its mandate where the Cast has not.
func grantAnyway(t *testing.T, cast *storetest.Cast, address, organization string, role governance.Role) {
	t.Helper()
	ctx, who := context.Background(), cast.As(organization, role)
	standing, err := cast.DB.MandatesOf(ctx, cast.Admin(), cast.Organizations[organization])
	require.NoError(t, err)
	for _, m := range standing {
		if m.Person.ID == who.Person && m.Role == role {
			return
		}
	}
	insertMandate(t, address, who.Person, cast.Organizations[organization], role)
}

// mandates counts those written by SQL, for their ids.
var mandates int

func insertMandate(t *testing.T, address string, person governance.PersonID, organization governance.OrganizationID, role governance.Role) {
	t.Helper()
	mandates++
	storetest.Exec(t, address, `
		INSERT INTO mandates (id, person_id, organization_id, role, source, ground, from_at, created_at)
		VALUES ($1, $2, $3, $4, 'GRANT', 'of the matrix', '2026-03-02T09:00:00.000000Z', '2026-03-02T09:00:00.000000Z')`,
		idOf(90_000+mandates), string(person), string(organization), string(role))
}

// idOf is a fixed id, made as a client makes it.
func idOf(n int) string { return fmt.Sprintf("0195e3a0-0000-7000-8000-%012d", n) }
