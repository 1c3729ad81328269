package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestAnIDIsALowerCaseUUIDOfVersion7(t *testing.T) {
	tests := []struct {
		name, id string
		valid    bool
	}{
		{"version 7", "0195e3a0-1234-7abc-8def-0123456789ab", true},
		{"upper case", "0195E3A0-1234-7ABC-8DEF-0123456789AB", false},
		{"version 4", "0195e3a0-1234-4abc-8def-0123456789ab", false},
		{"another variant", "0195e3a0-1234-7abc-cdef-0123456789ab", false},
		{"in braces", "{0195e3a0-1234-7abc-8def-0123456789ab}", false},
		{"without hyphens", "0195e3a012347abc8def0123456789ab", false},
		{"empty", "", false},
		{"words", "the one I made yesterday, you know", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := store.CheckID("input.id", test.id)
			if test.valid {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err))
		})
	}
}

func TestIDsSortByTimeAndThenByTheOrderInWhichTheyWereDrawn(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 999_998_000, time.UTC)
	previous := ""
	for micro := range 5 {
		for counter := range uint32(3) {
			id, err := store.MakeID(start.Add(time.Duration(micro)*time.Microsecond), counter, bytes.NewReader(make([]byte, 4)))
			require.NoError(t, err)
			require.NoError(t, store.CheckID("id", id))
			assert.Greater(t, id, previous)
			previous = id
		}
	}
}

func TestTimesAreTextsThatSortAsTheyFollow(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	at := time.Date(2026, 3, 2, 9, 0, 0, 120_000, zone)
	assert.Equal(t, "2026-03-02T07:00:00.000120Z", store.FormatTime(at))
	read, err := store.ParseTime(store.FormatTime(at))
	require.NoError(t, err)
	assert.True(t, at.Equal(read))
	assert.Equal(t, time.UTC, read.Location())
	_, err = store.ParseTime("2026-03-02 07:00:00")
	require.Error(t, err)
}

func TestACursorComesBackAsItWasAndNothingElseIsOne(t *testing.T) {
	cursor := store.Cursor{
		CreatedAt: time.Date(2026, 3, 2, 9, 0, 0, 1000, time.UTC), ID: "0195e3a0-1234-7abc-8def-0123456789ab",
	}
	read, err := store.ParseCursor("after", cursor.String())
	require.NoError(t, err)
	assert.Equal(t, cursor, read)
	for _, text := range []string{"", "x", "YzI", cursor.String() + "A", cursor.String()[1:], "Y3Vyc29y"} {
		_, err := store.ParseCursor("after", text)
		assert.Equal(t, governance.CodeInvalid, governance.CodeOf(err), "%q", text)
	}
}

func TestARepeatNamesItsInput(t *testing.T) {
	one, err := store.RepeatOf("k", map[string]any{"a": 1, "b": "x"})
	require.NoError(t, err)
	same, err := store.RepeatOf("k", map[string]any{"b": "x", "a": 1})
	require.NoError(t, err)
	assert.Equal(t, one, same)
	other, err := store.RepeatOf("k", map[string]any{"a": 2, "b": "x"})
	require.NoError(t, err)
	assert.NotEqual(t, one, other)
	none, err := store.RepeatOf("", make(chan int))
	require.NoError(t, err, "without a key nothing is encoded")
	assert.Zero(t, none)
}
