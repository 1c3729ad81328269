package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

func TestACastHasARollACharterAndPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cast := storetest.NewCast(t, db)
		ctx := context.Background()
		roll, err := db.Roll(ctx, cast.Council, "", store.Page{})
		require.NoError(t, err)
		assert.Len(t, roll.Nodes, 10)
		charter, err := db.Charter(ctx, cast.Charter)
		require.NoError(t, err)
		assert.Equal(t, governance.CharterInForce, charter.State)
	})
}
