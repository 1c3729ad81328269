package notice

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Transport is where mails go.
type Transport interface {
	// Send hands a message over. An error of the message itself is a Refused; every other one may pass.
	Send(ctx context.Context, id string, msg *gomail.Msg) error
	// String says where, without a password.
	String() string
}

// Refused is an error that trying again would not mend: the mail's own.
type Refused struct{ Reason string }

func (r Refused) Error() string { return r.Reason }

// OpenTransport makes the transport that an address names: smtp://user:password@host:587 (STARTTLS), smtps://host:465,
// file:FOLDER, or nil for none. Without TLS mails go to a server on this machine alone.
func OpenTransport(address string) (Transport, error) {
	if folder, isFile := strings.CutPrefix(address, "file:"); isFile && folder != "" {
		return Folder(folder), nil
	}
	u, err := url.Parse(address)
	switch {
	case address == "":
		return nil, nil
	case err != nil:
		return nil, errors.New("mail: the address cannot be read") // it may hold a password
	case u.Scheme != "smtp" && u.Scheme != "smtps", u.Hostname() == "", strings.Trim(u.Path, "/") != "", u.RawQuery != "":
		return nil, errors.New("mail: want smtp://user:password@host:587, smtps://host:465 or file:FOLDER")
	}
	return newServer(u)
}

// Folder is a directory into which each mail is written as a file.
type Folder string

// Send writes ID.eml, whole or not at all. A mail that is sent twice is there once.
func (f Folder) Send(_ context.Context, id string, msg *gomail.Msg) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return err
	}
	path := filepath.Join(string(f), id+".eml")
	if err := os.WriteFile(path+".part", content.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func (f Folder) String() string { return "the folder " + string(f) }

// server is an SMTP server.
type server struct {
	name    string
	host    string
	options []gomail.Option
}

// mailTimeout bounds a whole delivery.
const mailTimeout = 40 * time.Second

func newServer(u *url.URL) (*server, error) {
	s := &server{host: u.Hostname(), name: u.Scheme + "://" + u.Host}
	local := net.ParseIP(s.host).IsLoopback() || s.host == "localhost"
	policy, port := gomail.TLSMandatory, 587
	if local {
		policy, port = gomail.TLSOpportunistic, 25
	}
	s.options = []gomail.Option{
		gomail.WithTimeout(mailTimeout), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(&tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}),
	}
	if u.Scheme == "smtps" {
		port = 465
		s.options = append(s.options, gomail.WithSSL())
	}
	if u.Port() != "" {
		var err error
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, errors.New("mail: the port is none")
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func (s *server) String() string { return s.name }

// Send gives the message to the server, over a connection of its own: what goes wrong with one mail is not the next one's.
func (s *server) Send(ctx context.Context, _ string, msg *gomail.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("set up the mail client: %w", err)
	}
	return judge(client.DialAndSendWithContext(ctx, msg))
}

// judge tells the errors of a message from those of the server. A refused sender is a fault of the configuration.
func judge(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) || failed.IsTemp() || failed.ErrorCode() < 500 {
		return err
	}
	switch failed.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
		return Refused{failed.Error()}
	default:
		return err
	}
}
