package server

import (
	"bytes"
	"database/sql"
	"encoding/hex"
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

	"github.com/santhosh-tekuri/jsonschema/v6"
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

	c.readsActs(data, checkpoint.Size)

	small := notary.Checkpoint{Origin: checkpoint.Origin, Size: 100}
	small.Root, err = notary.RootOf(c.tiles, 100)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal([]byte(c.ok("/log/consistency?from=100&to="+strconv.FormatInt(checkpoint.Size, 10))), &proof))
	require.NoError(t, notary.Consistency{From: 100, To: checkpoint.Size, Hashes: hashesOf(t, proof.Hashes)}.Check(small, checkpoint))

	for path, want := range map[string]int{
		"/log/": 404, "/log/tile/0/999": 404, "/log/tile/0/0": 404, "/log/inclusion?act=nothing": 404, "/log/inclusion": 404,
		"/log/inclusion?act=" + string(act) + "&size=999999": 400, "/log/consistency": 400, "/log/consistency?from=2&to=1": 400,
		"/log/consistency?from=-1&to=1": 400, "/log/act/999999": 404, "/log/act/-1": 400, "/log/act/first": 400,
	} {
		status, body := c.get(path)
		assert.Equal(t, want, status, "%s: %s", path, body)
	}
}

// readsActs reads every act of the log as a stranger may: the bytes that the leaf is the hash of, or why not.
func (c logClient) readsActs(data string, size int64) {
	c.t.Helper()
	read := map[int]int{}
	c.each(data, `SELECT number, hash FROM leaves WHERE number < `+strconv.FormatInt(size, 10), func(leaf, hash string) {
		status, body := c.get("/log/act/" + leaf)
		read[status]++
		if status == http.StatusForbidden {
			var told withheldAct
			require.NoError(c.t, json.Unmarshal([]byte(body), &told))
			assert.Equal(c.t, hash, told.LeafHash)
			assert.NotEmpty(c.t, told.Withheld)
			return
		}
		require.Equal(c.t, http.StatusOK, status, body)
		node, err := notary.LeafHash(notary.Digest([]byte(body)))
		require.NoError(c.t, err)
		assert.Equal(c.t, hash, hex.EncodeToString(node[:]))
		assert.NotContains(c.t, body, `"NEED_BACKED"`, "who backs a need is not told")
	})
	assert.NotZero(c.t, read[http.StatusOK])
	assert.NotZero(c.t, read[http.StatusForbidden])
}

// bundles fetches the bundle of every ballot of the demo that has one, and of every publication.
func (c logClient) bundles(data string) map[string][]byte {
	c.t.Helper()
	bundles := map[string][]byte{}
	c.each(data, `SELECT id, kind || ' ' || COALESCE(outcome, 'OPEN') FROM ballots`, func(id, what string) {
		status, body := c.get(register.BundlePath + id + "/bundle.json")
		if strings.HasSuffix(what, "OPEN") {
			assert.Equal(c.t, http.StatusConflict, status, body)
			return
		}
		require.Equal(c.t, http.StatusOK, status, body)
		bundles[what] = []byte(body)
	})
	c.each(data, `SELECT s.slug, e.number || ' ' || e.stage FROM publications p JOIN editions e ON e.id = p.edition_id
		JOIN specifications s ON s.id = e.specification_id`, func(slug, edition string) {
		number, stage, _ := strings.Cut(edition, " ")
		bundles["PUBLICATION "+stage] = []byte(c.ok("/register/" + slug + "/" + number + "/bundle.json"))
	})
	return bundles
}

// each calls f with the two texts of every row that a query finds in the demo's file.
func (c logClient) each(data, query string, f func(a, b string)) {
	c.t.Helper()
	file, err := sql.Open("sqlite", "file:"+filepath.Join(data, "concordat.db")+"?mode=ro")
	require.NoError(c.t, err)
	defer file.Close()
	rows, err := file.Query(query)
	require.NoError(c.t, err)
	defer rows.Close()
	for rows.Next() {
		var first, second string
		require.NoError(c.t, rows.Scan(&first, &second))
		f(first, second)
	}
	require.NoError(c.t, rows.Err())
}

// bundleSchema reads the JSON Schema of bundles, and that of tally records, to which it refers.
func (c logClient) bundleSchema() *jsonschema.Schema {
	c.t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"tally", "bundle"} {
		tree, err := jsonschema.UnmarshalJSON(strings.NewReader(c.ok("/schemas/" + name + ".schema.json")))
		require.NoError(c.t, err)
		require.NoError(c.t, compiler.AddResource("urn:concordat:schema:"+name+":1", tree))
	}
	schema, err := compiler.Compile("urn:concordat:schema:bundle:1")
	require.NoError(c.t, err)
	status, _ := c.get("/schemas/none.schema.json")
	assert.Equal(c.t, http.StatusNotFound, status)
	return schema
}

// wrong names the checks that do not hold.
func wrong(found *notary.Verification) []string {
	var names []string
	for _, check := range found.Checks {
		if !check.Holds {
			names = append(names, check.Name)
		}
	}
	return names
}

func TestABundleHoldsAndOnlyAsItIs(t *testing.T) {
	data := t.TempDir()
	c := logClient{t, opened(t, Config{Demo: true, Data: data})}
	key := strings.TrimSpace(c.ok("/log/key"))
	bundles, schema := c.bundles(data), c.bundleSchema()
	for what, bundle := range bundles {
		form, err := jsonschema.UnmarshalJSON(bytes.NewReader(bundle))
		require.NoError(t, err)
		require.NoError(t, schema.Validate(form), what)
		form.(map[string]any)["more"] = true
		require.Error(t, schema.Validate(form), what)
		for _, known := range []string{key, ""} {
			found := notary.VerifyBundle(bundle, known)
			assert.True(t, found.Holds(), "%s: %+v", what, found.Checks)
			assert.Greater(t, len(found.Checks), 10)
			assert.Equal(t, strings.HasPrefix(what, "PUBLICATION"), found.Published != "", what)
		}
	}
	strange := strings.TrimSpace(logClient{t, opened(t, Config{})}.ok("/log/key"))
	for _, what := range []string{"EDITION CARRIED", "PUBLICATION PUBLISHED"} {
		t.Run(what, func(t *testing.T) {
			bundle := bundles[what]
			require.NotEmpty(t, bundle)
			assert.False(t, notary.VerifyBundle(bundle, strange).Holds(), "another log's key")
			changeBytes(t, bundle, key)

			var read map[string]any
			require.NoError(t, json.Unmarshal(bundle, &read))
			indented, err := json.MarshalIndent(read, "", " ")
			require.NoError(t, err)
			found := notary.VerifyBundle(indented, key)
			assert.Contains(t, found.Checks[len(found.Checks)-1].Says, "not canonical")
		})
	}
}

// changeBytes changes single bytes of a bundle at random, and each bit of the end of its signature: each change is found, and named by the
// member that it lies in or, where the file is no bundle any more, by its form.
func changeBytes(t *testing.T, bundle []byte, key string) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	found := 0
	change := func(at int, by byte) {
		changed := slices.Clone(bundle)
		changed[at] ^= by
		names := wrong(notary.VerifyBundle(changed, key))
		require.NotEmpty(t, names, "byte %d: %q instead of %q", at, changed[at], bundle[at])
		if !slices.Contains(names, "form") {
			require.Contains(t, strings.Join(names, ","), memberAt(t, bundle, at), "byte %d: %q instead of %q", at, changed[at], bundle[at])
		}
		found++
	}
	for range 1000 {
		change(random.IntN(len(bundle)), byte(1+random.IntN(255)))
	}
	require.Equal(t, 1000, found)
	seal := bytes.Index(bundle, []byte(`,"seal":{"note":`))
	end := seal + bytes.Index(bundle[seal:], []byte(`\n"`)) // of the seal's signature: in base64 its last letter has bits that do not count
	for at := end - 4; at < end; at++ {
		for bit := range 7 {
			change(at, 1<<bit)
		}
	}
}

// memberAt is the name of the member of a canonical object in which a byte lies.
func memberAt(t *testing.T, object []byte, at int) string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, err := decoder.Token()
	require.NoError(t, err)
	for decoder.More() {
		name, err := decoder.Token()
		require.NoError(t, err)
		var member json.RawMessage
		require.NoError(t, decoder.Decode(&member))
		if int64(at) < decoder.InputOffset() {
			return name.(string)
		}
	}
	return "form"
}

func TestABundleIsTheSameUntilSomethingInItIsHidden(t *testing.T) {
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	var path string
	c.each(data, `SELECT s.slug, e.number FROM publications p JOIN editions e ON e.id = p.edition_id
		JOIN specifications s ON s.id = e.specification_id WHERE p.state = 'SUPERSEDED'`, func(slug, number string) {
		path = "/register/" + slug + "/" + number + "/bundle.json"
	})
	first := c.ok(path)
	named := path + "?digest=" + string(notary.Digest([]byte(first)))
	assert.Equal(t, first, c.ok(named))
	for _, test := range []struct{ path, cache string }{{path, "no-cache"}, {named, "public, max-age=31536000, immutable"}} {
		request := httptest.NewRequest(http.MethodGet, s.URL()+test.path, nil)
		request.Header.Set("If-None-Match", `"`+string(notary.Digest([]byte(first)))+`"`)
		answer := httptest.NewRecorder()
		s.answer.ServeHTTP(answer, request)
		assert.Equal(t, http.StatusNotModified, answer.Code)
		assert.Equal(t, test.cache, answer.Header().Get("Cache-Control"))
	}

	var b notary.Bundle
	require.NoError(t, json.Unmarshal([]byte(first), &b))
	require.NotEmpty(t, b.Comments)
	require.True(t, shown(t, b, b.Comments[0].ID))
	file, err := sql.Open("sqlite", "file:"+filepath.Join(data, "concordat.db")+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer file.Close()
	_, err = file.Exec(`UPDATE comments SET hidden_at = '2026-11-01T00:00:00.000000Z', hidden_reason = 'a name' WHERE id = $1`, b.Comments[0].ID)
	require.NoError(t, err)

	status, _ := c.get(named)
	assert.Equal(t, http.StatusNotFound, status, "the bytes of that digest are served no more")
	second := c.ok(path)
	assert.True(t, notary.VerifyBundle([]byte(second), b.Key).Holds())
	var later notary.Bundle
	require.NoError(t, json.Unmarshal([]byte(second), &later))
	assert.False(t, shown(t, later, b.Comments[0].ID), "the words of a hidden comment are not in it")
	for path, want := range map[string]int{"/register/none/1.0/bundle.json": 404, path + "?digest=sha256:00": 404} {
		status, body := c.get(path)
		assert.Equal(t, want, status, body)
	}
}

// shown says whether the act that made a comment stands in the bundle with its words.
func shown(t *testing.T, b notary.Bundle, comment governance.CommentID) bool {
	t.Helper()
	at := slices.IndexFunc(b.Acts, func(a notary.BundleAct) bool {
		made := strings.Contains(string(a.Act), `"COMMENT_ADDED"`) || strings.Contains(string(a.Act), `"OBJECTION_RAISED"`)
		return made && strings.Contains(string(a.Act), `"id":"`+string(comment)+`"`)
	})
	require.GreaterOrEqual(t, at, 0)
	return b.Acts[at].Texts["body"].Text != nil
}

// A forger who has the log's key can seal anything: what is forged is still named, by the acts in the log.
func TestAForgedBundleIsNamedByTheLogEvenUnderItsOwnKey(t *testing.T) {
	data := t.TempDir()
	s := opened(t, Config{Demo: true, Data: data})
	c := logClient{t, s}
	key := strings.TrimSpace(c.ok("/log/key"))
	original := c.bundles(data)["PUBLICATION SUPERSEDED"]
	for name, forge := range forgeries(t) {
		t.Run(name, func(t *testing.T) {
			var b notary.Bundle
			require.NoError(t, json.Unmarshal(original, &b))
			forge(&b)
			sealed, err := notary.SealBundle(b, s.acts.Key)
			require.NoError(t, err)
			found := notary.VerifyBundle(sealed, key)
			check, _, _ := strings.Cut(name, ": ")
			assert.Contains(t, wrong(found), check)
			assert.NotContains(t, wrong(found), "seal")
		})
	}
}

// forgeries change what a bundle holds, each by the name of the check that finds it, and more words where there are several.
func forgeries(t *testing.T) map[string]func(b *notary.Bundle) {
	t.Helper()
	file := func(from, to string) func(b *notary.Bundle) {
		return func(b *notary.Bundle) {
			require.Contains(t, string(b.Publication), from)
			b.Publication = json.RawMessage(strings.Replace(string(b.Publication), from, to, 1))
		}
	}
	return map[string]func(b *notary.Bundle){
		"what was voted on": func(b *notary.Bundle) { b.Subject = json.RawMessage(`{}`) },
		"charter":           func(b *notary.Bundle) { b.Charter = json.RawMessage(`{}`) },
		"times":             func(b *notary.Bundle) { b.Ballot.ClosesAt = b.Ballot.OpenedAt },
		"electorate":        func(b *notary.Bundle) { b.Electors = b.Electors[1:] },
		"positions": func(b *notary.Bundle) {
			b.Positions[0].Position = governance.PositionObject
		},
		"close": func(b *notary.Bundle) { b.Ballot.Outcome = governance.OutcomeNotCarried },
		"words": func(b *notary.Bundle) {
			at := slices.IndexFunc(b.Acts, func(a notary.BundleAct) bool { return a.Texts["body"].Text != nil })
			other := "something else"
			b.Acts[at].Texts["body"] = notary.BundleText{Salt: b.Acts[at].Texts["body"].Salt, Text: &other}
		},
		"comments": func(b *notary.Bundle) { b.Comments = b.Comments[1:] },
		"notices": func(b *notary.Bundle) {
			b.Notices = []notary.BundleNotice{{Organization: "a stranger", ToldAt: b.Ballot.OpenedAt}}
		},
		"charter's adoption":        func(b *notary.Bundle) { b.Acts = without(b.Acts, "CHARTER_FOUNDED") },
		"publishing":                func(b *notary.Bundle) { b.Acts = without(b.Acts, "EDITION_PUBLISHED") },
		"publication":               file(`"validFrom":"2026`, `"validFrom":"2025`),
		"publication's form":        file("concordat/publication/1", "concordat/publication/0"),
		"offers":                    file(`"facts":{`, `"facts":{"a":1,`),
		"statements":                file(`"kind":"ENDORSEMENT"`, `"kind":"OPINION"`),
		"roll: nobody was admitted": func(b *notary.Bundle) { b.Acts = without(b.Acts, "ROLL_ADMITTED") },
		"roll: entries exchanged": func(b *notary.Bundle) {
			b.Electors[0].Entry, b.Electors[1].Entry = b.Electors[1].Entry, b.Electors[0].Entry
		},
		"signatures: one is left out": func(b *notary.Bundle) { b.Signatures = b.Signatures[1:] },
		"signatures: exchanged": func(b *notary.Bundle) {
			b.Signatures[0].Credential, b.Signatures[1].Credential = b.Signatures[1].Credential, b.Signatures[0].Credential
		},
		"signatures: another key":                     func(b *notary.Bundle) { b.Signatures[0].PublicKey = b.Signatures[1].PublicKey },
		"signatures: by a key that nobody registered": func(b *notary.Bundle) { b.Acts = without(b.Acts, "KEY_REGISTERED") },
		"count": func(b *notary.Bundle) { b.Result = json.RawMessage(`{}`) },
		"acts":  func(b *notary.Bundle) { b.Acts[1].Leaf++ },
		"opening": func(b *notary.Bundle) {
			b.Ballot.ID = "0195e3a0-0000-7000-8000-00000000beef"
		},
		"checkpoint": func(b *notary.Bundle) { b.Checkpoint = strings.Replace(b.Checkpoint, "\n", "\n1", 1) },
	}
}

// without leaves the acts of a type out.
func without(acts []notary.BundleAct, what string) []notary.BundleAct {
	return slices.DeleteFunc(acts, func(a notary.BundleAct) bool { return strings.Contains(string(a.Act), `"type":"`+what+`"`) })
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
