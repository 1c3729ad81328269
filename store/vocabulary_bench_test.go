package store_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// BenchmarkSearchTerms types the labels of skills and occupations, letter by letter, into a search of both, in three
// languages: those of ESCO where the standards are at hand (CONCORDAT_SHARED), else 14,000 skills and 3,000 occupations made
// up. It reports the times of half and of 99 of 100 searches, how long the first one took, and what the index weighs.
func BenchmarkSearchTerms(b *testing.B) {
	vocabularies, origin := escoOfTheStandards(b)
	if vocabularies == nil {
		vocabularies, origin = escoMadeUp(), "made up"
	}
	for _, kind := range storetest.Kinds {
		b.Run(kind+"/"+origin, func(b *testing.B) {
			db := storetest.Open(b, kind)
			for _, v := range vocabularies {
				_, err := db.LoadVocabulary(b.Context(), v, nil)
				require.NoError(b, err)
			}
			before := heap()
			begun := time.Now()
			search(b, db, typing{"weld", "en"})
			first := time.Since(begun)
			weight := heap() - before
			typed := typings(vocabularies)
			times := make([]time.Duration, 0, b.N)
			b.ResetTimer()
			for i := range b.N {
				begun := time.Now()
				search(b, db, typed[i%len(typed)])
				times = append(times, time.Since(begun))
			}
			b.StopTimer()
			slices.Sort(times)
			b.ReportMetric(milliseconds(times[len(times)/2]), "p50-ms")
			b.ReportMetric(milliseconds(times[len(times)*99/100]), "p99-ms")
			b.ReportMetric(milliseconds(times[len(times)-1]), "max-ms")
			b.ReportMetric(milliseconds(first), "first-ms")
			b.ReportMetric(float64(weight)/(1<<20), "index-MB")
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// typing is what somebody has typed so far, in a language.
type typing struct{ words, language string }

func search(b *testing.B, db *store.DB, t typing) {
	if _, err := db.SearchTerms(b.Context(), store.TermSearch{Words: t.words, Language: t.language}); err != nil {
		b.Fatal(err)
	}
}

// typings are the beginnings of labels and, for every other one, of their words the other way round.
func typings(vocabularies []governance.Vocabulary) (typed []typing) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		v := vocabularies[random.IntN(len(vocabularies))]
		labels := v.Terms[random.IntN(len(v.Terms))].Labels
		for language, all := range labels {
			words := strings.Fields(all[0])
			if random.IntN(2) == 0 {
				slices.Reverse(words)
			}
			letters := []rune(strings.Join(words, " "))
			for n := 1; n <= min(len(letters), 20); n++ {
				typed = append(typed, typing{string(letters[:n]), language})
			}
		}
	}
	random.Shuffle(len(typed), func(i, j int) { typed[i], typed[j] = typed[j], typed[i] })
	return typed
}

// escoOfTheStandards are skills and occupations of ESCO 1.2 in English, French and Spanish; nil where they are not at hand.
func escoOfTheStandards(b *testing.B) (vocabularies []governance.Vocabulary, origin string) {
	shared := os.Getenv("CONCORDAT_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	for name, scheme := range map[string]governance.Scheme{"skills": governance.SchemeESCOSkill, "occupations": governance.SchemeESCOOccupation} {
		file, err := os.Open(filepath.Join(shared, "standards", "esco", name+".csv.gz"))
		if err != nil {
			return nil, ""
		}
		packed, err := gzip.NewReader(file)
		require.NoError(b, err)
		vocabularies = append(vocabularies, governance.Vocabulary{Scheme: scheme, Version: "1.2.0", Terms: escoTerms(b, packed)})
		require.NoError(b, file.Close())
	}
	return vocabularies, "ESCO"
}

func escoTerms(b *testing.B, in io.Reader) (terms []governance.Term) {
	records, err := csv.NewReader(in).ReadAll()
	require.NoError(b, err)
	for _, record := range records[1:] {
		t := governance.Term{Labels: map[string][]string{}}
		for i, name := range records[0] {
			switch language, isLabel := strings.CutPrefix(name, "label_"); {
			case name == "uri":
				t.URI = governance.URI(record[i])
			case isLabel && record[i] != "":
				t.Labels[language] = []string{record[i]}
			}
		}
		for i, name := range records[0] {
			if name == "altLabels_en" && record[i] != "" {
				t.Labels["en"] = append(t.Labels["en"], strings.Split(record[i], " | ")...)
			}
		}
		terms = append(terms, t)
	}
	return terms
}

// escoMadeUp are as many terms as ESCO has, of words of letters that come as often as in English.
func escoMadeUp() (vocabularies []governance.Vocabulary) {
	random := rand.New(rand.NewPCG(3, 4))
	const letters = "etaoinshrdlcumwfgypbvk"
	words := make([]string, 3000)
	for i := range words {
		word := make([]byte, 3+random.IntN(8))
		for j := range word {
			word[j] = letters[min(random.IntN(len(letters)), random.IntN(len(letters)))]
		}
		words[i] = string(word)
	}
	for scheme, count := range map[governance.Scheme]int{governance.SchemeESCOSkill: 14_000, governance.SchemeESCOOccupation: 3_000} {
		v := governance.Vocabulary{Scheme: scheme, Version: "1"}
		for i := range count {
			t := governance.Term{URI: governance.URI(fmt.Sprintf("http://data.europa.eu/esco/%s/%d", scheme, i)), Labels: map[string][]string{}}
			for _, language := range []string{"en", "fr", "es"} {
				for range 2 {
					label := words[random.IntN(len(words))]
					for range 2 + random.IntN(3) {
						label += " " + words[random.IntN(len(words))]
					}
					t.Labels[language] = append(t.Labels[language], label)
				}
			}
			v.Terms = append(v.Terms, t)
		}
		vocabularies = append(vocabularies, v)
	}
	return vocabularies
}
