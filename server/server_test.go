package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// opened opens a server on a free port of this machine with a database of its own.
func opened(t *testing.T, c Config) *Server {
	t.Helper()
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	s, err := Open(t.Context(), c, quiet)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

func TestServerAnswersItsProbesAndStops(t *testing.T) {
	s := opened(t, Config{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()

	status, body := get(t, s.URL()+"/readyz")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "ready\n", body)
	_, body = get(t, s.URL()+"/metrics")
	assert.Contains(t, body, "concordat_log_head -1")

	stop()
	require.NoError(t, <-ended)
	_, err := http.Get(s.URL() + "/readyz")
	assert.Error(t, err, "nobody listens any more")
}

func TestMetricsCanHaveAnAddressOfTheirOwn(t *testing.T) {
	s := opened(t, Config{MetricsListen: "127.0.0.1:0"})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()

	status, _ := get(t, s.URL()+"/metrics")
	assert.Equal(t, http.StatusNotFound, status)
	status, body := get(t, fmt.Sprintf("http://%s/metrics", s.operator.Addr()))
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, body, "concordat_http_requests_in_flight")
	stop()
	require.NoError(t, <-ended)
}

func TestARequestUnderWayFinishesWhenTheServerStops(t *testing.T) {
	s := opened(t, Config{})
	arrived, release := make(chan struct{}), make(chan struct{})
	server := s.httpServer(chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		if r.Context().Err() == nil {
			_, _ = io.WriteString(w, "written")
		}
	}), bounded{timeout: time.Minute}.middleware))
	go func() { _ = server.Serve(s.listener) }()

	answer := make(chan string, 1)
	go func() {
		_, body := get(t, s.URL()+"/")
		answer <- body
	}()
	<-arrived
	stopped := make(chan error, 1)
	go func() { stopped <- s.shutdown([]*http.Server{server}) }()
	<-s.stopping.Done()
	close(release)
	assert.Equal(t, "written", <-answer)
	assert.NoError(t, <-stopped)
}

func TestThePublicURLIsKeptFromTheFirstStart(t *testing.T) {
	data := t.TempDir()
	first, err := Open(t.Context(), Config{Listen: "127.0.0.1:0", Data: data, PublicURL: "https://one.example.org"}, quiet)
	require.NoError(t, err)
	require.NoError(t, first.Close())

	_, err = Open(t.Context(), Config{Listen: "127.0.0.1:0", Data: data, PublicURL: "https://two.example.org"}, quiet)
	require.ErrorContains(t, err, "https://one.example.org")

	again, err := Open(t.Context(), Config{Listen: "127.0.0.1:0", Data: data, PublicURL: "https://one.example.org/"}, quiet)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestOpenRefusesAnAddressThatIsTaken(t *testing.T) {
	s := opened(t, Config{})
	_, err := Open(t.Context(), Config{Listen: strings.TrimPrefix(s.URL(), "http://"), Data: t.TempDir()}, quiet)
	require.ErrorContains(t, err, "address already in use")
}

func TestADataFolderMayHaveAnyName(t *testing.T) {
	s := opened(t, Config{Data: t.TempDir() + "/a folder? 50%#1"})
	assert.FileExists(t, s.config.Data+"/concordat.db")
}
