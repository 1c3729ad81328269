package matrix_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// everythingOfABallot asks for all that the API says about a ballot, its edition, a position taken in it, and what its
// reader was told and has to do.
const everythingOfABallot = `query($ballot: ID!, $position: ID!, $edition: ID!) {
	ballot: node(id: $ballot) { ... on Ballot {
		state outcome closedAt electorCount positionCount record
		tally { outcome conditions { id met actual explanation params } }
		electors(first: 100) { nodes { organization { slug } chamber weight voted position { id position } told toldAt deliveries { state } } }
		myPosition { id position reason } lastPosition { position { position } } corrections { state }
		viewerMay { step allowed reason message }
	} }
	position: node(id: $position) { ... on Position { organization { slug } position reason comment number takenAt } }
	edition: node(id: $edition) { ... on Edition {
		stage stageReason commentCount unansweredCount comments(first: 100) { nodes { id isObjection } }
		ballots { id state positionCount record tally { outcome } electors(first: 100) { nodes { voted position { position } } } }
		statements { id } ballotReadiness { missing { reason params } } viewerMay { step allowed reason message }
	} }
	viewer { waiting { step object dueAt } notices(first: 100) { nodes { text object kind } } }
}`

// TestNobodyLearnsFromASecretBallotBeforeItsClose plays one secret ballot in three ways: nobody votes, two organizations vote,
// the same two vote otherwise. Whoever does not speak for one of the two reads the same of each, in everything the API says;
// once it is closed everybody reads what was taken.
func TestNobodyLearnsFromASecretBallotBeforeItsClose(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			ways := playedThrice(t, kind)
			told := 0
			for _, who := range ways[0].world.actors {
				if slices.Contains([]string{acme, unionA}, who.organization) || speaksForAVoter(ways[0].world, who) {
					continue
				}
				silence, first, second := ways[0].read(t, who), ways[1].read(t, who), ways[2].read(t, who)
				assert.Equal(t, silence, first, "%s learns that somebody voted", who)
				assert.Equal(t, first, second, "%s learns what was taken", who)
				told++
			}
			assert.Greater(t, told, 100)
			own := actorNamed(t, ways[0].world, acme+" "+string(governance.RoleObserver))
			assert.NotEqual(t, ways[1].read(t, own), ways[2].read(t, own), "one's own is no secret")
			for i := range ways {
				ways[i] = prepare(t, ways[i], "the close", func(h *stageHand) { h.days(ballotLength + 4) })
			}
			anybody := actorNamed(t, ways[0].world, "nobody")
			assert.NotEqual(t, ways[0].read(t, anybody), ways[1].read(t, anybody), "after the close it is public")
			assert.NotEqual(t, ways[1].read(t, anybody), ways[2].read(t, anybody))
		})
	}
}

// playedThrice opens a ballot that is secret until its close, and lets it be voted on in three ways at the same times.
func playedThrice(t *testing.T, kind string) []*scene {
	t.Helper()
	first := newWorld(t, kind)
	bare := &scene{name: first.name, world: first.world, snapshot: first.snapshot, now: first.now}
	open := prepare(t, bare, "a secret ballot", func(h *stageHand) {
		h.exec(`UPDATE charters SET body = REPLACE(body, '"secrecy":"AT_ONCE"', '"secrecy":"AT_CLOSE"')`)
		h.draft(false, unionA)
		h.consult(true)
		h.closeConsultation()
		h.settle()
		h.putToVote(210)
		h.add(object{name: theBallot, kind: governance.KindBallot, id: idOf(210), council: council, edition: h.scene.edition})
	})
	var ways []*scene
	for _, positions := range [][]governance.Position{
		nil, {governance.PositionApprove, governance.PositionAbstain}, {governance.PositionRecuse, governance.PositionApprove},
	} {
		ways = append(ways, prepare(t, open, "voted", func(h *stageHand) {
			for i, position := range positions {
				done[governance.PositionID](h)(h.db.TakePosition(context.Background(),
					h.as([]string{acme, unionA}[i], governance.RoleRepresentative), store.TakePositionInput{
						ID: governance.PositionID(idOf(300 + i)), Ballot: governance.BallotID(idOf(210)), Digest: h.scene.edition.digest,
						Position: position, Comment: "for reasons of our own",
					}))
			}
			h.tell()
		}))
	}
	return ways
}

// tell has everybody told of what happened.
func (h *stageHand) tell() {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		measures, err := h.db.Measures(context.Background())
		require.NoError(h.t, err)
		return measures.Queued == 0
	}, 10*time.Second, 5*time.Millisecond)
	for more := true; more; {
		var err error
		more, err = h.db.FollowLog(context.Background(), false)
		require.NoError(h.t, err)
	}
}

// read is all that the API says to somebody in the scene.
func (s *scene) read(t *testing.T, who actor) string {
	t.Helper()
	if s.reading == nil {
		address, _ := s.snapshot.Copy(t)
		s.reading = open(t, address, s.now)
		t.Cleanup(func() { _ = s.reading.db.Close() })
	}
	got := s.reading.ask(who.actor, everythingOfABallot, input{
		"ballot": idOf(210), "position": idOf(300), "edition": string(s.edition.id),
	})
	said, err := json.Marshal(got)
	require.NoError(t, err)
	require.Contains(t, string(said), `"ballot":{"state"`, "%s reads the ballot: %s", who, said)
	return string(said)
}

// speaksForAVoter says whether the person is one of those who voted, whoever it acts for now.
func speaksForAVoter(w *world, who actor) bool {
	for _, organization := range []string{acme, unionA} {
		for _, role := range roles {
			if who.actor.Person == w.cast.As(organization, role).Person {
				return true
			}
		}
	}
	return false
}

func actorNamed(t *testing.T, w *world, name string) actor {
	t.Helper()
	i := slices.IndexFunc(w.actors, func(a actor) bool { return a.name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return w.actors[i]
}
