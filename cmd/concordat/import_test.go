package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/server"
)

const elmSample = "../../exchange/testdata/elm-credential.json"

func TestImportELMTellsAndWrites(t *testing.T) {
	document, offer := filepath.Join(t.TempDir(), "draft.json"), filepath.Join(t.TempDir(), "offer.json")
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"import", "elm", "--document-out", document, "--offer-out", offer, elmSample}, &stdout, &stderr)
	require.Equal(t, 0, status, stderr.String())
	assert.Contains(t, stdout.String(), "What did not fit as it stood")
	assert.Contains(t, stdout.String(), "Learners' data is never imported.")
	assert.Contains(t, stdout.String(), "What the draft lacks")

	written, err := os.ReadFile(document)
	require.NoError(t, err)
	var draft governance.Document
	require.NoError(t, json.Unmarshal(written, &draft))
	assert.NotEmpty(t, draft.Outcomes)
	written, err = os.ReadFile(offer)
	require.NoError(t, err)
	var facts governance.OfferFacts
	require.NoError(t, json.Unmarshal(written, &facts))

	status = run(t.Context(), []string{"import", "elm", "--document-out", document, elmSample}, &stdout, &stderr)
	assert.Equal(t, 1, status, "a file that is there is not written over")
}

func TestImportELMStartsASpecification(t *testing.T) {
	data := t.TempDir()
	s, err := server.Open(t.Context(), server.Config{Demo: true, Listen: "127.0.0.1:0", Data: data}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	issuer := s.URL() + demo.Path
	require.NoError(t, s.Close())
	concordat := func(subject, slug string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{
			"import", "elm", "--data", data, "--council", demo.HeatCouncil, "--slug", slug,
			"--lead", "daugava-koledza", "--issuer", issuer, "--subject", subject, elmSample,
		}, &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	status, out, problem := concordat("koledza-author", "imported")
	require.Equal(t, 0, status, problem)
	assert.Contains(t, out, "Started the specification imported")

	for name, test := range map[string]struct{ subject, slug, says string }{
		"a short name is taken once":                  {"koledza-author", "imported", "already"},
		"a representative writes no specification":    {"koledza-rep", "another", "AUTHOR"},
		"an author of another organization does not":  {"nordwaerme-author", "another", "AUTHOR"},
		"nobody is made up":                           {"nobody", "another", "nobody"},
		"the short name is one that addresses can be": {"koledza-author", "No Slug", "short name"},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, problem := concordat(test.subject, test.slug)
			assert.Equal(t, 1, status)
			assert.Contains(t, problem, test.says)
		})
	}
}

func TestImportELMRefusesWhatItCannotUse(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.json")
	require.NoError(t, os.WriteFile(other, []byte(`{"type":"Something"}`), 0o600))
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"no format":                        {[]string{}, "usage"},
		"an unknown format":                {[]string{"pdf", elmSample}, "usage"},
		"no file":                          {[]string{"elm"}, "takes 1 arguments"},
		"a file that is not there":         {[]string{"elm", "missing.json"}, "missing.json"},
		"a file of something else":         {[]string{"elm", other}, "ELM"},
		"half of what starting needs":      {[]string{"elm", "--council", "heat", elmSample}, "belong together"},
		"a language that is not there":     {[]string{"elm", "--languages", "mt", elmSample}, "mt"},
		"a language that cannot be one":    {[]string{"elm", "--languages", "!", elmSample}, "!"},
		"a lead without a council to lead": {[]string{"elm", "--lead", "x", elmSample}, "belong together"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, 2, run(t.Context(), append([]string{"import"}, test.args...), &stdout, &stderr))
			assert.Contains(t, stderr.String(), test.says)
		})
	}
}

func TestImportELMReadsTheCommissionsExamples(t *testing.T) {
	shared := os.Getenv("CONCORDAT_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	for _, name := range []string{"Sample-MC-Annex1-unsigned.jsonld", "AA-Annex1-MC-unsigned.json"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(shared, "standards", "elm", "examples", name)
			if _, err := os.Stat(file); err != nil {
				t.Skipf("the Commission's examples are not at hand: %v", err)
			}
			var stdout, stderr bytes.Buffer
			require.Equal(t, 0, run(t.Context(), []string{"import", "elm", file}, &stdout, &stderr), stderr.String())
			assert.Contains(t, stdout.String(), "“Digital micro-credential creation”, 2 learning outcomes")
			assert.Contains(t, stdout.String(), "belongs into a provider's offer")
		})
	}
}

func TestImportReadsEveryFormat(t *testing.T) {
	dir := t.TempDir()
	for format, test := range map[string]struct{ content, says string }{
		"ctdl":     {`{"@type":"ceterms:Badge","ceterms:name":{"en":"Welding"}}`, "“Welding”"},
		"case":     {`{"CFDocument":{"title":"Welding","language":"en"},"CFItems":[{"identifier":"a","fullStatement":"Welds."}]}`, "“Welding”, 1 learning outcomes, en"},
		"rsd":      {"RSD Name,Skill Statement\nWelding,Suvirina.\n", "1 learning outcomes, lt"},
		"outcomes": {"No;Lernergebnis (de);Note\n1;Schweißt.;x\n", "1 learning outcomes, de"},
	} {
		t.Run(format, func(t *testing.T) {
			file := filepath.Join(dir, format)
			require.NoError(t, os.WriteFile(file, []byte(test.content), 0o600))
			var stdout, stderr bytes.Buffer
			require.Equal(t, 0, run(t.Context(), []string{"import", format, "--language", "lt", file}, &stdout, &stderr), stderr.String())
			assert.Contains(t, stdout.String(), test.says)
			assert.Equal(t, 2, run(t.Context(), []string{"import", format, elmSample}, &stdout, &stderr), "a file of another format")
			assert.Contains(t, stderr.String(), "concordat import "+format)
		})
	}
}
