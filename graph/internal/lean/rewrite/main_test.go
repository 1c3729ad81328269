package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheTryoutIsRewrittenWhole(t *testing.T) {
	text, err := os.ReadFile("../../tryout/generated.go")
	require.NoError(t, err)
	got := string(text)

	again, err := rewrite(got)
	require.NoError(t, err)
	assert.Equal(t, got, again, "a second rewrite changes nothing")
	assert.NotContains(t, got, "graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, func")
	assert.NotContains(t, got, "graphql.NewDeferredGroup(")
	assert.Contains(t, got, "return ec.marshalNString2string(ctx, field.Selections, obj.Text)\n", "a leaf")
	assert.Contains(t, got, `(lean.At(ctx, "Comment", field), field.Selections, obj.Author)`, "an object")
	assert.Contains(t, got, "out := lean.NewObject(fields)\n")
	assert.Contains(t, got, "\treturn graphql.ResolveField(\n", "what has a resolver or arguments keeps gqlgen's way")
}

func TestFilesThatGqlgenDidNotWriteAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	text := []byte("package x\n\nvar _ = graphql.NewDeferredGroup(ctx)\n")
	require.NoError(t, os.WriteFile(dir+"/x.go", text, 0o600))

	n, err := rewriteDir(dir)
	require.NoError(t, err)
	assert.Zero(t, n)
	got, err := os.ReadFile(dir + "/x.go")
	require.NoError(t, err)
	assert.Equal(t, text, got)
}

func TestANullThatNeedsItsOwnPathKeepsResolveField(t *testing.T) {
	assert.True(t, nilable("*string"))
	assert.True(t, nilable("map[string]any"))
	assert.False(t, nilable("string"))
	assert.False(t, nilable("[]string"))
}
