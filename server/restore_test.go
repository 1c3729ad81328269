package server

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/notary"
	"concordat/store"
)

// lost is a demo of which there is a backup, and that went on after it.
type lost struct {
	config        Config
	backup        string
	before, after string // checkpoints as they were published
	bundle        []byte
}

// loseSomething makes a backup of the demo, and takes a step after it that is signed.
func loseSomething(t *testing.T) lost {
	t.Helper()
	dir := t.TempDir()
	l := lost{
		config: Config{Listen: "127.0.0.1:0", Demo: true, Data: filepath.Join(dir, "data"), PublicURL: "http://localhost:8999"},
		backup: filepath.Join(dir, "backup.db"),
	}
	s, err := Open(t.Context(), l.config, quiet)
	require.NoError(t, err)
	c := logClient{t, s}
	l.before = c.ok("/log/checkpoint")
	l.bundle = c.bundles(l.config.Data)["EDITION CARRIED"]
	require.NoError(t, s.db.Backup(t.Context(), l.backup))
	_, err = s.db.GrantAdmin(t.Context(), store.AdminGrant{Issuer: "https://issuer.example", Subject: "somebody"})
	require.NoError(t, err)
	l.after = c.ok("/log/checkpoint")
	require.NotEqual(t, l.before, l.after)
	require.NoError(t, s.Close())
	return l
}

// elsewhere is the demo's configuration with a new data folder, to which its key file was brought.
func (l lost) elsewhere(t *testing.T) Config {
	t.Helper()
	c := l.config
	c.Data = t.TempDir()
	key, err := os.ReadFile(l.config.keyFile())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(c.keyFile(), key, 0o600))
	return c
}

func TestABackupBehindACheckpointBeginsANewEpochThatNamesIt(t *testing.T) {
	l := loseSomething(t)
	config := l.elsewhere(t)
	restored, err := Restore(t.Context(), config, l.backup, l.after, quiet)
	require.NoError(t, err)
	assert.True(t, restored.Begun)
	newest, err := notary.CheckpointOf([]byte(l.after))
	require.NoError(t, err)
	assert.Equal(t, strings.Join(strings.SplitN(l.after, "\n", 4)[:3], " "), restored.Epoch.After)

	s := opened(t, config)
	c := logClient{t, s}
	key := strings.TrimSpace(c.ok("/log/key"))
	assert.True(t, strings.HasPrefix(key, "localhost:8999/log/2+"), key)
	checkpoint, err := notary.OpenCheckpoint([]byte(c.ok("/log/checkpoint")), key)
	require.NoError(t, err)
	assert.Equal(t, []string{"after " + restored.Epoch.After}, checkpoint.Extensions)
	assert.Less(t, checkpoint.Size, newest.Size)
	root, err := notary.RootOf(c.tiles, checkpoint.Size)
	require.NoError(t, err)
	assert.Equal(t, root, checkpoint.Root)
	for what, bundle := range c.bundles(config.Data) {
		assert.True(t, notary.VerifyBundle(bundle, key).Holds(), what)
	}
	assert.True(t, notary.VerifyBundle(l.bundle, "").Holds(), "what was proved in the first epoch stays proved")
	assert.False(t, notary.VerifyBundle(l.bundle, key).Holds(), "under its own key")
	problems, err := s.db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestABackupThatLostNothingGoesOn(t *testing.T) {
	l := loseSomething(t)
	restored, err := Restore(t.Context(), l.elsewhere(t), l.backup, l.before, quiet)
	require.NoError(t, err)
	assert.False(t, restored.Begun)
	assert.EqualValues(t, 1, restored.Epoch.Number)

	config := l.elsewhere(t)
	restored, err = Restore(t.Context(), config, l.backup, "", quiet)
	require.NoError(t, err)
	assert.True(t, restored.Begun, "where nobody knows what was published last")
	assert.Equal(t, strings.Join(strings.SplitN(l.before, "\n", 4)[:3], " "), restored.Epoch.After)
	_, err = Restore(t.Context(), config, "", l.after, quiet)
	require.ErrorContains(t, err, "localhost:8999/log", "the checkpoint of an epoch that is over")
	restored, err = Restore(t.Context(), config, "", "", quiet)
	require.NoError(t, err)
	assert.EqualValues(t, 3, restored.Epoch.Number, "a database that is in its place already")
}

func TestWhatCannotBeRestoredIsRefusedAndLeavesNothing(t *testing.T) {
	l := loseSomething(t)
	changed := filepath.Join(t.TempDir(), "changed.db")
	data, err := os.ReadFile(l.backup)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(changed, data, 0o600))
	file, err := sql.Open("sqlite", "file:"+changed)
	require.NoError(t, err)
	_, err = file.Exec(`UPDATE positions SET is_latest = 0`)
	if err != nil { // the triggers are no protection from who has the file
		_, err = file.Exec(`DROP TRIGGER positions_closed_no_update; UPDATE positions SET is_latest = 0`)
	}
	require.NoError(t, err)
	require.NoError(t, file.Close())
	for name, test := range map[string]struct {
		change             func(c *Config)
		backup, checkpoint string
		want               string
	}{
		"in the place of another":       {func(c *Config) { *c = l.config }, l.backup, l.after, "is there already"},
		"to PostgreSQL":                 {func(c *Config) { c.Database = "postgres://localhost/x" }, l.backup, "", "its own tools"},
		"a file that is not there":      {nil, l.backup + "x", "", "no such file"},
		"a checkpoint that is none":     {nil, l.backup, "localhost:8999/log\n3\n", "is not signed by the key"},
		"a checkpoint that was changed": {nil, l.backup, strings.Replace(l.after, "/log\n", "/log/2\n", 1), "is not signed by the key"},
		"a changed backup":              {nil, changed, l.after, "not as it should be"},
	} {
		t.Run(name, func(t *testing.T) {
			config := l.elsewhere(t)
			if test.change != nil {
				test.change(&config)
			}
			_, err := Restore(t.Context(), config, test.backup, test.checkpoint, quiet)
			require.ErrorContains(t, err, test.want)
			left, err := filepath.Glob(filepath.Join(config.Data, "*.partial*"))
			require.NoError(t, err)
			assert.Empty(t, left)
		})
	}
}
