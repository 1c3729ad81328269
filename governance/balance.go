package governance

import (
	"cmp"
	"slices"
	"time"
)

// Activity is a way in which organizations take part.
type Activity string

// The activities.
const (
	ActivityWorkingGroup Activity = "WORKING_GROUP"
	ActivityComment      Activity = "COMMENT"
	ActivityObjection    Activity = "OBJECTION"
	ActivityConsultation Activity = "CONSULTATION" // of a rate alone: commenting when asked to
	ActivityBallot       Activity = "BALLOT"
	ActivityEndorsement  Activity = "ENDORSEMENT"
)

// Dimension is by what those who took part are told apart.
type Dimension string

// The dimensions.
const (
	DimensionChamber Dimension = "CHAMBER"
	DimensionCountry Dimension = "COUNTRY"
	DimensionSize    Dimension = "SIZE"
)

// BalanceCell counts the organizations of one chamber, country and size that took part in one way, and how often they did.
type BalanceCell struct {
	Activity      Activity
	Chamber       Chamber // empty: on no roll
	Country       CountryCode
	Size          OrganizationSize // empty: not told
	Organizations int
	Acts          int
}

// Involvement counts those who took part in one way along one dimension.
type Involvement struct {
	Activity      Activity  `json:"activity"`
	Dimension     Dimension `json:"dimension"`
	Value         string    `json:"value"` // a chamber, a country, a size; empty: none is known
	Organizations int       `json:"organizations"`
	Acts          int       `json:"acts"`
}

// Involvements sums cells along each dimension, in the order of activity, dimension and value.
func Involvements(cells []BalanceCell) []Involvement {
	type key struct {
		activity  Activity
		dimension Dimension
		value     string
	}
	sums := map[key]*Involvement{}
	for _, c := range cells {
		for dimension, value := range map[Dimension]string{
			DimensionChamber: string(c.Chamber), DimensionCountry: string(c.Country), DimensionSize: string(c.Size),
		} {
			k := key{c.Activity, dimension, value}
			if sums[k] == nil {
				sums[k] = &Involvement{Activity: c.Activity, Dimension: dimension, Value: value}
			}
			sums[k].Organizations += c.Organizations
			sums[k].Acts += c.Acts
		}
	}
	all := make([]Involvement, 0, len(sums))
	for _, p := range sums {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b Involvement) int {
		return cmp.Or(cmp.Compare(a.Activity, b.Activity), cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Value, b.Value))
	})
	return all
}

// ResponseRate is how many of those who were asked to act did.
type ResponseRate struct {
	Activity Activity `json:"activity"`
	Asked    int      `json:"asked"`
	Acted    int      `json:"acted"`
}

// StageStay is one edition's stay in a stage.
type StageStay struct {
	Stage Stage
	From  time.Time
	To    time.Time // zero: it is still there
}

// StageTime is how long editions were in a stage on their way to publication, together.
type StageTime struct {
	Stage Stage `json:"stage"`
	Stays int   `json:"stays"` // times that an edition was in it
	Hours int   `json:"hours"` // full ones, of all stays together
}

// StageTimes sums stays until now by stage, in the order of the stages up to publication.
func StageTimes(stays []StageStay, now time.Time) []StageTime {
	var times []StageTime
	for _, stage := range openStages {
		sum, total := StageTime{Stage: stage}, time.Duration(0)
		for _, s := range stays {
			if s.Stage != stage {
				continue
			}
			until := s.To
			if until.IsZero() {
				until = now
			}
			sum.Stays++
			total += until.Sub(s.From)
		}
		if sum.Stays > 0 {
			sum.Hours = int(total / time.Hour)
			times = append(times, sum)
		}
	}
	return times
}
