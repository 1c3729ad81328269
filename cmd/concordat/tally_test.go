package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
)

const carriedRecord = `{"rule": {"conditions": [{"id": "unions-majority", "kind": "APPROVAL", "chamber": "UNION",
	"count": ["APPROVE"], "over": ["APPROVE", "OBJECT"], "moreThan": "1/2"}]},
	"electors": [{"organization": "o1", "chamber": "UNION"}, {"organization": "o2", "chamber": "UNION"}],
	"votes": [{"organization": "o1", "position": "APPROVE"}]}`

// recordFile writes a record to a file of its own.
func recordFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "record.json")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func TestTallyCountsAFile(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := tally([]string{recordFile(t, carriedRecord)}, &stdout, &stderr)
	assert.Equal(t, 0, code)
	assert.Empty(t, stderr.String())
	var result map[string]any
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &result))
	assert.Equal(t, "CARRIED", result["outcome"])
	condition, _ := result["conditions"].([]any)[0].(map[string]any)
	assert.Equal(t, "unions-majority", condition["id"])
	assert.Equal(t, true, condition["met"])
	assert.Equal(t, "1", condition["actual"])
	assert.Equal(t, "more than 1/2", condition["required"])
	assert.Equal(t, "Unions: 1 of 1 in favour, more than 1/2 needed.", condition["explanation"])
}

func TestTallyComesToWhatEveryPresetMust(t *testing.T) {
	for _, ballot := range sample.Ballots() {
		t.Run(ballot.Preset+"/"+ballot.Name, func(t *testing.T) {
			record, err := json.Marshal(ballot.Record)
			require.NoError(t, err)
			var stdout, stderr bytes.Buffer
			require.Equal(t, 0, tally([]string{recordFile(t, string(record))}, &stdout, &stderr), stderr.String())
			var result governance.TallyResult
			require.NoError(t, json.Unmarshal(stdout.Bytes(), &result))
			assert.Equal(t, ballot.Outcome, result.Outcome)
			want, err := governance.Tally(ballot.Record)
			require.NoError(t, err)
			assert.Equal(t, want, result)
		})
	}
}

func TestTallyCountsStandardInput(t *testing.T) {
	file, err := os.Open(recordFile(t, carriedRecord))
	require.NoError(t, err)
	defer file.Close()
	before := os.Stdin
	os.Stdin = file
	defer func() { os.Stdin = before }()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, 0, tally([]string{"-"}, &stdout, &stderr))
	assert.Contains(t, stdout.String(), `"outcome": "CARRIED"`)
}

func TestTallyRefusesAMalformedRecordInOneLine(t *testing.T) {
	tests := map[string]struct{ text, where string }{
		"nothing":             {"", "empty"},
		"no JSON":             {"{\n  \"rule\": oops\n}", "line 2, column 11"},
		"two records":         {carriedRecord + carriedRecord, "line 4"},
		"a stranger's vote":   {strings.Replace(carriedRecord, `"o1", "position"`, `"o9", "position"`, 1), "/votes/0/organization"},
		"a key of many lines": {`{"a\nb\u001b[31m": 1}`, "/a b [31m"},
		"a key of a book":     {`{"` + strings.Repeat("x", 10_000) + `": 1}`, "…"},
		"a record too large":  {strings.Repeat(" ", governance.MaxTallyBytes+1), "at most"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, 2, tally([]string{recordFile(t, test.text)}, &stdout, &stderr))
			assert.Empty(t, stdout.String())
			assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), stderr.String())
			assert.True(t, strings.HasSuffix(stderr.String(), "\n"))
			assert.Contains(t, stderr.String(), test.where)
			assert.Less(t, stderr.Len(), 600)
		})
	}
}

func TestTallyAsksForOneFileThatIsThere(t *testing.T) {
	tests := map[string]struct {
		args []string
		code int
	}{
		"no file":          {nil, 2},
		"two files":        {[]string{"a", "b"}, 2},
		"an unknown flag":  {[]string{"--fast", "a"}, 2},
		"help":             {[]string{"-h"}, 0},
		"a missing file":   {[]string{filepath.Join(t.TempDir(), "missing.json")}, 2},
		"a folder instead": {[]string{t.TempDir()}, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, tally(test.args, &stdout, &stderr))
			assert.Empty(t, stdout.String())
			assert.NotEmpty(t, stderr.String())
		})
	}
}

// fullDisk takes no byte.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestTallySaysWhenItCannotWriteTheResult(t *testing.T) {
	var stderr bytes.Buffer
	assert.Equal(t, 1, tally([]string{recordFile(t, carriedRecord)}, fullDisk{}, &stderr))
	assert.Contains(t, stderr.String(), "no space left")
}
