package store

import (
	"context"
	"fmt"
	"sync"

	"concordat/governance"
)

// frozenElectors reads a ballot's electorate as its record has it, sorted by organization.
func (q *Query) frozenElectors(ctx context.Context, b *Ballot) ([]governance.Elector, error) {
	rows, err := collect(ctx, q, scanElector, `
		SELECT `+electorColumns+`
		FROM electors e
		WHERE e.ballot_id = $1
		ORDER BY e.organization_id`, b.ID)
	if err != nil {
		return nil, fmt.Errorf("read the electorate: %w", err)
	}
	electors := make([]governance.Elector, len(rows))
	for i, e := range rows {
		weight, err := governance.ParseRatio(e.Weight)
		if err != nil {
			return nil, fmt.Errorf("read the weight of %s: %w", e.Organization.ID, errStored{err})
		}
		electors[i] = governance.Elector{Organization: e.Organization.ID, Chamber: e.Chamber, Groups: e.Groups, Weight: weight}
	}
	return electors, nil
}

// alike reads how many electors of each chamber, groups and weight take which position now: all that a count hangs on.
// The positions are read each time; the electorate is frozen and kept.
func (q *Query) alike(ctx context.Context, b *Ballot) ([]governance.Alike, error) {
	c, err := q.memory.crowds.of(b.ID, func() (*crowd, error) {
		electors, err := q.frozenElectors(ctx, b)
		return newCrowd(electors), err
	})
	if err != nil {
		return nil, err
	}
	counts := make([]map[governance.Position]int, len(c.kinds))
	for kind, number := range c.numbers {
		counts[kind] = map[governance.Position]int{"": number}
	}
	err = q.query(ctx, func(row scanner) error {
		var organization governance.OrganizationID
		var position governance.Position
		if err := row.Scan(&organization, &position); err != nil {
			return err
		}
		of := counts[c.kindOf[organization]]
		of[position]++
		of[""]--
		return nil
	}, `SELECT organization_id, position FROM positions WHERE ballot_id = $1 AND is_latest = 1`, b.ID)
	if err != nil {
		return nil, fmt.Errorf("read the votes: %w", err)
	}
	var alike []governance.Alike
	for kind, of := range counts {
		for position, number := range of {
			if number > 0 {
				alike = append(alike, governance.Alike{Elector: c.kinds[kind], Position: position, Number: number})
			}
		}
	}
	return alike, nil
}

// crowd is a frozen electorate by what a count can tell apart. Nobody may change it.
type crowd struct {
	kinds   []governance.Elector // one of each chamber, groups and weight, without its organization
	numbers []int                // how many there are of each kind
	kindOf  map[governance.OrganizationID]int
}

func newCrowd(electors []governance.Elector) *crowd {
	c := &crowd{kindOf: make(map[governance.OrganizationID]int, len(electors))}
	known := map[string]int{}
	for _, elector := range electors {
		organization := elector.Organization
		elector.Organization = ""
		name := fmt.Sprintf("%q %q %q", elector.Chamber, elector.Groups, elector.Weight.String())
		kind, there := known[name]
		if !there {
			kind = len(c.kinds)
			known[name] = kind
			c.kinds, c.numbers = append(c.kinds, elector), append(c.numbers, 0)
		}
		c.kindOf[organization] = kind
		c.numbers[kind]++
	}
	return c
}

// keptCrowds is how many electorates are kept: a thousand electors take about 100 KB.
const keptCrowds = 100

// crowds keeps the electorates of ballots whose tally is asked for while they are open. The zero value is ready.
type crowds struct {
	mu     sync.Mutex // guards values; held for a look and never while reading
	values map[governance.BallotID]*crowd
}

// of answers the electorate of a ballot, read where it is not kept.
func (c *crowds) of(id governance.BallotID, read func() (*crowd, error)) (*crowd, error) {
	c.mu.Lock()
	kept, known := c.values[id]
	c.mu.Unlock()
	if known {
		return kept, nil
	}
	value, err := read()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil || len(c.values) >= keptCrowds {
		c.values = make(map[governance.BallotID]*crowd)
	}
	c.values[id] = value
	return value, nil
}
