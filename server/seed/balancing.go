package seed

import "concordat/governance"

// balancing is the text of the specification on hydraulic balancing.
func balancing() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"de", "en"},
		Title:     text("Hydraulic balancing in existing buildings", "Hydraulischer Abgleich im Bestand"),
		Summary: text(
			"Take up radiators and pipes of an existing house, calculate the flows room by room and balance the plant so that a heat pump can supply it.",
			"Heizflächen und Leitungen eines bestehenden Hauses aufnehmen, die Volumenströme raumweise berechnen und die Anlage so abgleichen, dass eine Wärmepumpe sie versorgen kann."),
		PlainLanguageSummary: text("You learn to share the warm water in a house so that each room gets as much as it needs.",
			"Sie lernen, das warme Wasser in einem Haus so zu verteilen, dass jeder Raum bekommt, was er braucht."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "survey", Kind: ability, EQFLevel: 4,
				Statement: text("Surveys radiators, valves and pump of a dwelling and estimates the heat load of each room.",
					"Nimmt Heizkörper, Ventile und Pumpe einer Wohnung auf und schätzt die Heizlast jedes Raums ab."),
				Skills: concepts(skillDomesticHeating),
				Criteria: criterion("The estimate lies within 15 % of the calculation for eight of ten rooms.",
					"Die Schätzung liegt in acht von zehn Räumen höchstens 15 % neben der Berechnung."),
			},
			{
				ID: "calculate", Kind: ability, EQFLevel: 4,
				Statement: text("Calculates the lowest possible flow temperature and the presetting of each valve (method B).",
					"Berechnet die niedrigste mögliche Vorlauftemperatur und die Voreinstellung jedes Ventils (Verfahren B)."),
				Skills: concepts(skillHeatingEfficiency),
				Criteria: criterion("Rooms that limit the flow temperature are named, with a proposal for each.",
					"Die Räume, die die Vorlauftemperatur begrenzen, sind benannt, mit je einem Vorschlag."),
			},
			{
				ID: "adjust", Kind: responsibility, EQFLevel: 4,
				Statement: text("Adjusts valves and pump, verifies the result and answers for the record that funding bodies ask for.",
					"Stellt Ventile und Pumpe ein, weist das Ergebnis nach und verantwortet den Nachweis, den Förderstellen verlangen."),
				Skills: concepts(skillDomesticHeating, skillHeatingEfficiency),
				Criteria: criterion("The spread between flow and return is within 3 K of the plan at every radiator measured.",
					"Die Spreizung weicht an jedem gemessenen Heizkörper höchstens 3 K von der Planung ab."),
			},
		},
		Workload: ects("52", "2", part(governance.WorkloadContact, "16"), part(governance.WorkloadOnline, "12"),
			part(governance.WorkloadPractice, "20"), part(governance.WorkloadAssessment, "4")),
		Level: levelFour(),
		Assessments: []governance.Assessment{{
			ID: "practical", Type: practicalAssessment.concept(), Title: text("Balancing a dwelling", "Abgleich einer Wohnung"),
			Description: text("A dwelling with five radiators is surveyed, calculated and balanced in one day.", "Eine Wohnung mit fünf Heizkörpern wird an einem Tag aufgenommen, berechnet und abgeglichen."),
			Proves:      []governance.ElementID{"survey", "calculate", "adjust"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
			Standard: text("Form of method B of the national funding body", "Formular des Verfahrens B der nationalen Förderstelle"),
			Grading:  text("Passed or not passed on each criterion", "Je Kriterium bestanden oder nicht bestanden"),
		}},
		Participation: governance.Participation{
			Modes: []governance.Mode{governance.ModeBlended, governance.ModeOnSite}, MinimumOnSiteHours: "36", MaximumDurationDays: 90, MaximumGroupSize: 10,
		},
		QualityAssurance: eqavet(),
		Prerequisites:    text("Work in plumbing and heating.", "Tätigkeit in Sanitär und Heizung."),
		Stackability: governance.Stackability{
			Kind: governance.StackStandAlone, Description: text("Stands alone.", "Steht für sich."),
		},
		Validation: governance.Validation{
			Identification: text("Conversation on dwellings balanced before.", "Gespräch über bisher abgeglichene Wohnungen."),
			Documentation:  text("Records of two dwellings.", "Nachweise über zwei Wohnungen."),
			Assessment:     text("One record is checked on site.", "Ein Nachweis wird vor Ort geprüft."),
			Certification:  text("As in the course.", "Wie im Kurs."),
			Evidence:       []governance.AcceptedEvidence{evidence("survey", byWorkRecord), evidence("calculate", byPortfolio), evidence("adjust", byObservation)},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: heatSector, ISCEDF: concepts(fieldEnergy), NACE: concepts(naceHeat),
			Occupations: concepts(occupationPlumber), TargetGroups: concepts(experienced),
		},
		Validity: governance.Validity{ReviewDate: "2029-12-31"},
	}
}
