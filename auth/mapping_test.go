package auth

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func readMapping(t *testing.T, name string) *Mapping {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "claims", name))
	require.NoError(t, err)
	m, err := ParseMapping(file)
	require.NoError(t, err)
	return m
}

func readClaims(t *testing.T, name string) Claims {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "claims", name))
	require.NoError(t, err)
	claims, err := ParseClaims(file)
	require.NoError(t, err)
	return claims
}

func TestKeycloakRolesAndGroupsBecomeMandates(t *testing.T) {
	got := readMapping(t, "keycloak.yaml").Explain(readClaims(t, "keycloak.json"))

	assert.Equal(t, []store.ClaimedMandate{
		{Role: governance.RoleAdmin, Rule: "admin"},
		{Organization: "nordwaerme", Role: governance.RoleRepresentative, Rule: "groups"},
		{Organization: "nordwaerme", Role: governance.RoleAuthor, Rule: "groups"},
		{Council: "waermerat", Role: governance.RoleSecretary, Rule: "secretaries"},
	}, got.Mandates, "the client role names a mandate that a group has named already, and account's roles are not ours")
	assert.Equal(t, "5f1a4c0e-27b5-4c3a-9f0c-0b3a3d9be111", got.Subject)
	assert.Equal(t, "Ilze Ozola", got.Name)
}

func TestEntraPeopleAreKeyedByTenantAndObjectAndGroupsByTable(t *testing.T) {
	got := readMapping(t, "entra.yaml").Explain(readClaims(t, "entra.json"))

	assert.Equal(t, "72f988bf-0000-4000-8000-2d7cd011db47:00000000-0000-4000-8000-000000000042", got.Subject)
	assert.Equal(t, []store.ClaimedMandate{
		{Organization: "nordwaerme", Role: governance.RoleRepresentative, Rule: "app-roles"},
		{Identifier: "LEI:529900W18LQJJN6SJ336", Role: governance.RoleAuthor, Rule: "groups"},
		{Council: "waermerat", Role: governance.RoleSecretary, Rule: "groups"},
	}, got.Mandates)
}

func TestHalfASubjectIsNone(t *testing.T) {
	claims := readClaims(t, "entra.json")
	delete(claims, "oid")
	assert.Empty(t, readMapping(t, "entra.yaml").Explain(claims).Subject)
}

func TestEduGAINEntitlementsComeAsStringOrArray(t *testing.T) {
	want := []store.ClaimedMandate{{Organization: "rtk", Role: governance.RoleAuthor, Rule: "entitlements"}}
	for name, entitlement := range map[string]string{
		"one string":  `"urn:geant:example.edu:group:concordat:rtk:role=author#proxy.example.edu"`,
		"an array":    `["urn:mace:dir:entitlement:common-lib-terms", "urn:geant:example.edu:group:concordat:rtk:role=author"]`,
		"given twice": `["urn:geant:example.edu:group:concordat:rtk:role=author", "urn:geant:example.edu:group:concordat:rtk:role=author"]`,
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := ParseClaims([]byte(`{"iss": "https://proxy.example.edu", "sub": "x", "eduperson_entitlement": ` + entitlement + `}`))
			require.NoError(t, err)
			assert.Equal(t, want, readMapping(t, "edugain.yaml").Explain(claims).Mandates)
		})
	}
}

func TestAConditionFillsTheGrantAndStopsTheRule(t *testing.T) {
	m := readMapping(t, "edugain.yaml")
	claims, err := ParseClaims([]byte(`{"iss": "https://proxy.example.edu", "sub": "x",
		"eduperson_scoped_affiliation": ["member@rtk.example.edu", "staff@rtk.example.edu"], "schac_home_organization": "rtk.example.edu"}`))
	require.NoError(t, err)
	assert.Equal(t, []store.ClaimedMandate{{Organization: "rtk", Role: governance.RoleObserver, Rule: "staff-observe"}}, m.Explain(claims).Mandates)

	claims["schac_home_organization"] = "elsewhere.example.org"
	got := m.Explain(claims)
	assert.Empty(t, got.Mandates)
	assert.Contains(t, got.Rules[1].Unmet, "schac_home_organization matches")
}

func TestWhatATokenSaysCannotWidenAGrant(t *testing.T) {
	m := readMapping(t, "edugain.yaml")
	for name, role := range map[string]string{
		"ADMIN by a captured role":                "admin",
		"SECRETARY without a rule for a council":  "secretary",
		"a role that there is not":                "owner",
		"a match of only a part of the value":     "author:extra",
		"a line break before something harmless":  "author\\nx",
		"a template in the value is not filled":   "${org}",
		"an upper-case value of a lower-case set": "AUTHOR",
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := ParseClaims([]byte(`{"iss": "https://proxy.example.edu", "sub": "x",
				"eduperson_entitlement": "urn:geant:example.edu:group:concordat:rtk:role=` + role + `"}`))
			require.NoError(t, err)
			got := m.Explain(claims)
			assert.Empty(t, got.Mandates)
			assert.NotEmpty(t, got.Rules[0].Values[0].Reason)
		})
	}
}

func TestAnIssuerThatTheFileDoesNotNameGivesNothing(t *testing.T) {
	claims := readClaims(t, "keycloak.json")
	claims["iss"] = "https://sso.example.org/realms/skills/"
	got := readMapping(t, "keycloak.yaml").Explain(claims)
	assert.False(t, got.Mapped)
	assert.Empty(t, got.Mandates)
}

func TestPathsGoThroughListsNamesWithDotsAndEveryName(t *testing.T) {
	claims, err := ParseClaims([]byte(`{"https://example.org/roles": {"x": ["a", {"y": "not here"}], "n": 7, "b": true, "z": null},
		"list": [{"role": "r1"}, {"role": ["r2", "r3"]}], "scope": "one two  three"}`))
	require.NoError(t, err)
	for _, test := range []struct {
		path  ClaimPath
		split string
		want  []string
	}{
		{ClaimPath{"https://example.org/roles", "x"}, "", []string{"a"}},
		{ClaimPath{"https://example.org/roles", "*"}, "", []string{"true", "7", "a"}},
		{ClaimPath{"list", "role"}, "", []string{"r1", "r2", "r3"}},
		{ClaimPath{"scope"}, " ", []string{"one", "two", "three"}},
		{ClaimPath{"scope", "deeper"}, "", nil},
		{ClaimPath{"absent"}, "", nil},
	} {
		assert.Equal(t, test.want, claims.values(test.path, test.split), test.path.String())
	}
}

func TestAMappingThatCannotBeMeantIsRefused(t *testing.T) {
	rule := func(body string) string {
		return "issuers: [{issuer: https://i.example, rules: [{id: r, claim: c, " + body + "}]}]"
	}
	for name, test := range map[string]struct{ file, want string }{
		"no issuer":                       {"issuers: []", "no issuer"},
		"unknown key":                     {"issuers: [{issuer: https://i.example, rule: []}]", "field rule not found"},
		"doubled key":                     {"issuers: [{issuer: https://i.example, issuer: https://j.example}]", "already defined"},
		"issuer twice":                    {"issuers: [{issuer: https://i.example}, {issuer: https://i.example}]", "given before"},
		"second document":                 {"issuers: [{issuer: https://i.example}]\n---\n{}", "more than one document"},
		"e-mail as subject":               {"issuers: [{issuer: https://i.example, subject: [email]}]", "names nobody"},
		"source unknown":                  {"issuers: [{issuer: https://i.example, read: [cookie]}]", "cookie"},
		"admin without value":             {"issuers: [{issuer: https://i.example, admin: {claim: roles}}]", "admin"},
		"rule called admin":               {"issuers: [{issuer: https://i.example, rules: [{id: admin, claim: c, equals: x, grant: {organization: a, role: AUTHOR}}]}]", "reserved"},
		"ADMIN by a rule":                 {rule("equals: x, grant: {organization: a, role: ADMIN}"), "admin rule alone"},
		"SECRETARY of an organization":    {rule("equals: x, grant: {organization: a, role: SECRETARY}"), "with council"},
		"AUTHOR of a council":             {rule("equals: x, grant: {council: a, role: AUTHOR}"), "gives SECRETARY"},
		"role unknown":                    {rule("equals: x, grant: {organization: a, role: OWNER}"), "not a role"},
		"two targets":                     {rule("equals: x, grant: {organization: a, council: b, role: AUTHOR}"), "exactly one of organization"},
		"no target":                       {rule("equals: x, grant: {role: AUTHOR}"), "exactly one of organization"},
		"two ways to select":              {rule("equals: x, match: y, grant: {organization: a, role: AUTHOR}"), "exactly one of equals"},
		"table and grant":                 {rule("table: {x: {organization: a, role: AUTHOR}}, grant: {organization: a, role: AUTHOR}"), "grant besides"},
		"blank that nothing fills":        {rule("match: x, grant: {organization: \"${org}\", role: AUTHOR}"), "nothing fills ${org}"},
		"open blank":                      {rule("match: x, grant: {organization: \"${org\", role: AUTHOR}"), "open ${"},
		"unknown fold":                    {rule("match: \"(?P<o>x)\", grant: {organization: \"${o|title}\", role: AUTHOR}"), "lower or upper"},
		"group twice":                     {rule("match: \"(?P<o>x)\", when: [{claim: d, match: \"(?P<o>y)\"}], grant: {organization: \"${o}\", role: AUTHOR}"), "named twice"},
		"expression broken":               {rule("match: \"(\", grant: {organization: a, role: AUTHOR}"), "missing closing"},
		"expression that leaves its part": {rule("match: \"x)|(?:y\", grant: {organization: a, role: AUTHOR}"), "unexpected )"},
		"empty name in a path":            {"issuers: [{issuer: https://i.example, rules: [{id: r, claim: a..b, equals: x, grant: {organization: a, role: AUTHOR}}]}]", "empty name"},
		"condition without a test":        {rule("equals: x, when: [{claim: d}], grant: {organization: a, role: AUTHOR}"), "when 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseMapping([]byte(test.file))
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestAMappingMayBeJSON(t *testing.T) {
	m, err := ParseMapping([]byte(`{"issuers": [{"issuer": "https://i.example", "rules": [
		{"id": "r", "claim": ["a.b", "c"], "oneOf": ["x", "y"], "grant": {"organization": "o", "role": "AUTHOR"}}]}]}`))
	require.NoError(t, err)
	claims, err := ParseClaims([]byte(`{"iss": "https://i.example", "sub": "s", "a.b": {"c": ["z", "y"]}}`))
	require.NoError(t, err)
	assert.Equal(t, []store.ClaimedMandate{{Organization: "o", Role: governance.RoleAuthor, Rule: "r"}}, m.Explain(claims).Mandates)
}

func TestClaimsAreOneObject(t *testing.T) {
	for _, text := range []string{"", "[]", "null", "{} {}", `{"a":1} x`, "not json"} {
		_, err := ParseClaims([]byte(text))
		assert.Error(t, err, text)
	}
}

func TestAnExplanationReadsAsText(t *testing.T) {
	var text strings.Builder
	require.NoError(t, readMapping(t, "keycloak.yaml").Explain(readClaims(t, "keycloak.json")).WriteText(&text))
	for _, line := range []string{
		"Name:    Ilze Ozola",
		"SECRETARY of the council waermerat (rule secretaries)",
		`"/staff" gives nothing: it does not match /org/`,
		`"offline_access" gives nothing: it is not "concordat-admin"`,
		`"concordat-admin" gives ADMIN of the platform`,
	} {
		assert.Contains(t, text.String(), line)
	}
}
