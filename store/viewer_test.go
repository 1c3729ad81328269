package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

var everyField = store.Fields{"person": nil, "actingFor": nil, "mandates": nil, "scopes": nil}

func TestTheViewerIsThePersonWithItsMandates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		ctx := t.Context()

		viewer, err := db.Viewer(ctx, governance.Actor{}, everyField)
		require.NoError(t, err)
		assert.Nil(t, viewer, "an anonymous reader is nobody")

		viewer, err = db.Viewer(ctx, cast.As("acme", governance.RoleAuthor), everyField)
		require.NoError(t, err)
		assert.Equal(t, "Person acme-AUTHOR", *viewer.Person.Name)
		assert.Equal(t, "acme", viewer.ActingFor.Slug)
		assert.Equal(t, []governance.Scope{governance.ScopeRead, governance.ScopeWrite, governance.ScopeAct}, viewer.Scopes)
		require.Len(t, viewer.Mandates, 1)
		assert.Equal(t, governance.RoleAuthor, viewer.Mandates[0].Role)
		assert.Equal(t, "Acme Ltd", viewer.Mandates[0].Organization.LegalName)
		assert.Equal(t, "Person acme-AUTHOR", *viewer.Mandates[0].Person.Name)

		alone, err := db.Viewer(ctx, cast.Somebody("walker"), everyField)
		require.NoError(t, err)
		assert.Equal(t, "Person walker", *alone.Person.Name, "everybody sees their own name")
		assert.Nil(t, alone.ActingFor)
		assert.Empty(t, alone.Mandates)
	})
}

func TestAViewerActsForNoOrganizationInWhichItHoldsNoMandate(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		clock := storetest.NewClock()
		db := storetest.OpenAt(t, kind, clock)
		cast := storetest.NewCast(t, db)
		stranger := cast.As("acme", governance.RoleAuthor)
		stranger.Organization = cast.Organizations["bolt"]
		viewer, err := db.Viewer(t.Context(), stranger, everyField)
		require.NoError(t, err)
		assert.Nil(t, viewer.ActingFor)
		assert.Len(t, viewer.Mandates, 1)

		until := storetest.Start.Add(time.Hour)
		_, err = db.GrantMandate(t.Context(), cast.Admin(), store.GrantMandateInput{
			Organization: cast.Organizations["bolt"], Issuer: storetest.CastIssuer, Subject: "acme-AUTHOR",
			Role: governance.RoleObserver, Ground: "for an hour", UntilAt: &until,
		})
		require.NoError(t, err)
		viewer, err = db.Viewer(t.Context(), stranger, everyField)
		require.NoError(t, err)
		assert.Equal(t, "bolt", viewer.ActingFor.Slug)
		assert.Len(t, viewer.Mandates, 2)
		clock.Advance(time.Hour)
		viewer, err = db.Viewer(t.Context(), stranger, everyField)
		require.NoError(t, err)
		assert.Nil(t, viewer.ActingFor, "a mandate is over at its end")
		assert.Len(t, viewer.Mandates, 1)
	})
}
