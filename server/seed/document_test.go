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
	for name, document := range texts {
		t.Run(name, func(t *testing.T) {
			encoded, _, err := notary.EncodeDocument(document())
			require.NoError(t, err)
			read, err := governance.ParseDocument(encoded)
			require.NoError(t, err)
			for _, finding := range governance.Check(read, governance.EUProfile(), governance.Codes{}) {
				assert.Equal(t, "code-not-checked", finding.Rule, "%s %s", finding.Path, finding.Message)
			}
		})
	}
}
