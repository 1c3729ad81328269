package register

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

func TestAFileIsSentAsTheReaderTakesIt(t *testing.T) {
	body := strings.Repeat("heat pumps ", 500)
	file, err := newRendered("text/plain", []byte(body))
	require.NoError(t, err)
	send := func(method string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/x", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		require.NoError(t, file.send(w, r, askEachTime))
		return w
	}
	whole := send(http.MethodGet)
	assert.Equal(t, body, whole.Body.String())
	assert.Empty(t, whole.Header().Get("Content-Encoding"))
	assert.Equal(t, askEachTime, whole.Header().Get("Cache-Control"))

	packed := send(http.MethodGet, "Accept-Encoding", "br, gzip;q=0.5")
	assert.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	reader, err := gzip.NewReader(packed.Body)
	require.NoError(t, err)
	unpacked, err := io.ReadAll(reader)
	require.NoError(t, err)
	assert.Equal(t, body, string(unpacked))
	assert.NotEqual(t, whole.Header().Get("ETag"), packed.Header().Get("ETag"), "strong tags name bytes")
	for _, refusing := range []string{"gzip;q=0", "identity", "*;q=0"} {
		assert.Equal(t, body, send(http.MethodGet, "Accept-Encoding", refusing).Body.String(), refusing)
	}

	head := send(http.MethodHead)
	assert.Zero(t, head.Body.Len())
	assert.Equal(t, whole.Header(), head.Header())
	for _, known := range []string{whole.Header().Get("ETag"), `"x", W/` + whole.Header().Get("ETag"), "*"} {
		same := send(http.MethodGet, "If-None-Match", known)
		assert.Equal(t, http.StatusNotModified, same.Code, known)
		assert.Zero(t, same.Body.Len())
	}
	assert.Equal(t, http.StatusOK, send(http.MethodGet, "If-None-Match", `"x"`).Code)
}

func TestTheShelfKeepsWhatWasAskedForLast(t *testing.T) {
	s := newShelf(3 * (overhead + 100))
	for _, of := range []string{"a", "b", "c"} {
		s.put(shelfKey{of: of}, of, 100)
	}
	require.Equal(t, "a", s.get(shelfKey{of: "a"}))
	s.put(shelfKey{of: "d"}, "d", 100)
	assert.Nil(t, s.get(shelfKey{of: "b"}), "nobody had asked for it for the longest")
	assert.Equal(t, "a", s.get(shelfKey{of: "a"}))
	s.put(shelfKey{of: "a"}, "A", 50)
	assert.Equal(t, "A", s.get(shelfKey{of: "a"}), "the newer takes the place of the older")
	s.put(shelfKey{of: "e"}, "e", 4*(overhead+100))
	assert.Nil(t, s.get(shelfKey{of: "e"}), "it would throw out everything else")
	assert.Equal(t, "d", s.get(shelfKey{of: "d"}))
}

func TestTheFormIsThatOfTheAddressOrOfWhatIsAccepted(t *testing.T) {
	for _, c := range []struct {
		address, accept string
		want            exchange.ExportFormat
	}{
		{"/x", "", formPage},
		{"/x", "*/*", formPage},
		{"/x", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", formPage},
		{"/x", "application/json", formDocument},
		{"/x", "application/ld+json", exchange.ToSchemaOrg},
		{"/x", `application/ld+json;profile="http://data.europa.eu/snb/model/ap/edc-generic-full"`, exchange.ToELMCredential},
		{"/x", "text/turtle", exchange.ToELMDataset},
		{"/x", "text/turtle;q=0.4, application/xml", exchange.ToQDR},
		{"/x", "text/html;q=0, text/*", exchange.ToELMDataset},
		{"/x", "nonsense/;;, text/csv", exchange.ToCSV},
		{"/x?format=case", "text/html", exchange.ToCASE},
	} {
		r := httptest.NewRequest(http.MethodGet, c.address, nil)
		r.Header.Set("Accept", c.accept)
		got, err := asksFor(r)
		require.NoError(t, err, c.accept)
		assert.Equal(t, c.want, got, "%s, Accept: %s", c.address, c.accept)
	}
	for address, accept := range map[string]string{"/x?format=docx": "", "/x": "image/png"} {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		r.Header.Set("Accept", accept)
		_, err := asksFor(r)
		require.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		for _, format := range formats() {
			assert.ErrorContains(t, err, format)
		}
	}
}

func TestAPublicationThatAFormatCannotHoldSaysWhy(t *testing.T) {
	e := entry()
	e.Standing.Offers = nil
	g := &Register{PublicURL: base}
	_, err := g.make(e, wanting{form: exchange.ToELMCredential})
	require.Equal(t, governance.CodeNotFound, governance.CodeOf(err))
	assert.ErrorContains(t, err, "names who awards the credential, which an offer says: there is none")
	_, err = g.make(e, wanting{form: exchange.ToCSV, offer: "o2"})
	assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "it has no such offer")
	page, err := g.make(e, wanting{form: formPage})
	require.NoError(t, err)
	assert.Contains(t, string(page.body), "application/ld+json")
}
