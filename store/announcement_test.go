package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// announced lists the electors of a ballot by short name, as somebody reads them.
func (v *vote) announced(actor governance.Actor, ballot governance.BallotID) map[string]*store.Elector {
	v.t.Helper()
	electors, err := v.DB.Electors(v.t.Context(), actor, v.ballot(ballot), "", store.Page{}, nil)
	require.NoError(v.t, err)
	byName := map[string]*store.Elector{}
	for _, e := range electors.Nodes {
		byName[e.Organization.Slug] = e
	}
	return byName
}

func TestTheAnnouncementOfABallotIsOnRecord(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		t := v.t
		d := desk{t: t, Cast: v.Cast}
		acme, bolt := v.As("acme", governance.RoleRepresentative), v.As("bolt", governance.RoleRepresentative)
		v.Grant("acme", governance.RoleRepresentative, "2")
		d.mailbox(acme)
		d.mailbox(bolt)
		change(t, v.DB, `UPDATE mandates SET ended_at = $2 WHERE organization_id = $1`, v.Organizations["crane"], v.clock.Now())
		d.forget()
		id := v.open()
		assert.Nil(t, v.announced(v.Secretary(), id)["acme"].Told, "it is on its way")
		v.clock.Advance(time.Second)
		told := v.clock.Now()
		d.follow()
		seen := v.announced(v.Secretary(), id)
		require.Len(t, seen["acme"].Deliveries, 2, "both who speak for it")
		assert.Equal(t, "Person acme-REPRESENTATIVE", *seen["acme"].Deliveries[0].Person.Name)
		assert.Equal(t, governance.ChannelInApp, seen["acme"].Deliveries[0].Channel)
		assert.Equal(t, told, *seen["acme"].ToldAt)
		assert.True(t, *seen["acme"].Told)
		assert.False(t, *seen["crane"].Told, "nobody speaks for it")
		assert.Nil(t, seen["crane"].ToldAt)
		for _, other := range []governance.Actor{acme, v.councillor(), v.Admin(), {}} {
			public := v.announced(other, id)
			assert.Equal(t, told, *public["acme"].ToldAt)
			assert.Nil(t, public["acme"].Deliveries, "who it was is the secretary's to know")
		}

		v.clock.Advance(26 * time.Hour)
		require.NoError(t, v.DB.MakeDigests(t.Context()))
		mails, err := v.DB.ClaimMails(context.Background(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, mails, 2)
		for _, m := range mails {
			if m.Person == acme.Person {
				require.NoError(t, v.DB.MailSent(t.Context(), m))
			} else {
				require.NoError(t, v.DB.MailFailed(t.Context(), m, "550 no such mailbox"))
			}
		}
		accepted := v.clock.Now()
		change(t, v.DB, `UPDATE notices SET mail_id = NULL`)
		change(t, v.DB, `DELETE FROM outbox`)
		change(t, v.DB, `DELETE FROM notices`)
		change(t, v.DB, `UPDATE notice_cursor SET number = -1`) // and the log is followed again
		v.Grant("crane", governance.RoleRepresentative, "late")
		d.follow()
		seen = v.announced(v.Secretary(), id)
		require.Len(t, seen["acme"].Deliveries, 3, "notices and mails may go, this stays")
		sent := seen["acme"].Deliveries[2]
		assert.Equal(t, [2]string{"MAIL", "SENT"}, [2]string{string(sent.Channel), string(sent.State)})
		assert.Equal(t, accepted, sent.At)
		require.Len(t, seen["bolt"].Deliveries, 2)
		failed := seen["bolt"].Deliveries[1]
		assert.Equal(t, governance.DeliveryFailed, failed.State)
		assert.Equal(t, "550 no such mailbox", failed.Answer)
		assert.False(t, *seen["crane"].Told, "whoever came later was not told then")
		for _, text := range []string{`UPDATE announcements SET state = 'FAILED'`, `DELETE FROM announcements`} {
			require.Error(t, v.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, text)
				return err
			}))
		}
	})
}
