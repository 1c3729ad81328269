package concordat_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "concordat"

// folder is a row of the table in docs/architecture.md: one of the folders that hold our packages, and the folders that
// it may import.
type folder struct {
	name string
	may  []string
}

// TestImportsPointOneWay holds every import between our packages against the table in docs/architecture.md. Sub-packages
// obey the row of their folder.
func TestImportsPointOneWay(t *testing.T) {
	folders := foldersOf(t)
	for _, p := range packages(t) {
		from := topFolder(p.path)
		row := slices.IndexFunc(folders, func(f folder) bool { return f.name == from })
		if !assert.GreaterOrEqual(t, row, 0, "%s lies in a folder that the table in docs/architecture.md does not have", p.path) {
			continue
		}
		for _, imported := range p.imports {
			to, ours := strings.CutPrefix(imported, module+"/")
			if !ours || topFolder(imported) == from {
				continue
			}
			assert.Contains(t, folders[row].may, topFolder(imported), "%s must not import %s", p.path, to)
		}
	}
}

// TestWhatIsPureHasNoConcurrency keeps goroutines, channels and locks out of what the race detector does not watch.
func TestWhatIsPureHasNoConcurrency(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	require.NoError(t, err)
	list := regexp.MustCompile(`(?m)^PURE := (.+)$`).FindSubmatch(makefile)
	require.NotNil(t, list, "the Makefile names what is pure")
	concurrent := regexp.MustCompile(`(?m)^\s*go (func|\w+[.(])|\bchan\b|"sync(/atomic)?"|"golang.org/x/sync|t\.Parallel\(`)
	for name := range strings.FieldsSeq(string(list[1])) {
		read := 0
		err := fs.WalkDir(os.DirFS(name), ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := os.ReadFile(filepath.Join(name, path))
			assert.Empty(t, concurrent.FindString(string(text)), "%s/%s", name, path)
			read++
			return err
		})
		require.NoError(t, err)
		assert.Positive(t, read, "%s holds Go", name)
	}
}

// TestGovernanceIsPure keeps everything out of governance that would make a rule depend on when, where or how it is
// asked: only the standard library, and of that nothing that reads a clock, a network, a file, randomness or a log; and
// the comparison of texts, which reads the clock only where it is given a time-out.
func TestGovernanceIsPure(t *testing.T) {
	impure := regexp.MustCompile(`^(context|crypto/rand|database/.*|io/fs|log|log/.*|math/rand|math/rand/.*|net|net/http.*|os|os/.*|runtime|syscall)$`)
	for _, p := range packages(t) {
		if topFolder(p.path) != "governance" {
			continue
		}
		for _, imported := range p.imports {
			host, _, _ := strings.Cut(imported, "/")
			if imported != "github.com/sergi/go-diff/diffmatchpatch" {
				assert.NotContains(t, host, ".", "%s imports %s, which is not of the standard library", p.path, imported)
			}
			assert.NotRegexp(t, impure, imported, "%s imports %s", p.path, imported)
		}
	}
	for name, source := range sources(t, "governance") {
		assert.NotRegexp(t, `\btime\.(Now|Since|Until|After|Sleep|Tick|NewTimer|NewTicker)\b`, source, "%s reads the clock", name)
	}
}

// TestOnlyTheStoreSpeaksSQL keeps database/sql and the drivers to store.
func TestOnlyTheStoreSpeaksSQL(t *testing.T) {
	drivers := regexp.MustCompile(`^(database/sql|database/sql/driver|github\.com/jackc/pgx/.*|modernc\.org/sqlite.*|github\.com/pressly/goose/.*)$`)
	for _, p := range packages(t) {
		if topFolder(p.path) == "store" {
			continue
		}
		for _, imported := range p.imports {
			assert.NotRegexp(t, drivers, imported, "%s imports %s", p.path, imported)
		}
	}
}

// TestMeasuringServesNobody keeps what fills a database with invented rows, and answers without asking who is asking, away
// from everything but the command that measures.
func TestMeasuringServesNobody(t *testing.T) {
	only := map[string]string{"concordat/store/storebench": "concordat/server/bench", "concordat/server/bench": "concordat/cmd/concordat"}
	for _, p := range packages(t) {
		for _, imported := range p.imports {
			if importer, guarded := only[imported]; guarded {
				assert.Equal(t, importer, p.path, "%s is imported by %s", imported, p.path)
			}
		}
	}
}

// foldersOf reads the table of folders: lines of the form "| `store/` | role | governance, notary |".
func foldersOf(t *testing.T) []folder {
	t.Helper()
	text, err := os.ReadFile("docs/architecture.md")
	require.NoError(t, err)
	var folders []folder
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z/]+)/` \\|.*\\| ([a-z, ]+) \\|$").FindAllStringSubmatch(string(text), -1) {
		f := folder{name: topFolder(module + "/" + row[1])}
		if row[2] != "nothing" {
			f.may = strings.Split(row[2], ", ")
		}
		folders = append(folders, f)
	}
	require.GreaterOrEqual(t, len(folders), 12, "docs/architecture.md has the table of folders")
	return folders
}

// goPackage is one of our packages and what its production code imports.
type goPackage struct {
	path    string
	imports []string
}

// packages asks the go command for our packages, the root's excepted: it holds nothing but these tests.
func packages(t *testing.T) []goPackage {
	t.Helper()
	command := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	command.Stderr = os.Stderr
	output, err := command.Output()
	require.NoError(t, err)
	var found []goPackage
	for line := range strings.Lines(string(output)) {
		words := strings.Fields(line)
		if words[0] != module {
			found = append(found, goPackage{path: words[0], imports: words[1:]})
		}
	}
	require.NotEmpty(t, found)
	return found
}

// topFolder is the first element of a package's path below the module: "concordat/auth/demo" lies in "auth".
func topFolder(path string) string {
	top, _, _ := strings.Cut(strings.TrimPrefix(path, module+"/"), "/")
	return top
}
