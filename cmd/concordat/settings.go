package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"concordat/server"
)

// config is everything that flags and environment say: the server's own Config and how the process logs.
type config struct {
	server    server.Config
	logLevel  slog.Level
	logFormat string // "text" or "json"
}

// setting is one line of the configuration: a flag, and an environment variable of the same name (--public-url is
// CONCORDAT_PUBLIC_URL). The flag wins. The table in README.md is made from these.
type setting struct {
	flag     string
	standard string // the default; empty: none, or what the meaning says
	meaning  string
	set      func(c *config, value string) error
	isSwitch bool // takes no value on the command line
	storage  bool // also of the commands that work on the database without serving
}

// environment is the name of the setting's environment variable.
func (s setting) environment() string {
	return "CONCORDAT_" + strings.ToUpper(strings.ReplaceAll(s.flag, "-", "_"))
}

// settings lists them all.
func settings() []setting {
	return []setting{
		{flag: "listen", standard: "localhost:8080", meaning: "address to serve on; TLS is the reverse proxy's",
			set: func(c *config, v string) error { c.server.Listen = v; return nil }},
		{flag: "public-url", meaning: "where people reach it, and the base of every identifier; on localhost it follows `--listen`",
			set: func(c *config, v string) error { c.server.PublicURL = v; return nil }},
		{flag: "data", standard: "data", meaning: "folder of the SQLite file and of backups", storage: true,
			set: func(c *config, v string) error { c.server.Data = v; return nil }},
		{flag: "database", meaning: "`postgres://…` or `file:PATH`; without it `concordat.db` in the data folder", storage: true,
			set: func(c *config, v string) error { c.server.Database = v; return nil }},
		{flag: "key-file", meaning: "file under which private keys are sealed; without it `concordat.key` in the data folder, made at the first start",
			set: func(c *config, v string) error { c.server.KeyFile = v; return nil }},
		{flag: "demo", meaning: "seed an empty database and let anybody be anybody; on this machine only", isSwitch: true,
			set: func(c *config, v string) (err error) { c.server.Demo, err = strconv.ParseBool(v); return err }},
		{flag: "issuers", meaning: "YAML file of the OpenID providers at which people sign in",
			set: func(c *config, v string) error { c.server.Issuers = v; return nil }},
		{flag: "claim-mapping", meaning: "file that turns claims into mandates",
			set: func(c *config, v string) error { c.server.ClaimMapping = v; return nil }},
		{flag: "mail", meaning: "where mails go: `smtp://user:password@host:587`, `smtps://host:465`, `file:FOLDER` or none; the demo writes to `mail` in the data folder",
			set: func(c *config, v string) error { c.server.Mail = v; return nil }},
		{flag: "mail-from", meaning: "the address that mails come from; without it `concordat@` and the public host",
			set: func(c *config, v string) error { c.server.MailFrom = v; return nil }},
		{flag: "metrics-listen", meaning: "another address for `/metrics`, where the public does not reach it",
			set: func(c *config, v string) error { c.server.MetricsListen = v; return nil }},
		{flag: "trusted-proxies", meaning: "networks whose X-Forwarded-For is believed: `10.0.0.0/8,::1/128`",
			set: func(c *config, v string) (err error) { c.server.TrustedProxies, err = prefixes(v); return err }},
		{flag: "rate-address", standard: "50", meaning: "requests a second from one address without a sign-in; negative: no bound",
			set: func(c *config, v string) (err error) { c.server.Rates.PerAddress, err = rate(v); return err }},
		{flag: "rate-person", standard: "100", meaning: "requests a second of one signed-in person; negative: no bound",
			set: func(c *config, v string) (err error) { c.server.Rates.PerPerson, err = rate(v); return err }},
		{flag: "rate-public-comments", standard: "20", meaning: "comments and suggestions an hour of one person who speaks for nobody, three times as many of one address; negative: no bound",
			set: func(c *config, v string) (err error) {
				c.server.Rates.PublicComments, err = strconv.Atoi(v)
				return err
			}},
		{flag: "subscriptions", standard: "50", meaning: "open at once, of one signed-in person or one address without a sign-in; negative: no bound",
			set: func(c *config, v string) (err error) { c.server.Rates.Streams, err = strconv.Atoi(v); return err }},
		{flag: "request-timeout", standard: "30s", meaning: "for one request, subscriptions and uploads excepted",
			set: func(c *config, v string) (err error) { c.server.RequestTimeout, err = duration(v); return err }},
		{flag: "stop-timeout", standard: "20s", meaning: "for requests under way when it is told to stop",
			set: func(c *config, v string) (err error) { c.server.StopTimeout, err = duration(v); return err }},
		{flag: "log-level", standard: "info", meaning: "debug, info, warn or error", storage: true,
			set: func(c *config, v string) error { return c.logLevel.UnmarshalText([]byte(v)) }},
		{flag: "log-format", standard: "text", meaning: "text or json, on standard error", storage: true,
			set: func(c *config, v string) error { return oneOf(&c.logFormat, v, "text", "json") }},
	}
}

// bind gives a flag set the settings of a command, each at its default or at what the environment says. Commands that
// work on the database without serving take only the settings that say where it is and how to log. An environment
// variable that cannot be used is an error.
func bind(flags *flag.FlagSet, getenv func(string) string, storageOnly bool) (*config, error) {
	c := &config{}
	for _, s := range settings() {
		if storageOnly && !s.storage {
			continue
		}
		if s.standard != "" {
			if err := s.set(c, s.standard); err != nil {
				return nil, fmt.Errorf("default of --%s: %w", s.flag, err)
			}
		}
		if value := getenv(s.environment()); value != "" {
			if err := s.set(c, value); err != nil {
				return nil, fmt.Errorf("%s=%q: %w", s.environment(), value, err)
			}
		}
		use := strings.ReplaceAll(s.meaning, "`", "") + " (" + s.environment() + ")"
		set := func(value string) error { return s.set(c, value) }
		if s.isSwitch {
			flags.BoolFunc(s.flag, use, set)
		} else {
			flags.Func(s.flag, use, set)
		}
	}
	return c, nil
}

// commandLine is what somebody typed after a command's name, and what the command takes.
type commandLine struct {
	name        string
	args        []string
	operands    []string                  // what it takes besides flags, each as the usage names it: "FILE"
	storageOnly bool                      // it works on the database without serving
	own         func(flags *flag.FlagSet) // adds flags that only this command has; nil: none
}

// configure reads the command line of a command that takes settings. Where it cannot go on it says why on stderr and
// answers the exit status, ok being false.
func configure(line commandLine, stderr io.Writer) (c *config, operands []string, status int, ok bool) {
	flags := flag.NewFlagSet(line.name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, strings.Join(append([]string{"usage: concordat", line.name, "[FLAGS]"}, line.operands...), " "))
		flags.PrintDefaults()
	}
	c, err := bind(flags, os.Getenv, line.storageOnly)
	if err != nil {
		fmt.Fprintf(stderr, "concordat %s: %v\n", line.name, err)
		return nil, nil, 2, false
	}
	if line.own != nil {
		line.own(flags)
	}
	switch err := flags.Parse(line.args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, nil, 0, false
	case err != nil:
		return nil, nil, 2, false
	case flags.NArg() != len(line.operands):
		fmt.Fprintf(stderr, "concordat %s: takes %d arguments besides flags, not %d\n", line.name, len(line.operands), flags.NArg())
		flags.Usage()
		return nil, nil, 2, false
	}
	return c, flags.Args(), 0, true
}

// logger makes the process's log, which writes the id of the request that a record belongs to.
func (c *config) logger(stderr io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.logLevel}
	var handler slog.Handler = slog.NewTextHandler(stderr, options)
	if c.logFormat == "json" {
		handler = slog.NewJSONHandler(stderr, options)
	}
	return slog.New(server.WithRequestID(handler))
}

func oneOf(target *string, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			*target = value
			return nil
		}
	}
	return fmt.Errorf("want one of %s", strings.Join(allowed, ", "))
}

func prefixes(list string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	for item := range strings.SplitSeq(list, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(item))
		if err != nil {
			return nil, err
		}
		found = append(found, prefix)
	}
	return found, nil
}

func rate(text string) (float64, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(number) || number == 0 {
		return 0, errors.New("want a number of requests a second")
	}
	return number, nil
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, err
	}
	if d <= 0 {
		return 0, errors.New("want a time above zero")
	}
	return d, nil
}
