package exchange

import "embed"

// Schemas holds the JSON Schemas (2020-12) of what Concordat writes as JSON of its own: schema/document.schema.json,
// schema/tally.schema.json and schema/bundle.schema.json. They refuse what governance.ParseDocument, governance.ParseTallyRecord
// and notary.VerifyBundle refuse of the form, as far as JSON Schema can say it; each says in its description what it cannot.
//
//go:embed schema/*.schema.json
var Schemas embed.FS
