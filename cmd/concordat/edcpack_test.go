package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
	"concordat/governance/sample"
)

// packing is a folder with a template, a list and room for what is made of them.
type packing struct {
	t                   *testing.T
	template, list, out string
}

func newPacking(t *testing.T, list string) packing {
	t.Helper()
	dir := t.TempDir()
	p := packing{t, filepath.Join(dir, "template.jsonld"), filepath.Join(dir, "recipients.csv"), filepath.Join(dir, "out", "deep")}
	export, err := exchange.ExportELMCredential(exchange.Published{Document: sample.Document(), Offer: new(sample.Offer()),
		Base: "https://register.example", Slug: "heat-pumps", Number: "1.0", ValidFrom: "2027-02-01"}, governance.Codes{})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(p.template, export.Bytes, 0o600))
	require.NoError(t, os.WriteFile(p.list, []byte(list), 0o600))
	return p
}

func (p packing) run(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(p.t.Context(), append([]string{"edc-pack"}, args...), &out, &errs)
	return status, out.String(), errs.String()
}

// written reads every file that was written, by name.
func (p packing) written() map[string]string {
	files := map[string]string{}
	names, err := filepath.Glob(filepath.Join(p.out, "*"))
	require.NoError(p.t, err)
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(p.t, err)
		files[filepath.Base(name)] = string(content)
	}
	return files
}

const twoLearners = "email;given_name;family_name;grade\nana@learner.example;Ana;Andrómeda;1\nbo@learner.example;Bo;Ng;2\n"

func TestEDCPackWritesAFileForEachLearner(t *testing.T) {
	p := newPacking(t, twoLearners)
	status, stdout, stderr := p.run(p.template, p.list, "--out", p.out)
	require.Equal(t, 0, status, stderr)
	assert.Contains(t, stdout, "2 credentials written")
	files := p.written()
	require.Len(t, files, 2)
	ids := map[string]bool{}
	for name, address := range map[string]string{"credential-00001.json": "ana@learner.example", "credential-00002.json": "bo@learner.example"} {
		var file struct {
			Credential struct {
				ID string `json:"id"`
			} `json:"credential"`
			DeliveryDetails struct {
				DeliveryAddress []string `json:"deliveryAddress"`
			} `json:"deliveryDetails"`
		}
		require.NoError(t, json.Unmarshal([]byte(files[name]), &file))
		assert.Equal(t, []string{address}, file.DeliveryDetails.DeliveryAddress)
		assert.Regexp(t, `^urn:credential:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, file.Credential.ID)
		ids[file.Credential.ID] = true
		facts, err := os.Stat(filepath.Join(p.out, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), facts.Mode().Perm(), "personal data")
	}
	assert.Len(t, ids, 2, "each its own")
}

func TestEDCPackWritesOverNothingUnlessForced(t *testing.T) {
	p := newPacking(t, twoLearners)
	status, _, stderr := p.run("--out", p.out, p.template, p.list)
	require.Equal(t, 0, status, stderr)
	before := p.written()
	status, _, stderr = p.run(p.template, "--out", p.out, p.list)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "nothing was written")
	assert.Equal(t, before, p.written())
	status, _, stderr = p.run(p.template, p.list, "--force", "--out", p.out)
	require.Equal(t, 0, status, stderr)
	assert.NotEqual(t, before, p.written())

	require.NoError(t, os.WriteFile(p.list, []byte("email,given_name,family_name,grade\nana@learner.example,Ana,A,1\n"), 0o600))
	before = p.written()
	status, _, stderr = p.run(p.template, p.list, "--force", "--out", p.out)
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "credential-00002.json of an earlier run would stay")
	assert.Equal(t, before, p.written())
}

func TestEDCPackRefusesWhatItCannotUseAndWritesNothing(t *testing.T) {
	p := newPacking(t, "email,given_name,family_name,grade\nana@learner.example,Ana,A,1\nnobody,,B,2\n")
	for name, test := range map[string]struct {
		args []string
		said string
	}{
		"no list":            {[]string{p.template}, "usage: concordat edc-pack"},
		"a file too many":    {[]string{p.template, p.list, p.list}, "usage: concordat edc-pack"},
		"a flag unknown":     {[]string{p.template, p.list, "--send"}, "not defined"},
		"a file not there":   {[]string{p.template + "x", p.list}, "no such file"},
		"a list as template": {[]string{p.list, p.list}, "line 1, column 1"},
		"mistakes in a list": {[]string{p.template, p.list}, "line 3, column given_name: This is empty."},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := p.run(append(test.args, "--out", p.out)...)
			assert.Equal(t, 2, status)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, test.said)
			assert.Empty(t, p.written())
		})
	}
	status, _, stderr := p.run("--help")
	assert.Equal(t, 0, status)
	assert.Contains(t, stderr, "on this machine alone")
}
