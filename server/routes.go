package server

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/graph"
	"concordat/register"
	"concordat/register/layout"
	"concordat/server/page"
	"concordat/store"
	"concordat/webapp"
)

// routes is every address that this server answers at. Nobody is asked who they are but where it matters: there the
// handler is personal.
func (s *Server) routes(signIn signIn, pages *page.Pages) *http.ServeMux {
	mux := http.NewServeMux()
	rates := s.rates()
	personal := func(h http.HandlerFunc) http.Handler { return chain(h, signIn.Middleware, rates.middleware) }
	public := func(h http.Handler) http.Handler { return rates.middleware(h) }

	mux.Handle("GET /{$}", personal(pages.Home))
	mux.Handle("GET /consultations/{id}", personal(pages.Consultation))
	mux.Handle("GET /consultations/{id}"+store.ReportCSV, personal(pages.ReportCSV))
	mux.Handle("GET /consultations/{id}"+store.ReportXLSX, personal(pages.ReportXLSX))
	mux.Handle("GET /editions/{id}/commenting-form.xlsx", personal(pages.CommentingForm))
	api := s.schema()
	s.streams = s.subscriptions(signIn)
	mux.Handle("/graphql", signIn.Middleware(s.api(api)))
	mux.Handle("GET /graphql/schema.graphqls", graph.SDL(api.Schema()))
	mux.Handle(strings.TrimSuffix(webapp.GraphiQLPath, "/"), webapp.GraphiQL())
	mux.Handle(webapp.GraphiQLPath, webapp.GraphiQL())
	published := public((&register.Register{Store: s.db, PublicURL: s.public.String(), Log: s.log}).Handler())
	mux.Handle("/register", published)
	mux.Handle("/register/", published)
	for _, path := range []string{register.FeedPath, register.SitemapPath, register.SitemapsPath, register.RobotsPath} {
		mux.Handle("GET "+path, published)
	}
	acts := public(s.acts.Handler())
	mux.Handle("/log/", acts)
	mux.Handle("GET "+actPath+"{leaf}", personal(s.act))
	mux.Handle("GET "+register.BallotBundlePath, acts)
	mux.Handle("GET "+register.PublicationBundlePath, acts)
	for _, path := range []string{
		"/.well-known/did.json", "/.well-known/jwks.json", "/orgs/{slug}/did.json", "/orgs/{slug}/jwks.json",
		"/statements/{id}", "/offers/{id}/{hex}", "/status/{list}", "/status/publications/{list}",
		"/publications/{id}/credential", register.SchemaPath,
	} {
		mux.Handle("GET "+path, acts)
	}
	mux.Handle(auth.PathPrefix, public(signIn.Handler()))
	if signIn.demo != nil {
		mux.Handle(demo.Path+"/", public(signIn.demo))
	}
	uploads := newImports(s.db, pages, s.log)
	mux.Handle("POST "+importPrefix+"{format}", personal(uploads.file))
	mux.Handle("GET "+importPrefix+"outcomes.xlsx", public(http.HandlerFunc(uploads.template)))
	mux.Handle("POST "+page.ImportCommentsPath, personal(uploads.comments))
	mux.Handle("GET "+page.InvitationPath, personal(pages.Invitation))
	mux.Handle("POST "+page.InvitationPath, personal(pages.AnswerInvitation))
	noticeRoutes(mux, pages, personal, public)
	mux.Handle("GET "+layout.StylePath, layout.Style())
	mux.Handle("/", public(http.HandlerFunc(pages.NotFound)))

	probes := health{ping: s.db.Ping, stopping: s.stopping, log: s.log}
	mux.HandleFunc("GET /healthz", probes.live)
	mux.HandleFunc("GET /readyz", probes.ready)
	if s.operator == nil {
		mux.Handle("GET /metrics", s.metrics.handler())
	}
	return mux
}

// handler puts the middleware around the routes.
func (s *Server) handler() (http.Handler, error) {
	pages := &page.Pages{Store: s.db, Site: s.post.site, MailTo: s.post.to(), Demo: s.config.Demo, Log: s.log}
	signIn, err := s.setUpSignIn(pages.Refusal)
	if err != nil {
		return nil, err
	}
	pages.Issuers = signIn.Issuers()
	return chain(s.routes(signIn, pages),
		identify,
		s.metrics.observe(s.log),
		recoverPanics(s.log),
		secureHeaders(s.public, issuerOrigins(pages.Issuers)...),
		oneHost(s.public),
		bounded{timeout: s.config.RequestTimeout}.middleware,
		signIn.Protect,
		noteRoute,
	), nil
}

// schema is the API's schema, answered from this server's database.
func (s *Server) schema() graphql.ExecutableSchema {
	return graph.NewSchema(&graph.Resolver{Store: s.db, PublicURL: s.public.String(), Live: s.live, CalendarURL: s.post.site.CalendarURL})
}

// subscriptions are kept open for so many at once, and no longer than people are signed in.
func (s *Server) subscriptions(signIn signIn) *graph.Streams {
	streams := graph.NewStreams(graph.StreamConfig{
		PerPerson: s.config.Rates.Streams, PerAddress: s.config.Rates.Streams, Total: min(s.config.Rates.Streams, 0),
		Renew: signIn.Renew, Until: auth.Until,
	})
	s.metrics.watchStreams(streams)
	return streams
}

// api serves GraphQL. It counts its callers itself, to refuse them in the form that they read.
func (s *Server) api(schema graphql.ExecutableSchema) http.Handler {
	perAddress, perPerson := s.config.Rates.standard()
	return graph.NewHandler(graph.Config{
		Schema:    schema,
		Limits:    graph.Limits{Body: bodyLimit},
		Streams:   s.streams,
		Rates:     graph.Rates{Address: apiRate(perAddress), Person: apiRate(perPerson), Public: s.config.Rates.publicRate()},
		Log:       s.log,
		Clock:     s.config.Now,
		Refusal:   auth.Refusal,
		RequestID: RequestID,
		Person:    personOf,
		Address:   func(r *http.Request) string { return clientAddress(r, s.config.TrustedProxies) },
	})
}

func apiRate(perSecond float64) graph.Rate {
	return graph.Rate{PerSecond: max(0, perSecond), Burst: int(math.Ceil(max(1, perSecond*burstSeconds)))}
}

// personOf names who is signed in, for counting; empty: nobody.
func personOf(ctx context.Context) string { return string(auth.ActorFrom(ctx).Person) }

func (s *Server) rates() rates {
	perAddress, perPerson := s.config.Rates.standard()
	return rates{
		address:  newLimiter(perAddress, s.config.Now),
		person:   newLimiter(perPerson, s.config.Now),
		proxies:  s.config.TrustedProxies,
		personOf: personOf,
	}
}

// issuerOrigins lists the origins to which signing out sends a browser: a form's redirects count as the form's own
// target in some browsers.
func issuerOrigins(issuers []auth.Issuer) []string {
	var origins []string
	for _, issuer := range issuers {
		if u, err := url.Parse(issuer.URL); err == nil {
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	return origins
}
