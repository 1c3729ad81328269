package seed

import "concordat/governance"

// telecare is the text of the specification on video consultations.
func telecare() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"de", "en"},
		Title:     text("Accompanying video consultations in care", "Videosprechstunden in der Pflege begleiten"),
		Summary: text(
			"Prepare residents and technology for a video consultation, measure and report vital signs, guard privacy and document what was agreed.",
			"Bewohner und Technik auf eine Videosprechstunde vorbereiten, Vitalwerte messen und melden, die Privatsphäre schützen und Vereinbartes dokumentieren."),
		PlainLanguageSummary: text("You learn to help when a doctor talks to somebody in care by video: before, during and after the call.",
			"Sie lernen zu helfen, wenn eine Ärztin oder ein Arzt per Video mit jemandem in der Pflege spricht: vorher, dabei und danach."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "prepare", Kind: ability, EQFLevel: 4,
				Statement: text("Prepares room, device and resident, and obtains consent in words that the resident follows.",
					"Bereitet Raum, Gerät und Bewohner vor und holt die Einwilligung in Worten ein, denen der Bewohner folgen kann."),
				Skills:   concepts(skillEHealth),
				Criteria: criterion("Connection, light and sound are tested; consent is documented.", "Verbindung, Licht und Ton sind geprüft; die Einwilligung ist dokumentiert."),
			},
			{
				ID: "measure", Kind: ability, EQFLevel: 4,
				Statement: text("Measures vital signs with connected devices and reports them with what is unusual about them.",
					"Misst Vitalwerte mit vernetzten Geräten und meldet sie mit dem, was an ihnen ungewöhnlich ist."),
				Skills:   concepts(skillEHealth, skillMedicalData),
				Criteria: criterion("Five values are measured rightly; the one that was altered is noticed.", "Fünf Werte werden richtig gemessen; der veränderte wird bemerkt."),
			},
			{
				ID: "document", Kind: ability, EQFLevel: 4,
				Statement: text("Documents findings, orders and open questions in the digital record and passes orders on.",
					"Dokumentiert Befunde, Anordnungen und offene Fragen in der digitalen Akte und gibt Anordnungen weiter."),
				Skills:   concepts(skillHealthcareData, skillRecordsInNursing),
				Criteria: criterion("A nurse who was not present can act on the entry.", "Eine nicht anwesende Pflegefachperson kann nach dem Eintrag handeln."),
			},
			{
				ID: "protect", Kind: responsibility, EQFLevel: 4,
				Statement: text("Guards the resident's privacy and dignity and ends the call when either is not kept.",
					"Wahrt Privatsphäre und Würde des Bewohners und beendet das Gespräch, wenn sie nicht gewahrt sind."),
				Criteria: criterion("In a staged disturbance the call is interrupted before data is disclosed.", "Bei einer gestellten Störung wird unterbrochen, bevor Daten preisgegeben werden."),
			},
		},
		Workload: ects("54", "2", part(governance.WorkloadContact, "16"), part(governance.WorkloadOnline, "14"),
			part(governance.WorkloadWorkplace, "20"), part(governance.WorkloadAssessment, "4")),
		Level: levelFourInGermany(),
		Assessments: []governance.Assessment{
			{
				ID: "simulation", Type: practicalAssessment.concept(), Title: text("Simulated consultation", "Simulierte Sprechstunde"),
				Description: text("A consultation with a simulated resident and a doctor on the screen, from preparation to the entry.",
					"Eine Sprechstunde mit simuliertem Bewohner und ärztlicher Person am Bildschirm, von der Vorbereitung bis zum Eintrag."),
				Proves: []governance.ElementID{"prepare", "measure", "protect"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed on each criterion", "Je Kriterium bestanden oder nicht bestanden"),
			},
			{
				ID: "folder", Type: portfolio.concept(), Title: text("Three accompanied consultations", "Drei begleitete Sprechstunden"),
				Description: text("Entries of three consultations at work, made anonymous, with a reflection of one page.",
					"Einträge von drei Sprechstunden am Arbeitsplatz, anonymisiert, mit einer Seite Reflexion."),
				Proves: []governance.ElementID{"document"}, Supervision: governance.SupervisionNone, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed", "Bestanden oder nicht bestanden"),
			},
		},
		Participation: governance.Participation{
			Modes: []governance.Mode{governance.ModeBlended, governance.ModeWorkBased}, MinimumOnSiteHours: "30", MaximumDurationDays: 120, MaximumGroupSize: 14,
		},
		QualityAssurance: eqavet(),
		Prerequisites:    text("Work in residential or home care.", "Tätigkeit in stationärer oder häuslicher Pflege."),
		Stackability: governance.Stackability{
			Kind: governance.StackStackable, Description: text("Counts towards the further training for digital practice guides.", "Wird auf die Weiterbildung zur digitalen Praxisanleitung angerechnet."),
			Into: []governance.StackTarget{{
				ID: "guide", Title: text("Digital practice guide", "Digitale Praxisanleitung"),
				URI: "https://hanse-akademie.example/digitale-praxisanleitung", System: governance.CreditECTS, Credits: "2",
			}},
		},
		Validation: governance.Validation{
			Identification: text("Conversation on consultations accompanied so far.", "Gespräch über bisher begleitete Sprechstunden."),
			Documentation:  text("Three entries, made anonymous.", "Drei Einträge, anonymisiert."),
			Assessment:     text("The simulation is taken in any case.", "Die Simulation wird immer abgelegt."),
			Certification:  text("As in the course.", "Wie im Kurs."),
			Evidence: []governance.AcceptedEvidence{
				evidence("prepare", byObservation), evidence("measure", byObservation, byTest), evidence("document", byPortfolio), evidence("protect", byObservation),
			},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: careSector, ISCEDF: concepts(fieldElderly), NACE: concepts(naceNursing, naceCareAtHome),
			Occupations: concepts(occupationHealthcareAssistant, occupationCareHomeWorker), TargetGroups: concepts(newcomers, experienced),
		},
		Validity: governance.Validity{Months: 48, ReviewDate: "2029-06-30", Renewal: text("By two accompanied consultations a year.", "Durch zwei begleitete Sprechstunden im Jahr.")},
	}
}
