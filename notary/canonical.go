package notary

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/gowebpki/jcs"

	"concordat/governance"
)

// Canonical encodes v as JSON in the one form of RFC 8785 (JCS). HTML is not escaped before canonicalization, so the
// bytes are those every other JCS implementation makes of the same value.
func Canonical(v any) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	if canonical, ok := plain(encoded.Bytes()); ok {
		return canonical, nil
	}
	canonical, err := jcs.Transform(encoded.Bytes())
	if err != nil {
		return nil, fmt.Errorf("canonicalize JSON: %w", err)
	}
	return canonical, nil
}

// Digest names bytes by their SHA-256.
func Digest(b []byte) governance.Digest {
	sum := sha256.Sum256(b)
	return governance.Digest("sha256:" + hex.EncodeToString(sum[:]))
}
