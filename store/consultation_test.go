package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/governance/sample"
	"concordat/store"
	"concordat/store/storetest"
)

// The scene's consultation: 30 days from the second of March, to the end of the first of April in Riga.
const lastDay = governance.Date("2026-04-01")

var deadline = time.Date(2026, 4, 1, 21, 0, 0, 0, time.UTC)

// consult opens a public consultation until lastDay.
func (s scene) consult(e *store.Edition) governance.ConsultationID {
	s.t.Helper()
	id, err := s.db.OpenConsultation(s.t.Context(), secretary, store.OpenConsultationInput{
		Edition: e.ID, ClosesOn: lastDay, IsPublic: true,
	})
	require.NoError(s.t, err)
	return id
}

// tick lets the clock take what is due.
func (s scene) tick(at time.Time) {
	s.t.Helper()
	s.clock.Set(at)
	_, err := s.db.TakeDue(s.t.Context())
	require.NoError(s.t, err)
}

func TestAConsultationOpensUnderTheCharterOfTheMoment(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		open := func(actor governance.Actor, day governance.Date) error {
			_, err := s.db.OpenConsultation(t.Context(), actor, store.OpenConsultationInput{Edition: e.ID, ClosesOn: day, IsPublic: true})
			return err
		}
		s.refused(open(drafter, lastDay), governance.CodeForbidden, "role-needed")
		s.refused(open(councillor, lastDay), governance.CodeForbidden, "role-needed")
		s.refused(open(secretary, "2026-03-31"), governance.CodeInvalid, "minimum-days")
		s.refused(open(secretary, "2026-02-30"), governance.CodeInvalid, "not-a-date")
		s.save(e, func(d *governance.Document) { d.Outcomes[0].Statement = nil })
		err := open(secretary, lastDay)
		s.refused(err, governance.CodeConflict, "not-ready")
		assert.Contains(t, err.Error(), "/outcomes/types/statement element-missing", "the errors are named")
		s.save(e, func(d *governance.Document) { d.Outcomes[0].Statement = sample.Document().Outcomes[0].Statement })

		id := s.consult(e)
		now := s.edition(e)
		assert.Equal(t, governance.StageConsultation, now.Stage)
		assert.EqualValues(t, sceneID(40), now.CharterID)
		consultation, err := s.db.Consultation(t.Context(), citizen, id)
		require.NoError(t, err, "everybody sees it")
		assert.Equal(t, deadline, consultation.ClosesAt)
		assert.Equal(t, now.HeadID, consultation.Revision)
		assert.Equal(t, []string{"CONSULTATION_OPENED"}, s.acts(string(id)))
		s.refused(open(secretary, lastDay), governance.CodeConflict, "wrong-stage")
	})
}

func TestWithoutACharterNothingIsConsultedOn(t *testing.T) {
	eachScene(t, func(s scene) {
		change(s.t, s.db, `UPDATE charters SET state = 'PROPOSED'`)
		e := s.start("heat-pumps")
		_, err := s.db.OpenConsultation(s.t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: lastDay})
		s.refused(err, governance.CodeConflict, "no-charter")
	})
}

func TestAnybodySignedInCommentsInAPublicConsultation(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		before := s.comment(unionist, e, "Among us.")
		s.clock.Advance(time.Minute)
		s.consult(e)
		id, err := s.db.AddComment(t.Context(), citizen, store.AddCommentInput{
			Edition: e.ID, Kind: governance.CommentGeneral, Body: "Good.", PublicName: "A fitter from Liepāja",
		})
		require.NoError(t, err)
		c := s.read(outsider, id)
		assert.Nil(t, c.Organization)
		assert.Equal(t, "A fitter from Liepāja", *c.Author.Name)
		assert.Equal(t, "A fitter from Liepāja", *s.read(drafter, id).Author.Name, "not the person's own name")
		_, err = s.db.EditComment(t.Context(), citizen, store.EditCommentInput{Comment: id, Body: "Very good."})
		require.NoError(t, err)

		_, err = s.db.Comment(t.Context(), outsider, before.ID, nil)
		s.refused(err, governance.CodeNotFound, "not-found")
		for actor, want := range map[string]int{"outsider": 1, "union": 2} {
			viewer := map[string]governance.Actor{"outsider": outsider, "union": unionist}[actor]
			shown, err := s.db.Edition(t.Context(), viewer, e.ID, nil)
			require.NoError(t, err)
			list, err := s.db.Comments(t.Context(), viewer, shown, store.CommentFilter{}, store.Page{}, nil)
			require.NoError(t, err)
			assert.Len(t, list.Nodes, want, "what was said before stays with those who saw it: %s", actor)
		}
		s.clock.Set(deadline)
		_, err = s.db.AddComment(t.Context(), citizen, store.AddCommentInput{Edition: e.ID, Kind: governance.CommentGeneral, Body: "Late."})
		s.refused(err, governance.CodeConflict, "no-public-consultation")
		assert.True(t, s.comment(unionist, e, "Late too.").Late, "after the deadline, though the clock has not closed it yet")
	})
}

func TestTheClockClosesAConsultationOnceWithItsDeadlineOnRecord(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.consult(e)
		s.tick(deadline.Add(-time.Microsecond))
		require.Equal(t, governance.StageConsultation, s.edition(e).Stage)
		late := deadline.Add(3 * time.Hour)
		s.tick(late)
		s.tick(late)
		now := s.edition(e)
		assert.Equal(t, governance.StageDisposition, now.Stage)
		assert.Equal(t, deadline, now.StageAt)
		c, err := s.db.Consultation(t.Context(), citizen, id)
		require.NoError(t, err)
		assert.Equal(t, governance.ConsultationClosed, c.State)
		assert.Equal(t, deadline, *c.ClosedAt)
		assert.Equal(t, []string{"CONSULTATION_CLOSED", "CONSULTATION_OPENED"}, s.acts(string(id)))
		assert.Equal(t, []string{store.FormatTime(late)},
			texts(t, s.db, `SELECT created_at FROM acts WHERE type = 'CONSULTATION_CLOSED' AND role = 'CLOCK'`))
	})
}

func TestAConsultationIsExtendedClosedEarlyOrRecalled(t *testing.T) {
	storetest.On(t, func(t *testing.T, kind string) {
		s := newScene(t, kind, func(c *governance.Charter) { c.CloseConsultationEarly = true })
		e := s.start("heat-pumps")
		id := s.consult(e)
		extend := func(actor governance.Actor, day governance.Date) error {
			_, err := s.db.ExtendConsultation(t.Context(), actor, store.ExtendConsultationInput{Edition: e.ID, ClosesOn: day, Reason: "Holidays."})
			return err
		}
		s.refused(extend(drafter, "2026-04-10"), governance.CodeForbidden, "role-needed")
		s.refused(extend(secretary, lastDay), governance.CodeInvalid, "not-later")
		require.NoError(t, extend(secretary, "2026-04-10"))
		s.tick(deadline)
		require.Equal(t, governance.StageConsultation, s.edition(e).Stage, "extended")

		_, err := s.db.RecallConsultation(t.Context(), secretary, store.RecallConsultationInput{Edition: e.ID, Reason: "Wrong text."})
		require.NoError(t, err)
		assert.Equal(t, governance.StageDrafting, s.edition(e).Stage)
		_, err = s.db.Edition(t.Context(), citizen, e.ID, nil)
		require.NoError(t, err, "what was public stays readable")
		assert.Equal(t, []string{"CONSULTATION_EXTENDED", "CONSULTATION_OPENED", "CONSULTATION_RECALLED"}, s.acts(string(id)))

		_, err = s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: "2026-06-01", IsPublic: true})
		require.NoError(t, err)
		s.clock.Advance(time.Hour)
		_, err = s.db.CloseConsultation(t.Context(), secretary, store.CloseConsultationInput{Edition: e.ID, Reason: "All have spoken."})
		require.NoError(t, err)
		now := s.edition(e)
		assert.Equal(t, governance.StageDisposition, now.Stage)
		assert.Equal(t, s.clock.Now(), now.StageAt)
		_, err = s.db.CloseConsultation(t.Context(), secretary, store.CloseConsultationInput{Edition: e.ID, Reason: "Again."})
		s.refused(err, governance.CodeConflict, "wrong-stage")
	})
}

func TestNoConsultationClosesEarlyUnlessTheCharterAllowsIt(t *testing.T) {
	eachScene(t, func(s scene) {
		e := s.start("heat-pumps")
		s.consult(e)
		closing := func() error {
			_, err := s.db.CloseConsultation(s.t.Context(), secretary, store.CloseConsultationInput{Edition: e.ID, Reason: "Enough."})
			return err
		}
		s.refused(closing(), governance.CodeConflict, "no-early-close")
		s.clock.Set(deadline)
		require.NoError(s.t, closing(), "after the deadline nothing is early")
	})
}

func TestAfterTheCloseObjectionsAreToWhatChangedSince(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		s.tick(deadline)
		raise := func(path string) error {
			_, err := s.db.RaiseObjection(t.Context(), unionist, store.RaiseObjectionInput{Edition: e.ID, Path: path, Reason: "No.", Remedy: "Else."})
			return err
		}
		s.refused(raise(""), governance.CodeConflict, "unchanged-since")
		s.save(e, func(d *governance.Document) { d.Title["en"] = "Something else" })
		s.refused(raise("/summary"), governance.CodeConflict, "unchanged-since")
		require.NoError(t, raise("/title/en"))
		require.NoError(t, raise(""))
		assert.Equal(t, 2, s.edition(e).UnansweredCount, "they gate the ballot")
	})
}

// ballotRefusal is why the secretary could not open a ballot on the edition for its comments; nil where it could.
func (s scene) ballotRefusal(e *store.Edition) *governance.Error {
	s.t.Helper()
	shown, err := s.db.Edition(s.t.Context(), secretary, e.ID, nil)
	require.NoError(s.t, err)
	may, err := s.db.EditionPermissions(s.t.Context(), secretary, shown)
	require.NoError(s.t, err)
	for _, permission := range may {
		if permission.Step == governance.OpenBallot && permission.Refusal != nil && permission.Refusal.Reason == "undisposed" {
			return permission.Refusal
		}
	}
	return nil
}

func TestNothingUndisposedGoesToTheBallot(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		comment, silent := s.comment(unionist, e, "One."), s.comment(manufacturer, e, "Two.")
		objection := s.object(unionist, e)
		s.tick(deadline)
		late := s.comment(manufacturer, e, "Late.")
		require.True(t, late.Late)

		refusal := s.ballotRefusal(e)
		require.NotNil(t, refusal)
		assert.Equal(t, "3", refusal.Params["count"])
		assert.Equal(t, "2", refusal.Params["unanswered"])
		assert.Equal(t, "1", refusal.Params["objections"])
		assert.Contains(t, refusal.Params["ids"], string(comment.ID))
		assert.NotContains(t, refusal.Params["ids"], string(late.ID), "late comments gate nothing")

		s.answer(comment, governance.DispositionAccepted)
		s.answer(silent, governance.DispositionNoted)
		s.answer(objection, governance.DispositionRejected)
		require.NoError(t, s.reply(unionist, comment, governance.ReplyNotSatisfied))
		refusal = s.ballotRefusal(e)
		require.NotNil(t, refusal)
		assert.Equal(t, "2", refusal.Params["count"], "a reply may still come, and the objection stands")
		assert.Equal(t, "1", refusal.Params["awaiting"])

		s.tick(deadline.Add(9 * 24 * time.Hour))
		refusal = s.ballotRefusal(e)
		require.NotNil(t, refusal)
		assert.Equal(t, string(objection.ID), refusal.Params["ids"], "silence is an answer to the comment")
		assert.Equal(t, governance.StateReferred, s.read(unionist, objection.ID).State, "and refers the objection")
		_, err := s.db.OverruleObjection(t.Context(), councillor, store.OverruleObjectionInput{Comment: objection.ID, Reason: "Discussed."})
		require.NoError(t, err)
		assert.Nil(t, s.ballotRefusal(e))
	})
}

func TestAFurtherConsultationTakesUpWhatCameLate(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		s.consult(e)
		s.tick(deadline)
		late := s.comment(unionist, e, "Late.")
		assert.Equal(t, 0, s.edition(e).UnansweredCount)
		_, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: e.ID, ClosesOn: "2026-06-01", IsPublic: false})
		require.NoError(t, err)
		assert.False(t, s.read(unionist, late.ID).Late)
		assert.Equal(t, 1, s.edition(e).UnansweredCount)
		_, err = s.db.Edition(t.Context(), citizen, e.ID, nil)
		require.NoError(t, err, "what was public stays readable")
	})
}

func TestAnEditionIsAbandonedWithNotice(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		abandon := func(actor governance.Actor, e *store.Edition) error {
			_, err := s.db.AbandonEdition(t.Context(), actor, store.AbandonEditionInput{Edition: e.ID, Reason: "No need any more."})
			return err
		}
		e := s.start("heat-pumps")
		s.refused(abandon(unionist, e), governance.CodeForbidden, "role-needed")
		require.NoError(t, abandon(drafter, e), "nobody was asked yet")
		assert.Equal(t, governance.StageAbandoned, s.edition(e).Stage)
		s.refused(abandon(drafter, e), governance.CodeConflict, "wrong-stage")

		other := s.start("boilers")
		s.consult(other)
		s.refused(abandon(secretary, other), governance.CodeConflict, "notice-missing")
		announce := func(actor governance.Actor) error {
			_, err := s.db.AnnounceAbandonment(t.Context(), actor, store.AnnounceAbandonmentInput{Edition: other.ID, Reason: "Nobody asks for it."})
			return err
		}
		s.refused(announce(unionist), governance.CodeForbidden, "role-needed")
		require.NoError(t, announce(drafter))
		s.clock.Advance(14 * 24 * time.Hour)
		s.refused(abandon(secretary, other), governance.CodeConflict, "notice-running")
		s.clock.Advance(24 * time.Hour)
		require.NoError(t, abandon(secretary, other))
		assert.Equal(t, []string{"RECALLED"}, texts(t, s.db, `SELECT state FROM consultations WHERE edition_id = $1`, other.ID))
		other = s.start("stoves")
		s.set(other, governance.StageApproved)
		s.refused(abandon(drafter, other), governance.CodeConflict, "wrong-stage-for-role")
	})
}

func TestOrganizationsAreInvitedByTheirNames(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		_, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{
			Edition: e.ID, ClosesOn: lastDay, Invited: []governance.OrganizationID{governance.OrganizationID(sceneID(99))},
		})
		s.refused(err, governance.CodeInvalid, "no-active-organization")
		require.Equal(t, governance.StageDrafting, s.edition(e).Stage, "nothing is left of it")

		s.comment(unionist, e, "Before.")
		s.clock.Advance(time.Minute)
		id, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{
			Edition: e.ID, ClosesOn: lastDay, Invited: []governance.OrganizationID{governance.OrganizationID(sceneUnion)},
		})
		require.NoError(t, err)
		_, err = s.db.Edition(t.Context(), outsider, e.ID, nil)
		s.refused(err, governance.CodeNotFound, "not-found")
		invite := func(actor governance.Actor, organizations ...string) error {
			in := store.InviteToConsultationInput{Edition: e.ID}
			for _, organization := range organizations {
				in.Organizations = append(in.Organizations, governance.OrganizationID(organization))
			}
			_, err := s.db.InviteToConsultation(t.Context(), actor, in)
			return err
		}
		s.refused(invite(drafter, sceneStranger), governance.CodeForbidden, "role-needed")
		s.refused(invite(secretary), governance.CodeInvalid, "nobody-invited")
		s.refused(invite(secretary, sceneUnion), governance.CodeConflict, "invited-already")
		s.clock.Advance(time.Minute)
		require.NoError(t, invite(secretary, sceneUnion, sceneStranger))

		shown, err := s.db.Edition(t.Context(), outsider, e.ID, nil)
		require.NoError(t, err, "who is invited sees it")
		s.clock.Advance(time.Minute)
		s.comment(outsider, e, "Thank you for asking.")
		list, err := s.db.Comments(t.Context(), outsider, shown, store.CommentFilter{}, store.Page{}, nil)
		require.NoError(t, err)
		assert.Len(t, list.Nodes, 1, "and what was said before stays with those who saw it")
		c, err := s.db.Consultation(t.Context(), outsider, id)
		require.NoError(t, err)
		invited, err := s.db.Invited(t.Context(), c)
		require.NoError(t, err)
		assert.Len(t, invited, 2)
		assert.Equal(t, []string{"CONSULTATION_INVITED", "CONSULTATION_OPENED"}, s.acts(string(id)))
		_, err = s.db.Consultation(t.Context(), citizen, id)
		s.refused(err, governance.CodeNotFound, "not-found")

		follow(t, s.db)
		notices, err := s.db.Notices(t.Context(), outsider, false, store.Page{})
		require.NoError(t, err)
		require.Len(t, notices.Nodes, 1)
		assert.Contains(t, notices.Nodes[0].Text, "to comment.", "who is invited is told, once")

		s.clock.Set(deadline)
		s.refused(invite(secretary, sceneEmployer), governance.CodeConflict, "consultation-over")
	})
}

func TestEachExtensionIsKeptAsItWasAnnounced(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		e := s.start("heat-pumps")
		id := s.consult(e)
		for _, day := range []governance.Date{"2026-04-04", "2026-04-20"} { // the fourth is the Saturday before Easter
			_, err := s.db.ExtendConsultation(t.Context(), secretary, store.ExtendConsultationInput{
				Edition: e.ID, ClosesOn: day, Reason: "More time until " + string(day) + ".",
			})
			require.NoError(t, err)
		}
		c, err := s.db.Consultation(t.Context(), citizen, id)
		require.NoError(t, err)
		extensions, err := s.db.Extensions(t.Context(), c)
		require.NoError(t, err)
		require.Len(t, extensions, 2)
		assert.Equal(t, deadline, extensions[0].ClosedBefore)
		assert.Equal(t, extensions[0].ClosesAt, extensions[1].ClosedBefore)
		assert.Equal(t, c.ClosesAt, extensions[1].ClosesAt)
		assert.Equal(t, "More time until 2026-04-04.", extensions[0].Reason)
		assert.Equal(t, time.Monday, extensions[0].ClosesAt.Add(-time.Second).Weekday(), "a weekend moves the deadline")
	})
}

// publishedBase makes the edition a published one, and starts a further edition of it.
func (s scene) publishedBase(e *store.Edition) *store.Edition {
	s.t.Helper()
	s.set(e, governance.StagePublished)
	id, err := s.db.StartEdition(s.t.Context(), drafter, store.StartEditionInput{Specification: e.SpecificationID, Number: "1.1"})
	require.NoError(s.t, err)
	further, err := s.db.Edition(s.t.Context(), drafter, id, nil)
	require.NoError(s.t, err)
	return further
}

func TestAnEditorialChangeOfAPublishedEditionSkipsTheConsultation(t *testing.T) {
	eachScene(t, func(s scene) {
		t := s.t
		first := s.start("heat-pumps")
		skip := func(actor governance.Actor, e *store.Edition) error {
			_, err := s.db.SkipConsultation(t.Context(), actor, store.SkipConsultationInput{Edition: e.ID, Reason: "A misprint."})
			return err
		}
		s.refused(skip(secretary, first), governance.CodeConflict, "not-editorial")
		further := s.publishedBase(first)
		s.save(further, func(d *governance.Document) { d.Summary["en"] = "Install heat pumps, and commission them." })
		s.refused(skip(drafter, further), governance.CodeForbidden, "role-needed")
		require.NoError(t, skip(secretary, further))
		now := s.edition(further)
		assert.Equal(t, governance.StageDisposition, now.Stage)
		assert.EqualValues(t, sceneID(40), now.CharterID)
		assert.Contains(t, s.acts(string(further.ID)), "CONSULTATION_SKIPPED")
		s.refused(skip(secretary, further), governance.CodeConflict, "wrong-stage")
		assert.NotEqual(t, "not-consulted", s.ballotReason(further))

		s.save(further, func(d *governance.Document) { d.Outcomes[0].Statement["en"] = "Something else altogether" })
		assert.Equal(t, "not-consulted", s.ballotReason(further), "a substantive change after it wants a consultation")
		_, err := s.db.OpenConsultation(t.Context(), secretary, store.OpenConsultationInput{Edition: further.ID, ClosesOn: lastDay, IsPublic: true})
		require.NoError(t, err)
		s.tick(deadline)
		assert.NotEqual(t, "not-consulted", s.ballotReason(further))
	})
}

// ballotReason is why the secretary could not open a ballot on the edition.
func (s scene) ballotReason(e *store.Edition) string {
	s.t.Helper()
	_, err := s.db.OpenBallot(s.t.Context(), secretary, store.OpenBallotInput{Edition: e.ID, Digest: s.edition(e).HeadDigest, ClosesOn: "2026-07-01"})
	refusal, ok := err.(*governance.Error)
	if !ok {
		return ""
	}
	return refusal.Reason
}

func TestWhatMayNotSkipTheConsultation(t *testing.T) {
	for name, prepare := range map[string]struct {
		reason string
		alter  func(*governance.Charter)
		change func(s scene, first, further *store.Edition)
	}{
		"a substantive change": {"not-editorial", nil, func(s scene, _, further *store.Edition) {
			s.save(further, func(d *governance.Document) { d.Workload.Hours = "900" })
		}},
		"a change that the charter's own paths call substantive": {"not-editorial",
			func(c *governance.Charter) { c.SubstantivePaths = []string{"/summary"} },
			func(s scene, _, further *store.Edition) {
				s.save(further, func(d *governance.Document) { d.Summary["en"] = "Else." })
			}},
		"a change of a suspended edition": {"not-editorial", nil, func(s scene, first, _ *store.Edition) {
			s.set(first, governance.StageSuspended)
		}},
		"any change where the charter does not allow it": {"no-skipping",
			func(c *governance.Charter) { c.EditorialSkipsConsultation = false }, func(scene, *store.Edition, *store.Edition) {}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range storetest.Kinds {
				s := newScene(t, kind, func(c *governance.Charter) {
					if prepare.alter != nil {
						prepare.alter(c)
					}
				})
				first := s.start("heat-pumps")
				further := s.publishedBase(first)
				prepare.change(s, first, further)
				_, err := s.db.SkipConsultation(t.Context(), secretary, store.SkipConsultationInput{Edition: further.ID, Reason: "Small."})
				s.refused(err, governance.CodeConflict, prepare.reason)
			}
		})
	}
}
