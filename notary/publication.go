package notary

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Publication says that a provider made one exact text public, as it is signed: a W3C Verifiable Credential about an Open
// Badges 3.0 Achievement, with how the text came about. It is about no learner.
type Publication struct {
	ID       string // the address of what was signed
	Issuer   Issuer // the provider that publishes
	Text     Resource
	Offer    Resource // with which it was published
	Title    string   // in Language, as Summary
	Summary  string
	Language string
	Number   string            // of the edition
	Terms    map[string]string // how it came about: "ballot", "council"; and from when to when it may be awarded
	From     time.Time
	Status   *StatusEntry
}

// Credential makes the exact bytes that are signed: canonical JSON.
func (p Publication) Credential() ([]byte, error) {
	var related []any
	for _, resource := range []Resource{p.Text, p.Offer} {
		sri, err := integrity(resource.Digest)
		if err != nil {
			return nil, fmt.Errorf("write publication %s: %w", p.ID, err)
		}
		related = append(related, map[string]any{"id": resource.File, "digestSRI": sri})
	}
	subject := map[string]any{
		"id": p.Text.URI, "type": []string{"Achievement"}, "achievementType": "MicroCredential", "name": p.Title,
		"description": p.Summary, "criteria": map[string]any{"id": p.Text.URI}, "inLanguage": p.Language, "version": p.Number,
	}
	terms := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(p.Terms)) {
		subject[name] = p.Terms[name]
		terms[name] = termPrefix + name
	}
	credential := map[string]any{
		"@context":          []any{contextCredentials, contextOpenBadges, terms},
		"type":              []string{"VerifiableCredential"},
		"id":                p.ID,
		"name":              "Publication of " + p.Title + " " + p.Number,
		"issuer":            map[string]any{"id": p.Issuer.DID, "type": []string{"Profile"}, "name": p.Issuer.Name},
		"validFrom":         instant(p.From),
		"credentialSubject": subject,
		"relatedResource":   related,
	}
	if p.Status != nil {
		credential["credentialStatus"] = p.Status.entry()
	}
	return Canonical(credential)
}
