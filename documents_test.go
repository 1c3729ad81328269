package concordat_test

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentsNameFilesThatExist looks at everything in backticks that has the form of a path in this repository. What
// a program makes at run time (data, bin), what is an address and what is beside the repository does not count.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	quoted := regexp.MustCompile("`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`")
	path := regexp.MustCompile(`^([a-z0-9_.-]+/)+[A-Za-z0-9_.-]*$|^[A-Za-z0-9_-]+\.(go|md|sum|mod|graphqls)$|^Makefile$`)
	elsewhere := regexp.MustCompile(`^(\.\.|data|bin)(/|$)|^[a-z0-9-]+(\.[a-z0-9-]+)+/|^(application|text)/`)
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, match := range quoted.FindAllStringSubmatch(string(text), -1) {
			name := strings.TrimPrefix(match[1], "./")
			if !path.MatchString(name) || elsewhere.MatchString(name) {
				continue
			}
			assert.True(t, exists(name) || exists(filepath.Join(filepath.Dir(document), name)),
				"%s names %s, which does not exist", document, name)
		}
	}
}

// TestDocumentsLinkFilesThatExist follows every relative link.
func TestDocumentsLinkFilesThatExist(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			assert.True(t, exists(filepath.Join(filepath.Dir(document), match[1])), "%s links %s, which does not exist", document, match[1])
		}
	}
}

// TestArchitectureStaysShort keeps docs/architecture.md something that is read whole.
func TestArchitectureStaysShort(t *testing.T) {
	file, err := os.Open("docs/architecture.md")
	require.NoError(t, err)
	defer file.Close()
	lines := 0
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines++
	}
	assert.LessOrEqual(t, lines, 150)
}

// TestEveryDirectDependencyIsJustified holds go.mod against docs/decisions/0001-dependencies.md: fewer than thirty, and
// a line for each.
func TestEveryDirectDependencyIsJustified(t *testing.T) {
	decision, err := os.ReadFile("docs/decisions/0001-dependencies.md")
	require.NoError(t, err)
	output, err := exec.Command("go", "mod", "edit", "-json").Output()
	require.NoError(t, err)
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	require.NoError(t, json.Unmarshal(output, &mod))
	var direct []string
	for _, requirement := range mod.Require {
		if !requirement.Indirect {
			direct = append(direct, requirement.Path)
		}
	}
	assert.Less(t, len(direct), 30, "direct dependencies")
	for _, dependency := range direct {
		assert.Contains(t, string(decision), "`"+dependency+"`", "docs/decisions/0001-dependencies.md has a line for it")
	}
}

// TestLockfilesNameNoRegistry keeps the address of whoever's registry out of lockfiles: npm ci takes the packages from
// the registry that it is configured for and checks them by their digests. (.npmrc beside each lockfile has
// omit-lockfile-registry-resolved=true.)
func TestLockfilesNameNoRegistry(t *testing.T) {
	for _, name := range files(t) {
		if base := filepath.Base(name); base != "package-lock.json" && base != "npm-shrinkwrap.json" && base != "yarn.lock" && base != "pnpm-lock.yaml" {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.NotRegexp(t, `"resolved":\s*"https?:`, string(text), "%s names a registry", name)
	}
}

// documents lists the prose that is checked.
func documents(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, name := range files(t) {
		if filepath.Ext(name) == ".md" && (filepath.Dir(name) == "." || strings.HasPrefix(name, "docs/")) {
			found = append(found, name)
		}
	}
	require.NotEmpty(t, found)
	return found
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
