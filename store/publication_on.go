package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"concordat/governance"
)

// PublicationStanding is what stood of a publication at an instant, found from rows with dates and not from how things stand
// now.
type PublicationStanding struct {
	At         time.Time
	State      *governance.PublicationState // none: it was not published yet
	Reason     string
	Decision   string
	Since      *time.Time // it stood so
	Lapsed     bool
	Statements []*Statement // that stood, about the text or about an offer as it was
	Offers     []*Offer     // that stood, in the version of that moment, the one it was published with first
	Claims     []*Claim
}

// dayMoment is the last moment of a day for councils of one zone.
type dayMoment struct {
	councils []governance.OrganizationID
	at       time.Time
}

// PublicationOn reads the publication of an exact text as Publication does, for what stood at the end of a day: its Standing
// tells. An empty day is now. NOT_FOUND where nothing was published by then; INVALID for what is no day.
func (db *DB) PublicationOn(ctx context.Context, digest governance.Digest, on governance.Date) (*Publication, error) {
	p, err := db.Publication(ctx, digest)
	if err != nil || on == "" {
		return p, err
	}
	p.on = on
	standing, err := db.StandingOf(ctx, p)
	if err != nil {
		return nil, err
	}
	if standing.State == nil {
		return nil, governance.NotFound("publication", string(digest))
	}
	return p, nil
}

// On is the publication as somebody asks for it who wants to know what stood at the end of a day.
func (p *Publication) On(day governance.Date) *Publication {
	asked := *p
	asked.on = day
	return &asked
}

// StandingOf tells what stands of a publication, or stood at the end of the day that was asked for, in its council's zone; a
// day that is not over yet means now. Errors: INVALID for what is no day.
func (db *DB) StandingOf(ctx context.Context, p *Publication) (*PublicationStanding, error) {
	var s *PublicationStanding
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		e, err := q.edition(ctx, p.EditionID)
		if err != nil {
			return err
		}
		moments, err := q.momentsOn(ctx, p.on)
		if err != nil {
			return err
		}
		instant := q.now
		for _, m := range moments {
			if slices.Contains(m.councils, e.CouncilID) {
				instant = m.at
			}
		}
		s, err = q.standingAt(ctx, e, p, instant)
		return err
	})
	return s, err
}

// standingAt finds what stood at an instant: one statement for each kind of row.
func (q *Query) standingAt(ctx context.Context, e *Edition, p *Publication, instant time.Time) (*PublicationStanding, error) {
	s := &PublicationStanding{At: instant}
	stages, err := q.stagesOf(ctx, p.EditionID)
	if err != nil {
		return nil, err
	}
	for _, period := range stages {
		if period.From.After(instant) || !slices.Contains(publishedStages, period.Stage) {
			continue
		}
		state := governance.PublicationState(period.Stage)
		s.State, s.Reason, s.Decision, s.Since = &state, period.Reason, period.Decision, &period.From
	}
	if s.State == nil {
		return s, nil
	}
	s.Lapsed, err = q.exists(ctx, `SELECT 1 FROM publication_lapses l WHERE l.publication_id = $1 AND `+lapsedAt("l", 2), p.ID, instant)
	if err != nil {
		return nil, fmt.Errorf("look whether publication %s had lapsed: %w", p.ID, err)
	}
	if s.Offers, err = q.offersAt(ctx, p, instant); err != nil {
		return nil, err
	}
	statements, err := q.statementsOf(ctx, p.EditionID)
	if err != nil {
		return nil, err
	}
	s.Statements = aboutThese(p, s.Offers, Standing(statements, instant))
	document, err := q.document(ctx, e.HeadID, e.HeadDigest)
	if err != nil {
		return nil, err
	}
	s.Claims = claimsOf(document, p.Digest, s.Offers, s.Statements)
	return s, nil
}

// publishedStages are those of an edition that has a publication; they are its states.
var publishedStages = []governance.Stage{
	governance.StagePublished, governance.StageSuperseded, governance.StageSuspended, governance.StageWithdrawn,
}

// lapsedAt says of a row of publication_lapses that it covers the instant of a parameter.
func lapsedAt(row string, parameter int) string {
	return fmt.Sprintf(`%[1]s.lapsed_at <= $%[2]d AND (%[1]s.healed_at IS NULL OR %[1]s.healed_at > $%[2]d)`, row, parameter)
}

// aboutThese keeps the statements about the text that was published, and about offers as they were.
func aboutThese(p *Publication, offers []*Offer, statements []*Statement) []*Statement {
	digests := map[governance.OfferID]governance.Digest{"": p.Digest}
	for _, o := range offers {
		digests[o.ID] = o.Digest
	}
	return slices.DeleteFunc(statements, func(s *Statement) bool { return digests[s.OfferID] != s.Digest })
}

// offersAt reads the offers of a published edition that stood at an instant, each in the version of then, the one that it was
// published with first.
func (q *Query) offersAt(ctx context.Context, p *Publication, instant time.Time) ([]*Offer, error) {
	offers, err := collect(ctx, q, scanOffer, `
		SELECT
			o.id,
			o.edition_id,
			o.organization_id,
			CASE WHEN o.ended_at IS NULL THEN o.state ELSE 'CURRENT' END,
			v.number,
			v.facts,
			v.digest,
			o.created_at,
			NULL,
			''
		FROM offers o
		JOIN offer_versions v ON v.offer_id = o.id AND v.number = (
			SELECT MAX(w.number)
			FROM offer_versions w
			WHERE w.offer_id = o.id AND w.created_at <= $2
		)
		WHERE o.edition_id = $1 AND (o.ended_at IS NULL OR o.ended_at > $2)
		ORDER BY CASE o.id WHEN $3 THEN 0 ELSE 1 END, o.created_at, o.id`, p.EditionID, instant, p.OfferID)
	if err != nil {
		return nil, fmt.Errorf("read the offers of edition %s: %w", p.EditionID, err)
	}
	organizations := make([]*Organization, len(offers))
	for i, o := range offers {
		organizations[i] = o.Organization
	}
	return offers, q.fillOrganizations(ctx, organizations...)
}

// momentsOn answers the last moment of a day for every council; none where no day is asked for, or where it is not over
// anywhere: then the answer is of now. INVALID for what is no day.
func (q *Query) momentsOn(ctx context.Context, day governance.Date) ([]dayMoment, error) {
	if day == "" {
		return nil, nil
	}
	if !day.Valid() {
		return nil, governance.Invalid("validOn", "date-malformed", "A date looks like 2026-03-31.")
	}
	type council struct {
		id   governance.OrganizationID
		zone string
	}
	councils, err := collect(ctx, q, func(row scanner) (council, error) {
		var c council
		return c, row.Scan(&c.id, &c.zone)
	}, `SELECT id, zone FROM councils ORDER BY zone, id`)
	if err != nil {
		return nil, fmt.Errorf("read the councils' zones: %w", err)
	}
	var moments []dayMoment
	zone := ""
	for _, c := range councils {
		if len(moments) == 0 || c.zone != zone {
			over, err := governance.Calendar{Zone: c.zone}.EndOf(day)
			if err != nil {
				return nil, fmt.Errorf("find the end of %s in %s: %w", day, c.zone, errStored{err})
			}
			last := over.Add(-time.Microsecond)
			if last.After(q.now) {
				last = q.now
			}
			moments, zone = append(moments, dayMoment{at: last}), c.zone
		}
		m := &moments[len(moments)-1]
		m.councils = append(m.councils, c.id)
	}
	return moments, nil
}

// standing is what the filter says of the state, as a condition on the rows "p" of publications and "s" of specifications.
func (f registerSearch) standing(args []any) (string, []any) {
	if len(f.moments) == 0 {
		condition := `p.state = 'PUBLISHED'`
		if f.Lapsed != nil {
			condition += ` AND ` + whether(*f.Lapsed) + `EXISTS (
				SELECT 1 FROM publication_lapses l WHERE l.publication_id = p.id AND l.healed_at IS NULL)`
		}
		return condition, args
	}
	condition := ""
	for i, m := range f.moments {
		if i > 0 {
			condition += ` OR `
		}
		args = append(args, m.at)
		moment := len(args)
		condition += fmt.Sprintf(`(SELECT k.council_id FROM specifications k WHERE k.id = p.specification_id) IN (%s)
			AND p.published_at <= $%d AND (
				SELECT x.stage FROM edition_stages x WHERE x.edition_id = p.edition_id AND x.entered_at <= $%d ORDER BY x.number DESC LIMIT 1
			) = 'PUBLISHED'`, placeholders(moment+1, len(m.councils)), moment, moment)
		for _, council := range m.councils {
			args = append(args, council)
		}
		if f.Lapsed != nil {
			condition += ` AND ` + whether(*f.Lapsed) + `EXISTS (
				SELECT 1 FROM publication_lapses l WHERE l.publication_id = p.id AND ` + lapsedAt("l", moment) + `)`
		}
	}
	return `(` + condition + `)`, args
}

func whether(holds bool) string {
	if holds {
		return ""
	}
	return "NOT "
}
