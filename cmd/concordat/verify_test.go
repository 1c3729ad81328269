package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/server"
)

// demoServer serves the demo and answers its address.
func demoServer(t *testing.T) string {
	t.Helper()
	s, err := server.Open(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Demo: true}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
		assert.NoError(t, s.Close())
	})
	return s.URL()
}

func fetched(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode, url)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}

func TestVerifyChecksWhatTheRegisterLinksTo(t *testing.T) {
	url := demoServer(t)
	entry := regexp.MustCompile(`href="(/register/[a-z0-9-]+/[0-9.]+)"`).FindStringSubmatch(fetched(t, url+"/register"))
	require.NotNil(t, entry)
	link := regexp.MustCompile(`href="(/register/ballots/[^"]+)"`).FindStringSubmatch(fetched(t, url+entry[1]))
	require.NotNil(t, link, "the page of a publication links to its bundle")
	published := regexp.MustCompile(`href="(/register/[a-z0-9-]+/[0-9.]+/bundle\.json)"`).FindStringSubmatch(fetched(t, url+entry[1]))
	require.NotNil(t, published, "and to that of the publication")
	bundle := fetched(t, url+link[1])
	dir := t.TempDir()
	file, changed, key := filepath.Join(dir, "bundle.json"), filepath.Join(dir, "changed.json"), filepath.Join(dir, "log.key")
	require.NoError(t, os.WriteFile(file, []byte(bundle), 0o600))
	require.NoError(t, os.WriteFile(changed, []byte(strings.Replace(bundle, `"outcome":"CARRIED"`, `"outcome":"INQUORA"`, 1)), 0o600))
	require.NoError(t, os.WriteFile(key, []byte(fetched(t, url+"/log/key")), 0o600))

	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"a file":                   {[]string{file}, 0, "The bundle holds: ballot"},
		"a file and the log's key": {[]string{"--log-key", key, file}, 0, "ok    key: the one given"},
		"an address":               {[]string{url + link[1]}, 0, "The bundle holds"},
		"a publication's":          {[]string{"--log-key", key, url + published[1]}, 0, "came about as it says"},
		"a changed file":           {[]string{changed}, 1, "WRONG acts: has changed since the bundle was sealed"},
		"another log's key":        {[]string{"--log-key", "else.example/log+00000000+AAAA", file}, 1, "WRONG key"},
		"no file":                  {[]string{filepath.Join(dir, "none")}, 2, ""},
		"no such address":          {[]string{url + "/register/ballots/none/bundle.json"}, 2, ""},
		"nothing":                  {nil, 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, verify(t.Context(), test.args, &stdout, &stderr), "%s%s", stdout.String(), stderr.String())
			assert.Contains(t, stdout.String(), test.want)
			assert.Equal(t, test.code == 2, stderr.Len() > 0)
		})
	}
}
