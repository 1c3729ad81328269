package notice_test

import (
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestAMentionGoesOutAtOnce(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		o.mailbox("acme", governance.RoleRepresentative, "Jana Petersen", "jana@example.org")
		o.comment("What do you say?", o.As("acme", governance.RoleRepresentative))
		o.turn()
		assert.Equal(t, 1, o.send(c.address()))
		assert.Equal(t, 0, o.send(c.address()), "once")
		mails := c.all(t)
		require.Len(t, mails, 1)
		m := mails[0]
		assert.Equal(t, []string{"jana@example.org"}, m.To)
		from, err := m.Header.AddressList("From")
		require.NoError(t, err)
		assert.Equal(t, []*mail.Address{{Name: "Concordat", Address: "concordat@example.org"}}, from)
		assert.Regexp(t, `^<[0-9a-f-]{36}@credentials\.example\.org>$`, m.Message)
		date, err := m.Header.Date()
		require.NoError(t, err)
		assert.Equal(t, o.clock.Now().Truncate(time.Second), date.UTC())
		assert.Equal(t, "auto-generated", m.Header.Get("Auto-Submitted"))
		assert.Equal(t, "Concordat <notices.credentials.example.org>", m.Header.Get("List-Id"))
		assert.Equal(t, "List-Unsubscribe=One-Click", m.Header.Get("List-Unsubscribe-Post"))
		link := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")
		token, ours := strings.CutPrefix(link, publicURL+"/unsubscribe/")
		require.True(t, ours, link)
		person, what, err := o.site().Unsubscription(token)
		require.NoError(t, err)
		assert.Equal(t, o.As("acme", governance.RoleRepresentative).Person, person)
		assert.Equal(t, string(governance.NoticeMention), what)
		for _, form := range []string{m.Text, m.HTML} {
			assert.Contains(t, form, "Bolt Ltd mentioned you in a comment.")
			assert.Contains(t, form, "You get this because you were mentioned.")
			assert.Contains(t, form, publicURL+"/notices#")
			assert.Contains(t, form, link)
			assert.NotContains(t, form, "What do you say?", "what was said stays where it can be taken back")
		}
		assert.NotContains(t, m.HTML, "<img", "nobody is followed")
	})
}

func TestADigestGroupsBySpecification(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		o.mailbox("college", governance.RoleAuthor, "", "editor@example.org")
		for range 25 {
			o.clock.Advance(time.Minute)
			o.comment("One more.")
		}
		o.turn()
		assert.Equal(t, 0, o.send(c.address()), "it can wait")
		o.clock.Advance(24 * time.Hour)
		o.turn()
		assert.Equal(t, 1, o.send(c.address()))
		m := c.all(t)[0]
		subject, err := decode(m.Header.Get("Subject"))
		require.NoError(t, err)
		assert.Regexp(t, `^25 things about .*heat pumps.* 1\.0$`, subject)
		assert.Equal(t, 20, strings.Count(m.Text, "* Bolt Ltd commented."))
		assert.Contains(t, m.Text, "* and 5 more")
		assert.Contains(t, m.Header.Get("List-Unsubscribe"), ".DIGEST.")
	})
}

func TestOneMailsFailureStopsNoOther(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		busy := true
		c.answer = func(line string) string {
			switch {
			case strings.Contains(line, "gone@example.org"):
				return "550 5.1.1 no such user gone@example.org"
			case strings.Contains(line, "busy@example.org") && busy:
				return "450 4.2.1 busy"
			}
			return ""
		}
		gone := o.mailbox("acme", governance.RoleRepresentative, "Gone", "gone@example.org")
		late := o.mailbox("crane", governance.RoleRepresentative, "Busy", "busy@example.org")
		fine := o.mailbox("union-a", governance.RoleRepresentative, "Fine", "fine@example.org")
		o.comment("What do you say?", gone, late, fine)
		o.turn()
		assert.Equal(t, 3, o.send(c.address()))
		require.Len(t, c.all(t), 1)
		assert.Equal(t, []string{"fine@example.org"}, c.all(t)[0].To)

		busy = false
		assert.Equal(t, 0, o.send(c.address()), "it waits a minute")
		o.clock.Advance(time.Minute)
		assert.Equal(t, 1, o.send(c.address()), "who is gone is not tried again")
		require.Len(t, c.all(t), 2)
		assert.Equal(t, []string{"busy@example.org"}, c.all(t)[1].To)
	})
}

func TestAServerThatIsAwayIsTriedAgain(t *testing.T) {
	eachOffice(t, func(o office) {
		o.mailbox("acme", governance.RoleRepresentative, "Jana", "jana@example.org")
		o.comment("What do you say?", o.As("acme", governance.RoleRepresentative))
		o.turn()
		assert.Equal(t, 1, o.send("smtp://127.0.0.1:1"))
		c := newCatcher(t)
		o.clock.Advance(time.Minute)
		assert.Equal(t, 1, o.send(c.address()))
		assert.Len(t, c.all(t), 1)
	})
}

func TestNobodyWritesAHeaderOfOurs(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		o.mailbox("acme", governance.RoleRepresentative, "Jana\r\nBcc: all@example.org", "jana@example.org")
		o.comment("What do you say?", o.As("acme", governance.RoleRepresentative))
		o.turn()
		assert.Equal(t, 1, o.send(c.address()))
		m := c.all(t)[0]
		assert.Empty(t, m.Header.Get("Bcc"))
		to, err := m.Header.AddressList("To")
		require.NoError(t, err)
		assert.Equal(t, []*mail.Address{{Name: "Jana Bcc: all@example.org", Address: "jana@example.org"}}, to)
		assert.Equal(t, []string{"jana@example.org"}, m.To)
	})
}

func TestAnAddressThatIsNoneFails(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		o.mailbox("acme", governance.RoleRepresentative, "Jana", "jana@example.org>\nRCPT TO:<all@example.org")
		o.comment("What do you say?", o.As("acme", governance.RoleRepresentative))
		o.turn()
		assert.Equal(t, 1, o.send(c.address()))
		assert.Empty(t, c.all(t))
		o.clock.Advance(24 * time.Hour)
		assert.Equal(t, 0, o.send(c.address()))
	})
}

func TestWhatWasReadInTheApplicationIsNotMailed(t *testing.T) {
	eachOffice(t, func(o office) {
		c := newCatcher(t)
		reader := o.mailbox("acme", governance.RoleRepresentative, "Jana", "jana@example.org")
		o.comment("What do you say?", reader)
		o.turn()
		_, err := o.DB.MarkNoticesRead(t.Context(), reader, store.MarkNoticesReadInput{})
		require.NoError(t, err)
		assert.Equal(t, 1, o.send(c.address()))
		assert.Empty(t, c.all(t))
	})
}

func TestAFolderKeepsAMailOnce(t *testing.T) {
	o := newOffice(t, "sqlite")
	o.mailbox("acme", governance.RoleRepresentative, "Jana", "jana@example.org")
	o.comment("What do you say?", o.As("acme", governance.RoleRepresentative))
	o.turn()
	folder := filepath.Join(t.TempDir(), "mail")
	assert.Equal(t, 1, o.send("file:"+folder))
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	assert.True(t, strings.HasSuffix(files[0], ".eml"))
	content, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Contains(t, readMail(t, string(content)).Text, "mentioned you")
}
