package governance

import (
	"slices"
	"strings"
)

// Facts are what the store read, under the step's lock, about the actor and the object.
type Facts struct {
	Noun      string // of the object, for a refusal: "need"
	ID        string // of the object
	Visible   bool   // whether the viewer may see it at all
	Stage     Stage
	Roles     []Role     // that the person holds in the acting organization now
	Relations []Relation // of the acting organization, or the person, to the object
	Suspended bool       // the acting organization, or its entry on the roll, is suspended
	// Unmet answers the refusal for a condition that does not hold, nil for one that does. It is asked only for
	// conditions that the step's rule names. Where it is nil, no condition holds.
	Unmet func(Need) *Error
}

// Permit decides whether actor may take step. It answers nil, or the first of these refusals that applies: NOT_FOUND
// where the actor may not see the object; UNAUTHENTICATED; FORBIDDEN for the token's scope, the role, the relation or a
// suspension; CONFLICT for the stage; and what an unmet condition answers. Nothing else in Concordat decides this.
func Permit(step Step, actor Actor, facts Facts) *Error {
	rule := RuleOf(step)
	if !facts.Visible {
		return NotFound(facts.Noun, facts.ID)
	}
	if actor.Anonymous() {
		return Refuse(CodeUnauthenticated, "sign-in-needed", "Sign in first.")
	}
	if !actor.MayUse(rule.Scope) {
		return Refuse(CodeForbidden, "scope-needed", "This token lacks the scope {scope}.", "scope", string(rule.Scope))
	}
	fitting := rule.fitting(actor, facts)
	if len(fitting) == 0 {
		return Refuse(CodeForbidden, "role-needed", "This step is for {who}.", "step", string(step), "who", rule.Who())
	}
	if facts.Suspended && !actor.Clock {
		return Refuse(CodeForbidden, "suspended", "The organization is suspended and takes no new step.")
	}
	if refusal := rule.permitsStage(fitting, facts); refusal != nil {
		return refusal
	}
	return rule.permitsNeeds(facts)
}

// RoleFor answers the role in which an actor takes a step that it is permitted: the first that it holds of the first
// grant that fits its relations and the stage. Empty where that grant asks for no role, or none fits.
func RoleFor(step Step, actor Actor, facts Facts) Role {
	for _, grant := range RuleOf(step).fitting(actor, facts) {
		if !grant.covers(facts.Stage) {
			continue
		}
		for _, role := range grant.Roles {
			if slices.Contains(facts.Roles, role) {
				return role
			}
		}
		return ""
	}
	return ""
}

// fitting are the grants that fit the actor: for the clock those that name it, for a person those that fit its roles
// and relations. The clock never takes a person's step, nor a person the clock's, whatever the facts say.
func (r StepRule) fitting(actor Actor, facts Facts) []Grant {
	var grants []Grant
	for _, grant := range r.By {
		clocks := grant.Relation == RelationClock
		if clocks == actor.Clock && (clocks || grant.fits(facts)) {
			grants = append(grants, grant)
		}
	}
	return grants
}

func (g Grant) fits(facts Facts) bool {
	if !slices.Contains(facts.Relations, g.Relation) {
		return false
	}
	return len(g.Roles) == 0 || slices.ContainsFunc(g.Roles, func(role Role) bool { return slices.Contains(facts.Roles, role) })
}

// covers says whether the grant may be used in the stage, of those that its rule names.
func (g Grant) covers(stage Stage) bool {
	return len(g.Stages) == 0 || slices.Contains(g.Stages, stage)
}

// permitsStageAtAll holds the object's stage against the rule's.
func (r StepRule) permitsStageAtAll(facts Facts) *Error {
	if len(r.Stages) == 0 || slices.Contains(r.Stages, facts.Stage) {
		return nil
	}
	return Refuse(CodeConflict, "wrong-stage", "The {noun} is in stage {stage}; this needs {stages}.",
		"noun", facts.Noun, "stage", string(facts.Stage), "stages", joinWords(r.Stages))
}

// permitsStage holds the object's stage against the rule's, and then against the narrower ones of the grants that fit:
// a stage in which others may take the step, but not this actor, is told apart.
func (r StepRule) permitsStage(fitting []Grant, facts Facts) *Error {
	if refusal := r.permitsStageAtAll(facts); refusal != nil {
		return refusal
	}
	if slices.ContainsFunc(fitting, func(g Grant) bool { return g.covers(facts.Stage) }) {
		return nil
	}
	return Refuse(CodeConflict, "wrong-stage-for-role", "In stage {stage} this is no longer yours to do.",
		"noun", facts.Noun, "stage", string(facts.Stage))
}

// permitsNeeds asks for the rule's conditions in the table's order and answers the first refusal; of a checklist with all
// that there are.
func (r StepRule) permitsNeeds(facts Facts) *Error {
	unmet := r.unmetNeeds(facts, r.Checklist)
	if len(unmet) == 0 {
		return nil
	}
	refusal := *unmet[0]
	if r.Checklist {
		refusal.Missing = unmet
	}
	return &refusal
}

// unmetNeeds asks for the rule's conditions in the table's order and answers the refusals, or the first alone.
func (r StepRule) unmetNeeds(facts Facts, all bool) []*Error {
	var unmet []*Error
	for _, need := range r.Needs {
		refusal := Refuse(CodeConflict, "condition-unmet", "The condition {condition} does not hold.", "condition", string(need))
		if facts.Unmet != nil {
			refusal = facts.Unmet(need)
		}
		if refusal == nil {
			continue
		}
		unmet = append(unmet, refusal)
		if !all {
			break
		}
	}
	return unmet
}

// Missing answers everything that stands in the way of a step, whoever takes it: the object's stage, then each condition
// that does not hold, in the table's order.
func Missing(step Step, facts Facts) []*Error {
	rule := RuleOf(step)
	var missing []*Error
	if refusal := rule.permitsStageAtAll(facts); refusal != nil {
		missing = append(missing, refusal)
	}
	return append(missing, rule.unmetNeeds(facts, true)...)
}

// Who says in words who may take the step: "AUTHOR of the lead or SECRETARY of the council".
func (r StepRule) Who() string {
	var ways []string
	for _, grant := range r.By {
		way := relationWords[grant.Relation]
		if len(grant.Roles) > 0 {
			way = joinWords(grant.Roles) + " of " + way
		}
		if len(grant.Stages) > 0 {
			way += " (in " + joinWords(grant.Stages) + ")"
		}
		ways = append(ways, way)
	}
	return strings.Join(ways, "; or ")
}

var relationWords = map[Relation]string{
	RelationAnyone:       "anybody signed in",
	RelationMember:       "an active organization",
	RelationOnRoll:       "an organization on the council's roll",
	RelationProvider:     "a provider on the council's roll",
	RelationCouncil:      "the council",
	RelationPlatform:     "the platform",
	RelationOwn:          "the organization that it belongs to",
	RelationObjector:     "the organization that objected",
	RelationSelf:         "the person that it belongs to",
	RelationWorkingGroup: "the working group",
	RelationLead:         "the lead",
	RelationInvited:      "an invited organization",
	RelationInvitee:      "whoever was invited",
	RelationElector:      "an elector",
	RelationAsked:        "the body that was asked",
	RelationPublisher:    "the provider that publishes",
	RelationClock:        "the clock",
}

func joinWords[T ~string](words []T) string {
	plain := make([]string, len(words))
	for i, word := range words {
		plain[i] = string(word)
	}
	return strings.Join(plain, " or ")
}
