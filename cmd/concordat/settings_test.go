package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parse reads a command line under an environment.
func parse(t *testing.T, environment map[string]string, args ...string) (*config, error) {
	t.Helper()
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	c, err := bind(flags, func(name string) string { return environment[name] }, false)
	if err != nil {
		return nil, err
	}
	return c, flags.Parse(args)
}

func TestSettings(t *testing.T) {
	t.Run("have defaults", func(t *testing.T) {
		c, err := parse(t, nil)
		require.NoError(t, err)
		assert.Equal(t, "localhost:8080", c.server.Listen)
		assert.Equal(t, 30*time.Second, c.server.RequestTimeout)
		assert.Equal(t, slog.LevelInfo, c.logLevel)
		assert.False(t, c.server.Demo)
	})
	t.Run("come from the environment, and the flag wins", func(t *testing.T) {
		environment := map[string]string{"CONCORDAT_LISTEN": "127.0.0.1:1", "CONCORDAT_DEMO": "true", "CONCORDAT_TRUSTED_PROXIES": "10.0.0.0/8, ::1/128"}
		c, err := parse(t, environment, "--listen", "127.0.0.1:2", "--demo=false")
		require.NoError(t, err)
		assert.Equal(t, "127.0.0.1:2", c.server.Listen)
		assert.False(t, c.server.Demo)
		assert.Len(t, c.server.TrustedProxies, 2)
	})
	t.Run("take a switch without a value", func(t *testing.T) {
		c, err := parse(t, nil, "--demo")
		require.NoError(t, err)
		assert.True(t, c.server.Demo)
	})
	for name, value := range map[string]string{
		"CONCORDAT_LOG_LEVEL": "loud", "CONCORDAT_LOG_FORMAT": "xml", "CONCORDAT_DEMO": "perhaps", "CONCORDAT_STOP_TIMEOUT": "-1s",
		"CONCORDAT_RATE_PERSON": "NaN", "CONCORDAT_RATE_ADDRESS": "0", "CONCORDAT_TRUSTED_PROXIES": "example.org", "CONCORDAT_REQUEST_TIMEOUT": "30",
	} {
		t.Run("refuse "+name+"="+value, func(t *testing.T) {
			_, err := parse(t, map[string]string{name: value})
			require.ErrorContains(t, err, name)
		})
	}
}

func TestConfigureAnswersTheStatusOfACommandLineThatCannotBeUsed(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want int
	}{
		{"an unknown flag", []string{"--colour"}, 2},
		{"something left over", []string{"now"}, 2},
		{"a setting of the server alone", []string{"--listen", "x"}, 2},
		{"help", []string{"--help"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stderr bytes.Buffer
			_, _, status, ok := configure(commandLine{name: "migrate", args: c.args, storageOnly: true}, &stderr)
			assert.False(t, ok)
			assert.Equal(t, c.want, status)
			assert.NotEmpty(t, stderr.String())
		})
	}
}

func TestTheTableInTheReadmeIsTheSettings(t *testing.T) {
	var table strings.Builder
	table.WriteString("| flag | environment | default | meaning |\n|---|---|---|---|\n")
	for _, s := range settings() {
		standard := ""
		if s.standard != "" {
			standard = "`" + s.standard + "`"
		}
		fmt.Fprintf(&table, "| `--%s` | `%s` | %s | %s |\n", s.flag, s.environment(), standard, s.meaning)
	}
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(readme), table.String()), "README.md holds this table:\n%s", table.String())
}

func TestRun(t *testing.T) {
	t.Run("without a command it says which there are", func(t *testing.T) {
		var stderr bytes.Buffer
		assert.Equal(t, 2, run(t.Context(), nil, io.Discard, &stderr))
		for _, c := range commands() {
			assert.Contains(t, stderr.String(), c.name)
		}
	})
	t.Run("an unknown command is refused", func(t *testing.T) {
		var stderr bytes.Buffer
		assert.Equal(t, 2, run(t.Context(), []string{"vote"}, io.Discard, &stderr))
		assert.Contains(t, stderr.String(), `no command "vote"`)
	})
	t.Run("help is no error", func(t *testing.T) {
		var stdout bytes.Buffer
		assert.Equal(t, 0, run(t.Context(), []string{"--help"}, &stdout, io.Discard))
		assert.Contains(t, stdout.String(), "version")
	})
	t.Run("version names the module and Go", func(t *testing.T) {
		var stdout bytes.Buffer
		assert.Equal(t, 0, run(t.Context(), []string{"version"}, &stdout, io.Discard))
		assert.Contains(t, stdout.String(), "concordat")
		assert.Contains(t, stdout.String(), "go1.")
	})
}
