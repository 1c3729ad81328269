package seed

import (
	"strings"

	"concordat/governance"
	"concordat/store"
)

// code is a term of a vocabulary as the story uses it: its URI and its English label there.
type code struct {
	uri   governance.URI
	label string
}

const (
	escoSkill      = "http://data.europa.eu/esco/skill/"
	escoOccupation = "http://data.europa.eu/esco/occupation/"
)

// Skills of ESCO 1.2.
var (
	skillHeatPumpTypes     = code{escoSkill + "59998878-fa14-458a-9085-06b45e89df1b", "types of heat pumps"}
	skillHeatSource        = code{escoSkill + "97b473ae-8535-498d-9999-cc77549c5e50", "identify fitted source for heat pumps"}
	skillInstallHeatPump   = code{escoSkill + "00735755-adc6-4ea0-b034-b8caff339c9f", "install heat pump"}
	skillRefrigerants      = code{escoSkill + "0b95eb5d-f3eb-4387-a0bb-094a394196c7", "refrigerants"}
	skillTransferPumps     = code{escoSkill + "0654d206-36a6-4d37-bb98-eb8bd33af3c5", "handle refrigerant transfer pumps"}
	skillTightness         = code{escoSkill + "bce60ecd-ceee-4dbd-b619-70c9789ec634", "test tightness and pressure of refrigeration circuits"}
	skillHeatingSafety     = code{escoSkill + "649cab01-fa5e-4721-bf63-76dccc34f3f6", "advise on potential safety hazards concerning heating systems"}
	skillHeatingEfficiency = code{escoSkill + "8614b988-b907-473e-a701-47b525959dc8", "advise on heating systems energy efficiency"}
	skillDomesticHeating   = code{escoSkill + "95013213-ee67-493b-86d0-e383e0f72482", "domestic heating systems"}
	skillNoise             = code{escoSkill + "351cd749-498c-4ed3-9e38-58fc9bbf8f0e", "ensure compliance with noise standards"}
	skillEnergyPerformance = code{escoSkill + "4e09e2d2-e317-47d2-bf5e-1d6c66be3efc", "energy performance of buildings"}
	skillEnergyConcepts    = code{escoSkill + "0037c821-2898-4919-b96e-7ed1cd89554c", "develop energy saving concepts"}
	skillEnergyAudit       = code{escoSkill + "0ad6d5e8-593f-4191-843c-439b23a468ca", "conduct energy audit"}
	skillEnergySaving      = code{escoSkill + "ecd368bc-6383-4a03-9b61-46e0a94750f7", "instruct on energy saving technologies"}
	skillAirtight          = code{escoSkill + "589f0d24-0846-4971-bc6c-a42bb274f69a", "airtight construction"}
	skillInsulation        = code{escoSkill + "7eea6974-d606-4175-b95e-f66554816783", "install insulation material"}
	skillInspectInsulation = code{escoSkill + "86504425-1b0b-472e-8b85-ff7431d60f7e", "inspect insulation"}

	skillRecordsInNursing  = code{escoSkill + "a46743b7-ff8c-49b6-99f7-7fa5bc241771", "use electronic health records in nursing"}
	skillRecordsSystem     = code{escoSkill + "53141450-2fa9-4890-a64e-7ffd4e1144be", "use electronic health records management system"}
	skillElderlyMedication = code{escoSkill + "d2f78372-c23b-41ef-bce3-2874f587579c", "assist in the administration of medication to elderly"}
	skillMedicationSafety  = code{escoSkill + "d97880ee-434d-4085-aeff-1a76ac21071e", "manage medication safety issues"}
	skillMedicationEffects = code{escoSkill + "2472a8c9-06f3-42f0-9c02-93e9ec00c507", "monitor the effects of medication"}
	skillInteraction       = code{escoSkill + "fa3ad3cd-d0e5-45c5-9093-845d86af52be", "report medication interaction to pharmacist"}
	skillEHealth           = code{escoSkill + "16636767-c215-4cf0-b126-e144fea20926", "use e-health and mobile health technologies"}
	skillHealthcareData    = code{escoSkill + "99814cb0-5f6c-4663-99a4-af28b11d5d2f", "healthcare data systems"}
	skillMedicalData       = code{escoSkill + "d5e9b47e-580f-41e7-bc6c-e7345566fcb4", "review patient's medical data"}
)

// Occupations of ESCO 1.2.
var (
	occupationHeatPumpTechnician  = code{escoOccupation + "8234eee9-1647-460d-8d62-7fe02cb884b0", "refrigeration air condition and heat pump technician"}
	occupationPlumber             = code{escoOccupation + "ed3cf43d-c2c1-4c46-82fc-1375e27e0290", "plumber"}
	occupationEnergyConsultant    = code{escoOccupation + "de74eb4e-c95e-425a-9b3a-7be805ec0321", "energy consultant"}
	occupationInsulationWorker    = code{escoOccupation + "b2dab4fb-b7f7-4f57-94b2-9c0f0848564a", "insulation worker"}
	occupationCareHomeWorker      = code{escoOccupation + "f4525ed8-54eb-4a3b-90db-55cc01b0d9fd", "care home worker"}
	occupationHealthcareAssistant = code{escoOccupation + "d38c2107-98f2-47b7-8bb4-f69750d51082", "healthcare assistant"}
	occupationNurseAssistant      = code{escoOccupation + "87d0795a-d41f-47ee-979f-0ab7d73836e7", "nurse assistant"}
)

// Fields of education (ISCED-F 2013) and economic activities (NACE Rev. 2).
var (
	fieldEnergy   = code{"http://data.europa.eu/snb/isced-f/0713", "Electricity and energy"}
	fieldBuilding = code{"http://data.europa.eu/snb/isced-f/0732", "Building and civil engineering"}
	fieldNursing  = code{"http://data.europa.eu/snb/isced-f/0913", "Nursing and midwifery"}
	fieldElderly  = code{"http://data.europa.eu/snb/isced-f/0921", "Care of the elderly and of disabled adults"}

	naceHeat        = code{"http://data.europa.eu/ux2/nace2/4322", "Plumbing, heat and air-conditioning installation"}
	naceInsulation  = code{"http://data.europa.eu/ux2/nace2/4329", "Other construction installation"}
	naceEngineering = code{"http://data.europa.eu/ux2/nace2/7112", "Engineering activities and related technical consultancy"}
	naceNursing     = code{"http://data.europa.eu/ux2/nace2/8710", "Residential nursing care activities"}
	naceCareAtHome  = code{"http://data.europa.eu/ux2/nace2/8810", "Social work activities without accommodation for the elderly and disabled"}
)

// Terms of the Europass vocabularies.
var (
	writtenExamination  = code{"http://data.europa.eu/snb/assessment/6e6cb2cc78", "written examination"}
	practicalAssessment = code{"http://data.europa.eu/snb/assessment/6a4db9f11d", "practical assessment"}
	oralExamination     = code{"http://data.europa.eu/snb/assessment/d30284d7df", "oral examination"}
	portfolio           = code{"http://data.europa.eu/snb/assessment/4f03b91c0e", "portfolio"}
	markedAssignment    = code{"http://data.europa.eu/snb/assessment/2939dae15f", "marked assignment"}

	shortProgramme = code{"http://data.europa.eu/snb/learning-opportunity/74a4a268e8", "Short learning programme"}

	experienced    = code{"http://data.europa.eu/snb/target-group/cbedf28444", "Persons with 3-10 years work experience"}
	newcomers      = code{"http://data.europa.eu/snb/target-group/5e56931138", "Persons with 0-3 years work experience"}
	longExperience = code{"http://data.europa.eu/snb/target-group/d45b47b458", "Persons with 10+ years work experience"}

	institutionalQuality = code{"http://data.europa.eu/snb/accreditation/bb4618238e", "Institutional Quality Assurance"}
)

// concept is the term as a document names it.
func (c code) concept() governance.Concept {
	return governance.Concept{ID: c.uri, Label: governance.Text{"en": c.label}}
}

// concepts are terms as a document lists them.
func concepts(codes ...code) []governance.Concept {
	named := make([]governance.Concept, len(codes))
	for i, c := range codes {
		named[i] = c.concept()
	}
	return named
}

// skill is the term as a need names it.
func skill(c code) store.ConceptInput { return store.ConceptInput{ID: c.uri, Label: c.label} }

// occupation is the term as a need names it.
func occupation(c code) *store.ConceptInput {
	named := skill(c)
	return &named
}

// text says the same in English and German.
func text(en, de string) governance.Text {
	return governance.Text{"en": strings.TrimSpace(en), "de": strings.TrimSpace(de)}
}
