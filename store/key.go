package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// Key is a key that signs: the log's, or an organization's.
type Key struct {
	ID           governance.KeyID
	Organization governance.OrganizationID // empty: the log's
	Custody      governance.Custody
	PublicKey    notary.PublicKey
	CreatedAt    time.Time
	RotatedAt    *time.Time // from then on it signs nothing; what it signed stands
	RevokedAt    *time.Time
	RevokedFrom  *time.Time // what it signed from this moment on is not believed
	Reason       string     // why it was revoked

	sealed string // empty: its owner keeps it
}

const keyColumns = `
	id,
	organization_id,
	custody,
	public_key,
	sealed,
	created_at,
	rotated_at,
	revoked_at,
	revoked_from,
	reason`

func scanKey(row scanner) (*Key, error) {
	var k Key
	err := row.Scan(&k.ID, orEmpty(&k.Organization), &k.Custody, &k.PublicKey, orEmpty(&k.sealed), at(&k.CreatedAt),
		atOrNil(&k.RotatedAt), atOrNil(&k.RevokedAt), atOrNil(&k.RevokedFrom), &k.Reason)
	if err != nil {
		return nil, err
	}
	return &k, nil
}

// signingKey reads the key with which an organization signs now, nil where it has none; the log's for no organization.
func (q *Query) signingKey(ctx context.Context, organization governance.OrganizationID) (*Key, error) {
	found, err := collect(ctx, q, scanKey, `SELECT `+keyColumns+`
		FROM keys
		WHERE COALESCE(organization_id, '') = $1 AND rotated_at IS NULL AND revoked_at IS NULL`, organization)
	if err != nil {
		return nil, fmt.Errorf("read the key of %s: %w", organization, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

// PublishedKeys lists the keys that an organization's document shows, the oldest first: the one in use and those that
// were rotated, for what they signed stays verifiable; revoked ones are left out. No organization means the log.
func (db *DB) PublishedKeys(ctx context.Context, organization governance.OrganizationID) ([]notary.PublicKey, error) {
	var keys []notary.PublicKey
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		keys, err = collect(ctx, q, func(row scanner) (notary.PublicKey, error) {
			var key notary.PublicKey
			return key, row.Scan(&key)
		}, `
			SELECT public_key
			FROM keys
			WHERE COALESCE(organization_id, '') = $1 AND revoked_at IS NULL
			ORDER BY created_at, id`, organization)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys of %q: %w", organization, err)
	}
	return keys, nil
}

// LogKey opens the log's key under the log's name, and makes it at the first call. An error says that the vault is not
// the one that sealed it.
func (db *DB) LogKey(ctx context.Context, vault *notary.Vault, name string) (*notary.LogKey, error) {
	private, err := db.logKey(ctx, vault)
	if err != nil {
		return nil, fmt.Errorf("open the log's key: %w", err)
	}
	return notary.NewLogKey(name, private)
}

func (db *DB) logKey(ctx context.Context, vault *notary.Vault) (ed25519.PrivateKey, error) {
	key, err := db.currentKey(ctx, "")
	if err != nil {
		return nil, err
	}
	if key == nil {
		if key, err = db.makeLogKey(ctx, vault); err != nil {
			return nil, err
		}
	}
	return vault.Open(key.sealed, key.PublicKey)
}

func (db *DB) currentKey(ctx context.Context, organization governance.OrganizationID) (key *Key, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		key, err = q.signingKey(ctx, organization)
		return err
	})
	return key, err
}

// makeLogKey draws the log's key, seals it and keeps it, or answers the one that another node made meanwhile.
func (db *DB) makeLogKey(ctx context.Context, vault *notary.Vault) (*Key, error) {
	key, err := db.drawKey(vault)
	if err != nil {
		return nil, err
	}
	err = db.write(ctx, "makeLogKey", func(ctx context.Context, tx *Tx) error {
		_, err := tx.exec(ctx, `
			INSERT INTO keys (id, custody, public_key, sealed, created_at)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT DO NOTHING`, tx.newID(), key.Custody, key.PublicKey, key.sealed, tx.now)
		if err != nil {
			return err
		}
		key, err = tx.signingKey(ctx, "")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep the log's key: %w", err)
	}
	return key, nil
}

// drawKey makes a key that the platform keeps. Steps draw it before their transaction.
func (db *DB) drawKey(vault *notary.Vault) (*Key, error) {
	private, err := notary.NewKey(secrets{db})
	if err != nil {
		return nil, err
	}
	sealed, err := vault.Seal(secrets{db}, private)
	if err != nil {
		return nil, err
	}
	public, ok := private.Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("the key drawn is no Ed25519 key")
	}
	return &Key{Custody: governance.CustodyPlatform, PublicKey: notary.PublicKeyOf(public), sealed: sealed}, nil
}

// secrets reads the store's randomness from any goroutine.
type secrets struct{ db *DB }

func (s secrets) Read(to []byte) (int, error) {
	s.db.drawing.Lock()
	defer s.db.drawing.Unlock()
	return io.ReadFull(s.db.random, to)
}

// Signers are those of the organizations whose DID document names a key: one that is in use or was rotated.
func (db *DB) Signers(ctx context.Context, organizations []governance.OrganizationID) (map[governance.OrganizationID]bool, error) {
	signers := map[governance.OrganizationID]bool{}
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		for batch := range batches(organizations) {
			found, err := collect(ctx, q, scanText, `
				SELECT DISTINCT organization_id
				FROM keys
				WHERE revoked_at IS NULL AND organization_id IN (`+placeholders(1, len(batch))+`)`, batch...)
			if err != nil {
				return err
			}
			for _, id := range found {
				signers[governance.OrganizationID(id)] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for keys of organizations: %w", err)
	}
	return signers, nil
}
