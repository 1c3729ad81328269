package seed

import "concordat/governance"

// The short names of the specifications.
const (
	specCommissioning = "heat-pump-commissioning"
	specRefrigerant   = "refrigerant-handling-basics"
	specAdvice        = "energy-advice-for-building-owners"
	specBalancing     = "hydraulic-balancing-in-existing-buildings"
	specAirtight      = "airtight-building-shell"
	specHybrid        = "hybrid-heating-control"
	specMedication    = "medication-in-digital-records"
	specTelecare      = "accompanying-video-consultations"
)

// The kinds of learning outcomes, in short.
const (
	knowledge      = governance.OutcomeKnowledge
	ability        = governance.OutcomeSkill
	responsibility = governance.OutcomeResponsibility
)

// criterion is an outcome's one assessment criterion.
func criterion(en, de string) []governance.Criterion {
	return []governance.Criterion{{ID: "c1", Statement: text(en, de)}}
}

// ects is a workload of hours in all that makes so many credits of the ECTS.
func ects(hours, points governance.Decimal, split ...governance.WorkloadPart) governance.Workload {
	return governance.Workload{
		Hours: hours, Credits: []governance.Credit{{ID: "ects", System: governance.CreditECTS, Points: points}}, Split: split,
	}
}

// part is a part of a workload.
func part(kind governance.WorkloadKind, hours governance.Decimal) governance.WorkloadPart {
	ids := map[governance.WorkloadKind]governance.ElementID{
		governance.WorkloadContact: "contact", governance.WorkloadOnline: "online", governance.WorkloadSelfStudy: "self-study",
		governance.WorkloadPractice: "practice", governance.WorkloadWorkplace: "workplace", governance.WorkloadAssessment: "assessment",
	}
	return governance.WorkloadPart{ID: ids[kind], Kind: kind, Hours: hours}
}

// levelFour claims EQF level 4 and the national levels that the heat council's countries reference to it.
func levelFour() governance.Level {
	return governance.Level{EQF: 4, NQF: []governance.NQFReference{
		{ID: "dqr", Country: "DE", Framework: "DQR", Level: "4", URI: "http://data.europa.eu/snb/qdr/c_12a84182"},
		{ID: "lqf", Country: "LV", Framework: "LQF", Level: "4", URI: "http://data.europa.eu/snb/qdr/c_14b672c3"},
		{ID: "ltqf", Country: "LT", Framework: "LTQF", Level: "4", URI: "http://data.europa.eu/snb/qdr/c_d1e9f55d"},
	}}
}

// levelFourInGermany claims EQF level 4 in Germany alone.
func levelFourInGermany() governance.Level {
	return governance.Level{EQF: 4, NQF: levelFour().NQF[:1]}
}

// levelFive claims EQF level 5 and the national levels that are referenced to it in Germany and Lithuania.
func levelFive() governance.Level {
	return governance.Level{EQF: 5, NQF: []governance.NQFReference{
		{ID: "dqr", Country: "DE", Framework: "DQR", Level: "5", URI: "http://data.europa.eu/snb/qdr/c_bd9f8e42"},
		{ID: "ltqf", Country: "LT", Framework: "LTQF", Level: "5", URI: "http://data.europa.eu/snb/qdr/c_b62fa7ef"},
	}}
}

// eqavet asks providers for quality assurance as Union law has it for vocational education.
func eqavet() []governance.QualityRequirement {
	return []governance.QualityRequirement{{
		ID: "eqavet", Framework: governance.QualityEQAVET, URI: "https://eur-lex.europa.eu/eli/C/2020/417/oj",
		Description: text("The provider is assured under a national system referenced to EQAVET, and examiners other than the teachers take part in each assessment.",
			"Der Anbieter ist nach einem nationalen, auf EQAVET bezogenen System gesichert; an jeder Prüfung wirken Prüfende mit, die nicht selbst unterrichtet haben."),
	}}
}

// evidence accepts the kinds of evidence for an outcome.
func evidence(outcome governance.ElementID, kinds ...governance.EvidenceKind) governance.AcceptedEvidence {
	return governance.AcceptedEvidence{ID: outcome, Kinds: kinds}
}

// The kinds of evidence, in short.
const (
	byPortfolio   = governance.EvidencePortfolio
	byWorkRecord  = governance.EvidenceWorkRecord
	byObservation = governance.EvidenceObservation
	byTest        = governance.EvidenceTest
)
