package governance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

func TestParticipationIsSummedAlongEachDimension(t *testing.T) {
	got := governance.Involvements([]governance.BalanceCell{
		{governance.ActivityComment, governance.ChamberUnion, "LV", governance.SizeLarge, 2, 5},
		{governance.ActivityComment, governance.ChamberUnion, "DE", governance.SizeLarge, 1, 1},
		{governance.ActivityComment, "", "LV", "", 1, 3},
		{governance.ActivityBallot, governance.ChamberUnion, "LV", governance.SizeLarge, 2, 2},
	})
	assert.Equal(t, []governance.Involvement{
		{governance.ActivityBallot, governance.DimensionChamber, "UNION", 2, 2},
		{governance.ActivityBallot, governance.DimensionCountry, "LV", 2, 2},
		{governance.ActivityBallot, governance.DimensionSize, "LARGE", 2, 2},
		{governance.ActivityComment, governance.DimensionChamber, "", 1, 3},
		{governance.ActivityComment, governance.DimensionChamber, "UNION", 3, 6},
		{governance.ActivityComment, governance.DimensionCountry, "DE", 1, 1},
		{governance.ActivityComment, governance.DimensionCountry, "LV", 3, 8},
		{governance.ActivityComment, governance.DimensionSize, "", 1, 3},
		{governance.ActivityComment, governance.DimensionSize, "LARGE", 3, 6},
	}, got)
	assert.Empty(t, governance.Involvements(nil))
}

func TestTimeInEachStageCountsEveryStay(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	stay := func(stage governance.Stage, from, to int) governance.StageStay {
		s := governance.StageStay{Stage: stage, From: start.Add(time.Duration(from) * time.Hour)}
		if to > 0 {
			s.To = start.Add(time.Duration(to) * time.Hour)
		}
		return s
	}
	got := governance.StageTimes([]governance.StageStay{
		stay(governance.StageDrafting, 0, 10), stay(governance.StageConsultation, 10, 40), stay(governance.StageDrafting, 40, 45),
		stay(governance.StageDisposition, 45, 0), stay(governance.StagePublished, 100, 0),
	}, start.Add(50*time.Hour+30*time.Minute))
	assert.Equal(t, []governance.StageTime{
		{governance.StageDrafting, 2, 15}, {governance.StageConsultation, 1, 30}, {governance.StageDisposition, 1, 5},
	}, got, "what comes after publication is no time on the way")
}
