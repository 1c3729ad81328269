package bench

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"concordat/auth"
	"concordat/store/storebench"
)

// issuer is an identity provider in this process: it tells its keys and signs access tokens, with the algorithm that
// most providers use.
type issuer struct {
	url    string
	signer jose.Signer
	server *http.Server
}

// newIssuer starts one. The caller closes it.
func newIssuer(ctx context.Context) (*issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	named := jose.JSONWebKey{Key: key, KeyID: "bench", Algorithm: string(jose.RS256), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: named}, (&jose.SignerOptions{}).WithType("at+jwt"))
	if err != nil {
		return nil, fmt.Errorf("make the issuer's signer: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the issuer: %w", err)
	}
	i := &issuer{url: "http://" + listener.Addr().String(), signer: signer}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", answerJSON(map[string]any{
		"issuer": i.url, "jwks_uri": i.url + "/keys", "authorization_endpoint": i.url + "/authorize",
		"token_endpoint": i.url + "/token", "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
	}))
	mux.HandleFunc("GET /keys", answerJSON(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{named.Public()}}))
	i.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go i.server.Serve(listener) // until close
	return i, nil
}

func (i *issuer) close() { i.server.Close() }

// registration is the issuer's file for a server.
func (i *issuer) registration() []byte {
	return fmt.Appendf(nil, "issuers:\n  - name: bench\n    url: %s\n    clientId: bench\n", i.url)
}

// token is the nth person's access token for the server at audience.
func (i *issuer) token(n int, audience string) (string, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return "", fmt.Errorf("draw a token's id: %w", err)
	}
	now := time.Now()
	claims, err := json.Marshal(map[string]any{
		"iss": i.url, "sub": storebench.Subject(n), "aud": audience, "client_id": "bench", "jti": id.String(),
		"iat": now.Unix(), "exp": now.Add(6 * time.Hour).Unix(), "scope": "read write act",
	})
	if err != nil {
		return "", err
	}
	signed, err := i.signer.Sign(claims)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed.CompactSerialize()
}

func answerJSON(value any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(value)
	}
}

// asking are the headers of a request by the nth person.
func (i *issuer) asking(n int, audience string) (http.Header, error) {
	token, err := i.token(n, audience)
	if err != nil {
		return nil, err
	}
	return http.Header{"Authorization": {"Bearer " + token}, auth.ActingForHeader: nil}, nil
}
