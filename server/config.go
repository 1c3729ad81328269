package server

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"concordat/auth"
)

// Config says how a server runs. The zero value is a server on localhost:8080 with its data in ./data, in which nobody
// can sign in: a real one has Issuers, the demo has a provider of its own. A duration or number of zero means the
// default that its comment names.
type Config struct {
	// Listen is the address of the one listener: "localhost:8080" where empty. TLS is the reverse proxy's.
	Listen string
	// MetricsListen moves /metrics to an address of its own, where the public cannot reach it. Empty: /metrics is served
	// with everything else.
	MetricsListen string
	// PublicURL is where people reach us, and the base of every identifier: "https://credentials.example.org", no path.
	// Empty: http://localhost with the listener's port, allowed on loopback only.
	PublicURL string
	// Data is the folder of the SQLite file and its backups: "data" where empty. Made where missing.
	Data string
	// Database is a PostgreSQL connection string (postgres://...) or a SQLite file (file:PATH). Empty: concordat.db in
	// Data.
	Database string
	// KeyFile is the file that private keys are sealed under. Empty: concordat.key in Data. Made where it is missing and no
	// key is sealed yet.
	KeyFile string
	// Demo seeds an empty database and serves an OpenID provider under /demo-idp, with personas that sign in by one
	// click. Refused where PublicURL is not loopback.
	Demo bool
	// Issuers is a YAML file of the OpenID providers at which people sign in. Empty: none but the demo's.
	Issuers string
	// ClaimMapping is the file that turns claims into mandates; concordat claims explain tries it. Empty: claims grant
	// nothing, mandates are kept in Concordat alone.
	ClaimMapping string
	// Mail is where mails go: smtp://user:password@host:587 (STARTTLS), smtps://host:465, or file:FOLDER. Empty or "none":
	// nowhere, people are told in the application alone; in the demo, where it is empty, into the folder mail in Data.
	Mail string
	// MailFrom is the address that mails come from: "Concordat <concordat@example.org>". Empty: concordat@ and the public
	// URL's host.
	MailFrom string
	// Rates bound what one address or person may ask for.
	Rates Rates
	// TrustedProxies are the addresses whose X-Forwarded-For is believed. Empty: none, the peer is the client.
	TrustedProxies []netip.Prefix
	// RequestTimeout bounds reading, handling and answering one request, subscriptions and uploads excepted: 30 s.
	RequestTimeout time.Duration
	// StopTimeout bounds how long a stopping server waits for requests under way: 20 s.
	StopTimeout time.Duration
	// GroupLimit is how many steps share one commit on SQLite at most, for measuring what that brings. Zero: the store's.
	GroupLimit int
	// Now is the clock that everything below goes by. Nil: the system's.
	Now func() time.Time

	unseeded bool // a demo that begins empty: tests tell its story from the beginning
}

// What a request's body may hold, in bytes.
const (
	bodyLimit   = 2 << 20  // any request
	uploadLimit = 50 << 20 // POST under importPrefix
)

// inURI writes a path so that SQLite, which reads it as a URI, finds the same path in it.
var inURI = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// withDefaults fills what was left zero.
func (c Config) withDefaults() Config {
	if c.Listen == "" {
		c.Listen = "localhost:8080"
	}
	if c.Data == "" {
		c.Data = "data"
	}
	if c.RequestTimeout == 0 {
		c.RequestTimeout = 30 * time.Second
	}
	if c.StopTimeout == 0 {
		c.StopTimeout = 20 * time.Second
	}
	if c.Mail == "" && c.Demo && !c.unseeded {
		c.Mail = "file:" + filepath.Join(c.Data, "mail")
	}
	if c.Mail == "none" {
		c.Mail = ""
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// database is the store's address: the one given, or the SQLite file in Data.
func (c Config) database() string {
	if c.Database != "" {
		return c.Database
	}
	return "file:" + inURI.Replace(filepath.Join(c.Data, "concordat.db"))
}

// publicURL answers the base of every address, without a slash at its end. addr is what we listen on. It refuses a URL
// that is none, one without TLS that is not on this machine, and the demo where other machines are meant to reach it.
func (c Config) publicURL(addr net.Addr) (*url.URL, error) {
	text := strings.TrimSuffix(c.PublicURL, "/")
	if text == "" {
		host, _, err := net.SplitHostPort(c.Listen)
		if err != nil {
			return nil, fmt.Errorf("listen address %q: %w", c.Listen, err)
		}
		_, port, err := net.SplitHostPort(addr.String())
		if err != nil {
			return nil, fmt.Errorf("listening on %q: %w", addr, err)
		}
		if !auth.IsLoopback(host) && !(c.Demo && host == "") {
			return nil, fmt.Errorf("listening on %q needs a public URL: it becomes the base of every identifier", c.Listen)
		}
		if host == "" {
			host = "localhost"
		}
		text = "http://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("public URL: %w", err)
	}
	local := auth.IsLoopback(u.Hostname())
	switch {
	case u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, fmt.Errorf("public URL %q: want a scheme and a host, as in https://credentials.example.org", text)
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return nil, fmt.Errorf("public URL %q: want https, or http on this machine", text)
	case c.Demo && !local:
		return nil, errors.New("the demo lets anybody be anybody: its public URL must be on this machine")
	}
	return u, nil
}
