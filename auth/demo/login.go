package demo

import (
	"bytes"
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"
)

//go:embed login.html
var loginHTML string

var loginTemplate = template.Must(template.New("login").Parse(loginHTML))

// loginPage lets somebody choose a persona: plain HTML, no script, one button each.
type loginPage struct {
	provider *op.Provider
	storage  *storage
	issuer   string
	style    string
}

// personaGroup is an organization with its people, as the page shows them.
type personaGroup struct {
	Name, Kind string
	People     []personaButton
}

type personaButton struct {
	ID, Name, Description, Roles string
}

func (l *loginPage) show(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("request")
	if _, err := l.storage.AuthRequestByID(r.Context(), id); err != nil {
		l.write(w, http.StatusBadRequest, nil, "")
		return
	}
	l.write(w, http.StatusOK, l.groups(), id)
}

func (l *loginPage) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	persona, ok := l.storage.persona(r.PostFormValue("persona"))
	if !ok {
		http.Error(w, "There is no such persona.", http.StatusBadRequest)
		return
	}
	chosen, err := l.storage.choose(r.PostFormValue("request"), persona)
	if err != nil {
		l.write(w, http.StatusBadRequest, nil, "")
		return
	}
	r = r.WithContext(op.ContextWithIssuer(r.Context(), l.issuer))
	op.AuthResponseCode(w, r, chosen, l.provider)
}

// write sends the page; with no groups it says that the sign-in is over.
func (l *loginPage) write(w http.ResponseWriter, status int, groups []personaGroup, request string) {
	var page bytes.Buffer
	err := loginTemplate.Execute(&page, map[string]any{
		"Groups": groups, "Request": request, "Action": Path + "/login", "Style": l.style,
	})
	if err != nil {
		slog.Error("demo provider: writing the login page", "error", err)
		http.Error(w, "Internal error.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(page.Bytes())
}

// groups puts people under the organization of their first mandate, in the order of Organizations; those with none
// come last.
func (l *loginPage) groups() []personaGroup {
	organizations := Organizations()
	groups := make([]personaGroup, len(organizations)+1)
	index := map[string]int{}
	for i, o := range organizations {
		groups[i] = personaGroup{Name: o.Name, Kind: kindOf(o)}
		index[o.Slug] = i
	}
	groups[len(organizations)] = personaGroup{Name: "Nobody's mandate", Kind: "for themselves"}
	for _, p := range l.storage.config.Personas() {
		at := len(organizations)
		if p.Admin {
			at = 0
		}
		if len(p.Mandates) > 0 {
			if i, ok := index[p.Mandates[0].Organization]; ok {
				at = i
			}
		}
		groups[at].People = append(groups[at].People, button(p))
	}
	var shown []personaGroup
	for _, g := range groups {
		if len(g.People) > 0 {
			shown = append(shown, g)
		}
	}
	return shown
}

func kindOf(o Organization) string {
	if o.Platform {
		return "platform"
	}
	return strings.ToLower(strings.ReplaceAll(string(o.Chamber), "_", " ")) + ", " + o.Country
}

func button(p Persona) personaButton {
	var roles []string
	for _, m := range p.Mandates {
		role := strings.ToLower(string(m.Role))
		if len(p.Mandates) > 1 && p.Mandates[0].Organization != m.Organization {
			role += " of " + m.Organization
		}
		roles = append(roles, role)
	}
	if p.Admin {
		roles = append(roles, "administrator")
	}
	return personaButton{ID: p.ID, Name: p.Name, Description: p.Description, Roles: strings.Join(roles, ", ")}
}
