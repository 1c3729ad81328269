package exchange_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// judge holds files against the published rules of their format, with software that is not ours.
func judge(t testing.TB, kind, extension string, contents ...[]byte) {
	t.Helper()
	validators := filepath.Join(sharedDir(t), "validators")
	if _, err := os.Stat(filepath.Join(validators, "node_modules")); err != nil {
		t.Skipf("the validators are not installed in %s: make formats does that", validators)
	}
	arguments := []string{filepath.Join(validators, "validate.mjs"), kind}
	for at, content := range contents {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d%s", at, extension))
		require.NoError(t, os.WriteFile(file, content, 0o600))
		arguments = append(arguments, file)
	}
	said, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput()
	require.NoError(t, err, "%s", said)
	assert.NotContains(t, string(said), "drops something")
	assert.Equal(t, len(contents), strings.Count(string(said), "valid "+kind), "%s", said)
}

// assertRefused expects INVALID for a reason, at a path, with the message's blanks filled.
func assertRefused(t testing.TB, err error, reason, path string) {
	t.Helper()
	refused, ok := errors.AsType[*governance.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, governance.CodeInvalid, refused.Code)
	assert.Equal(t, reason, refused.Reason, refused.Message)
	assert.Equal(t, path, refused.Field)
	assert.NotEmpty(t, refused.Message)
	assert.NotContains(t, refused.Message, "{")
}
