package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"concordat/governance"
)

// classification reads the codes that a document has a place for: fields of education, activities, occupations, target
// groups and levels. Occupations of other classifications than ESCO's become occupational standards.
func (i *ctdlImporter) classification(n treeNode) {
	c := &i.document.Classification
	for _, list := range []struct {
		member, codes string
		into          *[]governance.Concept
	}{
		{"instructionalProgramType", iscedFields, &c.ISCEDF}, {"industryType", naceCodes, &c.NACE},
		{"occupationType", escoOccupation, &c.Occupations}, {"audienceType", targetGroups, &c.TargetGroups},
	} {
		for _, alignment := range i.all(n, list.member) {
			target := i.get(alignment, "targetNode")
			if uri := reference(target); strings.HasPrefix(uri, list.codes) {
				*list.into = addConcept(*list.into, governance.Concept{ID: governance.URI(uri),
					Label: i.text(i.get(alignment, "targetNodeName"), i.fallbackLanguage())})
				i.take(target)
			} else if list.member == "occupationType" {
				i.occupation(alignment, target)
			}
		}
	}
	for _, alignment := range i.all(n, "audienceLevelType") {
		if found := eqfForm.FindStringSubmatch(reference(i.get(alignment, "targetNode"))); found != nil && i.document.Level.EQF == 0 {
			i.document.Level.EQF = int(found[1][0] - '0')
			i.take(alignment)
		}
	}
}

func (i *ctdlImporter) occupation(n, target treeNode) {
	standards := &i.document.Classification.OccupationalStandards
	standard := governance.Reference{ID: governance.ElementID(fmt.Sprintf("occupation-%d", len(*standards)+1)),
		Title: i.text(i.get(n, "targetNodeName"), i.fallbackLanguage())}
	if uri := governance.URI(reference(target)); uri.Valid() {
		standard.URI = uri
		i.take(target)
	}
	if standard.URI != "" || len(standard.Title) > 0 {
		*standards = append(*standards, standard)
	}
}

var ctdlCurrency = regexp.MustCompile(`^[A-Z]{3}$`)

// fee reads a CostProfile; the Assistant's input has its prices one level further down.
func (i *ctdlImporter) fee(n treeNode) {
	if !n.exists() {
		return
	}
	fee := &i.offer.Fee
	fee.Note = i.text(i.get(n, "description"), i.fallbackLanguage())
	if currency := i.get(n, "currency"); ctdlCurrency.MatchString(reference(currency)) {
		fee.Currency = governance.CurrencyCode(reference(currency))
		i.take(currency)
	}
	priced := n
	if items := i.get(n, "costItems"); items.exists() {
		priced = i.first(n, "costItems")
	}
	price := i.get(priced, "price")
	amount := governance.Decimal(i.word(price))
	if amount != "" && amount.Rat() == nil {
		i.lose(price, "not-a-decimal", "value", string(amount))
		return
	}
	fee.Amount = amount
}

// organizations reads who owns the credential, who else offers it, and who accredits it.
func (i *ctdlImporter) organizations(n treeNode) {
	for at, owner := range i.all(n, "ownedBy") {
		if at > 0 {
			i.loseText(owner, "further-one")
			continue
		}
		i.owner(owner)
	}
	for _, agency := range i.all(n, "accreditedBy") {
		i.accreditation(agency)
	}
}

// owner reads the awarding body: described in the graph, or an entry of the registry.
func (i *ctdlImporter) owner(n treeNode) {
	body := &i.offer.AwardingBody
	described := i.node(n)
	name := i.get(described, "name")
	if name.exists() {
		body.Name = i.text(name, i.fallbackLanguage())
		if page := i.get(described, "subjectWebpage"); page.exists() {
			body.Homepage = i.address(page)
		}
		return
	}
	if entry := reference(described); entry != "" && len(entry) <= governance.MaxNameCharacters {
		body.Identifiers = []governance.LegalIdentity{{ID: "registry", Scheme: ctdlScheme, Number: entry}}
		i.take(n)
	}
}

// accreditation reads who accredits: described in the graph, or an entry of the registry.
func (i *ctdlImporter) accreditation(n treeNode) {
	accreditation := governance.Accreditation{ID: governance.ElementID(fmt.Sprintf("accreditation-%d", len(i.offer.Accreditations)+1))}
	described := i.node(n)
	if name := i.get(described, "name"); name.exists() {
		accreditation.Agency = i.text(name, i.fallbackLanguage())
		if page := i.get(described, "subjectWebpage"); page.exists() {
			accreditation.URI = i.address(page)
		}
	} else if uri := governance.URI(reference(described)); uri.Valid() {
		accreditation.URI = uri
		i.take(n)
	}
	if accreditation.URI != "" || len(accreditation.Agency) > 0 {
		i.offer.Accreditations = slices.Concat(i.offer.Accreditations, []governance.Accreditation{accreditation})
	}
}
