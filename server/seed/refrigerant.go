package seed

import "concordat/governance"

// refrigerant is the text of the specification on flammable refrigerants.
func refrigerant() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Basics of handling flammable refrigerants", "Grundlagen im Umgang mit brennbaren Kältemitteln"),
		Summary: text(
			"Site, transport, check and switch off heat pumps with flammable refrigerants such as propane (R290) without danger to people and buildings.",
			"Wärmepumpen mit brennbaren Kältemitteln wie Propan (R290) ohne Gefahr für Menschen und Gebäude aufstellen, transportieren, prüfen und außer Betrieb nehmen."),
		PlainLanguageSummary: text(
			"Some heat pumps contain a gas that can burn. You learn where they may stand, how you notice a leak and what you do then.",
			"Manche Wärmepumpen enthalten ein Gas, das brennen kann. Sie lernen, wo sie stehen dürfen, wie Sie ein Leck bemerken und was Sie dann tun."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "properties", Kind: knowledge, EQFLevel: 3,
				Statement: text("Describes the safety classes of refrigerants and the conditions under which each of them ignites.",
					"Beschreibt die Sicherheitsklassen der Kältemittel und die Bedingungen, unter denen sie sich jeweils entzünden."),
				Skills: concepts(skillRefrigerants),
				Criteria: criterion("Assigns ten refrigerants to their safety classes without an error in the flammable ones.",
					"Ordnet zehn Kältemittel ihren Sicherheitsklassen zu, die brennbaren ohne Fehler."),
			},
			{
				ID: "siting", Kind: ability, EQFLevel: 4,
				Statement: text("Determines the protection zone of a unit and checks it for openings, drains and sources of ignition.",
					"Bestimmt den Schutzbereich eines Geräts und prüft ihn auf Öffnungen, Abläufe und Zündquellen."),
				Skills: concepts(skillHeatingSafety),
				Criteria: criterion("The sketch of the zone agrees with the manufacturer's distances; each source of ignition is marked.",
					"Die Skizze des Bereichs entspricht den Abständen des Herstellers; jede Zündquelle ist eingezeichnet."),
			},
			{
				ID: "leak", Kind: ability, EQFLevel: 4,
				Statement: text("Detects leaks with a detector suited to flammable gas, ventilates the place and recovers refrigerant with equipment approved for it.",
					"Erkennt Lecks mit einem für brennbares Gas geeigneten Gerät, lüftet den Ort und saugt Kältemittel mit dafür zugelassener Ausrüstung ab."),
				Skills: concepts(skillTightness, skillTransferPumps),
				Criteria: criterion("Carries out the sequence alone and without help, and keeps the required distance at each step.",
					"Führt die Abfolge allein und ohne Hilfe aus und hält bei jedem Schritt den verlangten Abstand ein."),
			},
			{
				ID: "stop", Kind: responsibility, EQFLevel: 4,
				Statement: text("Decides to stop work when conditions are not safe, warns those present and informs whoever is responsible.",
					"Entscheidet, die Arbeit einzustellen, wenn die Bedingungen nicht sicher sind, warnt Anwesende und informiert die Verantwortlichen."),
				Skills: concepts(skillHeatingSafety),
				Criteria: criterion("In two of two staged situations work is stopped in time and the report is complete.",
					"In zwei von zwei gestellten Situationen wird die Arbeit rechtzeitig eingestellt und vollständig gemeldet."),
			},
		},
		Workload: ects("28", "1", part(governance.WorkloadContact, "8"), part(governance.WorkloadOnline, "8"),
			part(governance.WorkloadPractice, "10"), part(governance.WorkloadAssessment, "2")),
		Level: levelFour(),
		Assessments: []governance.Assessment{
			{
				ID: "written", Type: writtenExamination.concept(), Title: text("Safety classes and siting", "Sicherheitsklassen und Aufstellung"),
				Description: text("Forty questions and one sketch of a protection zone in 45 minutes.", "Vierzig Fragen und eine Skizze eines Schutzbereichs in 45 Minuten."),
				Proves:      []governance.ElementID{"properties", "siting"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Standard: text("EN 378-1, Annex E, and EN 60335-2-40", "EN 378-1, Anhang E, und EN 60335-2-40"),
				Grading:  text("Passed at 80 of 100 points", "Bestanden mit 80 von 100 Punkten"),
			},
			{
				ID: "practical", Type: practicalAssessment.concept(), Title: text("Leak and emergency", "Leck und Notfall"),
				Description: text("A leak is staged with a harmless gas; an emergency is played through.", "Ein Leck wird mit einem ungefährlichen Gas gestellt, ein Notfall durchgespielt."),
				Proves:      []governance.ElementID{"leak", "stop"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed", "Bestanden oder nicht bestanden"),
			},
		},
		Participation: governance.Participation{
			Modes:              []governance.Mode{governance.ModeBlended, governance.ModeOnSite},
			MinimumOnSiteHours: "16", MaximumDurationDays: 60, MaximumGroupSize: 8,
			Note: text("Practice in the open or in a room with gas warning and forced ventilation.", "Praxis im Freien oder in einem Raum mit Gaswarnanlage und Zwangslüftung."),
		},
		QualityAssurance: eqavet(),
		Prerequisites: text("Work in heating, refrigeration or electrical installation; no certificate for fluorinated gases is needed.",
			"Tätigkeit in Heizungs-, Kälte- oder Elektroinstallation; eine Bescheinigung für fluorierte Gase ist nicht nötig."),
		Stackability: governance.Stackability{
			Kind: governance.StackStandAlone,
			Description: text("Stands alone. It does not replace the certificate under Regulation (EU) 2024/573.",
				"Steht für sich. Ersetzt nicht die Bescheinigung nach Verordnung (EU) 2024/573."),
		},
		Validation: governance.Validation{
			Identification: text("The candidate names the units with flammable refrigerants that it worked on.", "Die Person benennt die Geräte mit brennbaren Kältemitteln, an denen sie gearbeitet hat."),
			Documentation:  text("Work records of the last twelve months, signed by the employer.", "Arbeitsnachweise der letzten zwölf Monate, vom Betrieb unterschrieben."),
			Assessment:     text("The practical assessment is taken in any case; the written one can be replaced.", "Die praktische Prüfung wird immer abgelegt; die schriftliche kann ersetzt werden."),
			Certification:  text("As in the course.", "Wie im Kurs."),
			Evidence: []governance.AcceptedEvidence{
				evidence("properties", byTest, byWorkRecord), evidence("siting", byWorkRecord), evidence("leak", byObservation), evidence("stop", byObservation),
			},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: heatSector, ISCEDF: concepts(fieldEnergy), NACE: concepts(naceHeat),
			Occupations: concepts(occupationHeatPumpTechnician, occupationPlumber), TargetGroups: concepts(newcomers, experienced, longExperience),
		},
		Validity: governance.Validity{
			Months: 36, ReviewDate: "2028-12-31",
			Renewal: text("By a refresher of four hours with the practical assessment.", "Durch eine vierstündige Auffrischung mit praktischer Prüfung."),
		},
	}
}
