package register

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"concordat/exchange"
	"concordat/governance"
)

// SchemaPath is where the JSON Schemas of what is written here lie: document, tally record and bundle.
const SchemaPath = "/schemas/{name}"

// schema serves a JSON Schema.
func (l *Log) schema(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	data, err := fs.ReadFile(exchange.Schemas, "schema/"+name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return governance.NotFound("schema", name)
	}
	if err != nil {
		return fmt.Errorf("read the schema %s: %w", name, err)
	}
	serveAs(w, r, "application/schema+json", data)
	return nil
}
