package notary

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
)

// LeafHash is the RFC 6962 hash of the leaf of an act. The leaf is the act's digest, so that the log can be served
// without the acts.
func LeafHash(act governance.Digest) (tlog.Hash, error) {
	sum, err := hex.DecodeString(strings.TrimPrefix(string(act), "sha256:"))
	if err != nil || len(sum) != tlog.HashSize || !strings.HasPrefix(string(act), "sha256:") {
		return tlog.Hash{}, fmt.Errorf("the digest %q of an act is malformed", act)
	}
	return tlog.RecordHash(sum), nil
}

// EncodeHashes writes hashes as proofs are passed on: each in base64, in their order.
func EncodeHashes(hashes []tlog.Hash) []string {
	texts := make([]string, len(hashes))
	for i, hash := range hashes {
		texts[i] = base64.StdEncoding.EncodeToString(hash[:])
	}
	return texts
}

// DecodeHashes reads what EncodeHashes wrote. INVALID where one of them is no SHA-256 in base64, or is one in another
// spelling.
func DecodeHashes(texts []string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		sum, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(sum) != tlog.HashSize || len(text) != base64.StdEncoding.EncodedLen(tlog.HashSize) {
			return nil, governance.Invalid("proof", "proof-malformed", "Hash {number} of the proof is no SHA-256 in base64.", "number", fmt.Sprint(i+1))
		}
		hashes[i] = tlog.Hash(sum)
	}
	return hashes, nil
}

// Inclusion shows that a leaf stands in the tree of a checkpoint.
type Inclusion struct {
	Number int64       // of the leaf
	Size   int64       // of the tree
	Hashes []tlog.Hash // the audit path, from the leaf upwards (RFC 6962, section 2.1.1)
}

// Consistency shows that the tree of one checkpoint is the beginning of another's.
type Consistency struct {
	From, To int64       // sizes
	Hashes   []tlog.Hash // RFC 6962, section 2.1.2
}

// ProveInclusion makes the proof for a leaf in the tree of size leaves. INVALID where there is no such leaf in it.
func ProveInclusion(read TileReader, number, size int64) (Inclusion, error) {
	if number < 0 || number >= size {
		return Inclusion{}, governance.Invalid("leaf", "leaf-outside", "A tree of {size} leaves has no leaf {leaf}.",
			"size", fmt.Sprint(size), "leaf", fmt.Sprint(number))
	}
	hashes, err := tlog.ProveRecord(size, number, read)
	if err != nil {
		return Inclusion{}, fmt.Errorf("prove leaf %d of %d: %w", number, size, err)
	}
	return Inclusion{Number: number, Size: size, Hashes: hashes}, nil
}

// Check verifies that the act's leaf stands in the checkpoint's tree. INVALID where it does not.
func (p Inclusion) Check(c Checkpoint, act governance.Digest) error {
	leaf, err := LeafHash(act)
	if err != nil {
		return err
	}
	if p.Size != c.Size || tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Number, leaf) != nil {
		return governance.Invalid("proof", "not-included", "The act {act} is not leaf {leaf} of the log of {size} leaves.",
			"act", string(act), "leaf", fmt.Sprint(p.Number), "size", fmt.Sprint(c.Size))
	}
	return nil
}

// ProveConsistency makes the proof between two sizes of the log. INVALID where the first is larger, or one is negative.
func ProveConsistency(read TileReader, from, to int64) (Consistency, error) {
	if from < 0 || from > to {
		return Consistency{}, governance.Invalid("from", "sizes-reversed", "A log of {from} leaves does not come before one of {to}.",
			"from", fmt.Sprint(from), "to", fmt.Sprint(to))
	}
	if from == 0 || from == to {
		return Consistency{From: from, To: to}, nil // nothing has to be shown
	}
	hashes, err := tlog.ProveTree(to, from, read)
	if err != nil {
		return Consistency{}, fmt.Errorf("prove %d leaves in %d: %w", from, to, err)
	}
	return Consistency{From: from, To: to, Hashes: hashes}, nil
}

// Check verifies that the older checkpoint is the beginning of the newer. INVALID where it is not.
func (p Consistency) Check(older, newer Checkpoint) error {
	forked := governance.Invalid("proof", "not-consistent",
		"The log of {to} leaves does not go on from the one of {from}: somebody has changed what was logged.",
		"from", fmt.Sprint(older.Size), "to", fmt.Sprint(newer.Size))
	switch {
	case p.From != older.Size || p.To != newer.Size || older.Origin != newer.Origin || older.Size > newer.Size:
		return forked
	case older.Size == 0:
		return nil
	case older.Size == newer.Size:
		if older.Root != newer.Root {
			return forked
		}
		return nil
	}
	if tlog.CheckTree(p.Hashes, newer.Size, newer.Root, older.Size, older.Root) != nil {
		return forked
	}
	return nil
}

// RootOf is the root of the tree of the first size leaves.
func RootOf(read TileReader, size int64) (tlog.Hash, error) {
	root, err := tlog.TreeHash(size, read)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("find the root of %d leaves: %w", size, err)
	}
	return root, nil
}
