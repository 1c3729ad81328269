package live_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/graph/live"
	"concordat/store"
	"concordat/store/storetest"
)

// desk is a node of its own on a database that others use too.
func desk(t *testing.T, url string, clock *storetest.Clock) (*store.DB, *live.Hub) {
	t.Helper()
	db := storetest.OpenWith(t, store.Config{URL: url, Clock: clock.Now})
	hub, err := live.Start(t.Context(), live.Config{Store: db, Clock: clock.Now})
	require.NoError(t, err)
	t.Cleanup(hub.Close)
	return db, hub
}

func TestWhatHappensOnOneNodeIsToldOnTheOther(t *testing.T) {
	clock, url := storetest.NewClock(), storetest.URL(t, storetest.Postgres)
	db, hub := desk(t, url, clock)
	cast := storetest.NewCast(t, db)
	author := cast.As("college", governance.RoleAuthor)
	specification, err := db.StartSpecification(t.Context(), author, store.StartSpecificationInput{
		Council: cast.Council, Slug: "heat-pumps", Document: sample.Document(),
	})
	require.NoError(t, err)
	found, err := db.SpecificationByID(t.Context(), author, specification, nil)
	require.NoError(t, err)
	edition, err := db.NewestEdition(t.Context(), author, found, nil)
	require.NoError(t, err)

	_, other := desk(t, url, clock)
	woken := make(chan struct{}, 1000)
	f, err := other.Follow(t.Context(), string(specification), live.Now, func() { woken <- struct{}{} })
	require.NoError(t, err)
	defer f.Close()

	comment, err := db.AddComment(t.Context(), author, store.AddCommentInput{Edition: edition.ID, Kind: governance.CommentGeneral, Body: "hello"})
	require.NoError(t, err)
	leaf := next(t, f, woken, func(l store.Leaf) bool { return l.Object.ID == string(comment) })
	assert.Equal(t, "COMMENT_ADDED", leaf.Type)
	assert.Equal(t, cast.Council, leaf.Council)

	_, err = hub.Attend(t.Context(), author, store.ReportPresenceInput{Edition: edition.ID, Path: "/title"})
	require.NoError(t, err)
	for {
		await(t, woken)
		if present, changed := f.Present(); changed && len(present) == 1 {
			assert.Equal(t, author.Person, present[0].Person.ID)
			assert.Equal(t, "/title", present[0].Path)
			return
		}
	}
}

// next waits for a leaf.
func next(t *testing.T, f *live.Follower, woken chan struct{}, fits func(store.Leaf) bool) store.Leaf {
	t.Helper()
	for {
		await(t, woken)
		leaves, err := f.Next(t.Context(), 100)
		require.NoError(t, err)
		for _, leaf := range leaves {
			if fits(leaf) {
				return leaf
			}
		}
	}
}

func await(t *testing.T, woken chan struct{}) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(20 * time.Second):
		require.FailNow(t, "nobody was woken")
	}
}
