package governance

// The rules of four other bodies, as their own texts have them. What a body's text says beyond a count (who may call for
// the vote, what happens after it) is the charter's and the process's business.

// approve is what most of the rules below count.
var approve = []Position{PositionApprove}

// cenWeighted is the weighted vote of CEN and CENELEC, by which European Standards are approved: 55 % of the votes cast
// are positive, and the countries that voted for it have 65 % of the population of all whose vote was cast. Abstentions
// are not counted, in neither sum, and nor is who did not vote. The weights of the countries are their populations and
// belong on the roll or into the charter's weights. Source: CEN/CENELEC Internal Regulations, Part 2, clause 6.2. The
// second count among the members of the European Economic Area, which clause 6.4 asks for where the Commission has
// requested a standard, is a condition on a group that a charter can add.
var cenWeighted = Preset{
	ID: PresetCENWeighted, Name: "CEN weighted vote",
	Description: "At least 55 % of those who take a side say yes, and they have at least 65 % of the weight of all who take " +
		"a side; abstentions are not counted. Each weighs as the roll or the charter says, at CEN as many as its country has people.",
	Source: "CEN/CENELEC Internal Regulations, Part 2, 6.2",
	Rule: Rule{Conditions: []Condition{
		{ID: "members", Kind: ConditionApproval, Count: approve, Over: Over(sides...), AtLeast: NewRatio(55, 100)},
		{ID: "weight", Kind: ConditionApproval, Measure: MeasureWeight, Count: approve, Over: Over(sides...), AtLeast: NewRatio(65, 100)},
	}},
}

// iesg is the Internet Engineering Steering Group's normal ballot on a standard: at least one Yes, no Discuss, and Yes or
// No Objection from two thirds of the directors who have not recused themselves. An Abstain is no No Objection, and who
// has not balloted counts in the base. RFC 2026 leaves the way of counting to the IESG (6.1.2). Source: IESG statement
// "IESG Ballot Procedures for Documents" of 22 May 2025, normal procedure.
var iesg = Preset{
	ID: PresetIESG, Name: "IESG ballot",
	Description: "At least one says yes, nobody objects, and two thirds of those who have not recused themselves say yes or " +
		"that they have no objection.",
	Source: "IESG statement, IESG Ballot Procedures for Documents, 2025-05-22; RFC 2026, 6.1.2",
	Rule: Rule{Conditions: []Condition{
		{ID: "one-yes", Kind: ConditionApproval, Count: approve, AtLeast: NewRatio(1, 1)},
		{ID: "no-objection", Kind: ConditionApproval, Count: []Position{PositionObject}, AtMost: NewRatio(0, 1)},
		{
			ID: "two-thirds", Kind: ConditionApproval, Count: []Position{PositionApprove, PositionNoObjection},
			Over: Base{Whole: ElectorateLessRecused}, AtLeast: NewRatio(2, 3),
		},
	}},
}

// w3cAppeal is the appeal vote of the World Wide Web Consortium's Advisory Committee, where the support that is needed
// falls as more take part, abstentions included: below 5 % it fails; up to 15 % the ballots for it must exceed three times
// those against, up to 20 % twice, from 20 % on once. More than three times is a share of more than 3/4. The tiers need no
// upper end: whoever reaches a higher one needs less. Source: W3C Process Document, Advisory Committee Appeals.
var w3cAppeal = Preset{
	ID: PresetW3CAppeal, Name: "W3C appeal",
	Description: "The fewer take part, the more must agree: from 20 % of all electors on more than half of those who take a " +
		"side, above 15 % more than two thirds, from 5 % on more than three quarters; below 5 % it fails.",
	Source: "W3C Process Document, Advisory Committee Appeals",
	Rule: Rule{Conditions: []Condition{{
		ID: "appeal", Kind: ConditionApproval,
		AnyOf: []Condition{
			tier("turnout-20", Condition{AtLeast: NewRatio(20, 100)}, NewRatio(1, 2)),
			tier("turnout-15", Condition{MoreThan: NewRatio(15, 100)}, NewRatio(2, 3)),
			tier("turnout-5", Condition{AtLeast: NewRatio(5, 100)}, NewRatio(3, 4)),
		},
	}}},
}

// tier asks, where so many take part, for more than a share of those who take a side.
func tier(id string, turnout Condition, support Ratio) Condition {
	turnout.Count, turnout.Over = takingPart, Base{Whole: Electorate}
	return Condition{ID: id, AllOf: []Condition{turnout, {Count: approve, Over: Over(sides...), MoreThan: support}}}
}

// euQualified is the qualified majority of the Council of the European Union: 55 % of the members with 65 % of the
// population; fewer than four who are not in favour do not block. Whoever abstains or is silent is not in favour, and who
// recuses itself does not take part and leaves the base (Article 238(3)(a) TFEU). Of 27 members 55 % are the fifteen that
// the Treaty asks for. That fewer than four block nothing is said twice, since a missing vote is no position and cannot be
// counted: of any number of members where all have voted, and of 27 where some are silent, since 24 in favour leave three.
// In other cases fewer than four may block by weight, which is never laxer than the Treaty; so they may where somebody is
// recused, for which the Treaty measures a blocking minority otherwise. Source: Article 16(4) TEU, Article 238(3)(a) TFEU.
var euQualified = Preset{
	ID: PresetEUQualified, Name: "EU qualified majority",
	Description: "At least 55 % of all members say yes, and they have at least 65 % of the weight of all, or fewer than four " +
		"do not say yes. Each weighs as the roll or the charter says, in the Union as many as its country has people.",
	Source: "Article 16(4) TEU, Article 238(3)(a) TFEU",
	Rule: Rule{Conditions: []Condition{
		{ID: "members", Kind: ConditionApproval, Count: approve, Over: Base{Whole: ElectorateLessRecused}, AtLeast: NewRatio(55, 100)},
		{ID: "population", Kind: ConditionApproval, AnyOf: []Condition{
			{ID: "weight", Measure: MeasureWeight, Count: approve, Over: Base{Whole: ElectorateLessRecused}, AtLeast: NewRatio(65, 100)},
			{ID: "fewer-than-four", AllOf: []Condition{
				{Count: takingPart, Over: Base{Whole: Electorate}, AtLeast: NewRatio(1, 1)},
				{Count: []Position{PositionNoObjection, PositionObject, PositionAbstain}, AtMost: NewRatio(3, 1)},
			}},
			{ID: "fewer-than-four-of-27", AllOf: []Condition{
				{Count: approve, Over: Base{Whole: Electorate}, AtLeast: NewRatio(24, 27)},
				{Count: approve, AtMost: NewRatio(27, 1)},
				{Count: []Position{PositionRecuse}, AtMost: NewRatio(0, 1)},
			}},
		}},
	}},
}
