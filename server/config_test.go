package server

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPublicURL(t *testing.T) {
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9000}
	for _, c := range []struct {
		name    string
		config  Config
		want    string
		refusal string
	}{
		{name: "on this machine it follows the listener", config: Config{Listen: "127.0.0.1:0"}, want: "http://127.0.0.1:9000"},
		{name: "the demo may listen everywhere under a local name", config: Config{Listen: ":9000", Demo: true}, want: "http://localhost:9000"},
		{name: "a slash at the end is dropped", config: Config{PublicURL: "https://example.org/"}, want: "https://example.org"},
		{name: "elsewhere it must be said", config: Config{Listen: "0.0.0.0:9000"}, refusal: "needs a public URL"},
		{name: "everywhere it must be said", config: Config{Listen: ":9000"}, refusal: "needs a public URL"},
		{name: "without TLS only on this machine", config: Config{PublicURL: "http://example.org"}, refusal: "want https"},
		{name: "another scheme is none", config: Config{PublicURL: "ftp://localhost"}, refusal: "want https"},
		{name: "a path is refused", config: Config{PublicURL: "https://example.org/x"}, refusal: "want a scheme and a host"},
		{name: "the demo is not for others", config: Config{PublicURL: "https://example.org", Demo: true}, refusal: "on this machine"},
		{name: "not even by a name that begins like ours", config: Config{PublicURL: "https://localhost.example.org", Demo: true}, refusal: "on this machine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.config.withDefaults().publicURL(addr)
			if c.refusal != "" {
				require.ErrorContains(t, err, c.refusal)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got.String())
		})
	}
}
