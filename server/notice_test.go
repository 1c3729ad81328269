package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// ask answers a page to somebody who is not signed in.
func ask(t *testing.T, method, address string, header http.Header, values url.Values) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(values.Encode()))
	require.NoError(t, err)
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestPreferencesOfWhoeverIsSignedIn(t *testing.T) {
	s := served(t, Config{Demo: true, unseeded: true, Database: storetest.URL(t, storetest.SQLite), Mail: "file:" + filepath.Join(t.TempDir(), "mail")})
	b := newBrowser(t, s)
	b.signIn("secretary")

	t.Run("are shown with the address that mails go to", func(t *testing.T) {
		status, page := b.open("/settings/notices")
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, page, "Mails go to secretary@demo.example")
		assert.Contains(t, page, "mentions of you (at once)")
		status, page = b.open("/notices")
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, page, "You were told nothing yet.")
	})
	t.Run("are changed", func(t *testing.T) {
		status, page := b.open("/settings/notices", url.Values{"mail": {"on"}, "kind": {"MENTION", "DEADLINE"}, "digest": {"WEEKLY"},
			"hour": {"18"}, "zone": {"Europe/Riga"}})
		assert.Equal(t, http.StatusOK, status, page)
		assert.Contains(t, page, `<option value="WEEKLY" selected>`)
		assert.Contains(t, page, `<option value="18" selected>`)
		assert.Contains(t, page, `value="MENTION" checked`)
		assert.NotContains(t, page, `value="COMMENT" checked`)
	})
	t.Run("are refused where they are none", func(t *testing.T) {
		for _, wrong := range []url.Values{
			{"digest": {"HOURLY"}, "hour": {"7"}}, {"digest": {"DAILY"}, "hour": {"24"}}, {"digest": {"DAILY"}},
			{"digest": {"DAILY"}, "hour": {"7"}, "zone": {"Mars/Olympus"}}, {"calendar": {"SHARE"}},
		} {
			status, _ := b.open("/settings/notices", wrong)
			assert.Equal(t, http.StatusBadRequest, status, wrong)
		}
	})
	t.Run("are nobody else's", func(t *testing.T) {
		for _, path := range []string{"/settings/notices", "/notices"} {
			response, _ := ask(t, http.MethodGet, s.URL()+path, nil, nil)
			assert.Equal(t, http.StatusUnauthorized, response.StatusCode)
		}
		response, _ := ask(t, http.MethodPost, s.URL()+"/settings/notices", nil, url.Values{"calendar": {"RENEW"}})
		assert.Equal(t, http.StatusUnauthorized, response.StatusCode)
	})
	t.Run("have a calendar whose address changes and is taken away", func(t *testing.T) {
		address := regexp.MustCompile(`href="(` + regexp.QuoteMeta(s.URL()) + `/calendar/[^"]+)"`)
		calendar := func(button string) (string, int) {
			_, page := b.open("/settings/notices", url.Values{"calendar": {button}})
			found := address.FindStringSubmatch(page)
			if found == nil {
				return "", 0
			}
			response, body := ask(t, http.MethodGet, found[1], nil, nil)
			assert.Equal(t, "text/calendar; charset=utf-8; method=PUBLISH", response.Header.Get("Content-Type"))
			assert.Contains(t, body, "METHOD:PUBLISH\r\n")
			return found[1], response.StatusCode
		}
		first, status := calendar("RENEW")
		assert.Equal(t, http.StatusOK, status)
		second, status := calendar("RENEW")
		assert.Equal(t, http.StatusOK, status)
		assert.NotEqual(t, first, second)
		none, _ := calendar("REVOKE")
		assert.Empty(t, none)
		for _, old := range []string{first, second, second + "A"} {
			response, _ := ask(t, http.MethodGet, old, nil, nil)
			assert.Equal(t, http.StatusNotFound, response.StatusCode)
		}
		third, _ := calendar("RENEW")
		assert.NotContains(t, []string{first, second}, third, "no address comes back")
	})
}

func TestOneClickTurnsMailsOff(t *testing.T) {
	s := served(t, Config{Demo: true, unseeded: true, Database: storetest.URL(t, storetest.SQLite)})
	b := newBrowser(t, s)
	b.signIn("secretary")
	person, err := s.db.PersonNamed(t.Context(), s.URL()+"/demo-idp", "secretary")
	require.NoError(t, err)
	muted := func() []governance.NoticeKind {
		p, err := s.db.NoticePreferences(context.Background(), governance.Actor{Person: person})
		require.NoError(t, err)
		return p.Muted
	}
	link := s.post.site.UnsubscribeURL(person, string(governance.NoticeComment))

	response, page := ask(t, http.MethodGet, link, nil, nil)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, page, "Turn off mails about comments")
	assert.Equal(t, "private, no-store", response.Header.Get("Cache-Control"))
	assert.Empty(t, muted(), "a scanner that follows links turns nothing off")
	for range 2 {
		response, _ = ask(t, http.MethodPost, link, nil, url.Values{"List-Unsubscribe": {"One-Click"}})
		assert.Equal(t, http.StatusOK, response.StatusCode, "RFC 8058: no redirect, no session")
		assert.Equal(t, []governance.NoticeKind{governance.NoticeComment}, muted())
	}
	response, _ = ask(t, http.MethodPost, link+"A", nil, nil)
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	response, _ = ask(t, http.MethodPost, s.post.site.UnsubscribeURL(person, "WEATHER"), nil, nil)
	assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	response, _ = ask(t, http.MethodPost, s.post.site.UnsubscribeURL(person, store.StopAll), nil, nil)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	p, err := s.db.NoticePreferences(t.Context(), governance.Actor{Person: person})
	require.NoError(t, err)
	assert.False(t, p.Mail)
}

// demoNotice is a notice as the API tells it.
type demoNotice struct{ ID, Kind, Text, Why, Path string }

func (n demoNotice) onBallot() bool { return strings.HasPrefix(n.Path, "/ballots/") }

func TestTheDemosPeopleAreTold(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	s := served(t, Config{Demo: true, Database: storetest.URL(t, storetest.SQLite), Mail: "file:" + folder})
	b := newBrowser(t, s)
	b.signIn("secretary")
	var told struct {
		Data struct {
			Viewer struct {
				Notices struct {
					Nodes []demoNotice
				}
				NoticePreferences struct{ Address, Digest string }
			}
		}
	}
	query := `{"query": "{ viewer { notices(first: 100) { nodes { id kind text why path } } noticePreferences { address digest calendarUrl } } }"}`
	require.Eventually(t, func() bool { // the log is followed from its beginning, and ballots come late in the demo's
		response, err := b.client.Post(s.URL()+"/graphql", "application/json", strings.NewReader(query))
		if !assert.NoError(t, err) {
			return false
		}
		defer response.Body.Close()
		return assert.NoError(t, json.NewDecoder(response.Body).Decode(&told)) &&
			slices.ContainsFunc(told.Data.Viewer.Notices.Nodes, demoNotice.onBallot)
	}, 20*time.Second, 50*time.Millisecond)
	_, page := b.open("/notices")
	assert.Contains(t, page, "You get this because")
	for _, n := range told.Data.Viewer.Notices.Nodes {
		assert.NotContains(t, n.Text+n.Why, "{", "every word is filled in")
		assert.NotEmpty(t, n.Text)
	}
	for _, n := range told.Data.Viewer.Notices.Nodes {
		if !n.onBallot() {
			continue
		}
		status, calendar := b.open(n.Path + "/calendar.ics")
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, calendar, "UID:"+strings.TrimPrefix(n.Path, "/ballots/")+"@127.0.0.1\r\n")
		status, _ = b.open(strings.Replace(n.Path, "/ballots/", "/consultations/", 1) + "/calendar.ics")
		assert.Equal(t, http.StatusNotFound, status)
	}
	assert.Equal(t, "secretary@demo.example", told.Data.Viewer.NoticePreferences.Address)
}
