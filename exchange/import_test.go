package exchange_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

func TestAMistakeInJSONIsNamedByLineAndColumn(t *testing.T) {
	for name, test := range map[string]struct{ data, line, column, path string }{
		"a word too many":    {"{\n  \"a\": 1 x\n}", "2", "10", ""},
		"cut off":            {"{\n  \"a\": {\n", "2", "9", "/a"},
		"nothing":            {"", "1", "1", ""},
		"after a byte order": {"\ufeff{\n\"a\": ]}", "2", "6", "/a"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.ImportELM([]byte(test.data))
			refused, ok := errors.AsType[*governance.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, "json", refused.Reason)
			assert.Equal(t, test.line, refused.Params["line"], refused.Message)
			assert.Equal(t, test.column, refused.Params["column"], refused.Message)
			assert.Equal(t, test.path, refused.Field)
			assert.NotContains(t, refused.Message, "{line}")
		})
	}
}
