package seed

import "concordat/governance"

// airtight is the text of the specification on airtight building.
func airtight() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Making and measuring an airtight building shell", "Luftdichte Gebäudehülle herstellen und messen"),
		Summary: text(
			"Make the joints of windows, roofs and services airtight, find leaks with a blower door before they are covered, and record the result.",
			"Anschlüsse von Fenstern, Dächern und Leitungen luftdicht ausführen, Leckagen vor dem Verkleiden mit dem Blower-Door-Gerät finden und das Ergebnis festhalten."),
		PlainLanguageSummary: text("You learn to build so that no cold air comes through gaps, and to measure that it is so.",
			"Sie lernen, so zu bauen, dass keine kalte Luft durch Fugen kommt, und das zu messen."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "layer", Kind: knowledge, EQFLevel: 3,
				Statement: text("Identifies the airtight layer in drawings and names every place where it is broken through.",
					"Erkennt die luftdichte Ebene in Zeichnungen und benennt jede Stelle, an der sie durchbrochen wird."),
				Skills:   concepts(skillAirtight),
				Criteria: criterion("Marks the layer without a gap in a section of a roof and a wall.", "Zeichnet die Ebene in einem Dach- und Wandschnitt ohne Lücke ein."),
			},
			{
				ID: "joints", Kind: ability, EQFLevel: 4,
				Statement: text("Seals joints of windows, rafters and pipes with materials that fit the ground and last.",
					"Dichtet Anschlüsse von Fenstern, Sparren und Rohren mit zum Untergrund passenden, dauerhaften Stoffen ab."),
				Skills:   concepts(skillAirtight, skillInsulation),
				Criteria: criterion("Six joints are made; none leaks at 50 Pa.", "Sechs Anschlüsse werden ausgeführt; keiner leckt bei 50 Pa."),
			},
			{
				ID: "measure", Kind: ability, EQFLevel: 4,
				Statement: text("Locates leaks during construction with a blower door and smoke, and repairs them.",
					"Ortet Leckagen während des Baus mit Blower-Door-Gerät und Rauch und behebt sie."),
				Skills:   concepts(skillInspectInsulation),
				Criteria: criterion("At least four of five prepared leaks are found.", "Mindestens vier von fünf vorbereiteten Leckagen werden gefunden."),
			},
		},
		Workload: ects("56", "2", part(governance.WorkloadContact, "14"), part(governance.WorkloadOnline, "10"),
			part(governance.WorkloadPractice, "28"), part(governance.WorkloadAssessment, "4")),
		Level: levelFour(),
		Assessments: []governance.Assessment{
			{
				ID: "drawing", Type: writtenExamination.concept(), Title: text("Reading sections", "Schnitte lesen"),
				Description: text("Two sections, thirty minutes.", "Zwei Schnitte, dreißig Minuten."), Proves: []governance.ElementID{"layer"},
				Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified, Grading: text("Passed or not passed", "Bestanden oder nicht bestanden"),
			},
			{
				ID: "mock-up", Type: practicalAssessment.concept(), Title: text("Mock-up", "Modellraum"),
				Description: text("A mock-up with window, rafter and pipe is sealed, measured and repaired.", "Ein Modellraum mit Fenster, Sparren und Rohr wird abgedichtet, gemessen und nachgebessert."),
				Proves:      []governance.ElementID{"joints", "measure"}, Standard: text("EN ISO 9972", "EN ISO 9972"),
				Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified, Grading: text("Passed or not passed", "Bestanden oder nicht bestanden"),
			},
		},
		Participation: governance.Participation{
			Modes: []governance.Mode{governance.ModeBlended, governance.ModeOnSite}, MinimumOnSiteHours: "40", MaximumDurationDays: 120, MaximumGroupSize: 10,
		},
		QualityAssurance: eqavet(),
		Prerequisites:    text("Work in insulation, carpentry or window fitting.", "Tätigkeit in Dämmung, Zimmerei oder Fensterbau."),
		Stackability:     governance.Stackability{Kind: governance.StackStandAlone, Description: text("Stands alone.", "Steht für sich.")},
		Validation: governance.Validation{
			Identification: text("Conversation on sites of the last two years.", "Gespräch über Baustellen der letzten zwei Jahre."),
			Documentation:  text("Measurement records of two buildings.", "Messprotokolle zweier Gebäude."),
			Assessment:     text("The mock-up is taken in any case.", "Der Modellraum wird immer bearbeitet."),
			Certification:  text("As in the course.", "Wie im Kurs."),
			Evidence:       []governance.AcceptedEvidence{evidence("layer", byTest), evidence("joints", byObservation), evidence("measure", byWorkRecord, byObservation)},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: buildingSector, ISCEDF: concepts(fieldBuilding), NACE: concepts(naceInsulation),
			Occupations: concepts(occupationInsulationWorker), TargetGroups: concepts(newcomers, experienced),
		},
		Validity: governance.Validity{Months: 60, ReviewDate: "2029-12-31", Renewal: text("By one measurement record a year.", "Durch ein Messprotokoll im Jahr.")},
	}
}

// hybrid is a draft that was given up before it was whole.
func hybrid() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Control of hybrid heating", "Regelung von Hybridheizungen"),
		Summary: text("Set a heat pump and a gas boiler so that the boiler runs only on the coldest days.",
			"Wärmepumpe und Gaskessel so einstellen, dass der Kessel nur an den kältesten Tagen läuft."),
		Outcomes: []governance.LearningOutcome{{
			ID: "bivalence", Kind: ability, EQFLevel: 4,
			Statement: text("Determines the bivalence point of a plant and sets the control to it.", "Bestimmt den Bivalenzpunkt einer Anlage und stellt die Regelung darauf ein."),
			Skills:    concepts(skillDomesticHeating),
		}},
		Level: levelFour(),
		Classification: governance.Classification{
			Sector: heatSector, ISCEDF: concepts(fieldEnergy), NACE: concepts(naceHeat), Occupations: concepts(occupationPlumber),
		},
	}
}
