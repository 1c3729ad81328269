package exchange

import (
	"strconv"

	"concordat/governance"
)

// opportunity makes the LearningOpportunity that the offer is; nil without an offer, or where it does not say in which
// language the learning is.
func (e *elmExporter) opportunity() *elmThing {
	if e.Offer == nil {
		return nil
	}
	languages := e.languages()
	if len(languages) == 0 {
		e.change("/offer", "no-language")
		return nil
	}
	o := e.Offer
	t := e.part("LearningOpportunity", "offer")
	t.add("title", e.Document.Title)
	e.offerNotes(t)
	homepage := e.part("WebResource", "offer", "homepage")
	homepage.add("contentURL", string(e.EditionURI()))
	homepage.added = "publication"
	t.add("homepage", homepage)
	e.offerDocuments(t)
	e.schedule(t)
	t.add("mode", e.modes("/offer/modes", o.Modes)...)
	t.add("priceDetail", e.price())
	t.add("providedBy", e.awarder)
	for _, place := range o.Places {
		path := "/offer/places/" + string(place.ID)
		t.add("location", e.location(path, place))
	}
	t.add("learningAchievementSpecification", elmReference(e.EditionURI()))
	t.add("defaultLanguage", languages[0])
	return t
}

func (e *elmExporter) offerNotes(t *elmThing) {
	o := e.Offer
	t.add("additionalNote", e.note("/offer/furtherInformation/note", o.FurtherInformation.Note, ""),
		e.note("/offer/funding", o.Funding, "offer/funding"),
		e.note("/offer/adjustments", o.Adjustments, "offer/adjustments"),
		e.note("/offer/complaints", o.Complaints, "offer/complaints"))
	for _, requirement := range o.QualityAssurance {
		t.add("additionalNote", e.quality("/offer/qualityAssurance", requirement, "offer/qualityAssurance"))
	}
}

// offerDocuments names what the offer links to, and the decisions on accreditation: an Accreditation of the model wants
// the country of the agency, which an offer does not say.
func (e *elmExporter) offerDocuments(t *elmThing) {
	for _, link := range e.Offer.FurtherInformation.Links {
		e.document(t, "/offer/furtherInformation/links/"+string(link.ID), link, "")
	}
	for _, q := range e.Offer.QualityAssurance {
		e.document(t, "/offer/qualityAssurance/"+string(q.ID), governance.Reference{URI: q.URI}, "as-document")
	}
	for _, a := range e.Offer.Accreditations {
		path := "/offer/accreditations/" + string(a.ID)
		if a.URI == "" {
			e.lose(path, "agency-country")
			continue
		}
		e.document(t, path, governance.Reference{Title: a.Title, URI: a.URI}, "agency-country")
	}
}

// schedule says when, from the first day's beginning to the last day's end.
func (e *elmExporter) schedule(t *elmThing) {
	s := e.Offer.Schedule
	period := e.part("PeriodOfTime", "offer", "schedule")
	if s.Starts != "" {
		e.carry("/offer/schedule/starts")
		period.add("startDate", string(s.Starts)+"T00:00:00Z")
	}
	if s.Ends != "" {
		e.carry("/offer/schedule/ends")
		period.add("endDate", string(s.Ends)+"T23:59:59Z")
	}
	if len(period.members) > 0 {
		t.add("temporal", period)
	}
	if s.DurationDays > 0 {
		e.carry("/offer/schedule/durationDays")
		t.add("duration", "P"+strconv.Itoa(s.DurationDays)+"D")
	}
	t.add("scheduleInformation", e.singleNote("/offer/schedule/note", s.Note))
}

// price makes a PriceDetail of the fee.
func (e *elmExporter) price() *elmThing {
	fee := e.Offer.Fee
	t := e.part("PriceDetail", "offer", "fee")
	if fee.Amount != "" && fee.Currency != "" {
		e.carry("/offer/fee/amount", "/offer/fee/currency")
		amount := e.part("Amount", "offer", "fee", "amount")
		amount.add("unit", elmConcept{id: governance.URI(schemeCurrency + "/" + string(fee.Currency)), scheme: schemeCurrency})
		amount.add("value", string(fee.Amount))
		t.add("amount", amount)
	}
	t.add("description", e.text("/offer/fee/note", fee.Note))
	if len(t.members) == 0 {
		return nil
	}
	return t
}

// awardingOpportunity says who awards it, and until when.
func (e *elmExporter) awardingOpportunity() *elmThing {
	if e.awarder == nil {
		return nil
	}
	t := e.part("AwardingOpportunity", "awarding")
	t.add("awardingBody", e.awarder)
	if e.ValidFrom != "" {
		period := e.part("PeriodOfTime", "awarding", "period")
		period.add("startDate", string(e.ValidFrom)+"T00:00:00Z")
		if e.AwardUntil != "" {
			period.add("endDate", string(e.AwardUntil)+"T23:59:59Z")
		}
		t.addBecause("publication", "temporal", period)
	}
	t.add("learningAchievementSpecification", elmReference(e.EditionURI()))
	return t
}
