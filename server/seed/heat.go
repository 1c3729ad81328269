package seed

import (
	"slices"
	"time"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// heatTale is what the heat council's organizations agree on: an edition in every stage.
func (t *tale) heatTale() {
	first := t.commissioningTale()
	t.commissioningAgain(first)
	t.refrigerantTale()
	t.adviceTale()
	t.balancingTale()
	t.airtightTale()
	t.hybridTale()
}

// commissioningTale is the whole way once: from a need to the register.
func (t *tale) commissioningTale() *edition {
	w := t.when
	e := t.begin(w(2, time.Monday, 10.15), beginning{
		slug: specCommissioning, author: "koledza-author", council: demo.HeatCouncil, need: needCommissioning,
		document: commissioningDraft(), message: "First draft, from the college's own course and the service records of the firms that reported the need.",
	})
	e.invite(w(2, time.Wednesday, 9.05), "hanse-akademie", "hanse-author", "You teach commissioning already: will you write with us?")
	e.ask(w(2, time.Friday, 11.20), "nordwaerme", "nordwaerme-author", "We reported the need and bring the service records.")
	e.save(w(3, time.Tuesday, 14.40), "hanse-author", "How prior learning is validated, in the four stages.", func(d *governance.Document) {
		d.Validation = withoutEvidence(commissioning().Validation, "noise")
	})
	e.save(w(3, time.Thursday, 10.30), "koledza-author", "Hours split; renewal and review date added.", func(d *governance.Document) {
		d.Workload.Split, d.Validity = commissioning().Workload.Split, commissioning().Validity
	})
	e.consult(w(4, time.Monday, 9.30), t.day(8, time.Friday), true)
	t.commissioningComments(e)
	e.save(w(9, time.Tuesday, 13.10), "koledza-author",
		"The union's objection is met: sound is measured and night operation set. Plain words and the stop of an unsafe plant as asked for in comments.",
		func(d *governance.Document) { *d = commissioning() })
	t.commissioningAnswers(e)
	e.vote(w(11, time.Monday, 10.00), t.day(13, time.Friday),
		vote{by: "nordwaerme-rep", after: 1, position: approve, comment: "We will ask for it when we hire."},
		vote{by: "gge-rep", after: 4, position: approve, comment: "Our objection was met in full."},
		vote{by: "koledza-rep", after: 5, position: approve},
		vote{by: "quality-rep", after: 6, position: approve},
		vote{by: "baltherm-rep", after: 22, position: approve},
		vote{by: "learners-rep", after: 24, position: approve, comment: "Validation of what we learned on site is taken seriously here."},
		vote{by: "authority-rep", after: 26, position: noObjection},
		vote{by: "hanse-rep", after: 27, position: approve},
		vote{by: "council-rep", after: 46, position: abstain, comment: "The council endorses; it does not vote beside those it serves."},
		vote{by: "arodbiedriba-rep", after: 47, position: approve},
		vote{by: "siltumtehnika-rep", after: 70, position: approve},
	)
	e.inStage(w(11, time.Friday, 9.00), governance.StageApproved)
	t.publishFirst(e)
	return e
}

// commissioningDraft is the text before anybody else wrote or commented.
func commissioningDraft() governance.Document {
	d := commissioning()
	d.PlainLanguageSummary = text("Start and set heat pumps in dwellings.", "Wärmepumpen in Wohngebäuden starten und einstellen.")
	d.Outcomes = slices.DeleteFunc(d.Outcomes, func(o governance.LearningOutcome) bool { return o.ID == "noise" })
	last := &d.Outcomes[len(d.Outcomes)-1]
	last.Statement = text("Takes responsibility for the handover and instructs the residents.", "Verantwortet die Übergabe und weist die Bewohner ein.")
	d.Assessments[1].Proves = []governance.ElementID{"inspect", "commission", "hand-over"}
	d.Workload.Split, d.Validation, d.Validity = nil, governance.Validation{}, governance.Validity{}
	return d
}

// withoutEvidence leaves out the evidence for an outcome that is not there yet.
func withoutEvidence(v governance.Validation, outcome governance.ElementID) governance.Validation {
	v.Evidence = slices.DeleteFunc(v.Evidence, func(a governance.AcceptedEvidence) bool { return a.ID == outcome })
	return v
}

func (t *tale) commissioningComments(e *edition) {
	w := t.when
	e.comment(w(4, time.Thursday, 15.25), "unsafe", "gge-author", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/hand-over/statement/en", Quote: "Takes responsibility for the handover",
		Body:           "Responsibility without the right to stop is a trap for the fitter. Say that a plant which is not safe is stopped.",
		ProposedChange: "Takes responsibility for the handover, instructs the residents and stops a plant that is not safe.",
	})
	e.thread(w(4, time.Friday, 9.50), "unsafe", "koledza-author", "Agreed; we will work it in after the close.")
	e.comment(w(5, time.Tuesday, 18.40), "plain", "learners-rep", store.AddCommentInput{
		Kind: governance.CommentEditorial, Path: "/plainLanguageSummary",
		Body: "The summary in plain language says nothing about what one has to show in the end, and for whom it is.",
	})
	e.object(w(6, time.Monday, 16.05), "noise", "gge-rep", store.RaiseObjectionInput{
		Path: "/outcomes",
		Reason: "Fitters are blamed when a unit keeps the neighbours awake, yet nobody teaches them to measure it. A credential that is silent on " +
			"noise passes the risk on to employees.",
		Remedy: "An outcome on measuring sound at the nearest window and setting night operation accordingly, with its own criterion, within the practical assessment.",
	})
	e.comment(w(6, time.Wednesday, 20.15), "entry", "visitor", store.AddCommentInput{
		Path: "/prerequisites", PublicName: "Elza K., Jelgava",
		Body: "I am an electrician of 52 without papers of this kind. Does my work count, or only years in heating?",
	})
	e.comment(w(7, time.Thursday, 10.45), "examiners", "quality-rep", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/assessments/practical",
		Body:           "Two examiners are good. Say that one of them has not taught the candidate: without it our colleagues cannot recognise the assessment.",
		ProposedChange: "One of the two examiners has not taught the candidate.",
	})
	e.comment(w(8, time.Wednesday, 11.30), "flow", "baltherm-rep", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/commission/criteria/c1",
		Body: "2 K is strict for old buildings with mixed radiators. 3 K would do.",
	})
}

func (t *tale) commissioningAnswers(e *edition) {
	w := t.when
	e.dispose(w(9, time.Wednesday, 9.10), "unsafe", governance.DispositionAccepted, "")
	e.dispose(w(9, time.Wednesday, 9.25), "plain", governance.DispositionAccepted, "")
	e.dispose(w(9, time.Wednesday, 9.40), "noise", governance.DispositionAccepted, "A new outcome with its criterion; the practical assessment proves it.")
	e.dispose(w(9, time.Wednesday, 9.55), "entry", governance.DispositionNoted,
		"Electrical installation is among the qualifications, and two years of such work stand beside it; your employer's records are enough.")
	e.dispose(w(9, time.Wednesday, 10.10), "examiners", governance.DispositionAcceptedInPart,
		"It holds for every assessment, so it stands under quality assurance and not at this one.")
	e.dispose(w(9, time.Wednesday, 10.25), "flow", governance.DispositionRejected,
		"The criterion is about agreement with the calculation for that very building, so mixed radiators are in it already.")
	e.reply(w(9, time.Thursday, 8.50), "noise", "gge-rep", governance.ReplySatisfied, "This is what we asked for.")
	e.reply(w(9, time.Thursday, 9.20), "unsafe", "gge-author", governance.ReplySatisfied, "")
	e.reply(w(9, time.Friday, 13.35), "examiners", "quality-rep", governance.ReplySatisfied, "That is even better.")
	e.reply(w(9, time.Friday, 14.15), "flow", "baltherm-rep", governance.ReplyNotSatisfied, "We see the argument and will vote for the text all the same.")
}

// commissioningAgain is what followed: a further edition that replaced the first, and one that is being drafted.
func (t *tale) commissioningAgain(first *edition) {
	w := t.when
	e := first.next(w(14, time.Monday, 13.20), "1.1")
	e.save(w(14, time.Tuesday, 15.05), "koledza-author", "From the first courses: smaller groups, and the tariff task in the written examination.", func(d *governance.Document) {
		d.Participation.MaximumGroupSize = 10
		d.Assessments[0].Description = text(
			"Seventy minutes on a given building: heating curve, hot water, a tariff that changes by the hour, and what each change does.",
			"Siebzig Minuten zu einem gegebenen Gebäude: Heizkurve, Warmwasser, ein stündlich wechselnder Tarif und die Wirkung jeder Änderung.")
	})
	e.consult(w(15, time.Monday, 9.15), t.day(19, time.Friday), true)
	e.comment(w(16, time.Tuesday, 10.35), "groups", "nordwaerme-rep", store.AddCommentInput{
		Path: "/participation/maximumGroupSize", Body: "Ten learners make the course dearer. Does the difference show in the assessments?",
	})
	e.dispose(w(20, time.Tuesday, 11.00), "groups", governance.DispositionRejected,
		"It does: of the groups of twelve every third learner waited for a plant; in the groups of ten all practised twice.")
	e.reply(w(20, time.Thursday, 9.30), "groups", "nordwaerme-rep", governance.ReplySatisfied, "")
	e.vote(w(21, time.Monday, 10.00), t.day(23, time.Friday), everybodyApproves()...)
	e.inStage(w(21, time.Friday, 9.00), governance.StageApproved)
	t.publishSecond(e)
	e.translate(w(25, time.Wednesday, 14.15), "siltumtehnika-author", "lv", commissioningInLatvian())
	draft := e.next(w(27, time.Tuesday, 9.40), "2.0")
	draft.save(w(27, time.Thursday, 16.20), "koledza-author", "Toward reading the plant's data: a first outcome, still without its assessment.", func(d *governance.Document) {
		d.Outcomes = append(d.Outcomes, governance.LearningOutcome{
			ID: "data", Kind: ability, EQFLevel: 4,
			Statement: text("Analyses a week of operating data and proposes a changed setting.", "Wertet eine Woche Betriebsdaten aus und schlägt eine geänderte Einstellung vor."),
			Skills:    concepts(skillHeatingEfficiency),
		})
	})
	draft.comment(w(28, time.Friday, 12.10), "whose-data", "gge-author", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/data",
		Body: "Whose data, and who has agreed to it? A plant's data tells when people are at home.",
	})
	draft.suggest(w(28, time.Friday, 12.20), "gge-author", suggested{
		path: "/outcomes/data/statement/en", words: "Analyses a week of operating data with the residents' consent and proposes a changed setting.",
		reason: "Without consent nobody may look at it.", acceptedAfter: 2 * time.Hour,
	})
	draft.suggest(w(28, time.Friday, 15.40), "baltherm-rep", suggested{
		path: "/participation/note/en", words: "Practice takes place at running plants of at least three makes.",
		reason: "Fitters meet at least three makes in their first year.",
	})
}

// everybodyApproves are the positions of all electors of the heat council, with little to say; the council itself abstains.
func everybodyApproves() []vote {
	return []vote{
		{by: "koledza-rep", after: 2, position: approve}, {by: "hanse-rep", after: 3, position: approve},
		{by: "nordwaerme-rep", after: 5, position: approve}, {by: "siltumtehnika-rep", after: 21, position: approve},
		{by: "baltherm-rep", after: 23, position: noObjection}, {by: "gge-rep", after: 26, position: approve},
		{by: "quality-rep", after: 27, position: approve}, {by: "learners-rep", after: 27, position: approve},
		{by: "authority-rep", after: 27, position: noObjection}, {by: "council-rep", after: 27, position: abstain},
		{by: "arodbiedriba-rep", after: 28, position: approve},
	}
}
