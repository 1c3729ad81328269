package notary_test

import (
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
	"concordat/notary"
)

// memoryLog keeps a tree both ways: as tiles by our rule, and as the reference keeps it.
type memoryLog struct {
	levels    [][]tlog.Hash // of tiles
	reference []tlog.Hash
	acts      []governance.Digest
}

func (l *memoryLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = l.reference[index]
	}
	return hashes, nil
}

func (l *memoryLog) append(t *testing.T, act governance.Digest) {
	t.Helper()
	leaf, err := notary.LeafHash(act)
	require.NoError(t, err)
	stored, err := tlog.StoredHashesForRecordHash(int64(len(l.acts)), leaf, l)
	require.NoError(t, err)
	l.reference = append(l.reference, stored...)
	l.acts = append(l.acts, act)
	for level := 0; ; level++ {
		if level == len(l.levels) {
			l.levels = append(l.levels, nil)
		}
		l.levels[level] = append(l.levels[level], leaf)
		if len(l.levels[level])%notary.TileWidth != 0 {
			return
		}
		leaf, err = notary.NodeOf(l.levels[level][len(l.levels[level])-notary.TileWidth:])
		require.NoError(t, err)
	}
}

func (l *memoryLog) tiles(tiles []notary.Tile) ([][]tlog.Hash, error) {
	rows := make([][]tlog.Hash, len(tiles))
	for i, tile := range tiles {
		from := tile.Number * notary.TileWidth
		if tile.Level >= len(l.levels) || from+int64(tile.Width) > int64(len(l.levels[tile.Level])) {
			return nil, fmt.Errorf("there is no tile %s", tile.Path())
		}
		rows[i] = l.levels[tile.Level][from : from+int64(tile.Width)]
	}
	return rows, nil
}

func (l *memoryLog) at(t *testing.T, size int64) notary.Checkpoint {
	t.Helper()
	root, err := notary.RootOf(l.tiles, size)
	require.NoError(t, err)
	return notary.Checkpoint{Origin: "example.org/log", Size: size, Root: root}
}

func grown(t *testing.T, leaves int) *memoryLog {
	t.Helper()
	l := &memoryLog{}
	for i := range leaves {
		l.append(t, notary.Digest(fmt.Appendf(nil, "act %d", i)))
	}
	return l
}

func TestProofsFromTilesHoldAndHoldForNothingElse(t *testing.T) {
	const leaves = 70_000 // more than one tile of the second level
	l := grown(t, leaves)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	sizes := []int64{1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, leaves}
	for range 40 {
		sizes = append(sizes, 1+random.Int64N(leaves))
	}
	for _, size := range sizes {
		c := l.at(t, size)
		reference, err := tlog.TreeHash(size, l)
		require.NoError(t, err)
		require.Equal(t, reference, c.Root, "the root of %d leaves", size)

		number := random.Int64N(size)
		proof, err := notary.ProveInclusion(l.tiles, number, size)
		require.NoError(t, err)
		require.NoError(t, proof.Check(c, l.acts[number]))
		require.Error(t, proof.Check(c, notary.Digest([]byte("another act"))))
		if size > 1 {
			moved := proof
			moved.Number = (number + 1) % size
			require.Error(t, moved.Check(c, l.acts[number]), "leaf %d of %d", moved.Number, size)
		}

		from := random.Int64N(size + 1)
		before := notary.Checkpoint{Origin: c.Origin}
		if from > 0 {
			before = l.at(t, from)
		}
		consistency, err := notary.ProveConsistency(l.tiles, from, size)
		require.NoError(t, err)
		require.NoError(t, consistency.Check(before, c))
		if from > 0 {
			before.Root[7] ^= 1
			require.Error(t, consistency.Check(before, c), "%d of %d", from, size)
		}
	}
}

func TestProofsThatCannotBeMadeAreRefused(t *testing.T) {
	l := grown(t, 10)
	for _, number := range []int64{-1, 10, 11} {
		_, err := notary.ProveInclusion(l.tiles, number, 10)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "leaf %d", number)
	}
	_, err := notary.ProveConsistency(l.tiles, 5, 4)
	assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
}

func TestHashesAreWrittenInOneSpelling(t *testing.T) {
	hashes := grown(t, 3).levels[0]
	texts := notary.EncodeHashes(hashes)
	read, err := notary.DecodeHashes(texts)
	require.NoError(t, err)
	assert.Equal(t, hashes, read)
	for _, strange := range []string{"", "AAAA", texts[0] + "\n", texts[0][:42] + "/=", strings.TrimSuffix(texts[0], "="), texts[0] + texts[1]} {
		_, err := notary.DecodeHashes([]string{texts[0], strange})
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%q", strange)
		assert.ErrorContains(t, err, "Hash 2")
	}
}

func TestTilesHaveOneAddressEach(t *testing.T) {
	for path, tile := range map[string]notary.Tile{
		"0/000":               {Level: 0, Number: 0, Width: 256},
		"0/x001/x234/067":     {Level: 0, Number: 1_234_067, Width: 256},
		"1/x001/000.p/8":      {Level: 1, Number: 1000, Width: 8},
		"2/999.p/255":         {Level: 2, Number: 999, Width: 255},
		"0/x001/x000/000":     {Level: 0, Number: 1_000_000, Width: 256},
		"7/000.p/1":           {Level: 7, Number: 0, Width: 1},
		"0/x123/x456/789.p/9": {Level: 0, Number: 123_456_789, Width: 9},
	} {
		got, err := notary.ParseTile(path)
		require.NoError(t, err, path)
		assert.Equal(t, tile, got, path)
		assert.Equal(t, path, tile.Path())
	}
	for _, path := range []string{
		"", "0", "0/", "0/0", "0/00", "0/0000", "0/x000/001", "0/001/002", "0/x1/002", "00/001", "-1/001", "8/000", "0/-01", "0/+01",
		"0/001.p/0", "0/001.p/256", "0/001.p/08", "0/001.p/", "0/001.p/8.p/8", "0/x001", "0/x001/", "a/001", "0/001/", "/0/001",
		"0/" + strings.Repeat("x999/", 9) + "999",
	} {
		_, err := notary.ParseTile(path)
		assert.Equal(t, governance.CodeNotFound, governance.CodeOf(err), "%q", path)
	}
}

func TestATileBelongsToATreeOnceItsHashesStand(t *testing.T) {
	for _, test := range []struct {
		tile notary.Tile
		size int64
		want bool
	}{
		{notary.Tile{0, 0, 1}, 1, true}, {notary.Tile{0, 0, 2}, 1, false}, {notary.Tile{0, 1, 256}, 511, false},
		{notary.Tile{0, 1, 256}, 512, true}, {notary.Tile{1, 0, 1}, 255, false}, {notary.Tile{1, 0, 1}, 256, true},
		{notary.Tile{1, 0, 256}, 65_536, true}, {notary.Tile{2, 0, 1}, 65_535, false},
	} {
		assert.Equal(t, test.want, test.tile.Within(test.size), "%s in %d", test.tile.Path(), test.size)
	}
}

func logKey(t *testing.T, name string, seed byte) *notary.LogKey {
	t.Helper()
	key, err := notary.NewLogKey(name, ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize))))
	require.NoError(t, err)
	return key
}

func TestACheckpointIsOpenedByItsKeyAlone(t *testing.T) {
	key, other := logKey(t, "example.org/log", 'a'), logKey(t, "example.org/log", 'b')
	elsewhere := logKey(t, "example.org/log/2", 'a')
	c := grown(t, 300).at(t, 300)
	c.Extensions = []string{"after example.org/log 12 AAAA"}
	signed, err := notary.SignCheckpoint(c, key)
	require.NoError(t, err)

	opened, err := notary.OpenCheckpoint(signed, key.Verifier())
	require.NoError(t, err)
	assert.Equal(t, c, opened)
	read, err := notary.CheckpointOf(signed)
	require.NoError(t, err)
	assert.Equal(t, c, read)

	for _, stranger := range []*notary.LogKey{other, elsewhere} {
		_, err = notary.OpenCheckpoint(signed, stranger.Verifier())
		assert.Error(t, err, stranger.Verifier())
	}
	misplaced, err := notary.SignCheckpoint(c, elsewhere)
	require.NoError(t, err)
	_, err = notary.OpenCheckpoint(misplaced, elsewhere.Verifier())
	assert.ErrorContains(t, err, "example.org/log/2", "a key speaks for its own log alone")
	for i := range signed {
		changed := append([]byte(nil), signed...)
		changed[i] ^= 0x20
		_, err := notary.OpenCheckpoint(changed, key.Verifier())
		assert.Error(t, err, "byte %d", i)
	}
	_, err = notary.OpenCheckpoint(signed, "example.org/log")
	assert.ErrorContains(t, err, "name+hash+key")
}

func TestMalformedCheckpointsAreRefused(t *testing.T) {
	root := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for _, text := range []string{
		"", "o\n", "o\n1\n", "o\n1\n" + root, "\n1\n" + root + "\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n",
		"o\n1\nAAAA\n", "o\n1\n" + root + "=\n", "o\nx\n" + root + "\n", "o\n1\n" + root + "\n\n",
	} {
		_, err := notary.ParseCheckpoint(text)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%q", text)
	}
	c, err := notary.ParseCheckpoint("o\n1\n" + root + "\n")
	require.NoError(t, err)
	assert.Equal(t, "o\n1\n"+root+"\n", c.Text())
}

func FuzzParseTile(f *testing.F) {
	f.Add("0/x001/067.p/8")
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := notary.ParseTile(path); err == nil && tile.Path() != path {
			t.Fatalf("%q is read as %q", path, tile.Path())
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("example.org/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := notary.ParseCheckpoint(text); err == nil && c.Text() != text {
			t.Fatalf("%q is read as %q", text, c.Text())
		}
	})
}
