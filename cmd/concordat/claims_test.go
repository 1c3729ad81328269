package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth"
)

const claimsTestdata = "../../auth/testdata/claims/"

func TestClaimsExplainSaysWhatATokenGetsAndWhy(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := claims([]string{"explain", "--mapping", claimsTestdata + "keycloak.yaml", "--token", claimsTestdata + "keycloak.json"}, &stdout, &stderr)
	assert.Equal(t, 0, code, stderr.String())
	assert.Contains(t, stdout.String(), "REPRESENTATIVE of nordwaerme (rule groups)")
	assert.Empty(t, stderr.String())
}

func TestClaimsExplainTakesAWholeTokenAndAnswersJSON(t *testing.T) {
	payload, err := os.ReadFile(claimsTestdata + "keycloak.json")
	require.NoError(t, err)
	token := filepath.Join(t.TempDir(), "token")
	part := base64.RawURLEncoding.EncodeToString
	require.NoError(t, os.WriteFile(token, []byte(part([]byte(`{"alg":"RS256"}`))+"."+part(payload)+".c2ln\n"), 0o600))

	var stdout, stderr bytes.Buffer
	code := claims([]string{"explain", "--json", "--mapping", claimsTestdata + "keycloak.yaml", "--token", token}, &stdout, &stderr)
	require.Equal(t, 0, code, stderr.String())
	var got auth.Explanation
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	assert.Len(t, got.Mandates, 4)
}

func TestClaimsExplainRefusesWhatItCannotRead(t *testing.T) {
	for name, args := range map[string][]string{
		"no command":       {},
		"another command":  {"list"},
		"no token":         {"explain", "--mapping", claimsTestdata + "keycloak.yaml"},
		"something after":  {"explain", "--mapping", claimsTestdata + "keycloak.yaml", "--token", claimsTestdata + "keycloak.json", "x"},
		"no such mapping":  {"explain", "--mapping", "absent.yaml", "--token", claimsTestdata + "keycloak.json"},
		"no such token":    {"explain", "--mapping", claimsTestdata + "keycloak.yaml", "--token", "absent.json"},
		"mapping as token": {"explain", "--mapping", claimsTestdata + "keycloak.yaml", "--token", claimsTestdata + "keycloak.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, 2, claims(args, &stdout, &stderr))
			assert.Empty(t, stdout.String())
			assert.NotEmpty(t, stderr.String())
		})
	}
}
