package server

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"concordat/graph"
	"concordat/server/page"
	"concordat/store"
)

// metrics are what this server tells Prometheus about itself. Labels come from the route table and never from what a
// client sent, so that their number is bounded.
type metrics struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec // seconds by method, route, status
	inFlight prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "concordat_http_request_duration_seconds",
			Help:    "Time to answer a request, by method, route and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "concordat_http_requests_in_flight",
			Help: "Requests being answered; a subscription is none once it is open.",
		}),
	}
	m.registry.MustRegister(m.duration, m.inFlight, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	return m
}

// handler serves the metrics.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// methods are the ones that get a label of their own.
var methods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodOptions: true,
	http.MethodPut: true, http.MethodDelete: true, http.MethodPatch: true}

// observe counts every request and logs it in one line: what was asked for and how it ended. Neither addresses nor
// query strings are logged: they are somebody's personal data, or a secret.
func (m *metrics) observe(log *slog.Logger) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			answer := &recorder{ResponseWriter: w}
			m.inFlight.Inc()
			defer func() {
				m.inFlight.Dec()
				took := time.Since(start)
				route := "none"
				if notes := requestFrom(r.Context()); notes != nil && notes.route != "" {
					route = notes.route
				}
				method := r.Method
				if !methods[method] {
					method = "other"
				}
				m.duration.WithLabelValues(method, route, strconv.Itoa(answer.code())).Observe(took.Seconds())
				log.LogAttrs(r.Context(), levelOf(answer.code(), route), "request", slog.String("method", method),
					slog.String("path", page.LoggedPath(r.URL.Path, route)), slog.Int("status", answer.code()), slog.Int64("bytes", answer.bytes),
					slog.Duration("took", took))
			}()
			next.ServeHTTP(answer, r)
		})
	}
}

// levelOf keeps the probes of a load balancer out of the log.
func levelOf(status int, route string) slog.Level {
	switch {
	case status >= 500 && status != http.StatusServiceUnavailable:
		return slog.LevelWarn
	case route == "GET /healthz" || route == "GET /readyz" || route == "GET /metrics":
		return slog.LevelDebug
	default:
		return slog.LevelInfo
	}
}

// recorder notes the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// watchStreams adds how many subscriptions are open.
func (m *metrics) watchStreams(streams *graph.Streams) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "concordat_subscriptions_open",
		Help: "Subscriptions that are open on this node.",
	}, func() float64 { return float64(streams.Open()) }))
}

// watchStore adds the store's figures, read when they are asked for.
func (m *metrics) watchStore(db *store.DB, log *slog.Logger) {
	m.registry.MustRegister(storeMetrics{db: db, log: log})
}

// storeMetrics is a prometheus.Collector of store.Measures.
type storeMetrics struct {
	db  *store.DB
	log *slog.Logger
}

var (
	metricHead     = prometheus.NewDesc("concordat_log_head", "Number of the newest leaf of the log, -1 where there is none.", nil, nil)
	metricQueued   = prometheus.NewDesc("concordat_log_queued", "Acts that have no leaf yet.", nil, nil)
	metricWAL      = prometheus.NewDesc("concordat_sqlite_wal_bytes", "Size of SQLite's write-ahead log.", nil, nil)
	metricGroups   = prometheus.NewDesc("concordat_sqlite_group_commits_total", "Group commits since the start.", nil, nil)
	metricSteps    = prometheus.NewDesc("concordat_sqlite_group_steps_total", "Steps that were in them.", nil, nil)
	metricReplayed = prometheus.NewDesc("concordat_sqlite_group_replays_total", "Groups stopped and replayed step by step.", nil, nil)
)

// Describe implements prometheus.Collector.
func (s storeMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{metricHead, metricQueued, metricWAL, metricGroups, metricSteps, metricReplayed} {
		descriptions <- d
	}
}

// Collect implements prometheus.Collector. A database that does not answer leaves the figures out.
func (s storeMetrics) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	m, err := s.db.Measures(ctx)
	if err != nil {
		s.log.Warn("the store's figures could not be read", "error", err)
		return
	}
	for _, v := range []struct {
		is    *prometheus.Desc
		kind  prometheus.ValueType
		value int64
	}{
		{metricHead, prometheus.GaugeValue, m.Head}, {metricQueued, prometheus.GaugeValue, m.Queued},
		{metricWAL, prometheus.GaugeValue, m.WALBytes}, {metricGroups, prometheus.CounterValue, m.Groups},
		{metricSteps, prometheus.CounterValue, m.Steps}, {metricReplayed, prometheus.CounterValue, m.Replays},
	} {
		values <- prometheus.MustNewConstMetric(v.is, v.kind, float64(v.value))
	}
}
