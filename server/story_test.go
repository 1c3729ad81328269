package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/register"
	"concordat/store/storetest"
)

// TestTheStoryFromNeedToRegister plays testdata/story.txt, which is written for people who read no code, on both
// databases, over HTTP and with real sign-ins.
func TestTheStoryFromNeedToRegister(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			s := newStage(t, kind)
			play(t, s, "testdata/story.txt")
			s.t = t
			s.everyActIsTold()
			s.othersCheckTheEndorsement()
			s.everyBallotHolds()
		})
	}
}

// TestTheStoryOfARoll plays testdata/roll.txt: how organizations come to a roll, and what happens to them there.
func TestTheStoryOfARoll(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) { play(t, newStage(t, kind), "testdata/roll.txt") })
	}
}

// everyBallotHolds checks the bundle of every closed ballot of the story, which counts it again: among them those on matters.
func (s *stage) everyBallotHolds() {
	s.t.Helper()
	c := logClient{s.t, s.server}
	key := strings.TrimSpace(c.ok("/log/key"))
	on := map[governance.MatterKind]int{}
	for _, id := range s.column(`SELECT id FROM ballots WHERE state = 'CLOSED'`) {
		status, body := c.get(register.BundlePath + id + "/bundle.json")
		require.Equal(s.t, http.StatusOK, status, body)
		found := notary.VerifyBundle([]byte(body), key)
		assert.True(s.t, found.Holds(), "%s: %+v", id, found.Checks)
		var bundle struct{ Subject governance.Matter }
		if json.Unmarshal([]byte(body), &bundle) == nil && bundle.Subject.Schema == governance.MatterSchema {
			on[bundle.Subject.Kind]++
		}
	}
	assert.Equal(s.t, map[governance.MatterKind]int{
		governance.MatterObjection: 1, governance.MatterReview: 1, governance.MatterWithdrawal: 2,
	}, on)
}

// column reads a column of texts.
func (s *stage) column(query string) []string {
	s.t.Helper()
	rows, err := s.rows.Query(query)
	require.NoError(s.t, err)
	defer rows.Close()
	var column []string
	for rows.Next() {
		var text string
		require.NoError(s.t, rows.Scan(&text))
		column = append(column, text)
	}
	require.NoError(s.t, rows.Err())
	return column
}
