package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"concordat/auth/demo"
	"concordat/graph"
	"concordat/graph/live"
	"concordat/register"
	"concordat/server/seed"
	"concordat/store"
)

// Server is an open server: its database is at the newest schema, its address is taken. Serve starts it.
type Server struct {
	config   Config
	public   *url.URL
	log      *slog.Logger
	db       *store.DB
	post     post
	acts     *register.Log // the log of acts, as it is served
	metrics  *metrics
	listener net.Listener
	operator net.Listener    // for the metrics alone; nil: none
	live     *live.Hub       // what subscriptions follow
	streams  *graph.Streams  // the subscriptions that are open
	answer   http.Handler    // to every request
	stopping context.Context // ends when the server is told to stop
	stop     context.CancelFunc
}

// Open takes the address, opens the database and brings its schema to this version. It refuses a public URL other than
// the one that the database was first opened under. The caller serves or closes it.
func Open(ctx context.Context, c Config, log *slog.Logger) (*Server, error) {
	s := &Server{config: c.withDefaults(), log: log, metrics: newMetrics()}
	s.stopping, s.stop = context.WithCancel(context.Background())
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) open(ctx context.Context) error {
	err := s.listen(ctx)
	if err != nil {
		return err
	}
	s.public, err = s.config.publicURL(s.listener.Addr())
	if err != nil {
		return err
	}
	var story *seed.Clock
	if s.config.Demo && !s.config.unseeded {
		story = seed.NewClock(s.config.Now)
		s.config.Now = story.Now
	}
	s.db, err = OpenStore(ctx, s.config, s.log)
	if err != nil {
		return err
	}
	err = s.db.Migrate(ctx)
	if err != nil {
		return err
	}
	kept, err := s.db.KeepSetting(ctx, store.SettingPublicURL, s.public.String())
	if err != nil {
		return err
	}
	if kept != s.public.String() {
		return fmt.Errorf("this database was first served as %s, which its identifiers begin with; it cannot be served as %s", kept, s.public)
	}
	s.acts, err = s.openLog(ctx)
	if err != nil {
		return err
	}
	s.post, err = s.openPost(ctx)
	if err != nil {
		return err
	}
	if story != nil {
		err = seed.Fill(ctx, s.db, story, s.public.String()+demo.Path)
		if err != nil {
			return err
		}
	}
	s.metrics.watchStore(s.db, s.log)
	s.live, err = live.Start(ctx, live.Config{Store: s.db, Clock: s.config.Now, Log: s.log})
	if err != nil {
		return err
	}
	s.answer, err = s.handler()
	return err
}

// listen takes the addresses before anything else: a second server on the same data ends here.
func (s *Server) listen(ctx context.Context) (err error) {
	var l net.ListenConfig
	s.listener, err = l.Listen(ctx, "tcp", s.config.Listen)
	if err != nil {
		return err
	}
	if s.config.MetricsListen != "" {
		s.operator, err = l.Listen(ctx, "tcp", s.config.MetricsListen)
	}
	return err
}

// OpenStore opens the database that a configuration names, and makes the data folder where that is what it lies in. It
// does not migrate. The caller closes it.
func OpenStore(ctx context.Context, c Config, log *slog.Logger) (*store.DB, error) {
	c = c.withDefaults()
	if c.Database == "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, fmt.Errorf("make the data folder: %w", err)
		}
	}
	return store.Open(ctx, store.Config{
		URL: c.database(), Clock: c.Now, Log: log, GroupLimit: c.GroupLimit,
		PublicCommentsPerHour: c.Rates.publicComments(),
	})
}

// URL is where the server is reached.
func (s *Server) URL() string { return s.public.String() }

// Serve answers requests until ctx ends, then stops in order: not ready any more, no new connections, subscriptions
// ended, requests under way finished, the clock stopped. It answers an error where it could not listen or where requests
// were cut off at the end of StopTimeout. The database stays open until Close.
func (s *Server) Serve(ctx context.Context) error {
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var owned sync.WaitGroup
	defer func() {
		cancel()
		owned.Wait()
	}()
	owned.Go(func() { clock{steps: s.db, now: s.config.Now, log: s.log}.run(background) })
	owned.Go(func() { s.sweepSessions(background) })
	owned.Go(func() { s.acts.Run(background) })
	s.tell(background, &owned)

	main := s.httpServer(s.answer)
	failed := make(chan error, 2)
	owned.Go(func() { failed <- main.Serve(s.listener) })
	servers := []*http.Server{main}
	if s.operator != nil {
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", s.metrics.handler())
		operator := s.httpServer(mux)
		owned.Go(func() { failed <- operator.Serve(s.operator) })
		servers = append(servers, operator)
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	return errors.Join(err, s.shutdown(servers))
}

// shutdown ends the subscriptions, then the servers, the requests first.
func (s *Server) shutdown(servers []*http.Server) error {
	s.stop()
	s.streams.Close()
	ctx, cancel := context.WithTimeout(context.Background(), s.config.StopTimeout)
	defer cancel()
	var errs []error
	for _, server := range servers {
		if err := server.Shutdown(ctx); err != nil {
			errs = append(errs, fmt.Errorf("requests were cut off: %w", err), server.Close())
		}
	}
	return errors.Join(errs...)
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: min(10*time.Second, s.config.RequestTimeout),
		ReadTimeout:       s.config.RequestTimeout,
		WriteTimeout:      2 * s.config.RequestTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Close gives the address back and closes the database. Closing twice does nothing more.
func (s *Server) Close() error {
	s.stop()
	var errs []error
	for _, l := range []net.Listener{s.listener, s.operator} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.streams != nil {
		s.streams.Close()
	}
	if s.live != nil {
		s.live.Close()
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}
