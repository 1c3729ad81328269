package sample

import "concordat/governance"

// Offer is a provider's offer of Document that governance.CheckOffer finds nothing wrong with. Every call answers a
// value of its own.
func Offer() governance.OfferFacts {
	return governance.OfferFacts{
		AwardingBody: governance.AwardingBody{
			Name:        text("Rhine Vocational Centre", "Berufsbildungszentrum Rhein"),
			Country:     "DE",
			Region:      "http://data.europa.eu/nuts/code/DEA2",
			Address:     text("Werkstraße 4, 50667 Cologne", "Werkstraße 4, 50667 Köln"),
			Homepage:    "https://bbz-rhein.example",
			Identifiers: []governance.LegalIdentity{{ID: "registration", Scheme: "registration", Number: "HRB 12345"}},
		},
		QualityAssurance: []governance.QualityRequirement{{
			ID: "azav", Framework: governance.QualityEQAVET,
			Description: text("Certified under AZAV, the national system referenced to EQAVET.",
				"Zertifiziert nach AZAV, dem auf EQAVET bezogenen nationalen System."),
		}},
		Accreditations: []governance.Accreditation{{
			ID:     "azav-2025",
			Type:   concept("http://data.europa.eu/snb/accreditation/bb4618238e", "Institutional Quality Assurance", "Institutionelle Qualitätssicherung"),
			Title:  text("AZAV certificate", "AZAV-Zertifikat"),
			Agency: text("CERT Example Ltd", "CERT Beispiel GmbH"), ValidFrom: "2025-01-01", ValidUntil: "2029-12-31",
		}},
		Modes:       []governance.Mode{governance.ModeBlended},
		OnSiteHours: "78",
		GroupSize:   10,
		Schedule: governance.Schedule{Starts: "2027-03-01", Ends: "2027-06-30", DurationDays: 122,
			Note: text("Fridays and Saturdays", "Freitags und samstags")},
		Places: []governance.Place{{ID: "workshop", Name: text("Training workshop", "Lehrwerkstatt"),
			Address: text("Werkstraße 4, 50667 Cologne", "Werkstraße 4, 50667 Köln"), Country: "DE",
			Region: "http://data.europa.eu/nuts/code/DEA2"}},
		Languages: []governance.LanguageTag{"de"},
		Fee: governance.Fee{Amount: "1450.00", Currency: "EUR",
			Note: text("Examination included", "Prüfung eingeschlossen")},
		Funding:     text("Education voucher of the employment agency", "Bildungsgutschein der Agentur für Arbeit"),
		Adjustments: text("Step-free workshop; more time in the written test", "Stufenlose Werkstatt; Zeitzugabe in der schriftlichen Prüfung"),
		Complaints:  text("To complaints@bbz-rhein.example, answered within 14 days", "An complaints@bbz-rhein.example, Antwort binnen 14 Tagen"),
	}
}
