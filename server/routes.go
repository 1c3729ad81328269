package server

import (
	"context"
	"net/http"
	"net/url"

	"concordat/auth"
	"concordat/auth/demo"
	"concordat/register/layout"
	"concordat/server/page"
)

// routes is every address that this server answers at. Nobody is asked who they are but where it matters: there the
// handler is personal.
func (s *Server) routes(signIn signIn, pages *page.Pages) *http.ServeMux {
	mux := http.NewServeMux()
	rates := s.rates()
	personal := func(h http.HandlerFunc) http.Handler { return chain(h, signIn.Middleware, rates.middleware) }
	public := func(h http.Handler) http.Handler { return rates.middleware(h) }

	mux.Handle("GET /{$}", personal(pages.Home))
	mux.Handle(auth.PathPrefix, public(signIn.Handler()))
	if signIn.demo != nil {
		mux.Handle(demo.Path+"/", public(signIn.demo))
	}
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
	pages := &page.Pages{Reads: s.db, Demo: s.config.Demo, Log: s.log}
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
		bounded{timeout: s.config.RequestTimeout, stopping: s.stopping}.middleware,
		signIn.Protect,
		noteRoute,
	), nil
}

func (s *Server) rates() rates {
	return rates{
		address:  newLimiter(s.config.Rates.PerAddress, defaultPerAddress, s.config.Now),
		person:   newLimiter(s.config.Rates.PerPerson, defaultPerPerson, s.config.Now),
		proxies:  s.config.TrustedProxies,
		personOf: func(ctx context.Context) string { return string(auth.ActorFrom(ctx).Person) },
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
