package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
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

func TestACommandThatCannotOpenItsDatabaseSaysSo(t *testing.T) {
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"check", "--database", "mysql://localhost"}, &stdout, &stderr)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr.String(), "concordat check: ")
	assert.Empty(t, stdout.String())
}
