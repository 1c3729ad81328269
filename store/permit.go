package store

import (
	"context"
	"fmt"
	"sync"

	"concordat/governance"
)

// unmet looks whether a condition holds: nil where it does, the refusal where it does not.
type unmet func(ctx context.Context) (*governance.Error, error)

// subject is an object together with what governance.Permit wants to know of it for one actor.
type subject struct {
	kind      governance.Kind
	noun      string // for people: "need"
	id        string
	stage     governance.Stage
	visible   bool
	relations []governance.Relation
	suspended bool // the acting organization, or its entry on the roll
	standing  standing
	// needs looks at conditions that follow from the object alone. A step adds those that follow from its input.
	needs map[governance.Need]unmet
	// mergedInto names the need that a merged one goes on in; empty for everything else.
	mergedInto governance.NeedID
}

// with is the subject with the conditions that follow from a step's input.
func (s subject) with(needs map[governance.Need]unmet) subject {
	all := make(map[governance.Need]unmet, len(s.needs)+len(needs))
	for need, look := range s.needs {
		all[need] = look
	}
	for need, look := range needs {
		all[need] = look
	}
	s.needs = all
	return s
}

// permit asks governance whether the subject's actor may take the step now; nil means yes. Every condition that the
// step's rule names must be looked at: one without a look is a slip of ours and an error.
func (s subject) permit(ctx context.Context, step governance.Step) error {
	for _, need := range governance.RuleOf(step).Needs {
		if s.needs[need] == nil {
			return fmt.Errorf("step %s: nobody looks at condition %s", step, need)
		}
	}
	refusal, err := s.ask(ctx, step)
	if err != nil {
		return fmt.Errorf("ask whether %s is permitted: %w", step, err)
	}
	if refusal != nil {
		return refusal
	}
	return nil
}

// viewerMay answers, for every step on the subject's kind of object, whether its actor may take it. Conditions that follow from an input nobody has given yet count as met.
func (s subject) viewerMay(ctx context.Context) ([]*Permission, error) {
	var permissions []*Permission
	for _, rule := range governance.Steps {
		if rule.Object != s.kind {
			continue
		}
		refusal, err := s.ask(ctx, rule.Step)
		if err != nil {
			return nil, fmt.Errorf("ask whether %s is permitted: %w", rule.Step, err)
		}
		permissions = append(permissions, &Permission{Step: rule.Step, Refusal: refusal})
	}
	return permissions, nil
}

func (s subject) ask(ctx context.Context, step governance.Step) (*governance.Error, error) {
	var failed error
	facts := s.facts()
	facts.Unmet = func(need governance.Need) *governance.Error {
		look := s.needs[need]
		if look == nil || failed != nil {
			return nil
		}
		unmet, err := look(ctx)
		failed = err
		return unmet
	}
	refusal := governance.Permit(step, s.standing.actor, facts)
	if refusal != nil && refusal.Reason == "wrong-stage" && s.mergedInto != "" {
		refusal = needMerged(s.mergedInto)
	}
	return refusal, failed
}

// facts are what governance wants to know of the subject, without its conditions.
func (s subject) facts() governance.Facts {
	return governance.Facts{
		Noun: s.noun, ID: s.id, Visible: s.visible, Stage: s.stage,
		Roles: s.standing.roles, Relations: s.relations, Suspended: s.suspended || s.standing.suspended,
	}
}

// actingRole is the role in which the actor takes a step that it was permitted, for the act.
func (s subject) actingRole(step governance.Step) governance.Role {
	return governance.RoleFor(step, s.standing.actor, s.facts())
}

// together is what was read in one list. What is asked of one of it is asked of all at once, when the first is asked for:
// elements of a list are shown one after the other, and each would ask by itself.
type together[T, V any] struct {
	all   []*T
	mu    sync.Mutex // guards found
	found map[*T]V
}

func listed[T, V any](all []*T) *together[T, V] { return &together[T, V]{all: all} }

// of is what was found for one of the list, or for one that was read alone, where there is no list.
func (l *together[T, V]) of(one *T, read func([]*T) ([]V, error)) (V, error) {
	if l == nil {
		l = listed[T, V]([]*T{one})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found == nil {
		found, err := read(l.all)
		if err != nil {
			var none V
			return none, err
		}
		l.found = make(map[*T]V, len(l.all))
		for i, each := range l.all {
			l.found[each] = found[i]
		}
	}
	return l.found[one], nil
}

// viewerMayEach reads subjects together and says what their actor may do to each.
func (db *DB) viewerMayEach(ctx context.Context, of func(context.Context, *Query) ([]subject, error)) (permissions [][]*Permission, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		subjects, err := of(ctx, q)
		if err != nil {
			return err
		}
		permissions = make([][]*Permission, len(subjects))
		for i, s := range subjects {
			if permissions[i], err = s.viewerMay(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return permissions, err
}

// viewerMay reads the subject and says what its actor may do to it.
func (db *DB) viewerMay(ctx context.Context, of func(context.Context, *Query) (subject, error)) (permissions []*Permission, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := of(ctx, q)
		if err != nil {
			return err
		}
		permissions, err = s.viewerMay(ctx)
		return err
	})
	return permissions, err
}
