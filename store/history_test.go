package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
)

// joins lets the union into the working group.
func (s scene) joins(e *store.Edition) {
	s.t.Helper()
	_, err := s.db.InviteToWorkingGroup(s.t.Context(), drafter, store.InviteToWorkingGroupInput{Edition: e.ID, Organization: unionist.Organization})
	require.NoError(s.t, err)
	_, err = s.db.AnswerInvitation(s.t.Context(), unionist, store.AnswerInvitationInput{Edition: e.ID, Accept: true})
	require.NoError(s.t, err)
}

// saveStale saves what a change makes of the text that the edition began with, upon that text.
func (s scene) saveStale(actor governance.Actor, e *store.Edition, change func(*governance.Document)) (governance.RevisionID, error) {
	document := sample.Document()
	change(&document)
	return s.db.SaveRevision(s.t.Context(), actor, store.SaveRevisionInput{
		Edition: e.ID, Base: e.HeadID, Document: document, Message: "From an older copy.",
	})
}

// digestsOf reads what the act on an object binds to.
func (s scene) digestsOf(object governance.RevisionID) map[string]governance.Digest {
	s.t.Helper()
	var body struct{ Digests map[string]governance.Digest }
	require.NoError(s.t, json.Unmarshal([]byte(texts(s.t, s.db, `SELECT body FROM acts WHERE object_id = $1`, object)[0]), &body))
	return body.Digests
}

func TestAMergedRevisionBindsToBothItsParentsAndWeighsWhatItsAuthorBrings(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.joins(e)
		weighty := s.save(e, func(d *governance.Document) { d.Workload.Hours = "112"; d.Workload.Split = nil })
		merged, err := s.saveStale(unionist, e, func(d *governance.Document) { d.Summary["en"] = "Short." })
		require.NoError(t, err)
		r, err := s.db.Revision(t.Context(), drafter, merged, store.Fields{"document": nil})
		require.NoError(t, err)
		assert.Equal(t, governance.ClassEditorial, r.Class, "the hours are somebody else's change")
		assert.Equal(t, governance.Decimal("112"), r.Document.Workload.Hours)
		assert.Equal(t, "Short.", r.Document.Summary["en"])
		assert.Equal(t, weighty, *r.Parent)
		assert.Equal(t, e.HeadID, *r.Base)
		parent, err := s.db.Revision(t.Context(), drafter, weighty, nil)
		require.NoError(t, err)
		assert.Equal(t, map[string]governance.Digest{
			"document": r.Digest, "base": e.HeadDigest, "parent": parent.Digest,
		}, s.digestsOf(merged))
		from, err := s.db.MergedFrom(t.Context(), unionist, r, nil)
		require.NoError(t, err)
		require.Len(t, from, 1)
		assert.Equal(t, weighty, from[0].ID)
	})
}

func TestAContradictionStoresNothingAndIsARefusalToWhoeverDoesNotAskForIt(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.joins(e)
		wrote := s.save(e, func(d *governance.Document) { d.Title["en"] = "Fitter" })
		s.save(e, func(d *governance.Document) { d.Summary["en"] = "Short." })
		before := number(t, s.db, `SELECT count(*) FROM acts`)
		_, err := s.saveStale(unionist, e, func(d *governance.Document) { d.Title["en"] = "Installer" })
		conflict, ok := errors.AsType[*store.MergeConflict](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, governance.CodeConflict, governance.CodeOf(err))
		assert.Equal(t, s.edition(e).HeadID, conflict.Head.ID)
		require.Len(t, conflict.Conflicts, 1)
		assert.Equal(t, "/title/en", conflict.Conflicts[0].Path)
		assert.Equal(t, wrote, conflict.Conflicts[0].Revision.ID, "not the newest one, which changed something else")
		assert.Equal(t, before, number(t, s.db, `SELECT count(*) FROM acts`))
		other := s.start("other")
		_, err = s.db.SaveRevision(t.Context(), drafter, store.SaveRevisionInput{
			Edition: e.ID, Base: other.HeadID, Document: sample.Document(), Message: "Upon another edition's.",
		})
		s.refused(err, governance.CodeNotFound, "not-found")
	})
}

func TestWhatManySaveAtOnceIsAllThere(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		const authors = 12
		var wait sync.WaitGroup
		for i := range authors {
			wait.Go(func() {
				_, err := s.saveStale(drafter, e, func(d *governance.Document) {
					d.Outcomes = append(d.Outcomes, governance.LearningOutcome{ID: governance.ElementID(fmt.Sprintf("n%02d", i))})
				})
				assert.NoError(t, err)
			})
		}
		wait.Wait()
		head, err := s.db.Head(t.Context(), drafter, s.edition(e), store.Fields{"document": nil})
		require.NoError(t, err)
		assert.Equal(t, authors+1, head.Number)
		require.Len(t, head.Document.Outcomes, len(sample.Document().Outcomes)+authors)
		for i := range authors {
			assert.True(t, head.Document.Has(fmt.Sprintf("/outcomes/n%02d", i)), i)
		}
	})
}

func TestAnOldTextComesBackAsANewRevision(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		changed := s.save(e, func(d *governance.Document) { d.Title["en"] = "Fitter" })
		other := s.start("other")
		in := store.RestoreRevisionInput{Edition: e.ID, Revision: e.HeadID, Base: changed, Message: "It was better.", IdempotencyKey: "k"}
		for name, c := range map[string]struct {
			actor  governance.Actor
			change func(*store.RestoreRevisionInput)
			code   governance.Code
			reason string
		}{
			"by the union":                 {unionist, nil, governance.CodeForbidden, "role-needed"},
			"by somebody off the roll":     {outsider, nil, governance.CodeNotFound, "not-found"},
			"where somebody saved since":   {drafter, func(in *store.RestoreRevisionInput) { in.Base = e.HeadID }, governance.CodeConflict, "stale-base"},
			"the newest text":              {drafter, func(in *store.RestoreRevisionInput) { in.Revision = changed }, governance.CodeInvalid, "nothing-changed"},
			"another specification's text": {drafter, func(in *store.RestoreRevisionInput) { in.Revision = other.HeadID }, governance.CodeNotFound, "not-found"},
			"a text that there never was":  {drafter, func(in *store.RestoreRevisionInput) { in.Revision = governance.RevisionID(sceneID(77)) }, governance.CodeNotFound, "not-found"},
			"without saying why":           {drafter, func(in *store.RestoreRevisionInput) { in.Message = "" }, governance.CodeInvalid, "text-missing"},
		} {
			bad := in
			if c.change != nil {
				c.change(&bad)
			}
			_, err := s.db.RestoreRevision(t.Context(), c.actor, bad)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		id, err := s.db.RestoreRevision(t.Context(), drafter, in)
		require.NoError(t, err)
		again, err := s.db.RestoreRevision(t.Context(), drafter, in)
		require.NoError(t, err)
		assert.Equal(t, id, again)
		r, err := s.db.Revision(t.Context(), drafter, id, nil)
		require.NoError(t, err)
		assert.Equal(t, e.HeadDigest, r.Digest)
		assert.Equal(t, e.HeadID, *r.Restored)
		assert.Equal(t, 3, r.Number, "nothing that was saved is taken away")
		assert.Equal(t, []string{"REVISION_RESTORED"}, s.acts(string(id)))
	})
}

func TestAnyTwoRevisionsOfASpecificationAreCompared(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.save(e, func(d *governance.Document) { d.Title["en"] = "Fitter" })
		last := s.save(e, func(d *governance.Document) { d.Level.EQF = 5 })
		got, err := s.db.Compare(t.Context(), unionist, e.HeadID, last, nil)
		require.NoError(t, err)
		assert.Equal(t, governance.ClassSubstantive, got.Class)
		require.Len(t, got.Changes, 2)
		assert.NotEmpty(t, got.Changes[0].Spans())
		back, err := s.db.Compare(t.Context(), unionist, last, e.HeadID, nil)
		require.NoError(t, err)
		assert.Len(t, back.Changes, 2)
		_, err = s.db.Compare(t.Context(), outsider, e.HeadID, last, nil)
		s.refused(err, governance.CodeNotFound, "not-found")
		other := s.start("other")
		_, err = s.db.Compare(t.Context(), unionist, e.HeadID, other.HeadID, nil)
		s.refused(err, governance.CodeInvalid, "another-specification")
	})
}

// blamed answers who wrote each element last: the revision and the organization's short name.
func (s scene) blamed(e *store.Edition) map[string]string {
	s.t.Helper()
	lines, err := s.db.Blame(s.t.Context(), drafter, e, "", store.Fields{"author": nil, "organization": nil})
	require.NoError(s.t, err)
	wrote := map[string]string{}
	for _, line := range lines {
		wrote[line.Path] = string(line.Revision.ID) + " " + line.Organization.Slug
	}
	return wrote
}

func TestWhoWroteAnElementIsKnownThroughMergesRestoresSuggestionsAndEditions(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.joins(e)
		titled := s.save(e, func(d *governance.Document) { d.Title["en"] = "Fitter" })
		summed, err := s.saveStale(unionist, e, func(d *governance.Document) { d.Summary["en"] = "Short." })
		require.NoError(t, err)
		suggestion, err := s.db.Suggest(t.Context(), manufacturer, store.SuggestInput{
			Edition: e.ID, Base: summed, Reason: "Clearer.",
			Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: "/prerequisites/en", Value: []byte(`"None."`)}},
		})
		require.NoError(t, err)
		_, err = s.db.AcceptSuggestion(t.Context(), drafter, store.AcceptSuggestionInput{Suggestion: suggestion})
		require.NoError(t, err)
		suggested := s.edition(e).HeadID
		want := map[string]string{
			"/title/en": string(titled) + " heat-academy", "/title/de": string(e.HeadID) + " heat-academy",
			"/summary/en": string(summed) + " metal-union", "/prerequisites/en": string(suggested) + " pump-works",
		}
		assert.Subset(t, s.blamed(e), want)

		s.save(e, func(d *governance.Document) { d.Title["en"] = "Installer"; d.Summary["en"] = "Shorter." })
		_, err = s.db.RestoreRevision(t.Context(), drafter, store.RestoreRevisionInput{Edition: e.ID, Revision: suggested, Message: "Back."})
		require.NoError(t, err)
		assert.Subset(t, s.blamed(e), want, "restored")

		s.set(e, governance.StageAbandoned)
		next, err := s.db.StartEdition(t.Context(), drafter, store.StartEditionInput{Specification: e.SpecificationID, Number: "1.1"})
		require.NoError(t, err)
		further, err := s.db.Edition(t.Context(), drafter, next, nil)
		require.NoError(t, err)
		assert.Subset(t, s.blamed(further), want, "taken over into a further edition")
		lines, err := s.db.Blame(t.Context(), drafter, further, "/title", nil)
		require.NoError(t, err)
		assert.Len(t, lines, 2)
	})
}
