package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Correction is a request of a council to take a ballot or an approval back, as it is read.
type Correction struct {
	ID         governance.CorrectionID
	Kind       governance.CorrectionKind
	BallotID   governance.BallotID
	Ground     string
	Reason     string
	State      governance.CorrectionState
	AskedBy    *Person
	AskedAt    time.Time
	AnsweredBy *Person // nil: nobody yet, or it lapsed
	AnsweredAt *time.Time
	Answer     string // why it was declined or withdrawn
}

const correctionColumns = `
	id,
	kind,
	ballot_id,
	ground,
	reason,
	state,
	asked_by,
	asked_at,
	answered_by,
	answered_at,
	answer`

// scanCorrection reads correctionColumns; the people carry their ids alone.
func scanCorrection(row scanner) (*Correction, error) {
	c := Correction{AskedBy: &Person{}, AnsweredBy: &Person{}}
	err := row.Scan(&c.ID, &c.Kind, &c.BallotID, &c.Ground, &c.Reason, &c.State, &c.AskedBy.ID, at(&c.AskedAt),
		orEmpty(&c.AnsweredBy.ID), atOrNil(&c.AnsweredAt), &c.Answer)
	if err != nil {
		return nil, err
	}
	if c.AnsweredBy.ID == "" {
		c.AnsweredBy = nil
	}
	return &c, nil
}

// BallotCorrections reads what was asked to take back of a ballot that the actor was shown, the newest first: to the
// council all of it, to everybody else what two persons took back.
func (db *DB) BallotCorrections(ctx context.Context, actor governance.Actor, b *Ballot) ([]*Correction, error) {
	return db.corrections(ctx, actor, b.CouncilID, `ballot_id = $1`, string(b.ID))
}

// EditionCorrections is BallotCorrections for all ballots of an edition that the actor was shown.
func (db *DB) EditionCorrections(ctx context.Context, actor governance.Actor, e *Edition) ([]*Correction, error) {
	return db.corrections(ctx, actor, e.CouncilID, `edition_id = $1`, string(e.ID))
}

func (db *DB) corrections(
	ctx context.Context, actor governance.Actor, council governance.OrganizationID, where, id string,
) (corrections []*Correction, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		corrections, err = collect(ctx, q, scanCorrection, `
			SELECT `+correctionColumns+`
			FROM corrections
			WHERE `+where+` AND (state = 'CONFIRMED' OR CAST($2 AS BIGINT) = 1)
			ORDER BY asked_at DESC, id DESC`, id, s.organization == council)
		if err != nil {
			return err
		}
		people := make([]*Person, 0, 2*len(corrections))
		for _, c := range corrections {
			people = append(people, c.AskedBy, c.AnsweredBy)
		}
		return q.fillPersons(ctx, s, people...)
	})
	if err != nil {
		return nil, fmt.Errorf("read the corrections of %s: %w", id, err)
	}
	return corrections, nil
}

// correctionOf reads the newest request of a kind on a ballot; nil where there was none.
func (q *Query) correctionOf(ctx context.Context, b *Ballot, kind governance.CorrectionKind) (*Correction, error) {
	found, err := collect(ctx, q, scanCorrection, `
		SELECT `+correctionColumns+`
		FROM corrections
		WHERE ballot_id = $1 AND kind = $2
		ORDER BY asked_at DESC, id DESC
		LIMIT 1`, b.ID, kind)
	if err != nil {
		return nil, fmt.Errorf("read the %s of ballot %s: %w", kind, b.ID, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// correctionNeeds looks at the conditions that follow from what is to be taken back: ballot answers the ballot, nil where
// there is none.
func (q *Query) correctionNeeds(
	s standing, kind governance.CorrectionKind, ballot func(context.Context) (*Ballot, error),
) map[governance.Need]unmet {
	look := func(unmet func(context.Context, *Ballot) (*governance.Error, error)) unmet {
		return func(ctx context.Context) (*governance.Error, error) {
			b, err := ballot(ctx)
			if err != nil {
				return nil, err
			}
			if b == nil {
				return governance.Refuse(governance.CodeConflict, "no-ballot", "There is no ballot to take back."), nil
			}
			return unmet(ctx, b)
		}
	}
	onRequest := func(unmet func(*Correction) *governance.Error) unmet {
		return look(func(ctx context.Context, b *Ballot) (*governance.Error, error) {
			c, err := q.correctionOf(ctx, b, kind)
			if err != nil {
				return nil, err
			}
			return unmet(c), nil
		})
	}
	return map[governance.Need]unmet{
		governance.NeedCorrectable: look(func(ctx context.Context, b *Ballot) (*governance.Error, error) {
			return q.unmetCorrectable(ctx, b, kind)
		}),
		governance.NeedCorrectionUnasked: onRequest(unmetCorrectionUnasked),
		governance.NeedCorrectionAsked:   onRequest(unmetCorrectionAsked),
		governance.NeedSecondPerson: onRequest(func(c *Correction) *governance.Error {
			return unmetSecondPerson(s.actor, c.AskedBy.ID)
		}),
	}
}

// unmetCorrectable refuses what the charter of the ballot does not let be taken back, or not any more. A ballot past its
// deadline is counted first.
func (q *Query) unmetCorrectable(ctx context.Context, b *Ballot, kind governance.CorrectionKind) (*governance.Error, error) {
	since := b.OpenedAt
	if b.State == governance.BallotIsClosed {
		since = *b.ClosedAt
	} else if refusal := q.unmetBallotOpen(b); refusal != nil {
		return refusal, nil
	}
	charter, err := q.charter(ctx, b.CharterID)
	if err != nil {
		return nil, err
	}
	return charter.Body.Corrects(kind).Refuses(since, q.now), nil
}

// unmetCorrectionUnasked refuses a second request while one waits.
func unmetCorrectionUnasked(c *Correction) *governance.Error {
	if c == nil || c.State != governance.CorrectionIsAsked {
		return nil
	}
	return governance.Refuse(governance.CodeConflict, "correction-asked",
		"This was asked already, on the ground {ground}, and waits for its second person.", "ground", c.Ground)
}

// unmetCorrectionAsked refuses to answer what nobody asked, and what lapsed when its ballot closed.
func unmetCorrectionAsked(c *Correction) *governance.Error {
	switch {
	case c == nil:
		return governance.Refuse(governance.CodeConflict, "correction-unasked", "Nobody asked for this.")
	case c.State == governance.CorrectionIsAsked:
		return nil
	case c.State == governance.CorrectionIsLapsed:
		return governance.Refuse(governance.CodeConflict, "correction-lapsed", "The request lapsed when the ballot closed.")
	}
	return governance.Refuse(governance.CodeConflict, "correction-unasked", "The request is {state}; nobody asked anew.",
		"state", string(c.State))
}

// correctionRequest is what a secretary asks to take back.
type correctionRequest struct {
	kind   governance.CorrectionKind
	ground string
	reason string
}

// askCorrection writes the request, on a ground that the charter lists.
func (tx *Tx) askCorrection(ctx context.Context, b *Ballot, r correctionRequest) error {
	charter, err := tx.charter(ctx, b.CharterID)
	if err != nil {
		return err
	}
	if refusal := charter.Body.Corrects(r.kind).CheckGround("input.ground", r.ground); refusal != nil {
		return refusal
	}
	_, err = tx.exec(ctx, `
		INSERT INTO corrections (id, kind, ballot_id, edition_id, ground, reason, state, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'ASKED', $7, $8)`,
		tx.newID(), r.kind, b.ID, orNull(b.EditionID), r.ground, r.reason, tx.actor.Person, tx.now)
	if err != nil {
		return fmt.Errorf("ask for the %s of ballot %s: %w", r.kind, b.ID, err)
	}
	return nil
}

// answerCorrection ends the request that waits and answers it.
func (tx *Tx) answerCorrection(
	ctx context.Context, b *Ballot, kind governance.CorrectionKind, state governance.CorrectionState, answer string,
) (*Correction, error) {
	c, err := tx.correctionOf(ctx, b, kind)
	if err != nil {
		return nil, err
	}
	changed, err := tx.exec(ctx, `
		UPDATE corrections
		SET state = $2, answered_by = $3, answered_at = $4, answer = $5
		WHERE id = $1 AND state = 'ASKED'`, c.ID, state, tx.actor.Person, tx.now, answer)
	if err != nil {
		return nil, fmt.Errorf("answer the %s of ballot %s: %w", kind, b.ID, err)
	}
	if changed == 0 {
		return nil, fmt.Errorf("answer the %s of ballot %s: it is not asked under its own lock", kind, b.ID)
	}
	return c, nil
}

// declineCorrection ends the request that waits without taking anything back: its own person withdraws it, another one
// declines. It answers which.
func (tx *Tx) declineCorrection(ctx context.Context, b *Ballot, kind governance.CorrectionKind, reason string) (governance.CorrectionState, error) {
	c, err := tx.correctionOf(ctx, b, kind)
	if err != nil {
		return "", err
	}
	state := governance.CorrectionIsDeclined
	if c.AskedBy.ID == tx.actor.Person {
		state = governance.CorrectionIsWithdrawn
	}
	_, err = tx.answerCorrection(ctx, b, kind, state, reason)
	return state, err
}

// lapseCorrections lets what was asked of a ballot lapse with its close.
func (tx *Tx) lapseCorrections(ctx context.Context, b *Ballot) error {
	_, err := tx.exec(ctx, `
		UPDATE corrections
		SET state = 'LAPSED', answered_at = $2
		WHERE ballot_id = $1 AND state = 'ASKED'`, b.ID, tx.now)
	if err != nil {
		return fmt.Errorf("let what was asked of ballot %s lapse: %w", b.ID, err)
	}
	return nil
}
