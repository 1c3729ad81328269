package matrix_test

import (
	"slices"

	"concordat/governance"
)

// outcome is what becomes of a cell: the code and the reason of a refusal, or nothing where the step is taken.
type outcome struct {
	code   governance.Code
	reason string
}

// taken is the outcome of a step that is taken.
var taken = outcome{}

func (o outcome) String() string {
	if o == taken {
		return "TAKEN"
	}
	return string(o.code) + " " + o.reason
}

// cell is one step, tried by one actor on one object in one scene.
type cell struct {
	scene  *scene
	rule   governance.StepRule
	object object
	actor  actor
}

func (c cell) String() string {
	return string(c.rule.Step) + " on " + c.object.name + " by " + c.actor.name + " in " + c.scene.name
}

// permitted reads the table by itself, without governance.Permit: what the cell's step is refused with for who asks and
// when, taken where nothing but a condition or the input could refuse it.
func (c cell) permitted() outcome {
	who := c.actor.actor
	switch {
	case who.Person == "":
		return outcome{governance.CodeUnauthenticated, "sign-in-needed"}
	case !c.visible():
		return outcome{governance.CodeNotFound, "not-found"}
	case !c.actor.mayUse(c.rule.Scope):
		return outcome{governance.CodeForbidden, "scope-needed"}
	}
	relations := c.relations()
	var stages []governance.Stage
	granted, always := false, false
	for _, grant := range c.rule.By {
		if !slices.Contains(relations, grant.Relation) || !c.holds(grant.Roles) {
			continue
		}
		granted, always = true, always || len(grant.Stages) == 0
		stages = append(stages, grant.Stages...)
	}
	switch {
	case !granted:
		return outcome{governance.CodeForbidden, "role-needed"}
	case c.suspended():
		return outcome{governance.CodeForbidden, "suspended"}
	case c.object.stage == governance.StageMerged: // no step is for those; the refusal names where it goes on
		return outcome{governance.CodeConflict, "need-merged"}
	case len(c.rule.Stages) > 0 && !slices.Contains(c.rule.Stages, c.object.stage):
		return outcome{governance.CodeConflict, "wrong-stage"}
	case !always && !slices.Contains(stages, c.object.stage):
		return outcome{governance.CodeConflict, "wrong-stage-for-role"}
	}
	return taken
}

// holds says whether the actor has one of the roles, or none is asked for.
func (c cell) holds(wanted []governance.Role) bool {
	if len(wanted) == 0 {
		return true
	}
	return slices.ContainsFunc(c.actor.roles, func(role governance.Role) bool { return slices.Contains(wanted, role) })
}

// suspended says whether the actor's organization is suspended, or its entry on the roll by which the object goes.
func (c cell) suspended() bool {
	return c.actor.organization == banned || c.actor.organization == crane && c.object.council == council
}

// relations are those of the actor to the object, by what the fixture did.
func (c cell) relations() []governance.Relation {
	a, o := c.actor, c.object
	if a.impostor || a.actor.Person == "" {
		return nil
	}
	if a.organization == "" {
		relations := []governance.Relation{governance.RelationAnyone}
		if o.owner == "" && o.self == a.actor.Person {
			relations = append(relations, governance.RelationSelf)
		}
		if o.kind == governance.KindInvitation && o.self == a.actor.Person {
			relations = append(relations, governance.RelationInvitee)
		}
		return relations
	}
	relations := []governance.Relation{governance.RelationMember}
	for relation, holds := range map[governance.Relation]bool{
		// A need that has a council is the council's to decide alone.
		governance.RelationPlatform: a.organization == platform && (o.kind != governance.KindNeed || o.council == ""),
		governance.RelationCouncil:  a.organization == o.council,
		governance.RelationOnRoll:   o.council == council && chambers[a.organization] != "",
		governance.RelationProvider: o.council == council && chambers[a.organization] == governance.ChamberProvider,
		governance.RelationOwn:      a.organization == o.owner && !o.objection(),
		governance.RelationObjector: a.organization == o.owner && o.objection(),
		governance.RelationSelf:     o.owner == "" && o.self != "" && o.self == a.actor.Person,
		governance.RelationAsked:    o.asked != "" && a.organization == o.asked,
		governance.RelationElector:  slices.Contains(o.electorate(), a.organization),
	} {
		if holds {
			relations = append(relations, relation)
		}
	}
	if o.edition == nil {
		return relations
	}
	return append(relations, o.edition.relations(a.organization)...)
}

// relations are those of an organization to the edition.
func (e *edition) relations(organization string) []governance.Relation {
	var relations []governance.Relation
	if slices.Contains(e.members, organization) {
		relations = append(relations, governance.RelationWorkingGroup)
	}
	if organization == e.lead {
		relations = append(relations, governance.RelationLead)
	}
	if slices.Contains(e.invited, organization) {
		relations = append(relations, governance.RelationInvited)
	}
	if organization == e.publisher {
		relations = append(relations, governance.RelationPublisher)
	}
	return relations
}

// electorate are those who may vote in a ballot: its own electors where it is on something else than the edition's text.
func (o object) electorate() []string {
	if o.kind == governance.KindBallot && o.electors == nil && o.edition != nil {
		return o.edition.electors
	}
	return o.electors
}

// visible says whether the actor may see the object: DESIGN section 3, "Who sees what".
func (c cell) visible() bool {
	a, o := c.actor, c.object
	speaksFor := a.organization
	switch o.kind {
	case governance.KindNeed: // members of active organizations
		return speaksFor != "" && speaksFor != banned
	case governance.KindMandate: // its organization's people, its holder, the administrator
		administers := speaksFor == platform && slices.Contains(a.roles, governance.RoleAdmin)
		return speaksFor == o.owner || o.self == a.actor.Person || administers
	case governance.KindInvitation: // its organization's representatives, whose it is, the administrator
		administers := speaksFor == platform && slices.Contains(a.roles, governance.RoleAdmin)
		represents := speaksFor == o.owner && slices.Contains(a.roles, governance.RoleRepresentative)
		return represents || administers || o.self != "" && o.self == a.actor.Person
	case governance.KindApplication: // the council's secretary, whose it is, the administrator
		administers := speaksFor == platform && slices.Contains(a.roles, governance.RoleAdmin)
		receives := speaksFor == o.council && slices.Contains(a.roles, governance.RoleSecretary)
		return receives || administers || !a.impostor && o.self == a.actor.Person
	case governance.KindBallot:
		return o.edition == nil || o.edition.visibleTo(speaksFor)
	case governance.KindEdition, governance.KindEndorsement, governance.KindOffer, governance.KindTranslation,
		governance.KindStatement:
		return o.edition.visibleTo(speaksFor)
	case governance.KindComment, governance.KindSuggestion:
		heard := !o.insiders || o.edition.sawTheDraft(speaksFor) || o.author == a.actor.Person
		return heard && o.edition.visibleTo(speaksFor)
	case governance.KindPlatform, governance.KindOrganization, governance.KindCouncil, governance.KindRollEntry,
		governance.KindCharter:
		return true
	}
	return false
}

// sawTheDraft says whether an organization sees what is said about a draft: the roll, or the working group alone where
// the lead keeps it closed, and the council always.
func (e *edition) sawTheDraft(organization string) bool {
	if organization == council || slices.Contains(e.members, organization) || slices.Contains(e.invited, organization) {
		return true
	}
	return !e.closedGroup && chambers[organization] != ""
}

// visibleTo says whether an organization sees the edition; empty: somebody who speaks for none. From CONSULTATION on
// everybody does, or the roll alone until APPROVED; what was public stays so.
func (e *edition) visibleTo(organization string) bool {
	switch e.stage {
	case governance.StageApproved, governance.StageEndorsed, governance.StagePublished, governance.StageSuperseded,
		governance.StageSuspended, governance.StageWithdrawn:
		return true
	default:
	}
	if e.wasPublic || e.sawTheDraft(organization) {
		return true
	}
	return e.consulted && (chambers[organization] != "" || slices.Contains(e.named, organization))
}
