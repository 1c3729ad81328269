package recent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatWasAskedForLastIsKept(t *testing.T) {
	v := New[string, string](300)
	at := func(key string) string {
		value, _ := v.Get(key)
		return value
	}
	for _, key := range []string{"a", "b", "c"} {
		v.Put(key, key, 100)
	}
	require.Equal(t, "a", at("a"))
	v.Put("d", "d", 100)
	_, there := v.Get("b")
	assert.False(t, there, "nobody had asked for it for the longest")
	assert.Equal(t, "a", at("a"))
	v.Put("a", "A", 50)
	assert.Equal(t, "A", at("a"), "the newer takes the place of the older")
	v.Put("e", "e", 400)
	_, there = v.Get("e")
	assert.False(t, there, "it would throw out everything else")
	assert.Equal(t, "d", at("d"))
	assert.Equal(t, 250, v.size)
	assert.Len(t, v.found, 3)
	assert.Equal(t, 3, v.order.Len())
}
