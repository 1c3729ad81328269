// Package page renders the first pages for people who sign in: who they are, and for whom they may act. They are plain
// HTML from the server, for those without the application and for the time before it is there. The public pages are
// package register's.
package page

import (
	"cmp"
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"

	"concordat/auth"
	"concordat/governance"
	"concordat/register/layout"
	"concordat/store"
)

//go:embed *.html
var files embed.FS

var (
	homePage    = layout.Parse(files, "home.html")
	refusalPage = layout.Parse(files, "refusal.html")
)

// Reads is what the pages read of the store, as the person who asks.
type Reads interface {
	// PersonName answers the name of a person as its provider told it; empty where it told none.
	PersonName(ctx context.Context, person governance.PersonID) (string, error)
}

// Pages serves the pages.
type Pages struct {
	Reads   Reads
	Issuers []auth.Issuer // at which people sign in
	Demo    bool
	Log     *slog.Logger
}

// home is what the start page shows.
type home struct {
	SignedIn bool
	Demo     bool
	Issuers  []issuer
	Mandates []store.StandingMandate
}

// issuer is a way to sign in.
type issuer struct{ Title, Address string }

// Home serves the start page: the mandates of whoever is signed in, or where to sign in.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) {
	actor := auth.ActorFrom(r.Context())
	body := home{SignedIn: !actor.Anonymous(), Demo: p.Demo, Issuers: p.issuers("/")}
	account := &layout.Account{SignIn: "/#sign-in", SignOut: auth.LogoutPath}
	title := "Concordat"
	if body.SignedIn {
		title = "Your mandates"
		body.Mandates = auth.MandatesFrom(r.Context())
		name, err := p.Reads.PersonName(r.Context(), actor.Person)
		if err != nil {
			p.internal(w, r, err)
			return
		}
		account.Name = cmp.Or(name, "a person without a name")
	}
	p.render(w, r, http.StatusOK, homePage, layout.Page{Title: title, Account: account, Body: body})
}

// issuers lists where to sign in, to come back to a path of ours.
func (p *Pages) issuers(back string) []issuer {
	list := make([]issuer, len(p.Issuers))
	for i, known := range p.Issuers {
		list[i] = issuer{
			Title:   "Sign in with " + known.Title,
			Address: auth.LoginPath(known.Name) + "?" + url.Values{"return": {back}}.Encode(),
		}
		if p.Demo && len(p.Issuers) == 1 {
			list[i].Title = "Choose who you are"
		}
	}
	return list
}

// Refusal shows a person why something was refused. It fits auth.Config.Fail.
func (p *Pages) Refusal(w http.ResponseWriter, r *http.Request, status int, refusal *governance.Error) {
	title := "This did not work"
	if status == http.StatusNotFound {
		title = "Not found"
	}
	p.render(w, r, status, refusalPage, layout.Page{Title: title, Body: refusal.Message})
}

// NotFound is the page for an address that nothing is at.
func (p *Pages) NotFound(w http.ResponseWriter, r *http.Request) {
	p.render(w, r, http.StatusNotFound, refusalPage, layout.Page{Title: "Not found", Body: "There is nothing at this address."})
}

func (p *Pages) internal(w http.ResponseWriter, r *http.Request, err error) {
	p.Log.ErrorContext(r.Context(), "a page could not be made", "path", r.URL.Path, "error", err)
	p.render(w, r, http.StatusInternalServerError, refusalPage, layout.Page{Title: "This did not work", Body: "Internal error."})
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, t layout.Template, page layout.Page) {
	if err := layout.Render(w, status, t, page); err != nil {
		p.Log.ErrorContext(r.Context(), "a page could not be written", "path", r.URL.Path, "error", err)
	}
}
