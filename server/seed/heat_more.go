package seed

import (
	"time"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// refrigerantTale fails in its first ballot, is changed, and carried in the second; the council has endorsed it.
func (t *tale) refrigerantTale() {
	w := t.when
	e := t.begin(w(10, time.Tuesday, 9.10), beginning{
		slug: specRefrigerant, author: "hanse-author", council: demo.HeatCouncil, need: needRefrigerant,
		document: refrigerantDraft(), message: "From the academy's safety briefing for propane units.",
	})
	e.invite(w(10, time.Wednesday, 14.00), "siltuma-arodbiedriba", "arodbiedriba-rep", "Safety at work is your subject: please write with us.")
	e.consult(w(12, time.Monday, 9.30), t.day(16, time.Friday), true)
	e.comment(w(13, time.Thursday, 10.20), "transport", "baltherm-rep", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/leak", Body: "Transport of units that were opened is missing.",
	})
	e.object(w(14, time.Tuesday, 14.30), "certified", "siltumtehnika-rep", store.RaiseObjectionInput{
		Path:   "/prerequisites",
		Reason: "Our fitters hold the certificate for fluorinated gases already. To learn the same again costs a small firm a week.",
		Remedy: "Whoever holds that certificate is let into the assessment without the course.",
	})
	e.comment(w(14, time.Wednesday, 22.40), "anger", "visitor", store.AddCommentInput{
		PublicName: "A neighbour", Body: "The firm that opened our unit should be named, and I name it: the one in the Rīgas iela, with the blue van.",
	})
	e.hide(w(14, time.Thursday, 8.20), "anger", "baltherm-rep", "Accuses a firm that everybody here knows.",
		"Accuses somebody who is no party to this specification.")
	e.dispose(w(17, time.Tuesday, 10.40), "certified", governance.DispositionRejected,
		"That certificate is about gases that do not burn; what is new here is that these do.")
	e.dispose(w(17, time.Tuesday, 10.55), "anger", governance.DispositionOutOfScope, "Complaints about work that was done go to the inspectorate.")
	e.reply(w(17, time.Tuesday, 16.25), "certified", "siltumtehnika-rep", governance.ReplyNotSatisfied, "Half of the outcomes are the same.")
	e.overrule(w(17, time.Thursday, 11.30), "certified", "council-rep-2",
		"The validation stands open to them: what they can show they need not learn again. An exemption as a whole would leave the risk unassessed.")
	e.reply(w(17, time.Wednesday, 7.50), "anger", "visitor", governance.ReplySatisfied, "")
	e.dispose(w(17, time.Tuesday, 11.10), "transport", governance.DispositionOutOfScope,
		"Transport of dangerous goods is regulated elsewhere and needs training of its own.")
	e.reply(w(17, time.Wednesday, 9.00), "transport", "baltherm-rep", governance.ReplySatisfied, "")
	e.vote(w(18, time.Monday, 10.00), t.day(20, time.Friday),
		vote{by: "hanse-rep", after: 2, position: approve}, vote{by: "koledza-rep", after: 4, position: approve},
		vote{by: "nordwaerme-rep", after: 6, position: approve}, vote{by: "baltherm-rep", after: 7, position: approve},
		vote{by: "quality-rep", after: 20, position: approve}, vote{by: "learners-rep", after: 21, position: approve},
		vote{by: "authority-rep", after: 22, position: noObjection}, vote{by: "council-rep", after: 23, position: abstain},
		vote{by: "gge-rep", after: 24, position: objects, reason: "Sixty of 100 points is too little where a mistake can kill.",
			remedy: "At least 80 points, and a practical assessment that cannot be replaced by records."},
		vote{by: "arodbiedriba-rep", after: 26, position: objects, reason: "Nothing is said about the right to stop work.",
			remedy: "An outcome on deciding to stop, assessed in a staged situation."},
		vote{by: "siltumtehnika-rep", after: 29, position: approve},
	)
	e.inStage(w(18, time.Friday, 9.00), governance.StageDisposition)
	e.save(w(19, time.Tuesday, 13.30), "hanse-author", "80 points; the practical assessment is always taken.", func(d *governance.Document) {
		d.Assessments[0].Grading, d.Validation.Assessment = refrigerant().Assessments[0].Grading, refrigerant().Validation.Assessment
	})
	e.save(w(19, time.Thursday, 10.05), "arodbiedriba-rep", "The right and the duty to stop, with a staged situation.", func(d *governance.Document) { *d = refrigerant() })
	e.findObjection(w(19, time.Friday, 9.00), "points", "gewerkschaft-gebaeude")
	e.findObjection(w(19, time.Friday, 9.05), "stop", "siltuma-arodbiedriba")
	e.dispose(w(19, time.Friday, 9.20), "points", governance.DispositionAccepted, "80 points, and the practical assessment is always taken.")
	e.dispose(w(19, time.Friday, 9.35), "stop", governance.DispositionAccepted, "A new outcome; you wrote it yourselves.")
	e.reply(w(20, time.Monday, 8.40), "points", "gge-rep", governance.ReplySatisfied, "")
	e.reply(w(20, time.Monday, 10.15), "stop", "arodbiedriba-rep", governance.ReplySatisfied, "Thank you for letting us write it.")
	e.vote(w(22, time.Monday, 10.00), t.day(24, time.Friday), everybodyApproves()...)
	e.inStage(w(22, time.Friday, 9.00), governance.StageApproved)
	t.endorseRefrigerant(e)
}

// refrigerantDraft is the text as it failed.
func refrigerantDraft() governance.Document {
	d := refrigerant()
	d.Outcomes = d.Outcomes[:3]
	d.Assessments[0].Grading = text("Passed at 60 of 100 points", "Bestanden mit 60 von 100 Punkten")
	d.Assessments[1].Proves = []governance.ElementID{"leak"}
	d.Validation.Evidence = d.Validation.Evidence[:3]
	d.Validation.Assessment = text("Records can replace both assessments.", "Nachweise können beide Prüfungen ersetzen.")
	return d
}

// adviceTale is being voted on.
func (t *tale) adviceTale() {
	w := t.when
	e := t.begin(w(15, time.Wednesday, 10.50), beginning{
		slug: specAdvice, author: "hanse-author", council: demo.HeatCouncil, need: needAdvice,
		document: advice(), message: "With the authority's forecast and two reports of advice centres.",
	})
	e.invite(w(15, time.Thursday, 9.00), "igudziu-biuras", "authority-rep", "Your forecast started this: will you write with us?")
	e.consult(w(18, time.Monday, 11.00), t.day(22, time.Friday), true)
	e.comment(w(20, time.Wednesday, 19.05), "tenants", "visitor", store.AddCommentInput{
		Path: "/outcomes/talk", PublicName: "A tenant", Body: "Owners decide, tenants pay. Tenants should be heard before the plan is final.",
	})
	e.comment(w(21, time.Monday, 9.40), "sales", "gge-author", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/independent", Body: "Advisers who also sell should have to say so before they enter the house.",
		ProposedChange: "Interests are disclosed before the inspection.",
	})
	e.save(w(23, time.Tuesday, 14.25), "hanse-author", "Interests are disclosed before the inspection.", func(d *governance.Document) {
		d.Outcomes[4].Criteria = criterion("Interests are disclosed before the inspection; limits of the advice stand in the report.",
			"Interessen werden vor der Begehung offengelegt; die Grenzen der Beratung stehen im Bericht.")
	})
	e.dispose(w(23, time.Wednesday, 10.00), "tenants", governance.DispositionAcceptedInPart,
		"Questions of tenants are part of the conversation; whom an owner hears is not ours to decide.")
	e.dispose(w(23, time.Wednesday, 10.15), "sales", governance.DispositionAccepted, "")
	e.reply(w(23, time.Thursday, 8.30), "sales", "gge-author", governance.ReplySatisfied, "")
	e.vote(w(29, time.Monday, 10.00), t.day(33, time.Friday),
		vote{by: "hanse-rep", after: 3, position: approve}, vote{by: "siltumtehnika-rep", after: 5, position: approve, comment: "Owners ask us for this every week."},
		vote{by: "gge-rep", after: 23, position: approve}, vote{by: "quality-rep", after: 25, position: approve},
		vote{by: "baltherm-rep", after: 27, position: objects, reason: "Eighty hours are too many for people who already advise on site every day.",
			remedy: "Sixty hours, or validation of the inspection by three records without a report."},
		vote{by: "koledza-rep", after: 49, position: recuse, comment: "We advise the same owners for a fee."},
	)
}

// balancingTale lies with the editors, and one objection with the council.
func (t *tale) balancingTale() {
	w := t.when
	e := t.begin(w(17, time.Monday, 9.20), beginning{
		slug: specBalancing, author: "nordwaerme-author", council: demo.HeatCouncil, need: needBalancing,
		document: balancing(), message: "Entwurf aus der Praxis; das Formular der Förderstelle liegt zugrunde.", secretive: true,
	})
	e.invite(w(17, time.Tuesday, 10.00), "hanse-akademie", "hanse-author", "Könnt ihr die Prüfung ausarbeiten?")
	e.save(w(18, time.Thursday, 11.45), "hanse-author", "Prüfung in einer Wohnung mit fünf Heizkörpern.", func(d *governance.Document) {
		d.Assessments[0].Description = text("A dwelling with five radiators, one of them undersized, is surveyed, calculated and balanced in one day.",
			"Eine Wohnung mit fünf Heizkörpern, davon einer zu klein, wird an einem Tag aufgenommen, berechnet und abgeglichen.")
	})
	e.consult(w(22, time.Monday, 9.30), t.day(26, time.Friday), true)
	e.object(w(24, time.Tuesday, 15.15), "pay", "arodbiedriba-rep", store.RaiseObjectionInput{
		Path:   "/prerequisites",
		Reason: "“Work in plumbing and heating” opens the door for helpers without a qualification, at helpers' pay.",
		Remedy: "A completed qualification at EQF level 3, or two years of work that is paid as skilled.",
	})
	e.comment(w(25, time.Wednesday, 13.05), "method", "koledza-author", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/assessments/practical/standard", Body: "“Method B” exists in Germany only. Name the calculation, not the form.",
	})
	e.comment(w(26, time.Thursday, 17.30), "one-day", "siltumtehnika-author", store.AddCommentInput{
		Path: "/assessments/practical/description", Body: "One day is tight with a heat load calculation by hand. Is software allowed?",
	})
	e.dispose(w(27, time.Tuesday, 10.05), "pay", governance.DispositionRejected,
		"Whoever reaches the outcomes may have learned it anywhere; pay is settled in collective agreements.")
	e.reply(w(27, time.Thursday, 12.20), "pay", "arodbiedriba-rep", governance.ReplyNotSatisfied, "The credential will be used to set pay, whatever we say here.")
	e.save(w(27, time.Friday, 14.30), "hanse-author", "Die Berechnung ist benannt, das Formular nur noch ein Beispiel.", func(d *governance.Document) {
		d.Assessments[0].Standard = text("Room-by-room calculation of flows, as in method B of the German funding body",
			"Raumweise Berechnung der Volumenströme, etwa nach Verfahren B der deutschen Förderstelle")
	})
	e.dispose(w(28, time.Monday, 9.15), "method", governance.DispositionAcceptedInPart, "The calculation is named now; the form stays as an example.")
}

// airtightTale is approved and waits for the council's endorsement.
func (t *tale) airtightTale() {
	w := t.when
	e := t.begin(w(12, time.Wednesday, 13.00), beginning{
		slug: specAirtight, author: "siltumtehnika-author", council: demo.HeatCouncil, need: needAirtight,
		document: airtight(), message: "With the city's building office.",
	})
	e.consult(w(16, time.Monday, 10.30), t.day(20, time.Friday), true)
	e.comment(w(18, time.Friday, 9.25), "tape", "quality-rep", store.AddCommentInput{
		Kind: governance.CommentEditorial, Path: "/outcomes/joints", Body: "“Materials that last”: ten years, fifty years?",
	})
	e.save(w(21, time.Wednesday, 15.50), "siltumtehnika-author", "How long a joint must last.", func(d *governance.Document) {
		d.Outcomes[1].Criteria = criterion("Six joints are made with materials rated for 30 years; none leaks at 50 Pa.",
			"Sechs Anschlüsse werden mit auf 30 Jahre ausgelegten Stoffen ausgeführt; keiner leckt bei 50 Pa.")
	})
	e.dispose(w(21, time.Thursday, 9.00), "tape", governance.DispositionAccepted, "")
	e.reply(w(21, time.Friday, 9.45), "tape", "quality-rep", governance.ReplySatisfied, "")
	e.vote(w(25, time.Monday, 10.00), t.day(27, time.Friday), everybodyApproves()...)
	e.inStage(w(25, time.Friday, 9.00), governance.StageApproved)
	t.endorseAirtight(e)
}

// hybridTale was given up before anybody was asked.
func (t *tale) hybridTale() {
	w := t.when
	e := t.begin(w(6, time.Tuesday, 10.30), beginning{
		slug: specHybrid, author: "siltumtehnika-author", council: demo.HeatCouncil, need: needHybrid,
		document: hybrid(), message: "A start.",
	})
	e.comment(w(8, time.Monday, 14.50), "future", "authority-rep", store.AddCommentInput{
		Body: "Funding for hybrid plants ends next year in two of our countries. Is there a need in three years?",
	})
	e.abandon(w(13, time.Wednesday, 16.00), "Funding of hybrid plants ends in two countries of the council; the firms that reported the need now replace boilers altogether.")
}
