package graph_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/graph"
	"concordat/graph/live"
	"concordat/store/storetest"
)

// TestOtherPeoplesClientsFollowASpecification follows with the reference client of GraphQL over SSE, and with the
// platform's EventSource, whose connection is cut in the middle: it comes back by itself with the id that it saw last.
func TestOtherPeoplesClientsFollowASpecification(t *testing.T) {
	const count = 6
	for _, by := range []string{"graphql-sse", "EventSource"} {
		t.Run(by, func(t *testing.T) {
			n := newNewsroom(t, storetest.SQLite, live.Config{}, graph.StreamConfig{})
			n.consult() // an anonymous reader may follow from here on
			proxy := n.proxy()
			lines := startFollower(t, by, proxy.URL+"/graphql", string(n.specification), count)
			require.Equal(t, "open", lines())
			told := func(i int) {
				line := lines()
				for line == "open" { // a connection broke, and the client came back
					if by == "graphql-sse" { // but without its id: it is told what happens from here on
						n.comment(n.author(), fmt.Sprint("remark ", i))
					}
					line = lines()
				}
				require.Equal(t, fmt.Sprint("remark ", i), line)
			}
			for i := range count {
				if by == "EventSource" && i == count/2 {
					proxy.CloseClientConnections()
				}
				n.comment(n.author(), fmt.Sprint("remark ", i))
				if i < count/2 {
					told(i)
				}
			}
			for i := count / 2; i < count; i++ {
				told(i)
			}
		})
	}
}

// proxy stands before the newsroom as a reverse proxy does; its connections can be cut.
func (n *newsroom) proxy() *httptest.Server {
	target, err := url.Parse(n.server.URL)
	require.NoError(n.t, err)
	through := httputil.NewSingleHostReverseProxy(target)
	through.ErrorLog = nil
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { _ = recover() }() // the proxy's own way of ending what was cut
		through.ServeHTTP(w, r)
	}))
	n.t.Cleanup(server.Close)
	return server
}

// startFollower runs follow.js and answers its lines one by one.
func startFollower(t *testing.T, by, url, specification string, count int) func() string {
	t.Helper()
	dir := filepath.Join("testdata", "audit")
	_, err := os.Stat(filepath.Join(dir, "node_modules", "graphql-sse"))
	if err != nil && os.Getenv("CONCORDAT_TEST_COMPLETE") == "" {
		t.Skip("needs graphql-sse: run `scripts/node install`, or npm ci in graph/testdata/audit")
	}
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), "node", "--experimental-eventsource", "--no-warnings", "follow.js",
		by, url, specification, fmt.Sprint(count))
	command.Dir = dir
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Wait() })
	lines := bufio.NewReader(out)
	return func() string {
		line, err := lines.ReadString('\n')
		if err != io.EOF {
			require.NoError(t, err)
		}
		if line == "" {
			return "the client has ended"
		}
		return line[:len(line)-1]
	}
}
