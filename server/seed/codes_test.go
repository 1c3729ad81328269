package seed

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/governance"
)

// standards answers the folder of the vocabularies; the test is skipped where it is not at hand.
func standards(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("CONCORDAT_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(shared, "standards")); err != nil {
		t.Skipf("the vocabularies are not at hand: %v", err)
	}
	return filepath.Join(shared, "standards")
}

// vocabularies answers the English label of every concept of the vocabularies that the story uses.
func vocabularies(t *testing.T) map[governance.URI]string {
	t.Helper()
	folder, known := standards(t), map[governance.URI]string{}
	for _, name := range []string{"isced-f", "europass-learning-assessment-types", "europass-learning-opportunity-types",
		"europass-target-groups", "europass-accreditation-types", "nqf"} {
		var vocabulary struct {
			Concepts []struct {
				ID    governance.URI
				Label string
			}
		}
		content, err := os.ReadFile(filepath.Join(folder, "vocab", name+".json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(content, &vocabulary))
		for _, c := range vocabulary.Concepts {
			known[c.ID] = c.Label
		}
	}
	for _, name := range []string{"skills", "occupations"} {
		file, err := os.Open(filepath.Join(folder, "esco", name+".csv.gz"))
		require.NoError(t, err)
		packed, err := gzip.NewReader(file)
		require.NoError(t, err)
		for _, row := range rows(t, packed) {
			known[governance.URI(row["uri"])] = row["label_en"]
		}
		require.NoError(t, file.Close())
	}
	file, err := os.Open(filepath.Join(folder, "vocab", "nace_rev2.csv"))
	require.NoError(t, err)
	for _, row := range rows(t, file) {
		known[governance.URI("http://data.europa.eu/ux2/nace2/"+strings.ReplaceAll(row["Code"], ".", ""))] = row["Description"]
	}
	require.NoError(t, file.Close())
	return known
}

// rows reads a CSV file with a head.
func rows(t *testing.T, r io.Reader) []map[string]string {
	t.Helper()
	records, err := csv.NewReader(r).ReadAll()
	require.NoError(t, err)
	var found []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		found = append(found, row)
	}
	return found
}

// allCodes finds every code in codes.go, so that none is forgotten.
func allCodes(t *testing.T) []code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	require.NoError(t, err)
	prefixes := map[string]string{"escoSkill": escoSkill, "escoOccupation": escoOccupation}
	var found []code
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if name, ok := literal.Type.(*ast.Ident); !ok || name.Name != "code" {
			return true
		}
		uri := ""
		switch expression := literal.Elts[0].(type) {
		case *ast.BasicLit:
			uri = unquoted(t, expression)
		case *ast.BinaryExpr:
			uri = prefixes[expression.X.(*ast.Ident).Name] + unquoted(t, expression.Y)
		}
		found = append(found, code{governance.URI(uri), unquoted(t, literal.Elts[1])})
		return true
	})
	require.Greater(t, len(found), 40)
	return found
}

func unquoted(t *testing.T, n ast.Node) string {
	t.Helper()
	words, err := strconv.Unquote(n.(*ast.BasicLit).Value)
	require.NoError(t, err)
	return words
}
