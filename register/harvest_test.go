package register_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/register"
	"concordat/store/storetest"
)

const publicURL = "https://credentials.example.org"

// lines are those of a harvest, and what its last one says of it.
func (f *filled) lines(t *testing.T, address string) (lines [][]byte, end map[string]any) {
	t.Helper()
	answer := f.ask(t, strings.TrimPrefix(address, publicURL))
	require.Equal(t, http.StatusOK, answer.Code, answer.Body.String())
	lines = bytes.Split(bytes.TrimSuffix(answer.Body.Bytes(), []byte("\n")), []byte("\n"))
	var last map[string]map[string]any
	require.NoError(t, json.Unmarshal(lines[len(lines)-1], &last))
	return lines[:len(lines)-1], last["end"]
}

func TestTheWholeRegisterIsHarvestedAndThenWhatChanges(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		f := newFilled(t, kind)
		index, end := f.lines(t, register.IndexPath)
		require.Len(t, index, len(f.set.Complete()), "every publication has a line")
		assert.EqualValues(t, len(index), end["publications"])
		sum := sha256.Sum256(append(bytes.Join(index, []byte("\n")), '\n'))
		assert.Equal(t, "sha256:"+hex.EncodeToString(sum[:]), end["digest"])
		var first struct {
			ID, Digest, Council, Publisher, OfferDigest string
			Formats                                     map[string]string
		}
		require.NoError(t, json.Unmarshal(index[0], &first))
		assert.Equal(t, publicURL+"/register/specification-0000000/1.0", first.ID)
		assert.NotEmpty(t, first.OfferDigest)
		for format, address := range first.Formats {
			assert.Equal(t, http.StatusOK, f.ask(t, strings.TrimPrefix(address, publicURL)).Code, format)
		}

		texts, end := f.lines(t, register.TextsPath)
		require.Len(t, texts, len(index))
		var text struct {
			ID, Digest string
			Document   json.RawMessage
		}
		require.NoError(t, json.Unmarshal(texts[0], &text))
		assert.Equal(t, governance.Digest(text.Digest), notary.Digest(text.Document), "the bytes are those that were agreed on")

		changes := end["changes"].(string)
		none, end := f.lines(t, changes)
		assert.Empty(t, none)
		assert.Equal(t, false, end["more"])
		assert.Equal(t, changes, end["next"])
	})
}

func TestWhatIsNoTokenIsRefused(t *testing.T) {
	f := newFilled(t, storetest.SQLite)
	for _, token := range []string{"x", "l", "l-1", "l99999999999999999999", "l1000000"} {
		assert.Equal(t, http.StatusBadRequest, f.ask(t, register.ChangesPath+"?since="+token).Code, token)
	}
	assert.Equal(t, http.StatusOK, f.ask(t, register.ChangesPath).Code)
}

func TestTheRegisterIsFoundByFeedAndSitemap(t *testing.T) {
	f := newFilled(t, storetest.SQLite)
	var feed struct {
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
		Updated string `xml:"updated"`
	}
	answer := f.ask(t, register.FeedPath)
	require.NoError(t, xml.Unmarshal(answer.Body.Bytes(), &feed))
	require.Len(t, feed.Entries, 50)
	assert.NotEmpty(t, feed.Entries[0].Title)
	assert.Greater(t, feed.Updated, "2000")
	assert.Equal(t, http.StatusOK, f.ask(t, strings.TrimPrefix(feed.Entries[0].ID, publicURL)).Code)

	robots := f.ask(t, register.RobotsPath).Body.String()
	assert.Contains(t, robots, "Sitemap: "+publicURL+register.SitemapPath)
	type places struct {
		Maps  []string `xml:"sitemap>loc"`
		Pages []string `xml:"url>loc"`
	}
	var maps, part places
	require.NoError(t, xml.Unmarshal(f.ask(t, register.SitemapPath).Body.Bytes(), &maps))
	require.Equal(t, []string{publicURL + "/sitemaps/1.xml"}, maps.Maps)
	require.NoError(t, xml.Unmarshal(f.ask(t, "/sitemaps/1.xml").Body.Bytes(), &part))
	require.Len(t, part.Pages, len(f.set.Complete()))
	assert.Equal(t, publicURL+"/register/specification-0000000/1.0", part.Pages[0])
	for _, none := range []string{"2.xml", "0.xml", "01.xml", "1", "x.xml"} {
		assert.Equal(t, http.StatusNotFound, f.ask(t, "/sitemaps/"+none).Code, none)
	}
}
