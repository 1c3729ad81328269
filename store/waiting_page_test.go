package store_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
	"concordat/store/storetest"
)

// paged reads a whole work list by pages of that size.
func paged(t *testing.T, db *store.DB, actor governance.Actor, size int) (list []string, pages int) {
	t.Helper()
	page := store.Page{First: &size}
	for {
		read, err := db.WorkList(t.Context(), actor, page)
		require.NoError(t, err)
		require.LessOrEqual(t, len(read.Nodes), size)
		for _, item := range read.Nodes {
			list = append(list, named(item))
		}
		pages++
		if !read.PageInfo.HasNextPage {
			return list, pages
		}
		require.NotNil(t, read.PageInfo.EndCursor)
		page.After = read.PageInfo.EndCursor
		require.Less(t, pages, 1000, "the list has no end")
	}
}

func named(item *store.WorkItem) string {
	due := "at any time"
	if item.DueAt != nil {
		due = item.DueAt.Format(time.RFC3339)
	}
	return fmt.Sprintf("%s %s %s", item.Step, item.Object, due)
}

func TestAWorkListIsReadByPagesOfAnySize(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.fill(7)
		whole, err := d.DB.Waiting(t.Context(), d.Secretary())
		require.NoError(t, err)
		want := make([]string, len(whole))
		for i, item := range whole {
			want[i] = named(item)
		}
		require.Greater(t, len(want), 15)
		for _, size := range []int{1, 2, 3, 10, 100} {
			got, _ := paged(t, d.DB, d.Secretary(), size)
			assert.Equal(t, want, got, "by %d", size)
		}
		for _, cursor := range []string{"", "x", "dzEg", "YzEgMjAyNi0wMy0wMlQwOTowMDowMC4wMDAwMDBaIA"} {
			_, err := d.DB.WorkList(t.Context(), d.Secretary(), store.Page{After: &cursor})
			refused(t, err, governance.CodeInvalid, "cursor-malformed")
		}
		nobody, err := d.DB.WorkList(t.Context(), governance.Actor{}, store.Page{})
		require.NoError(t, err)
		assert.Empty(t, nobody.Nodes)
	})
}

// fill makes n needs to review, n applications to the roll, and n mandates in the council that end on different days.
func (d desk) fill(n int) {
	d.t.Helper()
	d.stage(governance.StageBallot)
	for i := range n {
		need := fitters(d.Cast)
		need.Title = fmt.Sprintf("Fitters %d", i)
		_, err := d.DB.ProposeNeed(d.t.Context(), d.As("acme", governance.RoleAuthor), need)
		require.NoError(d.t, err)
		slug := fmt.Sprintf("applicant-%d", i)
		d.Register(slug)
		d.Grant(slug, governance.RoleRepresentative, "")
		_, err = d.DB.ApplyToRoll(d.t.Context(), d.As(slug, governance.RoleRepresentative), store.ApplyToRollInput{
			Council: d.Council, Chamber: governance.ChamberEmployer, Ground: "employs fitters"})
		require.NoError(d.t, err)
		until := d.clock.Now().AddDate(0, 0, 1+i/2)
		_, err = d.DB.GrantMandate(d.t.Context(), d.Admin(), dated(grantTo(d.Council, fmt.Sprintf("clerk-%d", i), governance.RoleAuthor), nil, &until))
		require.NoError(d.t, err)
	}
	// The secretary represents the council, too.
	_, err := d.DB.GrantMandate(d.t.Context(), d.Admin(), grantTo(d.Council, "council-SECRETARY", governance.RoleRepresentative))
	require.NoError(d.t, err)
}

func TestAWorkListCostsTheSameWhateverItHolds(t *testing.T) {
	for _, kind := range storetest.Kinds {
		t.Run(kind, func(t *testing.T) {
			var statements atomic.Int64
			clock := storetest.NewClock()
			db := storetest.OpenWith(t, store.Config{URL: storetest.URL(t, kind), Clock: clock.Now, Statements: func(string) { statements.Add(1) }})
			d := desk{Cast: storetest.NewCast(t, db), t: t, clock: clock}
			count := func() (int64, int) {
				statements.Store(0)
				list, err := db.WorkList(t.Context(), d.Secretary(), store.Page{First: new(100)})
				require.NoError(t, err)
				return statements.Load(), len(list.Nodes)
			}
			d.edition = &store.Edition{}
			d.fill(1)
			few, items := count()
			require.Positive(t, items)
			for i := range 12 {
				need := fitters(d.Cast)
				need.Title = fmt.Sprintf("More fitters %d", i)
				_, err := db.ProposeNeed(t.Context(), d.As("acme", governance.RoleAuthor), need)
				require.NoError(t, err)
			}
			many, more := count()
			assert.Equal(t, items+12, more)
			assert.Equal(t, few, many)
		})
	}
}

func TestAMandateThatEndsSoonWaitsForItsHolderAndForThoseWhoMayExtendIt(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		boss, temp := d.As("acme", governance.RoleRepresentative), d.Somebody("temp")
		temp.Organization = d.Organizations["acme"]
		until := d.clock.Now().AddDate(0, 0, 15)
		id, err := d.DB.GrantMandate(t.Context(), boss, dated(grantTo(d.Organizations["acme"], "temp", governance.RoleObserver), nil, &until))
		require.NoError(t, err)
		assert.Empty(t, d.waits(boss), "there is time")
		d.clock.Advance(24 * time.Hour)
		item := d.only(boss, "EXTEND_MANDATE acme")
		assert.Equal(t, governance.Text{"und": "Acme Ltd"}, item.Title)
		assert.Equal(t, until, *item.DueAt)
		assert.Equal(t, string(id), item.Object)
		d.only(temp, "EXTEND_MANDATE acme")
		d.only(anywhere(temp), "EXTEND_MANDATE acme")
		for _, other := range []governance.Actor{d.As("acme", governance.RoleAuthor), d.As("bolt", governance.RoleRepresentative), d.Admin()} {
			assert.Empty(t, d.waits(other))
		}
		_, err = d.DB.DelegateMandate(t.Context(), boss, store.DelegateMandateInput{
			Mandate: mandateOf(t, d.DB, boss, governance.RoleRepresentative), Person: d.As("acme", governance.RoleAuthor).Person,
			UntilOn: "2026-03-20", Ground: "on holiday"})
		require.NoError(t, err)
		assert.Empty(t, d.waits(d.As("acme", governance.RoleAuthor)), "a deputy extends nothing, and its own end is meant")
		_, err = d.DB.ExtendMandate(t.Context(), boss, store.ExtendMandateInput{Mandate: id, UntilOn: "2027-03-31", Ground: "another year"})
		require.NoError(t, err)
		assert.Empty(t, d.waits(boss))
	})
}

func TestAnInvitationWaitsForWhoseAddressItIs(t *testing.T) {
	eachLobby(t, func(l lobby) {
		guest := l.guest("jana", "Jana@example.org")
		l.invite(l.offer(""))
		i := l.invite(l.offer("jana@example.org"))
		waits := func(actor governance.Actor) []*store.WorkItem {
			items, err := l.DB.Waiting(t.Context(), actor)
			require.NoError(t, err)
			return items
		}
		items := waits(guest)
		require.Len(t, items, 1, "a link waits for nobody")
		assert.Equal(t, governance.AcceptMandate, items[0].Step)
		assert.Nil(t, items[0].Organization, "it is the person's")
		assert.Equal(t, "/invitations/"+string(i.ID), items[0].Path)
		assert.Equal(t, i.ExpiresAt, *items[0].DueAt)
		assert.Empty(t, waits(l.guest("other", "other@example.org")))
		change(t, l.DB, `UPDATE persons SET email_verified = 0`)
		assert.Empty(t, waits(guest))
		change(t, l.DB, `UPDATE persons SET email_verified = 1`)
		l.clock.Set(i.ExpiresAt)
		assert.Empty(t, waits(guest))
	})
}

func TestAnApplicationToTheRollWaitsForTheSecretary(t *testing.T) {
	eachDesk(t, func(d desk) {
		d.stage(governance.StageBallot)
		d.Register("applicant")
		d.Grant("applicant", governance.RoleRepresentative, "")
		_, err := d.DB.ApplyToRoll(t.Context(), d.As("applicant", governance.RoleRepresentative), store.ApplyToRollInput{
			Council: d.Council, Chamber: governance.ChamberEmployer, Ground: "employs fitters"})
		require.NoError(t, err)
		item := d.only(d.Secretary(), "ADMIT_TO_ROLL council")
		assert.Equal(t, governance.Text{"und": "Applicant Ltd"}, item.Title)
		assert.Empty(t, d.waits(d.As("council", governance.RoleRepresentative)))
	})
}

func TestAFirstCharterWaitsForTheAdministrator(t *testing.T) {
	eachDesk(t, func(d desk) {
		rival := d.Register("rival")
		_, err := d.DB.EstablishCouncil(t.Context(), d.Admin(), store.EstablishCouncilInput{
			Organization: rival, Jurisdiction: []string{"EE"}, Sectors: []string{"transport"}, Zone: "Europe/Tallinn"})
		require.NoError(t, err)
		d.Grant("rival", governance.RoleSecretary, "")
		charter, err := d.DB.ProposeCharter(t.Context(), d.As("rival", governance.RoleSecretary), store.ProposeCharterInput{
			Council: rival, Preset: governance.PresetTripartite})
		require.NoError(t, err)
		item := d.only(d.Admin(), "FOUND_CHARTER platform")
		assert.Equal(t, []any{string(charter), governance.Text{"und": "Rival Ltd"}}, []any{item.Object, item.Title})
		assert.Empty(t, d.waits(d.As("rival", governance.RoleSecretary)))
	})
}

// otherAnswers are steps that answer what waits as another step, the one that has the source.
var otherAnswers = map[governance.Step]string{
	governance.DeclineEndorsement: "GIVE_ENDORSEMENT", governance.DeclineMandate: "ACCEPT_MANDATE", governance.DeclineNeed: "REVIEW_NEED, ACCEPT_NEED",
	governance.MergeNeeds: "REVIEW_NEED, ACCEPT_NEED", governance.RejectSuggestion: "ACCEPT_SUGGESTION", governance.UpholdObjection: "OVERRULE_OBJECTION",
	governance.DismissReports: "HIDE_COMMENT", governance.EndRollEntry: "ADMIT_TO_ROLL", governance.SkipConsultation: "OPEN_CONSULTATION",
	governance.RefuseNewOrganization:    "ADMIT_NEW_ORGANIZATION",
	governance.DeclineRecall:            "RECALL_BALLOT",
	governance.DeclineReopening:         "REOPEN_TEXT",
	governance.DeclineWithdrawal:        "CONFIRM_WITHDRAWAL",
	governance.DismissSuggestionReports: "HIDE_SUGGESTION",
}

// forWhoeverWants are the steps that somebody may take and nobody is waited for to take.
var forWhoeverWants = []governance.Step{
	governance.ProposeNeed, governance.EditNeed, governance.WithdrawNeed, governance.BackNeed,
	governance.StartSpecification, governance.InviteToWorkingGroup, governance.AskToJoin,
	governance.LeaveWorkingGroup, governance.RemoveFromWorkingGroup, governance.TransferLead, governance.SaveRevision,
	governance.AnnounceAbandonment, governance.AbandonEdition, governance.AddTranslation, governance.SaveTranslation,
	governance.ConfirmTranslation, governance.WithdrawTranslation, governance.Suggest, governance.WithdrawSuggestion,
	governance.AddComment, governance.ImportComments, governance.EditComment, governance.WithdrawComment,
	governance.ResolveComment, governance.ReopenComment, governance.RaiseObjection, governance.ReferObjection,
	governance.InviteToConsultation, governance.ExtendConsultation, governance.CloseConsultation,
	governance.RecallConsultation, governance.ChangePosition, governance.RequestRecall,
	governance.RequestReopening, governance.RequestEndorsement,
	governance.RevokeEndorsement, governance.GiveStatement, governance.RevokeStatement, governance.MakeOffer,
	governance.ChangeOffer, governance.EndOffer, governance.NamePublisher, governance.AskWithdrawal,
	governance.TakeBackWithdrawal, governance.SuspendPublication,
	governance.ReinstatePublication, governance.ProposeCharter, governance.WithdrawCharter,
	governance.OpenCharterBallot, governance.RegisterOrganization, governance.EstablishCouncil, governance.ChangeCouncil,
	governance.SuspendOrganization, governance.LiftSuspension, governance.DeclareControl, governance.DeclareMembership,
	governance.EndMembership, governance.ApplyToRoll, governance.ApplyForNewOrganization, governance.WithdrawApplication,
	governance.SuspendRollEntry, governance.ReinstateRollEntry, governance.ChangeChamber, governance.GrantMandate,
	governance.InviteToMandate, governance.WithdrawInvitation, governance.DelegateMandate, governance.EndMandate,
	governance.ReportComment, governance.UnhideComment, governance.RequestRedaction, governance.WithdrawRedaction,
	governance.ReportSuggestion, governance.UnhideSuggestion,
	governance.RequestSuggestionRedaction, governance.WithdrawSuggestionRedaction,
	governance.RegisterKey, governance.RotateKey, governance.RevokeKey,
}

// TestEveryStepThatCanWaitHasASource fails for a new step until somebody has said whether anybody is waited for.
func TestEveryStepThatCanWaitHasASource(t *testing.T) {
	waits := store.WorkSteps()
	for _, rule := range governance.Steps {
		if rule.Mutation() == "" {
			continue
		}
		sources := 0
		if slices.Contains(waits, rule.Step) {
			sources++
		}
		if otherAnswers[rule.Step] != "" {
			sources++
		}
		if slices.Contains(forWhoeverWants, rule.Step) {
			sources++
		}
		assert.Equal(t, 1, sources, "%s: has a source in workKinds, or is one that nobody is waited for to take", rule.Step)
	}
	for _, step := range waits {
		assert.NotEmpty(t, governance.RuleOf(step).Mutation(), "%s waits, and no mutation takes it", step)
	}
}
