package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAdminGrant(t *testing.T) {
	data := t.TempDir()
	type answer struct {
		status         int
		stdout, stderr string
	}
	concordat := func(args ...string) answer {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), args, &stdout, &stderr)
		return answer{status, stdout.String(), stderr.String()}
	}
	require.Equal(t, 0, concordat("migrate", "--data", data, "--log-level", "error").status)

	nameless := concordat("admin", "grant", "--data", data, "https://idp.example.org", "ada")
	assert.Equal(t, 1, nameless.status, "the first one needs an organization to be in")
	assert.Contains(t, nameless.stderr, "legalName")

	first := concordat("admin", "grant", "--data", data, "--platform-name", "Concordat Office", "--platform-country", "LV", "https://idp.example.org", "ada")
	assert.Equal(t, 0, first.status, first.stderr)
	assert.Contains(t, first.stdout, "ada at https://idp.example.org is an administrator.")

	second := concordat("admin", "grant", "--data", data, "https://idp.example.org", "grace")
	assert.Equal(t, 0, second.status, second.stderr)
	again := concordat("admin", "grant", "--data", data, "https://idp.example.org", "ada")
	assert.Equal(t, 1, again.status)
	assert.Contains(t, again.stderr, "already")

	assert.Equal(t, 2, concordat("admin", "grant", "--data", data, "only-one").status)
	assert.Equal(t, 2, concordat("admin", "revoke").status)
	assert.Equal(t, 0, concordat("check", "--data", data).status)
}
