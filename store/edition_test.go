package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

func TestAFurtherEditionStartsFromThePublishedText(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		first := s.start("heat-pumps")
		start := func(actor governance.Actor, number string) (governance.EditionID, error) {
			s.clock.Advance(time.Second)
			return s.db.StartEdition(t.Context(), actor, store.StartEditionInput{Specification: first.SpecificationID, Number: number})
		}
		_, err := start(manufacturer, "1.1")
		s.refused(err, governance.CodeConflict, "wrong-stage")
		s.set(first, governance.StagePublished)
		_, err = start(outsider, "1.1")
		s.refused(err, governance.CodeForbidden, "role-needed")
		_, err = start(manufacturer, "1.0")
		s.refused(err, governance.CodeInvalid, "number-not-above")
		_, err = start(manufacturer, "one")
		s.refused(err, governance.CodeInvalid, "number-malformed")

		second, err := start(manufacturer, "1.9")
		require.NoError(t, err)
		e, err := s.db.Edition(t.Context(), unionist, second, nil)
		require.NoError(t, err)
		assert.Equal(t, "pump-works", e.Lead.Slug, "who starts it leads it")
		assert.Equal(t, first.HeadDigest, e.HeadDigest)
		assert.Equal(t, governance.ClassEditorial, e.Class, "nothing has changed yet")
		_, err = start(manufacturer, "1.10")
		s.refused(err, governance.CodeConflict, "wrong-stage")
		s.set(e, governance.StageAbandoned)
		third, err := start(manufacturer, "1.10")
		require.NoError(t, err, "1.10 is above 1.9")
		assert.Equal(t, []string{string(first.ID)}, texts(t, s.db, `SELECT based_on FROM editions WHERE id = $1`, third))
		all, err := s.db.EditionsOf(t.Context(), unionist, &store.Specification{ID: first.SpecificationID}, nil)
		require.NoError(t, err)
		require.Len(t, all, 3)
		assert.Equal(t, third, all[0].ID, "the newest first")
	})
}

func TestTheSecretOpenEditionKeepsAnotherFromStarting(t *testing.T) {
	eachScene(t, func(s scene) {
		first := s.start("heat-pumps")
		s.set(first, governance.StagePublished)
		s.clock.Advance(time.Second)
		id, err := s.db.StartEdition(s.t.Context(), manufacturer, store.StartEditionInput{Specification: first.SpecificationID, Number: "1.1"})
		require.NoError(s.t, err)
		change(s.t, s.db, `UPDATE editions SET closed_group = 1 WHERE id = $1`, id)
		_, err = s.db.StartEdition(s.t.Context(), unionist, store.StartEditionInput{Specification: first.SpecificationID, Number: "2.0"})
		s.refused(err, governance.CodeConflict, "edition-open")
	})
}

func TestOrganizationsComeIntoTheGroupAndGo(t *testing.T) {
	eachScene(t, func(s scene) {
		t, ctx := s.t, s.t.Context()
		e := s.start("heat-pumps")
		union, employer := governance.OrganizationID(sceneUnion), governance.OrganizationID(sceneEmployer)
		invite := func(actor governance.Actor, organization governance.OrganizationID) error {
			_, err := s.db.InviteToWorkingGroup(ctx, actor, store.InviteToWorkingGroupInput{Edition: e.ID, Organization: organization, Message: "Come."})
			return err
		}
		answer := func(actor governance.Actor, accept bool) error {
			_, err := s.db.AnswerInvitation(ctx, actor, store.AnswerInvitationInput{Edition: e.ID, Accept: accept})
			return err
		}
		ask := func(actor governance.Actor) error {
			_, err := s.db.AskToJoin(ctx, actor, store.AskToJoinInput{Edition: e.ID, Message: "May we?"})
			return err
		}
		let := func(actor governance.Actor, organization governance.OrganizationID, accept bool) error {
			_, err := s.db.AnswerRequest(ctx, actor, store.AnswerRequestInput{Edition: e.ID, Organization: organization, Accept: accept})
			return err
		}
		remove := func(actor governance.Actor, organization governance.OrganizationID) error {
			_, err := s.db.RemoveFromWorkingGroup(ctx, actor, store.RemoveFromWorkingGroupInput{Edition: e.ID, Organization: organization, Reason: "Inactive."})
			return err
		}
		lead := func(actor governance.Actor, organization governance.OrganizationID) error {
			_, err := s.db.TransferLead(ctx, actor, store.TransferLeadInput{Edition: e.ID, Organization: organization})
			return err
		}
		leave := func(actor governance.Actor) error {
			_, err := s.db.LeaveWorkingGroup(ctx, actor, store.LeaveWorkingGroupInput{Edition: e.ID})
			return err
		}
		s.refused(invite(unionist, employer), governance.CodeForbidden, "role-needed")
		s.refused(invite(drafter, governance.OrganizationID(sceneStranger)), governance.CodeInvalid, "not-on-roll")
		s.refused(answer(unionist, true), governance.CodeForbidden, "role-needed")
		require.NoError(t, invite(drafter, union))
		s.refused(invite(drafter, union), governance.CodeConflict, "group-state")
		s.refused(ask(unionist), governance.CodeConflict, "group-state")
		require.NoError(t, answer(unionist, false))
		require.NoError(t, invite(secretary, union))
		require.NoError(t, answer(unionist, true))

		s.refused(let(drafter, employer, true), governance.CodeConflict, "not-in-group")
		require.NoError(t, ask(manufacturer))
		s.refused(let(unionist, employer, true), governance.CodeForbidden, "role-needed")
		require.NoError(t, let(drafter, employer, true))

		s.refused(leave(drafter), governance.CodeConflict, "lead-stays")
		s.refused(remove(secretary, governance.OrganizationID(sceneProvider)), governance.CodeConflict, "lead-stays")
		require.NoError(t, lead(drafter, employer))
		s.refused(lead(drafter, union), governance.CodeForbidden, "role-needed")
		s.refused(lead(manufacturer, employer), governance.CodeConflict, "leads-already")
		require.NoError(t, leave(drafter))
		require.NoError(t, remove(manufacturer, union))

		members, err := s.db.WorkingGroup(ctx, drafter, s.edition(e))
		require.NoError(t, err)
		states := map[string]governance.WorkingGroupState{}
		for _, m := range members {
			states[m.Organization.Slug] = m.State
			assert.Equal(t, m.Organization.Slug == "pump-works", m.Lead)
		}
		assert.Equal(t, map[string]governance.WorkingGroupState{
			"heat-academy": governance.GroupLeft, "metal-union": governance.GroupRemoved, "pump-works": governance.GroupMember,
		}, states)
		assert.Len(t, s.acts(string(e.ID)), 9)
		_, err = s.db.SaveRevision(ctx, drafter, store.SaveRevisionInput{Edition: e.ID, Base: e.HeadID, Message: "M"})
		s.refused(err, governance.CodeForbidden, "role-needed")
	})
}

func TestAClosedGroupShowsItsDraftsToItselfAlone(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		in := startInput("secret")
		in.ClosedGroup = true
		id, err := s.db.StartSpecification(t.Context(), drafter, in)
		require.NoError(t, err)
		for name, c := range map[string]struct {
			actor governance.Actor
			code  governance.Code
		}{
			"the lead": {drafter, ""}, "the council": {secretary, ""}, "the roll": {unionist, governance.CodeNotFound},
			"others": {outsider, governance.CodeNotFound},
		} {
			_, err := s.db.SpecificationByID(t.Context(), c.actor, id, nil)
			assert.Equal(t, c.code, governance.CodeOf(err), name)
		}
	})
}
