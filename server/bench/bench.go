// Package bench measures a whole server, sign-in and rates included, on the standard data set, beside the bare limits of
// the same machine in the same minute: fixed bytes by net/http, the same answer written by hand over the same
// statements, one fsync a write. What counts are the ratios: the figures themselves are the machine's.
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strings"
	"time"

	"concordat/server"
	"concordat/store/storebench"
)

// Config says what is measured. The zero value measures a twentieth of the standard data set on SQLite.
type Config struct {
	Scale    float64        // of the standard data set; zero: 0.05
	Database string         // an empty PostgreSQL database; empty: a SQLite file that is removed at the end
	Rounds   int            // each operation's turns, of which the median counts; zero: 3
	Turn     time.Duration  // how long each lasts; zero: 1 s
	Only     *regexp.Regexp // operations by their names; nil: all
	Lines    io.Writer      // gets a line of JSON for each operation; nil: nobody
	Profile  io.Writer      // gets a CPU profile of all turns; nil: nobody
	Log      *slog.Logger   // nil: nobody
}

func (c Config) withDefaults() Config {
	if c.Scale == 0 {
		c.Scale = 0.05
	}
	if c.Rounds == 0 {
		c.Rounds = 3
	}
	if c.Turn == 0 {
		c.Turn = time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Run fills the database, measures and writes the table of figures. The program at hand is started again for the
// clients, so that what the clients cost is not counted as the server's: its command "bench" must end in Drive where
// DriveFlag is given.
func Run(ctx context.Context, c Config, out io.Writer) error {
	c = c.withDefaults()
	folder, err := os.MkdirTemp("", "concordat-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the data: %w", err)
	}
	defer os.RemoveAll(folder)
	issuer, err := newIssuer(ctx)
	if err != nil {
		return err
	}
	defer issuer.close()
	set := storebench.At(c.Scale, issuer.url, time.Now())
	fmt.Fprintf(out, "Scale %g (1 is the standard data set): %s.\n", c.Scale, set)
	sync, err := syncTime(folder)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "A page written and synced takes %.2f ms here, the median of %d.\n", sync.Seconds()*1000, syncs)
	settings := server.Config{
		Listen: "127.0.0.1:0", Data: folder, Database: c.Database, Issuers: filepath.Join(folder, "issuers.yaml"),
		Rates: server.Rates{PerAddress: -1, PerPerson: -1, Streams: -1},
	}
	if settings.Database == "" {
		settings.Database = "file:" + filepath.Join(folder, "concordat.db")
	}
	if err := os.WriteFile(settings.Issuers, issuer.registration(), 0o600); err != nil {
		return fmt.Errorf("write the issuer's file: %w", err)
	}
	if err := prepare(ctx, settings, set, c.Log); err != nil {
		return err
	}
	return measureServer(ctx, c, settings, bed{set: set, issuer: issuer}, out)
}

// prepare makes the schema and fills it.
func prepare(ctx context.Context, settings server.Config, set storebench.Set, log *slog.Logger) error {
	db, err := server.OpenStore(ctx, settings, log)
	if err != nil {
		return err
	}
	err = db.Migrate(ctx)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return set.Fill(ctx, settings.Database)
}

// measureServer runs the server and the limits, takes the turns and writes what they came to.
func measureServer(ctx context.Context, c Config, settings server.Config, b bed, out io.Writer) (err error) {
	server.TuneMemory()
	if c.measuresAlone() {
		var stop func() error
		if b.alone, stop, err = serveAlone(ctx, settings, c.Log); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	var stop func() error
	if b.server, stop, err = serve(ctx, settings, c.Log); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	hand, err := storebench.NewHand(ctx, settings.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hand.Close()) }()
	limits, err := newLimits(ctx, hand, b.set)
	if err != nil {
		return err
	}
	defer limits.close()
	b.limits, b.rounds = limits.address, c.Rounds
	operations, err := b.operations(ctx)
	if err != nil {
		return err
	}
	if c.Profile != nil {
		if err := pprof.StartCPUProfile(c.Profile); err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	figures, err := takeTurns(ctx, c, operations, out)
	if err != nil {
		return err
	}
	if err := report(c, figures, out); err != nil || c.Only != nil && !c.Only.MatchString(idleSubscriber) {
		return err
	}
	found, err := b.measureIdle(ctx, out)
	if err != nil || c.Lines == nil {
		return err
	}
	return json.NewEncoder(c.Lines).Encode(found)
}

// serve runs a server and answers its host and port, and what stops it.
func serve(ctx context.Context, settings server.Config, log *slog.Logger) (host string, stop func() error, err error) {
	s, err := server.Open(ctx, settings, log)
	if err != nil {
		return "", nil, err
	}
	served, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(served) }()
	return address(s.URL()), func() error {
		cancel()
		return errors.Join(<-ended, s.Close())
	}, nil
}

// measuresAlone says whether a server is needed whose steps share no commit: on SQLite, where that is asked for.
func (c Config) measuresAlone() bool {
	return c.Database == "" && (c.Only == nil || c.Only.MatchString(key(addAlone, 1)) || c.Only.MatchString(key(addAlone, 64)))
}

// serveAlone is serve for a server whose steps share no commit, on a copy of the filled SQLite file.
func serveAlone(ctx context.Context, settings server.Config, log *slog.Logger) (host string, stop func() error, err error) {
	filled, err := os.Open(strings.TrimPrefix(settings.Database, "file:"))
	if err != nil {
		return "", nil, fmt.Errorf("copy the database: %w", err)
	}
	defer filled.Close()
	path := filepath.Join(settings.Data, "alone.db")
	beside, err := os.Create(path)
	if err != nil {
		return "", nil, fmt.Errorf("copy the database: %w", err)
	}
	_, err = io.Copy(beside, filled)
	if err := errors.Join(err, beside.Close()); err != nil {
		return "", nil, fmt.Errorf("copy the database: %w", err)
	}
	settings.Database, settings.GroupLimit = "file:"+path, 1
	return serve(ctx, settings, log)
}
