package governance

// Move is a change of stage that comes of a step by what it brings about: of its object, where the outcome decides, or
// of another object.
type Move struct {
	Object   Kind
	From, To Stage
	When     string // in words: "the ballot carried"
}

// Transition is an arrow in the life of a need or an edition.
type Transition struct {
	From Stage // empty: the object is new
	To   Stage
	Step Step
	When string // what decides, where the step alone does not
}

// StageOf is the kind of object whose stage decides on a step on this kind: an edition's for everything that hangs on
// an edition but a ballot, which has its own. Empty for kinds that have no stages.
func (k Kind) StageOf() Kind {
	switch k {
	case KindNeed:
		return KindNeed
	case KindBallot:
		return KindBallot
	case KindEdition, KindSuggestion, KindComment, KindEndorsement, KindOffer, KindStatement, KindTranslation:
		return KindEdition
	default:
		return ""
	}
}

// Stages lists the stages that decide on a step on this kind, in the order of their life; none where it has no stages.
func (k Kind) Stages() []Stage {
	switch k.StageOf() {
	case KindNeed:
		return NeedStages
	case KindEdition:
		return EditionStages
	case KindBallot:
		return BallotStages
	default:
		return nil
	}
}

// Transitions answers every arrow in the life of a need, an edition or a ballot, in the order of the table; none for other kinds.
func Transitions(of Kind) []Transition {
	var found []Transition
	for _, rule := range Steps {
		for _, from := range rule.leaves(of) {
			found = append(found, Transition{From: from, To: rule.Next, Step: rule.Step})
		}
		for _, move := range rule.Moves {
			if move.Object == of {
				found = append(found, Transition{From: move.From, To: move.To, Step: rule.Step, When: move.When})
			}
		}
	}
	return found
}

// leaves are the stages of a kind from which the rule's Next is reached; the empty stage where the object is new.
func (r StepRule) leaves(of Kind) []Stage {
	switch {
	case r.Next == "":
		return nil
	case r.Starts == of:
		return []Stage{""}
	case r.Starts == "" && r.Object.StageOf() == of:
		return r.Stages
	default:
		return nil
	}
}
