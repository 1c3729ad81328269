package demo

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// server is op's server with what it lacks: access tokens typed and scoped as RFC 9068 says, and the discovery of the
// iss that withIssuer adds to answers.
type server struct {
	*op.LegacyServer
	storage *storage
}

const accessTokenType = "at+jwt" // RFC 9068

// Discovery adds that answers carry iss (RFC 9207).
func (s *server) Discovery(ctx context.Context, r *op.Request[struct{}]) (*op.Response, error) {
	response, err := s.LegacyServer.Discovery(ctx, r)
	if err != nil {
		return nil, err
	}
	configuration, ok := response.Data.(*oidc.DiscoveryConfiguration)
	if !ok {
		return nil, errors.New("discovery answers another type")
	}
	configuration.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
	configuration.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
	configuration.TokenEndpointAuthMethodsSupported = []oidc.AuthMethod{oidc.AuthMethodNone}
	return op.NewResponse(struct {
		*oidc.DiscoveryConfiguration
		ReturnsISS bool `json:"authorization_response_iss_parameter_supported"`
	}{configuration, true}), nil
}

// CodeExchange redeems a code.
func (s *server) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	response, err := s.LegacyServer.CodeExchange(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.retype(response)
}

// RefreshToken makes tokens anew.
func (s *server) RefreshToken(ctx context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	response, err := s.LegacyServer.RefreshToken(ctx, r)
	if err != nil {
		return nil, err
	}
	return s.retype(response)
}

// UserInfo answers what a persona's access token entitles to. op would judge the token by the machine's clock.
func (s *server) UserInfo(_ context.Context, r *op.Request[oidc.UserInfoRequest]) (*op.Response, error) {
	claims, typ, err := s.storage.verify(r.Data.AccessToken)
	if err != nil || typ != accessTokenType {
		return nil, op.NewStatusError(oidc.ErrAccessDenied().WithParent(err), http.StatusUnauthorized)
	}
	expiry, _ := claims["exp"].(float64)
	subject, _ := claims["sub"].(string)
	if s.storage.config.Now().Unix() >= int64(expiry) {
		return nil, op.NewStatusError(oidc.ErrAccessDenied().WithDescription("The token has expired."), http.StatusUnauthorized)
	}
	info := new(oidc.UserInfo)
	if err := s.storage.describe(info, subject); err != nil {
		return nil, op.NewStatusError(oidc.ErrAccessDenied().WithParent(err), http.StatusForbidden)
	}
	return op.NewResponse(info), nil
}

// retype signs the access token again under the type at+jwt, with its scopes, and the ID token again with the hash of
// that. op types every token JWT and cannot be told otherwise.
func (s *server) retype(response *op.Response) (*op.Response, error) {
	tokens, ok := response.Data.(*oidc.AccessTokenResponse)
	if !ok {
		return nil, errors.New("the token endpoint answers another type")
	}
	api := slices.DeleteFunc(slices.Clone([]string(tokens.Scope)), func(scope string) bool {
		return !slices.Contains([]string{"read", "write", "act"}, scope)
	})
	var err error
	tokens.AccessToken, err = s.storage.resign(tokens.AccessToken, accessTokenType, map[string]any{
		"scope": strings.Join(api, " "), "aud": s.storage.config.Audience,
	})
	if err != nil {
		return nil, err
	}
	hash, err := oidc.ClaimHash(tokens.AccessToken, s.storage.key.SignatureAlgorithm())
	if err != nil {
		return nil, err
	}
	tokens.IDToken, err = s.storage.resign(tokens.IDToken, "JWT", map[string]any{"at_hash": hash})
	if err != nil {
		return nil, err
	}
	return op.NewResponse(tokens), nil
}

// resign changes claims of a token that was just made and signs it under a type. op dates tokens by the machine's
// clock; here the dates move to the configured one.
func (s *storage) resign(token, typ string, change map[string]any) (string, error) {
	claims, _, err := s.verify(token)
	if err != nil {
		return "", err
	}
	ahead := time.Until(s.config.Now()).Seconds()
	for _, name := range []string{"iat", "nbf", "exp", "auth_time"} {
		if at, ok := claims[name].(float64); ok {
			claims[name] = int64(math.Round(at + ahead))
		}
	}
	maps.Copy(claims, change)
	return s.sign(claims, typ)
}

// verify answers the claims and the type of a token that the provider signed.
func (s *storage) verify(token string) (claims map[string]any, typ string, err error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{s.key.SignatureAlgorithm()})
	if err != nil {
		return nil, "", err
	}
	payload, err := signed.Verify(&s.key.private.PublicKey)
	if err != nil {
		return nil, "", err
	}
	typ, _ = signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType].(string)
	return claims, typ, json.Unmarshal(payload, &claims)
}

func (s *storage) sign(claims map[string]any, typ string) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: s.key.SignatureAlgorithm(),
		Key:       jose.JSONWebKey{Key: s.key.private, KeyID: s.key.id},
	}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// withIssuer adds iss to every authorization response, good or bad, so that a client with several providers can tell
// which one answered.
func withIssuer(issuer string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&issuerWriter{w, issuer}, r)
	})
}

type issuerWriter struct {
	http.ResponseWriter
	issuer string
}

// WriteHeader mends the address of a redirect that is an authorization response.
func (w *issuerWriter) WriteHeader(status int) {
	target, err := url.Parse(w.Header().Get("Location"))
	if err == nil && status >= 300 && status < 400 {
		query := target.Query()
		if query.Has("code") || query.Has("error") {
			query.Set("iss", w.issuer)
			target.RawQuery = query.Encode()
			w.Header().Set("Location", target.String())
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (w *issuerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
