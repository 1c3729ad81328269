package exchange

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"concordat/governance"
)

func TestDurations(t *testing.T) {
	for word, want := range map[string]struct {
		hours  governance.Decimal
		months int
		days   int
	}{
		"PT60H":      {"60", 0, 3},
		"P2DT12H":    {"60", 0, 3},
		"PT1H30M":    {"1.5", 0, 1},
		"PT0.5H":     {"0.5", 0, 1},
		"PT90S":      {"0.025", 0, 1},
		"P1W":        {"168", 0, 7},
		"P60M":       {"0", 60, 5 * 366},
		"P1Y2M3DT1H": {"73", 14, 366 + 62 + 4},
		"P1M":        {"0", 1, 31},
		"PT0S":       {"0", 0, 0},
	} {
		got, ok := parseDuration(word)
		assert.True(t, ok, word)
		hours, exact := decimalOf(got.hours)
		assert.True(t, exact, word)
		assert.Equal(t, want.hours, hours, word)
		assert.Equal(t, want.months, got.months, word)
		assert.Equal(t, want.days, got.days(), word)
	}
	for _, word := range []string{"", "P", "PT", "P1DT", "60", "60H", "PT60", "-P1D", "P1H", "PT1H30", "P99999Y", "P1.5D"} {
		_, ok := parseDuration(word)
		assert.False(t, ok, word)
	}
}

func TestHoursThatNoDecimalCanSayAreRefused(t *testing.T) {
	duration, ok := parseDuration("PT1H20M")
	assert.True(t, ok)
	_, exact := decimalOf(duration.hours)
	assert.False(t, exact, "1 1/3 hours")
}

func TestLanguageTagsAreWrittenInOneCase(t *testing.T) {
	for tag, want := range map[string]governance.LanguageTag{
		"EN": "en", "de-at": "de-AT", "SR-LATN": "sr-Latn", "sr_latn_rs": "sr-Latn-RS", "de-1996": "de-1996", "es-419": "es-419",
	} {
		assert.Equal(t, want, canonicalTag(tag))
		assert.True(t, canonicalTag(tag).Valid(), tag)
	}
}

func TestEveryLossSaysWhatHappened(t *testing.T) {
	for reason, r := range lossReasons {
		assert.NotEmpty(t, r.message, reason)
		assert.Contains(t, []LossKind{LossLeftOut, LossChanged, LossAdded}, r.kind, reason)
	}
}

func TestEveryCodeOfTheTablesIsAValidOne(t *testing.T) {
	for code, tag := range elmLanguages {
		assert.True(t, tag.Valid(), code)
	}
	for code, country := range elmCountries {
		assert.Regexp(t, `^[A-Z]{2}$`, country, code)
	}
}
