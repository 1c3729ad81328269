package sample

import "concordat/governance"

func stackability() governance.Stackability {
	return governance.Stackability{
		Kind: governance.StackStackable,
		Description: text("Counts towards the master craftsman's examination in heating engineering.",
			"Wird auf die Meisterprüfung im Installateur- und Heizungsbauerhandwerk angerechnet."),
		Into: []governance.StackTarget{{
			ID:      "master",
			Title:   text("Master craftsman in heating engineering", "Installateur- und Heizungsbauermeister"),
			URI:     "https://www.bibb.de/dienst/berufesuche/de/index_berufesuche.php/regulation/installateur_und_heizungsbauer_meister",
			System:  governance.CreditECTS,
			Credits: "4",
		}},
	}
}

func validation() governance.Validation {
	portfolio := []governance.EvidenceKind{governance.EvidencePortfolio, governance.EvidenceWorkRecord}
	observed := []governance.EvidenceKind{governance.EvidenceObservation, governance.EvidenceWorkRecord}
	return governance.Validation{
		Identification: text("A counsellor goes through the learning outcomes with the candidate.",
			"Eine Beratungsperson geht die Lernergebnisse mit der Bewerberin oder dem Bewerber durch."),
		Documentation: text("The candidate gathers records of three installations.",
			"Die Bewerberin oder der Bewerber sammelt Nachweise über drei Anlagen."),
		Assessment: text("Two examiners judge the records and watch one installation.",
			"Zwei Prüfende beurteilen die Nachweise und begleiten einen Einbau."),
		Certification: text("Outcomes found to be reached are certified like those reached in the course.",
			"Als erreicht befundene Lernergebnisse werden wie im Kurs erreichte bescheinigt."),
		Evidence: []governance.AcceptedEvidence{
			{ID: "types", Kinds: []governance.EvidenceKind{governance.EvidenceTest}},
			{ID: "source", Kinds: portfolio},
			{ID: "install", Kinds: observed},
			{ID: "handover", Kinds: observed, Note: text("With a statement of a customer.", "Mit der Aussage einer Kundin oder eines Kunden.")},
		},
	}
}

func classification() governance.Classification {
	return governance.Classification{
		CredentialType: concept("http://data.europa.eu/snb/learning-opportunity/74a4a268e8", "Short learning programme", "Kurzes Lernprogramm"),
		Sector:         "construction",
		ISCEDF:         []governance.Concept{concept("http://data.europa.eu/snb/isced-f/0713", "Electricity and energy", "Elektrizität und Energie")},
		NACE: []governance.Concept{concept("http://data.europa.eu/ux2/nace2/4322", "Plumbing, heat and air-conditioning installation",
			"Gas-, Wasser-, Heizungs- sowie Lüftungs- und Klimainstallation")},
		Occupations: []governance.Concept{concept("http://data.europa.eu/esco/occupation/8234eee9-1647-460d-8d62-7fe02cb884b0",
			"refrigeration air condition and heat pump technician", "Kälte-, Klima- und Wärmepumpentechniker/in")},
		TargetGroups: []governance.Concept{concept("http://data.europa.eu/snb/target-group/cbedf28444",
			"Persons with 3-10 years work experience", "Personen mit 3 bis 10 Jahren Berufserfahrung")},
	}
}
