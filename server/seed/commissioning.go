package seed

import "concordat/governance"

// commissioning is the text of the specification on commissioning heat pumps as it was published first.
func commissioning() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Commissioning and handing over air-to-water heat pumps", "Luft-Wasser-Wärmepumpen in Betrieb nehmen und übergeben"),
		Summary: text(
			"Commission air-to-water heat pumps of up to 30 kW of any make in dwellings, set them to the building, prove that they run efficiently and hand them over to the residents.",
			"Luft-Wasser-Wärmepumpen aller Fabrikate bis 30 kW in Wohngebäuden in Betrieb nehmen, auf das Gebäude einstellen, den sparsamen Betrieb nachweisen und die Anlage den Bewohnern übergeben."),
		PlainLanguageSummary: text(
			"You learn to start a heat pump, to set it so that the house is warm and the bill is low, and to explain it to the people who live there. You show it at a real plant.",
			"Sie lernen, eine Wärmepumpe zu starten und so einzustellen, dass das Haus warm und die Rechnung niedrig ist. Sie erklären sie den Menschen, die dort wohnen. Das zeigen Sie an einer echten Anlage."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "explain", Kind: knowledge, EQFLevel: 4,
				Statement: text("Explains how flow temperature, heating curve and defrosting influence the efficiency of a heat pump.",
					"Erklärt, wie Vorlauftemperatur, Heizkurve und Abtauung die Effizienz einer Wärmepumpe beeinflussen."),
				Skills: concepts(skillHeatPumpTypes, skillDomesticHeating),
				Criteria: criterion("Predicts the direction of the change in consumption for four of five given changes of settings.",
					"Sagt für vier von fünf vorgegebenen Änderungen voraus, ob der Verbrauch steigt oder sinkt."),
			},
			{
				ID: "inspect", Kind: ability, EQFLevel: 4,
				Statement: text("Inspects an installed plant before its first start and records deviations from the plan.",
					"Prüft eine eingebaute Anlage vor dem ersten Start und hält Abweichungen von der Planung fest."),
				Skills: concepts(skillInstallHeatPump, skillTightness),
				Criteria: criterion("Finds at least five of six faults that were built into the plant, among them every safety-related one.",
					"Findet mindestens fünf von sechs eingebauten Fehlern, darunter alle sicherheitsrelevanten."),
			},
			{
				ID: "commission", Kind: ability, EQFLevel: 4,
				Statement: text("Commissions the heat pump, sets heating curve, hot water and operating times to the building and verifies the result by measurement.",
					"Nimmt die Wärmepumpe in Betrieb, stellt Heizkurve, Warmwasser und Betriebszeiten auf das Gebäude ein und weist das Ergebnis durch Messung nach."),
				Skills: concepts(skillInstallHeatPump, skillHeatSource),
				Criteria: criterion("The measured flow temperature stays within 2 K of the calculated one; the record of commissioning is complete.",
					"Die gemessene Vorlauftemperatur weicht höchstens 2 K von der berechneten ab; das Inbetriebnahmeprotokoll ist vollständig."),
			},
			{
				ID: "noise", Kind: ability, EQFLevel: 4,
				Statement: text("Measures sound at the nearest window and adjusts night operation so that the limits are kept.",
					"Misst den Schall am nächsten Fenster und passt den Nachtbetrieb so an, dass die Grenzwerte eingehalten werden."),
				Skills: concepts(skillNoise),
				Criteria: criterion("Measurement and setting are recorded and agree with the limit that applies at the place.",
					"Messung und Einstellung sind festgehalten und entsprechen dem am Ort geltenden Grenzwert."),
			},
			{
				ID: "hand-over", Kind: responsibility, EQFLevel: 4,
				Statement: text("Takes responsibility for the handover: instructs the residents, agrees when settings are looked at again and stops a plant that is not safe.",
					"Verantwortet die Übergabe: weist die Bewohner ein, vereinbart die Nachkontrolle der Einstellungen und setzt eine unsichere Anlage still."),
				Skills: concepts(skillHeatingEfficiency, skillHeatingSafety),
				Criteria: criterion("The residents can change room temperature and hot water themselves; the date of the first check is in the record.",
					"Die Bewohner können Raumtemperatur und Warmwasser selbst verstellen; der Termin der ersten Nachkontrolle steht im Protokoll."),
			},
		},
		Workload: ects("110", "4", part(governance.WorkloadContact, "30"), part(governance.WorkloadOnline, "20"),
			part(governance.WorkloadPractice, "32"), part(governance.WorkloadWorkplace, "20"), part(governance.WorkloadAssessment, "8")),
		Level: levelFour(),
		Assessments: []governance.Assessment{
			{
				ID: "written", Type: writtenExamination.concept(),
				Title: text("Settings and their effect", "Einstellungen und ihre Wirkung"),
				Description: text("Sixty minutes on a given building: heating curve, hot water, tariffs, and what each change does.",
					"Sechzig Minuten zu einem gegebenen Gebäude: Heizkurve, Warmwasser, Tarife und die Wirkung jeder Änderung."),
				Proves: []governance.ElementID{"explain"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed at 60 of 100 points", "Bestanden mit 60 von 100 Punkten"),
			},
			{
				ID: "practical", Type: practicalAssessment.concept(),
				Title: text("Commissioning before two examiners", "Inbetriebnahme vor zwei Prüfenden"),
				Description: text("A plant that was prepared with faults is inspected, commissioned, measured and handed over to a person who plays the resident.",
					"Eine mit Fehlern vorbereitete Anlage wird geprüft, in Betrieb genommen, gemessen und an eine Person übergeben, die den Bewohner spielt."),
				Proves:      []governance.ElementID{"inspect", "commission", "noise", "hand-over"},
				Standard:    text("Commissioning checklist of EN 14336", "Inbetriebnahme-Prüfliste nach EN 14336"),
				Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed on each criterion; all must be passed", "Je Kriterium bestanden oder nicht bestanden; alle müssen bestanden sein"),
			},
		},
		Participation: governance.Participation{
			Modes:              []governance.Mode{governance.ModeBlended, governance.ModeOnSite, governance.ModeWorkBased},
			MinimumOnSiteHours: "62", MaximumDurationDays: 210, MaximumGroupSize: 12,
			Note: text("Practice takes place at running plants of at least two makes.", "Die praktischen Teile finden an laufenden Anlagen von mindestens zwei Herstellern statt."),
		},
		QualityAssurance: eqavet(),
		Prerequisites: text("A qualification in plumbing, heating, refrigeration or electrical installation at EQF level 3 or 4, or two years of such work.",
			"Ein Abschluss in Sanitär-, Heizungs-, Kälte- oder Elektroinstallation auf EQR-Niveau 3 oder 4 oder zwei Jahre solcher Arbeit."),
		Stackability: governance.Stackability{
			Kind: governance.StackStackable,
			Description: text("Counts towards the advanced training as heat pump specialist of the academies of the roll.",
				"Wird auf die Fortbildung zur Fachkraft für Wärmepumpen der Akademien auf der Liste angerechnet."),
			Into: []governance.StackTarget{{
				ID: "specialist", Title: text("Heat pump specialist", "Fachkraft für Wärmepumpen"),
				URI: "https://hanse-akademie.example/fachkraft-waermepumpe", System: governance.CreditECTS, Credits: "4",
			}},
		},
		Validation: governance.Validation{
			Identification: text("A counsellor goes through the outcomes with the candidate and the plants of the last two years.",
				"Eine Beratungsperson geht mit der Person die Lernergebnisse und die Anlagen der letzten zwei Jahre durch."),
			Documentation: text("The candidate gathers commissioning records of three plants, with measurements, and one resident's statement.",
				"Die Person sammelt die Inbetriebnahmeprotokolle von drei Anlagen mit Messwerten und die Aussage eines Bewohners."),
			Assessment: text("Two examiners judge the records and watch one handover.", "Zwei Prüfende beurteilen die Protokolle und begleiten eine Übergabe."),
			Certification: text("Outcomes that are found to be reached are certified like those reached in the course; what is missing can be learned by itself.",
				"Als erreicht befundene Lernergebnisse werden wie im Kurs erreichte bescheinigt; Fehlendes kann einzeln nachgelernt werden."),
			Evidence: []governance.AcceptedEvidence{
				evidence("explain", byTest), evidence("inspect", byWorkRecord, byObservation), evidence("commission", byPortfolio, byWorkRecord),
				evidence("noise", byWorkRecord), evidence("hand-over", byObservation),
			},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: heatSector, ISCEDF: concepts(fieldEnergy), NACE: concepts(naceHeat),
			Occupations: concepts(occupationHeatPumpTechnician, occupationPlumber), TargetGroups: concepts(experienced, newcomers),
		},
		Validity: governance.Validity{
			Months: 60, ReviewDate: "2029-06-30",
			Renewal: text("By the records of two plants of the last two years, or by the practical assessment.",
				"Durch die Protokolle zweier Anlagen der letzten zwei Jahre oder durch die praktische Prüfung."),
		},
		Licence: governance.DefaultLicence,
		FurtherInformation: governance.FurtherInformation{
			Note: text("Opening the refrigerant circuit is not part of this credential; it needs the certificate under Regulation (EU) 2024/573.",
				"Das Öffnen des Kältekreises gehört nicht dazu; dafür ist die Bescheinigung nach Verordnung (EU) 2024/573 nötig."),
			Links: []governance.Reference{{ID: "f-gas", Title: text("Regulation (EU) 2024/573", "Verordnung (EU) 2024/573"),
				URI: "https://eur-lex.europa.eu/eli/reg/2024/573/oj"}},
		},
	}
}
