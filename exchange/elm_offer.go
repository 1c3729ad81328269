package exchange

import (
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// awarding reads the awarding body, which is the offer's.
func (i *elmImporter) awarding(n treeNode) {
	process := i.first(n, "awardedBy")
	if date := i.get(process, "awardingDate"); date.exists() {
		i.lose(date, "issuance")
	}
	body := i.first(process, "awardingBody")
	if !body.exists() {
		return
	}
	if body.hasType("Person") {
		i.lose(body, "personal-data")
		return
	}
	i.organization(body)
}

// organization fills the awarding body.
func (i *elmImporter) organization(n treeNode) {
	body := &i.offer.AwardingBody
	body.Name = i.text(i.get(n, "legalName"), i.fallbackLanguage())
	if len(body.Name) == 0 {
		body.Name = i.text(i.get(n, "prefLabel"), i.fallbackLanguage())
	}
	if homepage := i.first(n, "homepage"); homepage.exists() {
		body.Homepage = i.address(homepage)
		i.take(homepage)
	}
	location := i.first(n, "location")
	body.Country, body.Region, body.Address = i.location(location)
	for _, name := range []string{"registration", "vatIdentifier", "taxIdentifier", "eIDASIdentifier", "identifier"} {
		for _, identifier := range i.all(n, name) {
			i.identifier(name, identifier)
		}
	}
}

// location reads a Location: country, NUTS or ATU region, address.
func (i *elmImporter) location(n treeNode) (country governance.CountryCode, region governance.URI, address governance.Text) {
	place := i.first(n, "address")
	code := i.first(place, "countryCode")
	if code.exists() {
		country = elmCountries[localName(conceptID(code))]
		i.take(code)
		if country == "" {
			i.loseText(code, "unknown-code", "code", conceptID(code))
		}
	}
	if full := i.first(place, "fullAddress"); full.exists() {
		address = i.note(full)
	}
	if spatial := i.first(n, "spatialCode"); spatial.exists() {
		region = i.concept(spatial).ID
	}
	return country, region, address
}

// conceptID answers a term's code, written as an object or as a bare URI.
func conceptID(n treeNode) string {
	if uri, ok := n.value.(string); ok {
		return uri
	}
	return n.id()
}

// elmSchemes says what we call the number in each member of an organization.
var elmSchemes = map[string]string{
	"registration": "registration", "vatIdentifier": "VAT", "taxIdentifier": "tax", "eIDASIdentifier": "eIDAS",
}

func (i *elmImporter) identifier(name string, n treeNode) {
	number := i.word(i.get(n, "notation"))
	if number == "" {
		return
	}
	scheme := elmSchemes[name]
	if scheme == "" {
		scheme = i.word(i.get(n, "schemeName"))
	}
	body := &i.offer.AwardingBody
	body.Identifiers = append(body.Identifiers, governance.LegalIdentity{
		ID: governance.ElementID(fmt.Sprintf("number-%d", len(body.Identifiers)+1)), Scheme: scheme, Number: number,
	})
	i.take(n)
}

// sameOrganization says whether n is the awarding body again.
func (i *elmImporter) sameOrganization(n treeNode) bool {
	name := i.words(i.get(n, "legalName"))
	return len(name) > 0 && sameText(name, i.offer.AwardingBody.Name)
}

// activity reads a learner's LearningActivity: what was taught, how.
func (i *elmImporter) activity(n treeNode) {
	i.learnersOwn(n)
	i.sameAwarding(n)
	i.sameAsTitle(n)
	if description := i.get(n, "description"); description.exists() && len(i.document.Summary) == 0 {
		i.document.Summary = i.text(description, i.fallbackLanguage())
		i.change(description, "moved", "target", "summary")
	}
	specification := i.first(n, "specifiedBy")
	i.activitySpecification(specification)
	for _, name := range []string{"additionalNote", "homepage", "supplementaryDocument"} {
		if moved := i.get(specification, name); moved.exists() {
			i.change(moved, "moved", "target", "further information")
		}
	}
}

// sameAwarding takes the repetition of the awarding body.
func (i *elmImporter) sameAwarding(n treeNode) {
	process := i.first(n, "awardedBy")
	if body := i.first(process, "awardingBody"); i.sameOrganization(body) {
		i.take(process)
	}
}

// activitySpecification reads a LearningActivitySpecification: the offer's modes and languages of delivery.
func (i *elmImporter) activitySpecification(n treeNode) {
	if !n.exists() {
		return
	}
	for _, mode := range i.all(n, "mode") {
		i.offer.Modes = i.mode(i.offer.Modes, mode)
	}
	if len(i.document.Participation.Modes) == 0 {
		i.document.Participation.Modes = slices.Clone(i.offer.Modes)
	}
	for _, language := range i.all(n, "language") {
		i.deliveryLanguage(language)
	}
	i.activityHours(i.get(n, "volumeOfLearning"))
	i.further(n)
}

// activityHours takes the activity's hours where the whole has none, and warns of the months that people write for
// minutes or hours.
func (i *elmImporter) activityHours(n treeNode) {
	word, ok := n.value.(string)
	if !ok {
		return
	}
	if duration, ok := parseDuration(word); ok && duration.months > 0 {
		i.loseMonths(n, word, duration)
		return
	}
	i.hours(n)
}

// deliveryLanguage adds a language in which the learning is offered.
func (i *elmImporter) deliveryLanguage(n treeNode) {
	if tag, ok := i.languageOf(n); ok {
		if !slices.Contains(i.offer.Languages, tag) {
			i.offer.Languages = append(i.offer.Languages, tag)
		}
		return
	}
	i.loseText(n, "unknown-code", "code", conceptID(n))
}

// languageOf reads a term of the authority table of languages.
func (i *elmImporter) languageOf(n treeNode) (governance.LanguageTag, bool) {
	tag, ok := elmLanguages[localName(conceptID(n))]
	if ok {
		i.take(n)
	}
	return tag, ok
}

// accreditation reads an Accreditation; what quality assurance it shows is for people to judge.
func (i *elmImporter) accreditation(n treeNode, number int) {
	accreditation := governance.Accreditation{
		ID:     governance.ElementID(fmt.Sprintf("accreditation-%d", number)),
		Title:  i.text(i.get(n, "title"), i.fallbackLanguage()),
		Agency: i.text(i.get(i.first(n, "accreditingAgent"), "legalName"), i.fallbackLanguage()),
	}
	if kind := i.first(n, "dcType"); kind.exists() {
		accreditation.Type = i.concept(kind)
	}
	for _, name := range []string{"homepage", "landingPage", "report"} {
		if resource := i.first(n, name); resource.exists() && accreditation.URI == "" {
			accreditation.URI = i.address(resource)
		}
	}
	accreditation.ValidFrom = i.day(i.get(n, "dateIssued"))
	accreditation.ValidUntil = i.day(i.get(n, "expiryDate"))
	i.offer.Accreditations = append(i.offer.Accreditations, accreditation)
}

// day reads the date of a time stamp.
func (i *elmImporter) day(n treeNode) governance.Date {
	word, _ := n.value.(string)
	day, _, _ := strings.Cut(word, "T")
	if date := governance.Date(day); date.Valid() {
		i.take(n)
		return date
	}
	return ""
}
