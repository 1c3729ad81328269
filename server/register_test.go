package server

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheRegisterShowsWhatTheDemoPublished(t *testing.T) {
	b := newBrowser(t, served(t, Config{Demo: true}))
	status, list := b.open("/register")
	require.Equal(t, http.StatusOK, status, list)
	entries := regexp.MustCompile(`href="(/register/[a-z0-9-]+/[0-9.]+)"`).FindAllStringSubmatch(list, -1)
	require.NotEmpty(t, entries, "the demo has publications:\n%s", list)

	for _, entry := range entries {
		t.Run(entry[1], func(t *testing.T) {
			status, page := b.open(entry[1])
			require.Equal(t, http.StatusOK, status, page)
			for _, want := range []string{"Learning outcomes", "Where to learn it", "How it was agreed", "Counted again for this page: <strong>carried</strong>", "endorsement by"} {
				assert.Contains(t, page, want)
			}
			digest := regexp.MustCompile(`<code>sha256:([0-9a-f]{64})</code>`).FindStringSubmatch(page)
			require.NotNil(t, digest)
			status, document := b.open("/register/sha256/" + digest[1] + "/document.json")
			require.Equal(t, http.StatusOK, status)
			sum := sha256.Sum256([]byte(document))
			assert.Equal(t, digest[1], hex.EncodeToString(sum[:]), "the bytes are those that were voted on")
			status, same := b.open("/register/sha256/" + digest[1])
			assert.Equal(t, http.StatusOK, status)
			assert.Equal(t, page, same)
			consultation := regexp.MustCompile(`href="(/consultations/[0-9a-f-]{36})"`).FindStringSubmatch(page)
			require.NotNil(t, consultation, "its consultation is told of")
			status, report := b.open(consultation[1])
			require.Equal(t, http.StatusOK, status)
			assert.Contains(t, report, "This consultation is over.")
			assert.Contains(t, report, consultation[1]+"/comments.xlsx")
		})
	}
}

func TestTheRegisterShowsATranslationAsOneAndSaysWhatIsNotThere(t *testing.T) {
	b := newBrowser(t, served(t, Config{Demo: true}))
	shown, translated := b.open("/register/heat-pump-commissioning/1.1?lang=lv")
	assert.Equal(t, http.StatusOK, shown)
	for _, want := range []string{`<span lang="lv">Gaiss-ūdens siltumsūkņu palaišana`, "This is a machine translation that nobody has checked.", "The authentic text is in"} {
		assert.Contains(t, translated, want)
	}
	_, authentic := b.open("/register/heat-pump-commissioning/1.1")
	assert.NotContains(t, authentic, "Gaiss-ūdens")
	for _, path := range []string{"/register/none/1.0", "/register/sha256/" + "00", "/register/x", "/register/a/b/c"} {
		status, page := b.open(path)
		assert.Equal(t, http.StatusNotFound, status, path)
		assert.Contains(t, page, "Not found")
	}
	status, page := b.open("/register?q=nothing-of-the-kind")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, page, "Nothing was found.")
	status, page = b.open("/register?after=forged")
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, page, "This did not work")
}
