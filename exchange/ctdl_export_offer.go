package exchange

import (
	"encoding/json"
	"fmt"
	"strconv"

	"concordat/governance"
)

// classification writes codes as alignments.
func (e *ctdlExporter) classification() {
	c := e.Document.Classification
	for _, list := range []struct {
		member, path string
		concepts     []governance.Concept
	}{
		{"instructionalProgramType", "iscedf", c.ISCEDF}, {"industryType", "nace", c.NACE}, {"audienceType", "targetGroups", c.TargetGroups},
		{"occupationType", "occupations", c.Occupations},
	} {
		var alignments []any
		for _, concept := range list.concepts {
			e.carry("/classification/" + list.path + "/" + escapeSegment(string(concept.ID)))
			alignments = append(alignments, alignment("", string(concept.ID), concept.Label))
		}
		if list.member == "occupationType" {
			for _, standard := range c.OccupationalStandards {
				path := "/classification/occupationalStandards/" + string(standard.ID)
				e.carry(path+"/title", path+"/uri")
				alignments = append(alignments, alignment("", string(standard.URI), standard.Title))
			}
		}
		e.credential.add(list.member, alignments)
	}
	e.levels()
}

// levels writes the level in the European Qualifications Framework and in national ones.
func (e *ctdlExporter) levels() {
	var levels []any
	level := e.Document.Level
	if level.EQF > 0 {
		e.carry("/level/eqf")
		levels = append(levels, alignment(eqfFramework, eqfLevels+strconv.Itoa(level.EQF), governance.Text{"en": "EQF level " + strconv.Itoa(level.EQF)}))
	}
	for _, national := range level.NQF {
		e.carry("/level/nqf/" + string(national.ID))
		name := fmt.Sprintf("%s: %s level %s", national.Country, national.Framework, national.Level)
		levels = append(levels, alignment("", string(national.URI), governance.Text{"en": name}))
	}
	e.credential.add("audienceLevelType", levels)
}

// organizations writes who awards the credential, who accredited that, and who recognizes the text.
func (e *ctdlExporter) organizations() {
	owner := e.owner()
	e.credential.add("ownedBy", []any{owner})
	e.credential.add("offeredBy", []any{owner})
	var agencies, recognizers []any
	if e.Offer != nil {
		for _, accreditation := range e.Offer.Accreditations {
			agencies = append(agencies, e.agency(accreditation)...)
		}
	}
	seen := map[string]bool{}
	for _, statement := range e.Statements {
		if statement.Kind != governance.StatementEndorsement && statement.Kind != governance.StatementRecognition || seen[statement.Issuer.Slug] {
			continue
		}
		seen[statement.Issuer.Slug] = true
		recognizers = append(recognizers, e.party(statement.Issuer))
	}
	e.credential.add("accreditedBy", agencies)
	e.credential.add("recognizedBy", recognizers)
}

// owner answers who awards the credential: its entry in the registry, or a node that describes it.
func (e *ctdlExporter) owner() string {
	if e.Offer == nil || len(e.Offer.AwardingBody.Name) == 0 && registryEntry(e.Offer.AwardingBody.Identifiers) == "" {
		return e.party(e.Publisher)
	}
	body := e.Offer.AwardingBody
	for _, identifier := range body.Identifiers {
		if identifier.Scheme == ctdlScheme {
			e.carry("/offer/awardingBody/identifiers/" + string(identifier.ID))
		}
	}
	if entry := registryEntry(body.Identifiers); entry != "" {
		return entry
	}
	id := blankNode(e.PartyURI(e.Publisher) + "#awarding-body")
	node := ctdlObject{"@id": id, "@type": "ceterms:CredentialOrganization"}
	node.add("name", e.text("/offer/awardingBody/name", body.Name))
	if body.Homepage != "" {
		e.carry("/offer/awardingBody/homepage")
		node.add("subjectWebpage", string(body.Homepage))
	} else {
		node.add("subjectWebpage", string(e.PartyURI(e.Publisher)))
	}
	place := ctdlObject{"@type": "ceterms:Place"}
	place.add("streetAddress", e.text("/offer/awardingBody/address", body.Address))
	if body.Country != "" {
		e.carry("/offer/awardingBody/country")
		place.add("addressCountry", governance.Text{"en": string(body.Country)})
	}
	if len(place) > 1 {
		node.add("address", []any{place})
	}
	e.others = append(e.others, node)
	return id
}

// party answers an organization of the register: its entry in the registry, or a node that describes it.
func (e *ctdlExporter) party(party Party) string {
	if entry := registryEntry(party.Identifiers); entry != "" {
		return entry
	}
	id := blankNode(e.PartyURI(party))
	page := party.Homepage
	if page == "" {
		page = e.PartyURI(party)
	}
	e.others = append(e.others, ctdlObject{
		"@id": id, "@type": "ceterms:CredentialOrganization", "ceterms:subjectWebpage": string(page),
		"ceterms:name": governance.Text{string(e.Document.PrimaryLanguage()): party.LegalName},
	})
	return id
}

// agency answers who accredited the offer: the address alone where no more is known.
func (e *ctdlExporter) agency(accreditation governance.Accreditation) []any {
	path := "/offer/accreditations/" + string(accreditation.ID)
	if len(accreditation.Agency) == 0 {
		if accreditation.URI == "" {
			return nil
		}
		e.carry(path + "/uri")
		return []any{string(accreditation.URI)}
	}
	id := blankNode(e.PartURI("accreditations", string(accreditation.ID)))
	node := ctdlObject{"@id": id, "@type": "ceterms:QACredentialOrganization"}
	node.add("name", e.text(path+"/agency", accreditation.Agency))
	if accreditation.URI != "" {
		e.carry(path + "/uri")
		node.add("subjectWebpage", string(accreditation.URI))
	}
	e.others = append(e.others, node)
	return []any{id}
}

// costs writes the fee and the funding.
func (e *ctdlExporter) costs() {
	if e.Offer == nil {
		return
	}
	profile := ctdlObject{"@type": "ceterms:CostProfile"}
	fee := e.Offer.Fee
	profile.add("description", e.text("/offer/fee/note", fee.Note))
	if fee.Amount != "" {
		e.carry("/offer/fee/amount")
		profile.add("price", json.Number(fee.Amount))
	}
	if fee.Currency != "" {
		e.carry("/offer/fee/currency")
		profile.add("currency", string(fee.Currency))
	}
	if len(profile) > 1 {
		profile.add("costDetails", string(e.EditionURI()))
		e.credential.add("estimatedCost", []any{profile})
	}
	if len(e.Offer.Funding) > 0 {
		e.credential.add("financialAssistance", []any{ctdlObject{
			"@type": "ceterms:FinancialAssistanceProfile", "ceterms:name": governance.Text{"en": "Funding"},
			"ceterms:description": e.text("/offer/funding", e.Offer.Funding),
		}})
	}
}
