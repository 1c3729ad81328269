package server

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/notary"
)

// browserChecks is what the page's script found.
type browserChecks struct {
	Checks []struct {
		Name  string
		Holds *bool
		Says  string
	}
	Found  int
	Missed []any
}

// checkInNode runs the page's script on a bundle, and on so many copies of it with one byte changed.
func checkInNode(t *testing.T, script, bundle []byte, key string, changes int) browserChecks {
	t.Helper()
	dir := t.TempDir()
	paths := map[string][]byte{"verify.mjs": script, "bundle.json": bundle}
	for name, data := range paths {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	seed := strconv.FormatUint(uint64(rand.Uint32()), 10)
	t.Logf("seed %s", seed)
	out, err := exec.CommandContext(t.Context(), "node", "testdata/verify.mjs", filepath.Join(dir, "verify.mjs"), key, seed, strconv.Itoa(changes),
		filepath.Join(dir, "bundle.json")).Output()
	require.NoError(t, err)
	var found browserChecks
	require.NoError(t, json.Unmarshal(out, &found))
	return found
}

func TestThePageChecksABundleAsTheCommandDoes(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs Node")
	}
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	page := c.ok("/register/verify.html")
	address := regexp.MustCompile(`src="(/register/verify\.[0-9a-f]+\.js)"`).FindStringSubmatch(page)
	require.NotNil(t, address)
	script := []byte(c.ok(address[1]))
	key := strings.TrimSpace(c.ok("/log/key"))
	bundles := c.bundles(data)
	for what, bundle := range bundles {
		changes := 0
		if what == "EDITION CARRIED" || what == "PUBLICATION PUBLISHED" {
			changes = 1000
		}
		found := checkInNode(t, script, bundle, key, changes)
		assert.Equal(t, changes, found.Found, "%s: %v", what, found.Missed)
		names := map[string]bool{}
		for _, check := range found.Checks {
			names[check.Name] = true
			assert.True(t, check.Holds != nil && *check.Holds, "%s: %s: %s", what, check.Name, check.Says)
		}
		for _, check := range notary.VerifyBundle(bundle, key).Checks {
			if check.Name != "record's form" { // the page has no schema of it, and counts
				assert.True(t, names[check.Name], "%s: the page does not check %s", what, check.Name)
			}
		}
	}
}

func TestThePageNamesWhatIsForgedUnderTheLogsOwnKey(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs Node")
	}
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	address := regexp.MustCompile(`src="(/register/verify\.[0-9a-f]+\.js)"`).FindStringSubmatch(c.ok("/register/verify.html"))
	script := []byte(c.ok(address[1]))
	key := strings.TrimSpace(c.ok("/log/key"))
	original := c.bundles(data)["PUBLICATION SUPERSEDED"]
	for name, forge := range forgeries(t) {
		t.Run(name, func(t *testing.T) {
			var b notary.Bundle
			require.NoError(t, json.Unmarshal(original, &b))
			forge(&b)
			sealed, err := notary.SealBundle(b, s.acts.Key)
			require.NoError(t, err)
			var wrong []string
			for _, check := range checkInNode(t, script, sealed, key, 0).Checks {
				if check.Holds != nil && !*check.Holds {
					wrong = append(wrong, check.Name)
				}
			}
			assert.NotContains(t, wrong, "seal")
			if name == "count" { // the page counts; that there is no count in what is said is the form's
				assert.NotEmpty(t, wrong)
				return
			}
			check, _, _ := strings.Cut(name, ": ")
			assert.Contains(t, wrong, check)
		})
	}
}
