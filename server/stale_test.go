package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store/storetest"
)

// staleCopies are two authors who start from the same text: the college saves first, the academy from its stale copy.
// What comes of it is a text of both, or the conflicts that wantConflicts names.
var staleCopies = map[string]struct {
	college, academy func(*governance.Document)
	want             func(*governance.Document) // on what the college saved, where the two merge
	wantConflicts    []elementConflict          // where they do not
}{
	"different outcomes": {
		college: func(d *governance.Document) { d.Outcomes[0].Statement["en"] = "Names types." },
		academy: func(d *governance.Document) { d.Outcomes[2].Statement["en"] = "Installs one." },
		want:    func(d *governance.Document) { d.Outcomes[2].Statement["en"] = "Installs one." },
	},
	"the same outcome in different languages": {
		college: func(d *governance.Document) { d.Outcomes[0].Statement["en"] = "Names types." },
		academy: func(d *governance.Document) { d.Outcomes[0].Statement["de"] = "Nennt Bauarten." },
		want:    func(d *governance.Document) { d.Outcomes[0].Statement["de"] = "Nennt Bauarten." },
	},
	"the same text": {
		college: func(d *governance.Document) { d.Outcomes[0].Statement["en"] = "Names types." },
		academy: func(d *governance.Document) {
			d.Outcomes[0].Statement["en"] = "Lists types."
			d.Title["en"] = "Kept by the one who decides"
		},
		wantConflicts: []elementConflict{{
			Path: "/outcomes/types/statement/en", Base: sample.Document().Outcomes[0].Statement["en"],
			Theirs: "Names types.", Ours: "Lists types.",
		}},
	},
	"an edit against a removal": {
		college: func(d *governance.Document) { d.Outcomes[2].Statement["en"] = "Installs one." },
		academy: withoutInstall,
		wantConflicts: []elementConflict{{
			Path: "/outcomes/install", Base: element(sample.Document().Outcomes[2]),
			Theirs: element(edited(sample.Document().Outcomes[2], "Installs one.")),
		}},
	},
	"a removal against an edit": {
		college: withoutInstall,
		academy: func(d *governance.Document) { d.Outcomes[2].Statement["en"] = "Installs one." },
		wantConflicts: []elementConflict{{
			Path: "/outcomes/install", Base: element(sample.Document().Outcomes[2]),
			Ours: element(edited(sample.Document().Outcomes[2], "Installs one.")),
		}},
	},
	"a new order against an edit": {
		college: func(d *governance.Document) { slices.Reverse(d.Outcomes) },
		academy: func(d *governance.Document) { d.Outcomes[2].Statement["en"] = "Installs one." },
		want: func(d *governance.Document) {
			at := slices.IndexFunc(d.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == "install" })
			d.Outcomes[at].Statement["en"] = "Installs one."
		},
	},
	"both add": {
		college: func(d *governance.Document) { d.Outcomes = append(d.Outcomes, added("b", "Cleans up.")) },
		academy: func(d *governance.Document) { d.Outcomes = append(d.Outcomes, added("a", "Hands over the papers.")) },
		want: func(d *governance.Document) {
			d.Outcomes = slices.Insert(d.Outcomes, len(d.Outcomes)-1, added("a", "Hands over the papers."))
		},
	},
	"both add under one id": {
		college: func(d *governance.Document) { d.Outcomes = append(d.Outcomes, added("a", "Cleans up.")) },
		academy: func(d *governance.Document) { d.Outcomes = append(d.Outcomes, added("a", "Hands over the papers.")) },
		wantConflicts: []elementConflict{{
			Path: "/outcomes/a/statement/en", Theirs: "Cleans up.", Ours: "Hands over the papers.",
		}},
	},
	"the same change": {
		college: func(d *governance.Document) { d.Title["en"] = "Fitter" },
		academy: func(d *governance.Document) {
			d.Title["en"] = "Fitter"
			d.Summary["de"] = "Kurz."
		},
		want: func(d *governance.Document) { d.Summary["de"] = "Kurz." },
	},
}

// elementConflict is a conflict as the API answers it.
type elementConflict struct {
	Path               string
	Base, Theirs, Ours any
}

func added(id governance.ElementID, en string) governance.LearningOutcome {
	return governance.LearningOutcome{ID: id, Kind: governance.OutcomeSkill, Statement: governance.Text{"en": en}}
}

func edited(o governance.LearningOutcome, en string) governance.LearningOutcome {
	o.Statement["en"] = en
	return o
}

// withoutInstall removes an outcome with all that refers to it.
func withoutInstall(d *governance.Document) {
	d.Outcomes = slices.Delete(d.Outcomes, 2, 3)
	for i := range d.Assessments {
		d.Assessments[i].Proves = slices.DeleteFunc(d.Assessments[i].Proves, func(id governance.ElementID) bool { return id == "install" })
	}
	d.Validation.Evidence = slices.DeleteFunc(d.Validation.Evidence, func(e governance.AcceptedEvidence) bool { return e.ID == "install" })
}

// element is an outcome as JSON reads it.
func element(o governance.LearningOutcome) any {
	changes := governance.Diff(governance.Document{}, governance.Document{Outcomes: []governance.LearningOutcome{o}})
	var value any
	if err := json.Unmarshal(changes[0].Value, &value); err != nil {
		panic(err) // Diff writes JSON
	}
	return value
}

func TestTwoAuthorsWithStaleCopies(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			s := newStage(t, kind)
			play(t, s, "testdata/authors.txt")
			place := 0
			for name, c := range staleCopies {
				place++
				t.Run(name, func(t *testing.T) {
					s.t = t
					d := s.draft(fmt.Sprintf("stale-%d", place))
					first := d.save("koledza-author", d.head, c.college)
					require.Equal(t, "RevisionSaved", first.Typename)
					got := d.save("hanse-author", d.head, c.academy)
					if c.wantConflicts == nil {
						d.assertMerged(first, got, c.want)
					} else {
						d.assertConflict(first, got, c.wantConflicts)
						d.decide(first, c.academy)
					}
				})
			}
		})
	}
}

// drafted is an edition that the college leads and the academy drafts along with it.
type drafted struct {
	*stage
	edition, head string
}

func (s *stage) draft(slug string) drafted {
	s.t.Helper()
	s.persona = "koledza-author"
	started := s.mutate(`mutation($input: StartSpecificationInput!) {
		startSpecification(input: $input) { edition { id head { id } } } }`,
		map[string]any{"council": s.kept["$council"], "slug": slug, "document": asMap(s.t, sample.Document())})
	d := drafted{stage: s}
	d.edition, _ = find(s.t, 0, started, "startSpecification.edition.id").(string)
	d.head, _ = find(s.t, 0, started, "startSpecification.edition.head.id").(string)
	s.mutate(`mutation($input: InviteToWorkingGroupInput!) { inviteToWorkingGroup(input: $input) { __typename } }`,
		map[string]any{"edition": d.edition, "organization": s.kept["$hanse"]})
	s.persona = "hanse-author"
	s.mutate(`mutation($input: AnswerInvitationInput!) { answerInvitation(input: $input) { __typename } }`,
		map[string]any{"edition": d.edition, "accept": true})
	return d
}

func (s *stage) mutate(query string, input map[string]any) map[string]any {
	s.t.Helper()
	answer := s.post(query, map[string]any{"input": input})
	require.Empty(s.t, answer.Errors)
	return answer.Data
}

// saving is what saveRevision answers.
type saving struct {
	Typename string `json:"__typename"`
	Revision struct {
		ID, Parent, Base string
		JSON             governance.Document
		Changes          []struct{ Path string }
	}
	MergedFrom []struct {
		ID           string
		Organization struct{ Slug string }
		Changes      []struct{ Path string }
	}
	Head      struct{ ID string }
	Conflicts []struct {
		elementConflict
		Revision struct {
			ID     string
			Author struct{ Name string }
		}
	}
}

// save saves, as somebody, what a change makes of the first text.
func (d drafted) save(persona, base string, change func(*governance.Document)) saving {
	d.t.Helper()
	document := sample.Document()
	change(&document)
	return d.saveText(persona, base, document)
}

func (d drafted) saveText(persona, base string, document governance.Document) saving {
	d.t.Helper()
	d.persona = persona
	answer := d.mutate(`mutation($input: SaveRevisionInput!) { saveRevision(input: $input) {
		__typename
		... on RevisionSaved {
			revision { id parent base json changes { path } }
			mergedFrom { id organization { slug } changes { path } }
		}
		... on MergeConflict {
			head { id }
			conflicts { path base theirs ours revision { id author { name } } }
		}
	} }`, map[string]any{
		"edition": d.edition, "base": base, "document": asMap(d.t, document), "message": "As I see it.",
		"idempotencyKey": persona + d.edition,
	})
	data, err := json.Marshal(answer["saveRevision"])
	require.NoError(d.t, err)
	var got saving
	require.NoError(d.t, json.Unmarshal(data, &got))
	return got
}

// assertMerged asks for a text of both, upon the college's, that says what it was merged from.
func (d drafted) assertMerged(first, got saving, want func(*governance.Document)) {
	d.t.Helper()
	document := first.Revision.JSON
	want(&document)
	require.Equal(d.t, "RevisionSaved", got.Typename, got.Conflicts)
	assert.Equal(d.t, document, got.Revision.JSON)
	assert.Equal(d.t, first.Revision.ID, got.Revision.Parent)
	assert.Equal(d.t, d.head, got.Revision.Base)
	require.Len(d.t, got.MergedFrom, 1)
	assert.Equal(d.t, first.Revision.ID, got.MergedFrom[0].ID)
	assert.Equal(d.t, "daugava-koledza", got.MergedFrom[0].Organization.Slug)
	assert.Equal(d.t, first.Revision.Changes, got.MergedFrom[0].Changes)
}

// assertConflict asks for every contradiction with its values and who wrote theirs, and that nothing was stored.
func (d drafted) assertConflict(first, got saving, want []elementConflict) {
	d.t.Helper()
	require.Equal(d.t, "MergeConflict", got.Typename)
	assert.Equal(d.t, first.Revision.ID, got.Head.ID)
	var conflicts []elementConflict
	for _, c := range got.Conflicts {
		conflicts = append(conflicts, c.elementConflict)
		assert.Equal(d.t, first.Revision.ID, c.Revision.ID)
		assert.Equal(d.t, "Līga Kalniņa", c.Revision.Author.Name)
	}
	assert.Equal(d.t, want, conflicts)
	var count int
	require.NoError(d.t, d.rows.QueryRow(`SELECT COUNT(*) FROM revisions WHERE edition_id = $1`, d.edition).Scan(&count))
	assert.Equal(d.t, 2, count, "a conflict stores nothing")
}

// decide takes the academy's side and saves again upon the newest text, under the key of the attempt that failed.
func (d drafted) decide(first saving, academy func(*governance.Document)) {
	d.t.Helper()
	document := sample.Document()
	academy(&document)
	got := d.saveText("hanse-author", first.Revision.ID, document)
	require.Equal(d.t, "RevisionSaved", got.Typename)
	assert.Equal(d.t, document, got.Revision.JSON)
	assert.Empty(d.t, got.Revision.Base)
	assert.Empty(d.t, got.MergedFrom)
	again := d.saveText("hanse-author", first.Revision.ID, document)
	assert.Equal(d.t, got, again, "a repeat answers the same")
}
