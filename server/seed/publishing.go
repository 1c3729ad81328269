package seed

import (
	"context"
	"time"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// askEndorsement lets the secretary ask the council itself to endorse.
func (e *edition) askEndorsement(at time.Time, council string) {
	e.add(at, "ask for the council's endorsement", func(ctx context.Context) (err error) {
		e.endorsement, err = e.t.db.RequestEndorsement(ctx, e.t.as(e.secretary), store.RequestEndorsementInput{
			Edition: e.id, Organization: e.t.organizations[council],
		})
		return err
	})
}

// endorse gives the endorsement that was asked for.
func (e *edition) endorse(at time.Time, by string) {
	e.add(at, by+" endorses", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		_, err = e.t.db.GiveEndorsement(ctx, e.t.as(by), store.GiveEndorsementInput{Statement: e.endorsement, Digest: now.HeadDigest})
		return err
	})
	e.inStage(at.Add(time.Minute), governance.StageEndorsed)
}

// What follows approval.

func (t *tale) publishCommissioning(first, second *edition) {}

func (t *tale) endorseRefrigerant(e *edition) {
	e.askEndorsement(t.when(25, time.Monday, 9.40), demo.HeatCouncil)
	e.endorse(t.when(26, time.Tuesday, 16.10), "council-rep")
}

func (t *tale) endorseAirtight(e *edition) {
	e.askEndorsement(t.when(28, time.Monday, 10.20), demo.HeatCouncil)
}

func (t *tale) publishMedication(e *edition) {
	e.askEndorsement(t.when(14, time.Monday, 11.05), demo.CareCouncil)
	e.endorse(t.when(14, time.Thursday, 9.30), "care-council-rep")
}
