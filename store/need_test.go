package store_test

import (
	"testing"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// fitters is a need of the cast's council.
func fitters(cast *storetest.Cast) store.ProposeNeedInput {
	return store.ProposeNeedInput{
		Council: cast.Council, Sector: "construction", Title: "Heat pump fitters", Description: "We cannot find fitters.",
		Language: "en", Country: "LV", Region: "LV006", HeadCount: 12, Urgency: governance.UrgencyNow,
	}
}

func TestX(t *testing.T) {}
