package governance

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzTally holds of any bytes: no panic; what is read can be written and read again; what is counted comes out the
// same whatever the order of electors and votes.
func FuzzTally(f *testing.F) {
	f.Add([]byte(plainRecord), uint64(1))
	f.Add([]byte(nestedRule(3)), uint64(2))
	for i, preset := range Presets {
		record := recordOf(preset.Rule, cast{ChamberEmployer, PositionApprove, 2}, cast{ChamberUnion, PositionObject, 1},
			cast{ChamberProvider, PositionRecuse, 1}, cast{"P-member", PositionAbstain, 2}, cast{ChamberLearnerBody, "", 1})
		record.Electors[0].Weight = NewRatio(2, 3)
		record.Electors[1].Groups = []string{"LT", "EU"}
		data, err := json.Marshal(record)
		require.NoError(f, err)
		f.Add(data, uint64(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		record, err := ParseTallyRecord(data)
		if err != nil {
			assert.Equal(t, CodeInvalid, CodeOf(err), "%v", err)
			return
		}
		written, err := json.Marshal(record)
		require.NoError(t, err)
		again, err := ParseTallyRecord(written)
		require.NoError(t, err, string(written))
		rewritten, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(written), string(rewritten))

		want, err := Tally(record)
		if err != nil {
			assert.Equal(t, CodeInvalid, CodeOf(err), "%v", err)
			return
		}
		got, err := Tally(shuffled(again, seed))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// shuffled answers the record in another order.
func shuffled(record TallyRecord, seed uint64) TallyRecord {
	random := rand.New(rand.NewPCG(seed, 1))
	record.Electors, record.Votes = slices.Clone(record.Electors), slices.Clone(record.Votes)
	random.Shuffle(len(record.Electors), func(i, j int) {
		record.Electors[i], record.Electors[j] = record.Electors[j], record.Electors[i]
	})
	random.Shuffle(len(record.Votes), func(i, j int) {
		record.Votes[i], record.Votes[j] = record.Votes[j], record.Votes[i]
	})
	return record
}

// FuzzRatio holds of any text: what is read is written as it was, and is the decimal number that math/big reads.
func FuzzRatio(f *testing.F) {
	for _, text := range []string{"1", "2/3", "0.75", "-1/2", "1/0", "1e9", "", "０"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ratio, err := ParseRatio(text)
		if err != nil {
			assert.Equal(t, CodeInvalid, CodeOf(err))
			return
		}
		// math/big takes a leading zero in a fraction for octal.
		decimal := regexp.MustCompile(`(^|[-/])0+([0-9])`).ReplaceAllString(text, "$1$2")
		want, ok := new(big.Rat).SetString(decimal)
		require.True(t, ok)
		require.Zero(t, want.Cmp(ratio.Rat()))
		data, err := json.Marshal(ratio)
		require.NoError(t, err)
		require.Equal(t, `"`+text+`"`, string(data))
	})
}

// FuzzCharter holds of any bytes: no panic in reading or checking, and what is read survives JSON.
func FuzzCharter(f *testing.F) {
	for _, preset := range Presets {
		charter, err := FoundingCharter(preset.ID, "Council", "Europe/Brussels")
		require.NoError(f, err)
		data, err := json.Marshal(charter)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		charter, err := ParseCharter(data)
		if err != nil {
			assert.Equal(t, CodeInvalid, CodeOf(err), "%v", err)
			return
		}
		findings := charter.Check()
		written, err := json.Marshal(charter)
		if len(charter.Rule.problems("")) > 0 || err != nil {
			return // a rule that cannot be counted is told by Check and need not survive
		}
		again, err := ParseCharter(written)
		require.NoError(t, err, string(written))
		require.Equal(t, findings, again.Check())
	})
}

// TestTheCountAgreesWithOneByHand counts random ballots a second time, plainly, with no common unit.
func TestTheCountAgreesWithOneByHand(t *testing.T) {
	const seed = 20261123
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	outcomes := map[Outcome]int{}
	for range 1000 {
		record := randomRecord(random)
		result := mustTally(t, record)
		outcomes[result.Outcome]++
		together, err := TallyAlike(record.Rule, putTogether(record))
		require.NoError(t, err)
		require.Equal(t, result, together, "electors that are alike, counted together")
		want := OutcomeCarried
		for i, condition := range record.Rule.Conditions {
			met, actual := countByHand(condition, record)
			require.Equal(t, met, result.Conditions[i].Met, "%s", result)
			require.Equal(t, actual, result.Conditions[i].Actual, "%s", result)
			require.NotContains(t, result.Conditions[i].Explanation, "{")
			switch {
			case met:
			case condition.Kind == ConditionQuorum:
				want = OutcomeInquorate
			case want == OutcomeCarried:
				want = OutcomeNotCarried
			}
		}
		require.Equal(t, want, result.Outcome, "%s", result)
		shuffledResult, err := Tally(shuffled(record, random.Uint64()))
		require.NoError(t, err)
		require.Equal(t, result, shuffledResult)
	}
	for _, outcome := range []Outcome{OutcomeCarried, OutcomeNotCarried, OutcomeInquorate} {
		assert.Greater(t, outcomes[outcome], 50, "%v", outcomes)
	}
}

func randomRecord(random *rand.Rand) TallyRecord {
	chambers := []Chamber{"UNION", "EMPLOYER", "P-member"}
	record := TallyRecord{Electors: []Elector{}, Votes: []Vote{}}
	for i := range random.IntN(12) {
		elector := Elector{Organization: OrganizationID(fmt.Sprint("o", i)), Chamber: chambers[random.IntN(3)]}
		if random.IntN(2) == 0 {
			elector.Weight = NewRatio(random.Int64N(5), 1+random.Int64N(6))
		}
		if random.IntN(3) == 0 {
			elector.Groups = []string{"LT"}
		}
		record.Electors = append(record.Electors, elector)
		if random.IntN(5) > 0 {
			record.Votes = append(record.Votes, Vote{elector.Organization, Positions[random.IntN(len(Positions))]})
		}
	}
	for i := range 1 + random.IntN(2) {
		record.Rule.Conditions = append(record.Rule.Conditions, randomCondition(random, i))
	}
	return record
}

func randomCondition(random *rand.Rand, i int) Condition {
	kinds := []ConditionKind{ConditionQuorum, ConditionApproval}
	c := Condition{ID: fmt.Sprint("c", i), Kind: kinds[random.IntN(2)], Count: randomPositions(random)}
	c.Over = []Base{{}, {Whole: Electorate}, {Whole: ElectorateLessRecused}, Over(randomPositions(random)...)}[random.IntN(4)]
	c.Chamber = []ChamberSet{nil, {"UNION"}, {"UNION", "EMPLOYER"}}[random.IntN(3)]
	c.Group = []string{"", "", "LT"}[random.IntN(3)]
	c.Measure = []Measure{"", MeasureHeads, MeasureWeight}[random.IntN(3)]
	if !c.Over.IsZero() {
		c.IfEmpty = []IfEmpty{"", IfEmptyMet, IfEmptyNotMet}[random.IntN(3)]
	}
	threshold := NewRatio(random.Int64N(5), 1+random.Int64N(5))
	*[]*Ratio{&c.AtLeast, &c.MoreThan, &c.AtMost, &c.LessThan}[random.IntN(4)] = threshold
	return c
}

func randomPositions(random *rand.Rand) []Position {
	positions := slices.Clone(Positions)
	random.Shuffle(len(positions), func(i, j int) { positions[i], positions[j] = positions[j], positions[i] })
	return positions[:1+random.IntN(len(positions))]
}

func countByHand(c Condition, record TallyRecord) (met bool, actual string) {
	count, base := new(big.Rat), new(big.Rat)
	for _, elector := range record.Electors {
		inChamber := c.Chamber == nil || slices.Contains(c.Chamber, elector.Chamber)
		if !inChamber || c.Group == "LT" && elector.Groups == nil {
			continue
		}
		weight := big.NewRat(1, 1)
		if c.Measure == MeasureWeight && !elector.Weight.IsZero() {
			weight = elector.Weight.Rat()
		}
		position := Position("")
		for _, vote := range record.Votes {
			if vote.Organization == elector.Organization {
				position = vote.Position
			}
		}
		if slices.Contains(c.Count, position) {
			count.Add(count, weight)
		}
		if c.Over.Whole == Electorate || c.Over.Whole == ElectorateLessRecused && position != PositionRecuse ||
			slices.Contains(c.Over.Positions, position) {
			base.Add(base, weight)
		}
	}
	if !c.Over.IsZero() && base.Sign() == 0 {
		floor := !c.AtLeast.IsZero() || !c.MoreThan.IsZero()
		return c.IfEmpty == IfEmptyMet || c.IfEmpty == "" && !floor, "0/0"
	}
	if !c.Over.IsZero() {
		count.Quo(count, base)
	}
	switch {
	case !c.AtLeast.IsZero():
		met = count.Cmp(c.AtLeast.Rat()) >= 0
	case !c.MoreThan.IsZero():
		met = count.Cmp(c.MoreThan.Rat()) > 0
	case !c.AtMost.IsZero():
		met = count.Cmp(c.AtMost.Rat()) <= 0
	default:
		met = count.Cmp(c.LessThan.Rat()) < 0
	}
	return met, count.RatString()
}

// putTogether counts the electors of a record that nothing tells apart.
func putTogether(record TallyRecord) []Alike {
	taken := map[OrganizationID]Position{}
	for _, vote := range record.Votes {
		taken[vote.Organization] = vote.Position
	}
	var all []Alike
	places := map[string]int{}
	for _, elector := range record.Electors {
		position := taken[elector.Organization]
		elector.Organization = ""
		key := fmt.Sprintf("%v %s", elector, position)
		place, there := places[key]
		if !there {
			place = len(all)
			places[key] = place
			all = append(all, Alike{Elector: elector, Position: position})
		}
		all[place].Number++
	}
	return all
}
