package seed

import (
	"context"

	"concordat/governance"
)

// excerpts are the terms that the story takes from each vocabulary: a demo has something to choose from and to check against
// before anybody has loaded a whole one.
var excerpts = []struct {
	scheme  governance.Scheme
	version string
	terms   []code
}{
	{governance.SchemeESCOSkill, "1.2", []code{
		skillHeatPumpTypes, skillHeatSource, skillInstallHeatPump, skillRefrigerants, skillTransferPumps, skillTightness,
		skillHeatingSafety, skillHeatingEfficiency, skillDomesticHeating, skillNoise, skillEnergyPerformance, skillEnergyConcepts,
		skillEnergyAudit, skillEnergySaving, skillAirtight, skillInsulation, skillInspectInsulation, skillRecordsInNursing,
		skillRecordsSystem, skillElderlyMedication, skillMedicationSafety, skillMedicationEffects, skillInteraction,
		skillEHealth, skillHealthcareData, skillMedicalData,
	}},
	{governance.SchemeESCOOccupation, "1.2", []code{
		occupationHeatPumpTechnician, occupationPlumber, occupationEnergyConsultant, occupationInsulationWorker,
		occupationCareHomeWorker, occupationHealthcareAssistant, occupationNurseAssistant,
	}},
	{governance.SchemeISCEDF, "2013", []code{fieldEnergy, fieldBuilding, fieldNursing, fieldElderly}},
	{governance.SchemeNACE, "Rev. 2", []code{naceHeat, naceInsulation, naceEngineering, naceNursing, naceCareAtHome}},
	{governance.SchemeAssessmentType, "25831c2", []code{
		writtenExamination, practicalAssessment, oralExamination, portfolio, markedAssignment,
	}},
	{governance.SchemeOpportunityType, "25831c2", []code{shortProgramme}},
	{governance.SchemeTargetGroup, "25831c2", []code{experienced, newcomers, longExperience}},
}

// ownVocabularies are the excerpts, and the levels of national frameworks that the story claims, with the levels of the European
// one to which their countries reference them.
func ownVocabularies() []governance.Vocabulary {
	var all []governance.Vocabulary
	for _, e := range excerpts {
		v := governance.Vocabulary{Scheme: e.scheme, Version: e.version, Excerpt: true}
		for _, c := range e.terms {
			v.Terms = append(v.Terms, governance.Term{URI: c.uri, Labels: map[string][]string{"en": {c.label}}})
		}
		all = append(all, v)
	}
	levels := governance.Vocabulary{Scheme: governance.SchemeNQF, Version: "25831c2", Excerpt: true}
	for _, claimed := range []governance.Level{levelFour(), levelFive()} {
		for _, level := range claimed.NQF {
			levels.Terms = append(levels.Terms, governance.Term{
				URI: level.URI, Code: level.Level, EQF: claimed.EQF,
				Labels: map[string][]string{"en": {level.Framework + " Level " + level.Level}},
			})
		}
	}
	return append(all, levels)
}

// loadVocabularies loads the excerpts, as the operator would at the command line.
func (t *tale) loadVocabularies(ctx context.Context) error {
	for _, v := range ownVocabularies() {
		if _, err := t.db.LoadVocabulary(ctx, v, nil); err != nil {
			return err
		}
	}
	return nil
}
