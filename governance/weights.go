package governance

import (
	"maps"
	"math/big"
	"slices"
)

// Weighting says how a charter gives weights.
type Weighting string

// The weightings.
const (
	WeightByOrganization Weighting = "ORGANIZATION" // 1 each, or as given
	WeightByChamber      Weighting = "CHAMBER"      // a chamber's weight shared equally by its electors
)

// Weights is how a charter weighs electors. Only conditions that measure WEIGHT look at it.
type Weights struct {
	By            Weighting                `json:"by"`
	Organizations map[OrganizationID]Ratio `json:"organizations,omitempty"` // with ORGANIZATION; not named: 1
	Chambers      map[Chamber]Ratio        `json:"chambers,omitempty"`      // with CHAMBER; not named: 1
}

// Apply answers the electors with their final weights, whatever they had before. The input stays as it was.
func (w Weights) Apply(electors []Elector) []Elector {
	weighed := slices.Clone(electors)
	seats := map[Chamber]int64{}
	for _, elector := range electors {
		seats[elector.Chamber]++
	}
	for i, elector := range weighed {
		if w.By == WeightByChamber {
			whole := ratioOrOne(w.Chambers[elector.Chamber])
			weighed[i].Weight = finalWeight(whole.Quo(whole, big.NewRat(seats[elector.Chamber], 1)))
			continue
		}
		weighed[i].Weight = finalWeight(ratioOrOne(w.Organizations[elector.Organization]))
	}
	return weighed
}

// Settle is Apply for electors that bring weights of their own: by ORGANIZATION, whom the charter names weighs as it says,
// everybody else as before.
func (w Weights) Settle(electors []Elector) []Elector {
	if w.By == WeightByOrganization {
		given := make(map[OrganizationID]Ratio, len(electors))
		for _, elector := range electors {
			given[elector.Organization] = elector.Weight
		}
		maps.Copy(given, w.Organizations)
		w.Organizations = given
	}
	return w.Apply(electors)
}

// finalWeight is a weight as records keep it: a text, so that an electorate has one canonical form from its freezing to its
// bundle.
func finalWeight(weight *big.Rat) Ratio { return Ratio{text: weight.RatString()} }

func ratioOrOne(ratio Ratio) *big.Rat {
	if ratio.IsZero() {
		return big.NewRat(1, 1)
	}
	return ratio.Rat()
}

func readWeights(r *jsonReader, v *jsonValue) Weights {
	m := r.object(v, "by", "organizations", "chambers")
	r.must(v, "by")
	return Weights{
		By:            Weighting(r.string(m["by"])),
		Organizations: readRatios[OrganizationID](r, m["organizations"]),
		Chambers:      readRatios[Chamber](r, m["chambers"]),
	}
}

func readRatios[K ~string](r *jsonReader, v *jsonValue) map[K]Ratio {
	members := r.members(v)
	if len(members) == 0 {
		return nil
	}
	ratios := make(map[K]Ratio, len(members))
	for name, member := range members {
		ratios[K(name)] = r.ratio(member)
	}
	return ratios
}
