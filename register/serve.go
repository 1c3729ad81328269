package register

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"concordat/governance"
	"concordat/notary"
	"concordat/register/layout"
	"concordat/store"
)

// Register serves the public pages.
type Register struct {
	Store     *store.DB
	PublicURL string // the base of every address, without a slash at its end
	Log       *slog.Logger

	shelf shelf // what was rendered; made by Handler
}

// nobody reads what is public.
var nobody governance.Actor

// Handler serves everything under /register, and the files by which others find it.
func (g *Register) Handler() http.Handler {
	g.shelf = newShelf(shelfSize)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /register", g.shown(g.list))
	mux.HandleFunc("GET "+IndexPath, g.shown(g.index))
	mux.HandleFunc("GET "+TextsPath, g.shown(g.texts))
	mux.HandleFunc("GET "+ChangesPath, g.shown(g.changes))
	mux.HandleFunc("GET "+FeedPath, g.shown(g.feed))
	mux.HandleFunc("GET "+SitemapPath, g.shown(g.sitemapIndex))
	mux.HandleFunc("GET "+SitemapsPath+"{name}", g.shown(g.sitemapPart))
	mux.HandleFunc("GET "+RobotsPath, g.shown(g.robots))
	mux.HandleFunc("GET /register/{slug}", g.shown(g.specification))
	mux.HandleFunc("GET "+verifyPath, g.shown(g.verify))
	mux.HandleFunc("GET "+verifyScriptPath, g.shown(g.script))
	mux.HandleFunc("GET /register/{slug}/{edition}", g.shown(g.edition))
	mux.HandleFunc("GET /register/{slug}/{edition}/publication.json", g.shown(g.file))
	mux.HandleFunc("GET /register/sha256/{hex}", g.shown(g.text))
	mux.HandleFunc("GET /register/sha256/{hex}/document.json", g.shown(g.document))
	mux.HandleFunc("/register/", g.shown(func(http.ResponseWriter, *http.Request) error {
		return governance.Refuse(governance.CodeNotFound, "not-found", "There is nothing at this address.")
	}))
	return mux
}

// shown turns what a page answers into an answer of HTTP. A refusal is shown; anything else is logged.
func (g *Register) shown(page func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := page(w, r)
		if err == nil {
			return
		}
		status, message := g.refusal(r, err)
		if !wantsPage(r) {
			open(w.Header())
			http.Error(w, message, status)
			return
		}
		if err := layout.RenderRefusal(w, status, message); err != nil {
			g.Log.InfoContext(r.Context(), "a page could not be written", "path", r.URL.Path, "error", err)
		}
	}
}

// wantsPage says whether a refusal is to be read by a person: one who asked for no format, or whose program shows pages.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	if strings.Contains(accept, "text/html") {
		return true
	}
	return r.URL.Query().Get("format") == "" && (accept == "" || strings.Contains(accept, "*/*"))
}

// written notes an answer that could not be sent: it is too late to say so.
func (g *Register) written(r *http.Request, err error) error {
	if err != nil {
		g.Log.InfoContext(r.Context(), "an answer could not be written", "path", r.URL.Path, "error", err)
	}
	return nil
}

// refusal is how an error is shown: a refusal as it says, anything else is logged and told as no more than that.
func (g *Register) refusal(r *http.Request, err error) (status int, message string) {
	refused, ok := errors.AsType[*governance.Error](err)
	if !ok {
		if r.Context().Err() == nil {
			g.Log.ErrorContext(r.Context(), "a page of the register could not be made", "path", r.URL.Path, "error", err)
		}
		return http.StatusInternalServerError, "Internal error."
	}
	switch refused.Code {
	case governance.CodeNotFound:
		return http.StatusNotFound, refused.Message
	case governance.CodeConflict:
		return http.StatusConflict, refused.Message
	default:
		if refused.Reason == reasonUnacceptable {
			return http.StatusNotAcceptable, refused.Message
		}
		return http.StatusBadRequest, refused.Message
	}
}

// list shows a page of what is published.
func (g *Register) list(w http.ResponseWriter, r *http.Request) error {
	view, after := asked(r)
	page := store.Page{}
	if after != "" {
		page.After = &after
	}
	found, err := g.Store.Register(r.Context(), view.filter(), page)
	if err != nil {
		return err
	}
	view.Publications, view.Next = found.Nodes, view.next(found.PageInfo)
	return renderList(w, view)
}

// edition shows a publication by the specification's short name and the edition's number.
func (g *Register) edition(w http.ResponseWriter, r *http.Request) error {
	slug, number := r.PathValue("slug"), r.PathValue("edition")
	version, err := g.locate(r.URL.Path, func() (store.PublicationVersion, error) {
		return g.Store.PublicationVersionAt(r.Context(), slug, number)
	})
	if err != nil {
		return err
	}
	return g.serve(w, r, version)
}

// text shows a publication by the digest of its text.
func (g *Register) text(w http.ResponseWriter, r *http.Request) error {
	version, err := g.versionOf(r)
	if err != nil {
		return err
	}
	return g.serve(w, r, version)
}

// specification leads to the newest edition of a specification that was published, in the form that was asked for.
func (g *Register) specification(w http.ResponseWriter, r *http.Request) error {
	number, err := g.Store.NewestPublished(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	to := url.URL{Path: r.URL.Path + "/" + number, RawQuery: r.URL.RawQuery}
	w.Header().Set("Cache-Control", askEachTime)
	http.Redirect(w, r, to.String(), http.StatusTemporaryRedirect)
	return nil
}

var hexDigest = regexp.MustCompile(`\A[0-9a-f]{64}\z`)

// versionOf finds the publication of the digest in the address.
func (g *Register) versionOf(r *http.Request) (store.PublicationVersion, error) {
	hex := r.PathValue("hex")
	if !hexDigest.MatchString(hex) {
		return store.PublicationVersion{}, governance.NotFound("text", "sha256:"+hex)
	}
	digest := governance.Digest("sha256:" + hex)
	return g.locate(string(digest), func() (store.PublicationVersion, error) { return g.Store.PublicationVersionOf(r.Context(), digest) })
}

// showDay writes a publication's page as it stood at the end of a day: on=2026-03-01 in the address. It is made each time.
func (g *Register) showDay(w http.ResponseWriter, r *http.Request, version store.PublicationVersion, on governance.Date) error {
	p, err := g.Store.PublicationByID(r.Context(), version.ID)
	if err != nil {
		return err
	}
	entry, err := g.entry(r.Context(), p.On(on))
	if err != nil {
		return err
	}
	if entry.Standing.State == nil {
		return governance.NotFound("publication on this day", string(on))
	}
	entry.On = on
	return renderEntry(w, r, entry, g.PublicURL)
}

// document serves the exact bytes that a digest names, which never change.
func (g *Register) document(w http.ResponseWriter, r *http.Request) error {
	version, err := g.versionOf(r)
	if err != nil {
		return err
	}
	return g.serveDocument(w, r, version.Digest)
}

func (g *Register) serveDocument(w http.ResponseWriter, r *http.Request, digest governance.Digest) error {
	key := shelfKey{string(digest), "", string(formDocument)}
	file, ok := g.shelf.get(key).(*rendered)
	if !ok {
		p, err := g.Store.Publication(r.Context(), digest)
		if err != nil {
			return err
		}
		_, head, err := g.published(r.Context(), p)
		if err != nil {
			return err
		}
		if file, err = newRendered("application/json", head.Bytes); err != nil {
			return err
		}
		file.etag = string(digest)
		file.links = []string{linkTo(g.PublicURL+Path(p), "describedby", "")}
		g.shelf.put(key, file, file.size())
	}
	cache := askEachTime
	if r.PathValue("hex") != "" {
		cache = keepForEver
	}
	return g.written(r, file.send(w, r, cache))
}

// file serves a publication's file, the exact bytes of its day, which never change.
func (g *Register) file(w http.ResponseWriter, r *http.Request) error {
	p, err := g.Store.PublicationAt(r.Context(), r.PathValue("slug"), r.PathValue("edition"))
	if err != nil {
		return err
	}
	file, err := g.Store.PublicationFile(r.Context(), p)
	if err != nil {
		return err
	}
	if file == nil {
		return governance.NotFound("file of publication", string(p.ID))
	}
	serveBytes(w, r, "publication.json", file.Digest, file.Bytes)
	return nil
}

// serveBytes serves JSON that a digest names, and that never changes.
func serveBytes(w http.ResponseWriter, r *http.Request, name string, digest governance.Digest, data []byte) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	serveTagged(w, r, name, digest, data)
}

// serveBytesAnew serves JSON that is asked for anew each time, and is sent only where it has changed.
func serveBytesAnew(w http.ResponseWriter, r *http.Request, name string, digest governance.Digest, data []byte) {
	w.Header().Set("Cache-Control", "no-cache")
	serveTagged(w, r, name, digest, data)
}

func serveTagged(w http.ResponseWriter, r *http.Request, name string, digest governance.Digest, data []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("ETag", `"`+string(digest)+`"`)
	h.Set("Access-Control-Allow-Origin", "*") // public, and for other people's programs
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

// published reads the text of a publication and makes sure that it is the one that was published: the bytes have the
// digest that people voted on.
func (g *Register) published(ctx context.Context, p *store.Publication) (*store.Edition, *store.Revision, error) {
	edition, err := g.Store.Edition(ctx, nobody, p.EditionID, nil)
	if err != nil {
		return nil, nil, err
	}
	head, err := g.Store.Head(ctx, nobody, edition, store.Fields{"document": nil, "canonical": nil})
	if err != nil {
		return nil, nil, err
	}
	if head.Digest != p.Digest || notary.Digest(head.Bytes) != p.Digest {
		return nil, nil, fmt.Errorf("publication %s is of %s, and the text is %s", p.ID, p.Digest, head.Digest)
	}
	return edition, head, nil
}

// entry reads everything that a publication's page shows.
func (g *Register) entry(ctx context.Context, p *store.Publication) (*Entry, error) {
	edition, head, err := g.published(ctx, p)
	if err != nil {
		return nil, err
	}
	e := &Entry{Publication: p, Document: head.Document}
	organizations, err := g.Store.OrganizationsByID(ctx, []governance.OrganizationID{edition.CouncilID, edition.Lead.ID})
	if err != nil {
		return nil, err
	}
	e.Council, e.Lead = organizations[edition.CouncilID], organizations[edition.Lead.ID]
	if e.Translations, err = g.Store.FittingTranslations(ctx, edition); err != nil {
		return nil, err
	}
	if e.Stages, err = g.stages(ctx, p); err != nil {
		return nil, err
	}
	if e.Reviews, err = g.Store.ReviewsOf(ctx, p.ID); err != nil {
		return nil, err
	}
	if e.Signature, err = g.Store.PublicationSignature(ctx, p.ID); err != nil {
		return nil, err
	}
	if e.Standing, err = g.Store.StandingOf(ctx, p); err != nil {
		return nil, err
	}
	if e.DIDs, err = g.dids(ctx, e); err != nil {
		return nil, err
	}
	consultations, err := g.Store.Consultations(ctx, edition)
	if err != nil {
		return nil, err
	}
	e.Consultations = slices.DeleteFunc(consultations, func(c *store.Consultation) bool {
		return !c.IsPublic || c.State == governance.ConsultationOpen
	})
	if edition.ApprovedBallotID != "" {
		e.Ballot, err = g.Store.Ballot(ctx, nobody, edition.ApprovedBallotID, store.Fields{"council": nil, "record": nil})
	}
	return e, err
}

// stages reads the stages of the edition since it was published.
func (g *Register) stages(ctx context.Context, p *store.Publication) ([]*store.StagePeriod, error) {
	stages, err := g.Store.StagesOf(ctx, p.EditionID)
	since := slices.IndexFunc(stages, func(s *store.StagePeriod) bool { return s.Stage == governance.StagePublished })
	return stages[max(since, 0):], err
}
