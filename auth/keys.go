package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// signingAlgorithms are the ones a token may be signed with: none needs no key, and with HS* everybody who knows the
// public key could sign.
var signingAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA}

const (
	keysMaxAge   = time.Hour        // after which a key that was withdrawn is trusted no longer, if the issuer answers
	keysRefetch  = 10 * time.Second // the least time between two fetches, so that forged tokens cause no traffic
	keysMaxBytes = 1 << 20
)

// remoteKeys are an issuer's public keys, fetched from its jwks_uri when first needed, hourly, and when a token is
// signed with a key that is not among them. They serve as the oidc.KeySet of ID and logout tokens too.
type remoteKeys struct {
	url    string
	client *http.Client
	now    func() time.Time
	group  singleflight.Group

	mu      sync.Mutex // guards what follows; held for no longer than a copy
	set     *keySet    // nil until fetched
	triedAt time.Time  // of the last attempt, which may have failed
}

// keySet are the keys of one fetch. It never changes: the next fetch makes another, so that what was found out with one
// stands for as long as it is the newest.
type keySet struct {
	keys      []jose.JSONWebKey
	fetchedAt time.Time
}

// VerifySignature answers the payload of a token signed by one of the keys. It checks the signature and its algorithm
// and nothing else.
func (k *remoteKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, signingAlgorithms)
	if err != nil {
		return nil, fmt.Errorf("reading signed token: %w", err)
	}
	payload, _, err := k.verify(ctx, signed)
	return payload, err
}

// verify is VerifySignature for a parsed token, and says which keys it was held against.
func (k *remoteKeys) verify(ctx context.Context, signed *jose.JSONWebSignature) ([]byte, *keySet, error) {
	set, stale := k.cached()
	if !stale {
		if payload, ok := set.verify(signed); ok {
			return payload, set, nil
		}
	}
	fresh, err := k.fetch(ctx)
	if err != nil && set == nil {
		return nil, nil, err
	}
	if err == nil {
		set = fresh
	}
	if payload, ok := set.verify(signed); ok {
		return payload, set, nil
	}
	return nil, nil, errors.New("checking signature: no key of the issuer made it")
}

func (s *keySet) verify(signed *jose.JSONWebSignature) ([]byte, bool) {
	header := signed.Signatures[0].Header
	for i := range s.keys {
		key := &s.keys[i]
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := signed.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}

func (k *remoteKeys) cached() (set *keySet, stale bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.set, k.set == nil || k.now().Sub(k.set.fetchedAt) > keysMaxAge
}

// current says whether a signature that held against the keys needs no other look: they are the newest, and fresh.
func (k *remoteKeys) current(set *keySet) bool {
	newest, stale := k.cached()
	return newest == set && !stale
}

// fetch gets the keys from the issuer, or answers those at hand where that was tried just now. Callers that come
// together share one request, which one of them going away does not stop.
func (k *remoteKeys) fetch(ctx context.Context) (*keySet, error) {
	k.mu.Lock()
	set, wait := k.set, k.now().Sub(k.triedAt) < keysRefetch
	k.mu.Unlock()
	if wait && set != nil && len(set.keys) > 0 {
		return set, nil
	}
	result := k.group.DoChan("keys", func() (any, error) {
		return k.request(context.WithoutCancel(ctx))
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*keySet), nil
	}
}

func (k *remoteKeys) request(ctx context.Context) (*keySet, error) {
	k.mu.Lock()
	k.triedAt = k.now()
	k.mu.Unlock()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return nil, fmt.Errorf("fetching keys: %w", err)
	}
	response, err := k.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetching keys: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetching keys from %s: %s", k.url, response.Status)
	}
	keys, err := readKeys(io.LimitReader(response.Body, keysMaxBytes))
	if err != nil {
		return nil, fmt.Errorf("fetching keys from %s: %w", k.url, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.set = &keySet{keys: keys, fetchedAt: k.now()}
	return k.set, nil
}

// readKeys keeps the public keys for signatures; a key of a kind we do not know is left out and spoils nothing.
func readKeys(body io.Reader) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(body).Decode(&set); err != nil {
		return nil, err
	}
	keys := make([]jose.JSONWebKey, 0, len(set.Keys))
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if err := json.Unmarshal(raw, &key); err != nil || !key.Valid() || !key.IsPublic() {
			continue
		}
		known := key.Algorithm == "" || slices.Contains(signingAlgorithms, jose.SignatureAlgorithm(key.Algorithm))
		if known && (key.Use == "" || key.Use == "sig") {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
