package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/notary"
	"concordat/store"
)

func startInput(slug string) store.StartSpecificationInput {
	return store.StartSpecificationInput{
		IdempotencyKey: slug, Council: governance.OrganizationID(sceneCouncil), Slug: slug, Document: sample.Document(),
		Message: "First draft.",
	}
}

func TestAStartedSpecificationHasItsTextItsLeadAndItsAct(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		id, err := s.db.StartSpecification(t.Context(), drafter, startInput("heat-pumps"))
		require.NoError(t, err)
		again, err := s.db.StartSpecification(t.Context(), drafter, startInput("heat-pumps"))
		require.NoError(t, err)
		assert.Equal(t, id, again, "a repeat with the same key")
		assert.Equal(t, []string{"SPECIFICATION_STARTED"}, s.acts(string(id)))

		fields := store.Fields{"edition": {"head": {"document": nil, "author": nil, "organization": nil}}}
		specification, err := s.db.Specification(t.Context(), drafter, "heat-pumps", fields)
		require.NoError(t, err)
		assert.Equal(t, sample.Document().Title, specification.Title)
		assert.Equal(t, "heat-council", specification.Council.Slug)
		e, err := s.db.NewestEdition(t.Context(), drafter, specification, nil)
		require.NoError(t, err)
		assert.Equal(t, "heat-academy", e.Lead.Slug)
		assert.Equal(t, governance.StageDrafting, e.Stage)
		assert.Equal(t, "EU/1", e.Profile)
		head, err := s.db.Head(t.Context(), drafter, e, nil)
		require.NoError(t, err)
		bytes, digest, err := notary.EncodeDocument(sample.Document())
		require.NoError(t, err)
		assert.Equal(t, digest, head.Digest)
		assert.Equal(t, bytes, head.Bytes, "the bytes are served as stored")
		assert.Equal(t, "Person 13", *head.Author.Name)
		members, err := s.db.WorkingGroup(t.Context(), drafter, e)
		require.NoError(t, err)
		require.Len(t, members, 1)
		assert.True(t, members[0].Lead)
	})
}

func TestASpecificationThatMayNotBeStartedLeavesNothing(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		s.start("taken")
		before := number(t, s.db, `SELECT count(*) FROM acts`)
		for name, c := range map[string]struct {
			actor  governance.Actor
			change func(*store.StartSpecificationInput)
			code   governance.Code
			reason string
		}{
			"by nobody":                   {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"by an organization off roll": {outsider, nil, governance.CodeForbidden, "role-needed"},
			"by an observer":              {unionObserver, nil, governance.CodeForbidden, "role-needed"},
			"by a person for itself":      {citizen, nil, governance.CodeForbidden, "role-needed"},
			"by the secretary":            {secretary, nil, governance.CodeForbidden, "role-needed"},
			"with a name that was used":   {drafter, func(in *store.StartSpecificationInput) { in.Slug = "taken" }, governance.CodeConflict, "specification-exists"},
			"with a name for no address":  {drafter, func(in *store.StartSpecificationInput) { in.Slug = "Heat Pumps" }, governance.CodeInvalid, "slug-malformed"},
			"with a text in no language":  {drafter, func(in *store.StartSpecificationInput) { in.Document.Languages = nil }, governance.CodeInvalid, "no-language"},
			"from nothing":                {drafter, func(in *store.StartSpecificationInput) { in.Document = governance.Document{} }, governance.CodeInvalid, "one-start"},
			"under no council": {drafter, func(in *store.StartSpecificationInput) {
				in.Council = governance.OrganizationID(sceneProvider)
			}, governance.CodeNotFound, "not-found"},
			"for a need that there is not": {drafter, func(in *store.StartSpecificationInput) {
				in.Needs = []governance.NeedID{governance.NeedID(sceneID(99))}
			}, governance.CodeNotFound, "not-found"},
		} {
			in := startInput("fresh")
			if c.change != nil {
				c.change(&in)
			}
			_, err := s.db.StartSpecification(t.Context(), c.actor, in)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		assert.Equal(t, before, number(t, s.db, `SELECT count(*) FROM acts`))
		assert.EqualValues(t, 0, number(t, s.db, `SELECT count(*) FROM specifications WHERE slug = 'fresh'`))
	})
}

func TestSpecificationsAnswerAcceptedNeedsAlone(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		for i, stage := range []governance.Stage{governance.StageAccepted, governance.StageOpen} {
			change(t, s.db, `INSERT INTO needs (id, council_id, sector, organization_id, person_id, title, description, language,
				country, head_count, urgency, stage, created_at)
				VALUES ($1, $2, 'F43', $3, $4, 'Fitters', 'Too few', 'en', 'LV', 3, 'NOW', $5, $6)`,
				sceneID(50+i), sceneCouncil, sceneEmployer, manufacturer.Person, stage, s.clock.Now())
		}
		in := startInput("answers")
		in.Needs = []governance.NeedID{governance.NeedID(sceneID(50)), governance.NeedID(sceneID(51))}
		_, err := s.db.StartSpecification(t.Context(), drafter, in)
		s.refused(err, governance.CodeInvalid, "need-not-accepted")
		in.Needs = in.Needs[:1]
		id, err := s.db.StartSpecification(t.Context(), drafter, in)
		require.NoError(t, err)
		assert.Equal(t, []string{sceneID(50)}, texts(t, s.db, `SELECT need_id FROM specification_needs WHERE specification_id = $1`, id))
	})
}

func TestSavingATextMovesTheHeadAndSaysHowWeightyItIs(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.clock.Advance(time.Minute)
		first := s.save(e, func(d *governance.Document) { d.Summary["en"] += " More." })
		second := s.save(e, func(d *governance.Document) {
			d.Title["en"] = "Heat pumps, installed"
			d.Workload.Hours = "112"
			d.Workload.Split = nil
		})
		now := s.edition(e)
		assert.Equal(t, second, now.HeadID)
		history, err := s.db.Revisions(t.Context(), drafter, now, store.Page{}, nil)
		require.NoError(t, err)
		require.Len(t, history.Nodes, 3)
		assert.Equal(t, second, history.Nodes[0].ID, "the newest first")
		assert.Equal(t, governance.ClassSubstantive, history.Nodes[0].Class)
		assert.Equal(t, governance.ClassEditorial, history.Nodes[1].Class)
		assert.Equal(t, &first, history.Nodes[0].Parent)
		assert.Equal(t, 3, history.Nodes[0].Number)
		changes, err := s.db.Changes(t.Context(), history.Nodes[0])
		require.NoError(t, err)
		require.NotEmpty(t, changes)
		assert.Equal(t, "/title/en", changes[0].Path)
		specification, err := s.db.SpecificationByID(t.Context(), drafter, e.SpecificationID, nil)
		require.NoError(t, err)
		assert.Equal(t, "Heat pumps, installed", specification.Title["en"])
		assert.Equal(t, []string{"REVISION_SAVED"}, s.acts(string(second)))
	})
}

func TestATextIsSavedOnlyByTheGroupUponTheNewest(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		changed := sample.Document()
		changed.Title["en"] = "Another"
		in := store.SaveRevisionInput{Edition: e.ID, Base: e.HeadID, Document: changed, Message: "Better."}
		for name, c := range map[string]struct {
			actor  governance.Actor
			change func(*store.SaveRevisionInput)
			code   governance.Code
			reason string
		}{
			"by nobody":                {governance.Actor{}, nil, governance.CodeUnauthenticated, "sign-in-needed"},
			"by a person for itself":   {citizen, nil, governance.CodeNotFound, "not-found"},
			"by somebody off the roll": {outsider, nil, governance.CodeNotFound, "not-found"},
			"by the union":             {unionist, nil, governance.CodeForbidden, "role-needed"},
			"by the secretary":         {secretary, nil, governance.CodeForbidden, "role-needed"},
			"upon no text of it":       {drafter, func(in *store.SaveRevisionInput) { in.Base = governance.RevisionID(sceneID(77)) }, governance.CodeNotFound, "not-found"},
			"changing nothing":         {drafter, func(in *store.SaveRevisionInput) { in.Document = sample.Document() }, governance.CodeInvalid, "nothing-changed"},
			"without a word":           {drafter, func(in *store.SaveRevisionInput) { in.Message = " " }, governance.CodeInvalid, "text-missing"},
			"called lighter than it is": {drafter, func(in *store.SaveRevisionInput) {
				in.Document.Workload = governance.Workload{}
				in.Class = governance.ClassEditorial
			}, governance.CodeInvalid, "class-lowered"},
		} {
			bad := in
			if c.change != nil {
				c.change(&bad)
			}
			_, err := s.db.SaveRevision(t.Context(), c.actor, bad)
			t.Log(name)
			s.refused(err, c.code, c.reason)
		}
		s.set(e, governance.StageConsultation)
		_, err := s.db.SaveRevision(t.Context(), drafter, in)
		s.refused(err, governance.CodeConflict, "wrong-stage")
		s.set(e, governance.StageDisposition)
		in.Class = governance.ClassSubstantive
		id, err := s.db.SaveRevision(t.Context(), drafter, in)
		require.NoError(t, err)
		r, err := s.db.Revision(t.Context(), unionist, id, nil)
		require.NoError(t, err)
		assert.Equal(t, governance.ClassSubstantive, r.Class, "raised by the person")
		_, err = s.db.Revision(t.Context(), outsider, id, nil)
		s.refused(err, governance.CodeNotFound, "not-found")
	})
}
