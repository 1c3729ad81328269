package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestWhatChangedInTheRegisterIsReadBehindALeaf(t *testing.T) {
	eachVote(t, noEndorsement, func(v *vote) {
		changes := func(after int64) store.RegisterChanges {
			_, err := v.DB.WaitForLeaf(v.t.Context(), after)
			require.NoError(v.t, err)
			read, err := v.DB.RegisterChanges(v.t.Context(), after)
			require.NoError(v.t, err)
			return read
		}
		v.approved()
		v.offer()
		before := changes(-1)
		assert.Empty(v.t, before.Publications, "nothing is published")
		v.publish()
		published := changes(before.To)
		require.Len(v.t, published.Publications, 1)
		p := published.Publications[0]
		assert.Equal(v.t, v.edition, p.Publication.EditionID)
		assert.NotEmpty(v.t, p.Council.LegalName)
		assert.NotEmpty(v.t, p.Document.Outcomes)
		assert.Equal(v.t, v.clock.Now(), p.ChangedAt)

		_, err := v.DB.SuspendPublication(v.t.Context(), v.Secretary(), store.SuspendPublicationInput{Edition: v.edition, Reason: "A fault.", Decision: "of today"})
		require.NoError(v.t, err)
		suspended := changes(published.To)
		require.Len(v.t, suspended.Publications, 1, "what is gone is told, too")
		assert.Equal(v.t, governance.PublicationSuspended, suspended.Publications[0].Publication.State)
		_, err = v.DB.RegisterChanges(v.t.Context(), suspended.To+1000)
		refused(v.t, err, governance.CodeInvalid, "token-ahead")

		first, err := v.DB.Harvest(v.t.Context(), nil, 1)
		require.NoError(v.t, err)
		require.Len(v.t, first, 1)
		rest, err := v.DB.Harvest(v.t.Context(), first[0].Place(), 1)
		require.NoError(v.t, err)
		assert.Empty(v.t, rest)
	})
}
