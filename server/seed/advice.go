package seed

import "concordat/governance"

// advice is the text of the specification on energy advice.
func advice() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"en", "de"},
		Title:     text("Energy-efficiency advice for owners of small apartment buildings", "Energieberatung für Eigentümer kleiner Mehrfamilienhäuser"),
		Summary: text(
			"Read an energy performance certificate, look at the building and advise its owners in plain words on what to do first, what it costs and how it is funded.",
			"Einen Energieausweis lesen, das Gebäude begehen und die Eigentümer verständlich beraten, was zuerst zu tun ist, was es kostet und wie es gefördert wird."),
		PlainLanguageSummary: text(
			"You learn to tell people who own a house how it can use less energy. You look at the house, do the sums and write down a plan.",
			"Sie lernen, Hauseigentümern zu sagen, wie ihr Haus weniger Energie braucht. Sie sehen sich das Haus an, rechnen und schreiben einen Plan auf."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "certificate", Kind: knowledge, EQFLevel: 5,
				Statement: text("Interprets an energy performance certificate and states where it says less than it seems to.",
					"Deutet einen Energieausweis und benennt, wo er weniger aussagt, als es scheint."),
				Skills: concepts(skillEnergyPerformance),
				Criteria: criterion("Separates calculated from measured consumption and explains the difference for the building.",
					"Trennt berechneten von gemessenem Verbrauch und erklärt den Unterschied am Gebäude."),
			},
			{
				ID: "walk", Kind: ability, EQFLevel: 5,
				Statement: text("Inspects a building in two hours and records envelope, heating and use in a form that a planner can continue from.",
					"Begeht ein Gebäude in zwei Stunden und erfasst Hülle, Heizung und Nutzung so, dass ein Planungsbüro damit weiterarbeiten kann."),
				Skills: concepts(skillEnergyAudit, skillEnergyPerformance),
				Criteria: criterion("No element of the envelope is missing; each estimate is marked as one.",
					"Kein Bauteil der Hülle fehlt; jede Schätzung ist als solche gekennzeichnet."),
			},
			{
				ID: "plan", Kind: ability, EQFLevel: 5,
				Statement: text("Develops a plan of at most five measures with order, cost, saving and funding, each with a range.",
					"Entwickelt einen Plan aus höchstens fünf Maßnahmen mit Reihenfolge, Kosten, Einsparung und Förderung, jeweils mit Spannweite."),
				Skills: concepts(skillEnergyConcepts),
				Criteria: criterion("The order avoids work that a later measure would undo; the sums can be followed.",
					"Die Reihenfolge vermeidet Arbeiten, die eine spätere Maßnahme zunichtemacht; die Rechnung ist nachvollziehbar."),
			},
			{
				ID: "talk", Kind: ability, EQFLevel: 5,
				Statement: text("Presents the plan to owners without technical knowledge and answers questions on cost, rents and tenants.",
					"Stellt den Plan Eigentümern ohne Fachkenntnis vor und beantwortet Fragen zu Kosten, Mieten und Mietern."),
				Skills: concepts(skillEnergySaving, skillHeatingEfficiency),
				Criteria: criterion("Afterwards the owners can say in their own words what comes first and why.",
					"Die Eigentümer können danach in eigenen Worten sagen, was zuerst kommt und warum."),
			},
			{
				ID: "independent", Kind: responsibility, EQFLevel: 5,
				Statement: text("Advises independently of products and firms and refers to planners where own competence ends.",
					"Berät unabhängig von Produkten und Firmen und verweist an Planungsbüros, wo die eigene Kompetenz endet."),
				Criteria: criterion("Interests are disclosed; limits of the advice stand in the report.",
					"Interessen sind offengelegt; die Grenzen der Beratung stehen im Bericht."),
			},
		},
		Workload: ects("80", "3", part(governance.WorkloadContact, "18"), part(governance.WorkloadOnline, "22"),
			part(governance.WorkloadSelfStudy, "14"), part(governance.WorkloadPractice, "22"), part(governance.WorkloadAssessment, "4")),
		Level: levelFive(),
		Assessments: []governance.Assessment{
			{
				ID: "report", Type: markedAssignment.concept(), Title: text("Report on a real building", "Bericht über ein wirkliches Gebäude"),
				Description: text("Inspection and plan for a building that the learner has not seen before, within ten days.",
					"Begehung und Plan für ein bis dahin unbekanntes Gebäude, innerhalb von zehn Tagen."),
				Proves: []governance.ElementID{"certificate", "walk", "plan"}, Supervision: governance.SupervisionNone, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed at 50 of 100 points, at least half in each part", "Bestanden mit 50 von 100 Punkten, mindestens die Hälfte in jedem Teil"),
			},
			{
				ID: "conversation", Type: oralExamination.concept(), Title: text("Conversation with owners", "Gespräch mit Eigentümern"),
				Description: text("Thirty minutes with two people who play owners of different mind; questions on the report follow.",
					"Dreißig Minuten mit zwei Personen, die uneinige Eigentümer spielen; es folgen Fragen zum Bericht."),
				Proves: []governance.ElementID{"talk", "independent"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed", "Bestanden oder nicht bestanden"),
			},
		},
		Participation: governance.Participation{
			Modes:              []governance.Mode{governance.ModeBlended, governance.ModeOnSite, governance.ModeProjectBased},
			MinimumOnSiteHours: "24", MaximumDurationDays: 150, MaximumGroupSize: 16,
		},
		QualityAssurance: eqavet(),
		Prerequisites: text("A qualification in building, heating, energy or architecture at EQF level 4, or three years in an advice centre.",
			"Ein Abschluss in Bau, Heizung, Energie oder Architektur auf EQR-Niveau 4 oder drei Jahre in einer Beratungsstelle."),
		Stackability: governance.Stackability{
			Kind: governance.StackStackable,
			Description: text("Counts towards the certificate of building energy consultant of the provider's region.",
				"Wird auf die Fortbildung zur Gebäudeenergieberatung in der Region des Anbieters angerechnet."),
			Into: []governance.StackTarget{{
				ID: "consultant", Title: text("Building energy consultant", "Gebäudeenergieberaterin oder Gebäudeenergieberater"),
				URI: "https://hanse-akademie.example/gebaeudeenergieberatung", System: governance.CreditECTS, Credits: "3",
			}},
		},
		Validation: governance.Validation{
			Identification: text("The candidate lists the buildings on which it has advised.", "Die Person führt die Gebäude auf, zu denen sie beraten hat."),
			Documentation:  text("A portfolio of three reports, with the owners' consent.", "Ein Portfolio aus drei Berichten, mit Zustimmung der Eigentümer."),
			Assessment:     text("An examiner questions the candidate on one report; the conversation is taken in any case.", "Eine prüfende Person befragt zu einem Bericht; das Gespräch wird immer geführt."),
			Certification:  text("As in the course, outcome by outcome.", "Wie im Kurs, je Lernergebnis."),
			Evidence: []governance.AcceptedEvidence{
				evidence("certificate", byTest, byPortfolio), evidence("walk", byPortfolio), evidence("plan", byPortfolio),
				evidence("talk", byObservation), evidence("independent", byPortfolio, byObservation),
			},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: buildingSector, ISCEDF: concepts(fieldEnergy, fieldBuilding), NACE: concepts(naceEngineering),
			Occupations: concepts(occupationEnergyConsultant), TargetGroups: concepts(experienced, longExperience),
		},
		Validity: governance.Validity{
			Months: 48, ReviewDate: "2029-03-31",
			Renewal: text("By eight hours on changed law and funding.", "Durch acht Stunden zu geändertem Recht und geänderter Förderung."),
		},
	}
}
