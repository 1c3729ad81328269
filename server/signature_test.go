package server

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/notary"
)

// othersCheckTheEndorsement verifies the endorsement that the story keeps as $renewed, as a stranger does: from its address,
// the endorser's DID document and the status list alone; where the validators of others are there, with npm jose and the
// schema of Open Badges 3.0.
func (s *stage) othersCheckTheEndorsement() {
	s.t.Helper()
	c := logClient{s.t, s.server}
	jwt := c.ok("/statements/" + s.kept["$renewed"].(string))
	var payload struct {
		Issuer           struct{ ID string }
		RelatedResource  []struct{ ID, DigestSRI string }
		CredentialStatus struct{ StatusListCredential string }
	}
	base, err := notary.DIDOf(s.server.URL())
	require.NoError(s.t, err)
	var document notary.DIDDocument
	find := func(path string) string {
		body := c.ok(path)
		require.NoError(s.t, json.Unmarshal([]byte(body), &document))
		return body
	}
	parts := strings.Split(jwt, ".")
	require.Len(s.t, parts, 3)
	unverified, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(unverified, &payload))
	slug, ours := strings.CutPrefix(payload.Issuer.ID, base+":orgs:")
	require.True(s.t, ours, payload.Issuer.ID)
	did := find("/orgs/" + slug + "/did.json")
	assert.Equal(s.t, payload.Issuer.ID, document.ID)
	verified, err := notary.VerifyCredential(jwt, document.Find)
	require.NoError(s.t, err)

	require.Len(s.t, payload.RelatedResource, 1)
	text := c.ok(strings.TrimPrefix(payload.RelatedResource[0].ID, s.server.URL()))
	sum := sha256.Sum256([]byte(text))
	assert.Equal(s.t, "sha256-"+base64.StdEncoding.EncodeToString(sum[:]), payload.RelatedResource[0].DigestSRI, "the endorsed text lies where the statement says")
	list := c.ok(strings.TrimPrefix(payload.CredentialStatus.StatusListCredential, s.server.URL()))
	find("/.well-known/did.json")
	_, err = notary.VerifyCredential(list, document.Find)
	require.NoError(s.t, err, "the status list is the platform's")

	for path, want := range map[string]int{
		"/orgs/nobody/did.json": http.StatusNotFound, "/statements/nothing": http.StatusNotFound, "/status/2": http.StatusNotFound,
		"/status/x": http.StatusNotFound, "/offers/nothing/" + strings.Repeat("0", 64): http.StatusNotFound,
		"/orgs/" + slug + "/jwks.json": http.StatusOK,
	} {
		status, body := c.get(path)
		assert.Equal(s.t, want, status, "%s: %s", path, body)
	}
	s.judge(jwt, did, verified.Payload)
	s.othersCheckThePublication(s.kept["$publication"].(string))
}

// othersCheckThePublication verifies what a provider signed when it published, from its address, the provider's DID document
// and the status list alone; where the validators of others are there, with npm jose.
func (s *stage) othersCheckThePublication(id string) {
	s.t.Helper()
	c := logClient{s.t, s.server}
	jwt, did := c.ok("/publications/"+id+"/credential"), c.ok("/orgs/daugava-koledza/did.json")
	var document notary.DIDDocument
	require.NoError(s.t, json.Unmarshal([]byte(did), &document))
	publisher := document.ID
	verified, err := notary.VerifyCredential(jwt, document.Find)
	require.NoError(s.t, err)
	var said struct {
		RelatedResource  []struct{ ID, DigestSRI string }
		CredentialStatus struct{ StatusListCredential string }
	}
	require.NoError(s.t, json.Unmarshal(verified.Payload, &said))
	require.Len(s.t, said.RelatedResource, 2, "the text and the offer")
	for _, resource := range said.RelatedResource {
		sum := sha256.Sum256([]byte(c.ok(strings.TrimPrefix(resource.ID, s.server.URL()))))
		assert.Equal(s.t, "sha256-"+base64.StdEncoding.EncodeToString(sum[:]), resource.DigestSRI)
	}
	list := c.ok(strings.TrimPrefix(said.CredentialStatus.StatusListCredential, s.server.URL()))
	require.NoError(s.t, json.Unmarshal([]byte(c.ok("/.well-known/did.json")), &document))
	_, err = notary.VerifyCredential(list, document.Find)
	require.NoError(s.t, err)
	assert.Contains(s.t, c.ok("/register/sha256/"+strings.TrimPrefix(s.kept["$digest"].(string), "sha256:")+"?format=elm-provenance"),
		publisher, "the publisher is named by the DID of its keys")
	status, _ := c.get("/publications/nothing/credential")
	assert.Equal(s.t, http.StatusNotFound, status)
	s.judge(jwt, did, nil)
}

// judge has the validators of others check a credential, and an endorsement's payload, where they are.
func (s *stage) judge(jwt, did string, payload []byte) {
	s.t.Helper()
	script, there := sharedFile("validators/validate.mjs")
	if _, installed := sharedFile("validators/node_modules"); !there || !installed {
		s.t.Log("the validators of others are not here; the endorsement is verified by our own")
		return
	}
	dir := s.t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	checks := [][]string{{"vc-jwt", "--keys", write("did.json", did), write("signed.jwt", jwt)}}
	if payload != nil {
		checks = append(checks, []string{"ob3-endorsement", write("endorsement.json", string(payload))})
	}
	for _, arguments := range checks {
		out, err := exec.Command("node", append([]string{script}, arguments...)...).CombinedOutput()
		require.NoError(s.t, err, "%s: %s", arguments[0], out)
	}
}
