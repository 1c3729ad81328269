package notary_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
)

const unionDID = "did:web:register.example:orgs:metalworkers"

func endorsement() notary.Statement {
	until := time.Date(2029, 1, 10, 0, 0, 0, 0, time.UTC)
	return notary.Statement{
		ID: "https://register.example/statements/1", Kind: governance.StatementEndorsement, Name: "Endorsement by Metalworkers Union",
		Issuer: notary.Issuer{DID: unionDID, Name: "Metalworkers Union"},
		Subject: notary.Resource{
			URI:    "https://register.example/register/sha256/" + strings.Repeat("0", 64),
			File:   "https://register.example/register/sha256/" + strings.Repeat("0", 64) + "/document.json",
			Digest: notary.Digest([]byte("text")),
		},
		Comment: "Endorsed in full: <ä> & \u2028.", From: time.Date(2026, 1, 10, 12, 0, 0, 999, time.UTC), Until: &until,
		Terms:  map[string]string{"framework": "LTQF", "level": "5"},
		Status: &notary.StatusEntry{List: "https://register.example/orgs/metalworkers/status/1", Index: 94_567},
	}
}

func signer(seed string) (ed25519.PrivateKey, notary.PublicKey) {
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(seed, ed25519.SeedSize)))
	return key, notary.PublicKeyOf(key.Public().(ed25519.PublicKey))
}

func TestASignedStatementHoldsForItsBytesAndItsKeyAlone(t *testing.T) {
	key, public := signer("u")
	_, other := signer("o")
	credential, err := endorsement().Credential()
	require.NoError(t, err)
	jwt, err := notary.SignCredential(credential, notary.KeyID(unionDID, public), key)
	require.NoError(t, err)

	verified, err := notary.VerifyCredential(jwt, notary.DIDDocumentOf(unionDID, []notary.PublicKey{other, public}).Find)
	require.NoError(t, err)
	assert.Equal(t, credential, verified.Payload)
	assert.Equal(t, notary.KeyID(unionDID, public), verified.KeyID)

	_, err = notary.VerifyCredential(jwt, notary.DIDDocumentOf(unionDID, []notary.PublicKey{other}).Find)
	assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "a key that was revoked is not in the document")
	wrong := notary.DIDDocumentOf(unionDID, []notary.PublicKey{public})
	wrong.VerificationMethod[0].PublicKeyJWK.X = other
	_, err = notary.VerifyCredential(jwt, wrong.Find)
	assert.ErrorContains(t, err, "The signature is not of the key")

	for i := range len(jwt) {
		changed := []byte(jwt)
		changed[i] ^= 1
		got, err := notary.VerifyCredential(string(changed), notary.DIDDocumentOf(unionDID, []notary.PublicKey{public}).Find)
		if err == nil { // the last letter of a base64url text carries bits that say nothing
			require.Equal(t, credential, got.Payload, "byte %d", i)
			require.Equal(t, len(jwt)-1, i)
		}
	}
}

func TestHeadersOfAnotherFormAreRefused(t *testing.T) {
	key, public := signer("u")
	credential, err := endorsement().Credential()
	require.NoError(t, err)
	id := notary.KeyID(unionDID, public)
	find := notary.DIDDocumentOf(unionDID, []notary.PublicKey{public}).Find
	for _, header := range []string{
		`{"alg":"none","cty":"vc","kid":"` + id + `","typ":"vc+jwt"}`,
		`{"alg":"HS256","cty":"vc","kid":"` + id + `","typ":"vc+jwt"}`,
		`{"alg":"EdDSA","kid":"` + id + `","typ":"JWT"}`,
		`{"alg":"EdDSA","crit":["b64"],"b64":false,"cty":"vc","kid":"` + id + `","typ":"vc+jwt"}`,
		`{"alg":"EdDSA","cty":"vc","typ":"vc+jwt"}`,
	} {
		input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(credential)
		_, err := notary.VerifyCredential(notary.JoinSignature(input, ed25519.Sign(key, []byte(input))), find)
		assert.Error(t, err, header)
	}
}

func TestAStatusListTellsWhatIsRevokedAndNothingElse(t *testing.T) {
	var list notary.StatusList
	for _, index := range []int{0, 7, 8, 94_567, notary.StatusListSize - 1} {
		require.NoError(t, list.Revoke(index))
	}
	assert.Error(t, list.Revoke(-1))
	assert.Error(t, list.Revoke(notary.StatusListSize))
	encoded, err := list.Encode()
	require.NoError(t, err)
	read, err := notary.ParseStatusList(encoded)
	require.NoError(t, err)
	var revoked []int
	for i := range notary.StatusListSize {
		if read.Revoked(i) {
			revoked = append(revoked, i)
		}
	}
	assert.Equal(t, []int{0, 7, 8, 94_567, notary.StatusListSize - 1}, revoked)
	again, err := read.Encode()
	require.NoError(t, err)
	assert.Equal(t, encoded, again)
	for _, malformed := range []string{"", "u", "x" + encoded[1:], encoded[:len(encoded)/2], "uAAAA"} {
		_, err := notary.ParseStatusList(malformed)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), malformed)
	}
}

func TestAddressesBecomeDIDs(t *testing.T) {
	for address, want := range map[string]string{
		"https://register.example":                   "did:web:register.example",
		"https://Register.example/":                  "did:web:register.example",
		"http://localhost:8080":                      "did:web:localhost%3A8080",
		"https://register.example/orgs/metalworkers": "did:web:register.example:orgs:metalworkers",
	} {
		did, err := notary.DIDOf(address)
		require.NoError(t, err)
		assert.Equal(t, want, did)
	}
	_, err := notary.DIDOf("register")
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
}

// judge runs the validators that stand beside the project, where they do.
func judge(t *testing.T, kind string, arguments ...string) {
	t.Helper()
	shared := os.Getenv("CONCORDAT_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	script := filepath.Join(shared, "validators", "validate.mjs")
	if _, err := os.Stat(filepath.Join(shared, "validators", "node_modules")); err != nil {
		t.Skipf("skipped: the validators are not installed in %s", filepath.Join(shared, "validators"))
	}
	out, err := exec.Command("node", append([]string{script, kind}, arguments...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestTheCredentialIsWhatOpenBadgesWants(t *testing.T) {
	key, public := signer("u")
	credential, err := endorsement().Credential()
	require.NoError(t, err)
	var read map[string]any
	require.NoError(t, json.Unmarshal(credential, &read))
	assert.Equal(t, "2026-01-10T12:00:00Z", read["validFrom"])
	dir := t.TempDir()
	file, did := filepath.Join(dir, "endorsement.jwt"), filepath.Join(dir, "did.json")
	jwt, err := notary.SignCredential(credential, notary.KeyID(unionDID, public), key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(jwt), 0o600))
	document, err := json.Marshal(notary.DIDDocumentOf(unionDID, []notary.PublicKey{public}))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(did, document, 0o600))
	judge(t, "vc-jwt", "--keys", did, file)
	document, err = json.Marshal(notary.DIDDocumentOf(unionDID, []notary.PublicKey{public}).KeySet())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(did, document, 0o600))
	judge(t, "vc-jwt", "--keys", did, file)
	plain := filepath.Join(dir, "endorsement.json")
	require.NoError(t, os.WriteFile(plain, credential, 0o600))
	judge(t, "ob3-endorsement", plain)
}

func TestASignedPublicationIsVerifiedFromItsDIDDocumentAlone(t *testing.T) {
	key, public := signer("p")
	did := "did:web:register.example:orgs:college"
	text := notary.Resource{URI: "https://register.example/register/sha256/0", File: "https://register.example/register/sha256/0/document.json",
		Digest: notary.Digest([]byte("text"))}
	publication := notary.Publication{
		ID: "https://register.example/publications/1/credential", Issuer: notary.Issuer{DID: did, Name: "College"}, Text: text, Offer: text,
		Title: "Reading a spectrum <ä>", Summary: "What it is about.", Language: "en", Number: "1.0",
		Terms: map[string]string{"ballot": "b1"}, From: time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC),
		Status: &notary.StatusEntry{List: "https://register.example/status/publications/1", Index: 3},
	}
	credential, err := publication.Credential()
	require.NoError(t, err)
	var read struct {
		CredentialSubject map[string]any
		RelatedResource   []any
	}
	require.NoError(t, json.Unmarshal(credential, &read))
	assert.Equal(t, []any{text.URI, "Reading a spectrum <ä>", "b1"},
		[]any{read.CredentialSubject["id"], read.CredentialSubject["name"], read.CredentialSubject["ballot"]})
	assert.Len(t, read.RelatedResource, 2)
	publication.Offer.Digest = "sha256:0"
	_, err = publication.Credential()
	require.ErrorContains(t, err, "malformed")

	jwt, err := notary.SignCredential(credential, notary.KeyID(did, public), key)
	require.NoError(t, err)
	document, err := json.Marshal(notary.DIDDocumentOf(did, []notary.PublicKey{public}))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "did.json"), document, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "publication.jwt"), []byte(jwt), 0o600))
	judge(t, "vc-jwt", "--keys", filepath.Join(dir, "did.json"), filepath.Join(dir, "publication.jwt"))
}
