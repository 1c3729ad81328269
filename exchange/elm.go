package exchange

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// ImportELM makes a draft, and an offer where there is something for it, of a file of the European Learning Model 3: an
// EDC credential (as JSON-LD, as the uploadable form with deliveryDetails around it, or in a signed envelope), or a
// Qualification or LearningAchievementSpecification by itself. Texts come in all their languages, as {"en":"x"} or
// {"en":["x"]}. What the file says about a learner is never imported.
//
// A file that is too large, too deep, not JSON or nothing of ELM is refused with INVALID and the path in Field.
func ImportELM(data []byte) (Import, error) {
	tree, err := readTree(data)
	if err != nil {
		return Import{}, err
	}
	i := &elmImporter{importer: newImporter(&elmVocabulary)}
	root, err := i.envelope(treeNode{value: tree})
	if err != nil {
		return Import{}, err
	}
	i.index(root)
	if err := i.root(root); err != nil {
		return Import{}, err
	}
	return i.finish(root)
}

// elmImporter gathers what a file says.
type elmImporter struct {
	importer
	assessed []treeNode // what each assessment was read from
}

// envelope opens a signed credential, a JWS in JSON serialization whose payload is the credential.
func (i *elmImporter) envelope(n treeNode) (treeNode, error) {
	payload, ok := n.object()["payload"].(string)
	if !ok {
		return n, nil
	}
	data := []byte(payload) // EDC signs with the payload unencoded (RFC 7797)
	if !strings.HasPrefix(strings.TrimSpace(payload), "{") {
		var err error
		if data, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "=")); err != nil {
			return n, governance.Invalid("/payload", "not-base64", "The payload of the signed credential is not base64url.")
		}
	}
	tree, err := governance.ParseJSON(data, maxImportNesting)
	if err != nil {
		return n, fmt.Errorf("read the payload: %w", err)
	}
	i.lose(treeNode{path: "/signatures"}, "signature")
	return treeNode{path: "/payload", value: tree}, nil
}

// root finds what the file is about.
func (i *elmImporter) root(n treeNode) error {
	if credential := i.get(n, "credential"); credential.isObject() {
		i.delivery(n)
		n = credential
	}
	if n.hasType("EuropeanDigitalCredential", "VerifiableCredential") {
		return i.credential(n)
	}
	for _, candidate := range append([]treeNode{n}, i.all(n, "@graph")...) {
		if candidate.hasType("Qualification", "LearningAchievementSpecification") {
			i.specification(candidate)
			return nil
		}
	}
	return governance.Invalid(n.path, "not-elm",
		"The file holds no European Digital Credential, Qualification or LearningAchievementSpecification of ELM 3.")
}

// delivery drops what an upload says about sending the credential to the learner.
func (i *elmImporter) delivery(n treeNode) {
	details := i.get(n, "deliveryDetails")
	if !details.exists() {
		return
	}
	i.lose(details, "learner-data", "elements", strings.Join(details.names(), ", "))
}

// credential reads the parts of a credential that are not the learner's.
func (i *elmImporter) credential(n treeNode) error {
	display := i.get(n, "displayParameter")
	i.primary, _ = i.languageOf(i.first(display, "primaryLanguage"))
	if display.exists() {
		i.lose(display, "presentation")
	}
	for _, name := range []string{"identifier", "issued", "issuanceDate", "validFrom", "validUntil", "expirationDate", "evidence", "issuer"} {
		if slot := i.get(n, name); slot.exists() {
			i.lose(slot, "issuance")
		}
	}
	if proof := i.get(n, "proof"); proof.exists() {
		i.lose(proof, "signature")
	}
	i.generic(i.all(n, "credentialProfiles"), credentialGeneric)
	i.generic(i.all(n, "credentialSchema"), edcGenericSchema)
	subject := i.get(n, "credentialSubject")
	claims := i.all(subject, "hasClaim")
	i.learner(subject)
	if err := i.claims(subject, claims); err != nil {
		return err
	}
	return nil
}

// generic takes what every template says of itself; any other profile has no place.
func (i *elmImporter) generic(nodes []treeNode, id string) {
	for _, n := range nodes {
		if n.id() == id {
			i.take(n)
		}
	}
}

// learner drops everything about the credential's subject but what it has achieved, and says so without a value.
func (i *elmImporter) learner(subject treeNode) {
	for _, name := range subject.names() {
		if name != "hasClaim" && !elmVocabulary.plumbing[name] {
			i.lose(subject.child(name), "learner-data", "elements", name)
		}
	}
}

// claims makes the draft of the first achievement; without one, of the first activity.
func (i *elmImporter) claims(subject treeNode, claims []treeNode) error {
	for _, kind := range []string{"LearningAchievement", "LearningActivity"} {
		at := slices.IndexFunc(claims, func(claim treeNode) bool { return claim.hasType(kind) })
		if at < 0 {
			continue
		}
		for _, other := range slices.Delete(slices.Clone(claims), at, at+1) {
			i.loseText(other, "further-one")
		}
		if kind == "LearningActivity" {
			i.change(claims[at], "no-achievement")
		}
		i.claim(claims[at])
		return nil
	}
	return governance.Invalid(subject.path+"/hasClaim", "no-claim", "The credential claims no learning achievement and no learning activity.")
}
