package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestANewDatabaseMigratesTwiceIsBackedUpAndFoundInOrder(t *testing.T) {
	data := t.TempDir() + "/new"
	for _, command := range [][]string{{"migrate"}, {"migrate"}, {"check"}, {"backup", data + "/copy.db"}, {"check", "--database", "file:" + data + "/copy.db"}} {
		var stdout, stderr bytes.Buffer
		arguments := append([]string{command[0], "--data", data, "--log-level", "error"}, command[1:]...)
		status := run(t.Context(), arguments, &stdout, &stderr)
		assert.Equal(t, 0, status, stderr.String())
		assert.NotEmpty(t, stdout.String())
	}
}

func TestRestoreSaysWhatItCannotRestore(t *testing.T) {
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	require.Equal(t, 0, run(t.Context(), []string{"migrate", "--database", "file:" + dir + "/new.db", "--log-level", "error"}, &stdout, &stderr))
	for want, args := range map[string][]string{
		"no server ever ran":         {dir + "/new.db"},
		"checkpoint: no such file":   {"--checkpoint", dir + "/checkpoint", dir + "/new.db"},
		"none.db: no such file":      {dir + "/none.db"},
		"takes 1 arguments":          {},
		"move it away, with what is": {"--database", "file:" + dir + "/new.db", dir + "/new.db"},
	} {
		stdout.Reset()
		stderr.Reset()
		status := run(t.Context(), append([]string{"restore", "--data", dir + "/data", "--log-level", "error"}, args...), &stdout, &stderr)
		assert.NotZero(t, status)
		assert.Contains(t, stderr.String(), want)
		assert.Empty(t, stdout.String())
		assert.NoFileExists(t, dir+"/data/concordat.db")
	}
}

func TestACommandThatCannotOpenItsDatabaseSaysSo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"check", "--database", "mysql://localhost"}, &stdout, &stderr)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr.String(), "concordat check: ")
	assert.Empty(t, stdout.String())
}
