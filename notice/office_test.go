package notice_test

import (
	"context"
	"log/slog"
	"net/mail"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notice"
	"concordat/store"
	"concordat/store/storetest"
)

const publicURL = "https://credentials.example.org"

// office is a cast whose people have addresses, with an edition of the college's.
type office struct {
	*storetest.Cast
	t       *testing.T
	url     string
	clock   *storetest.Clock
	edition *store.Edition
}

func eachOffice(t *testing.T, f func(o office)) {
	t.Helper()
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) { f(newOffice(t, kind)) })
	}
}

func newOffice(t *testing.T, kind string) office {
	t.Helper()
	o := office{t: t, url: storetest.URL(t, kind), clock: storetest.NewClock()}
	db := storetest.OpenWith(t, store.Config{URL: o.url, Clock: o.clock.Now})
	o.Cast = storetest.NewCast(t, db)
	id, err := db.StartSpecification(t.Context(), o.As("college", governance.RoleAuthor), store.StartSpecificationInput{
		Council: o.Council, Slug: "heat-pumps", Document: sample.Document(), Message: "First draft.",
	})
	require.NoError(t, err)
	specification, err := db.SpecificationByID(t.Context(), o.As("college", governance.RoleAuthor), id, nil)
	require.NoError(t, err)
	o.edition, err = db.NewestEdition(t.Context(), o.As("college", governance.RoleAuthor), specification, nil)
	require.NoError(t, err)
	o.turn()
	return o
}

// mailbox signs somebody in with an address that its provider has verified.
func (o office) mailbox(slug string, role governance.Role, name, address string) governance.Actor {
	o.t.Helper()
	_, err := o.DB.SignIn(o.t.Context(), store.SignIn{
		Issuer: storetest.CastIssuer, Subject: slug + "-" + string(role), Name: name, Email: address, EmailVerified: true,
	})
	require.NoError(o.t, err)
	return o.As(slug, role)
}

// comment comments as bolt, and mentions people.
func (o office) comment(body string, mentioned ...governance.Actor) {
	o.t.Helper()
	require.NoError(o.t, comment(o.DB, o.As("bolt", governance.RoleAuthor), o.edition, body, mentioned...))
}

func comment(db *store.DB, author governance.Actor, e *store.Edition, body string, mentioned ...governance.Actor) error {
	in := store.AddCommentInput{Edition: e.ID, Revision: e.HeadID, Kind: governance.CommentGeneral, Body: body}
	for _, actor := range mentioned {
		in.Mentions = append(in.Mentions, string(actor.Person))
	}
	_, err := db.AddComment(context.Background(), author, in)
	return err
}

// turn does once what a desk has to do, when the log has caught up.
func (o office) turn() {
	o.t.Helper()
	require.Eventually(o.t, func() bool {
		measures, err := o.DB.Measures(context.Background())
		return err == nil && measures.Queued == 0
	}, 10*time.Second, 5*time.Millisecond)
	require.NoError(o.t, notice.Desk{Store: o.DB, Mails: true, Log: slog.Default()}.Turn(context.Background()))
}

func (o office) site() *notice.Site {
	o.t.Helper()
	site, err := notice.NewSite(o.t.Context(), o.DB, publicURL)
	require.NoError(o.t, err)
	return site
}

// send sends once what is due.
func (o office) send(address string) int {
	o.t.Helper()
	sent, err := senderOf(o.t, o.DB, o.site(), address, o.clock.Now).Turn(o.t.Context())
	require.NoError(o.t, err)
	return sent
}

func senderOf(t *testing.T, db *store.DB, site *notice.Site, address string, now func() time.Time) notice.Sender {
	t.Helper()
	transport, err := notice.OpenTransport(address)
	require.NoError(t, err)
	return notice.Sender{
		Store: db, Site: site, Transport: transport, From: mail.Address{Name: "Concordat", Address: "concordat@example.org"},
		Log: slog.Default(), Now: now,
	}
}
