package page

import (
	"net/http"
	"strings"

	"concordat/auth"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

var invitationPage = layout.Parse(files, "invitation.html")

// InvitationPath is where invitations to mandates are shown and answered.
const InvitationPath = "/invitations/{token}"

// invitation is what the page of an invitation to a mandate shows.
type invitation struct {
	*store.MandateInvitation
	Issuers []issuer // where to sign in; none: somebody is
	Refusal string   // why it cannot be answered by whoever is signed in; empty: it can
}

// Invitation shows what is offered, and to somebody who is signed in the buttons. Looking at it answers nothing: scanners
// follow the links in mails.
func (p *Pages) Invitation(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	actor := auth.ActorFrom(ctx)
	id, token := invitationOf(r)
	found, err := p.readInvitation(r, actor)
	if err != nil {
		if governance.CodeOf(err) == governance.CodeNotFound && actor.Anonymous() && token == "" {
			err = governance.Refuse(governance.CodeUnauthenticated, "sign-in-needed", "Sign in first.")
		}
		p.refuse(w, r, err)
		return
	}
	body := invitation{MandateInvitation: found}
	if refusal := found.AnswerRefused(); refusal != nil && (!actor.Anonymous() || refusal.Code == governance.CodeConflict) {
		body.Refusal = refusal.Message
	} else if actor.Anonymous() {
		body.Issuers = p.issuers(strings.TrimSuffix(InvitationPath, "{token}") + either(token, string(id)))
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is the link
	p.render(w, r, invitationPage, "An invitation", body)
}

func (p *Pages) readInvitation(r *http.Request, actor governance.Actor) (*store.MandateInvitation, error) {
	id, token := invitationOf(r)
	if token != "" {
		return p.Store.MandateInvitationByToken(r.Context(), actor, token)
	}
	return p.Store.MandateInvitation(r.Context(), actor, id)
}

// invitationOf is the invitation that the address names, or the token that it ends in.
func invitationOf(r *http.Request) (id governance.InvitationID, token string) {
	named := r.PathValue("token")
	if strings.Contains(named, ".") {
		return "", named
	}
	return governance.InvitationID(named), ""
}

// AnswerInvitation accepts or declines, whoever the person speaks for otherwise, and shows its start page with the mandate.
func (p *Pages) AnswerInvitation(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	actor := auth.ActorFrom(ctx)
	id, token := invitationOf(r)
	var err error
	switch r.PostFormValue("answer") {
	case "accept":
		_, err = p.Store.AcceptMandate(ctx, actor, store.AcceptMandateInput{Invitation: id, Token: token})
	case "decline":
		_, err = p.Store.DeclineMandate(ctx, actor, store.DeclineMandateInput{Invitation: id, Token: token})
	default:
		err = governance.Invalid("answer", "answer", "An invitation is accepted or declined.")
	}
	p.done(w, r, err, "/")
}
