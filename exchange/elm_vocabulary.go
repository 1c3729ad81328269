package exchange

// elmVocabulary is how ELM 3 is written in JSON-LD. Some members have another name in the ontology than in the JSON-LD
// context, or had one in older samples, and a prefix where the official context did not compact them.
var elmVocabulary = vocabulary{
	aliases: map[string][]string{
		"thematicArea":    {"ISCEDFCode"},
		"eqfLevel":        {"EQFLevel"},
		"nqfLevel":        {"NQFLevel"},
		"dcType":          {"dc:type", "dcterms:type"},
		"contentURL":      {"contentUrl"},
		"eIDASIdentifier": {"eidasLegalIdentifier"},
		"dateIssued":      {"dc:issued", "dcterms:issued"},
	},
	prefixes: []string{"", "elm:", "dc:", "dcterms:", "skos:", "foaf:", "rov:", "cred:"},
	plumbing: map[string]bool{"id": true, "@id": true, "type": true, "@type": true, "@context": true, "inScheme": true},
	labels:   []string{"title", "prefLabel", "noteLiteral", "legalName", "description"},
	reasons: map[string]string{
		"logo":             "image",
		"image":            "image",
		"depiction":        "image",
		"displayParameter": "presentation",
		"grade":            "learner-data",
		"temporal":         "learner-data",
		"awardingDate":     "issuance",
	},
}
