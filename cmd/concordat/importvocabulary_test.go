package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestImportReference(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "levels.csv")
	concordat := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		args = append([]string{"import", "reference", "--data", data}, args...)
		require.Equal(t, want, run(t.Context(), args, &stdout, &stderr), stderr.String())
		return stdout.String() + stderr.String()
	}
	require.Equal(t, 0, run(t.Context(), []string{"migrate", "--data", data}, io.Discard, io.Discard))
	assert.Contains(t, concordat(2, "nqf", file), "levels.csv")
	require.NoError(t, os.WriteFile(file, []byte("uri,label_en,eqf\nhttp://data.europa.eu/snb/qdr/c_009d9566,Level 4,4\n"), 0o600))
	assert.Contains(t, concordat(2, "levels", file), "there are: ESCO_SKILL, ESCO_OCCUPATION, ISCED_F, NACE, NQF")
	assert.Contains(t, concordat(2, "nqf", file), "--version")
	assert.Contains(t, concordat(2, "--version", "1", "isced-f", file), "are not of ISCED_F")
	assert.Contains(t, concordat(0, "--version", "2026", "nqf", file), "NQF 2026: 1 terms in force, 1 of them new")
	assert.Contains(t, concordat(0, "--version", "2026", "nqf", file), "nothing changed")
	assert.Contains(t, concordat(0, "--version", "2026", "--excerpt", "nqf", file), "1 terms in force, 0 of them new", "another thing to check against")
}

func TestImportESCO(t *testing.T) {
	data, folder := t.TempDir(), filepath.Join(t.TempDir(), "ESCO dataset - v1.2.0")
	require.NoError(t, os.Mkdir(folder, 0o700))
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	concordat := func(want int, args ...string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		require.Equal(t, want, run(t.Context(), args, &stdout, &stderr), stderr.String())
		return stdout.String() + stderr.String()
	}
	concordat(0, "migrate", "--data", data)
	assert.Contains(t, concordat(2, "import", "esco", "--data", data, folder), "skills_en.csv")
	write("skills_en.csv", "conceptUri,preferredLabel\nhttp://data.europa.eu/esco/skill/a,weld\n")
	out := concordat(0, "import", "esco", "--data", data, folder)
	assert.Contains(t, out, "reading skills_en.csv")
	assert.Contains(t, out, "ESCO_SKILL 1.2.0: 1 terms in force, 1 of them new; 0 are obsolete from now on")
	assert.Contains(t, concordat(0, "import", "esco", "--data", data, folder), "nothing changed")
	write("skills_en.csv", "conceptUri,preferredLabel\nhttp://data.europa.eu/esco/skill/b,rivet\n")
	assert.Contains(t, concordat(0, "import", "esco", "--data", data, "--version", "1.3", folder),
		"ESCO_SKILL 1.3: 1 terms in force, 1 of them new; 1 are obsolete from now on")
	write("skills_en.csv", "conceptUri,preferredLabel\nweld,rivet\n")
	assert.Contains(t, concordat(2, "import", "esco", "--data", data, folder), "skills_en.csv, line 2, conceptUri")
	assert.Contains(t, concordat(2, "import", "esco", "--data", data, t.TempDir()), "--version")
}
