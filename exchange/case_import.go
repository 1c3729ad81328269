package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// caseVocabulary is how CASE 1.0 and 1.1 are written. Identifiers, addresses and dates of change are the file's own: a
// draft has its own.
var caseVocabulary = vocabulary{
	prefixes: []string{""},
	plumbing: map[string]bool{
		"identifier": true, "uri": true, "lastChangeDateTime": true, "caseVersion": true, "CFPackageURI": true, "CFDocumentURI": true,
	},
	labels: []string{"fullStatement", "title", "description"},
	reasons: map[string]string{
		"creator": "register", "publisher": "register", "version": "register", "adoptionStatus": "register",
		"statusStartDate": "register", "statusEndDate": "register", "frameworkType": "register",
	},
}

// caseImporter gathers what a package says.
type caseImporter struct {
	importer
	items    map[string]treeNode        // by identifier and by address
	children map[string][]caseChild     // of an item, by its path
	parented map[string]bool            // paths of items that are an item's child or a translation
	others   map[string][]caseOther     // translations of an item, by its path
	skills   map[string][]caseSkillLink // of an item, by its path
	placed   map[string]bool            // paths of items that stand in the draft
}

// caseChild is an item below another, and the association that says so.
type caseChild struct {
	item, association treeNode
	sequence          int
}

// caseOther is an item that says the same in another language.
type caseOther struct{ item treeNode }

// caseSkillLink is an association that leads from an item to a skill of ESCO.
type caseSkillLink struct{ association treeNode }

// ImportCASE makes a draft of a CFPackage of 1EdTech CASE 1.0 or 1.1. Items below the document become outcomes, those
// below them assessment criteria; an item that its type calls a heading is left out, and what stands below it moves up.
// Translations of an item become its text in their languages. A file that is too large, too deep, not JSON or no package is
// refused with INVALID and the path in Field.
func ImportCASE(data []byte) (Import, error) {
	tree, err := readTree(data)
	if err != nil {
		return Import{}, err
	}
	root := treeNode{value: tree}
	i := &caseImporter{importer: newImporter(&caseVocabulary), items: map[string]treeNode{}, children: map[string][]caseChild{},
		parented: map[string]bool{}, others: map[string][]caseOther{}, skills: map[string][]caseSkillLink{}, placed: map[string]bool{}}
	document := root.child("CFDocument")
	if !document.isObject() {
		return Import{}, governance.Invalid("", "not-case", "The file holds no CFDocument: it is no CFPackage of CASE.")
	}
	i.describe(document)
	for _, item := range elements(root.child("CFItems")) {
		for _, name := range []string{"identifier", "uri"} {
			if id, ok := item.object()[name].(string); ok {
				i.items[id] = item
			}
		}
	}
	for _, association := range elements(root.child("CFAssociations")) {
		i.associate(association, document)
	}
	i.place(root)
	return i.finish(root)
}

// describe reads the CFDocument.
func (i *caseImporter) describe(n treeNode) {
	i.primary = i.languageIn(n)
	d := &i.document
	d.Title = i.textIn(n.child("title"), i.primary)
	d.Summary = i.textIn(n.child("description"), i.primary)
	d.FurtherInformation.Note = i.textIn(n.child("notes"), i.primary)
	if licence := i.link(n.child("licenseURI")); licence.Valid() {
		d.Licence = licence
		i.take(n.child("licenseURI").child("uri"))
	}
	source := n.child("officialSourceURL")
	if uri := i.address(source); uri != "" {
		d.FurtherInformation.Links = []governance.Reference{{ID: "link-1", URI: uri}}
		i.change(source, "moved", "target", "further information")
	}
	for _, subject := range elements(n.child("subjectURI")) {
		uri := i.link(subject)
		if !strings.HasPrefix(string(uri), iscedFields) {
			continue
		}
		concept := governance.Concept{ID: uri, Label: i.textIn(subject.child("title"), i.primary)}
		i.take(subject)
		d.Classification.ISCEDF = addConcept(d.Classification.ISCEDF, concept)
		for _, word := range elements(n.child("subject")) {
			if word.value == concept.Label[string(i.fallbackLanguage())] {
				i.take(word)
			}
		}
	}
}

// languageIn reads the member language.
func (i *caseImporter) languageIn(n treeNode) governance.LanguageTag {
	member := n.child("language")
	word, _ := member.value.(string)
	if word == "" {
		return ""
	}
	tag := canonicalTag(word)
	if !tag.Valid() {
		i.lose(member, "not-a-language", "value", word)
		return ""
	}
	i.take(member)
	return tag
}

// textIn reads words in a language; in none, the fallback is assumed and said so.
func (i *caseImporter) textIn(n treeNode, language governance.LanguageTag) governance.Text {
	words, ok := n.value.(string)
	if !ok || strings.TrimSpace(words) == "" {
		return nil
	}
	if language == "" {
		return i.text(n, i.fallbackLanguage())
	}
	text := governance.Text{}
	i.add(text, n, string(language), words)
	if len(text) == 0 {
		return nil
	}
	i.take(n)
	return text
}

// link reads the address of a link, which is an object or, in older files, a bare address.
func (i *caseImporter) link(n treeNode) governance.URI {
	if uri, ok := n.value.(string); ok {
		return governance.URI(uri)
	}
	uri, _ := n.object()["uri"].(string)
	return governance.URI(uri)
}

// target answers the item that a link leads to.
func (i *caseImporter) target(n treeNode) (treeNode, bool) {
	if word, ok := n.value.(string); ok {
		item, ok := i.items[word]
		return item, ok
	}
	for _, name := range []string{"identifier", "uri"} {
		if word, ok := n.object()[name].(string); ok {
			if item, ok := i.items[word]; ok {
				return item, true
			}
		}
	}
	return treeNode{}, false
}

// associate notes what an association says about items of the package; what it does not understand is left over.
func (i *caseImporter) associate(n, document treeNode) {
	origin, known := i.target(n.child("originNodeURI"))
	if !known {
		return
	}
	destination := n.child("destinationNodeURI")
	item, within := i.target(destination)
	switch kind, _ := n.object()["associationType"].(string); kind {
	case "isChildOf":
		switch {
		case within && item.path != origin.path && !i.parented[origin.path]:
			sequence, _ := strconv.Atoi(i.numberIn(n.child("sequenceNumber")))
			i.children[item.path] = append(i.children[item.path], caseChild{origin, n, sequence})
			i.parented[origin.path] = true
			i.understood(n)
		case i.leadsTo(destination, document):
			sequence, _ := strconv.Atoi(i.numberIn(n.child("sequenceNumber")))
			i.children[""] = append(i.children[""], caseChild{origin, n, sequence})
			i.understood(n)
		}
	case "isTranslationOf":
		if within && item.path != origin.path && !i.parented[origin.path] {
			i.others[item.path] = append(i.others[item.path], caseOther{origin})
			i.parented[origin.path] = true
			i.understood(n)
		}
	case "isRelatedTo", "exactMatchOf":
		if strings.HasPrefix(string(i.link(destination)), escoSkills) {
			i.skills[origin.path] = append(i.skills[origin.path], caseSkillLink{n})
			if kind != "isRelatedTo" {
				i.change(n.child("associationType"), "relation-weakened", "relation", kind)
			}
			i.understood(n)
		}
	}
}

// leadsTo says whether a link leads to the document itself.
func (i *caseImporter) leadsTo(link, document treeNode) bool {
	uri := string(i.link(link))
	identifier, _ := link.object()["identifier"].(string)
	return uri != "" && uri == document.object()["uri"] || identifier != "" && identifier == document.object()["identifier"]
}

func (i *caseImporter) numberIn(n treeNode) string {
	if number, ok := n.value.(interface{ String() string }); ok {
		return number.String()
	}
	word, _ := n.value.(string)
	return word
}

// understood takes the parts of an association that the draft keeps; a note on it is left over.
func (i *caseImporter) understood(n treeNode) {
	for _, name := range []string{"associationType", "originNodeURI", "destinationNodeURI", "sequenceNumber"} {
		i.take(n.child(name))
	}
}

// place makes outcomes of the items below the document, and then of those that no other stands above.
func (i *caseImporter) place(root treeNode) {
	top := inOrder(i.children[""])
	for _, item := range elements(root.child("CFItems")) {
		listed := slices.ContainsFunc(top, func(child caseChild) bool { return child.item.path == item.path })
		if !i.parented[item.path] && !listed && item.isObject() {
			top = append(top, caseChild{item: item})
		}
	}
	for _, child := range top {
		if !i.parented[child.item.path] {
			i.outcome(child)
		}
	}
}

// inOrder sorts children by their sequence numbers; those without one stay where the file has them.
func inOrder(children []caseChild) []caseChild {
	slices.SortStableFunc(children, func(a, b caseChild) int { return cmp.Compare(a.sequence, b.sequence) })
	return children
}

// headings are words by which the type of an item says that it only stands above others.
var headings = []string{"domain", "cluster", "strand", "category", "heading", "group", "section", "chapter", "module"}

func isHeading(kind string) bool {
	kind = strings.ToLower(kind)
	return slices.ContainsFunc(headings, func(word string) bool { return strings.Contains(kind, word) })
}

// outcome makes an outcome of an item, or outcomes of what stands below a heading.
func (i *caseImporter) outcome(placed caseChild) {
	item := placed.item
	if i.placed[item.path] {
		return
	}
	i.placed[item.path] = true
	kind, _ := item.object()["CFItemType"].(string)
	below := inOrder(i.children[item.path])
	if isHeading(kind) && len(below) > 0 {
		i.loseText(item, "heading")
		if placed.association.exists() {
			i.lose(placed.association, "heading")
		}
		for _, child := range below {
			i.change(child.association.child("destinationNodeURI"), "moved-up")
			i.outcome(child)
		}
		return
	}
	outcome := governance.LearningOutcome{Statement: i.statement(item)}
	outcome.ID = i.elementID(item, "outcome", len(i.document.Outcomes)+1, func(id governance.ElementID) bool {
		return slices.ContainsFunc(i.document.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == id })
	})
	for known, word := range caseItemTypes {
		if kind == word {
			outcome.Kind = known
			i.take(item.child("CFItemType"))
		}
	}
	outcome.EQFLevel = i.eqf(item.child("educationLevel"))
	for _, link := range i.skills[item.path] {
		destination := link.association.child("destinationNodeURI")
		concept := governance.Concept{ID: i.link(destination), Label: i.textIn(destination.child("title"), i.fallbackLanguage())}
		outcome.Skills = addConcept(outcome.Skills, concept)
	}
	for _, child := range below {
		i.criterion(&outcome, child, false)
	}
	i.document.Outcomes = append(i.document.Outcomes, outcome)
}

// criterion makes a criterion of an item below an outcome, and of all that stands below it.
func (i *caseImporter) criterion(outcome *governance.LearningOutcome, child caseChild, deep bool) {
	if i.placed[child.item.path] {
		return
	}
	i.placed[child.item.path] = true
	if deep {
		i.change(child.association.child("destinationNodeURI"), "flattened")
	}
	if kind := child.item.child("CFItemType"); kind.value == caseCriterion {
		i.take(kind)
	}
	criterion := governance.Criterion{Statement: i.statement(child.item)}
	criterion.ID = i.elementID(child.item, "criterion", len(outcome.Criteria)+1, func(id governance.ElementID) bool {
		return slices.ContainsFunc(outcome.Criteria, func(c governance.Criterion) bool { return c.ID == id })
	})
	outcome.Criteria = append(outcome.Criteria, criterion)
	for _, link := range i.skills[child.item.path] {
		i.loseText(link.association, "no-place")
	}
	for _, below := range inOrder(i.children[child.item.path]) {
		i.criterion(outcome, below, true)
	}
}

// statement reads an item's words, and those of its translations.
func (i *caseImporter) statement(item treeNode) governance.Text {
	text := governance.Text{}
	for at, said := range append([]caseOther{{item}}, i.others[item.path]...) {
		language := i.languageIn(said.item)
		if language == "" {
			language = i.primary
		}
		words := said.item.child("fullStatement")
		own := i.textIn(words, language)
		for tag, line := range own {
			if text[tag] != "" {
				i.lose(words, "further-one")
				continue
			}
			text[tag] = line
		}
		if at > 0 {
			i.sameAs(said.item, item)
		}
	}
	if len(text) == 0 {
		return nil
	}
	return text
}

// sameAs takes what a translation repeats of its original.
func (i *caseImporter) sameAs(translation, original treeNode) {
	i.placed[translation.path] = true
	for _, name := range []string{"CFItemType", "humanCodingScheme", "educationLevel"} {
		if fmt.Sprint(translation.object()[name]) == fmt.Sprint(original.object()[name]) {
			i.take(translation.child(name))
		}
	}
}

// elementID takes the item's code where it can name an element of its list, else it counts.
func (i *caseImporter) elementID(item treeNode, word string, number int, used func(governance.ElementID) bool) governance.ElementID {
	code := item.child("humanCodingScheme")
	if said, _ := code.value.(string); elementIDForm.MatchString(said) && !used(governance.ElementID(said)) {
		i.take(code)
		return governance.ElementID(said)
	}
	for ; ; number++ {
		if id := governance.ElementID(fmt.Sprintf("%s-%d", word, number)); !used(id) {
			return id
		}
	}
}

// eqf reads a level of the European Qualifications Framework among education levels, as ExportCASE writes it.
func (i *caseImporter) eqf(n treeNode) int {
	for _, level := range elements(n) {
		word, _ := level.value.(string)
		number, err := strconv.Atoi(strings.TrimPrefix(word, "EQF "))
		if strings.HasPrefix(word, "EQF ") && err == nil && number >= 1 && number <= 8 {
			i.take(level)
			return number
		}
	}
	return 0
}
