package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"concordat/store"
)

// sourced are claims with where they came from.
type sourced struct {
	source ClaimSource
	claims Claims
}

// signIn notes the person that an ID token names and reads its mandates from every source that the mapping names. Each
// source is mapped by itself and the mandates add up; the person is named by the ID token alone.
func (a *Auth) signIn(ctx context.Context, p *provider, who *identity, tokens *oauth2.Token) (store.SignedIn, error) {
	mapping := a.mapping.Issuer(p.URL)
	in := store.SignIn{
		Issuer: p.URL, Subject: mapping.subject(who.claims), ACR: who.ACR, AuthenticatedAt: who.AuthenticatedAt,
		IssuedAt: who.token.IssuedAt.UTC(), ReadsMandates: true,
	}
	more, err := p.readMore(ctx, mapping, who.Subject, tokens)
	if err != nil {
		return store.SignedIn{}, err
	}
	return a.note(ctx, mapping, in, append([]sourced{{SourceIDToken, who.claims}}, more...))
}

// note adds to a sign-in what each source of claims says and stores it.
func (a *Auth) note(ctx context.Context, mapping *IssuerMapping, in store.SignIn, sources []sourced) (store.SignedIn, error) {
	if !isName(in.Subject) {
		return store.SignedIn{}, errors.New("the token lacks the claims that name a person, or they are none")
	}
	for _, s := range sources {
		found := mapping.explain(s.claims)
		if in.Name == "" {
			in.Name = found.Name
		}
		if in.Email == "" {
			in.Email, in.EmailVerified = found.Email, found.Verified
		}
		if !mapping.Reads(s.source) {
			continue
		}
		for _, m := range found.Mandates {
			if !slices.ContainsFunc(in.Mandates, func(other store.ClaimedMandate) bool { return same(m, other) }) {
				in.Mandates = append(in.Mandates, m)
			}
		}
	}
	if len(in.Mandates) > mostClaimed {
		return store.SignedIn{}, refuseToken(fmt.Sprintf("The claims name more than %d mandates.", mostClaimed), nil)
	}
	in.Name, in.Email = shown(in.Name), shown(in.Email)
	signedIn, err := a.store.SignIn(ctx, in)
	if err != nil {
		return store.SignedIn{}, err
	}
	for _, m := range signedIn.Unknown {
		a.log.WarnContext(ctx, "claims name a mandate of an organization that is not registered", "issuer", in.Issuer, "mandate", m.String())
	}
	for _, m := range signedIn.Kept {
		a.log.WarnContext(ctx, "claims no longer name the last holder of a role, which stays", "issuer", in.Issuer, "mandate", m.String())
	}
	return signedIn, nil
}

const (
	mostClaimed   = 200 // mandates of one person
	longestName   = 200 // characters of a display name or address; what is longer is cut
	longestMarker = 512 // bytes of what an issuer names people, sessions and tokens by
)

// isName says whether a text can name somebody or something: not empty, not endless, nothing in it that cannot be seen.
func isName(text string) bool {
	return text != "" && len(text) <= longestMarker && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// shown makes a text from a token fit to be kept and shown.
func shown(text string) string {
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
	if runes := []rune(clean); len(runes) > longestName {
		return string(runes[:longestName])
	}
	return clean
}

// readMore answers the claims of the sources beside the ID token that the mapping reads.
func (p *provider) readMore(ctx context.Context, mapping *IssuerMapping, subject string, tokens *oauth2.Token) ([]sourced, error) {
	m, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	var sources []sourced
	if mapping.Reads(SourceUserinfo) && m.userinfo {
		claims, err := p.userinfo(ctx, m, subject, tokens)
		if err != nil {
			return nil, err
		}
		sources = append(sources, sourced{SourceUserinfo, claims})
	}
	if mapping.Reads(SourceAccessToken) {
		claims, err := p.accessTokenClaims(ctx, m, subject, tokens.AccessToken)
		if err != nil {
			return nil, err
		}
		sources = append(sources, sourced{SourceAccessToken, claims})
	}
	return sources, nil
}

// userinfo asks the issuer for more claims. They count only if they are about the subject of the ID token: an access
// token that was exchanged for another person's would otherwise bring that person's (OpenID Connect Core, 5.3.2).
func (p *provider) userinfo(ctx context.Context, m *metadata, subject string, tokens *oauth2.Token) (Claims, error) {
	info, err := m.oidc.UserInfo(oidc.ClientContext(ctx, p.client), oauth2.StaticTokenSource(tokens))
	if err != nil {
		return nil, fmt.Errorf("asking for userinfo: %w", err)
	}
	if info.Subject != subject {
		return nil, errors.New("asking for userinfo: it is about somebody else than the ID token")
	}
	var raw json.RawMessage
	if err := info.Claims(&raw); err != nil {
		return nil, fmt.Errorf("asking for userinfo: %w", err)
	}
	return ParseClaims(raw)
}

// accessTokenClaims reads the claims of the access token that came with an ID token. One that is no JWT has none; one
// that is must be this issuer's, signed, and about the same subject.
func (p *provider) accessTokenClaims(ctx context.Context, m *metadata, subject, raw string) (Claims, error) {
	signed, err := jose.ParseSignedCompact(raw, signingAlgorithms)
	if err != nil {
		return Claims{}, nil // opaque
	}
	payload, _, err := m.keys.verify(ctx, signed)
	if err != nil {
		return nil, fmt.Errorf("reading the access token: %w", err)
	}
	claims, err := ParseClaims(payload)
	if err != nil {
		return nil, fmt.Errorf("reading the access token: %w", err)
	}
	if claims.first(ClaimPath{"iss"}) != p.URL || claims.first(ClaimPath{"sub"}) != subject {
		return nil, errors.New("reading the access token: it is of another issuer or about somebody else than the ID token")
	}
	return claims, nil
}
