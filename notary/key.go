package notary

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"concordat/governance"
)

// Key sizes in bytes.
const (
	vaultKeySize = 32
	vaultPrefix  = "concordat-key-file-1:"
)

// PublicKey is an Ed25519 public key in the unpadded base64url of JWK's member x (RFC 8037).
type PublicKey string

// PublicKeyOf writes a key.
func PublicKeyOf(key ed25519.PublicKey) PublicKey {
	return PublicKey(base64.RawURLEncoding.EncodeToString(key))
}

// Ed25519 reads a key. INVALID where it is none.
func (k PublicKey) Ed25519() (ed25519.PublicKey, error) {
	key, err := base64.RawURLEncoding.Strict().DecodeString(string(k))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, governance.Invalid("publicKey", "key-malformed",
			"A public key is the 32 bytes of an Ed25519 key in unpadded base64url, as the member x of a JWK.")
	}
	return key, nil
}

// JWK is the key as a JSON Web Key under an id; none in a DID document, where the method's id is the key's.
func (k PublicKey) JWK(id string) JWK {
	return JWK{KeyType: "OKP", Curve: "Ed25519", X: k, KeyID: id, Use: "sig", Algorithm: "EdDSA"}
}

// Thumbprint names the key by its RFC 7638 thumbprint.
func (k PublicKey) Thumbprint() string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + string(k) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// JWK is a public key as RFC 7517 and RFC 8037 write it.
type JWK struct {
	KeyType   string    `json:"kty"`
	Curve     string    `json:"crv"`
	X         PublicKey `json:"x"`
	KeyID     string    `json:"kid,omitempty"`
	Use       string    `json:"use,omitempty"`
	Algorithm string    `json:"alg,omitempty"`
}

// NewKey draws an Ed25519 key.
func NewKey(random io.Reader) (ed25519.PrivateKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("draw a key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Vault seals private keys, so that a copy of the database signs nothing. Its own key lies in a file beside the database.
type Vault struct{ aead cipher.AEAD }

// errSealed is a sealed key that this vault does not open.
var errSealed = errors.New("the key was sealed with another key file, or has been changed")

// NewVaultFile draws the content of a key file: one line of text.
func NewVaultFile(random io.Reader) (string, error) {
	secret := make([]byte, vaultKeySize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("draw a key file: %w", err)
	}
	return vaultPrefix + base64.StdEncoding.EncodeToString(secret) + "\n", nil
}

// OpenVault reads the content of a key file. INVALID where it is none.
func OpenVault(file string) (*Vault, error) {
	malformed := governance.Invalid("keyFile", "key-file-malformed",
		"A key file holds one line that begins with {prefix}.", "prefix", vaultPrefix)
	text, ok := strings.CutPrefix(strings.TrimSpace(file), vaultPrefix)
	if !ok {
		return nil, malformed
	}
	secret, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(secret) != vaultKeySize {
		return nil, malformed
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("open the key file: %w", err)
	}
	return &Vault{aead}, nil
}

// Seal encrypts a private key (AES-256-GCM, bound to the public key that it belongs to) in base64.
func (v *Vault) Seal(random io.Reader, key ed25519.PrivateKey) (string, error) {
	nonce := make([]byte, v.aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", fmt.Errorf("seal a key: %w", err)
	}
	public := key.Public().(ed25519.PublicKey)
	return base64.StdEncoding.EncodeToString(v.aead.Seal(nonce, nonce, key.Seed(), public)), nil
}

// Open decrypts the private key of a public one.
func (v *Vault) Open(sealed string, public PublicKey) (ed25519.PrivateKey, error) {
	data, err := base64.StdEncoding.Strict().DecodeString(sealed)
	if err != nil || len(data) < v.aead.NonceSize() {
		return nil, errSealed
	}
	bound, err := public.Ed25519()
	if err != nil {
		return nil, err
	}
	seed, err := v.aead.Open(nil, data[:v.aead.NonceSize()], data[v.aead.NonceSize():], bound)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errSealed
	}
	key := ed25519.NewKeyFromSeed(seed)
	if !bound.Equal(key.Public()) {
		return nil, errSealed
	}
	return key, nil
}
