package seed

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
)

// texts are the whole specifications.
var texts = map[string]func() governance.Document{
	specCommissioning: commissioning, specRefrigerant: refrigerant, specAdvice: advice, specBalancing: balancing,
	specAirtight: airtight, specMedication: medication, specTelecare: telecare,
}

func TestASpecificationIsReadyForConsultation(t *testing.T) {
	codes := governance.Codes{Loaded: map[governance.Scheme]map[governance.URI]governance.CodeFacts{}}
	for _, v := range ownVocabularies() {
		codes.Loaded[v.Scheme] = map[governance.URI]governance.CodeFacts{}
		for _, term := range v.Terms {
			codes.Loaded[v.Scheme][term.URI] = governance.CodeFacts{EQF: term.EQF}
		}
	}
	for name, document := range texts {
		t.Run(name, func(t *testing.T) {
			encoded, _, err := notary.EncodeDocument(document())
			require.NoError(t, err)
			read, err := governance.ParseDocument(encoded)
			require.NoError(t, err)
			assert.Empty(t, governance.Check(read, governance.EUProfile(), codes), "and every code of it is in an excerpt")
		})
	}
}
