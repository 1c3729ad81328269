package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/store"
)

// propose proposes another charter for the council, by which simple majorities decide.
func (v *vote) propose() *store.Charter {
	v.t.Helper()
	id, err := v.DB.ProposeCharter(v.t.Context(), v.Secretary(), store.ProposeCharterInput{
		Council: v.Council, Preset: governance.PresetSimpleMajority,
	})
	require.NoError(v.t, err)
	return v.charter(id)
}

func (v *vote) charter(id governance.CharterID) *store.Charter {
	v.t.Helper()
	c, err := v.DB.Charter(v.t.Context(), id)
	require.NoError(v.t, err)
	return c
}

// openOn opens a ballot on a proposed charter, on which take and all then vote.
func (v *vote) openOn(proposal *store.Charter) governance.BallotID {
	v.t.Helper()
	id, err := v.DB.OpenCharterBallot(v.t.Context(), v.Secretary(), store.OpenCharterBallotInput{
		Charter: proposal.ID, Digest: proposal.Digest, ClosesOn: closesOn,
	})
	require.NoError(v.t, err)
	v.digest = proposal.Digest
	return id
}

// due lets the ballots of the suite fall due.
func (v *vote) due() {
	v.t.Helper()
	v.clock.Set(afterDeadline)
	_, err := v.DB.TakeDue(v.t.Context())
	require.NoError(v.t, err)
}

func TestABallotOnACharterFreezesAllThatDecides(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		vacant, err := governance.FoundingCharter(governance.PresetTripartite, "Vacancies agree", "Europe/Riga")
		require.NoError(t, err)
		for i := range vacant.Rule.Conditions {
			vacant.Rule.Conditions[i].IfEmpty = governance.IfEmptyMet
		}
		proposed, err := v.DB.ProposeCharter(v.t.Context(), v.Secretary(), store.ProposeCharterInput{Council: v.Council, Body: &vacant})
		require.NoError(t, err)
		proposal := v.charter(proposed)
		id := v.openOn(proposal)
		b := v.ballot(id)
		assert.Equal(t, governance.BallotCharter, b.Kind)
		assert.Equal(t, proposal.ID, b.ProposalID)
		assert.Equal(t, proposal.Digest, b.Digest)
		assert.Equal(t, v.Charter, b.CharterID, "it is held under the charter in force")
		assert.Equal(t, v.charter(v.Charter).Body.Rule, b.Rule, "and counted by its rule")
		assert.Equal(t, proposal.Body.Check(), b.Findings)
		assert.NotEmpty(t, b.Findings, "warnings are shown to those who vote")
		assert.Empty(t, b.EditionID)
		assert.Nil(t, b.Revision)
		assert.Len(t, v.electors(id), 7, "the chambers that the charter in force names")
		acts := texts(v.t, v.DB, `SELECT body FROM acts WHERE object_id = $1`, id)
		require.Len(t, acts, 1)
		assert.Contains(t, acts[0], `"proposal":"`+string(proposal.Digest)+`"`)
		assert.Contains(t, acts[0], `"charter":"`+string(v.charter(v.Charter).Digest)+`"`)
	})
}

func TestACharterThatABallotCarriesHoldsFromTheClose(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		text, digest := v.open(), v.digest // a ballot on the edition, open meanwhile
		proposal := v.propose()
		id := v.openOn(proposal)
		v.all(id, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		v.digest = digest
		v.all(text, governance.PositionApprove, "acme", "bolt", "union-a", "college")
		v.due()

		before, after := v.charter(v.Charter), v.charter(proposal.ID)
		assert.Equal(t, governance.CharterReplaced, before.State)
		assert.Equal(t, afterDeadline, *before.ReplacedAt)
		assert.Equal(t, governance.CharterInForce, after.State)
		assert.Equal(t, afterDeadline, *after.InForceAt)
		assert.Equal(t, id, after.AdoptedBy)
		assert.Empty(t, before.AdoptedBy, "a founding act put it in force")
		council, err := v.DB.Council(v.t.Context(), v.Council)
		require.NoError(t, err)
		assert.Equal(t, proposal.ID, council.CharterID)
		assert.Equal(t, []string{"CHARTER_PROPOSED", "CHARTER_ADOPTED"}, v.acts(string(proposal.ID)))
		assert.Contains(t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = 'CHARTER_ADOPTED'`)[0], `"role":"CLOCK"`)

		b := v.ballot(text)
		assert.Equal(t, v.Charter, b.CharterID, "an open ballot keeps the charter that it was opened under")
		assert.Equal(t, governance.OutcomeCarried, *b.Outcome)
		assert.Equal(t, governance.StageApproved, v.stage(), "by the charter that asked for endorsements")
		edition, err := v.DB.Edition(v.t.Context(), v.Secretary(), v.edition, nil)
		require.NoError(t, err)
		assert.Equal(t, v.Charter, edition.CharterID, "an edition keeps the version of its first consultation")

		_, err = v.DB.TakeDue(v.t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{"BALLOT_OPENED", "BALLOT_CLOSED"}, v.acts(string(id)), "closed once")
		problems, err := v.DB.Check(v.t.Context())
		require.NoError(t, err)
		assert.NotContains(t, problems, store.Problem{Where: "ballot " + string(id), What: "binds to a digest that is not its text's"})
		next := v.propose()
		assert.Equal(t, 3, next.Number)
	})
}

func TestACharterThatABallotDoesNotCarry(t *testing.T) {
	t.Run("is refused, and may be proposed anew", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			proposal := v.propose()
			id := v.openOn(proposal)
			v.all(id, governance.PositionApprove, "acme", "bolt", "college")
			v.all(id, governance.PositionObject, "union-a")
			v.due()
			refusedOne := v.charter(proposal.ID)
			assert.Equal(v.t, governance.CharterRefused, refusedOne.State)
			assert.Equal(v.t, afterDeadline, *refusedOne.EndedAt)
			assert.Empty(v.t, refusedOne.AdoptedBy)
			assert.Equal(v.t, governance.CharterInForce, v.charter(v.Charter).State)
			assert.Equal(v.t, []string{"CHARTER_PROPOSED", "CHARTER_REFUSED"}, v.acts(string(proposal.ID)))
			assert.Zero(v.t, number(v.t, v.DB, `SELECT count(*) FROM comments`), "its objections are nobody's to answer")
			_, err := v.DB.OpenCharterBallot(v.t.Context(), v.Secretary(), store.OpenCharterBallotInput{
				Charter: proposal.ID, Digest: proposal.Digest, ClosesOn: "2026-04-30",
			})
			refused(v.t, err, governance.CodeConflict, "charter-decided")
			again := v.propose()
			assert.Equal(v.t, proposal.Digest, again.Digest)
			assert.Equal(v.t, governance.CharterProposed, again.State)
		})
	})
	t.Run("because too few took part stays proposed, and is put to the vote again", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			proposal := v.propose()
			id := v.openOn(proposal)
			v.all(id, governance.PositionApprove, "acme", "bolt")
			v.due()
			assert.Equal(v.t, governance.OutcomeInquorate, *v.ballot(id).Outcome)
			assert.Equal(v.t, governance.CharterProposed, v.charter(proposal.ID).State)
			_, err := v.DB.OpenCharterBallot(v.t.Context(), v.Secretary(), store.OpenCharterBallotInput{
				Charter: proposal.ID, Digest: proposal.Digest, ClosesOn: "2026-04-30",
			})
			require.NoError(v.t, err)
			ballots, err := v.DB.BallotsOfCharter(v.t.Context(), proposal.ID, nil)
			require.NoError(v.t, err)
			assert.Len(v.t, ballots, 2)
			assert.Equal(v.t, id, ballots[1].ID)
		})
	})
}

func TestABallotOnACharterClosesWithTheLastPosition(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		proposal := v.propose()
		id := v.openOn(proposal)
		v.all(id, governance.PositionApprove, "acme", "bolt", "crane", "union-a", "union-b", "college")
		assert.Equal(t, governance.CharterProposed, v.charter(proposal.ID).State)
		v.all(id, governance.PositionApprove, "academy")
		assert.Equal(t, governance.CharterInForce, v.charter(proposal.ID).State)
		assert.Contains(t, texts(v.t, v.DB, `SELECT body FROM acts WHERE type = 'CHARTER_ADOPTED'`)[0], `"role":"CLOCK"`)
	})
}

func TestWhatKeepsABallotOnACharterFromOpening(t *testing.T) {
	cases := map[string]struct {
		change func(v *vote, actor *governance.Actor, in *store.OpenCharterBallotInput)
		code   governance.Code
		reason string
	}{
		"nobody is signed in": {func(_ *vote, actor *governance.Actor, _ *store.OpenCharterBallotInput) { *actor = governance.Actor{} },
			governance.CodeUnauthenticated, "sign-in-needed"},
		"not the secretary": {func(v *vote, actor *governance.Actor, _ *store.OpenCharterBallotInput) { *actor = v.Admin() },
			governance.CodeForbidden, "role-needed"},
		"another digest": {func(_ *vote, _ *governance.Actor, in *store.OpenCharterBallotInput) { in.Digest = "sha256:00" },
			governance.CodeConflict, "another-digest"},
		"too soon": {func(_ *vote, _ *governance.Actor, in *store.OpenCharterBallotInput) { in.ClosesOn = "2026-03-20" },
			governance.CodeInvalid, "too-soon"},
		"no date": {func(_ *vote, _ *governance.Actor, in *store.OpenCharterBallotInput) { in.ClosesOn = "soon" },
			governance.CodeInvalid, "date-malformed"},
		"no such charter": {func(_ *vote, _ *governance.Actor, in *store.OpenCharterBallotInput) {
			in.Charter = "0195e3a0-0000-7000-8000-00000000ffff"
		}, governance.CodeNotFound, "not-found"},
		"the charter in force": {func(v *vote, _ *governance.Actor, in *store.OpenCharterBallotInput) { in.Charter = v.Charter },
			governance.CodeConflict, "charter-decided"},
		"an empty chamber": {func(v *vote, _ *governance.Actor, _ *store.OpenCharterBallotInput) {
			change(v.t, v.DB, `UPDATE roll_entries SET state = 'SUSPENDED' WHERE chamber = 'UNION'`)
		}, governance.CodeConflict, "chamber-empty"},
		"another ballot on a charter": {func(v *vote, _ *governance.Actor, _ *store.OpenCharterBallotInput) { v.openOn(v.propose()) },
			governance.CodeConflict, "charter-ballot-open"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			eachVote(t, nil, func(v *vote) {
				proposal, actor := v.propose(), v.Secretary()
				in := store.OpenCharterBallotInput{Charter: proposal.ID, Digest: proposal.Digest, ClosesOn: closesOn}
				c.change(v, &actor, &in)
				before := number(v.t, v.DB, `SELECT count(*) FROM acts`)
				_, err := v.DB.OpenCharterBallot(v.t.Context(), actor, in)
				refused(v.t, err, c.code, c.reason)
				assert.Equal(v.t, before, number(v.t, v.DB, `SELECT count(*) FROM acts`), "nothing is left behind")
			})
		})
	}
	t.Run("a council without a charter has its first one founded", func(t *testing.T) {
		eachVote(t, nil, func(v *vote) {
			council, secretary := newCouncil(v.t, v.Cast, "forestry")
			id, err := v.DB.ProposeCharter(v.t.Context(), secretary, store.ProposeCharterInput{Council: council, Preset: governance.PresetConsent})
			require.NoError(v.t, err)
			_, err = v.DB.OpenCharterBallot(v.t.Context(), secretary, store.OpenCharterBallotInput{
				Charter: id, Digest: v.charter(id).Digest, ClosesOn: closesOn,
			})
			refused(v.t, err, governance.CodeConflict, "no-charter")
		})
	})
}

func TestAProposedCharterIsWithdrawn(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		proposal, other := v.propose(), v.propose()
		in := store.WithdrawCharterInput{Charter: proposal.ID, Reason: "The days are wrong.", IdempotencyKey: "k"}
		_, err := v.DB.WithdrawCharter(v.t.Context(), v.Admin(), in)
		refused(v.t, err, governance.CodeForbidden, "role-needed")
		v.openOn(other)
		for range 2 {
			_, err = v.DB.WithdrawCharter(v.t.Context(), v.Secretary(), in)
			require.NoError(t, err, "another proposal's ballot is open")
		}
		gone := v.charter(proposal.ID)
		assert.Equal(t, governance.CharterWithdrawn, gone.State)
		assert.Equal(t, "The days are wrong.", gone.Reason)
		assert.Equal(t, []string{"CHARTER_PROPOSED", "CHARTER_WITHDRAWN"}, v.acts(string(proposal.ID)))
		_, err = v.DB.WithdrawCharter(v.t.Context(), v.Secretary(), store.WithdrawCharterInput{Charter: proposal.ID, Reason: "Again."})
		refused(v.t, err, governance.CodeConflict, "charter-decided")
		_, err = v.DB.WithdrawCharter(v.t.Context(), v.Secretary(), store.WithdrawCharterInput{Charter: other.ID, Reason: "Not now."})
		refused(v.t, err, governance.CodeConflict, "charter-ballot-open")
		_, err = v.DB.WithdrawCharter(v.t.Context(), v.Secretary(), store.WithdrawCharterInput{Charter: other.ID})
		refused(v.t, err, governance.CodeInvalid, "text-missing")
	})
}

func TestABallotOnACharterIsToldLikeAnyOther(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		follow(t, v.DB)
		change(t, v.DB, `DELETE FROM notices`)
		proposal := v.propose()
		id := v.openOn(proposal)
		follow(t, v.DB)
		_, err := v.DB.Ballot(v.t.Context(), governance.Actor{}, id, nil)
		require.NoError(t, err, "everybody sees it: charters are public")
		root, err := v.DB.BallotRoot(v.t.Context(), governance.Actor{}, id)
		require.NoError(t, err)
		assert.Equal(t, string(v.Council), root, "what happens in it is followed under the council")
		leaves, err := v.DB.LeavesOf(v.t.Context(), root, -1, 1_000_000, 1000)
		require.NoError(t, err)
		assert.Equal(t, string(id), leaves[len(leaves)-1].Object.ID)

		elector := v.As("union-a", governance.RoleRepresentative)
		work, err := v.DB.Waiting(v.t.Context(), elector)
		require.NoError(t, err)
		require.Len(t, work, 1)
		assert.Equal(t, governance.TakePosition, work[0].Step)
		assert.Equal(t, string(id), work[0].Object)
		assert.Equal(t, governance.Text{"und": proposal.Body.Name}, work[0].Title)
		assert.Equal(t, afterDeadline, *work[0].DueAt)

		told, err := v.DB.Notices(v.t.Context(), elector, true, store.Page{})
		require.NoError(t, err)
		require.Len(t, told.Nodes, 1)
		assert.Equal(t, "/ballots/"+string(id), told.Nodes[0].Path)
		assert.Equal(t, governance.Text{"und": proposal.Body.Name}, told.Nodes[0].Title)
		assert.Equal(t, string(v.Council), told.Nodes[0].About)

		entry, err := v.DB.BallotEntry(v.t.Context(), governance.Actor{}, id)
		require.NoError(t, err)
		assert.Equal(t, governance.Text{"und": proposal.Body.Name}, entry.Title)
		assert.Empty(t, entry.Number)
		renew := store.CalendarRenew
		p, err := v.DB.SetNoticePreferences(v.t.Context(), elector, store.SetNoticePreferencesInput{Calendar: &renew})
		require.NoError(t, err)
		entries, err := v.DB.Calendar(v.t.Context(), elector.Person, p.Calendar)
		require.NoError(t, err)
		require.Len(t, entries, 2, "and the consultation on the edition")
		assert.Equal(t, string(id), entries[1].ID)

		v.clock.Set(afterDeadline.Add(-20 * time.Hour))
		require.NoError(t, v.DB.Remind(v.t.Context(), false))
		told, err = v.DB.Notices(v.t.Context(), elector, true, store.Page{})
		require.NoError(t, err)
		require.Len(t, told.Nodes, 2)
		assert.Equal(t, governance.NoticeDeadline, told.Nodes[0].Kind)
		require.NoError(t, v.take(id, "union-a", governance.PositionApprove))
		work, err = v.DB.Waiting(v.t.Context(), elector)
		require.NoError(t, err)
		assert.Empty(t, work)
	})
}

func TestAnAdoptedCharterIsToldToTheRollAndTheSecretary(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		founded := "The council has its first charter: its ballots go by it."
		adopted := "The council adopted a charter. What is started from now on goes by it; an edition that was consulted on keeps its own."
		told := func(who governance.Actor) (texts []string) {
			page, err := v.DB.Notices(v.t.Context(), who, false, store.Page{})
			require.NoError(t, err)
			for _, n := range page.Nodes {
				if n.Kind == governance.NoticeCouncil {
					texts = append(texts, n.Text)
				}
			}
			return texts
		}
		elector, author := v.As("union-a", governance.RoleRepresentative), v.As("union-a", governance.RoleAuthor)
		proposal := v.propose()
		v.all(v.openOn(proposal), governance.PositionApprove, "acme", "bolt", "union-a", "college")
		follow(t, v.DB)
		assert.Equal(t, []string{founded}, told(elector))
		v.due()
		follow(t, v.DB)
		assert.Equal(t, []string{adopted, founded}, told(elector))
		assert.Equal(t, []string{adopted, founded}, told(v.Secretary()))
		assert.Empty(t, told(author), "who speaks for an organization tells its authors")
		page, err := v.DB.Notices(v.t.Context(), elector, false, store.Page{})
		require.NoError(t, err)
		n := page.Nodes[slices.IndexFunc(page.Nodes, func(n *store.Notice) bool { return n.Text == adopted })]
		assert.Equal(t, governance.Text{"und": proposal.Body.Name}, n.Title)
		assert.Equal(t, "/councils/council/charters#"+string(proposal.ID), n.Path)
		assert.Equal(t, string(v.Council), n.About)
		assert.Equal(t, "You get this because Union-a Ltd is on the council's roll.", n.Why)
	})
}

func TestARecalledBallotLeavesTheCharterProposed(t *testing.T) {
	eachVote(t, nil, func(v *vote) {
		proposal := v.propose()
		id := v.openOn(proposal)
		_, err := v.DB.RequestRecall(v.t.Context(), v.Secretary(), store.RequestRecallInput{
			Ballot: id, Ground: "wrong-electorate", Reason: "One is missing.",
		})
		require.NoError(t, err)
		other := v.As("council", governance.RoleRepresentative)
		work, err := v.DB.Waiting(v.t.Context(), other)
		require.NoError(t, err)
		require.Len(t, work, 1)
		assert.Equal(t, governance.RecallBallot, work[0].Step)
		assert.Equal(t, string(id), work[0].Object)
		_, err = v.DB.RecallBallot(v.t.Context(), other, store.RecallBallotInput{Ballot: id})
		require.NoError(t, err)
		assert.Equal(t, governance.OutcomeRecalled, *v.ballot(id).Outcome)
		assert.Equal(t, governance.CharterProposed, v.charter(proposal.ID).State)
		assert.NotEqual(t, id, v.openOn(proposal), "it is put to the vote again")
	})
}
