package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"concordat/governance"
)

// OpeningReadiness is everything that stands in the way of opening a ballot or a consultation now.
type OpeningReadiness struct {
	Missing  []*governance.Error
	Earliest *governance.Date // the first day that the charter lets it end on; nil without a charter
}

// Ready says whether nothing stands in the way.
func (r *OpeningReadiness) Ready() bool { return len(r.Missing) == 0 }

// BallotReadiness answers what stands in the way of a ballot on the newest text of an edition that the actor was shown: what
// openBallot would refuse the secretary with, whoever asks. A last day that is not told is not looked at. INVALID for one
// that is none.
func (db *DB) BallotReadiness(ctx context.Context, actor governance.Actor, e *Edition, closesOn *governance.Date) (*OpeningReadiness, error) {
	return db.readinessToOpen(ctx, actor, e, governance.OpenBallot, closesOn)
}

// ConsultationReadiness is BallotReadiness for a consultation.
func (db *DB) ConsultationReadiness(
	ctx context.Context, actor governance.Actor, e *Edition, closesOn *governance.Date,
) (*OpeningReadiness, error) {
	return db.readinessToOpen(ctx, actor, e, governance.OpenConsultation, closesOn)
}

func (db *DB) readinessToOpen(
	ctx context.Context, actor governance.Actor, e *Edition, step governance.Step, closesOn *governance.Date,
) (*OpeningReadiness, error) {
	if closesOn != nil {
		if _, err := time.Parse(time.DateOnly, string(*closesOn)); err != nil {
			return nil, governance.Invalid("closesOn", "date-malformed", "A date looks like 2026-03-31.")
		}
	}
	readiness := &OpeningReadiness{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.editionSubject(ctx, actor, e)
		if err != nil {
			return err
		}
		if closesOn != nil {
			s = s.with(map[governance.Need]unmet{governance.NeedMinimumDays: func(ctx context.Context) (*governance.Error, error) {
				return q.unmetLastDay(ctx, e, step, *closesOn)
			}})
		}
		if readiness.Missing, err = s.missing(ctx, step); err != nil {
			return err
		}
		if !slices.Contains(s.relations, governance.RelationCouncil) && !slices.Contains(s.relations, governance.RelationWorkingGroup) {
			readiness.Missing = withoutIDs(readiness.Missing)
		}
		readiness.Earliest, err = q.earliestLastDay(ctx, e, step)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look what is missing to %s: %w", step, err)
	}
	return readiness, nil
}

// withoutIDs leaves out which comments are not dealt with: who sees the text need not see what was said about its draft.
func withoutIDs(missing []*governance.Error) []*governance.Error {
	shown := make([]*governance.Error, len(missing))
	for i, refusal := range missing {
		copied := *refusal
		copied.Params = maps.Clone(refusal.Params)
		delete(copied.Params, "ids")
		shown[i] = &copied
	}
	return shown
}

// missing asks for everything that stands in the way of a step, leaving aside who takes it.
func (s subject) missing(ctx context.Context, step governance.Step) ([]*governance.Error, error) {
	facts, failed := s.facts(), error(nil)
	facts.Unmet = func(need governance.Need) *governance.Error {
		look := s.needs[need]
		if look == nil || failed != nil {
			return nil
		}
		var refusal *governance.Error
		refusal, failed = look(ctx)
		return refusal
	}
	missing := governance.Missing(step, facts)
	return missing, failed
}

// charterToOpen is the charter under which a ballot or a consultation would open now; nil where there is none.
func (q *Query) charterToOpen(ctx context.Context, e *Edition, step governance.Step) (*Charter, error) {
	if step == governance.OpenConsultation {
		return q.charterToConsult(ctx, e)
	}
	return q.charterOf(ctx, e)
}

// unmetLastDay refuses a last day before the charter's minimum.
func (q *Query) unmetLastDay(ctx context.Context, e *Edition, step governance.Step, closesOn governance.Date) (*governance.Error, error) {
	if step == governance.OpenConsultation {
		return q.unmetConsultationDays(ctx, e, closesOn)
	}
	charter, err := q.charterOf(ctx, e)
	if err != nil {
		return nil, err
	}
	return q.unmetBallotDays(charter, closesOn)
}

// earliestLastDay is the first day that the charter lets a ballot or a consultation end on.
func (q *Query) earliestLastDay(ctx context.Context, e *Edition, step governance.Step) (*governance.Date, error) {
	charter, err := q.charterToOpen(ctx, e, step)
	if err != nil || charter == nil {
		return nil, err
	}
	days := charter.Body.BallotDays
	if step == governance.OpenConsultation {
		days = charter.Body.ConsultationDays
	}
	earliest, err := charter.Body.Calendar.AddDays(q.now, days)
	if err != nil {
		return nil, fmt.Errorf("find the earliest deadline: %w", errStored{err})
	}
	day, err := charter.Body.Calendar.LastDay(earliest)
	if err != nil {
		return nil, fmt.Errorf("find the earliest day: %w", errStored{err})
	}
	return &day, nil
}
