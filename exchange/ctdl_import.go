package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"concordat/governance"
)

// ctdlImporter gathers what a credential says.
type ctdlImporter struct {
	importer
	nodes  map[string]treeNode // of the graph, by their @id
	joined []treeNode          // texts that became the prerequisites
	funded []treeNode          // texts that became the funding
}

// ImportCTDL makes a draft, and an offer where there is something for it, of a credential in CTDL: JSON-LD as the
// Credential Registry serves it, with a graph or without, or the input of its Assistant API. Of several credentials the
// first is read. Commas before a closing bracket, which the Assistant's published samples have, are passed over and
// reported. A file that is too large, too deep, not JSON or no credential is refused with INVALID and the path in Field.
func ImportCTDL(data []byte) (Import, error) {
	if err := checkSize(data); err != nil {
		return Import{}, err
	}
	data, commas := withoutTrailingCommas(data)
	tree, err := readTree(data)
	if err != nil {
		return Import{}, err
	}
	i := &ctdlImporter{importer: newImporter(&ctdlVocabulary), nodes: map[string]treeNode{}}
	root := treeNode{value: tree}
	if commas > 0 {
		i.change(treeNode{}, "trailing-comma", "count", strconv.Itoa(commas))
	}
	if tag, ok := root.object()["DefaultLanguage"].(string); ok && canonicalTag(tag).Valid() {
		i.primary = canonicalTag(tag)
		i.spoken = i.primary
	}
	graph := root
	if input := root.child("GraphInput"); input.isObject() {
		graph = input
	}
	credential := root.child("Credential")
	if !credential.isObject() {
		credential = i.findCredential(graph)
	}
	if !credential.exists() {
		return Import{}, governance.Invalid(graph.path, "not-ctdl", "The file holds no credential of CTDL: none of its objects is of a class of credentials.")
	}
	i.credential(credential)
	return i.finish(root)
}

// withoutTrailingCommas writes a space for every comma that stands after a value and before a closing bracket, so that lines
// and columns stay what they are, and counts them.
func withoutTrailingCommas(data []byte) (mended []byte, count int) {
	mended = data
	comma, last, quoted := -1, byte('['), false // where the comma is that stands last; what stands last, commas besides
	for at := 0; at < len(data); at++ {
		c := data[at]
		switch {
		case quoted && c == '\\':
			at++
		case quoted && c != '"', c == ' ', c == '\t', c == '\r', c == '\n':
		case c == ',' && comma < 0 && !strings.ContainsRune("[{:", rune(last)):
			comma = at
		case (c == '}' || c == ']') && comma >= 0:
			if count == 0 {
				mended = slices.Clone(data)
			}
			mended[comma] = ' '
			comma, last, count = -1, c, count+1
		default:
			comma, last = -1, c
			quoted = quoted != (c == '"')
		}
	}
	return mended, count
}

// findCredential finds the first credential, and all nodes that others refer to.
func (i *ctdlImporter) findCredential(graph treeNode) treeNode {
	var found treeNode
	for _, n := range append([]treeNode{graph}, elements(graph.child("@graph"))...) {
		if id := n.id(); id != "" && n.path != graph.path {
			i.nodes[id] = n
		}
		if !found.exists() && n.hasType(ctdlCredentials...) {
			found = n
		}
	}
	return found
}

// node answers the described object that a reference leads to, and takes the reference; anything else is answered as it
// is.
func (i *ctdlImporter) node(n treeNode) treeNode {
	id, isWord := n.value.(string)
	if !isWord && len(n.object()) == 1 {
		id = n.id()
	}
	if described, ok := i.nodes[id]; ok {
		i.take(n)
		return described
	}
	return n
}

// reference answers the address that a reference names, whether as a word, as {"@id"} or by a CTID.
func reference(n treeNode) string {
	if word, ok := n.value.(string); ok {
		return word
	}
	if ctid, ok := n.object()["CTID"].(string); ok {
		return ctid
	}
	return n.id()
}

func (i *ctdlImporter) credential(n treeNode) {
	if kind := i.kindOf(n); kind.value != ctdlMicroCredential {
		i.change(kind, "type-changed", "type", fmt.Sprint(kind.value))
	}
	d := &i.document
	d.Title = i.text(i.get(n, "name"), i.fallbackLanguage())
	d.Summary = i.text(i.get(n, "description"), i.fallbackLanguage())
	i.status(i.get(n, "credentialStatusType"))
	i.languages(n)
	i.page(i.get(n, "subjectWebpage"))
	d.Stackability.BlockCode = i.word(i.get(n, "codedNotation"))
	if d.Stackability.BlockCode != "" {
		d.Stackability.Kind = governance.StackPartial
	}
	for _, profile := range i.all(n, "requires") {
		i.requires(profile)
	}
	for _, profile := range i.all(n, "isAdvancedStandingFor") {
		i.stacksInto(profile)
	}
	i.renewal(n)
	for at, duration := range i.all(n, "estimatedDuration") {
		i.duration(duration, at)
	}
	i.classification(n)
	i.fee(i.first(n, "estimatedCost"))
	for _, assistance := range i.all(n, "financialAssistance") {
		text := i.get(assistance, "description")
		i.offer.Funding = i.gathered(i.offer.Funding, text, &i.funded)
	}
	i.organizations(n)
	i.reportJoined(i.joined, "prerequisites")
	i.reportJoined(i.funded, "funding")
}

// kindOf answers the member that names the credential's class.
func (i *ctdlImporter) kindOf(n treeNode) treeNode {
	if kind := n.child("CredentialType"); kind.exists() {
		return kind
	}
	return n.child("@type")
}

// gathered appends a text, in the same languages, and notes where it came from.
func (i *ctdlImporter) gathered(text governance.Text, n treeNode, from *[]treeNode) governance.Text {
	more := i.text(n, i.fallbackLanguage())
	if more != nil {
		*from = append(*from, n)
	}
	return appendText(text, more)
}

// reportJoined says of each of several texts that they became one.
func (i *ctdlImporter) reportJoined(from []treeNode, target string) {
	if len(from) < 2 {
		return
	}
	for _, n := range from {
		i.change(n, "joined", "target", target)
	}
}

// status takes what a published text is anyway; any other status is the register's.
func (i *ctdlImporter) status(n treeNode) {
	for _, status := range append(elements(n), n) {
		if target := i.get(status, "targetNode"); status.isObject() && reference(target) == ctdlStatus+"Active" {
			i.take(status)
			return
		}
	}
	if n.exists() {
		i.lose(n, "register")
	}
}

// languages reads in which languages the credential is offered.
func (i *ctdlImporter) languages(n treeNode) {
	for _, member := range i.all(n, "inLanguage") {
		word, _ := member.value.(string)
		tag := canonicalTag(word)
		if !tag.Valid() {
			i.lose(member, "not-a-language", "value", word)
			continue
		}
		i.take(member)
		if !slices.Contains(i.offer.Languages, tag) {
			i.offer.Languages = append(i.offer.Languages, tag)
		}
	}
}

// page keeps the credential's page, which an export cannot give as its own.
func (i *ctdlImporter) page(n treeNode) {
	if uri := i.address(n); uri != "" {
		i.document.FurtherInformation.Links = append(i.document.FurtherInformation.Links, governance.Reference{ID: "link-1", URI: uri})
		i.change(n, "moved", "target", "further information")
	}
}

// requires reads a ConditionProfile: words into the prerequisites, credits, competencies into outcomes, credentials needed
// and assessments.
func (i *ctdlImporter) requires(n treeNode) {
	d := &i.document
	for _, name := range []string{"description", "condition"} {
		d.Prerequisites = i.gathered(d.Prerequisites, i.get(n, name), &i.joined)
	}
	for _, credit := range i.all(n, "creditValue") {
		system, points := i.credit(credit)
		d.Workload.Credits = append(d.Workload.Credits, governance.Credit{
			ID: governance.ElementID(fmt.Sprintf("credit-%d", len(d.Workload.Credits)+1)), System: system, Points: points,
		})
	}
	for _, competency := range i.all(n, "targetCompetency") {
		i.competency(competency)
	}
	for _, credential := range i.all(n, "targetCredential") {
		if uri := governance.URI(reference(credential)); uri.Valid() {
			i.take(credential)
			d.Stackability.Needs = append(d.Stackability.Needs, governance.Reference{
				ID: governance.ElementID(fmt.Sprintf("needs-%d", len(d.Stackability.Needs)+1)), URI: uri,
			})
		}
	}
	for _, assessment := range i.all(n, "targetAssessment") {
		described := i.node(assessment)
		if !described.isObject() {
			continue
		}
		d.Assessments = append(d.Assessments, governance.Assessment{
			ID:          governance.ElementID(fmt.Sprintf("assessment-%d", len(d.Assessments)+1)),
			Title:       i.text(i.get(described, "name"), i.fallbackLanguage()),
			Description: i.text(i.get(described, "description"), i.fallbackLanguage()),
		})
	}
}

// credit reads a ValueProfile: the unit of credit by its code, else by its name.
func (i *ctdlImporter) credit(n treeNode) (system string, points governance.Decimal) {
	unit := i.first(n, "creditUnitType")
	if target := i.get(unit, "targetNode"); strings.HasPrefix(reference(target), ctdlCreditUnit) {
		system = reference(target)
		i.take(target)
		if framework := i.get(unit, "framework"); reference(framework) == ctdlTerms+"CreditUnit" {
			i.take(framework)
		}
	} else {
		name := i.get(unit, "targetNodeName")
		system = anyWords(i.words(name))
		i.take(name)
	}
	value := i.get(n, "value")
	points = governance.Decimal(i.word(value))
	if points != "" && points.Rat() == nil {
		i.lose(value, "not-a-decimal", "value", string(points))
		points = ""
	}
	return system, points
}

// competency makes an outcome of a competency; of a skill of ESCO, one that is about this skill.
func (i *ctdlImporter) competency(n treeNode) {
	target, name := i.get(n, "targetNode"), i.get(n, "targetNodeName")
	outcome := governance.LearningOutcome{Statement: i.text(name, i.fallbackLanguage())}
	code := i.get(n, "codedNotation")
	outcome.ID = governance.ElementID(fmt.Sprintf("outcome-%d", len(i.document.Outcomes)+1))
	if word, _ := code.value.(string); elementIDForm.MatchString(word) &&
		!slices.ContainsFunc(i.document.Outcomes, func(o governance.LearningOutcome) bool { return string(o.ID) == word }) {
		outcome.ID = governance.ElementID(word)
		i.take(code)
	}
	if uri := reference(target); strings.HasPrefix(uri, escoSkills) {
		i.take(target)
		if framework := i.get(n, "framework"); reference(framework) == escoFramework {
			i.take(framework)
		}
		skill := governance.Concept{ID: governance.URI(uri), Label: outcome.Statement}
		outcome.Skills = []governance.Concept{skill}
	}
	i.document.Outcomes = append(i.document.Outcomes, outcome)
}

// stacksInto reads what the credential counts towards.
func (i *ctdlImporter) stacksInto(n treeNode) {
	s := &i.document.Stackability
	target := governance.StackTarget{ID: governance.ElementID(fmt.Sprintf("into-%d", len(s.Into)+1)),
		Title: i.text(i.get(n, "description"), i.fallbackLanguage())}
	if credential := i.first(n, "targetCredential"); governance.URI(reference(credential)).Valid() {
		target.URI = governance.URI(reference(credential))
		i.take(credential)
	}
	if credit := i.first(n, "creditValue"); credit.exists() {
		target.System, target.Credits = i.credit(credit)
	}
	s.Into = append(s.Into, target)
	if s.Kind == "" {
		s.Kind = governance.StackStackable
	}
}

// renewal reads how long a credential holds and how it is renewed.
func (i *ctdlImporter) renewal(n treeNode) {
	frequency := i.get(n, "renewalFrequency")
	word, _ := frequency.value.(string)
	if duration, ok := parseDuration(word); ok && duration.months > 0 && duration.hours.Sign() == 0 {
		i.document.Validity.Months = duration.months
		i.take(frequency)
	}
	if profile := i.first(n, "renewal"); profile.exists() {
		i.document.Validity.Renewal = i.text(i.get(profile, "description"), i.fallbackLanguage())
	}
}

// duration reads a DurationProfile: hours are the workload, calendar time the schedule and its bound.
func (i *ctdlImporter) duration(n treeNode, at int) {
	exact := i.get(n, "exactDuration")
	switch word, _ := exact.value.(string); {
	case strings.HasPrefix(word, "PT"):
		i.hours(exact, word)
	case word != "" && i.offer.Schedule.DurationDays == 0:
		i.offer.Schedule.DurationDays = i.days(exact, word)
	}
	longest := i.get(n, "maximumDuration")
	if word, _ := longest.value.(string); word != "" && i.document.Participation.MaximumDurationDays == 0 {
		i.document.Participation.MaximumDurationDays = i.days(longest, word)
	}
	if text := i.get(n, "description"); text.exists() && len(i.offer.Schedule.Note) == 0 {
		i.offer.Schedule.Note = i.text(text, i.fallbackLanguage())
	}
}

func (i *ctdlImporter) hours(n treeNode, word string) {
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return
	}
	hours, exact := decimalOf(duration.hours)
	if !exact || i.document.Workload.Hours != "" {
		return
	}
	i.document.Workload.Hours = hours
	i.take(n)
}

func (i *ctdlImporter) days(n treeNode, word string) int {
	duration, ok := parseDuration(word)
	if !ok {
		i.lose(n, "not-a-duration", "value", word)
		return 0
	}
	i.take(n)
	if duration.months > 0 {
		i.change(n, "days-of-months", "value", word, "days", strconv.Itoa(duration.days()))
	}
	return duration.days()
}
