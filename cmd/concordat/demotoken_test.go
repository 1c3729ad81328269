package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
)

// serveDemo serves the demo's provider on a loopback port and answers its address.
func serveDemo(t *testing.T) string {
	t.Helper()
	var provider http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	var err error
	provider, err = demo.New(demo.Config{PublicURL: server.URL, Audience: server.URL})
	require.NoError(t, err)
	return server.URL
}

func TestDemoTokenPrintsATokenWhereverTheFlagStands(t *testing.T) {
	address := serveDemo(t)
	for _, args := range [][]string{{"secretary", "--url", address}, {"--url", address, "secretary"}, {"--url=" + address + "/", "secretary"}, {"secretary", "--url", strings.Replace(address, "127.0.0.1", "localhost", 1)}} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, 0, demoToken(args, &stdout, &stderr), stderr.String())
		assert.Len(t, strings.Split(strings.TrimSpace(stdout.String()), "."), 3)
		assert.Empty(t, stderr.String())
	}
}

func TestDemoTokenSaysWhatWentWrong(t *testing.T) {
	address := serveDemo(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"nobody named":    {nil, 2, "nordwaerme-author"},
		"two named":       {[]string{"a", "b"}, 2, "usage"},
		"unknown flag":    {[]string{"a", "--port", "1"}, 2, "-port"},
		"unknown persona": {[]string{"napoleon", "--url", address}, 1, "no such persona"},
		"no demo there":   {[]string{"secretary", "--url", "http://127.0.0.1:1"}, 1, "looking for the demo"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, demoToken(test.args, &stdout, &stderr))
			assert.Contains(t, stderr.String(), test.want)
			assert.Empty(t, stdout.String())
		})
	}
}
