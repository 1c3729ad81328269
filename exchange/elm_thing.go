package exchange

import (
	"slices"

	"concordat/governance"
)

// elmThing is an object of the European Learning Model. An export is built of things once, and each of the model's
// notations (JSON-LD, Turtle, the XML of the Qualification Dataset Register) writes the same things.
type elmThing struct {
	class   string // as the JSON-LD context calls it: "Qualification"
	id      governance.URI
	members []elmMember
	added   string // reason for a thing that the publication does not hold; "": it does
}

// elmMember is a property of a thing.
type elmMember struct {
	name   string // as the JSON-LD context calls it: "thematicArea"
	values []any  // governance.Text, elmConcept, *elmThing, elmReference, string, bool
	added  string // as of elmThing
}

// elmReference names a thing that is described elsewhere.
type elmReference governance.URI

// elmConcept is a term of a vocabulary.
type elmConcept struct {
	id       governance.URI
	scheme   governance.URI // "": of no scheme
	label    governance.Text
	notation string
}

// add gives the thing a property, leaving out values that say nothing. Nothing at all is no property.
func (t *elmThing) add(name string, values ...any) {
	t.addBecause("", name, values...)
}

// addBecause is add for a property that the publication does not hold itself.
func (t *elmThing) addBecause(reason, name string, values ...any) {
	said := slices.DeleteFunc(slices.Clone(values), saysNothing)
	if len(said) == 0 {
		return
	}
	if at := slices.IndexFunc(t.members, func(m elmMember) bool { return m.name == name }); at >= 0 {
		t.members[at].values = append(t.members[at].values, said...)
		return
	}
	t.members = append(t.members, elmMember{name: name, values: said, added: reason})
}

func saysNothing(value any) bool {
	switch value := value.(type) {
	case governance.Text:
		return len(value) == 0
	case elmConcept:
		return value.id == ""
	case *elmThing:
		return value == nil
	case elmReference:
		return value == ""
	case string:
		return value == ""
	default:
		return value == nil
	}
}

// member answers the values of a property.
func (t *elmThing) member(name string) []any {
	for _, m := range t.members {
		if m.name == name {
			return m.values
		}
	}
	return nil
}

// elmProperty is how a property is written.
type elmProperty struct {
	iri      string // in the ontology, with its prefix
	datatype string // of a value that is a string or bool; "": of none
	many     bool   // JSON-LD writes a list, be it of one
}

// elmProperties are the properties that exports use, by their names in the JSON-LD context
// http://data.europa.eu/snb/model/context/edc-ap. Texts are language strings.
var elmProperties = map[string]elmProperty{
	"additionalNote":                   {iri: "elm:additionalNote", many: true},
	"address":                          {iri: "elm:address", many: true},
	"amount":                           {iri: "elm:amount"},
	"awardedBy":                        {iri: "elm:awardedBy"},
	"awardingBody":                     {iri: "elm:awardingBody", many: true},
	"awardingOpportunity":              {iri: "elm:awardingOpportunity", many: true},
	"category":                         {iri: "elm:category"},
	"contactPoint":                     {iri: "elm:contactPoint", many: true},
	"content":                          {iri: "elm:content", datatype: "xsd:string"},
	"contentEncoding":                  {iri: "elm:contentEncoding"},
	"contentType":                      {iri: "elm:contentType"},
	"contentURL":                       {iri: "elm:contentUrl", datatype: "xsd:anyURI"},
	"countryCode":                      {iri: "elm:countryCode"},
	"credentialProfiles":               {iri: "elm:credentialProfiles", many: true},
	"credentialSchema":                 {iri: "cred:credentialSchema", many: true},
	"credentialSubject":                {iri: "cred:credentialSubject"},
	"creditPoint":                      {iri: "elm:creditPoint", many: true},
	"dateModified":                     {iri: "dc:modified", datatype: "xsd:dateTime"},
	"dcType":                           {iri: "dc:type", many: true},
	"defaultLanguage":                  {iri: "elm:defaultLanguage"},
	"description":                      {iri: "dc:description"},
	"displayDetail":                    {iri: "elm:displayDetail", many: true},
	"displayParameter":                 {iri: "elm:displayParameter"},
	"duration":                         {iri: "elm:duration", datatype: "xsd:duration"},
	"eIDASIdentifier":                  {iri: "elm:eidasLegalIdentifier"},
	"educationLevel":                   {iri: "elm:educationLevel", many: true},
	"emailAddress":                     {iri: "elm:emailAddress", many: true},
	"endDate":                          {iri: "elm:endDate", datatype: "xsd:dateTime"},
	"entryRequirement":                 {iri: "elm:entryRequirement"},
	"eqfLevel":                         {iri: "elm:EQFLevel"},
	"familyName":                       {iri: "foaf:familyName"},
	"framework":                        {iri: "elm:framework"},
	"fullAddress":                      {iri: "elm:fullAddress"},
	"fullName":                         {iri: "foaf:fullName"},
	"geographicName":                   {iri: "elm:geographicName"},
	"givenName":                        {iri: "foaf:givenName"},
	"grade":                            {iri: "elm:grade"},
	"gradingScheme":                    {iri: "elm:gradingScheme"},
	"hasClaim":                         {iri: "elm:hasClaim", many: true},
	"homepage":                         {iri: "foaf:homepage", many: true},
	"idVerification":                   {iri: "elm:idVerification"},
	"identifier":                       {iri: "adms:identifier", many: true},
	"image":                            {iri: "elm:image"},
	"individualDisplay":                {iri: "elm:individualDisplay", many: true},
	"influencedBy":                     {iri: "elm:influencedBy", many: true},
	"isPartOf":                         {iri: "elm:isPartOf", many: true},
	"isPartialQualification":           {iri: "elm:isPartialQualification", datatype: "xsd:boolean"},
	"language":                         {iri: "dc:language", many: true},
	"learningAchievementSpecification": {iri: "elm:learningAchievementSpecification"},
	"learningOutcome":                  {iri: "elm:learningOutcome", many: true},
	"legalName":                        {iri: "rov:legalName"},
	"location":                         {iri: "elm:location", many: true},
	"maximumDuration":                  {iri: "elm:maximumDuration", datatype: "xsd:duration"},
	"mode":                             {iri: "elm:mode", many: true},
	"notation":                         {iri: "skos:notation"},
	"noteLiteral":                      {iri: "elm:noteLiteral"},
	"nqfLevel":                         {iri: "elm:NQFLevel", many: true},
	"page":                             {iri: "elm:page", datatype: "xsd:positiveInteger"},
	"point":                            {iri: "elm:point", datatype: "xsd:string"},
	"prefLabel":                        {iri: "skos:prefLabel"},
	"priceDetail":                      {iri: "elm:priceDetail", many: true},
	"primaryLanguage":                  {iri: "elm:primaryLanguage"},
	"provenBy":                         {iri: "elm:provenBy", many: true},
	"providedBy":                       {iri: "elm:providedBy", many: true},
	"qualificationCode":                {iri: "elm:qualificationCode", many: true},
	"registration":                     {iri: "rov:registration"},
	"relatedESCOSkill":                 {iri: "elm:relatedESCOSkill", many: true},
	"scheduleInformation":              {iri: "elm:scheduleInformation"},
	"schemeName":                       {iri: "elm:schemeName", datatype: "xsd:string"},
	"spatial":                          {iri: "dc:spatial"},
	"spatialCode":                      {iri: "elm:spatialCode", many: true},
	"specifiedBy":                      {iri: "elm:specifiedBy"},
	"startDate":                        {iri: "elm:startDate", datatype: "xsd:dateTime"},
	"subject":                          {iri: "dc:subject"},
	"supplementaryDocument":            {iri: "elm:supplementaryDocument", many: true},
	"targetGroup":                      {iri: "elm:targetGroup", many: true},
	"taxIdentifier":                    {iri: "elm:taxIdentifier", many: true},
	"temporal":                         {iri: "dc:temporal"},
	"thematicArea":                     {iri: "elm:ISCEDFCode", many: true},
	"title":                            {iri: "dc:title"},
	"unit":                             {iri: "elm:unit"},
	"value":                            {iri: "rdf:value", datatype: "xsd:decimal"}, // elm:value in EDC, which has no prices here
	"vatIdentifier":                    {iri: "elm:vatIdentifier", many: true},
	"validFrom":                        {iri: "cred:validFrom", datatype: "xsd:dateTime"},
	"volumeOfLearning":                 {iri: "elm:volumeOfLearning", datatype: "xsd:duration"},
}
