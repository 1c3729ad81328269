package governance_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

func TestWhatAReviewMaySay(t *testing.T) {
	tests := map[string]struct {
		outcome governance.ReviewOutcome
		next    governance.Date
		refused string // the reason; empty: it may
	}{
		"confirmed until a day":           {governance.ReviewConfirm, "2030-01-01", ""},
		"confirmed for ever":              {governance.ReviewConfirm, "", "date-missing"},
		"confirmed until today":           {governance.ReviewConfirm, "2029-12-31", "review-too-soon"},
		"confirmed until 30 February":     {governance.ReviewConfirm, "2030-02-30", "date-malformed"},
		"revised at some time":            {governance.ReviewRevise, "", ""},
		"revised by a day":                {governance.ReviewRevise, "2031-01-01", ""},
		"revised by a day that is over":   {governance.ReviewRevise, "2020-01-01", "review-too-soon"},
		"withdrawn":                       {governance.ReviewWithdraw, "", ""},
		"withdrawn and reviewed all same": {governance.ReviewWithdraw, "2031-01-01", "date-needless"},
		"none of these":                   {"KEEP", "", "outcome-unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := governance.CheckReview(test.outcome, test.next, "2029-12-31")
			if test.refused == "" {
				assert.NoError(t, err)
				return
			}
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
			refusal, _ := err.(*governance.Error)
			assert.Equal(t, test.refused, refusal.Reason)
		})
	}
}

func TestEveryMatterAsksAQuestion(t *testing.T) {
	asked := map[string]bool{}
	for _, m := range []governance.Matter{
		{Kind: governance.MatterObjection}, {Kind: governance.MatterWithdrawal},
		{Kind: governance.MatterReview, Outcome: governance.ReviewConfirm},
		{Kind: governance.MatterReview, Outcome: governance.ReviewRevise},
		{Kind: governance.MatterReview, Outcome: governance.ReviewWithdraw},
	} {
		assert.NotEmpty(t, m.Asked())
		asked[m.Asked()] = true
	}
	assert.Len(t, asked, 5)
}
