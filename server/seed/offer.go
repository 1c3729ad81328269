package seed

import (
	"time"

	"concordat/governance"
)

// college is the awarding body of the college in Riga.
func college() governance.AwardingBody {
	return governance.AwardingBody{
		Name:    governance.Text{"en": "Daugava College of Energy", "lv": "Daugavas Enerģētikas koledža"},
		Country: "LV", Region: "http://data.europa.eu/nuts/code/LV006",
		Address: governance.Text{"lv": "Daugavas iela 14, Rīga, LV-1050"}, Homepage: "https://koledza.example",
		Identifiers: []governance.LegalIdentity{{ID: "registration", Scheme: "registration", Number: "40000000014"}},
	}
}

// academy is the awarding body of the academy in Schleswig-Holstein.
func academy() governance.AwardingBody {
	return governance.AwardingBody{
		Name:    text("Hanse Academy of Building Services", "Hanse-Akademie für Gebäudetechnik"),
		Country: "DE", Region: "http://data.europa.eu/nuts/code/DEF0",
		Address: governance.Text{"de": "Am Speicher 3, 23552 Lübeck"}, Homepage: "https://hanse-akademie.example",
		Identifiers: []governance.LegalIdentity{{ID: "registration", Scheme: "registration", Number: "HRB 90314"}},
	}
}

// assured says how a provider is quality assured under its national system.
func assured(en, de string) []governance.QualityRequirement {
	return []governance.QualityRequirement{{ID: "eqavet", Framework: governance.QualityEQAVET, Description: text(en, de)}}
}

// academyAccreditation is the certificate that the academy holds; it began before the story and lasts for some years.
func (t *tale) academyAccreditation() []governance.Accreditation {
	return []governance.Accreditation{{
		ID: "azav", Type: institutionalQuality.concept(), Title: text("AZAV certificate", "AZAV-Zulassung"),
		Agency:    text("Certification body for education (invented)", "Zertifizierungsstelle Bildung (erfunden)"),
		ValidFrom: t.day(-20, time.Monday), ValidUntil: t.day(220, time.Monday),
	}}
}

// collegeOffer is the college's course in commissioning, from a week of the story on.
func (t *tale) collegeOffer(week, group int) governance.OfferFacts {
	return governance.OfferFacts{
		AwardingBody:     college(),
		QualityAssurance: assured("Licensed and accredited under the Latvian vocational education law.", "Lizenziert und akkreditiert nach dem lettischen Berufsbildungsgesetz."),
		Modes:            []governance.Mode{governance.ModeBlended}, OnSiteHours: "66", GroupSize: group,
		Schedule: governance.Schedule{Starts: t.day(week, time.Friday), Ends: t.day(week+14, time.Saturday), DurationDays: 100,
			Note: text("Every second Friday and Saturday; online in between.", "Jeden zweiten Freitag und Samstag, dazwischen online.")},
		Places: []governance.Place{{ID: "hall", Name: governance.Text{"en": "Heat pump hall", "lv": "Siltumsūkņu halle"},
			Address: governance.Text{"lv": "Daugavas iela 14, Rīga"}, Country: "LV", Region: "http://data.europa.eu/nuts/code/LV006"}},
		Languages: []governance.LanguageTag{"lv", "en"},
		Fee:       governance.Fee{Amount: "890.00", Currency: "EUR", Note: text("Examination included.", "Prüfung eingeschlossen.")},
		Funding:   text("Up to 90 % by the state programme for adult learning.", "Bis zu 90 % durch das staatliche Programm für Erwachsenenbildung."),
		Adjustments: text("Step-free hall, benches of adjustable height, more time in the written examination.",
			"Stufenlose Halle, höhenverstellbare Werkbänke, Zeitzugabe in der schriftlichen Prüfung."),
		Complaints: text("To the director of studies; answered within ten working days, then to the quality agency.",
			"An die Studienleitung; Antwort binnen zehn Arbeitstagen, danach an die Qualitätsagentur."),
	}
}

// academyOffer is the academy's course in commissioning, from a week of the story on.
func (t *tale) academyOffer(week, group int) governance.OfferFacts {
	return governance.OfferFacts{
		AwardingBody:     academy(),
		QualityAssurance: assured("Certified under AZAV, the national system referenced to EQAVET.", "Zertifiziert nach AZAV, dem auf EQAVET bezogenen nationalen System."),
		Accreditations:   t.academyAccreditation(),
		Modes:            []governance.Mode{governance.ModeOnSite}, OnSiteHours: "110", GroupSize: min(group, 8),
		Schedule: governance.Schedule{Starts: t.day(week, time.Monday), Ends: t.day(week+2, time.Friday), DurationDays: 19,
			Note: text("Three weeks, full time.", "Drei Wochen in Vollzeit.")},
		Places: []governance.Place{{ID: "workshop", Name: text("Workshop in Lübeck", "Werkstatt Lübeck"),
			Address: governance.Text{"de": "Am Speicher 3, 23552 Lübeck"}, Country: "DE", Region: "http://data.europa.eu/nuts/code/DEF0"}},
		Languages:   []governance.LanguageTag{"de"},
		Fee:         governance.Fee{Amount: "1980.00", Currency: "EUR"},
		Funding:     text("Education voucher; grant for advanced training.", "Bildungsgutschein; Weiterbildungsbonus."),
		Adjustments: text("Sign language interpreters on request, four weeks ahead.", "Gebärdensprachdolmetschen auf Anfrage, vier Wochen vorher."),
		Complaints:  text("complaints@hanse-akademie.example, answered within 14 days.", "beschwerden@hanse-akademie.example, Antwort binnen 14 Tagen."),
	}
}

// safetyOffer is the academy's course in flammable refrigerants.
func (t *tale) safetyOffer() governance.OfferFacts {
	offer := t.academyOffer(38, 8)
	offer.Modes, offer.OnSiteHours = []governance.Mode{governance.ModeBlended}, "18"
	offer.Schedule = governance.Schedule{DurationDays: 21, Note: text("Eight hours online, then two days in Lübeck; a date each month.",
		"Acht Stunden online, dann zwei Tage in Lübeck; jeden Monat ein Termin.")}
	offer.Fee = governance.Fee{Amount: "420.00", Currency: "EUR"}
	return offer
}

// careOffer is the academy's course in documenting medication, held in the homes.
func (t *tale) careOffer() governance.OfferFacts {
	offer := t.academyOffer(19, 8)
	offer.Modes, offer.OnSiteHours, offer.GroupSize = []governance.Mode{governance.ModeBlended, governance.ModeWorkBased}, "44", 12
	offer.Schedule = governance.Schedule{DurationDays: 60, Note: text("In working hours, agreed with each home.", "In der Arbeitszeit, mit jedem Heim vereinbart.")}
	offer.Places = []governance.Place{{ID: "homes", Name: text("In the homes of the employer", "In den Heimen des Arbeitgebers"),
		Country: "DE", Region: "http://data.europa.eu/nuts/code/DE40"}}
	offer.Fee = governance.Fee{Amount: "0", Note: text("The employer pays.", "Der Arbeitgeber zahlt.")}
	offer.Funding = text("Training budget of the care insurance.", "Fortbildungsmittel der Pflegeversicherung.")
	return offer
}
