package exchange_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
)

// leaf is a value at the end of a file's tree.
type leaf struct {
	path string // JSON Pointer
	key  string // what the value belongs to, and the value: the same in any file that says the same
}

// roundTrip compares a file with what became of it after an import and an export in the same format.
type roundTrip struct {
	before, after []leaf
	report        []exchange.Loss
}

// lost are the leaves of the file that the export does not have.
func (r roundTrip) lost() []leaf { return without(r.before, r.after) }

// added are the leaves of the export that the file does not have.
func (r roundTrip) added() []leaf { return without(r.after, r.before) }

func without(of, others []leaf) []leaf {
	count := map[string]int{}
	for _, l := range others {
		count[l.key]++
	}
	var left []leaf
	for _, l := range of {
		if count[l.key]--; count[l.key] < 0 {
			left = append(left, l)
		}
	}
	return left
}

// covers says whether a loss is about the leaf. One without a path is about the draft as a whole, and covers nothing.
func covers(loss exchange.Loss, l leaf) bool {
	return loss.Path != "" && (l.path == loss.Path || strings.HasPrefix(l.path, loss.Path+"/"))
}

// assertExactly fails unless the losses of the report are exactly the differences: whatever the export lacks is
// reported, whatever is reported is lacking, and nothing is added but what the export fills in itself.
func (r roundTrip) assertExactly(t *testing.T, fillsIn func(key string) bool) {
	t.Helper()
	lost := r.lost()
	for _, l := range lost {
		assert.True(t, slices.ContainsFunc(r.report, func(loss exchange.Loss) bool { return covers(loss, l) }), "lost and not reported: %s (%s)", l.path, l.key)
	}
	for _, loss := range r.report {
		if loss.Path == "" {
			assert.Equal(t, "language-incomplete", loss.Reason)
			continue
		}
		assert.True(t, slices.ContainsFunc(lost, func(l leaf) bool { return covers(loss, l) }), "reported and not lost: %s %s", loss.Path, loss.Reason)
	}
	for _, l := range r.added() {
		assert.True(t, fillsIn(l.key), "added out of nothing: %s", l.key)
	}
}

// leaves lists the values of a tree. name gives the key of the member at a path; ok says whether it counts.
func leaves(tree any, key func(path, member string, value any) (string, bool)) []leaf {
	var all []leaf
	var walk func(node any, path, member string)
	walk = func(node any, path, member string) {
		switch value := node.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(value)) {
				walk(value[name], path+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), member+"/"+name)
			}
		case []any:
			for at, element := range value {
				walk(element, path+"/"+strconv.Itoa(at), member)
			}
		case nil:
		default:
			if k, ok := key(path, member, value); ok && value != "" {
				all = append(all, leaf{path, k})
			}
		}
	}
	walk(tree, "", "")
	return all
}

func treeOf(t testing.TB, data []byte) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	decoder.UseNumber()
	var tree any
	require.NoError(t, decoder.Decode(&tree))
	return tree
}

// said writes a value so that 10, 10.0 and "10" stay what they are, and 100.0 is 100.
func said(value any) string {
	if number, ok := value.(json.Number); ok {
		if f, err := number.Float64(); err == nil {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return fmt.Sprint(value)
}
