package server

import (
	"context"
	"net/http"
)

// routes is every address that this server answers at.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	probes := health{ping: s.db.Ping, stopping: s.stopping, log: s.log}
	mux.HandleFunc("GET /healthz", probes.live)
	mux.HandleFunc("GET /readyz", probes.ready)
	if s.operator == nil {
		mux.Handle("GET /metrics", s.metrics.handler())
	}
	return mux
}

// handler puts the middleware around the routes: first what every answer needs, then who asks and how often.
func (s *Server) handler() http.Handler {
	limits := rates{
		address:  newLimiter(s.config.Rates.PerAddress, defaultPerAddress, s.config.Now),
		person:   newLimiter(s.config.Rates.PerPerson, defaultPerPerson, s.config.Now),
		proxies:  s.config.TrustedProxies,
		personOf: func(context.Context) string { return "" },
	}
	return chain(s.routes(),
		identify,
		s.metrics.observe(s.log),
		recoverPanics(s.log),
		secureHeaders(s.public),
		oneHost(s.public),
		bounded{timeout: s.config.RequestTimeout, stopping: s.stopping}.middleware,
		limits.middleware,
		noteRoute,
	)
}
