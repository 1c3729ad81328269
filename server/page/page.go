// Package page renders the first pages for people who sign in: who they are, and what waits for them. They are plain
// HTML from the server, for those without the application and for the time before it is there. The public pages are
// package register's.
package page

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"concordat/auth"
	"concordat/governance"
	"concordat/notice"
	"concordat/register/layout"
	"concordat/store"
)

//go:embed *.html
var files embed.FS

var homePage = layout.Parse(files, "home.html")

// Pages serves the pages.
type Pages struct {
	Store   *store.DB
	Issuers []auth.Issuer // at which people sign in
	Site    *notice.Site
	MailTo  string // where mails go; empty: nowhere
	Demo    bool
	Log     *slog.Logger
}

// home is what the start page shows.
type home struct {
	Viewer  *store.Viewer // nil: nobody is signed in
	Work    []*store.WorkItem
	Issuers []issuer
	Demo    bool
}

// issuer is a way to sign in.
type issuer struct{ Title, Address string }

// Home serves the start page: what waits for whoever is signed in, or where to sign in.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) {
	body, err := p.home(r.Context())
	if err != nil {
		p.internal(w, r, err)
		return
	}
	title := "Concordat"
	if body.Viewer != nil {
		title = "What waits for you"
	}
	p.note(r, layout.Render(w, http.StatusOK, homePage, layout.Page{Title: title, Account: account(body.Viewer), Body: body}))
}

// account is the corner that says who is signed in; nil: nobody is.
func account(viewer *store.Viewer) *layout.Account {
	corner := &layout.Account{SignIn: "/#sign-in", SignOut: auth.LogoutPath}
	switch {
	case viewer == nil:
	case viewer.Person.Name == nil:
		corner.Name = "a person without a name"
	default:
		corner.Name = *viewer.Person.Name
	}
	return corner
}

// home reads what the start page shows to whoever asks.
func (p *Pages) home(ctx context.Context) (body home, err error) {
	body = home{Issuers: p.issuers("/"), Demo: p.Demo}
	actor := auth.ActorFrom(ctx)
	body.Viewer, err = p.Store.Viewer(ctx, actor, store.Fields{"mandates": nil})
	if err != nil {
		return home{}, err
	}
	body.Work, err = p.Store.Waiting(ctx, actor)
	return body, err
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
	p.note(r, layout.RenderRefusal(w, status, refusal.Message))
}

// NotFound is the page for an address that nothing is at.
func (p *Pages) NotFound(w http.ResponseWriter, r *http.Request) {
	p.note(r, layout.RenderRefusal(w, http.StatusNotFound, "There is nothing at this address."))
}

func (p *Pages) internal(w http.ResponseWriter, r *http.Request, err error) {
	p.Log.ErrorContext(r.Context(), "a page could not be made", "path", LoggedPath(r.URL.Path, r.Pattern), "error", err)
	p.note(r, layout.RenderRefusal(w, http.StatusInternalServerError, "Internal error."))
}

// LoggedPath is a request's path as a log may have it: where it ends in a token that lets its bearer do something, the
// pattern of the route that it came to.
func LoggedPath(path, route string) string {
	if strings.Contains(route, "{token}") {
		return route
	}
	return path
}

// note logs that a page could not be written, mostly because its reader has gone.
func (p *Pages) note(r *http.Request, err error) {
	if err != nil {
		p.Log.InfoContext(r.Context(), "a page could not be written", "path", LoggedPath(r.URL.Path, r.Pattern), "error", err)
	}
}
