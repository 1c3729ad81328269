package notary_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
)

// The key of the first example in the did:key Method's test vectors for Ed25519, in each of its forms.
const (
	exampleX        = "Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY"
	exampleMultikey = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
)

func TestAPublicKeyIsReadInEveryFormThatSoftwareShows(t *testing.T) {
	for _, text := range []string{
		exampleX, " " + exampleX + "\n", exampleMultikey, "did:key:" + exampleMultikey,
		"did:key:" + exampleMultikey + "#" + exampleMultikey, `{"kty":"OKP","crv":"Ed25519","x":"` + exampleX + `","kid":"k"}`,
	} {
		key, err := notary.ParsePublicKey(text)
		require.NoError(t, err, text)
		assert.Equal(t, notary.PublicKey(exampleX), key, text)
	}
}

func TestWhatIsNoPublicKeyIsRefused(t *testing.T) {
	for text, reason := range map[string]string{
		"": "key-malformed", "abc": "key-malformed", exampleX + "A": "key-malformed", exampleMultikey[:40]: "key-malformed",
		exampleMultikey[:47] + "0": "key-malformed", "did:key:z": "key-malformed", "{": "key-malformed",
		// the vectors' X25519 key, and a P-256 JWK
		"did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc":                    "key-malformed",
		`{"kty":"EC","crv":"P-256","x":"` + exampleX + `"}`:                           "key-malformed",
		strings.Repeat("A", 3000):                                                     "key-malformed",
		`{"kty":"OKP","crv":"Ed25519","x":"` + exampleX + `","d":"` + exampleX + `"}`: "key-private",
	} {
		_, err := notary.ParsePublicKey(text)
		require.Error(t, err, text)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), text)
		assert.ErrorContains(t, err, map[string]string{"key-malformed": "no Ed25519", "key-private": "private key"}[reason], text)
	}
}
