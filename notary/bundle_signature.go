package notary

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// signingActs are the acts by which something is said that may be signed.
var signingActs = []string{"ENDORSEMENT_GIVEN", "STATEMENT_GIVEN", "EDITION_PUBLISHED"}

// checkSignatures verifies what was signed of the publication and its statements, and finds a signature to each act that
// says there is one. It answers how many there are.
func (b *Bundle) checkSignatures(acts []bundledAct) (string, error) {
	known, revoked := map[string]bool{}, 0
	for _, s := range b.Signatures {
		made := actsOf(acts, s.Object, s.ID, signingActs...)
		if len(made) != 1 || known[made[0].ID] {
			return "", fmt.Errorf("what was signed of %s has %d acts, or stands there twice", s.ID, len(made))
		}
		known[made[0].ID] = true
		if err := s.check(made[0], acts); err != nil {
			return "", fmt.Errorf("%s: %w", s.ID, err)
		}
		if s.RevokedAt != "" || s.KeyRevokedFrom != "" {
			revoked++
		}
	}
	for _, act := range acts {
		if slices.Contains(signingActs, act.Type) && act.Digests["credential"] != "" && !known[act.ID] {
			return "", fmt.Errorf("act %s tells of a signature that is not there", act.ID)
		}
	}
	says := fmt.Sprintf("%d, each by a key that its organization had registered", len(b.Signatures))
	if revoked > 0 {
		says += fmt.Sprintf("; %d revoked since, or the key of them; the seal alone says so", revoked)
	}
	return says, nil
}

// check verifies a signature under the key that its organization registered, and that it is over what its act tells of.
func (s BundleSignature) check(act bundledAct, acts []bundledAct) error {
	if act.Digests["credential"] != Digest([]byte(s.Credential)) {
		return errors.New("its act is of another signature")
	}
	verified, err := VerifyCredential(s.Credential, func(string) (ed25519.PublicKey, error) { return s.PublicKey.Ed25519() })
	if err != nil {
		return err
	}
	var said struct {
		Issuer          struct{ ID string }
		RelatedResource []struct{ DigestSRI string }
	}
	if err := json.Unmarshal(verified.Payload, &said); err != nil {
		return err
	}
	registered := false
	for _, a := range actsOf(acts, "ORGANIZATION", string(act.Organization), "KEY_REGISTERED", "KEY_ROTATED") {
		registered = registered || a.Words["publicKey"] == string(s.PublicKey)
	}
	return firstOf(
		errorIf(verified.KeyID != KeyID(said.Issuer.ID, s.PublicKey), "its key is not the issuer's"),
		errorIf(!registered, "no act registers its key for the organization"),
		errorIf(len(said.RelatedResource) == 0, "it is about nothing"),
		func() error {
			for _, resource := range said.RelatedResource {
				bound := false
				for _, digest := range act.Digests {
					sri, err := integrity(digest)
					bound = bound || err == nil && sri == resource.DigestSRI
				}
				if !bound {
					return errors.New("it is about another text or offer than its act")
				}
			}
			return nil
		}())
}
