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
	// conditions that the step's rule names, and may be nil where it names none.
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
	if refusal := rule.permitsActor(actor, facts); refusal != nil {
		return refusal
	}
	if len(rule.Stages) > 0 && !slices.Contains(rule.Stages, facts.Stage) {
		return Refuse(CodeConflict, "wrong-stage", "The {noun} is in stage {stage}; this needs {stages}.",
			"noun", facts.Noun, "stage", string(facts.Stage), "stages", joinWords(rule.Stages))
	}
	for _, need := range rule.Needs {
		if refusal := facts.Unmet(need); refusal != nil {
			return refusal
		}
	}
	return nil
}

// permitsActor looks for a grant that fits the roles, the relations and the stage. A grant that fits but for its own
// narrower stages is a matter of the moment and so a CONFLICT, told apart from one that never fits.
func (r StepRule) permitsActor(actor Actor, facts Facts) *Error {
	if actor.Clock && slices.ContainsFunc(r.By, func(g Grant) bool { return g.Relation == RelationClock }) {
		return nil
	}
	tooLate := false
	for _, grant := range r.By {
		if !grant.fits(facts) {
			continue
		}
		if facts.Suspended {
			return Refuse(CodeForbidden, "suspended", "The organization is suspended and takes no new step.")
		}
		if len(grant.Stages) == 0 || slices.Contains(grant.Stages, facts.Stage) {
			return nil
		}
		tooLate = true
	}
	if tooLate {
		return Refuse(CodeConflict, "wrong-stage-for-role", "In stage {stage} this is no longer yours to do.",
			"noun", facts.Noun, "stage", string(facts.Stage))
	}
	return Refuse(CodeForbidden, "role-needed", "This step is for {who}.", "step", string(r.Step), "who", r.Who())
}

func (g Grant) fits(facts Facts) bool {
	if !slices.Contains(facts.Relations, g.Relation) {
		return false
	}
	return len(g.Roles) == 0 || slices.ContainsFunc(g.Roles, func(role Role) bool { return slices.Contains(facts.Roles, role) })
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
	RelationSelf:         "the person that it belongs to",
	RelationWorkingGroup: "the working group",
	RelationLead:         "the lead",
	RelationInvited:      "an invited organization",
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
