package notary_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
)

func newVault(t *testing.T) *notary.Vault {
	t.Helper()
	file, err := notary.NewVaultFile(rand.Reader)
	require.NoError(t, err)
	vault, err := notary.OpenVault(file)
	require.NoError(t, err)
	return vault
}

func TestASealedKeyIsOpenedByItsVaultAndForItsPublicKeyAlone(t *testing.T) {
	vault, other := newVault(t), newVault(t)
	key, err := notary.NewKey(rand.Reader)
	require.NoError(t, err)
	public := notary.PublicKeyOf(key.Public().(ed25519.PublicKey))
	sealed, err := vault.Seal(rand.Reader, key)
	require.NoError(t, err)
	again, err := vault.Seal(rand.Reader, key)
	require.NoError(t, err)
	assert.NotEqual(t, sealed, again)
	assert.NotContains(t, sealed, base64.StdEncoding.EncodeToString(key.Seed())[:16])

	opened, err := vault.Open(sealed, public)
	require.NoError(t, err)
	assert.Equal(t, key, opened)
	_, err = other.Open(sealed, public)
	assert.Error(t, err)
	stranger, err := notary.NewKey(rand.Reader)
	require.NoError(t, err)
	_, err = vault.Open(sealed, notary.PublicKeyOf(stranger.Public().(ed25519.PublicKey)))
	assert.Error(t, err)
	data, err := base64.StdEncoding.DecodeString(sealed)
	require.NoError(t, err)
	for i := range data {
		changed := append([]byte(nil), data...)
		changed[i] ^= 1
		_, err := vault.Open(base64.StdEncoding.EncodeToString(changed), public)
		require.Error(t, err, "byte %d", i)
	}
	for _, sealed := range []string{"", "!", "AAAA"} {
		_, err := vault.Open(sealed, public)
		assert.Error(t, err, sealed)
	}
}

func TestFilesThatHoldNoKeyAreRefused(t *testing.T) {
	for _, file := range []string{"", "concordat-key-file-1:", "concordat-key-file-1:AAAA", "AAAA", "concordat-key-file-2:" + strings.Repeat("A", 43) + "="} {
		_, err := notary.OpenVault(file)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%q", file)
	}
}

func TestAKeyReadsAsEveryOtherImplementationWritesIt(t *testing.T) {
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("s", ed25519.SeedSize)))
	public := notary.PublicKeyOf(key.Public().(ed25519.PublicKey))
	text, err := json.Marshal(public.JWK("k"))
	require.NoError(t, err)
	var read jose.JSONWebKey
	require.NoError(t, json.Unmarshal(text, &read))
	assert.Equal(t, key.Public(), read.Key)
	thumbprint, err := read.Thumbprint(crypto.SHA256)
	require.NoError(t, err)
	assert.Equal(t, base64.RawURLEncoding.EncodeToString(thumbprint), public.Thumbprint())
	back, err := public.Ed25519()
	require.NoError(t, err)
	assert.Equal(t, key.Public(), back)
	for _, malformed := range []notary.PublicKey{"", "AAAA", public + "=", public + "A", "!" + public[1:]} {
		_, err := malformed.Ed25519()
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), malformed)
	}
}
