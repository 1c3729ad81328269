package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concordat/governance"
)

// candidate is an organization on the roll with what decides about its place in an electorate.
type candidate struct {
	governance.Elector
	controller governance.OrganizationID // empty: nobody
}

// electorate answers who would vote if a ballot opened now: the organizations that are on the council's roll and were on
// it at the charter's cut-off, whose chamber a condition names (all, where a condition names none), a group under one control once,
// suspended ones not at all; with final weights, sorted by id. Of a group it is the organization that has been on the
// roll for longest.
func (q *Query) electorate(ctx context.Context, council governance.OrganizationID, charter governance.Charter) ([]governance.Elector, error) {
	cutOff, err := cutOffOf(charter, q.now)
	if err != nil {
		return nil, err
	}
	candidates, err := collect(ctx, q, scanCandidate, `
		SELECT
			r.organization_id,
			r.chamber,
			r.weight,
			o.country,
			o.size,
			o.controlled_by
		FROM roll_entries r
		JOIN organizations o ON o.id = r.organization_id
		WHERE r.council_id = $1 AND r.state = 'ACTIVE' AND r.from_at <= $2 AND (r.until_at IS NULL OR r.until_at > $3)
			AND o.suspended = 0
		ORDER BY r.from_at, r.organization_id`, council, cutOff, q.now)
	if err != nil {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	if named := charter.Rule.Chambers(); !charter.Rule.CountsEverybody() {
		candidates = slices.DeleteFunc(candidates, func(c candidate) bool { return !slices.Contains(named, c.Chamber) })
	}
	electors, err := q.oncePerGroup(ctx, candidates)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(electors, func(a, b governance.Elector) int {
		return strings.Compare(string(a.Organization), string(b.Organization))
	})
	return charter.Weights.Settle(electors), nil
}

// cutOffOf is the instant of the roll that counts for a ballot opened now: so many days before, by the council's clock.
func cutOffOf(charter governance.Charter, now time.Time) (time.Time, error) {
	zone, err := charter.Calendar.Location()
	if err != nil {
		return time.Time{}, errStored{err}
	}
	return now.In(zone).AddDate(0, 0, -charter.CutOffDays), nil
}

func scanCandidate(row scanner) (candidate, error) {
	var c candidate
	var weight, country, size string
	err := row.Scan(&c.Organization, &c.Chamber, &weight, &country, &size, orEmpty(&c.controller))
	if err != nil {
		return c, err
	}
	c.Groups = []string{country}
	if size != "" {
		c.Groups = append(c.Groups, size)
	}
	if c.Weight, err = governance.ParseRatio(weight); err != nil {
		return c, fmt.Errorf("read the weight of %s: %w", c.Organization, errStored{err})
	}
	return c, nil
}

// oncePerGroup keeps the first candidate of each group under one control.
func (q *Query) oncePerGroup(ctx context.Context, candidates []candidate) ([]governance.Elector, error) {
	controllers, err := q.controllersAbove(ctx, candidates)
	if err != nil {
		return nil, err
	}
	taken := make(map[governance.OrganizationID]bool, len(candidates))
	electors := make([]governance.Elector, 0, len(candidates))
	for _, c := range candidates {
		group := groupOf(c.Organization, controllers)
		if !taken[group] {
			taken[group] = true
			electors = append(electors, c.Elector)
		}
	}
	return electors, nil
}

// controllersAbove reads who controls whom, from the candidates upwards, a level of control at a time.
func (q *Query) controllersAbove(ctx context.Context, candidates []candidate) (map[governance.OrganizationID]governance.OrganizationID, error) {
	controllers := make(map[governance.OrganizationID]governance.OrganizationID)
	for _, c := range candidates {
		controllers[c.Organization] = c.controller
	}
	for {
		var unread []governance.OrganizationID
		for _, controller := range controllers {
			if _, read := controllers[controller]; controller != "" && !read {
				unread = append(unread, controller)
			}
		}
		if len(unread) == 0 {
			return controllers, nil
		}
		slices.Sort(unread)
		for batch := range batches(slices.Compact(unread)) {
			err := q.query(ctx, func(row scanner) error {
				var id, controller governance.OrganizationID
				err := row.Scan(&id, orEmpty(&controller))
				controllers[id] = controller
				return err
			}, `SELECT id, controlled_by FROM organizations WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return nil, fmt.Errorf("read who controls whom: %w", err)
			}
		}
	}
}

// groupOf names the group of an organization: whoever stands at the top of the chain of control, or the smallest id of
// a circle that the chain ends in.
func groupOf(organization governance.OrganizationID, controllers map[governance.OrganizationID]governance.OrganizationID) governance.OrganizationID {
	chain := []governance.OrganizationID{organization}
	for {
		above := controllers[chain[len(chain)-1]]
		if above == "" {
			return chain[len(chain)-1]
		}
		if start := slices.Index(chain, above); start >= 0 {
			return slices.Min(chain[start:])
		}
		chain = append(chain, above)
	}
}

// unmetElectors refuses a ballot in which a chamber that a condition names would be empty, or nobody could vote at
// all. No charter is refused too.
func (q *Query) unmetElectors(ctx context.Context, council governance.OrganizationID, charter *Charter) (*governance.Error, error) {
	if charter == nil {
		return refuseWithoutCharter(), nil
	}
	electors, err := q.electorate(ctx, council, charter.Body)
	if err != nil {
		return nil, err
	}
	var empty []string
	for _, chamber := range charter.Body.Rule.Chambers() {
		if !slices.ContainsFunc(electors, func(elector governance.Elector) bool { return elector.Chamber == chamber }) {
			empty = append(empty, string(chamber))
		}
	}
	if len(empty) > 0 {
		return governance.Refuse(governance.CodeConflict, "chamber-empty",
			"The rule counts the chambers {chambers}, and nobody may vote in them.", "chambers", strings.Join(empty, ", ")), nil
	}
	if len(electors) == 0 {
		return governance.Refuse(governance.CodeConflict, "no-electors", "Nobody on the roll may vote."), nil
	}
	return nil, nil
}

// insertElectors freezes the electorate of a ballot, many rows a statement.
func (tx *Tx) insertElectors(ctx context.Context, ballot governance.BallotID, electors []governance.Elector) error {
	const columns = 6
	for part := range slices.Chunk(electors, 80) {
		args := make([]any, 0, columns*len(part))
		rows := make([]string, len(part))
		for i, elector := range part {
			groups, err := canonicalText(elector.Groups)
			if err != nil {
				return err
			}
			rows[i] = "(" + placeholders(1+columns*i, columns) + ")"
			args = append(args, ballot, elector.Organization, elector.Chamber, groups, elector.Weight.String(), tx.now)
		}
		_, err := tx.exec(ctx, `
			INSERT INTO electors (ballot_id, organization_id, chamber, groups, weight, announced_at)
			VALUES `+strings.Join(rows, ", "), args...)
		if err != nil {
			return fmt.Errorf("insert electors: %w", err)
		}
	}
	return nil
}
