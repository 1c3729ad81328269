// Package sample holds one complete micro-credential, one complete offer and ballots under every preset, for tests. It is
// not demo data and not a template.
package sample

import "concordat/governance"

// Document is a micro-credential on installing heat pumps, in English and German, in which governance.Check, given
// Codes, finds nothing. Its ESCO, ISCED-F, NACE, NQF and Europass codes are real. Every call answers a value of its own.
func Document() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Installing and commissioning heat pumps", "Wärmepumpen einbauen und in Betrieb nehmen"),
		Summary: text(
			"Plan, install and commission heat pumps of up to 50 kW in existing and new dwellings.",
			"Wärmepumpen bis 50 kW in bestehenden und neuen Wohngebäuden planen, einbauen und in Betrieb nehmen."),
		PlainLanguageSummary: text(
			"You learn to choose a heat pump, to build it in safely and to explain it to the people who live there.",
			"Sie lernen, eine Wärmepumpe auszuwählen, sie sicher einzubauen und sie den Bewohnern zu erklären."),
		Outcomes:         outcomes(),
		Workload:         workload(),
		Level:            level(),
		Assessments:      assessments(),
		Participation:    participation(),
		QualityAssurance: qualityAssurance(),
		Prerequisites: text(
			"A completed apprenticeship in plumbing, heating or electrical installation, or two years of such work.",
			"Eine abgeschlossene Lehre in Sanitär-, Heizungs- oder Elektroinstallation oder zwei Jahre solcher Arbeit."),
		Stackability:   stackability(),
		Validation:     validation(),
		Classification: classification(),
		Validity: governance.Validity{
			Months: 60,
			Renewal: text("By showing two installations of the last three years, or by taking the practical test again.",
				"Durch Nachweis zweier Anlagen der letzten drei Jahre oder durch erneutes Ablegen der praktischen Prüfung."),
			ReviewDate: "2029-12-31",
		},
		Licence: governance.DefaultLicence,
		FurtherInformation: governance.FurtherInformation{
			Note: text("Handling of refrigerants needs the certificate of Regulation (EU) 2024/573 besides.",
				"Für den Umgang mit Kältemitteln ist zudem die Bescheinigung nach Verordnung (EU) 2024/573 nötig."),
			Links: []governance.Reference{{ID: "f-gas", Title: text("Regulation (EU) 2024/573", "Verordnung (EU) 2024/573"),
				URI: "https://eur-lex.europa.eu/eli/reg/2024/573/oj"}},
		},
	}
}

func text(en, de string) governance.Text {
	return governance.Text{"en": en, "de": de}
}

func concept(uri governance.URI, en, de string) governance.Concept {
	return governance.Concept{ID: uri, Label: text(en, de)}
}

func outcomes() []governance.LearningOutcome {
	return []governance.LearningOutcome{
		{
			ID: "types", Kind: governance.OutcomeKnowledge, EQFLevel: 4,
			Statement: text("Compares types of heat pumps and refrigerants for a given dwelling.",
				"Vergleicht Wärmepumpenarten und Kältemittel für ein gegebenes Wohngebäude."),
			Skills: []governance.Concept{
				concept("http://data.europa.eu/esco/skill/59998878-fa14-458a-9085-06b45e89df1b", "types of heat pumps", "Arten von Wärmepumpen"),
				concept("http://data.europa.eu/esco/skill/0b95eb5d-f3eb-4387-a0bb-094a394196c7", "refrigerants", "Kältemittel"),
			},
			Criteria: criteria("Names two suitable types and gives the reason for the choice.",
				"Nennt zwei geeignete Arten und begründet die Wahl."),
		},
		{
			ID: "source", Kind: governance.OutcomeSkill, EQFLevel: 4,
			Statement: text("Selects the heat source and sizes the heat pump from a room-by-room heat load.",
				"Wählt die Wärmequelle aus und bemisst die Wärmepumpe nach der raumweisen Heizlast."),
			Skills: []governance.Concept{concept("http://data.europa.eu/esco/skill/97b473ae-8535-498d-9999-cc77549c5e50",
				"identify fitted source for heat pumps", "geeignete Quelle für Wärmepumpen ermitteln")},
			Criteria: criteria("The chosen capacity lies within 10 % of the calculated heat load.",
				"Die gewählte Leistung weicht höchstens 10 % von der berechneten Heizlast ab."),
		},
		{
			ID: "install", Kind: governance.OutcomeSkill, EQFLevel: 4,
			Statement: text("Installs an air-to-water heat pump, balances the heating circuits and tests them for tightness.",
				"Baut eine Luft-Wasser-Wärmepumpe ein, gleicht die Heizkreise ab und prüft sie auf Dichtheit."),
			Skills: []governance.Concept{
				concept("http://data.europa.eu/esco/skill/00735755-adc6-4ea0-b034-b8caff339c9f", "install heat pump", "Wärmepumpen installieren"),
				concept("http://data.europa.eu/esco/skill/bce60ecd-ceee-4dbd-b619-70c9789ec634",
					"test tightness and pressure of refrigeration circuits", "Kältekreise auf Dichtheit und Druck prüfen"),
			},
			Criteria: criteria("The plant holds its pressure for 30 minutes and runs without a fault message.",
				"Die Anlage hält den Druck 30 Minuten und läuft ohne Störmeldung."),
		},
		{
			ID: "handover", Kind: governance.OutcomeResponsibility, EQFLevel: 4,
			Statement: text("Takes responsibility for the safe handover and advises the residents on efficient operation.",
				"Verantwortet die sichere Übergabe und berät die Bewohner zum sparsamen Betrieb."),
			Skills: []governance.Concept{concept("http://data.europa.eu/esco/skill/8614b988-b907-473e-a701-47b525959dc8",
				"advise on heating systems energy efficiency", "zur Energieeffizienz von Heizsystemen beraten")},
			Criteria: criteria("The record of handover is complete and signed.", "Das Übergabeprotokoll ist vollständig und unterschrieben."),
		},
	}
}

func criteria(en, de string) []governance.Criterion {
	return []governance.Criterion{{ID: "c1", Statement: text(en, de)}}
}

func workload() governance.Workload {
	return governance.Workload{
		Hours:   "110",
		Credits: []governance.Credit{{ID: "ects", System: governance.CreditECTS, Points: "4"}},
		Split: []governance.WorkloadPart{
			{ID: "contact", Kind: governance.WorkloadContact, Hours: "32"},
			{ID: "online", Kind: governance.WorkloadOnline, Hours: "24"},
			{ID: "practice", Kind: governance.WorkloadPractice, Hours: "46"},
			{ID: "assessment", Kind: governance.WorkloadAssessment, Hours: "8"},
		},
	}
}

func level() governance.Level {
	return governance.Level{EQF: 4, NQF: []governance.NQFReference{
		{ID: "dqr", Country: "DE", Framework: "DQR", Level: "4", URI: "http://data.europa.eu/snb/qdr/c_12a84182"},
		{ID: "nqr", Country: "AT", Framework: "NQR", Level: "4", URI: "http://data.europa.eu/snb/qdr/c_67af56a4"},
	}}
}

func assessments() []governance.Assessment {
	return []governance.Assessment{
		{
			ID:    "written",
			Type:  concept("http://data.europa.eu/snb/assessment/6e6cb2cc78", "written examination", "schriftliche Prüfung"),
			Title: text("Sizing task", "Auslegungsaufgabe"),
			Description: text("A heat pump is chosen and sized for a given dwelling in 90 minutes.",
				"Für ein gegebenes Wohngebäude wird in 90 Minuten eine Wärmepumpe gewählt und bemessen."),
			Proves:        []governance.ElementID{"types", "source"},
			Standard:      text("Heat load calculation of EN 12831-1", "Heizlastberechnung nach EN 12831-1"),
			Supervision:   governance.SupervisionOnSite,
			IdentityCheck: governance.IdentityVerified,
			Grading:       text("Passed at 60 of 100 points", "Bestanden mit 60 von 100 Punkten"),
		},
		{
			ID:    "practical",
			Type:  concept("http://data.europa.eu/snb/assessment/6a4db9f11d", "practical assessment", "praktische Prüfung"),
			Title: text("Installation and handover", "Einbau und Übergabe"),
			Description: text("A plant is installed, commissioned and handed over before two examiners.",
				"Eine Anlage wird vor zwei Prüfenden eingebaut, in Betrieb genommen und übergeben."),
			Proves:        []governance.ElementID{"install", "handover"},
			Standard:      text("Commissioning checklist of EN 14336", "Inbetriebnahme-Prüfliste nach EN 14336"),
			Supervision:   governance.SupervisionOnSite,
			IdentityCheck: governance.IdentityVerified,
			Grading:       text("Passed or not passed on each criterion", "Je Kriterium bestanden oder nicht bestanden"),
		},
	}
}

func participation() governance.Participation {
	return governance.Participation{
		Modes:               []governance.Mode{governance.ModeOnSite, governance.ModeBlended},
		MinimumOnSiteHours:  "60",
		MaximumDurationDays: 180,
		MaximumGroupSize:    12,
		Note: text("Practice takes place at a running plant.",
			"Die praktischen Teile finden an einer laufenden Anlage statt."),
	}
}

func qualityAssurance() []governance.QualityRequirement {
	return []governance.QualityRequirement{{
		ID: "eqavet", Framework: governance.QualityEQAVET,
		Description: text("The provider is assured under a national system referenced to EQAVET.",
			"Der Anbieter ist nach einem nationalen, auf EQAVET bezogenen System gesichert."),
		URI: "https://eur-lex.europa.eu/eli/C/2020/417/oj",
	}}
}
