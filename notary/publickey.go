package notary

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"math/big"
	"strings"

	"concordat/governance"
)

// maxPublicKey bounds, in bytes, what is read as a public key: a JWK with a few members more than it needs.
const maxPublicKey = 2000

// ed25519Prefix begins an Ed25519 public key in a Multikey (W3C Controlled Identifiers 1.0; multicodec 0xed).
var ed25519Prefix = []byte{0xed, 0x01}

// ParsePublicKey reads an Ed25519 public key in the forms in which software shows one: a JWK, a did:key, a Multikey
// ("z6Mk…"), or the member x of a JWK. INVALID for anything else, and for a private key, which nobody is to be shown.
func ParsePublicKey(text string) (PublicKey, error) {
	text = strings.TrimSpace(text)
	malformed := governance.Invalid("input.publicKey", "key-malformed",
		"This is no Ed25519 public key: give a JWK, a did:key, a Multikey (z6Mk…) or the member x of a JWK.")
	if len(text) > maxPublicKey {
		return "", malformed
	}
	var raw []byte
	switch {
	case strings.HasPrefix(text, "{"):
		var jwk struct {
			JWK
			Private *string `json:"d"`
		}
		if json.Unmarshal([]byte(text), &jwk) != nil || jwk.KeyType != "OKP" || jwk.Curve != "Ed25519" {
			return "", malformed
		}
		if jwk.Private != nil {
			return "", governance.Invalid("input.publicKey", "key-private",
				"This JWK holds a private key. It has been seen by others now: make a new one, and register its public key alone.")
		}
		text = string(jwk.X)
	case strings.HasPrefix(text, "did:key:z"), strings.HasPrefix(text, "z6Mk"):
		key, _, _ := strings.Cut(strings.TrimPrefix(text, "did:key:"), "#")
		raw = base58(key[1:])
		if !bytes.HasPrefix(raw, ed25519Prefix) || len(raw) != len(ed25519Prefix)+ed25519.PublicKeySize {
			return "", malformed
		}
		text = string(PublicKeyOf(raw[len(ed25519Prefix):]))
	}
	if _, err := PublicKey(text).Ed25519(); err != nil {
		return "", malformed
	}
	return PublicKey(text), nil
}

// base58Alphabet are the digits of base58btc.
const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58 decodes base58btc; nil where it is none. Leading zero bytes are of no use here and are dropped.
func base58(text string) []byte {
	number, digit := new(big.Int), new(big.Int)
	for _, letter := range text {
		at := strings.IndexRune(base58Alphabet, letter)
		if at < 0 {
			return nil
		}
		number.Mul(number, big.NewInt(58)).Add(number, digit.SetInt64(int64(at)))
	}
	return number.Bytes()
}
