package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
	"concordat/store/storetest"
)

func TestASpecificationStartsFromAnEditionOrATemplate(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		first := s.start("heat-pumps")
		s.clock.Advance(time.Second)
		start := func(by governance.Actor, slug string, change func(in *store.StartSpecificationInput)) (*store.Edition, error) {
			in := store.StartSpecificationInput{Council: governance.OrganizationID(sceneCouncil), Slug: slug}
			change(&in)
			id, err := s.db.StartSpecification(t.Context(), by, in)
			if err != nil {
				return nil, err
			}
			specification, err := s.db.SpecificationByID(t.Context(), by, id, nil)
			require.NoError(t, err)
			return s.db.NewestEdition(t.Context(), by, specification, nil)
		}
		copied, err := start(manufacturer, "heat-pumps-lv", func(in *store.StartSpecificationInput) { in.BasedOn = first.ID })
		require.NoError(t, err)
		assert.Equal(t, first.HeadDigest, copied.HeadDigest)
		assert.Equal(t, []string{string(first.ID)}, texts(t, s.db, `SELECT based_on FROM editions WHERE id = $1`, copied.ID))

		made, err := start(manufacturer, "from-a-template", func(in *store.StartSpecificationInput) {
			in.Template, in.Languages = governance.TemplateWorkBased, []governance.LanguageTag{"lv", "en"}
		})
		require.NoError(t, err)
		head, err := s.db.Head(t.Context(), manufacturer, made, store.Fields{"document": nil})
		require.NoError(t, err)
		assert.Equal(t, governance.LanguageTag("lv"), head.Document.PrimaryLanguage())
		assert.Len(t, head.Document.Outcomes, 3)

		for name, test := range map[string]struct {
			change func(in *store.StartSpecificationInput)
			code   governance.Code
			reason string
		}{
			"nothing":      {func(*store.StartSpecificationInput) {}, governance.CodeInvalid, "one-start"},
			"two things":   {func(in *store.StartSpecificationInput) { in.BasedOn, in.Document = first.ID, sample.Document() }, governance.CodeInvalid, "one-start"},
			"no template":  {func(in *store.StartSpecificationInput) { in.Template = "none" }, governance.CodeInvalid, "no-such-template"},
			"no languages": {func(in *store.StartSpecificationInput) { in.Template = governance.TemplateShortCourse }, governance.CodeInvalid, "no-language"},
			"no edition":   {func(in *store.StartSpecificationInput) { in.BasedOn = governance.EditionID(sceneID(99)) }, governance.CodeNotFound, "not-found"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := start(manufacturer, "another", test.change)
				refused(t, err, test.code, test.reason)
			})
		}
		change(t, s.db, `UPDATE editions SET closed_group = 1 WHERE id = $1`, first.ID)
		_, err = start(manufacturer, "another", func(in *store.StartSpecificationInput) { in.BasedOn = first.ID })
		s.refused(err, governance.CodeNotFound, "not-found")
	})
}

func TestAFurtherEditionStartsFromAnEarlierOneOrAnImport(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		first := s.start("heat-pumps")
		s.set(first, governance.StagePublished)
		need := s.need(governance.StageAccepted)
		start := func(number string, change func(in *store.StartEditionInput)) (*store.Edition, error) {
			s.clock.Advance(time.Second)
			in := store.StartEditionInput{Specification: first.SpecificationID, Number: number}
			change(&in)
			id, err := s.db.StartEdition(t.Context(), manufacturer, in)
			if err != nil {
				return nil, err
			}
			e, err := s.db.Edition(t.Context(), manufacturer, id, nil)
			require.NoError(t, err)
			s.set(e, governance.StageAbandoned)
			return e, nil
		}
		imported := s.copyOf(sample.Document())
		imported.Workload.Hours = "200"
		second, err := start("2.0", func(in *store.StartEditionInput) {
			in.Document, in.Needs, in.Message = imported, []governance.NeedID{need}, "from the ministry's file"
		})
		require.NoError(t, err)
		assert.NotEqual(t, first.HeadDigest, second.HeadDigest)
		assert.Equal(t, governance.ClassSubstantive, second.Class, "it differs in what counts")
		assert.Equal(t, []string{string(need)}, texts(t, s.db, `SELECT need_id FROM specification_needs WHERE specification_id = $1`, first.SpecificationID))
		third, err := start("2.1", func(in *store.StartEditionInput) { in.BasedOn = second.ID })
		require.NoError(t, err)
		assert.Equal(t, second.HeadDigest, third.HeadDigest, "also of one that was given up")
		assert.Equal(t, governance.ClassEditorial, third.Class)

		other := s.start("other")
		for name, test := range map[string]struct {
			change func(in *store.StartEditionInput)
			reason string
		}{
			"another specification's edition": {func(in *store.StartEditionInput) { in.BasedOn = other.ID }, "another-specification"},
			"two things":                      {func(in *store.StartEditionInput) { in.BasedOn, in.Document = first.ID, imported }, "one-start"},
			"a need that is not accepted": {func(in *store.StartEditionInput) { in.Needs = []governance.NeedID{s.need(governance.StageOpen)} },
				"need-not-accepted"},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := start("3.0", test.change)
				refused(t, err, governance.CodeInvalid, test.reason)
			})
		}
	})
}

// needs counts the needs that scenes make, for their ids.
var needs atomic.Int64

// need is a need of the scene's council in a stage.
func (s scene) need(stage governance.Stage) governance.NeedID {
	s.t.Helper()
	id := governance.NeedID(fmt.Sprintf("0195e3a0-0000-7000-8000-0000%08d", needs.Add(1)))
	change(s.t, s.db, `INSERT INTO needs (id, council_id, sector, organization_id, person_id, title, description, language,
		country, head_count, urgency, stage, created_at)
		VALUES ($1, $2, 'construction', $3, $4, 'Fitters', 'Too few.', 'en', 'LV', 3, 'NOW', $5, $6)`,
		id, sceneCouncil, sceneEmployer, manufacturer.Person, stage, storetest.Start)
	return id
}
