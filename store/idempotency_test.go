package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestTheClockForgetsIdempotencyKeysAfterThirtyDays(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		suggest := func() governance.SuggestionID {
			id, err := s.db.Suggest(t.Context(), unionist, store.SuggestInput{
				IdempotencyKey: "once", Edition: e.ID, Base: e.HeadID, Reason: "R",
				Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/title/en", Value: json.RawMessage(`"Other"`)}},
			})
			require.NoError(t, err)
			return id
		}
		tick := func() {
			_, err := s.db.TakeDue(t.Context())
			require.NoError(t, err)
		}
		first := suggest()
		s.clock.Advance(30*24*time.Hour - time.Microsecond)
		tick()
		assert.Equal(t, first, suggest(), "a repeat has one effect")
		s.clock.Advance(time.Microsecond)
		tick()
		second := suggest()
		assert.NotEqual(t, first, second, "what was forgotten is a step of its own")
		tick()
		assert.Equal(t, second, suggest(), "and its key is young")
	})
}

func TestTheClockForgetsABoundedNumberOfKeysAtATime(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		var rows []string
		for i := range 501 {
			rows = append(rows, fmt.Sprintf("('p', '', 'm', 'k%03d', '', 'o', '2025-01-01T00:00:00.%06dZ', 0)", i, i))
		}
		change(t, s.db, `
			INSERT INTO idempotency_keys (person_id, organization_id, mutation, key, input_digest, object_id, created_at, repeats)
			VALUES `+strings.Join(rows, ", "))
		for _, left := range [][]string{{"k500"}, nil} {
			_, err := s.db.TakeDue(t.Context())
			require.NoError(t, err)
			assert.Equal(t, left, texts(t, s.db, `SELECT key FROM idempotency_keys`), "the oldest go first")
		}
	})
}
