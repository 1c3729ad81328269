package seed

import "concordat/governance"

// medication is the text of the specification on documenting medication.
func medication() governance.Document {
	return governance.Document{
		Languages: []governance.LanguageTag{"de", "en"},
		Title:     text("Documenting medication in digital records", "Medikation in der digitalen Akte dokumentieren"),
		Summary: text(
			"Give prepared medicines under delegation and document them completely, in time and in the right place of a digital record of any make.",
			"Gerichtete Medikamente unter Delegation geben und vollständig, zeitnah und an der richtigen Stelle einer digitalen Akte jedes Fabrikats dokumentieren."),
		PlainLanguageSummary: text(
			"You learn to write down in the computer which medicine somebody has taken, and what to do when something is wrong.",
			"Sie lernen, im Computer aufzuschreiben, welches Medikament jemand genommen hat, und was zu tun ist, wenn etwas nicht stimmt."),
		Outcomes: []governance.LearningOutcome{
			{
				ID: "rules", Kind: knowledge, EQFLevel: 4,
				Statement: text("Distinguishes what may be delegated from what stays with nurses, and names who answers for what.",
					"Unterscheidet, was delegiert werden darf und was bei Pflegefachpersonen bleibt, und benennt, wer wofür verantwortlich ist."),
				Skills:   concepts(skillElderlyMedication),
				Criteria: criterion("Decides nine of ten cases rightly.", "Entscheidet neun von zehn Fällen richtig."),
			},
			{
				ID: "document", Kind: ability, EQFLevel: 4,
				Statement: text("Documents giving, refusal and omission of a medicine at the bedside, with time and reason, in a digital record.",
					"Dokumentiert Gabe, Ablehnung und Auslassen eines Medikaments am Bett mit Zeit und Grund in einer digitalen Akte."),
				Skills:   concepts(skillRecordsInNursing, skillRecordsSystem),
				Criteria: criterion("A round of twelve residents is documented without an error that concerns safety.", "Eine Runde mit zwölf Bewohnern wird ohne sicherheitsrelevanten Fehler dokumentiert."),
			},
			{
				ID: "warnings", Kind: ability, EQFLevel: 4,
				Statement: text("Responds to interaction warnings of the record: reads, stops, asks, and documents the answer.",
					"Reagiert auf Wechselwirkungswarnungen der Akte: liest, hält inne, fragt nach und dokumentiert die Antwort."),
				Skills:   concepts(skillInteraction, skillMedicationSafety),
				Criteria: criterion("No warning is closed without a documented reason.", "Keine Warnung wird ohne dokumentierten Grund geschlossen."),
			},
			{
				ID: "effects", Kind: ability, EQFLevel: 4,
				Statement: text("Observes effects and side effects and reports them so that the nurse can act.",
					"Beobachtet Wirkungen und Nebenwirkungen und meldet sie so, dass die Pflegefachperson handeln kann."),
				Skills:   concepts(skillMedicationEffects),
				Criteria: criterion("Reports contain observation, time and urgency.", "Meldungen enthalten Beobachtung, Zeit und Dringlichkeit."),
			},
			{
				ID: "errors", Kind: responsibility, EQFLevel: 4,
				Statement: text("Reports own errors at once and corrects the record so that the first entry remains visible.",
					"Meldet eigene Fehler sofort und berichtigt die Akte so, dass der erste Eintrag sichtbar bleibt."),
				Skills:   concepts(skillMedicationSafety),
				Criteria: criterion("In a staged error report and correction follow within the hour.", "Bei einem gestellten Fehler folgen Meldung und Berichtigung binnen einer Stunde."),
			},
		},
		Workload: ects("56", "2", part(governance.WorkloadContact, "16"), part(governance.WorkloadOnline, "12"),
			part(governance.WorkloadWorkplace, "24"), part(governance.WorkloadAssessment, "4")),
		Level: levelFourInGermany(),
		Assessments: []governance.Assessment{
			{
				ID: "cases", Type: writtenExamination.concept(), Title: text("Cases of delegation", "Fälle der Delegation"),
				Description: text("Ten cases in 45 minutes.", "Zehn Fälle in 45 Minuten."), Proves: []governance.ElementID{"rules"},
				Supervision: governance.SupervisionAny, IdentityCheck: governance.IdentityVerified, Grading: text("Passed at nine of ten cases", "Bestanden mit neun von zehn Fällen"),
			},
			{
				ID: "round", Type: practicalAssessment.concept(), Title: text("Medication round", "Medikamentenrunde"),
				Description: text("A round with simulated residents in a training copy of a digital record, with two warnings and one error built in.",
					"Eine Runde mit simulierten Bewohnern in der Übungskopie einer digitalen Akte, mit zwei Warnungen und einem eingebauten Fehler."),
				Proves: []governance.ElementID{"document", "warnings", "effects", "errors"}, Supervision: governance.SupervisionOnSite, IdentityCheck: governance.IdentityVerified,
				Grading: text("Passed or not passed on each criterion", "Je Kriterium bestanden oder nicht bestanden"),
			},
		},
		Participation: governance.Participation{
			Modes: []governance.Mode{governance.ModeBlended, governance.ModeWorkBased}, MinimumOnSiteHours: "40", MaximumDurationDays: 90, MaximumGroupSize: 14,
			Note: text("Learning takes place in working hours, with time kept free for it.", "Gelernt wird in der Arbeitszeit, mit dafür freigehaltener Zeit."),
		},
		QualityAssurance: eqavet(),
		Prerequisites: text("Work as a care or nursing assistant, with delegation by a nurse in charge.",
			"Tätigkeit als Pflegehilfs- oder Pflegeassistenzkraft mit Delegation durch eine verantwortliche Pflegefachperson."),
		Stackability: governance.Stackability{
			Kind: governance.StackStandAlone, Description: text("Stands alone; it does not widen what may be delegated by law.", "Steht für sich; erweitert nicht, was rechtlich delegiert werden darf."),
		},
		Validation: governance.Validation{
			Identification: text("The nurse in charge and the candidate go through the outcomes.", "Die verantwortliche Pflegefachperson und die Person gehen die Lernergebnisse durch."),
			Documentation:  text("Extracts from records of four weeks, made anonymous.", "Auszüge aus der Dokumentation von vier Wochen, anonymisiert."),
			Assessment:     text("An examiner of the provider accompanies one round.", "Eine prüfende Person des Anbieters begleitet eine Runde."),
			Certification:  text("As in the course.", "Wie im Kurs."),
			Evidence: []governance.AcceptedEvidence{
				evidence("rules", byTest), evidence("document", byWorkRecord, byObservation), evidence("warnings", byObservation),
				evidence("effects", byWorkRecord), evidence("errors", byPortfolio, byObservation),
			},
		},
		Classification: governance.Classification{
			CredentialType: shortProgramme.concept(), Sector: careSector, ISCEDF: concepts(fieldElderly, fieldNursing), NACE: concepts(naceNursing),
			Occupations: concepts(occupationCareHomeWorker, occupationHealthcareAssistant, occupationNurseAssistant), TargetGroups: concepts(newcomers, experienced),
		},
		Validity: governance.Validity{
			Months: 36, ReviewDate: "2028-12-31",
			Renewal: text("By one accompanied round a year.", "Durch eine begleitete Runde im Jahr."),
		},
		FurtherInformation: governance.FurtherInformation{
			Note: text("Residents' data is never used in teaching; the training copy holds invented residents only.",
				"Daten von Bewohnern werden im Unterricht nie verwendet; die Übungskopie enthält nur erfundene Bewohner."),
		},
	}
}
