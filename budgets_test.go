package concordat_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The budgets, in lines. Generated files have none.
const (
	longestFunction = 100 // production code; a function that is nothing but one statement is a table and may be longer
	longestFile     = 500 // production code; files that declare data and no function may be longer
	longestMain     = 150 // cmd/concordat/main.go
	mostParameters  = 5   // after the context; more become a struct
	biggestFile     = 1 << 20
)

// TestFunctionsAndFilesKeepTheirBudgets measures every file of production code.
func TestFunctionsAndFilesKeepTheirBudgets(t *testing.T) {
	positions := token.NewFileSet()
	for name, source := range sources(t, ".") {
		file, err := parser.ParseFile(positions, name, source, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		if ast.IsGenerated(file) {
			continue
		}
		lines, functions := strings.Count(source, "\n"), 0
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Body == nil {
				continue
			}
			functions++
			measure(t, positions, function)
		}
		if functions > 0 {
			assert.LessOrEqual(t, lines, longestFile, "%s has too many lines", name)
		}
		if name == "cmd/concordat/main.go" {
			assert.LessOrEqual(t, lines, longestMain, "%s has too many lines", name)
		}
	}
}

// measure holds one function against the budgets.
func measure(t *testing.T, positions *token.FileSet, function *ast.FuncDecl) {
	t.Helper()
	from, to := positions.Position(function.Pos()), positions.Position(function.End())
	where := from.Filename + ": " + function.Name.Name
	if len(function.Body.List) > 1 {
		assert.LessOrEqual(t, to.Line-from.Line+1, longestFunction, "%s has too many lines", where)
	}
	parameters := 0
	for _, field := range function.Type.Params.List {
		if selector, ok := field.Type.(*ast.SelectorExpr); ok && selector.Sel.Name == "Context" {
			continue
		}
		parameters += max(1, len(field.Names))
	}
	if strings.HasPrefix(from.Filename, "graph/") && function.Recv != nil {
		return // a resolver's parameters are its field's arguments
	}
	assert.LessOrEqual(t, parameters, mostParameters, "%s has too many parameters", where)
}

// TestNoBigFiles keeps data sets, archives and compiled programs out of the repository.
func TestNoBigFiles(t *testing.T) {
	for _, name := range files(t) {
		info, err := os.Stat(name)
		require.NoError(t, err)
		if filepath.Base(name) != "generated.go" {
			assert.LessOrEqual(t, info.Size(), int64(biggestFile), "%s is too big", name)
		}
	}
}

// skipped are the folders that hold nothing of ours: what is built, installed, or made at run time.
var skipped = map[string]bool{".git": true, "node_modules": true, "bin": true, "data": true, "dist": true, "tmp": true}

// files lists the repository's files, with slashes.
func files(t *testing.T) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped[entry.Name()]:
			return fs.SkipDir
		case entry.Type().IsRegular() && path != module: // the program that a plain go build leaves here
			found = append(found, path)
		}
		return nil
	})
	require.NoError(t, err)
	return found
}

// sources reads our production code below a folder: the Go files that are no tests, by path.
func sources(t *testing.T, below string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, name := range files(t) {
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		if below != "." && !strings.HasPrefix(name, below+"/") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		found[name] = string(text)
	}
	require.NotEmpty(t, found)
	return found
}
