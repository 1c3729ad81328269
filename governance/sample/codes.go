package sample

import "concordat/governance"

// Codes are vocabularies that hold every code of Document, with the NQF levels referenced to its EQF level.
func Codes() governance.Codes {
	document := Document()
	loaded := map[governance.Scheme]map[governance.URI]governance.CodeFacts{}
	for _, scheme := range governance.Schemes {
		loaded[scheme] = map[governance.URI]governance.CodeFacts{}
	}
	for _, code := range governance.CodesOf(document) {
		facts := governance.CodeFacts{}
		if code.Scheme == governance.SchemeNQF {
			facts.EQF = document.Level.EQF
		}
		loaded[code.Scheme][code.URI] = facts
	}
	return governance.Codes{Loaded: loaded}
}
