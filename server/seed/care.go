package seed

import (
	"time"

	"concordat/auth/demo"
	"concordat/governance"
	"concordat/store"
)

// careTale is what the care council's organizations agree on, by consent.
func (t *tale) careTale() {
	t.medicationTale()
	t.telecareTale()
}

// medicationTale is published.
func (t *tale) medicationTale() {
	w := t.when
	e := t.begin(w(4, time.Thursday, 9.55), beginning{
		slug: specMedication, author: "hanse-author", council: demo.CareCouncil, need: needMedication,
		document: medicationDraft(), message: "Entwurf mit zwei Heimen und einer Apothekerin.",
	})
	e.invite(w(4, time.Friday, 10.00), "havelland-pflege", "care-employer", "Bitte schreiben Sie mit: Ihre Vorfallsberichte sind die Grundlage.")
	e.consult(w(6, time.Monday, 9.00), t.day(10, time.Friday), true)
	e.object(w(7, time.Wednesday, 11.15), "time", "care-union", store.RaiseObjectionInput{
		Path:   "/participation",
		Reason: "Learning in the evenings after a shift is learning at the expense of those who care.",
		Remedy: "Say that learning takes place in working hours, with time kept free for it.",
	})
	e.comment(w(9, time.Tuesday, 21.10), "data", "visitor", store.AddCommentInput{
		Path: "/assessments/round", PublicName: "Daughter of a resident", Body: "I do not want my mother's record to be used for examinations.",
	})
	e.save(w(11, time.Tuesday, 10.40), "hanse-author", "Lernen in der Arbeitszeit; keine Daten wirklicher Bewohner.", func(d *governance.Document) { *d = medication() })
	e.dispose(w(11, time.Tuesday, 13.00), "time", governance.DispositionAccepted, "")
	e.dispose(w(11, time.Tuesday, 13.15), "data", governance.DispositionAccepted, "Only a training copy with invented residents is used; the text says so now.")
	e.reply(w(11, time.Wednesday, 10.20), "time", "care-union", governance.ReplySatisfied, "Danke.")
	e.reply(w(11, time.Wednesday, 18.45), "data", "visitor", governance.ReplySatisfied, "Thank you.")
	e.vote(w(13, time.Monday, 9.30), t.day(15, time.Friday),
		vote{by: "care-employer", after: 2, position: approve}, vote{by: "care-union", after: 5, position: approve, comment: "With protected time."},
		vote{by: "hanse-rep", after: 25, position: approve}, vote{by: "care-council-rep", after: 30, position: noObjection},
	)
	e.inStage(w(13, time.Friday, 9.00), governance.StageApproved)
	t.publishMedication(e)
}

// medicationDraft is the text before the consultation.
func medicationDraft() governance.Document {
	d := medication()
	d.Participation.Note, d.FurtherInformation = nil, governance.FurtherInformation{}
	return d
}

// telecareTale is being consulted on.
func (t *tale) telecareTale() {
	w := t.when
	e := t.begin(w(24, time.Monday, 14.30), beginning{
		slug: specTelecare, author: "hanse-author", council: demo.CareCouncil, need: needTelecare,
		document: telecare(), message: "Entwurf aus zwei Modellvorhaben.",
	})
	e.ask(w(24, time.Wednesday, 9.35), "pflege-verband", "care-union", "Wir haben 412 Mitglieder befragt und schreiben gern mit.")
	e.save(w(26, time.Tuesday, 11.25), "care-union", "Das Gespräch darf beendet werden, wenn die Würde verletzt wird.", func(d *governance.Document) {
		d.Outcomes[3].Criteria = criterion("In a staged disturbance the call is interrupted before data is disclosed, and the reason is documented.",
			"Bei einer gestellten Störung wird unterbrochen, bevor Daten preisgegeben werden, und der Grund dokumentiert.")
	})
	e.consult(w(28, time.Monday, 9.00), t.day(33, time.Friday), true)
	e.comment(w(28, time.Thursday, 13.40), "devices", "care-employer", store.AddCommentInput{
		Kind: governance.CommentTechnical, Path: "/outcomes/measure/criteria/c1", Body: "Five values with connected devices: which ones? Not every home has a connected scale.",
	})
	e.comment(w(29, time.Tuesday, 19.20), "dialect", "visitor", store.AddCommentInput{
		Path: "/outcomes/prepare", PublicName: "A volunteer interpreter", Body: "Consent in words that the resident follows also means: in their language. Please name interpreters.",
	})
	e.object(w(29, time.Thursday, 10.10), "alone", "care-union", store.RaiseObjectionInput{
		Path:   "/outcomes/protect",
		Reason: "At night one carer has thirty residents. Who accompanies a consultation cannot answer a bell.",
		Remedy: "Say under participation or prerequisites that a consultation is accompanied only when somebody else is on duty.",
	})
}
