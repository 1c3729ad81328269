package store_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// leavesOf are the leaves of acts of a type, in their order.
func (v *vote) leavesOf(what string) []int64 {
	v.t.Helper()
	total, err := strconv.ParseInt(texts(v.t, v.DB, `SELECT CAST(COUNT(*) AS TEXT) FROM acts`)[0], 10, 64)
	require.NoError(v.t, err)
	followLog(v.t, v.DB, total)
	var leaves []int64
	for _, text := range texts(v.t, v.DB, `
		SELECT CAST(l.number AS TEXT) FROM leaves l JOIN acts a ON a.id = l.act_id WHERE a.type = $1 ORDER BY l.number`, what) {
		leaf, err := strconv.ParseInt(text, 10, 64)
		require.NoError(v.t, err)
		leaves = append(leaves, leaf)
	}
	require.NotEmpty(v.t, leaves, what)
	return leaves
}

// reads says whether the actor is shown the act of a leaf, which then is what the leaf is the hash of.
func (v *vote) reads(actor governance.Actor, leaf int64) bool {
	v.t.Helper()
	act, err := v.DB.LoggedAct(v.t.Context(), actor, leaf)
	require.NoError(v.t, err)
	assert.Len(v.t, act.LeafHash, 64)
	if act.Withheld != nil {
		assert.Nil(v.t, act.Body)
		assert.Empty(v.t, act.Digest, "it would let one guess")
		return false
	}
	assert.Equal(v.t, act.Digest, notary.Digest(act.Body))
	return true
}

func TestAnActIsReadByWhoeverMaySeeItsObject(t *testing.T) {
	eachVote(t, func(c *governance.Charter) { c.Secrecy = governance.SecrecyAtClose }, func(v *vote) {
		id := v.open()
		v.all(id, governance.PositionObject, "acme")
		v.all(id, governance.PositionApprove, "bolt", "union-a", "college")
		acme, bolt := v.As("acme", governance.RoleRepresentative), v.As("bolt", governance.RoleRepresentative)
		_, err := v.DB.ChangePosition(v.t.Context(), acme, store.ChangePositionInput(v.position(id, governance.PositionApprove)))
		require.NoError(v.t, err)
		anyone := governance.Actor{}
		first, last := v.leavesOf("POSITION_TAKEN")[0], v.leavesOf("POSITION_CHANGED")[0]
		assert.True(v.t, v.reads(acme, first), "its own")
		assert.False(v.t, v.reads(bolt, first), "positions are secret")
		assert.False(v.t, v.reads(anyone, first))
		assert.False(v.t, v.reads(anyone, v.leavesOf("MANDATE_GRANTED")[0]), "it tells of a person")
		assert.True(v.t, v.reads(anyone, v.leavesOf("CHARTER_FOUNDED")[0]))

		v.clock.Set(afterDeadline)
		_, err = v.DB.TakeDue(v.t.Context())
		require.NoError(v.t, err)
		assert.True(v.t, v.reads(acme, first))
		assert.False(v.t, v.reads(bolt, first), "each organization's last one alone")
		assert.True(v.t, v.reads(bolt, last))
		assert.True(v.t, v.reads(anyone, last), "an approved edition is public")
		_, err = v.DB.LoggedAct(v.t.Context(), anyone, 1_000_000)
		assert.Equal(v.t, governance.CodeNotFound, governance.CodeOf(err))
	})
}
