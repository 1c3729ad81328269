package auth

import (
	"net/netip"
	"net/url"
	"strings"
)

// Paths under the public URL. Each issuer has a callback of its own, so that one issuer's answer cannot be taken for
// another's.
const (
	PathPrefix    = "/auth/"
	LoggedOutPath = "/"            // where an issuer sends the browser after logout
	LogoutPath    = "/auth/logout" // POST
)

// LoginPath is where signing in with an issuer begins; ?return=/path says where it ends.
func LoginPath(issuer string) string { return PathPrefix + issuer + "/login" }

// CallbackPath is the redirect_uri to register with an issuer.
func CallbackPath(issuer string) string { return PathPrefix + issuer + "/callback" }

// BackChannelPath is the backchannel_logout_uri to register with an issuer.
func BackChannelPath(issuer string) string { return PathPrefix + issuer + "/backchannel-logout" }

// IsLoopback says whether a host name or address is this machine's own.
func IsLoopback(host string) bool {
	host = strings.Trim(strings.ToLower(host), "[]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

const returnMaxBytes = 2000

// localPath answers where to go after signing in: the path asked for where it is one of our own pages, else the start
// page. Whatever a browser could read as another host is not ours: //host, /\host, control characters.
func localPath(asked string) string {
	const start = "/"
	if len(asked) > returnMaxBytes || !strings.HasPrefix(asked, "/") || strings.HasPrefix(asked, "//") {
		return start
	}
	if strings.ContainsFunc(asked, func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\\' }) {
		return start
	}
	u, err := url.Parse(asked)
	if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "//") || strings.HasPrefix(u.Path, PathPrefix) {
		return start
	}
	if strings.ContainsFunc(u.Path, func(r rune) bool { return r < 0x20 || r == '\\' }) {
		return start
	}
	return asked
}
