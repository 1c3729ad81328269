package storebench

import (
	"bytes"
	"fmt"
	"sync"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
)

// numbered stands in the sample's title where each specification has its number, of the same length.
const numbered = "#0000000#"

// encoded is the sample with eight outcomes, encoded once: each specification's text differs in its title alone.
var encoded = sync.OnceValue(func() []byte {
	d := sample.Document()
	d.Title = governance.Text{"en": d.Title["en"] + " " + numbered, "de": d.Title["de"] + " " + numbered}
	for n := len(d.Outcomes); n < OutcomesEach; n++ {
		again := d.Outcomes[n%len(d.Outcomes)]
		again.ID = governance.ElementID(fmt.Sprintf("%s-%d", again.ID, n))
		d.Outcomes = append(d.Outcomes, again)
	}
	document, _, err := notary.EncodeDocument(d)
	if err != nil {
		panic(fmt.Sprintf("the sample cannot be encoded: %v", err)) // it is our own
	}
	return document
})

// document is the nth specification's text and its digest.
func document(n int) ([]byte, governance.Digest) {
	text := bytes.ReplaceAll(encoded(), []byte(numbered), fmt.Appendf(nil, "#%07d#", n))
	return text, notary.Digest(text)
}

// title is the nth specification's title as the database holds it.
func title(n int) string {
	d := sample.Document()
	return fmt.Sprintf(`{"de":"%s #%07d#","en":"%s #%07d#"}`, d.Title["de"], n, d.Title["en"], n)
}
