package exchange

import (
	"fmt"
	"slices"
	"strings"
)

// elmShape is what a class of the Learning Opportunities and Qualifications profile may and must have. The profile's shapes
// are closed: anything else is a violation. The members stand in the order in which the XML of the Qualification Dataset
// Register (loq.xsd 3.1.0) wants them.
type elmShape struct {
	members  string
	required string
	listed   string // where the XML lists things of this class, to which others refer; "": they stand where they are used
}

const elmSpecificationHead = "identifier title altLabel description additionalNote homepage supplementaryDocument category status dateModified publisher "

const elmAchievementMembers = elmSpecificationHead + "dcType learningOutcomeSummary thematicArea educationSubject volumeOfLearning " +
	"creditPoint educationLevel language mode learningSetting maximumDuration targetGroup entryRequirement learningOutcome " +
	"influencedBy provenBy entitlesTo hasPart specialisationOf isPartOf generalisationOf awardingOpportunity "

// elmShapes holds the classes that exports use.
var elmShapes = map[string]elmShape{
	"LearningOpportunity": {
		members: "identifier title description dcType additionalNote homepage supplementaryDocument temporal duration mode grant " +
			"learningSchedule scheduleInformation admissionProcedure applicationDeadline priceDetail providedBy location " +
			"learningAchievementSpecification learningActivitySpecification hasPart isPartOf bannerImage defaultLanguage status " +
			"dateModified publisher",
		required: "title homepage providedBy learningAchievementSpecification defaultLanguage", listed: "learningOpportunity",
	},
	"Qualification": {
		members:  elmAchievementMembers + "isPartialQualification eqfLevel nqfLevel qualificationCode accreditation",
		required: "title thematicArea language learningOutcome eqfLevel nqfLevel", listed: "learningAchievementSpecification",
	},
	"LearningAchievementSpecification": {
		members: elmAchievementMembers, required: "title thematicArea language learningOutcome", listed: "learningAchievementSpecification",
	},
	"LearningOutcome": {
		members:  "identifier title dcType additionalNote reusabilityLevel relatedSkill relatedESCOSkill",
		required: "title", listed: "learningOutcome",
	},
	"LearningAssessmentSpecification": {
		members:  elmSpecificationHead + "dcType language mode gradingScheme proves hasPart specialisationOf isPartOf generalisationOf",
		required: "title", listed: "learningAssessmentSpecification",
	},
	"Organisation": {
		members: "altLabel legalName dcType identifier eIDASIdentifier registration vatIdentifier taxIdentifier homepage " +
			"additionalNote accreditation location contactPoint hasSubOrganization subOrganizationOf logo groupMemberOf status " +
			"dateModified publisher",
		required: "legalName location", listed: "agent",
	},
	"GradingScheme":       {members: "identifier title description supplementaryDocument", required: "title", listed: "gradingScheme"},
	"Location":            {members: "identifier geographicName spatialCode description address geometry", required: "address", listed: "location"},
	"Address":             {members: "identifier fullAddress countryCode", required: "countryCode"},
	"AwardingOpportunity": {members: "identifier awardingBody location temporal learningAchievementSpecification", required: "awardingBody learningAchievementSpecification"},
	"CreditPoint":         {members: "framework point", required: "framework point"},
	"Identifier":          {members: "notation creator schemeAgency dateIssued schemeName schemeVersion schemeId dcType", required: "notation"},
	"LegalIdentifier":     {members: "notation creator schemeAgency dateIssued schemeName schemeVersion schemeId dcType spatial", required: "notation spatial"},
	"Note":                {members: "subject noteFormat noteLiteral", required: "noteLiteral"},
	"WebResource":         {members: "title language contentURL", required: "contentURL"},
	"PeriodOfTime":        {members: "prefLabel startDate endDate"},
	"PriceDetail":         {members: "identifier amount prefLabel description additionalNote"},
	"Amount":              {members: "unit value", required: "unit value"},
}

// elmListed is the order of the lists in the XML.
var elmListed = []string{"learningOpportunity", "learningAchievementSpecification", "learningOutcome", "learningActivitySpecification",
	"learningAssessmentSpecification", "learningEntitlementSpecification", "agent", "group", "accreditation", "gradingScheme", "location"}

// additions reports what of the things the publication does not hold itself; the path is the thing's name and the property's.
func additions(things ...*elmThing) []Loss {
	var added []Loss
	seen := map[*elmThing]bool{}
	var walk func(t *elmThing, at string)
	walk = func(t *elmThing, at string) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		if t.added != "" {
			added = append(added, lossOf(at, at[strings.LastIndexByte(at, ' ')+1:], t.added))
		}
		for _, m := range t.members {
			property := string(t.id) + " " + elmProperties[m.name].iri
			if m.added != "" {
				added = append(added, lossOf(property, elmProperties[m.name].iri, m.added))
			}
			for _, value := range m.values {
				if held, ok := value.(*elmThing); ok {
					walk(held, property)
				}
			}
		}
	}
	for _, t := range things {
		walk(t, "")
	}
	return added
}

// ordered answers the thing's members in the order of its shape. It is an error of this package's own, never of a
// publication's, that a member is none of the shape's; that a required one is missing is CheckELM's to say before.
func (t *elmThing) ordered() ([]elmMember, error) {
	shape, ok := elmShapes[t.class]
	if !ok {
		return nil, fmt.Errorf("%s: the profile has no class %s", t.id, t.class)
	}
	order := strings.Fields(shape.members)
	for _, m := range t.members {
		if !slices.Contains(order, m.name) {
			return nil, fmt.Errorf("%s: the profile's %s is closed and has no %s", t.id, t.class, m.name)
		}
	}
	for name := range strings.FieldsSeq(shape.required) {
		if t.member(name) == nil {
			return nil, fmt.Errorf("%s: the profile's %s has a %s", t.id, t.class, name)
		}
	}
	members := slices.Clone(t.members)
	slices.SortStableFunc(members, func(a, b elmMember) int { return slices.Index(order, a.name) - slices.Index(order, b.name) })
	return members, nil
}
