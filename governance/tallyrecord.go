package governance

import (
	"fmt"
	"math/big"
)

// TallySchema names the form of a tally record.
const TallySchema = "concordat/tally/1"

// MaxTallyBytes is the most that ParseTallyRecord reads.
const MaxTallyBytes = 32 << 20

// Bounds of a tally record.
const (
	maxElectors        = 100_000
	maxGroups          = 50   // of one elector
	maxChambers        = 100  // of one condition or charter
	maxDenominatorBits = 4096 // of the weights' common denominator
)

// TallyRecord is everything that decides a ballot, as public data: anybody can count it again. The weights are final.
type TallyRecord struct {
	Schema   string    `json:"schema,omitempty"` // TallySchema, or absent
	Rule     Rule      `json:"rule"`
	Electors []Elector `json:"electors"`
	Votes    []Vote    `json:"votes"`
}

// Elector is an organization with a place in a ballot.
type Elector struct {
	Organization OrganizationID `json:"organization"`
	Chamber      Chamber        `json:"chamber"` // any name: "UNION", "P-member"
	Groups       []string       `json:"groups,omitempty"`
	Weight       Ratio          `json:"weight,omitzero"` // absent: 1
}

// weight answers the elector's weight as a number.
func (e Elector) weight() *big.Rat {
	if e.Weight.IsZero() {
		return big.NewRat(1, 1)
	}
	return e.Weight.Rat()
}

// Vote is the position that an elector took last.
type Vote struct {
	Organization OrganizationID `json:"organization"`
	Position     Position       `json:"position"`
}

// ParseTallyRecord reads a record strictly and validates it. Errors are INVALID and name the place; nothing is skipped:
// a vote of a stranger, two votes or two entries of one organization, an unknown field or position, a negative weight
// and everything that ParseRule refuses are errors.
func ParseTallyRecord(data []byte) (TallyRecord, error) {
	v, err := readJSON(data, MaxTallyBytes)
	if err != nil {
		return TallyRecord{}, err
	}
	reader := &jsonReader{}
	record := readTallyRecord(reader, v)
	if reader.err != nil {
		return TallyRecord{}, reader.err
	}
	err = record.Validate()
	if err != nil {
		return TallyRecord{}, err
	}
	return record, nil
}

// UnmarshalJSON is ParseTallyRecord.
func (t *TallyRecord) UnmarshalJSON(data []byte) error {
	record, err := ParseTallyRecord(data)
	if err != nil {
		return err
	}
	*t = record
	return nil
}

func readTallyRecord(r *jsonReader, v *jsonValue) TallyRecord {
	m := r.object(v, "schema", "rule", "electors", "votes")
	r.must(v, "rule", "electors", "votes")
	return TallyRecord{
		Schema:   r.string(m["schema"]),
		Rule:     readRule(r, m["rule"]),
		Electors: each(r, r.list(m["electors"], maxElectors), func(item *jsonValue) Elector { return readElector(r, item) }),
		Votes:    each(r, r.list(m["votes"], maxElectors), func(item *jsonValue) Vote { return readVote(r, item) }),
	}
}

func readElector(r *jsonReader, v *jsonValue) Elector {
	m := r.object(v, "organization", "chamber", "groups", "weight")
	r.must(v, "organization", "chamber")
	return Elector{
		Organization: OrganizationID(r.string(m["organization"])),
		Chamber:      Chamber(r.string(m["chamber"])),
		Groups:       each(r, r.list(m["groups"], maxGroups), r.string),
		Weight:       r.ratio(m["weight"]),
	}
}

func readVote(r *jsonReader, v *jsonValue) Vote {
	m := r.object(v, "organization", "position")
	r.must(v, "organization", "position")
	return Vote{Organization: OrganizationID(r.string(m["organization"])), Position: Position(r.string(m["position"]))}
}

// Validate says what makes the record impossible to count. Errors are INVALID and name the place.
func (t TallyRecord) Validate() error {
	if t.Schema != "" && t.Schema != TallySchema {
		return Invalid("/schema", "tally-unknown-schema", "The schema {schema} is not known; this program reads {known}.",
			"schema", shown(t.Schema), "known", TallySchema)
	}
	err := t.Rule.validateAt("/rule/conditions")
	if err != nil {
		return err
	}
	entries, err := t.validateElectors()
	if err != nil {
		return err
	}
	voted := make(map[OrganizationID]bool, len(t.Votes))
	for i, vote := range t.Votes {
		path := fmt.Sprintf("/votes/%d", i)
		organization := shown(string(vote.Organization))
		_, isElector := entries[vote.Organization]
		switch {
		case !isElector:
			return Invalid(path+"/organization", "tally-stranger", "{organization} voted and is no elector.", "organization", organization)
		case voted[vote.Organization]:
			return Invalid(path+"/organization", "tally-two-votes", "{organization} has two votes.", "organization", organization)
		case !vote.Position.Valid():
			return Invalid(path+"/position", "unknown-position", "There is no position {position}.", "position", shown(string(vote.Position)))
		}
		voted[vote.Organization] = true
	}
	return nil
}

// validateElectors answers the place of each elector.
func (t TallyRecord) validateElectors() (map[OrganizationID]int, error) {
	entries := make(map[OrganizationID]int, len(t.Electors))
	for i, elector := range t.Electors {
		path := fmt.Sprintf("/electors/%d", i)
		_, doubled := entries[elector.Organization]
		switch {
		case elector.Organization == "":
			return nil, Invalid(path+"/organization", "tally-no-organization", "An elector has an organization.")
		case doubled:
			return nil, Invalid(path+"/organization", "tally-two-entries", "{organization} has two entries.",
				"organization", shown(string(elector.Organization)))
		case elector.Chamber == "":
			return nil, Invalid(path+"/chamber", "tally-no-chamber", "An elector has a chamber.")
		case elector.weight().Sign() < 0:
			return nil, Invalid(path+"/weight", "tally-negative-weight", "The weight {weight} is negative.", "weight", elector.Weight.text)
		}
		entries[elector.Organization] = i
	}
	return entries, nil
}

// commonUnit answers the smallest number by which every weight becomes an integer. Its size is bounded: a thousand
// weights with a thousand long denominators would keep a machine busy for minutes.
func commonUnit(electors []Alike) (*big.Int, error) {
	unit := big.NewInt(1)
	rest, common := new(big.Int), new(big.Int)
	for i, elector := range electors {
		if elector.Weight.IsZero() || elector.Weight.number {
			continue
		}
		denominator := elector.weight().Denom()
		if rest.Rem(unit, denominator).Sign() == 0 {
			continue
		}
		common.GCD(nil, nil, unit, denominator)
		unit.Mul(unit, rest.Div(denominator, common))
		if unit.BitLen() > maxDenominatorBits {
			return nil, Invalid(fmt.Sprintf("/electors/%d/weight", i), "tally-weights-too-fine",
				"The weights have no common denominator of at most {limit} bits.", "limit", itoa(maxDenominatorBits))
		}
	}
	return unit, nil
}
