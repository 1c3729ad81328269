package notary

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"concordat/governance"
)

// Contexts of the credentials that are issued here: W3C Verifiable Credentials 2.0, Open Badges 3.0, and our own terms.
const (
	contextCredentials = "https://www.w3.org/ns/credentials/v2"
	contextOpenBadges  = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	termPrefix         = "urn:concordat:"
)

// Media types of a credential in a JWS (W3C, Securing Verifiable Credentials using JOSE and COSE).
const (
	typeCredentialJWT = "vc+jwt"
	typeCredential    = "vc"
)

// maxCredential bounds what is read as a credential.
const maxCredential = 256 << 10

// Statement is what a body says about one exact text, as it is signed: an Open Badges 3.0 EndorsementCredential.
type Statement struct {
	ID      string // the address of the statement
	Kind    governance.StatementKind
	Name    string // in English, for wallets: "Endorsement by Metalworkers Union"
	Issuer  Issuer
	Subject Resource          // the immutable address of the edition or the offer, with its digest
	Comment string            // in words: conditions, reasons; empty: none
	Terms   map[string]string // what the kind says besides: "framework", "level", "credits"
	From    time.Time
	Until   *time.Time // nil: until revoked
	Status  *StatusEntry
}

// Issuer is the body that speaks.
type Issuer struct {
	DID  string // did:web
	Name string
}

// Resource is something at an address that never changes.
type Resource struct {
	URI    string
	File   string // the address of exactly the bytes that the digest names
	Digest governance.Digest
}

// StatusEntry is where the statement's revocation would show (W3C Bitstring Status List 1.0).
type StatusEntry struct {
	List  string // address of the status list credential
	Index int    // of the bit
}

// Credential makes the exact bytes that are signed: canonical JSON.
func (s Statement) Credential() ([]byte, error) {
	sri, err := integrity(s.Subject.Digest)
	if err != nil {
		return nil, fmt.Errorf("write statement %s: %w", s.ID, err)
	}
	subject := map[string]any{
		"id": s.Subject.URI, "type": []string{"EndorsementSubject"}, "statementKind": string(s.Kind),
	}
	if s.Comment != "" {
		subject["endorsementComment"] = s.Comment
	}
	terms := map[string]any{"statementKind": termPrefix + "statementKind"}
	for name, value := range s.Terms {
		subject[name] = value
		terms[name] = termPrefix + name
	}
	credential := map[string]any{
		"@context":          []any{contextCredentials, contextOpenBadges, terms},
		"type":              []string{"VerifiableCredential", "EndorsementCredential"},
		"id":                s.ID,
		"name":              s.Name,
		"issuer":            map[string]any{"id": s.Issuer.DID, "type": []string{"Profile"}, "name": s.Issuer.Name},
		"validFrom":         instant(s.From),
		"credentialSubject": subject,
		"relatedResource":   []any{map[string]any{"id": s.Subject.File, "digestSRI": sri}},
	}
	if s.Until != nil {
		credential["validUntil"] = instant(*s.Until)
	}
	if s.Status != nil {
		credential["credentialStatus"] = s.Status.entry()
	}
	return Canonical(credential)
}

func (e StatusEntry) entry() map[string]any {
	index := fmt.Sprint(e.Index)
	return map[string]any{
		"id": e.List + "#" + index, "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
		"statusListIndex": index, "statusListCredential": e.List,
	}
}

// instant writes a time as xsd:dateTime to the second, as wallets expect it.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// integrity writes a digest as Subresource Integrity does: "sha256-" and base64.
func integrity(digest governance.Digest) (string, error) {
	sum, err := hex.DecodeString(strings.TrimPrefix(string(digest), "sha256:"))
	if err != nil || len(sum) != 32 {
		return "", fmt.Errorf("the digest %q is malformed", digest)
	}
	return "sha256-" + base64.StdEncoding.EncodeToString(sum), nil
}

// protected is the header of a signed credential.
func protected(keyID string) (string, error) {
	header, err := Canonical(map[string]string{"alg": string(jose.EdDSA), "cty": typeCredential, "kid": keyID, "typ": typeCredentialJWT})
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(header), nil
}

// SigningInput is what a key signs of a credential: the two parts of the JWS before the signature. A body that keeps its
// own key signs these bytes with it, outside.
func SigningInput(credential []byte, keyID string) (string, error) {
	header, err := protected(keyID)
	if err != nil {
		return "", err
	}
	return header + "." + base64.RawURLEncoding.EncodeToString(credential), nil
}

// SignCredential signs a credential as vc+jwt. The key's id is a DID URL.
func SignCredential(credential []byte, keyID string, key ed25519.PrivateKey) (string, error) {
	input, err := SigningInput(credential, keyID)
	if err != nil {
		return "", fmt.Errorf("sign a credential: %w", err)
	}
	return JoinSignature(input, ed25519.Sign(key, []byte(input))), nil
}

// CompleteCredential is a credential with its signature, which a body that keeps its own key made outside: a compact JWS with
// the credential as its payload, or with none. INVALID where something else was signed, or with another key than the one that
// the id names.
func CompleteCredential(jws string, credential []byte, keyID string, key PublicKey) (string, error) {
	payload := base64.RawURLEncoding.EncodeToString(credential)
	header, rest, _ := strings.Cut(strings.TrimSpace(jws), ".")
	signed, signature, _ := strings.Cut(rest, ".")
	if signed == "" {
		signed = payload
	}
	if signed != payload {
		return "", badCredential("something else was signed than what was prepared")
	}
	jwt := header + "." + payload + "." + signature
	_, err := VerifyCredential(jwt, func(id string) (ed25519.PublicKey, error) {
		if id != keyID {
			return nil, governance.Invalid("credential", "another-key", "This was signed with {key}, not with {inUse}.", "key", id, "inUse", keyID)
		}
		return key.Ed25519()
	})
	return jwt, err
}

// JoinSignature completes a JWS.
func JoinSignature(input string, signature []byte) string {
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// Verified is a credential whose signature holds.
type Verified struct {
	KeyID   string // DID URL
	Payload []byte // the exact bytes that were signed
}

// VerifyCredential verifies a vc+jwt with the key that its header names, which find looks up: nothing but EdDSA under a
// header of the form that SignCredential writes. INVALID says what does not hold.
func VerifyCredential(jwt string, find func(keyID string) (ed25519.PublicKey, error)) (Verified, error) {
	if len(jwt) > maxCredential {
		return Verified{}, badCredential("it is too large")
	}
	signed, err := jose.ParseSignedCompact(jwt, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return Verified{}, badCredential("it is no JWS signed with EdDSA")
	}
	keyID := signed.Signatures[0].Protected.KeyID
	header, err := protected(keyID)
	if err != nil || !strings.HasPrefix(jwt, header+".") {
		return Verified{}, badCredential("its header is not that of a vc+jwt")
	}
	key, err := find(keyID)
	if err != nil {
		return Verified{}, err
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return Verified{}, governance.Invalid("credential", "signature-wrong", "The signature is not of the key {key}.", "key", keyID)
	}
	if !json.Valid(payload) {
		return Verified{}, badCredential("what is signed is not JSON")
	}
	return Verified{KeyID: keyID, Payload: payload}, nil
}

func badCredential(why string) error {
	return governance.Invalid("credential", "credential-malformed", "This is no signed credential: {why}.", "why", why)
}
