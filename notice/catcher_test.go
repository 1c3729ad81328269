package notice_test

import (
	"bufio"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// catcher is a small SMTP server on loopback that keeps what it is given.
type catcher struct {
	listener net.Listener
	answer   func(line string) string // to a command; empty: as usual. Set before anybody connects
	running  sync.WaitGroup

	mu    sync.Mutex // guards mails
	mails []caught
}

// caught is a message as it came.
type caught struct {
	To      []string // of the envelope
	Header  mail.Header
	Raw     string
	Text    string
	HTML    string
	Message string // its Message-ID
}

func newCatcher(t *testing.T) *catcher {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &catcher{listener: listener, answer: func(string) string { return "" }}
	c.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			c.running.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		c.running.Wait()
	})
	return c
}

func (c *catcher) address() string { return "smtp://" + c.listener.Addr().String() }

// serve speaks SMTP with one client until it leaves.
func (c *catcher) serve(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	in := bufio.NewReader(conn)
	say := func(reply string) { fmt.Fprintf(conn, "%s\r\n", reply) }
	say("220 catcher")
	var to []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if reply := c.answer(line); reply != "" {
			say(reply)
			continue
		}
		switch verb {
		case "RCPT":
			to = append(to, strings.Trim(strings.SplitN(line, ":", 2)[1], "<> "))
			say("250 ok")
		case "DATA":
			say("354 go on")
			c.take(to, readData(in))
			to = nil
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// readData reads a message up to its final dot.
func readData(in *bufio.Reader) string {
	var data strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return data.String()
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
}

func (c *catcher) take(to []string, raw string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mails = append(c.mails, caught{To: to, Raw: raw})
}

// all answers what was caught so far, read as mail programs do.
func (c *catcher) all(t *testing.T) []caught {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	read := make([]caught, len(c.mails))
	for i, m := range c.mails {
		read[i] = readMail(t, m.Raw)
		read[i].To = m.To
	}
	return read
}

func readMail(t *testing.T, raw string) caught {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(raw))
	require.NoError(t, err, raw)
	m := caught{Header: message.Header, Raw: raw, Message: message.Header.Get("Message-ID")}
	_, boundary, found := strings.Cut(message.Header.Get("Content-Type"), "boundary=")
	require.True(t, found, "it has two forms")
	parts := multipart.NewReader(message.Body, strings.Trim(boundary, "\""))
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return m
		}
		require.NoError(t, err)
		require.Equal(t, "quoted-printable", part.Header.Get("Content-Transfer-Encoding"))
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			m.HTML = string(content)
		} else {
			m.Text = string(content)
		}
	}
}
