package governance

import "slices"

// Preset is a ready rule that a council can take into its charter as it is, or start from.
type Preset struct {
	ID          string // stable, in lower case with hyphens
	Name        string // in English
	Description string // a sentence or two in English, for people who choose
	Source      string // whose rule it is and where it stands; empty: nobody's in particular
	Rule        Rule
}

// The presets' ids.
const (
	PresetTripartite         = "tripartite"
	PresetTripartiteLearners = "tripartite-learners"
	PresetSimpleMajority     = "simple-majority"
	PresetAbsoluteMajority   = "absolute-majority"
	PresetConsent            = "consent"
	PresetISOEnquiry         = "iso-enquiry"
	PresetCENWeighted        = "cen-weighted"
	PresetIESG               = "iesg"
	PresetW3CAppeal          = "w3c-appeal"
	PresetEUQualified        = "eu-qualified-majority"
)

// Positions that presets count: those that take a side, and those that take part.
var (
	sides      = []Position{PositionApprove, PositionObject}
	takingPart = []Position{PositionApprove, PositionNoObjection, PositionObject, PositionAbstain}
)

// Presets lists the ready rules in the order in which pages offer them. Callers must not change it; PresetByID copies.
var Presets = []Preset{
	{
		ID: PresetTripartite, Name: "Tripartite",
		Description: "Employers, unions and providers must each take part by half and say yes by more than half of those " +
			"who take a side, and of all who take a side at least two thirds must say yes.",
		Rule: tripartite(ChamberEmployer, ChamberUnion, ChamberProvider),
	},
	{
		ID: PresetTripartiteLearners, Name: "Tripartite with learners",
		Description: "As tripartite, with the learners' bodies as a fourth chamber that must take part by half and say yes.",
		Rule:        tripartite(ChamberEmployer, ChamberUnion, ChamberProvider, ChamberLearnerBody),
	},
	{
		ID: PresetSimpleMajority, Name: "Simple majority",
		Description: "More say yes than no; abstentions and those who do not vote do not count.",
		Rule: Rule{Conditions: []Condition{
			{ID: "majority", Kind: ConditionApproval, Count: []Position{PositionApprove}, Over: Over(sides...), MoreThan: NewRatio(1, 2)},
		}},
	},
	{
		ID: PresetAbsoluteMajority, Name: "Absolute majority",
		Description: "More than half of all electors say yes, whoever does not vote.",
		Rule: Rule{Conditions: []Condition{
			{ID: "majority", Kind: ConditionApproval, Count: []Position{PositionApprove}, Over: Base{Whole: Electorate}, MoreThan: NewRatio(1, 2)},
		}},
	},
	{
		ID: PresetConsent, Name: "Consent",
		Description: "At least 75 % of all electors say yes or that they have no objection.",
		Rule: Rule{Conditions: []Condition{
			{
				ID: "consent", Kind: ConditionApproval, Count: []Position{PositionApprove, PositionNoObjection},
				Over: Base{Whole: Electorate}, AtLeast: NewRatio(3, 4),
			},
		}},
	},
	{
		ID: PresetISOEnquiry, Name: "ISO enquiry draft",
		Description: "Two thirds of the P-members' votes are in favour and at most a quarter of all votes are negative, " +
			"abstentions left out.",
		Source: "ISO/IEC Directives, Part 1, 2.6.3",
		Rule: Rule{Conditions: []Condition{
			{
				ID: "p-members-two-thirds", Kind: ConditionApproval, Chamber: ChamberSet{"P-member"},
				Count: []Position{PositionApprove}, Over: Over(sides...), AtLeast: NewRatio(2, 3),
			},
			{
				ID: "negative-quarter", Kind: ConditionApproval,
				Count: []Position{PositionObject}, Over: Over(sides...), AtMost: NewRatio(1, 4),
			},
		}},
	},
	cenWeighted, iesg, w3cAppeal, euQualified,
}

// tripartite asks each chamber for a quorum of half and a majority, and everybody together for two thirds.
func tripartite(chambers ...Chamber) Rule {
	names := map[Chamber]string{
		ChamberEmployer: "employers", ChamberUnion: "unions", ChamberProvider: "providers", ChamberLearnerBody: "learners",
	}
	var rule Rule
	for _, chamber := range chambers {
		rule.Conditions = append(rule.Conditions, Condition{
			ID: names[chamber] + "-quorum", Kind: ConditionQuorum, Chamber: ChamberSet{chamber},
			Count: takingPart, Over: Base{Whole: ElectorateLessRecused}, AtLeast: NewRatio(1, 2),
		})
	}
	for _, chamber := range chambers {
		rule.Conditions = append(rule.Conditions, Condition{
			ID: names[chamber] + "-majority", Kind: ConditionApproval, Chamber: ChamberSet{chamber},
			Count: []Position{PositionApprove}, Over: Over(sides...), MoreThan: NewRatio(1, 2),
		})
	}
	rule.Conditions = append(rule.Conditions, Condition{
		ID: "overall", Kind: ConditionApproval,
		Count: []Position{PositionApprove}, Over: Over(sides...), AtLeast: NewRatio(2, 3),
	})
	return rule
}

// PresetByID answers a copy of the preset that the caller may change. The error is NOT_FOUND.
func PresetByID(id string) (Preset, error) {
	for _, preset := range Presets {
		if preset.ID == id {
			preset.Rule = preset.Rule.clone()
			return preset, nil
		}
	}
	return Preset{}, NotFound("preset", id)
}

// clone copies a rule with all its lists.
func (r Rule) clone() Rule {
	return Rule{Conditions: cloneConditions(r.Conditions)}
}

func cloneConditions(conditions []Condition) []Condition {
	copies := slices.Clone(conditions)
	for i, c := range copies {
		copies[i].Chamber = slices.Clone(c.Chamber)
		copies[i].Count = slices.Clone(c.Count)
		copies[i].Over.Positions = slices.Clone(c.Over.Positions)
		copies[i].AnyOf = cloneConditions(c.AnyOf)
		copies[i].AllOf = cloneConditions(c.AllOf)
	}
	return copies
}
