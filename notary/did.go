package notary

import (
	"crypto/ed25519"
	"net/url"
	"strings"

	"concordat/governance"
)

// DIDOf is the did:web of what lies at an address: "https://host/orgs/slug" is did:web:host:orgs:slug, and the host alone
// did:web:host. INVALID where the address has no host. A port is written as did:web wants it.
func DIDOf(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" {
		return "", governance.Invalid("address", "no-host", "{address} names no host.", "address", address)
	}
	did := "did:web:" + strings.ReplaceAll(strings.ToLower(parsed.Host), ":", "%3A")
	for _, segment := range strings.Split(strings.Trim(parsed.EscapedPath(), "/"), "/") {
		if segment != "" {
			did += ":" + segment
		}
	}
	return did, nil
}

// KeyID is the DID URL of a key in a body's document.
func KeyID(did string, key PublicKey) string { return did + "#" + key.Thumbprint() }

// DIDDocument is what a body publishes of its keys (W3C DID Core, did:web).
type DIDDocument struct {
	Context            []string             `json:"@context"`
	ID                 string               `json:"id"`
	VerificationMethod []VerificationMethod `json:"verificationMethod"`
	AssertionMethod    []string             `json:"assertionMethod"`
}

// VerificationMethod is one key of a document.
type VerificationMethod struct {
	ID           string `json:"id"`
	Type         string `json:"type"`
	Controller   string `json:"controller"`
	PublicKeyJWK JWK    `json:"publicKeyJwk"`
}

// DIDDocumentOf lists keys, those in use and those that were rotated: what they signed stays verifiable. Revoked keys are
// left out by the caller.
func DIDDocumentOf(did string, keys []PublicKey) DIDDocument {
	document := DIDDocument{
		Context: []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"}, ID: did,
		VerificationMethod: []VerificationMethod{}, AssertionMethod: []string{},
	}
	for _, key := range keys {
		id := KeyID(did, key)
		document.VerificationMethod = append(document.VerificationMethod, VerificationMethod{
			ID: id, Type: "JsonWebKey", Controller: did, PublicKeyJWK: key.JWK(""),
		})
		document.AssertionMethod = append(document.AssertionMethod, id)
	}
	return document
}

// KeySet is a JSON Web Key Set (RFC 7517).
type KeySet struct {
	Keys []JWK `json:"keys"`
}

// KeySet is the same keys for software that knows no DIDs, each under its DID URL.
func (d DIDDocument) KeySet() KeySet {
	set := KeySet{Keys: []JWK{}}
	for _, method := range d.VerificationMethod {
		set.Keys = append(set.Keys, method.PublicKeyJWK.X.JWK(method.ID))
	}
	return set
}

// Find is Key for VerifyCredential.
func (d DIDDocument) Find(id string) (ed25519.PublicKey, error) {
	key, err := d.Key(id)
	if err != nil {
		return nil, err
	}
	return key.Ed25519()
}

// Key finds a key of the document by its DID URL. NOT_FOUND where it is not in it, or not for statements.
func (d DIDDocument) Key(id string) (PublicKey, error) {
	for _, method := range d.VerificationMethod {
		for _, asserting := range d.AssertionMethod {
			if method.ID == id && asserting == id {
				return method.PublicKeyJWK.X, nil
			}
		}
	}
	return "", governance.NotFound("key", id)
}
