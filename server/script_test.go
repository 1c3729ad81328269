package server

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// A script is a text that a stakeholder can read. A line that begins with == opens a scene; # begins a remark. The other
// lines:
//
//	as PERSONA [for ORGANIZATION]     who acts from here on
//	do MUTATION                       with its input as YAML, indented; $names stand for what was kept
//	ask                               with a GraphQL query, indented
//	refused CODE REASON               the do above is refused, and leaves nothing behind
//	keep PATH as $NAME                from the answer above
//	see PATH is VALUE                 in the answer above; also: has, for a part of it
//	later N days                      the clock moves, and what is due is done
//	told                              everybody is told what concerns them
//	take the Commission's example as $NAME
//	in $NAME set|insert PATH = JSON   changes a kept document, or sets a member of a kept charter
type script struct{ scenes []scene }

type scene struct {
	title string
	lines []line
}

// line is one instruction with everything that belongs to it.
type line struct {
	number  int
	verb    string
	rest    string
	block   string // the indented lines below, as they stand
	follows []line // keep, see, refused
}

var follower = map[string]bool{"keep": true, "see": true, "refused": true}

func readScript(t *testing.T, path string) script {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var s script
	for number, text := range strings.Split(string(data), "\n") {
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "" || strings.HasPrefix(text, "#"):
		case strings.HasPrefix(text, "=="):
			s.scenes = append(s.scenes, scene{title: strings.TrimSpace(strings.TrimPrefix(text, "=="))})
		default:
			require.NotEmpty(t, s.scenes, "line %d stands before the first scene", number+1)
			s.scenes[len(s.scenes)-1].add(t, number+1, text)
		}
	}
	return s
}

func (s *scene) add(t *testing.T, number int, text string) {
	t.Helper()
	if text[0] == ' ' || text[0] == '\t' {
		require.NotEmpty(t, s.lines, "line %d is indented below nothing", number)
		last := &s.lines[len(s.lines)-1]
		last.block += text + "\n"
		return
	}
	verb, rest, _ := strings.Cut(text, " ")
	next := line{number: number, verb: verb, rest: strings.TrimSpace(rest)}
	if follower[verb] {
		require.NotEmpty(t, s.lines, "line %d follows nothing", number)
		last := &s.lines[len(s.lines)-1]
		last.follows = append(last.follows, next)
		return
	}
	s.lines = append(s.lines, next)
}

var variable = regexp.MustCompile(`\$[a-zA-Z][a-zA-Z0-9]*`)

// input reads the block as YAML and puts in what was kept.
func (l line) input(t *testing.T, kept map[string]any) map[string]any {
	t.Helper()
	input := map[string]any{}
	require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(l.block, "\t", "  ")), &input), "line %d", l.number)
	return fill(t, l.number, input, kept).(map[string]any)
}

// fill replaces $names: a text that is one name by what was kept, of whatever type; names inside a text by their words.
func fill(t *testing.T, number int, value any, kept map[string]any) any {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = fill(t, number, item, kept)
		}
	case []any:
		for i, item := range v {
			v[i] = fill(t, number, item, kept)
		}
	case string:
		if variable.FindString(v) == v && v != "" {
			require.Contains(t, kept, v, "line %d", number)
			return kept[v]
		}
		if days, ok := strings.CutPrefix(v, "in "); ok && strings.HasSuffix(days, " days") {
			return inDays(t, number, strings.TrimSuffix(days, " days"), kept)
		}
		return words(t, number, v, kept)
	}
	return value
}

// inDays is the date so many days from the day that the stage's clock shows.
func inDays(t *testing.T, number int, days string, kept map[string]any) string {
	t.Helper()
	n, err := strconv.Atoi(days)
	require.NoError(t, err, "line %d", number)
	today, err := time.Parse(time.DateOnly, toText(kept["$today"]))
	require.NoError(t, err, "line %d", number)
	return today.AddDate(0, 0, n).Format(time.DateOnly)
}

// words puts what was kept into a text.
func words(t *testing.T, number int, text string, kept map[string]any) string {
	t.Helper()
	return variable.ReplaceAllStringFunc(text, func(name string) string {
		require.Contains(t, kept, name, "line %d", number)
		return toText(kept[name])
	})
}

// isType says whether a part of a path is a type, one of those that the answer may be of: RevisionSaved.revision.id.
func isType(name string) bool { return name[0] >= 'A' && name[0] <= 'Z' }

// selection is the GraphQL selection that answers every path that the lines below look at.
func (l line) selection() string {
	type node map[string]node
	root := node{}
	for _, f := range l.follows {
		if f.verb == "refused" {
			continue
		}
		path, _, _ := strings.Cut(f.rest, " ")
		at := root
		for _, name := range strings.Split(path, ".") {
			if name[0] >= '0' && name[0] <= '9' {
				continue
			}
			if at[name] == nil {
				at[name] = node{}
			}
			at = at[name]
		}
	}
	var write func(node) string
	write = func(n node) string {
		if len(n) == 0 {
			return ""
		}
		var fields []string
		for name, below := range n {
			if isType(name) {
				name = "... on " + name
			}
			fields = append(fields, name+write(below))
		}
		return " { " + strings.Join(fields, " ") + " }"
	}
	if len(root) == 0 {
		return " { __typename }"
	}
	return write(root)
}
