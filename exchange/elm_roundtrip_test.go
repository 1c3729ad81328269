package exchange_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/exchange"
	"concordat/governance"
)

// elmPlain makes a credential comparable: a term of a published vocabulary is its code, a thing that was described before is
// only named by its class, and what JSON-LD needs besides (identifiers that mean nothing outside of the file, types,
// contexts) is none of what it says.
type elmPlain map[string]bool // by identifier: described

func (seen elmPlain) of(node any) any {
	switch node := node.(type) {
	case map[string]any:
		return seen.object(node)
	case []any:
		plain := make([]any, len(node))
		for i := range node {
			plain[i] = seen.of(node[i])
		}
		return plain
	default:
		return node
	}
}

// elmValues are the classes of things that are no more than what they say: they are compared wherever they stand.
var elmValues = []any{"Concept", "LegalIdentifier", "Identifier", "WebResource", "Note", "Location", "Address"}

func (seen elmPlain) object(node map[string]any) any {
	id, _ := node["id"].(string)
	class := node["type"]
	switch {
	case class == "Concept" && strings.HasPrefix(id, "http") && !strings.HasPrefix(id, "https://register.example/"),
		class == "Mailbox", class == "ShaclValidator2017":
		return id
	case id != "" && seen[id] && !slices.Contains(elmValues, class):
		return fmt.Sprintf("the %v", class)
	}
	seen[id] = true
	plain := map[string]any{}
	for _, name := range slices.SortedFunc(maps.Keys(node), elmFirst) {
		if !slices.Contains([]string{"id", "type", "@context", "inScheme"}, name) {
			plain[name] = seen.of(node[name])
		}
	}
	return plain
}

// elmFirst puts what a draft is made of before what repeats parts of it.
func elmFirst(a, b string) int {
	order := []string{"hasClaim", "credentialSubject", "provenBy", "awardedBy", "specifiedBy"}
	if byOrder := slices.Index(order, b) - slices.Index(order, a); byOrder != 0 {
		return byOrder
	}
	return strings.Compare(a, b)
}

func elmLeaves(tree any) []leaf {
	return leaves(elmPlain{}.of(tree), func(_, member string, value any) (string, bool) {
		for _, envelope := range []string{"/credential/", "/payload/"} {
			if inside, ok := strings.CutPrefix(member, envelope); ok {
				member = "/" + inside
			}
		}
		return member + " = " + inHours(said(value)), true
	})
}

var daysAndHours = regexp.MustCompile(`^P(\d+)DT(\d+)H$`)

// inHours writes a duration of days and hours as the same duration in hours.
func inHours(value string) string {
	found := daysAndHours.FindStringSubmatch(value)
	if found == nil {
		return value
	}
	days, _ := strconv.Atoi(found[1]) // digits
	hours, _ := strconv.Atoi(found[2])
	return fmt.Sprintf("PT%dH", 24*days+hours)
}

// elmAdvice are what a report says of the draft, and not of something that the file has and the draft has not.
var elmAdvice = []string{"kind-missing", "assumed-all", "split-label", "own-term", "language-incomplete", "no-achievement"}

var elmSamples = []string{
	"Sample-MC-Annex1-unsigned.jsonld", "AA-Annex1-MC-unsigned.json", "Sample-MC-Annex1-unsigned-uploadable.json",
	"Sample-MC-Annex1-signed.jsonld", "AA-Annex1-MC-signed.jsonld", "Sample-CertOfPart-unsigned.jsonld",
	"Sample-CertOfPart-signed.jsonld", "Sample-MastersDegree-unsigned.json", "credential-sample.jsonld",
}

func TestTheCommissionsCredentialsDifferAfterARoundTripByExactlyTheReports(t *testing.T) {
	for _, name := range elmSamples {
		t.Run(name, func(t *testing.T) {
			data, imported := readSample(t, name)
			export := exported(t, publish(t, imported.Document, imported.Offer), exchange.ELMCredential)
			trip := roundTrip{before: elmLeaves(opened(t, data)), after: elmLeaves(treeOf(t, export.Bytes)), report: imported.Report}
			assertELM(t, trip, export)
		})
	}
}

func TestTheCommissionsCredentialsAreValidAfterARoundTrip(t *testing.T) {
	for _, format := range exchange.ELMFormats {
		t.Run(string(format), func(t *testing.T) {
			var files [][]byte
			for _, name := range elmSamples {
				_, imported := readSample(t, name)
				p := publish(t, imported.Document, imported.Offer)
				if format != exchange.ELMCredential && (len(p.Document.Outcomes) == 0 || len(p.Document.Classification.ISCEDF) == 0) {
					_, err := exportELM(p, format, governance.Codes{})
					require.Error(t, err, "%s lacks what the format wants", name)
					continue
				}
				files = append(files, exported(t, p, format).Bytes)
			}
			assert.GreaterOrEqual(t, len(files), 6, "the examples of Annex I, the degree")
			judge(t, string(format), elmFiles[format], files...)
		})
	}
}

func readSample(t *testing.T, name string) ([]byte, exchange.Import) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(sharedDir(t), "standards", "elm", "examples", name))
	require.NoError(t, err)
	imported, err := exchange.ImportELM(data)
	require.NoError(t, err)
	return data, imported
}

// opened is a file's tree, with the credential in the place of a signed envelope's payload.
func opened(t *testing.T, data []byte) any {
	t.Helper()
	tree := treeOf(t, data)
	envelope, _ := tree.(map[string]any)
	if payload, ok := envelope["payload"].(string); ok {
		if !strings.HasPrefix(payload, "{") {
			decoded, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(payload, "="))
			require.NoError(t, err)
			payload = string(decoded)
		}
		envelope["payload"] = treeOf(t, []byte(payload))
	}
	return tree
}

// assertELM fails unless the two reports say exactly how the file and its export differ.
func assertELM(t *testing.T, trip roundTrip, export exchange.Export) {
	t.Helper()
	lost := trip.lost()
	for _, l := range lost {
		assert.True(t, slices.ContainsFunc(trip.report, func(loss exchange.Loss) bool {
			return !slices.Contains(elmAdvice, loss.Reason) && covers(loss, l)
		}), "lost and not reported: %s (%s)", l.path, l.key)
	}
	for _, loss := range trip.report {
		if !slices.Contains(elmAdvice, loss.Reason) {
			assert.True(t, slices.ContainsFunc(lost, func(l leaf) bool { return covers(loss, l) }), "reported and not lost: %s %s", loss.Path, loss.Reason)
		}
	}
	for _, l := range trip.added() {
		assert.True(t, slices.ContainsFunc(export.Report, func(loss exchange.Loss) bool {
			return loss.Kind == exchange.LossAdded && covers(loss, l)
		}) || changed(trip, l) || repeated(trip, l), "added and not reported: %s (%s)", l.path, l.key)
	}
	for _, loss := range export.Report {
		if loss.Kind != exchange.LossAdded {
			t.Errorf("lost by the export: %s %s", loss.Path, loss.Reason)
		}
	}
}

// changed says whether a leaf of the export stands for one that the report says was changed: the same words elsewhere, or
// something else in the same place.
func changed(trip roundTrip, l leaf) bool {
	member, value, _ := strings.Cut(l.key, " = ")
	return slices.ContainsFunc(trip.lost(), func(before leaf) bool {
		was, said, _ := strings.Cut(before.key, " = ")
		return slices.ContainsFunc(trip.report, func(loss exchange.Loss) bool {
			return loss.Kind == exchange.LossChanged && covers(loss, before) &&
				(loss.Reason == "moved" && said == value || loss.Reason == "days-of-months" && was == member)
		})
	})
}

// repeated says whether a leaf of the export is said in the file too, of another thing: a mode of the whole is the provider's,
// and a title the achievement's.
func repeated(trip roundTrip, l leaf) bool {
	if strings.Contains(l.key, " = the ") {
		return true // a thing that is described elsewhere
	}
	last := func(key string) string {
		member, value, _ := strings.Cut(key, " = ")
		return elmLast.FindString(member) + value
	}
	return slices.ContainsFunc(trip.before, func(before leaf) bool { return last(before.key) == last(l.key) })
}

// elmLast is the last member of a path, with the language where there is one.
var elmLast = regexp.MustCompile(`[A-Za-z]{3,}(/[a-z]{2,3})?$`)
