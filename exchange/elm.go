package exchange

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/notary"
)

// The bounds of an imported file.
const (
	MaxImportBytes   = 50 << 20
	maxImportNesting = 100
	maxLosses        = 2000 // more are only counted
)

// ELMImport is what ImportELM makes of a file.
type ELMImport struct {
	Document governance.Document    // a draft: governance.Check says what it still lacks
	Offer    *governance.OfferFacts // nil where the file says nothing that belongs into an offer
	Report   []Loss                 // what did not fit, by path
}

// ImportELM makes a draft, and an offer where there is something for it, of a file of the European Learning Model 3: an
// EDC credential (as JSON-LD, as the uploadable form with deliveryDetails around it, or in a signed envelope), or a
// Qualification or LearningAchievementSpecification by itself. Texts come in all their languages, as {"en":"x"} or
// {"en":["x"]}. What the file says about a learner is never imported.
//
// A file that is too large, too deep, not JSON or nothing of ELM is refused with INVALID and the path in Field.
func ImportELM(data []byte) (ELMImport, error) {
	if len(data) > MaxImportBytes {
		return ELMImport{}, governance.Invalid("", "too-large", "The file has {count} bytes, and at most {most} are allowed.",
			"count", strconv.Itoa(len(data)), "most", strconv.Itoa(MaxImportBytes))
	}
	tree, err := governance.ParseJSON(bytes.TrimPrefix(data, []byte("\ufeff")), maxImportNesting)
	if err != nil {
		return ELMImport{}, err
	}
	i := &elmImporter{elmReader: elmReader{taken: map[string]bool{}}}
	root, err := i.envelope(elmNode{value: tree})
	if err != nil {
		return ELMImport{}, err
	}
	i.index(root)
	if err := i.root(root); err != nil {
		return ELMImport{}, err
	}
	i.within = ancestors(i.taken)
	i.leftovers(root, "")
	return i.finish()
}

// elmImporter gathers what a file says.
type elmImporter struct {
	elmReader
	document governance.Document
	offer    governance.OfferFacts
	primary  governance.LanguageTag // that the file names
	assessed []elmNode              // what each assessment was read from
}

// envelope opens a signed credential, a JWS in JSON serialization whose payload is the credential.
func (i *elmImporter) envelope(n elmNode) (elmNode, error) {
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
	i.lose(elmNode{path: "/signatures"}, "signature")
	return elmNode{path: "/payload", value: tree}, nil
}

// root finds what the file is about.
func (i *elmImporter) root(n elmNode) error {
	if credential := i.get(n, "credential"); credential.isObject() {
		i.delivery(n)
		n = credential
	}
	if n.hasType("EuropeanDigitalCredential", "VerifiableCredential") {
		return i.credential(n)
	}
	for _, candidate := range append([]elmNode{n}, i.all(n, "@graph")...) {
		if candidate.hasType("Qualification", "LearningAchievementSpecification") {
			i.specification(candidate)
			return nil
		}
	}
	return governance.Invalid(n.path, "not-elm",
		"The file holds no European Digital Credential, Qualification or LearningAchievementSpecification of ELM 3.")
}

// delivery drops what an upload says about sending the credential to the learner.
func (i *elmImporter) delivery(n elmNode) {
	details := i.get(n, "deliveryDetails")
	if !details.exists() {
		return
	}
	i.lose(details, "learner-data", "elements", strings.Join(details.names(), ", "))
}

// credential reads the parts of a credential that are not the learner's.
func (i *elmImporter) credential(n elmNode) error {
	display := i.get(n, "displayParameter")
	i.primary, _ = i.languageOf(i.first(display, "primaryLanguage"))
	if display.exists() {
		i.lose(display, "presentation")
	}
	for _, name := range []string{"identifier", "issued", "issuanceDate", "validFrom", "validUntil", "expirationDate", "evidence"} {
		if slot := i.get(n, name); slot.exists() {
			i.lose(slot, "issuance")
		}
	}
	if proof := i.get(n, "proof"); proof.exists() {
		i.lose(proof, "signature")
	}
	i.take(i.get(n, "credentialProfiles"))
	i.take(i.get(n, "credentialSchema"))
	subject := i.get(n, "credentialSubject")
	claims := i.all(subject, "hasClaim")
	i.learner(subject)
	if err := i.claims(subject, claims); err != nil {
		return err
	}
	if issuer := i.get(n, "issuer"); i.sameOrganization(issuer) {
		i.take(issuer)
	}
	return nil
}

// learner drops everything about the credential's subject but what it has achieved, and says so without a value.
func (i *elmImporter) learner(subject elmNode) {
	var dropped []string
	for _, name := range subject.names() {
		if name != "hasClaim" && !elmPlumbing[name] {
			dropped = append(dropped, name)
			i.take(subject.child(name))
		}
	}
	if len(dropped) > 0 {
		i.change(subject, "learner-data", "elements", strings.Join(dropped, ", "))
	}
}

// claims makes the draft of the first achievement; without one, of the first activity.
func (i *elmImporter) claims(subject elmNode, claims []elmNode) error {
	for _, kind := range []string{"LearningAchievement", "LearningActivity"} {
		at := slices.IndexFunc(claims, func(claim elmNode) bool { return claim.hasType(kind) })
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

// finish settles the languages and proves that draft and offer are such.
func (i *elmImporter) finish() (ELMImport, error) {
	i.settleLanguages()
	document, err := notary.NormalizeDocument(i.document)
	if err != nil {
		return ELMImport{}, fmt.Errorf("make a draft of the file: %w", err)
	}
	if i.unreported > 0 {
		i.report = append(i.report, lossOf("", "", "more", "count", strconv.Itoa(i.unreported)))
	}
	imported := ELMImport{Document: document, Report: i.report}
	if !reflect.ValueOf(i.offer).IsZero() {
		encoded, _, err := notary.EncodeOffer(i.offer)
		if err != nil {
			return ELMImport{}, fmt.Errorf("make an offer of the file: %w", err)
		}
		imported.Offer = new(governance.OfferFacts)
		if err := json.Unmarshal(encoded, imported.Offer); err != nil {
			return ELMImport{}, fmt.Errorf("read the offer: %w", err)
		}
	}
	slices.SortStableFunc(imported.Report, func(a, b Loss) int { return strings.Compare(a.Path, b.Path) })
	return imported, nil
}

// settleLanguages makes every language of an imported text authentic, the file's primary one first and then the one
// with most texts, and says which are incomplete. Labels of vocabulary terms keep these languages only.
func (i *elmImporter) settleLanguages() {
	count := map[governance.LanguageTag]int{}
	texts := governance.TextsOf(i.document)
	for _, at := range texts {
		for tag := range at.Text {
			count[governance.LanguageTag(tag)]++
		}
	}
	if len(count) == 0 {
		count[i.fallbackLanguage()] = 0
	}
	for tag := range count {
		i.document.Languages = append(i.document.Languages, tag)
	}
	slices.SortFunc(i.document.Languages, func(a, b governance.LanguageTag) int {
		switch {
		case a == i.primary:
			return -1
		case b == i.primary:
			return 1
		case count[a] != count[b]:
			return count[b] - count[a]
		default:
			return strings.Compare(string(a), string(b))
		}
	})
	for _, tag := range i.document.Languages {
		if count[tag] < len(texts) {
			i.change(elmNode{}, "language-incomplete", "language", string(tag),
				"count", strconv.Itoa(count[tag]), "total", strconv.Itoa(len(texts)))
		}
	}
	i.trimLabels()
}

func (i *elmImporter) fallbackLanguage() governance.LanguageTag {
	if i.primary != "" {
		return i.primary
	}
	return "en"
}

func (i *elmImporter) trimLabels() {
	trim := func(label governance.Text) {
		for tag := range label {
			if !slices.Contains(i.document.Languages, governance.LanguageTag(tag)) {
				delete(label, tag)
			}
		}
	}
	lists := [][]governance.Concept{i.document.Classification.ISCEDF, i.document.Classification.NACE,
		i.document.Classification.Occupations, i.document.Classification.TargetGroups, {i.document.Classification.CredentialType}}
	for _, outcome := range i.document.Outcomes {
		lists = append(lists, outcome.Skills)
	}
	for _, assessment := range i.document.Assessments {
		lists = append(lists, []governance.Concept{assessment.Type})
	}
	for _, list := range lists {
		for _, concept := range list {
			trim(concept.Label)
		}
	}
}
