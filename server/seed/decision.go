package seed

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/store"
)

// vote is one organization's position, so many hours after the ballot opened.
type vote struct {
	by       string // persona
	after    int    // hours
	position governance.Position
	comment  string
	reason   string // of an objection
	remedy   string // of an objection
}

// The positions, in short.
const (
	approve     = governance.PositionApprove
	noObjection = governance.PositionNoObjection
	objects     = governance.PositionObject
	abstain     = governance.PositionAbstain
	recuse      = governance.PositionRecuse
)

// vote opens a ballot on the head and lets organizations take their positions. The ballot closes by the charter: with
// the last elector's position, or by the clock.
func (e *edition) vote(at time.Time, closesOn governance.Date, votes ...vote) {
	var digest governance.Digest
	e.add(at, "open a ballot", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		digest = now.HeadDigest
		e.ballot, err = e.t.db.OpenBallot(ctx, e.t.as(e.secretary), store.OpenBallotInput{Edition: e.id, Digest: digest, ClosesOn: closesOn})
		return err
	})
	for _, v := range votes {
		e.add(at.Add(time.Duration(v.after)*time.Hour+17*time.Minute), v.by+" takes a position", func(ctx context.Context) error {
			_, err := e.t.db.TakePosition(ctx, e.t.as(v.by), store.TakePositionInput{
				Ballot: e.ballot, Digest: digest, Position: v.position, Comment: v.comment, Reason: v.reason, Remedy: v.remedy,
			})
			return err
		})
	}
}

// inStage holds the story against what has come of it.
func (e *edition) inStage(at time.Time, want governance.Stage) {
	e.add(at, "look at the stage", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		if now.Stage != want {
			return fmt.Errorf("the edition is %s and not %s", now.Stage, want)
		}
		return nil
	})
}
