package exchange

import "embed"

// Schemas holds the JSON Schemas (2020-12) of what Concordat writes as JSON of its own: schema/document.schema.json and
// schema/tally.schema.json. They refuse what governance.ParseDocument and governance.ParseTallyRecord refuse, as far as JSON
// Schema can say it; each says in its description what it cannot.
//
//go:embed schema/*.schema.json
var Schemas embed.FS
