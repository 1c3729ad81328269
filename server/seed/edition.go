package seed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
)

// edition is one edition's part of the story. Its methods put events into the story; what they make is found again by
// the names that the story gives.
type edition struct {
	t         *tale
	name      string // for errors: "heat-pump-commissioning 1.0"
	author    string // persona that edits for the lead
	secretary string // persona

	specification governance.SpecificationID
	id            governance.EditionID
	comments      map[string]governance.CommentID
	ballot        governance.BallotID
	endorsement   governance.StatementID
}

// beginning is how a specification starts.
type beginning struct {
	slug      string
	author    string // persona, of the lead
	council   string // slug
	need      string // in the story
	document  governance.Document
	message   string
	secretive bool // drafts are shown to the working group alone
}

// begin starts a specification with its edition 1.0.
func (t *tale) begin(at time.Time, b beginning) *edition {
	e := &edition{
		t: t, name: b.slug + " 1.0", author: b.author, secretary: secretaryOf(b.council), comments: map[string]governance.CommentID{},
	}
	e.add(at, "start", func(ctx context.Context) (err error) {
		e.specification, err = t.db.StartSpecification(ctx, t.as(b.author), store.StartSpecificationInput{
			Council: t.organizations[b.council], Slug: b.slug, Needs: []governance.NeedID{t.needs[b.need]},
			Document: b.document, Message: b.message, ClosedGroup: b.secretive,
		})
		if err != nil {
			return err
		}
		specification, err := t.db.SpecificationByID(ctx, t.as(b.author), e.specification, nil)
		if err != nil {
			return err
		}
		first, err := t.db.NewestEdition(ctx, t.as(b.author), specification, nil)
		if err != nil {
			return err
		}
		if first == nil {
			return errors.New("the specification has no edition")
		}
		e.id = first.ID
		return nil
	})
	return e
}

// next starts a further edition of the same specification.
func (e *edition) next(at time.Time, number string) *edition {
	n := &edition{
		t: e.t, name: e.name + ", then " + number, author: e.author, secretary: e.secretary, comments: map[string]governance.CommentID{},
	}
	n.add(at, "start", func(ctx context.Context) (err error) {
		n.specification = e.specification
		n.id, err = e.t.db.StartEdition(ctx, e.t.as(e.author), store.StartEditionInput{Specification: e.specification, Number: number})
		return err
	})
	return n
}

func (e *edition) add(at time.Time, what string, do func(ctx context.Context) error) {
	e.t.add(at, e.name+": "+what, do)
}

// invite asks an organization into the working group; its author says yes three hours later.
func (e *edition) invite(at time.Time, slug, author, message string) {
	e.add(at, "invite "+slug, func(ctx context.Context) error {
		_, err := e.t.db.InviteToWorkingGroup(ctx, e.t.as(e.author), store.InviteToWorkingGroupInput{
			Edition: e.id, Organization: e.t.organizations[slug], Message: message,
		})
		return err
	})
	e.add(at.Add(3*time.Hour), author+" joins", func(ctx context.Context) error {
		_, err := e.t.db.AnswerInvitation(ctx, e.t.as(author), store.AnswerInvitationInput{Edition: e.id, Accept: true})
		return err
	})
}

// ask lets an organization ask to join, and the lead say yes the next day.
func (e *edition) ask(at time.Time, slug, author, message string) {
	e.add(at, author+" asks to join", func(ctx context.Context) error {
		_, err := e.t.db.AskToJoin(ctx, e.t.as(author), store.AskToJoinInput{Edition: e.id, Message: message})
		return err
	})
	e.add(at.AddDate(0, 0, 1), "let "+slug+" join", func(ctx context.Context) error {
		_, err := e.t.db.AnswerRequest(ctx, e.t.as(e.author), store.AnswerRequestInput{
			Edition: e.id, Organization: e.t.organizations[slug], Accept: true,
		})
		return err
	})
}

// head reads the edition with its newest revision, as its author.
func (e *edition) head(ctx context.Context) (*store.Edition, *store.Revision, error) {
	now, err := e.t.db.Edition(ctx, e.t.as(e.author), e.id, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("read the edition: %w", err)
	}
	head, err := e.t.db.Head(ctx, e.t.as(e.author), now, store.Fields{"document": nil})
	if err != nil {
		return nil, nil, fmt.Errorf("read the head: %w", err)
	}
	return now, head, nil
}

// save saves the head with a change, as somebody of the working group.
func (e *edition) save(at time.Time, by, message string, change func(d *governance.Document)) {
	e.add(at, by+" saves", func(ctx context.Context) error {
		now, head, err := e.head(ctx)
		if err != nil {
			return err
		}
		document, err := copied(head.Document)
		if err != nil {
			return err
		}
		change(&document)
		_, err = e.t.db.SaveRevision(ctx, e.t.as(by), store.SaveRevisionInput{
			Edition: e.id, Base: now.HeadID, Document: document, Message: message,
		})
		return err
	})
}

// copied copies a document, of which the store may hand out the same to everybody.
func copied(document governance.Document) (governance.Document, error) {
	bytes, _, err := notary.EncodeDocument(document)
	if err != nil {
		return governance.Document{}, err
	}
	return governance.ParseDocument(bytes)
}

// consult opens a consultation until the end of a day; the clock closes it.
func (e *edition) consult(at time.Time, closesOn governance.Date, public bool) {
	e.add(at, "open a consultation", func(ctx context.Context) error {
		_, err := e.t.db.OpenConsultation(ctx, e.t.as(e.secretary), store.OpenConsultationInput{
			Edition: e.id, ClosesOn: closesOn, IsPublic: public,
		})
		return err
	})
}

// comment adds a comment under a name of the story. What is not said is GENERAL and on the whole text.
func (e *edition) comment(at time.Time, name, by string, in store.AddCommentInput) {
	e.add(at, by+" comments", func(ctx context.Context) (err error) {
		in.Edition = e.id
		if in.Kind == "" {
			in.Kind = governance.CommentGeneral
		}
		e.comments[name], err = e.t.db.AddComment(ctx, e.t.as(by), in)
		return err
	})
}

// thread answers in a comment's thread.
func (e *edition) thread(at time.Time, name, by, body string) {
	e.add(at, by+" answers in the thread "+name, func(ctx context.Context) error {
		_, err := e.t.db.AddComment(ctx, e.t.as(by), store.AddCommentInput{
			Edition: e.id, Parent: e.comments[name], Kind: governance.CommentGeneral, Body: body,
		})
		return err
	})
}

// object raises an objection under a name of the story.
func (e *edition) object(at time.Time, name, by string, in store.RaiseObjectionInput) {
	e.add(at, by+" objects", func(ctx context.Context) (err error) {
		in.Edition = e.id
		e.comments[name], err = e.t.db.RaiseObjection(ctx, e.t.as(by), in)
		return err
	})
}

// dispose answers a comment or an objection; what was accepted was done in the head.
func (e *edition) dispose(at time.Time, name string, kind governance.DispositionKind, reason string) {
	e.add(at, "answer "+name, func(ctx context.Context) error {
		in := store.DisposeCommentInput{Comment: e.comments[name], Kind: kind, Reason: reason}
		if kind == governance.DispositionAccepted || kind == governance.DispositionAcceptedInPart {
			now, _, err := e.head(ctx)
			if err != nil {
				return err
			}
			in.Revision = now.HeadID
		}
		_, err := e.t.db.DisposeComment(ctx, e.t.as(e.author), in)
		return err
	})
}

// findObjection names the open objection of an organization that came of its position in a ballot.
func (e *edition) findObjection(at time.Time, name, slug string) {
	e.add(at, "find the objection of "+slug, func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		open, err := e.t.db.Comments(ctx, e.t.as(e.author), now, store.CommentFilter{States: []governance.CommentState{governance.StateOpen}}, store.Page{}, nil)
		if err != nil {
			return err
		}
		for _, c := range open.Nodes {
			if c.IsObjection && c.Organization.ID == e.t.organizations[slug] {
				e.comments[name] = c.ID
				return nil
			}
		}
		return errors.New("it has none")
	})
}

// reply says whether an answer satisfies.
func (e *edition) reply(at time.Time, name, by string, reply governance.Reply, text string) {
	e.add(at, by+" replies on "+name, func(ctx context.Context) error {
		_, err := e.t.db.ReplyToDisposition(ctx, e.t.as(by), store.ReplyToDispositionInput{Comment: e.comments[name], Reply: reply, Text: text})
		return err
	})
}

// overrule has a representative of the council decide against an objection.
func (e *edition) overrule(at time.Time, name, by, reason string) {
	e.add(at, by+" overrules "+name, func(ctx context.Context) error {
		_, err := e.t.db.OverruleObjection(ctx, e.t.as(by), store.OverruleObjectionInput{Comment: e.comments[name], Reason: reason})
		return err
	})
}

// hide has somebody report a comment, and the secretary hide it.
func (e *edition) hide(at time.Time, name, by, report, reason string) {
	e.add(at, by+" reports "+name, func(ctx context.Context) error {
		_, err := e.t.db.ReportComment(ctx, e.t.as(by), store.ReportCommentInput{Comment: e.comments[name], Reason: report})
		return err
	})
	e.add(at.Add(95*time.Minute), "hide "+name, func(ctx context.Context) error {
		_, err := e.t.db.HideComment(ctx, e.t.as(e.secretary), store.HideCommentInput{Comment: e.comments[name], Reason: reason})
		return err
	})
}

// abandon gives the edition up.
func (e *edition) abandon(at time.Time, reason string) {
	e.add(at, "give it up", func(ctx context.Context) error {
		_, err := e.t.db.AbandonEdition(ctx, e.t.as(e.author), store.AbandonEditionInput{Edition: e.id, Reason: reason})
		return err
	})
}
