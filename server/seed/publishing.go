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

// makeOffer makes the offer of a provider, whose publisher acts.
func (e *edition) makeOffer(at time.Time, by string, facts governance.OfferFacts) {
	e.add(at, by+" makes an offer", func(ctx context.Context) error {
		_, err := e.t.db.MakeOffer(ctx, e.t.as(by), store.MakeOfferInput{Edition: e.id, Facts: facts})
		return err
	})
}

// publication is what a publisher says with an edition.
type publication struct {
	by         string // persona
	validFrom  governance.Date
	enrolUntil governance.Date
	awardUntil governance.Date
}

// publish makes the endorsed text public.
func (e *edition) publish(at time.Time, p publication) {
	e.add(at, p.by+" publishes", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		_, err = e.t.db.PublishEdition(ctx, e.t.as(p.by), store.PublishEditionInput{
			Edition: e.id, Digest: now.HeadDigest, ValidFrom: p.validFrom, EnrolUntil: p.enrolUntil, AwardUntil: p.awardUntil,
		})
		return err
	})
	e.inStage(at.Add(time.Minute), governance.StagePublished)
}

// publishFirst publishes the first edition on commissioning, with the offers of two providers.
func (t *tale) publishFirst(e *edition) {
	e.askEndorsement(t.when(12, time.Monday, 9.40), demo.HeatCouncil)
	e.endorse(t.when(12, time.Thursday, 14.30), "council-rep")
	e.makeOffer(t.when(12, time.Friday, 10.20), "koledza-publisher", t.collegeOffer(16, 12))
	e.publish(t.when(13, time.Tuesday, 11.00), publication{
		by: "koledza-publisher", validFrom: t.day(13, time.Wednesday), enrolUntil: t.day(60, time.Friday), awardUntil: t.day(90, time.Friday),
	})
	e.makeOffer(t.when(13, time.Friday, 15.10), "hanse-publisher", t.academyOffer(17, 12))
}

// publishSecond publishes the edition that replaces it.
func (t *tale) publishSecond(e *edition) {
	e.askEndorsement(t.when(22, time.Monday, 9.10), demo.HeatCouncil)
	e.endorse(t.when(23, time.Tuesday, 13.45), "council-rep")
	e.makeOffer(t.when(23, time.Wednesday, 9.30), "koledza-publisher", t.collegeOffer(36, 10))
	e.publish(t.when(23, time.Thursday, 11.00), publication{by: "koledza-publisher", validFrom: t.day(24, time.Monday)})
	e.makeOffer(t.when(24, time.Tuesday, 16.05), "hanse-publisher", t.academyOffer(38, 10))
}

// endorseRefrigerant leaves the text endorsed, with an offer that is not published yet.
func (t *tale) endorseRefrigerant(e *edition) {
	e.askEndorsement(t.when(25, time.Monday, 9.40), demo.HeatCouncil)
	e.endorse(t.when(26, time.Tuesday, 16.10), "council-rep")
	e.makeOffer(t.when(28, time.Wednesday, 10.50), "hanse-publisher", t.safetyOffer())
}

// endorseAirtight leaves the text approved: the council is asked, and of the two who name the publisher one has.
func (t *tale) endorseAirtight(e *edition) {
	e.askEndorsement(t.when(28, time.Monday, 10.20), demo.HeatCouncil)
	e.add(t.when(28, time.Tuesday, 9.05), "the lead names the publisher", func(ctx context.Context) error {
		_, err := t.db.NamePublisher(ctx, t.as(e.author), store.NamePublisherInput{Edition: e.id, Organization: t.organizations["daugava-koledza"]})
		return err
	})
}

// publishMedication publishes the care council's first text.
func (t *tale) publishMedication(e *edition) {
	e.askEndorsement(t.when(14, time.Monday, 11.05), demo.CareCouncil)
	e.endorse(t.when(14, time.Thursday, 9.30), "care-council-rep")
	e.makeOffer(t.when(15, time.Tuesday, 14.20), "hanse-publisher", t.careOffer())
	e.publish(t.when(16, time.Monday, 10.00), publication{by: "hanse-publisher", validFrom: t.day(16, time.Tuesday)})
}
