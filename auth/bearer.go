package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"concordat/governance"
)

const (
	bearerMaxBytes = 16 << 10
	clockSkew      = 30 * time.Second // that an issuer's clock may be off ours
)

// tokenError says why a token is refused. What it says is ours and fixed, so that it may be shown: nothing of the
// token is in it. The cause goes to the log alone.
type tokenError struct {
	say   string
	cause error
}

func (e *tokenError) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.say, e.cause)
	}
	return e.say
}

func (e *tokenError) Unwrap() error { return e.cause }

func refuseToken(say string, cause error) error { return &tokenError{say, cause} }

// accessToken is a bearer token that held (RFC 9068).
type accessToken struct {
	keys     *remoteKeys
	against  *keySet // those of keys that its signature held against
	claims   Claims
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience oneOrAll `json:"aud"`
	ClientID string   `json:"client_id"`
	ID       string   `json:"jti"`
	Scope    string   `json:"scope"`
	ACR      string   `json:"acr"`
	Expiry   seconds  `json:"exp"`
	Before   seconds  `json:"nbf"`
	IssuedAt seconds  `json:"iat"`
	AuthTime seconds  `json:"auth_time"`
}

// scopes answers those of the token's scopes that are ours.
func (t *accessToken) scopes() []governance.Scope {
	var ours []governance.Scope
	for _, scope := range strings.Fields(t.Scope) {
		switch s := governance.Scope(scope); s {
		case governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct:
			ours = append(ours, s)
		}
	}
	return ours
}

// authenticatedAt is when the person proved who it is; an issuer that does not tell had it proved at issuance at the
// latest.
func (t *accessToken) authenticatedAt() time.Time {
	if t.AuthTime != 0 {
		return t.AuthTime.time()
	}
	return t.IssuedAt.time()
}

// seconds is a NumericDate: seconds since 1970, a fraction cut off.
type seconds int64

// UnmarshalJSON reads a whole or decimal number.
func (s *seconds) UnmarshalJSON(text []byte) error {
	var number float64
	if err := json.Unmarshal(text, &number); err != nil {
		return err
	}
	if number < 0 || number > 1<<40 {
		return errors.New("not a time")
	}
	*s = seconds(number)
	return nil
}

func (s seconds) time() time.Time { return time.Unix(int64(s), 0).UTC() }

// oneOrAll is a claim that is a string or an array of them.
type oneOrAll []string

// UnmarshalJSON reads both forms.
func (o *oneOrAll) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*o = oneOrAll{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(o))
}

// verifyAccessToken checks a bearer token: a signed JWT of type at+jwt, by a configured issuer's key, for our
// audience, valid now, with all that RFC 9068 asks for. It answers a *tokenError for a token that does not hold, and
// another error where the issuer's keys cannot be had.
func (a *Auth) verifyAccessToken(ctx context.Context, raw string) (*accessToken, error) {
	if len(raw) > bearerMaxBytes {
		return nil, refuseToken("The token is too long.", nil)
	}
	signed, err := jose.ParseSignedCompact(raw, signingAlgorithms)
	if err != nil {
		return nil, refuseToken("The token is not a JWT signed with an allowed algorithm.", err)
	}
	if !isType(signed, "at+jwt") {
		return nil, refuseToken("The token is not an access token (typ at+jwt).", nil)
	}
	var unverified struct {
		Issuer string `json:"iss"`
	}
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &unverified); err != nil {
		return nil, refuseToken("The token's claims cannot be read.", err)
	}
	p := a.providerOf(unverified.Issuer)
	if p == nil {
		return nil, refuseToken("The token is of an issuer that is not configured here.", nil)
	}
	metadata, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	payload, against, err := metadata.keys.verify(ctx, signed)
	if err != nil {
		return nil, refuseToken("The token's signature does not hold.", err)
	}
	token := &accessToken{keys: metadata.keys, against: against}
	if err := json.Unmarshal(payload, token); err != nil {
		return nil, refuseToken("The token's claims cannot be read.", err)
	}
	token.claims, err = ParseClaims(payload)
	if err != nil {
		return nil, refuseToken("The token's claims cannot be read.", err)
	}
	return token, token.check(a.audience, a.now())
}

// check holds the claims of a token with a good signature against audience and time.
func (t *accessToken) check(audience string, now time.Time) error {
	switch {
	case !slices.Contains(t.Audience, audience):
		return refuseToken("The token is for another audience.", nil)
	case t.Subject == "" || t.ClientID == "" || t.ID == "" || t.Expiry == 0 || t.IssuedAt == 0:
		return refuseToken("The token lacks one of sub, client_id, jti, exp and iat.", nil)
	case !now.Before(t.Expiry.time().Add(clockSkew)):
		return refuseToken("The token has expired.", nil)
	case now.Add(clockSkew).Before(t.Before.time()) || now.Add(clockSkew).Before(t.IssuedAt.time()):
		return refuseToken("The token is not valid yet.", nil)
	case len(t.scopes()) == 0:
		return refuseToken("The token has none of the scopes read, write and act.", nil)
	}
	return nil
}

// isType says whether a token's header declares one of the media types, with or without application/ (RFC 7515,
// 4.1.9), in any case.
func isType(signed *jose.JSONWebSignature, types ...string) bool {
	declared, _ := signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType].(string)
	declared = strings.TrimPrefix(strings.ToLower(declared), "application/")
	return slices.Contains(types, declared)
}
