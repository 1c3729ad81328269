package notary

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"concordat/governance"
)

// maxCheckpoint bounds what is read as a checkpoint, signatures included.
const maxCheckpoint = 16 << 10

// Checkpoint is what the log was at a moment: so many leaves with this root (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin     string    // names the log for good; a new epoch has a new one
	Size       int64     // leaves
	Root       tlog.Hash // RFC 6962 tree hash of them
	Extensions []string  // further lines, none of them empty
}

// Text is the body of the signed note: origin, size and root, a line each, then the extensions.
func (c Checkpoint) Text() string {
	lines := append([]string{c.Origin, strconv.FormatInt(c.Size, 10), base64.StdEncoding.EncodeToString(c.Root[:])}, c.Extensions...)
	return strings.Join(lines, "\n") + "\n"
}

// ParseCheckpoint reads the body of a note. INVALID names what is wrong with it.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return Checkpoint{}, badCheckpoint("it has fewer than three lines")
	}
	c := Checkpoint{Origin: lines[0], Extensions: lines[3 : len(lines)-1]}
	if len(c.Extensions) == 0 {
		c.Extensions = nil
	}
	if c.Origin == "" {
		return Checkpoint{}, badCheckpoint("it names no log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, badCheckpoint("its size is no number of leaves")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, badCheckpoint("its root is no SHA-256 in base64")
	}
	for _, line := range c.Extensions {
		if line == "" {
			return Checkpoint{}, badCheckpoint("it has an empty line")
		}
	}
	c.Size, c.Root = size, tlog.Hash(root)
	return c, nil
}

func badCheckpoint(why string) error {
	return governance.Invalid("checkpoint", "checkpoint-malformed", "This is no checkpoint of a log: {why}.", "why", why)
}

// LogKey signs the checkpoints of a log: an Ed25519 key under the log's name.
type LogKey struct {
	name string
	hash uint32
	key  ed25519.PrivateKey
	text string
}

// NewLogKey names a key. The name holds no white space and no plus sign.
func NewLogKey(name string, key ed25519.PrivateKey) (*LogKey, error) {
	public, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("the key of log %s is not an Ed25519 key", name)
	}
	text, err := LogVerifier(name, public)
	if err != nil {
		return nil, err
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return nil, fmt.Errorf("name the key of log %s: %w", name, err)
	}
	return &LogKey{name: name, hash: verifier.KeyHash(), key: key, text: text}, nil
}

// SignCredential signs a credential of the platform itself, whose DID this is, with the log's key.
func (k *LogKey) SignCredential(credential []byte, did string) (string, error) {
	public, ok := k.key.Public().(ed25519.PublicKey)
	if !ok {
		return "", fmt.Errorf("the key of log %s is not an Ed25519 key", k.name)
	}
	return SignCredential(credential, KeyID(did, PublicKeyOf(public)), k.key)
}

// LogVerifier is a log's public key as people pass it on: "name+hash+key", the form that note.NewVerifier reads.
func LogVerifier(name string, key ed25519.PublicKey) (string, error) {
	text, err := note.NewEd25519VerifierKey(name, key)
	if err != nil {
		return "", fmt.Errorf("write the key of log %s: %w", name, err)
	}
	return text, nil
}

// Name implements note.Signer.
func (k *LogKey) Name() string { return k.name }

// KeyHash implements note.Signer.
func (k *LogKey) KeyHash() uint32 { return k.hash }

// Sign implements note.Signer.
func (k *LogKey) Sign(message []byte) ([]byte, error) { return ed25519.Sign(k.key, message), nil }

// Verifier is the public part, as LogVerifier writes it.
func (k *LogKey) Verifier() string { return k.text }

// SignCheckpoint signs a checkpoint as a note.
func SignCheckpoint(c Checkpoint, key *LogKey) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of %d leaves: %w", c.Size, err)
	}
	return signed, nil
}

// OpenCheckpoint verifies a signed checkpoint against a log's public key, in the form of LogVerifier. INVALID where it is
// malformed, unsigned by that key, or of another log than the key's.
func OpenCheckpoint(signed []byte, key string) (Checkpoint, error) {
	if len(signed) > maxCheckpoint {
		return Checkpoint{}, badCheckpoint("it is too large")
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return Checkpoint{}, governance.Invalid("logKey", "log-key-malformed", "A log's key looks like name+hash+key: {why}.", "why", err.Error())
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, governance.Invalid("checkpoint", "checkpoint-unsigned",
			"The checkpoint is not signed by the key {key}: {why}.", "key", verifier.Name(), "why", err.Error())
	}
	c, err := ParseCheckpoint(opened.Text)
	if err == nil && c.Origin != verifier.Name() {
		return Checkpoint{}, governance.Invalid("checkpoint", "checkpoint-other-log",
			"The checkpoint is of the log {origin}, the key is of {key}.", "origin", c.Origin, "key", verifier.Name())
	}
	return c, err
}

// CheckpointOf reads a signed checkpoint without verifying it: to show what it says.
func CheckpointOf(signed []byte) (Checkpoint, error) {
	text, _, signatures := strings.Cut(string(signed), "\n\n")
	if len(signed) > maxCheckpoint || !signatures {
		return Checkpoint{}, badCheckpoint("it has no signature")
	}
	return ParseCheckpoint(text + "\n")
}
