package notary_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
)

func TestEncodedDocumentBeginsWithItsSchema(t *testing.T) {
	encoded, digest, err := notary.EncodeDocument(sample.Document())
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(encoded), `{"schema":"concordat/document/1",`), string(encoded[:60]))
	assert.Equal(t, notary.Digest(encoded), digest)
}

func TestStoredBytesReadBackAndEncodeToThemselves(t *testing.T) {
	encoded, digest, err := notary.EncodeDocument(sample.Document())
	require.NoError(t, err)
	parsed, err := governance.ParseDocument(encoded)
	require.NoError(t, err)
	assert.Equal(t, sample.Document(), parsed, "the sample says nothing empty and is in NFC, so nothing may change")
	again, digestAgain, err := notary.EncodeDocument(parsed)
	require.NoError(t, err)
	assert.Equal(t, string(encoded), string(again))
	assert.Equal(t, digest, digestAgain)
}

func TestOneCharacterChangesTheDigest(t *testing.T) {
	_, before, err := notary.EncodeDocument(sample.Document())
	require.NoError(t, err)
	changed := sample.Document()
	changed.Title["en"] += ","
	_, after, err := notary.EncodeDocument(changed)
	require.NoError(t, err)
	assert.NotEqual(t, before, after)
}

func TestEqualDocumentsHaveOneDigest(t *testing.T) {
	composed, decomposed := sample.Document(), sample.Document()
	composed.Title["de"] = "Wärmepumpen\nñ"
	decomposed.Title["de"] = "Wa\u0308rmepumpen\r\nn\u0303"
	decomposed.Stackability.Needs = []governance.Reference{}
	decomposed.Outcomes[0].Statement["fr"] = ""
	delete(decomposed.Outcomes[0].Statement, "fr")
	decomposed.Validation.Evidence[0].Note = governance.Text{}
	_, first, err := notary.EncodeDocument(composed)
	require.NoError(t, err)
	_, second, err := notary.EncodeDocument(decomposed)
	require.NoError(t, err)
	assert.Equal(t, first, second)
}

func TestCombiningCharacterAfterALineFeedStaysAlone(t *testing.T) {
	d := sample.Document()
	d.Summary["en"] = "line\n\u0303"
	encoded, _, err := notary.EncodeDocument(d)
	require.NoError(t, err)
	parsed, err := governance.ParseDocument(encoded)
	require.NoError(t, err)
	assert.Equal(t, "line\n\u0303", parsed.Summary["en"])
}

func TestEncodeRefusesWhatCouldNotBeReadBack(t *testing.T) {
	d := sample.Document()
	d.Outcomes[1].ID = d.Outcomes[0].ID
	_, _, err := notary.EncodeDocument(d)
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
	assert.ErrorContains(t, err, "/outcomes/types")
}

func TestEncodedOfferReadsBack(t *testing.T) {
	encoded, digest, err := notary.EncodeOffer(sample.Offer())
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(encoded), `{"schema":"concordat/offer/1",`))
	parsed, err := governance.ParseOfferFacts(encoded)
	require.NoError(t, err)
	assert.Equal(t, sample.Offer(), parsed)
	assert.Equal(t, notary.Digest(encoded), digest)
}

func TestEncodedTranslationReadsBack(t *testing.T) {
	_, of, err := notary.EncodeDocument(sample.Document())
	require.NoError(t, err)
	translation := governance.Translation{Language: "lv", Of: of, Texts: map[string]string{"/title": "Siltums\u016bk\u0146i", "/summary": ""}}
	encoded, digest, err := notary.EncodeTranslation(translation)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(encoded), `{"schema":"concordat/translation/1",`))
	parsed, err := governance.ParseTranslation(encoded)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"/title": "Siltums\u016bk\u0146i"}, parsed.Texts, "what says nothing is absent")
	assert.Equal(t, notary.Digest(encoded), digest)
	translation.Language = "Latvian"
	_, _, err = notary.EncodeTranslation(translation)
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
}
