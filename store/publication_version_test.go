package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestAPublicationsVersionIsAnotherWhereverWhatIsToldMayBe(t *testing.T) {
	eachVote(t, councilFor30Days, func(v *vote) {
		v.approved()
		asked := v.ask("council")
		require.NoError(v.t, v.endorse(asked, "council"))
		v.offer()
		before := v.DB.Generation()
		p := v.now
		_, err := v.DB.PublicationVersionAt(v.t.Context(), "none", "1.0")
		refused(v.t, err, governance.CodeNotFound, "not-found")
		v.publish()
		assert.NotEqual(v.t, before, v.DB.Generation(), "a step was taken")
		version := func() store.PublicationVersion {
			read, err := v.DB.PublicationVersionAt(v.t.Context(), p().Slug, p().EditionNumber)
			require.NoError(v.t, err)
			byText, err := v.DB.PublicationVersionOf(v.t.Context(), p().Digest)
			require.NoError(v.t, err)
			assert.Equal(v.t, read, byText)
			return read
		}
		first := version()
		assert.Equal(v.t, first, version())
		assert.Equal(v.t, p().ID, first.ID)
		assert.Equal(v.t, v.clock.Now(), first.ChangedAt)
		end := *v.statement(asked).ValidUntil
		require.NotNil(v.t, first.Until)
		assert.Equal(v.t, end, *first.Until)
		assert.True(v.t, first.Holds(end.Add(-time.Microsecond)))
		assert.False(v.t, first.Holds(end))

		change(v.t, v.DB, `UPDATE organizations SET version = version + 1 WHERE id = $1`, p().Organization.ID)
		renamed := version()
		assert.NotEqual(v.t, first.Version, renamed.Version, "an organization that it names is another")
		v.clock.Set(end)
		assert.NotEqual(v.t, renamed.Version, version().Version, "time has ended a statement")
		lapsed := version()
		v.takeDue()
		assert.NotEqual(v.t, lapsed.Version, version().Version, "the clock took a step on it")
		number, err := v.DB.NewestPublished(v.t.Context(), p().Slug)
		require.NoError(v.t, err)
		assert.Equal(v.t, p().EditionNumber, number)
		_, err = v.DB.NewestPublished(v.t.Context(), "none")
		refused(v.t, err, governance.CodeNotFound, "not-found")
	})
}
