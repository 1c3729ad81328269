package server

import (
	"testing"

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
		})
	}
}

// TestTheStoryOfARoll plays testdata/roll.txt: how organizations come to a roll, and what happens to them there.
func TestTheStoryOfARoll(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) { play(t, newStage(t, kind), "testdata/roll.txt") })
	}
}
