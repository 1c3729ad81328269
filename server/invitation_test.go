package server

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// TestAnInvitationIsMailedAndAcceptedWithOneClick follows a link from the mail to the mandate, on the demo's own data.
func TestAnInvitationIsMailedAndAcceptedWithOneClick(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	s := served(t, Config{Demo: true, Database: storetest.URL(t, storetest.SQLite), Mail: "file:" + folder})
	db := s.db
	boss, err := db.PersonNamed(t.Context(), s.URL()+"/demo-idp", "nordwaerme-rep")
	require.NoError(t, err)
	organization, err := db.OrganizationBySlug(t.Context(), "nordwaerme")
	require.NoError(t, err)
	actor := governance.Actor{Person: boss, Organization: organization.ID, Scopes: []governance.Scope{governance.ScopeAct}}
	id, err := db.InviteToMandate(t.Context(), actor, store.InviteToMandateInput{
		Organization: organization.ID, Email: "visitor@demo.example", Role: governance.RoleAuthor, Ground: "knows heat pumps",
	})
	require.NoError(t, err)

	mail := awaitMail(t, folder, "An invitation to speak for")
	link := regexp.MustCompile(regexp.QuoteMeta(s.URL()) + `(/invitations/[^\s"]+)`).FindStringSubmatch(mail)
	require.NotNil(t, link, mail)
	assert.NotContains(t, mail, "List-Unsubscribe", "it is no notice")

	t.Run("nobody answers it by looking at it", func(t *testing.T) {
		response, page := ask(t, http.MethodGet, s.URL()+link[1], nil, nil)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, "no-referrer", response.Header.Get("Referrer-Policy"))
		assert.Contains(t, page, "Sign in to accept or decline")
		assert.Contains(t, page, url.QueryEscape(link[1]), "one comes back to it")
		response, _ = ask(t, http.MethodPost, s.URL()+link[1], nil, url.Values{"answer": {"accept"}})
		assert.Equal(t, http.StatusUnauthorized, response.StatusCode)
	})
	t.Run("another address has no button", func(t *testing.T) {
		b := newBrowser(t, s)
		b.signIn("two-hats")
		status, page := b.open(link[1])
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, page, "This invitation was sent to v…@demo.example")
		assert.NotContains(t, page, "<button type=\"submit\" name=\"answer\"")
		status, _ = b.open(link[1], url.Values{"answer": {"accept"}})
		assert.Equal(t, http.StatusForbidden, status)
	})
	t.Run("its own accepts it, once", func(t *testing.T) {
		b := newBrowser(t, s)
		b.signIn("visitor")
		for _, path := range []string{link[1], "/invitations/" + string(id)} {
			status, page := b.open(path)
			assert.Equal(t, http.StatusOK, status)
			assert.Contains(t, page, `value="accept"`)
		}
		status, _ := b.open(link[1], url.Values{"answer": {"maybe"}})
		assert.Equal(t, http.StatusBadRequest, status)
		status, page := b.open(link[1], url.Values{"answer": {"accept"}})
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, page, "author of Nordwärme Anlagenbau GmbH")
		status, page = b.open(link[1], url.Values{"answer": {"accept"}})
		assert.Equal(t, http.StatusConflict, status)
		assert.Contains(t, page, "it can be used once")
		_, page = b.open(link[1])
		assert.Contains(t, page, "it can be used once")
	})
	t.Run("what is no link of ours is nothing", func(t *testing.T) {
		response, _ := ask(t, http.MethodGet, s.URL()+link[1]+"A", nil, nil)
		assert.Equal(t, http.StatusNotFound, response.StatusCode)
	})
}

// TestWhoHasTwoHatsAcceptsAThird: on a page nobody says for whom it acts, and an invitation needs nobody to.
func TestWhoHasTwoHatsAcceptsAThird(t *testing.T) {
	s := served(t, Config{Demo: true, Database: storetest.URL(t, storetest.SQLite)})
	admin, err := s.db.PersonNamed(t.Context(), s.URL()+"/demo-idp", "admin")
	require.NoError(t, err)
	mandates, err := s.db.StandingMandates(t.Context(), admin)
	require.NoError(t, err)
	organization, err := s.db.OrganizationBySlug(t.Context(), "nordwaerme")
	require.NoError(t, err)
	actor := governance.Actor{Person: admin, Organization: mandates[0].Organization, Scopes: []governance.Scope{governance.ScopeAct}}
	id, err := s.db.InviteToMandate(t.Context(), actor, store.InviteToMandateInput{
		Organization: organization.ID, Role: governance.RoleObserver, Ground: "sits on the board"})
	require.NoError(t, err)
	i, err := s.db.MandateInvitation(t.Context(), actor, id)
	require.NoError(t, err)
	b := newBrowser(t, s)
	b.signIn("two-hats")
	status, page := b.open(i.Path(), url.Values{"answer": {"accept"}})
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, page, "observer of Nordwärme Anlagenbau GmbH")
}

// awaitMail reads the first mail in the folder with that subject, decoded as far as a link needs.
func awaitMail(t *testing.T, folder, subject string) string {
	t.Helper()
	var found string
	require.Eventually(t, func() bool {
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err == nil && strings.Contains(string(text), subject) {
				found = strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(string(text))
				return true
			}
		}
		return false
	}, 20*time.Second, 20*time.Millisecond)
	return found
}
