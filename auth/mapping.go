package auth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"concordat/governance"
)

// Mapping says, for each issuer, which mandates the claims of its tokens give. It is read from one file of YAML or JSON
// by ParseMapping; docs/claims.md shows the file for Keycloak, Entra ID and eduGAIN.
//
// A mapping only names mandates. Whether the organization exists and what a role may do is decided elsewhere.
type Mapping struct {
	Issuers []IssuerMapping `yaml:"issuers"`
}

// IssuerMapping is what one issuer's claims mean.
type IssuerMapping struct {
	Issuer  string        `yaml:"issuer"`  // exactly as in the iss claim
	Read    []ClaimSource `yaml:"read"`    // where claims are read at sign-in; absent: id_token and userinfo
	Subject []ClaimPath   `yaml:"subject"` // claims that together name the person; absent: sub
	Name    ClaimPath     `yaml:"name"`    // of the display name; absent: name, then preferred_username
	Email   ClaimPath     `yaml:"email"`   // absent: email
	// EmailIsVerified says that every address this issuer tells is its own directory's, though no email_verified claim
	// says so. Absent: an address counts where that claim is true.
	EmailIsVerified bool `yaml:"emailIsVerified"`

	Rules []Rule     `yaml:"rules"`
	Admin *AdminRule `yaml:"admin"` // absent: no claim makes an administrator
}

// ClaimSource is a place that claims come from.
type ClaimSource string

// The sources. A bearer token's claims are those of the access token and count only where that source is read.
const (
	SourceIDToken     ClaimSource = "id_token"
	SourceUserinfo    ClaimSource = "userinfo"
	SourceAccessToken ClaimSource = "access_token"
)

// Rule turns the values of one claim into mandates. Exactly one of Equals, OneOf, Match and Table selects values;
// Table carries its own grants, the others take Grant.
type Rule struct {
	ID     string           `yaml:"id"`     // named in explanations and acts; unique in its issuer
	Claim  ClaimPath        `yaml:"claim"`  // realm_access.roles
	Split  string           `yaml:"split"`  // separates a string into values: " ", ";"
	Equals string           `yaml:"equals"` // the value, to the letter
	OneOf  []string         `yaml:"oneOf"`  // one of these, to the letter
	Match  string           `yaml:"match"`  // RE2, against the whole value; named groups fill the grant
	Table  map[string]Grant `yaml:"table"`  // a grant for each value, for groups that have no telling names
	When   []Condition      `yaml:"when"`   // all must hold besides; their named groups fill the grant as well
	Grant  Grant            `yaml:"grant"`

	match *regexp.Regexp
}

// Condition is a test of another claim of the same token.
type Condition struct {
	Claim  ClaimPath `yaml:"claim"`
	Equals string    `yaml:"equals"`
	Match  string    `yaml:"match"`

	match *regexp.Regexp
}

// Grant is a mandate with blanks: ${group} is what the named group matched, ${group|lower} and ${group|upper} its
// folded forms, ${value} the whole value. Exactly one of Organization, Identifier and Council is given; a Council gives
// SECRETARY and nothing else does.
type Grant struct {
	Organization string `yaml:"organization"` // slug
	Identifier   string `yaml:"identifier"`   // registered identifier with its scheme, "LEI:5299000J2N45DDNE4Y28"
	Council      string `yaml:"council"`      // slug of a council
	Role         string `yaml:"role"`
}

// AdminRule names the one claim and value that make an administrator of the platform. It takes no expression: nobody
// becomes an administrator by a pattern that matched more than was meant.
type AdminRule struct {
	Claim  ClaimPath `yaml:"claim"`
	Equals string    `yaml:"equals"`
}

// adminRuleID stands for the admin rule in explanations and acts.
const adminRuleID = "admin"

// ParseMapping reads a mapping file. It refuses unknown and doubled keys, a second document, rules that can never
// match and grants that can never be given, each with the rule's name.
func ParseMapping(file []byte) (*Mapping, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	m := new(Mapping)
	if err := decoder.Decode(m); err != nil {
		return nil, fmt.Errorf("reading claim mapping: %w", err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading claim mapping: there is more than one document")
	}
	if len(m.Issuers) == 0 {
		return nil, errors.New("reading claim mapping: there is no issuer")
	}
	seen := map[string]bool{}
	for i := range m.Issuers {
		issuer := &m.Issuers[i]
		if issuer.Issuer == "" || seen[issuer.Issuer] {
			return nil, fmt.Errorf("reading claim mapping: issuer %d is %q, which is empty or given before", i+1, issuer.Issuer)
		}
		seen[issuer.Issuer] = true
		if err := issuer.compile(); err != nil {
			return nil, fmt.Errorf("reading claim mapping: issuer %s: %w", issuer.Issuer, err)
		}
	}
	return m, nil
}

// Issuer answers what is mapped for an issuer. One that the file does not name gives no mandates, by no rule.
func (m *Mapping) Issuer(issuer string) *IssuerMapping {
	if m != nil {
		for i := range m.Issuers {
			if m.Issuers[i].Issuer == issuer {
				return &m.Issuers[i]
			}
		}
	}
	return &IssuerMapping{Issuer: issuer}
}

// Reads says whether claims from a source count.
func (m *IssuerMapping) Reads(source ClaimSource) bool {
	if len(m.Read) == 0 {
		return source == SourceIDToken || source == SourceUserinfo
	}
	return slices.Contains(m.Read, source)
}

func (m *IssuerMapping) compile() error {
	for _, source := range m.Read {
		if !slices.Contains([]ClaimSource{SourceIDToken, SourceUserinfo, SourceAccessToken}, source) {
			return fmt.Errorf("read: %q is not one of id_token, userinfo, access_token", source)
		}
	}
	if err := checkSubject(m.Subject); err != nil {
		return err
	}
	if m.Admin != nil && (len(m.Admin.Claim) == 0 || m.Admin.Equals == "") {
		return errors.New("admin: needs claim and equals")
	}
	seen := map[string]bool{adminRuleID: true}
	for i := range m.Rules {
		rule := &m.Rules[i]
		if rule.ID == "" || seen[rule.ID] {
			return fmt.Errorf("rule %d: its id %q is empty, taken or reserved", i+1, rule.ID)
		}
		seen[rule.ID] = true
		if err := rule.compile(); err != nil {
			return fmt.Errorf("rule %s: %w", rule.ID, err)
		}
	}
	return nil
}

// checkSubject refuses claims that people can change or hand on: who signs in is the same person for ever.
func checkSubject(paths []ClaimPath) error {
	changing := []string{"email", "preferred_username", "upn", "unique_name", "name", "nickname", "phone_number"}
	for _, path := range paths {
		if len(path) == 0 || slices.Contains(changing, path[len(path)-1]) {
			return fmt.Errorf("subject: %q can change hands and names nobody", path)
		}
	}
	return nil
}

func (r *Rule) compile() error {
	if len(r.Claim) == 0 {
		return errors.New("needs a claim")
	}
	if err := r.checkSelection(); err != nil {
		return err
	}
	groups := map[string]bool{"value": true}
	var err error
	r.match, err = compileWhole(r.Match, groups)
	if err != nil {
		return err
	}
	for i := range r.When {
		c := &r.When[i]
		if len(c.Claim) == 0 || (c.Equals == "") == (c.Match == "") {
			return fmt.Errorf("when %d: needs claim and one of equals and match", i+1)
		}
		c.match, err = compileWhole(c.Match, groups)
		if err != nil {
			return fmt.Errorf("when %d: %w", i+1, err)
		}
	}
	if r.Table == nil {
		return r.Grant.check(groups)
	}
	for value, grant := range r.Table {
		if err := grant.check(groups); err != nil {
			return fmt.Errorf("table %s: %w", value, err)
		}
	}
	return nil
}

func (r *Rule) checkSelection() error {
	ways := 0
	for _, given := range []bool{r.Equals != "", len(r.OneOf) > 0, r.Match != "", len(r.Table) > 0} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return errors.New("needs exactly one of equals, oneOf, match and table")
	}
	if r.Table != nil && r.Grant != (Grant{}) {
		return errors.New("has a table with grants of its own and a grant besides")
	}
	return nil
}

// compileWhole compiles an expression that must match the whole of a value and notes its groups. A group of the same
// name twice in a rule would leave open which one fills the grant.
func compileWhole(expression string, groups map[string]bool) (*regexp.Regexp, error) {
	if expression == "" {
		return nil, nil
	}
	if _, err := regexp.Compile(expression); err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	re, err := regexp.Compile(`\A(?:` + expression + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	for _, name := range re.SubexpNames() {
		if name == "" {
			continue
		}
		if groups[name] {
			return nil, fmt.Errorf("match: the group %s is named twice or reserved", name)
		}
		groups[name] = true
	}
	return re, nil
}

func (g Grant) check(groups map[string]bool) error {
	given := 0
	for _, target := range []string{g.Organization, g.Identifier, g.Council} {
		if target != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New("grant: needs exactly one of organization, identifier and council")
	}
	for _, template := range []string{g.Organization, g.Identifier, g.Council, g.Role} {
		if err := checkTemplate(template, groups); err != nil {
			return err
		}
	}
	if strings.Contains(g.Role, "${") {
		return nil
	}
	return checkRole(governance.Role(g.Role), g.Council != "")
}

// checkRole says why a role cannot be given by a rule, or nil.
func checkRole(role governance.Role, council bool) error {
	switch role {
	case governance.RoleAuthor, governance.RoleRepresentative, governance.RolePublisher, governance.RoleObserver:
		if council {
			return fmt.Errorf("a grant with council gives SECRETARY, not %s; name it as organization", role)
		}
		return nil
	case governance.RoleSecretary:
		if !council {
			return errors.New("SECRETARY is given by a grant with council")
		}
		return nil
	case governance.RoleAdmin:
		return errors.New("ADMIN is given by the admin rule alone")
	default:
		return fmt.Errorf("%q is not a role", role)
	}
}
