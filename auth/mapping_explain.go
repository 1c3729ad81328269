package auth

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"concordat/governance"
	"concordat/store"
)

// Explanation is what a token would get, and why: who it names, the mandates, and for each rule what it saw.
type Explanation struct {
	Issuer   string                 `json:"issuer"`
	Mapped   bool                   `json:"mapped"` // the file names the issuer
	Subject  string                 `json:"subject"`
	Name     string                 `json:"name"`
	Email    string                 `json:"email,omitempty"`
	Verified bool                   `json:"emailVerified,omitempty"` // mails may go there
	Mandates []store.ClaimedMandate `json:"mandates"`
	Rules    []RuleTrace            `json:"rules"`
}

// RuleTrace is what one rule made of the token.
type RuleTrace struct {
	Rule   string       `json:"rule"`
	Claim  string       `json:"claim"`
	Values []ValueTrace `json:"values"`          // empty: the claim is not there
	Unmet  string       `json:"unmet,omitempty"` // the condition under when that did not hold
}

// ValueTrace is what a rule made of one value: a mandate, or the reason why there is none.
type ValueTrace struct {
	Value   string                `json:"value"`
	Mandate *store.ClaimedMandate `json:"mandate,omitempty"`
	Reason  string                `json:"reason,omitempty"`
}

// Explain applies the mapping to claims. The issuer is the iss claim's; an issuer that the mapping does not name gets
// a person without mandates. Equal mandates are given once, by the first rule that names them.
func (m *Mapping) Explain(claims Claims) Explanation {
	issuer := claims.first(ClaimPath{"iss"})
	mapping := m.Issuer(issuer)
	e := mapping.explain(claims)
	e.Mapped = m != nil && slices.ContainsFunc(m.Issuers, func(i IssuerMapping) bool { return i.Issuer == issuer })
	return e
}

func (m *IssuerMapping) explain(claims Claims) Explanation {
	e := Explanation{
		Issuer:   m.Issuer,
		Subject:  m.subject(claims),
		Name:     claims.first(m.Name, ClaimPath{"name"}, ClaimPath{"preferred_username"}),
		Email:    claims.first(m.Email, ClaimPath{"email"}),
		Mandates: []store.ClaimedMandate{},
		Rules:    []RuleTrace{},
	}
	e.Verified = e.Email != "" && (m.EmailIsVerified || claims.first(ClaimPath{"email_verified"}) == "true")
	if m.Admin != nil {
		e.add(m.Admin.trace(claims))
	}
	for i := range m.Rules {
		e.add(m.Rules[i].trace(claims))
	}
	return e
}

// subject answers what names the person at this issuer, or "" where a claim for it is missing: half a name is none.
func (m *IssuerMapping) subject(claims Claims) string {
	if len(m.Subject) == 0 {
		return claims.first(ClaimPath{"sub"})
	}
	parts := make([]string, 0, len(m.Subject))
	for _, path := range m.Subject {
		part := claims.first(path)
		if part == "" {
			return ""
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ":")
}

func (e *Explanation) add(trace RuleTrace) {
	e.Rules = append(e.Rules, trace)
	for _, value := range trace.Values {
		if value.Mandate != nil && !slices.ContainsFunc(e.Mandates, func(m store.ClaimedMandate) bool { return same(m, *value.Mandate) }) {
			e.Mandates = append(e.Mandates, *value.Mandate)
		}
	}
}

// same says whether two mandates are one, whichever rules named them.
func same(a, b store.ClaimedMandate) bool {
	a.Rule = b.Rule
	return a == b
}

func (r *AdminRule) trace(claims Claims) RuleTrace {
	trace := RuleTrace{Rule: adminRuleID, Claim: r.Claim.String(), Values: []ValueTrace{}}
	for _, value := range claims.values(r.Claim, "") {
		v := ValueTrace{Value: value, Reason: fmt.Sprintf("it is not %q", r.Equals)}
		if value == r.Equals {
			v = ValueTrace{Value: value, Mandate: &store.ClaimedMandate{Role: governance.RoleAdmin, Rule: adminRuleID}}
		}
		trace.Values = append(trace.Values, v)
	}
	return trace
}

func (r *Rule) trace(claims Claims) RuleTrace {
	trace := RuleTrace{Rule: r.ID, Claim: r.Claim.String(), Values: []ValueTrace{}}
	captures := map[string]string{}
	for _, condition := range r.When {
		if !condition.holds(claims, captures) {
			trace.Unmet = condition.String()
			return trace
		}
	}
	for _, value := range claims.values(r.Claim, r.Split) {
		trace.Values = append(trace.Values, r.traceValue(value, captures))
	}
	return trace
}

// holds tests the condition on any value of its claim and keeps the groups of the first that fits.
func (c *Condition) holds(claims Claims, captures map[string]string) bool {
	for _, value := range claims.values(c.Claim, "") {
		if c.match == nil {
			if value == c.Equals {
				return true
			}
			continue
		}
		if capture(c.match, value, captures) {
			return true
		}
	}
	return false
}

// String renders the condition for an explanation.
func (c Condition) String() string {
	if c.Match != "" {
		return fmt.Sprintf("%s matches %s", c.Claim, c.Match)
	}
	return fmt.Sprintf("%s is %q", c.Claim, c.Equals)
}

// capture matches a value and adds what the named groups took; a group that took no part stays empty.
func capture(re *regexp.Regexp, value string, captures map[string]string) bool {
	groups := re.FindStringSubmatch(value)
	if groups == nil {
		return false
	}
	for i, name := range re.SubexpNames() {
		if name != "" {
			captures[name] = groups[i]
		}
	}
	return true
}

func (r *Rule) traceValue(value string, outer map[string]string) ValueTrace {
	captures := maps.Clone(outer)
	captures["value"] = value
	grant, reason := r.selects(value, captures)
	if reason != "" {
		return ValueTrace{Value: value, Reason: reason}
	}
	mandate, err := grant.fill(captures)
	if err != nil {
		return ValueTrace{Value: value, Reason: err.Error()}
	}
	mandate.Rule = r.ID
	return ValueTrace{Value: value, Mandate: &mandate}
}

// selects answers the grant for a value, or why there is none.
func (r *Rule) selects(value string, captures map[string]string) (Grant, string) {
	switch {
	case r.Table != nil:
		grant, ok := r.Table[value]
		if !ok {
			return Grant{}, "it is not in the table"
		}
		return grant, ""
	case r.match != nil:
		if !capture(r.match, value, captures) {
			return Grant{}, "it does not match " + r.Match
		}
	case len(r.OneOf) > 0:
		if !slices.Contains(r.OneOf, value) {
			return Grant{}, "it is none of " + strings.Join(r.OneOf, ", ")
		}
	case value != r.Equals:
		return Grant{}, fmt.Sprintf("it is not %q", r.Equals)
	}
	return r.Grant, ""
}

var (
	slugForm       = regexp.MustCompile(`\A[a-z0-9]+(-[a-z0-9]+)*\z`)
	identifierForm = regexp.MustCompile(`\A[A-Za-z][A-Za-z0-9._-]*:[^\s\x00]{1,200}\z`)
)

func (g Grant) fill(captures map[string]string) (store.ClaimedMandate, error) {
	m := store.ClaimedMandate{
		Organization: fill(g.Organization, captures),
		Identifier:   fill(g.Identifier, captures),
		Council:      fill(g.Council, captures),
		Role:         governance.Role(fill(g.Role, captures)),
	}
	for _, slug := range []string{m.Organization, m.Council} {
		if slug != "" && (len(slug) > 100 || !slugForm.MatchString(slug)) {
			return m, fmt.Errorf("%q is not a slug", slug)
		}
	}
	if m.Identifier != "" && !identifierForm.MatchString(m.Identifier) {
		return m, fmt.Errorf("%q is not an identifier with its scheme", m.Identifier)
	}
	if m.Organization == "" && m.Identifier == "" && m.Council == "" {
		return m, errors.New("it names no organization")
	}
	return m, checkRole(m.Role, g.Council != "")
}

// WriteText writes the explanation for a person: the mandates first, then rule by rule why.
func (e Explanation) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Issuer:  %s\nSubject: %s\nName:    %s\n", orNone(e.Issuer), orNone(e.Subject), orNone(e.Name))
	if !e.Mapped {
		b.WriteString("\nThe mapping does not name this issuer: its people get no mandates from claims.\n")
	}
	b.WriteString("\nMandates:\n")
	for _, mandate := range e.Mandates {
		fmt.Fprintf(&b, "  %s (rule %s)\n", mandate, mandate.Rule)
	}
	if len(e.Mandates) == 0 {
		b.WriteString("  none\n")
	}
	if len(e.Rules) > 0 {
		b.WriteString("\nRules:\n")
	}
	for _, rule := range e.Rules {
		rule.write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t RuleTrace) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s, claim %s\n", t.Rule, t.Claim)
	switch {
	case t.Unmet != "":
		fmt.Fprintf(b, "    not applied: %s does not hold\n", t.Unmet)
	case len(t.Values) == 0:
		b.WriteString("    not applied: the token has no such claim\n")
	}
	for _, value := range t.Values {
		if value.Mandate != nil {
			fmt.Fprintf(b, "    %q gives %s\n", value.Value, value.Mandate)
		} else {
			fmt.Fprintf(b, "    %q gives nothing: %s\n", value.Value, value.Reason)
		}
	}
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
