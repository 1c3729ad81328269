package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"concordat/notary"
	"concordat/register"
	"concordat/store"
)

// keyFile is where the key lies that private keys are sealed under.
func (c Config) keyFile() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "concordat.key")
}

// openVault reads the key file, and makes it where the database has no key yet. Without the file whose keys are in the
// database nothing could be signed in their name, so that a lost one is an error and never made anew in silence.
func (s *Server) openVault(ctx context.Context) (*notary.Vault, error) {
	path := s.config.keyFile()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = s.makeKeyFile(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	vault, err := notary.OpenVault(string(text))
	if err != nil {
		return nil, fmt.Errorf("read the key file %s: %w", path, err)
	}
	return vault, nil
}

func (s *Server) makeKeyFile(ctx context.Context, path string) ([]byte, error) {
	keys, err := s.db.PublishedKeys(ctx, "")
	if err != nil {
		return nil, err
	}
	if len(keys) > 0 {
		return nil, fmt.Errorf("%s is not there, and the database holds keys that are sealed under it: put its backup in this place", path)
	}
	text, err := notary.NewVaultFile(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := writeNew(path, []byte(text)); err != nil {
		if errors.Is(err, fs.ErrExist) { // another node was quicker
			return os.ReadFile(path)
		}
		return nil, err
	}
	s.log.WarnContext(ctx, "a key file was made; keep a copy of it apart from the database's backups: without it nothing can be signed again",
		"file", path)
	return []byte(text), nil
}

// writeNew writes a file that only its owner may read, whole and only if it is not there, and has it on the disk when it
// answers.
func writeNew(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Link(file.Name(), path)
}

// openLog makes the log ready to be signed and served.
func (s *Server) openLog(ctx context.Context) (*register.Log, error) {
	vault, err := s.openVault(ctx)
	if err != nil {
		return nil, err
	}
	epoch, err := s.db.LogEpoch(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.db.LogKey(ctx, vault, epoch.LogName(s.public.String()))
	if err != nil {
		return nil, err
	}
	s.db.SignWith(store.Signing{Vault: vault, PublicURL: s.public.String()})
	return &register.Log{
		Register: register.Register{Store: s.db, PublicURL: s.public.String(), Log: s.log}, Key: key, Epoch: epoch,
	}, nil
}
