package governance

// The sources of the rules, as findings name them.
const (
	sourceAnnexI     = "Council Recommendation 2022/C 243/02, Annex I"
	sourceEQF        = "Council Recommendation 2017/C 189/03 (EQF)"
	sourceECTS       = "ECTS Users' Guide 2015"
	sourceEHEA       = "Qualifications Framework of the European Higher Education Area"
	sourceValidation = "Council Recommendation 2012/C 398/01"
	sourceProfile    = "The profile"
	sourceDocument   = "The document's authentic languages"
	sourceCedefop    = "Cedefop, Defining, writing and applying learning outcomes (2022)"
	sourceVocabulary = "The vocabularies of ESCO, Europass and Eurostat"
)

// CheckRule is one rule of Check or CheckOffer: how grave a breach is, who asks for it, and the English message, in which
// parameters stand as {name}.
type CheckRule struct {
	Severity Severity
	Source   string
	Message  string
}

// CheckRules holds every rule of Check and CheckOffer by its code, for pages to translate.
var CheckRules = map[string]CheckRule{
	"element-missing":     {SeverityError, sourceAnnexI, "The element {element} is missing."},
	"element-recommended": {SeverityWarning, sourceAnnexI, "The element {element} is recommended and missing."},
	"language-missing":    {SeverityError, sourceDocument, "The text is missing in the authentic language {language}."},
	"language-required":   {SeverityError, sourceProfile, "The profile asks for {language} among the authentic languages."},

	"workload-zero":         {SeverityError, sourceAnnexI, "The workload is 0 hours."},
	"split-against-hours":   {SeverityError, sourceAnnexI, "The parts of the workload make {sum} hours, the whole is {hours} hours."},
	"hours-against-credits": {SeverityError, sourceECTS, "{points} {system} credits stand for {least} to {most} hours, the workload is {hours} hours."},
	"credit-system-unknown": {SeverityWarning, sourceProfile, "The profile does not know the credit system {system}, so its hours are not checked."},

	"outcome-not-assessed":      {SeverityError, sourceAnnexI, "No assessment proves the learning outcome {outcome}."},
	"assessment-proves-nothing": {SeverityError, sourceAnnexI, "The assessment proves no learning outcome."},
	"assessment-proves-unknown": {SeverityError, sourceAnnexI, "The assessment proves a learning outcome {outcome} that is not there."},
	"attendance-only":           {SeverityError, sourceAnnexI, "All assessment is mere attendance: that is a badge, not a micro-credential."},
	"verb-not-assessable":       {SeverityWarning, sourceCedefop, "“{verb}” cannot be seen in an assessment: say what somebody does who can do it."},

	"outcome-above-level": {SeverityError, sourceEQF, "The outcome is at EQF level {level}, above the credential's level {credential}."},
	"level-not-reached":   {SeverityWarning, sourceEQF, "The highest outcome is at EQF level {level}, below the credential's level {credential}."},
	"cycle-against-eqf":   {SeverityError, sourceEHEA, "The cycle {cycle} is EQF level {level}, the credential is at level {credential}."},
	"nqf-against-eqf":     {SeverityError, sourceEQF, "{framework} level {nqfLevel} is referenced to EQF level {level}, the credential is at level {credential}."},

	"on-site-above-hours":       {SeverityError, sourceAnnexI, "At least {onSite} hours on site are more than the whole workload of {hours} hours."},
	"online-with-on-site-hours": {SeverityError, sourceAnnexI, "Participation is online only, yet {onSite} hours on site are asked for."},

	"stackable-without-target": {SeverityError, sourceAnnexI, "A {kind} credential says what it counts towards."},
	"stand-alone-with-target":  {SeverityError, sourceAnnexI, "A stand-alone credential counts towards nothing, yet a target is named."},
	"reference-without-uri":    {SeverityError, sourceAnnexI, "What is meant here is not named by a URI."},
	"evidence-for-unknown":     {SeverityError, sourceValidation, "Evidence is accepted for a learning outcome {outcome} that is not there."},
	"credential-type":          {SeverityError, sourceProfile, "The profile does not allow the credential type {type}."},

	"code-unknown":     {SeverityError, sourceVocabulary, "The code {code} is not in the vocabulary {scheme}."},
	"code-obsolete":    {SeverityWarning, sourceVocabulary, "The code {code} of the vocabulary {scheme} is to be used no more: choose another one."},
	"code-missing":     {SeverityWarning, sourceVocabulary, "The term has no code of the vocabulary {scheme}."},
	"code-not-checked": {SeverityWarning, sourceVocabulary, "The vocabulary {scheme} is not loaded, or not whole: {count} codes are not checked."},

	"offer-element-missing":      {SeverityError, sourceAnnexI, "The offer lacks the element {element}."},
	"offer-element-recommended":  {SeverityWarning, sourceAnnexI, "The offer lacks the element {element}, which is recommended."},
	"offer-mode":                 {SeverityError, sourceAnnexI, "The mode {mode} is not among those of the credential: {modes}."},
	"offer-on-site-hours":        {SeverityError, sourceAnnexI, "The offer has {hours} hours on site, the credential asks for at least {least}."},
	"offer-on-site-above-hours":  {SeverityError, sourceAnnexI, "The offer has {onSite} hours on site, more than the workload of {hours} hours."},
	"offer-duration":             {SeverityError, sourceAnnexI, "The offer takes {days} days, the credential allows at most {most}."},
	"offer-dates-crossed":        {SeverityError, sourceAnnexI, "The offer ends before it starts."},
	"offer-group-size":           {SeverityError, sourceAnnexI, "The offer takes {size} learners together, the credential allows at most {most}."},
	"offer-quality":              {SeverityError, sourceAnnexI, "The credential asks for {framework} quality assurance, the offer names none."},
	"offer-place-missing":        {SeverityWarning, sourceAnnexI, "An offer that is not online says where it takes place."},
	"offer-fee-without-currency": {SeverityError, sourceAnnexI, "The fee has no currency."},
	"offer-accreditation-dates":  {SeverityError, sourceAnnexI, "The accreditation ends before it begins."},
}

// findingOf makes a finding of a rule.
func findingOf(rule, path string, pairs ...string) Finding {
	r := CheckRules[rule]
	e := Refuse(CodeInvalid, rule, r.Message, pairs...)
	f := Finding{Path: path, Rule: rule, Severity: r.Severity, Source: r.Source, Message: e.Message}
	if len(pairs) > 0 {
		f.Params = e.Params
	}
	return f
}
