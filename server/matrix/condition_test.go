package matrix_test

import (
	"slices"

	"concordat/governance"
)

// conditions say what a step that role, relation and stage permit is refused with all the same, because a condition of
// its rule cannot hold on that object in that scene: the documented exceptions to "permitted means taken".
var conditions = map[governance.Step]func(c cell) outcome{
	governance.BackNeed: func(c cell) outcome {
		return c.refusedIf(c.actor.organization == c.object.owner, "own-need")
	},
	governance.ApplyToRoll: func(c cell) outcome {
		return c.refusedIf(c.object.council == council && chambers[c.actor.organization] != "", "on-the-roll")
	},
	governance.AdmitToRoll: func(c cell) outcome { return c.refusedIf(c.object.ballot, "ballot-open") },
	governance.FoundCharter: func(c cell) outcome {
		return c.refusedIf(c.object.council == council, "charter-in-force")
	},
	governance.WithdrawCharter: func(c cell) outcome {
		if c.object.name == charterInForce {
			return conflict("charter-decided")
		}
		return c.refusedIf(c.object.ballot, "charter-ballot-open")
	},
	governance.OpenCharterBallot: func(c cell) outcome {
		switch c.object.name {
		case charterInForce:
			return conflict("charter-decided")
		case charterFirst: // of a council without a charter
			return conflict("no-charter")
		}
		if c.scene.young {
			return conflict("chamber-empty")
		}
		return c.refusedIf(c.object.ballot, "charter-ballot-open")
	},
	governance.SuspendRollEntry: func(c cell) outcome {
		return c.refusedIf(c.object.name != entryActive, "roll-state")
	},
	governance.ReinstateRollEntry: func(c cell) outcome {
		return c.refusedIf(c.object.name != entrySuspended, "roll-state")
	},
	governance.EndRollEntry: func(c cell) outcome {
		if c.object.ballot {
			return conflict("ballot-open")
		}
		return c.refusedIf(c.object.name == entryEnded || c.object.name == entryRefused, "roll-state")
	},
	governance.ChangeChamber: func(c cell) outcome {
		if c.object.ballot {
			return conflict("ballot-open")
		}
		return c.refusedIf(c.object.name != entryActive && c.object.name != entrySuspended, "roll-state")
	},
	governance.EndMandate: func(c cell) outcome {
		if c.object.name == mandateEnded {
			return conflict("mandate-ended")
		}
		return c.refusedIf(c.object.name == mandateLastOne || c.object.name == mandateLastAdmin, "last-holder")
	},

	governance.AdmitNewOrganization: func(c cell) outcome {
		if c.object.name == applicationOver {
			return conflict("application-closed")
		}
		return c.refusedIf(c.object.ballot, "ballot-open")
	},
	governance.RefuseNewOrganization: func(c cell) outcome { return c.refusedIf(c.object.name == applicationOver, "application-closed") },
	governance.WithdrawApplication:   func(c cell) outcome { return c.refusedIf(c.object.name == applicationOver, "application-closed") },
	governance.SuspendOrganization:   func(c cell) outcome { return c.refusedIf(c.object.name == itIsSuspended, "suspended-already") },
	governance.LiftSuspension:        func(c cell) outcome { return c.refusedIf(c.object.name != itIsSuspended, "not-suspended") },
	governance.RegisterKey:           func(c cell) outcome { return c.refusedIf(c.object.name == itsOrganization, "key-in-use") },
	governance.RotateKey:             func(c cell) outcome { return c.refusedIf(c.object.name != itsOrganization, "no-key") },
	governance.RevokeKey:             func(c cell) outcome { return c.refusedIf(c.object.name != itsOrganization, "no-key") },
	governance.AcceptMandate:         func(c cell) outcome { return c.invitationOpen() },
	governance.DeclineMandate:        func(c cell) outcome { return c.invitationOpen() },
	governance.WithdrawInvitation:    func(c cell) outcome { return c.invitationOpen() },
	governance.DelegateMandate: func(c cell) outcome {
		switch c.object.name {
		case mandateEnded:
			return conflict("mandate-ended")
		case mandateDeputy:
			return conflict("deputy-of-deputy")
		}
		return c.refusedIf(c.object.name == mandateLastAdmin, "administrators-granted")
	},
	governance.ExtendMandate: func(c cell) outcome {
		switch c.object.name {
		case mandateEnded:
			return conflict("mandate-ended")
		case mandateDeputy:
			return conflict("deputy-of-deputy")
		}
		return c.refusedIf(c.object.name != mandateDated, "without-end")
	},

	governance.AskToJoin: func(c cell) outcome {
		switch c.actor.organization {
		case college, acme, unionB, learners: // in the group, invited, asking
			return conflict("group-state")
		}
		return taken
	},
	governance.RemoveFromWorkingGroup: func(c cell) outcome {
		return c.refusedIf(c.object.edition.lead == acme, "lead-stays")
	},
	governance.TransferLead: func(c cell) outcome {
		return c.refusedIf(c.object.edition.lead == acme, "leads-already")
	},
	governance.MakeOffer: func(c cell) outcome {
		return c.refusedIf(slices.Contains(c.object.edition.offering, c.actor.organization), "offer-exists")
	},
	governance.RevokeEndorsement: func(c cell) outcome { return c.refusedIf(c.object.asked != "", "not-given") },
	// A lead that is a provider publishes itself.
	governance.NamePublisher: func(c cell) outcome {
		return c.refusedIf(chambers[c.object.edition.lead] == governance.ChamberProvider, "lead-publishes")
	},
	governance.LeaveWorkingGroup: func(c cell) outcome {
		return c.refusedIf(c.actor.organization == c.object.edition.lead, "lead-stays")
	},
	// Who wrote a translation does not confirm it; nor does anybody once the text has moved on.
	governance.ConfirmTranslation: func(c cell) outcome {
		if c.actor.actor.Person == c.object.author {
			return outcome{governance.CodeForbidden, "own-translation"}
		}
		return c.refusedIf(c.scene.settled, "translation-unfit")
	},
	// Whoever was consulted on an edition has notice of its end first.
	governance.AbandonEdition: func(c cell) outcome {
		return c.refusedIf(c.object.edition.consulted && !c.scene.announced, "notice-missing")
	},
	governance.Suggest: func(c cell) outcome {
		return c.refusedIf(c.actor.organization == "" && !c.scene.consulting(), "no-public-consultation")
	},
	governance.WithdrawSuggestion: func(c cell) outcome { return c.undecided() },
	governance.AcceptSuggestion: func(c cell) outcome {
		if c.object.name == suggestionHidden {
			return conflict("hidden")
		}
		return c.undecided()
	},
	governance.RejectSuggestion: func(c cell) outcome { return c.undecided() },
	governance.AddComment: func(c cell) outcome {
		return c.refusedIf(c.actor.organization == "" && !c.scene.consulting(), "no-public-consultation")
	},
	governance.RaiseObjection: func(c cell) outcome {
		return c.refusedIf(c.scene.closed() && !c.scene.settled, "unchanged-since")
	},
	governance.EditComment:     func(c cell) outcome { return c.unanswered() },
	governance.DisposeComment:  func(c cell) outcome { return c.unanswered() },
	governance.WithdrawComment: func(c cell) outcome { return c.refusedIf(c.withdrawn(), "comment-state") },
	governance.ReplyToDisposition: func(c cell) outcome {
		return c.refusedIf(c.scene.settled && c.object.name == objectionAnswered, "comment-state")
	},
	governance.ResolveComment: func(c cell) outcome {
		if c.object.objection() {
			return conflict("is-objection")
		}
		return c.refusedIf(c.object.name == commentAnswered, "thread-resolved")
	},
	governance.ReopenComment: func(c cell) outcome { return c.refusedIf(c.object.name != commentAnswered, "thread-open") },
	// An author of the lead has reported the answered comment; the referred objection is hidden, and the secretary asked
	// for its redaction.
	governance.ReportComment: func(c cell) outcome {
		reporter := c.scene.world.cast.As(college, governance.RoleAuthor).Person
		return c.refusedIf(c.object.name == commentAnswered && c.actor.actor.Person == reporter, "reported")
	},
	governance.DismissReports:   func(c cell) outcome { return c.refusedIf(c.object.name != commentAnswered, "not-reported") },
	governance.HideComment:      func(c cell) outcome { return c.refusedIf(c.object.name == objectionReferred, "hidden") },
	governance.UnhideComment:    func(c cell) outcome { return c.refusedIf(c.object.name != objectionReferred, "not-hidden") },
	governance.RequestRedaction: func(c cell) outcome { return c.refusedIf(c.object.name == objectionReferred, "redaction-asked") },
	governance.ConfirmRedaction: func(c cell) outcome {
		if c.object.name == objectionReferred && c.actor.actor.Person == c.scene.world.cast.Secretary().Person {
			return outcome{governance.CodeForbidden, "second-person"}
		}
		return c.refusedIf(c.object.name != objectionReferred, "redaction-unasked")
	},
	// So with suggestions: the rejected one is reported, the hidden one is to be redacted.
	governance.ReportSuggestion: func(c cell) outcome {
		reporter := c.scene.world.cast.As(college, governance.RoleAuthor).Person
		return c.refusedIf(c.actor.actor.Person == reporter, "reported")
	},
	governance.ConfirmSuggestionRedaction: func(c cell) outcome {
		if c.actor.actor.Person == c.scene.world.cast.Secretary().Person {
			return outcome{governance.CodeForbidden, "second-person"}
		}
		return taken
	},
	governance.ReferObjection: func(c cell) outcome {
		if !c.object.objection() {
			return conflict("no-objection")
		}
		return c.refusedIf(c.withdrawn(), "comment-state")
	},
	governance.OpenObjectionBallot: func(c cell) outcome {
		switch {
		case !c.scene.byBallot:
			return conflict("decided-by-representative")
		case c.referred() != taken:
			return c.referred()
		}
		return c.refusedIf(c.scene.balloted, "matter-ballot-open")
	},
	governance.UpholdObjection:   func(c cell) outcome { return c.decided() },
	governance.OverruleObjection: func(c cell) outcome { return c.decided() },
	governance.CloseConsultation: func(c cell) outcome { return c.refusedIf(!c.scene.overdue, "no-early-close") },
	governance.SkipConsultation:  func(c cell) outcome { return c.refusedIf(!c.object.edition.editorial, "not-editorial") },
	governance.InviteToConsultation: func(c cell) outcome {
		return c.refusedIf(c.scene.overdue, "consultation-over")
	},
	governance.ExtendConsultation: func(c cell) outcome { return c.refusedIf(c.scene.overdue, "consultation-over") },
	governance.RecallConsultation: func(c cell) outcome { return c.refusedIf(c.scene.overdue, "consultation-over") },
	governance.TakePosition: func(c cell) outcome {
		if c.spokeForAnother() {
			return outcome{governance.CodeForbidden, "spoke-for-another"}
		}
		return c.refusedIf(c.voted(), "position-taken")
	},
	governance.ChangePosition: func(c cell) outcome {
		if c.spokeForAnother() {
			return outcome{governance.CodeForbidden, "spoke-for-another"}
		}
		return c.refusedIf(!c.voted(), "no-position")
	},
	governance.AskWithdrawal:      func(c cell) outcome { return c.refusedIf(c.scene.withdrawing, "withdrawal-asked") },
	governance.TakeBackWithdrawal: func(c cell) outcome { return c.refusedIf(!c.scene.withdrawing, "withdrawal-unasked") },
	governance.DeclineWithdrawal:  func(c cell) outcome { return c.withdrawable() },
	governance.ConfirmWithdrawal:  func(c cell) outcome { return c.withdrawable() },
	governance.OpenWithdrawalBallot: func(c cell) outcome {
		if !c.scene.byBallot {
			return conflict("withdrawals-by-secretary")
		}
		return c.refusedIf(c.scene.balloted, "matter-ballot-open")
	},
	governance.RecordReview: func(c cell) outcome { return c.refusedIf(c.scene.byBallot, "reviews-by-ballot") },
	governance.OpenReviewBallot: func(c cell) outcome {
		if !c.scene.byBallot {
			return conflict("reviews-by-secretary")
		}
		return c.refusedIf(c.scene.balloted, "matter-ballot-open")
	},
	governance.ReconfirmPosition: func(c cell) outcome {
		switch {
		case c.spokeForAnother():
			return outcome{governance.CodeForbidden, "spoke-for-another"}
		case c.voted():
			return conflict("position-taken")
		}
		return c.refusedIf(!c.scene.again || !voters[c.actor.organization], "no-earlier-position")
	},
	governance.RequestRecall:    func(c cell) outcome { return c.refusedIf(c.scene.correcting, "correction-asked") },
	governance.RecallBallot:     func(c cell) outcome { return c.confirmed() },
	governance.DeclineRecall:    func(c cell) outcome { return c.refusedIf(!c.scene.correcting, "correction-unasked") },
	governance.RequestReopening: func(c cell) outcome { return c.refusedIf(c.scene.correcting, "correction-asked") },
	governance.ReopenText:       func(c cell) outcome { return c.confirmed() },
	governance.DeclineReopening: func(c cell) outcome { return c.refusedIf(!c.scene.correcting, "correction-unasked") },
	governance.OpenBallot:       func(c cell) outcome { return c.refusedIf(!c.scene.settled, "undisposed") },
}

func conflict(reason string) outcome { return outcome{governance.CodeConflict, reason} }

func (c cell) refusedIf(holds bool, reason string) outcome {
	if holds {
		return conflict(reason)
	}
	return taken
}

// invitationOpen is what becomes of a step that needs an invitation to a mandate which is open.
func (c cell) invitationOpen() outcome {
	return c.refusedIf(c.object.name == invitationOver, "invitation-withdrawn")
}

// unanswered is what becomes of a step that needs a comment without an answer: once all is settled each has one, and
// the objection was withdrawn.
func (c cell) unanswered() outcome {
	if c.withdrawn() {
		return conflict("comment-state")
	}
	return c.refusedIf(c.scene.settled, "answered")
}

// undecided is what becomes of a step that needs a suggestion which is not decided on.
func (c cell) undecided() outcome {
	return c.refusedIf(c.object.name == suggestionRejected, "suggestion-state")
}

func (c cell) withdrawn() bool { return c.scene.settled && c.object.name == objectionOpen }

// withdrawable is what becomes of the secretary's decision on a request for withdrawal.
func (c cell) withdrawable() outcome {
	if c.scene.byBallot {
		return conflict("withdrawals-by-ballot")
	}
	return c.refusedIf(!c.scene.withdrawing, "withdrawal-unasked")
}

// decided is what becomes of a decision on an objection by a representative: the charter must leave it to one.
func (c cell) decided() outcome {
	if c.scene.byBallot {
		return conflict("decided-by-ballot")
	}
	return c.referred()
}

// referred is what becomes of a decision on an objection: it must lie with the council.
func (c cell) referred() outcome {
	return c.refusedIf(c.scene.settled || c.object.name != objectionReferred, "not-referred")
}

// consulting says whether a public consultation is running.
func (s *scene) consulting() bool {
	return s.edition.stage == governance.StageConsultation && !s.edition.invitedOnly && !s.overdue
}

// closed says whether a consultation is over.
func (s *scene) closed() bool {
	return s.edition.stage == governance.StageDisposition && s.edition.consulted || s.overdue
}

// expected is what must become of the cell.
func (c cell) expected() outcome {
	if refused := c.permitted(); refused != taken {
		return refused
	}
	if condition := conditions[c.rule.Step]; condition != nil {
		return condition(c)
	}
	return taken
}

// confirmed is what becomes of a step that takes back what the secretary asked to take back.
func (c cell) confirmed() outcome {
	if c.scene.correcting && c.actor.actor.Person == c.scene.world.cast.Secretary().Person {
		return outcome{governance.CodeForbidden, "second-person"}
	}
	return c.refusedIf(!c.scene.correcting, "correction-unasked")
}

// voted says whether the actor's organization has taken a position in the ballot.
func (c cell) voted() bool { return !c.scene.again && voters[c.actor.organization] }

// voters are the organizations that voted in the first ballot.
var voters = map[string]bool{acme: true, unionA: true}

// spokeForAnother says whether the person has spoken for another organization in the ballot.
func (c cell) spokeForAnother() bool {
	return !c.scene.again && c.actor.organization == bolt && c.actor.actor.Person == c.scene.world.cast.As(acme, governance.RoleRepresentative).Person
}
