package server

import (
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
	"concordat/register"
)

// logClient asks a server's handler for what is under /log.
type logClient struct {
	t *testing.T
	s *Server
}

func (c logClient) get(path string) (int, string) {
	c.t.Helper()
	request := httptest.NewRequest(http.MethodGet, c.s.URL()+path, nil)
	answer := httptest.NewRecorder()
	c.s.answer.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}

func (c logClient) ok(path string) string {
	c.t.Helper()
	status, body := c.get(path)
	require.Equal(c.t, http.StatusOK, status, "%s: %s", path, body)
	return body
}

// tiles reads tiles over HTTP, as a stranger does.
func (c logClient) tiles(tiles []notary.Tile) ([][]tlog.Hash, error) {
	rows := make([][]tlog.Hash, len(tiles))
	for i, tile := range tiles {
		data := c.ok("/log/tile/" + tile.Path())
		for at := 0; at < len(data); at += tlog.HashSize {
			rows[i] = append(rows[i], tlog.Hash([]byte(data[at:at+tlog.HashSize])))
		}
	}
	return rows, nil
}

func hashesOf(t *testing.T, texts []string) []tlog.Hash {
	t.Helper()
	hashes, err := notary.DecodeHashes(texts)
	require.NoError(t, err)
	return hashes
}

func TestAStrangerChecksTheLogFromItsFiles(t *testing.T) {
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	key := strings.TrimSpace(c.ok("/log/key"))
	assert.True(t, strings.HasPrefix(key, strings.TrimPrefix(s.URL(), "http://")+"/log+"), key)
	checkpoint, err := notary.OpenCheckpoint([]byte(c.ok("/log/checkpoint")), key)
	require.NoError(t, err)
	require.Greater(t, checkpoint.Size, int64(notary.TileWidth), "the demo fills a tile")
	root, err := notary.RootOf(c.tiles, checkpoint.Size)
	require.NoError(t, err)
	assert.Equal(t, root, checkpoint.Root)

	var did notary.DIDDocument
	require.NoError(t, json.Unmarshal([]byte(c.ok("/.well-known/did.json")), &did))
	require.Len(t, did.VerificationMethod, 1)
	public, err := did.VerificationMethod[0].PublicKeyJWK.X.Ed25519()
	require.NoError(t, err)
	named, err := notary.LogVerifier(checkpoint.Origin, public)
	require.NoError(t, err)
	assert.Equal(t, key, named, "the document names the key that signs the log")

	act, digest := actOf(t, data, 7)
	var proof struct {
		Leaf, Size int64
		Hashes     []string
		Checkpoint string
	}
	require.NoError(t, json.Unmarshal([]byte(c.ok("/log/inclusion?act="+string(act))), &proof))
	signed, err := notary.OpenCheckpoint([]byte(proof.Checkpoint), key)
	require.NoError(t, err)
	inclusion := notary.Inclusion{Number: proof.Leaf, Size: proof.Size, Hashes: hashesOf(t, proof.Hashes)}
	require.NoError(t, inclusion.Check(signed, digest))

	small := notary.Checkpoint{Origin: checkpoint.Origin, Size: 100}
	small.Root, err = notary.RootOf(c.tiles, 100)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(c.ok("/log/consistency?from=100&to="+strconv.FormatInt(checkpoint.Size, 10))), &proof))
	require.NoError(t, notary.Consistency{From: 100, To: checkpoint.Size, Hashes: hashesOf(t, proof.Hashes)}.Check(small, checkpoint))

	for path, want := range map[string]int{
		"/log/": 404, "/log/tile/0/999": 404, "/log/tile/0/0": 404, "/log/inclusion?act=nothing": 404, "/log/inclusion": 404,
		"/log/inclusion?act=" + string(act) + "&size=999999": 400, "/log/consistency": 400, "/log/consistency?from=2&to=1": 400,
		"/log/consistency?from=-1&to=1": 400,
	} {
		status, body := c.get(path)
		assert.Equal(t, want, status, "%s: %s", path, body)
	}
}

// bundles fetches the bundle of every ballot of the demo that has one.
func (c logClient) bundles(data string) map[string][]byte {
	c.t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(data, "concordat.db")+"?mode=ro")
	require.NoError(c.t, err)
	defer file.Close()
	rows, err := file.Query(`SELECT id, kind || ' ' || COALESCE(outcome, 'OPEN') FROM ballots`)
	require.NoError(c.t, err)
	defer rows.Close()
	bundles := map[string][]byte{}
	for rows.Next() {
		var id, what string
		require.NoError(c.t, rows.Scan(&id, &what))
		status, body := c.get(register.BundlePath + id + "/bundle.json")
		if strings.HasSuffix(what, "OPEN") {
			assert.Equal(c.t, http.StatusConflict, status, body)
			continue
		}
		require.Equal(c.t, http.StatusOK, status, body)
		bundles[what] = []byte(body)
	}
	require.NoError(c.t, rows.Err())
	return bundles
}

func TestABundleHoldsAndOnlyAsItIs(t *testing.T) {
	data := t.TempDir()
	c := logClient{t, opened(t, Config{Demo: true, Data: data})}
	key := strings.TrimSpace(c.ok("/log/key"))
	bundles := c.bundles(data)
	require.Contains(t, bundles, "EDITION CARRIED")
	for what, bundle := range bundles {
		for _, known := range []string{key, ""} {
			found := notary.VerifyBundle(bundle, known)
			assert.True(t, found.Holds(), "%s: %+v", what, found.Checks)
			assert.Greater(t, len(found.Checks), 10)
		}
	}
	bundle := bundles["EDITION CARRIED"]
	other := opened(t, Config{})
	strange := strings.TrimSpace(logClient{t, other}.ok("/log/key"))
	assert.False(t, notary.VerifyBundle(bundle, strange).Holds(), "another log's key")

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 1000 {
		changed := slices.Clone(bundle)
		at := random.IntN(len(changed))
		changed[at] ^= byte(1 + random.IntN(255))
		found := notary.VerifyBundle(changed, key)
		require.False(t, found.Holds(), "byte %d: %q instead of %q", at, changed[at], bundle[at])
	}

	var read map[string]any
	require.NoError(t, json.Unmarshal(bundle, &read))
	indented, err := json.MarshalIndent(read, "", " ")
	require.NoError(t, err)
	found := notary.VerifyBundle(indented, key)
	assert.Contains(t, found.Checks[len(found.Checks)-1].Says, "not canonical")
}

// A forger who has the log's key can seal anything: what is forged is still named, by the acts in the log.
func TestAForgedBundleIsNamedByTheLogEvenUnderItsOwnKey(t *testing.T) {
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	key := strings.TrimSpace(c.ok("/log/key"))
	original := c.bundles(data)["EDITION CARRIED"]
	for name, forge := range map[string]func(b *notary.Bundle){
		"what was voted on": func(b *notary.Bundle) { b.Subject = json.RawMessage(`{}`) },
		"charter":           func(b *notary.Bundle) { b.Charter = json.RawMessage(`{}`) },
		"times":             func(b *notary.Bundle) { b.Ballot.ClosesAt = b.Ballot.OpenedAt },
		"electorate":        func(b *notary.Bundle) { b.Electors = b.Electors[1:] },
		"positions": func(b *notary.Bundle) {
			b.Positions[0].Position = governance.PositionObject
		},
		"close": func(b *notary.Bundle) { b.Ballot.Outcome = governance.OutcomeNotCarried },
		"count": func(b *notary.Bundle) { b.Result = json.RawMessage(`{}`) },
		"acts":  func(b *notary.Bundle) { b.Acts[1].Leaf++ },
		"opening": func(b *notary.Bundle) {
			b.Ballot.ID = "0195e3a0-0000-7000-8000-00000000beef"
		},
		"checkpoint": func(b *notary.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n", "\n1", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			var b notary.Bundle
			require.NoError(t, json.Unmarshal(original, &b))
			forge(&b)
			sealed, err := notary.SealBundle(b, s.acts.Key)
			require.NoError(t, err)
			found := notary.VerifyBundle(sealed, key)
			var wrong []string
			for _, check := range found.Checks {
				if !check.Holds {
					wrong = append(wrong, check.Name)
				}
			}
			assert.Contains(t, wrong, name)
			assert.NotContains(t, wrong, "seal")
		})
	}
}

func TestALostKeyFileIsNeverMadeAnewInSilence(t *testing.T) {
	data := t.TempDir()
	open := func() error {
		s, err := Open(t.Context(), Config{Listen: "127.0.0.1:0", Data: data, PublicURL: "https://one.example.org"}, quiet)
		if err != nil {
			return err
		}
		return s.Close()
	}
	require.NoError(t, open())
	path := filepath.Join(data, "concordat.key")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, open(), "the same file serves again")

	require.NoError(t, os.Remove(path))
	require.ErrorContains(t, open(), "put its backup in this place")
	other, err := notary.NewVaultFile(strings.NewReader(strings.Repeat("x", 32)))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(other), 0o600))
	require.ErrorContains(t, open(), "sealed with another key file")
	require.NoError(t, os.WriteFile(path, kept, 0o600))
	require.NoError(t, open())
}

// actOf finds the act of a leaf by its place, in the file itself.
func actOf(t *testing.T, data string, leaf int64) (governance.ActID, governance.Digest) {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(data, "concordat.db")+"?mode=ro")
	require.NoError(t, err)
	defer file.Close()
	var act governance.ActID
	var body string
	err = file.QueryRow(`SELECT a.id, a.body FROM leaves l JOIN acts a ON a.id = l.act_id WHERE l.number = $1`, leaf).Scan(&act, &body)
	require.NoError(t, err)
	return act, notary.Digest([]byte(body))
}
