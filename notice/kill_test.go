package notice_test

import (
	"bufio"
	"context"
	"log/slog"
	"mime"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notice"
	"concordat/store"
	"concordat/store/storetest"
)

func decode(subject string) (string, error) { return new(mime.WordDecoder).DecodeHeader(subject) }

// What makes this test binary the process that is killed: the database's address, the catcher's, and where it stops.
const (
	killedEnv  = "CONCORDAT_TEST_KILLED_MAILER"
	catcherEnv = "CONCORDAT_TEST_CATCHER"
	stopEnv    = "CONCORDAT_TEST_STOP"
)

// Where the process stops and waits for its end.
const (
	afterTheStep   = "the step is committed"
	afterTheOutbox = "the mail is in the outbox"
	afterTheClaim  = "the mail is claimed"
	afterThe250    = "the server has answered 250"
)

// stuck is a transport that says how far it is, and goes no further.
type stuck struct {
	notice.Transport
	stop string
}

func (s stuck) Send(ctx context.Context, id string, msg *gomail.Msg) error {
	if s.stop == afterTheClaim {
		wait(s.stop)
	}
	if err := s.Transport.Send(ctx, id, msg); err != nil {
		return err
	}
	wait(s.stop)
	return nil
}

// wait says where the process is, and waits to be killed.
func wait(where string) {
	os.Stdout.WriteString(where + "\n")
	select {}
}

// TestKilledMailer is the other process: it does what a server does, up to where it is told to stop.
func TestKilledMailer(t *testing.T) {
	stop := os.Getenv(stopEnv)
	if stop == "" {
		t.Skip("started by TestAMailSurvivesKill9 only")
	}
	db, err := store.Open(t.Context(), store.Config{URL: os.Getenv(killedEnv), Clock: storetest.NewClock().Now})
	require.NoError(t, err)
	author, err := db.PersonNamed(t.Context(), storetest.CastIssuer, "bolt-AUTHOR")
	require.NoError(t, err)
	mentioned, err := db.PersonNamed(t.Context(), storetest.CastIssuer, "acme-REPRESENTATIVE")
	require.NoError(t, err)
	bolt, err := db.OrganizationBySlug(t.Context(), "bolt")
	require.NoError(t, err)
	actor := governance.Actor{
		Person: author, Organization: bolt.ID, Issuer: storetest.CastIssuer, AuthenticatedAt: storetest.Start,
		Scopes: []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct},
	}
	specification, err := db.Specification(t.Context(), actor, "heat-pumps", nil)
	require.NoError(t, err)
	edition, err := db.NewestEdition(t.Context(), actor, specification, nil)
	require.NoError(t, err)
	require.NoError(t, comment(db, actor, edition, "What do you say?", governance.Actor{Person: mentioned}))
	if stop == afterTheStep {
		wait(stop)
	}
	o := office{t: t, Cast: &storetest.Cast{DB: db}}
	o.turn()
	if stop == afterTheOutbox {
		wait(stop)
	}
	sender := senderOf(t, db, o.site(), os.Getenv(catcherEnv), time.Now)
	sender.Transport = stuck{sender.Transport, stop}
	_, err = sender.Turn(t.Context())
	require.NoError(t, err)
}

func TestAMailSurvivesKill9(t *testing.T) {
	for _, test := range []struct {
		stop  string
		mails int
	}{
		{afterTheStep, 1}, {afterTheOutbox, 1}, {afterTheClaim, 1}, {afterThe250, 2},
	} {
		for _, kind := range storetest.Kinds {
			t.Run(kind+", killed when "+test.stop, func(t *testing.T) {
				o, c := newOffice(t, kind), newCatcher(t)
				o.mailbox("acme", governance.RoleRepresentative, "Jana", "jana@example.org")
				killAt(t, test.stop, o.url, c.address())
				o.clock.Advance(10 * time.Minute) // the claim of whoever was killed has ended
				for range 3 {
					o.turn()
					o.send(c.address())
				}
				mails := c.all(t)
				require.Len(t, mails, test.mails)
				for _, m := range mails {
					assert.Equal(t, mails[0].Message, m.Message, "one Message-ID, however often it goes out")
					assert.Contains(t, m.Text, "Bolt Ltd mentioned you in a comment.")
				}
			})
		}
	}
}

// killAt starts the other process and kills it where it is told to stop.
func killAt(t *testing.T, stop, database, catcher string) {
	t.Helper()
	mailer := exec.Command(os.Args[0], "-test.run=^TestKilledMailer$")
	mailer.Env = append(os.Environ(), killedEnv+"="+database, catcherEnv+"="+catcher, stopEnv+"="+stop)
	mailer.Stderr = os.Stderr
	out, err := mailer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, mailer.Start())
	lines, reached := bufio.NewScanner(out), false
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == stop {
			reached = true
			require.NoError(t, mailer.Process.Kill())
		} else {
			slog.Debug("the other process", "said", lines.Text())
		}
	}
	require.Error(t, mailer.Wait(), "it was killed")
	require.True(t, reached, "it came as far as that")
}
