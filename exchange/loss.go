package exchange

import "concordat/governance"

// Loss is one thing in an imported file that the draft does not have as it stood there, or in a publication that a file
// made of it does not: left out, changed on the way, or added. A conversion answers all of them, in the order of their paths, so
// that its author knows what to look after.
type Loss struct {
	Path    string            `json:"path"`             // where: in the file, as a JSON Pointer; of an export, in the publication
	Element string            `json:"element"`          // what the source calls it
	Kind    LossKind          `json:"kind"`             // LEFT_OUT, CHANGED or ADDED
	Reason  string            `json:"reason"`           // stable word in lower case with hyphens
	Message string            `json:"message"`          // English rendering
	Params  map[string]string `json:"params,omitempty"` // of the message
	Text    governance.Text   `json:"text,omitempty"`   // the words left out, in all their languages; never a learner's
}

// LossKind says what happened.
type LossKind string

// The kinds of loss.
const (
	LossLeftOut LossKind = "LEFT_OUT"
	LossChanged LossKind = "CHANGED"
	LossAdded   LossKind = "ADDED" // of an export: the file has it, the publication does not hold it, and the path is the file's
)

// lossReasons holds the English message and the kind of every reason; parameters stand as {name}.
var lossReasons = map[string]struct {
	kind    LossKind
	message string
}{
	"learner-data":        {LossLeftOut, "This says something about the learner ({elements}). Learners' data is never imported."},
	"personal-data":       {LossLeftOut, "This is about a natural person. Persons' data is not imported."},
	"issuance":            {LossLeftOut, "This is filled in when a credential is issued."},
	"presentation":        {LossLeftOut, "How a credential looks is not part of a document."},
	"image":               {LossLeftOut, "Images are not part of a document."},
	"signature":           {LossLeftOut, "The signature was neither checked nor kept: the draft is a new text."},
	"no-place":            {LossLeftOut, "A document and an offer have no place for this."},
	"further-one":         {LossLeftOut, "Only the first of several is imported."},
	"unknown-code":        {LossLeftOut, "The code {code} is not known here."},
	"not-a-uri":           {LossLeftOut, "{value} is not an address that can be kept."},
	"not-a-language":      {LossLeftOut, "{value} is not a language tag."},
	"not-a-decimal":       {LossLeftOut, "{value} is not a decimal number that can be kept."},
	"not-a-duration":      {LossLeftOut, "{value} is not an xsd:duration."},
	"duration-in-months":  {LossLeftOut, "{value} means {meaning}, which is no number of hours. Was {suggestion} meant?"},
	"too-long":            {LossLeftOut, "The text is longer than a document allows."},
	"no-achievement":      {LossChanged, "The file holds no learning achievement, so the draft was made of its learning activity: it has no outcomes."},
	"own-term":            {LossChanged, "The term is the file's own: its words are kept, its code {code} is not."},
	"moved":               {LossChanged, "This became the draft's {target}."},
	"days-of-months":      {LossChanged, "{value} became {days} days, with 31 days a month and 366 a year."},
	"assumed-all":         {LossChanged, "The file does not say which outcomes this proves: all {count} are assumed."},
	"split-label":         {LossChanged, "The framework {framework} and its level {level} were read from the label; the country is {country}."},
	"kind-missing":        {LossChanged, "The file does not say whether this is knowledge, a skill, or responsibility and autonomy."},
	"language-incomplete": {LossChanged, "{count} of {total} texts are in {language}: complete it, or leave the language out."},
	"language-assumed":    {LossChanged, "The text names no language: {language} is assumed."},
	"more":                {LossLeftOut, "{count} more are not listed."},
	"no-place-there":      {LossLeftOut, "The file's format has no place for this."},
	"language-left-out":   {LossLeftOut, "The file's format does not say this in {language}."},
	"joined":              {LossChanged, "Several texts of the file are one in the draft: its {target}."},
	"type-changed":        {LossChanged, "{type} became the draft of a micro-credential."},
	"trailing-comma":      {LossChanged, "The file has {count} commas before a closing bracket, which JSON does not allow; they were passed over."},
	"system-unsaid":       {LossChanged, "The format says a number of credits but not the system, {system}."},
	"not-an-id":           {LossChanged, "{value} cannot name an outcome, or does already: it became {id}."},
	"criterion-ids":       {LossChanged, "Criteria are lines of a cell, without their ids."},
	"detached":            {LossChanged, "The format does not say which outcome this belongs to."},
	"register":            {LossLeftOut, "The register says this of a publication itself; a draft does not."},
	"heading":             {LossLeftOut, "This only stands above others: they are kept, one level higher."},
	"moved-up":            {LossChanged, "The heading above this is left out: it stands one level higher."},
	"flattened":           {LossChanged, "An outcome has one level of criteria: this became one of them."},
	"relation-weakened":   {LossChanged, "{relation} became a related skill."},
	"line-breaks-removed": {LossChanged, "The format allows no line breaks here: the text is on one line."},
	"as-note":             {LossChanged, "The format has no element for this: it is told in a note ({about})."},
	"as-document":         {LossChanged, "The format has no element for this: the file names it among the documents."},
	"not-a-web-address":   {LossLeftOut, "{value} is no address of the web, which the format wants."},
	"not-in-vocabulary":   {LossLeftOut, "The format takes this from a vocabulary, which does not have {code}."},
	"no-national-level":   {LossChanged, "Without a level of the EQF and of a national framework this is no Qualification: the file holds a LearningAchievementSpecification, with the levels there are as levels of education."},
	"no-code":             {LossLeftOut, "The format names a level by its code in the vocabulary of national frameworks, and this has none."},
	"language-of-text":    {LossChanged, "The format wants a language of the learning, which no offer says: the file has those of the text."},
	"incomplete":          {LossLeftOut, "The format wants both a credit system and a number of points."},
	"proves-the-whole":    {LossChanged, "The format says only that the assessment proves the whole, not which outcomes."},
	"partial-or-not":      {LossChanged, "The format says only whether this is a part of a qualification."},
	"not-described":       {LossLeftOut, "The format wants this described in full, and only its name is known."},
	"number-twice":        {LossLeftOut, "The format takes each number once, and {number} is there already."},
	"in-provenance":       {LossLeftOut, "The format has no place for this; the document of provenance that the file names says it."},
	"at-issuance":         {LossLeftOut, "This is said when a credential is issued."},
	"agency-country":      {LossChanged, "The format wants the country of the accrediting agency, which is not known: the decision is at most named among the documents."},
	"no-language":         {LossChanged, "An opportunity to learn names its language, which the offer does not: the file holds none."},
	"publication":         {LossAdded, "This says where the publication is found, and of which exact text."},
	"slot":                {LossAdded, "This is filled in when a credential is issued."},
	"required":            {LossAdded, "The format wants this: it repeats the credential's own."},
	"profile":             {LossAdded, "The format wants this of every credential."},
	"markup-removed":      {LossChanged, "Markup was taken out of the text."},
}

// lossOf makes a Loss of a reason; pairs are parameter names and values.
func lossOf(path, element, reason string, pairs ...string) Loss {
	r := lossReasons[reason]
	e := governance.Refuse(governance.CodeInvalid, reason, r.message, pairs...)
	loss := Loss{Path: path, Element: element, Kind: r.kind, Reason: reason, Message: e.Message}
	if len(pairs) > 0 {
		loss.Params = e.Params
	}
	return loss
}
