package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/notary"
)

// Signing is what the store signs with in the name of organizations.
type Signing struct {
	Vault     *notary.Vault // opens the keys that the platform keeps
	PublicURL string        // the base of every identifier, without a slash at its end
}

// SignWith says what to sign with. It is said once, before the first step.
func (db *DB) SignWith(s Signing) { db.signing = s }

// errNoVault is a key that the platform is to keep or to use without a key file.
var errNoVault = errors.New("no key file was opened")

// RegisterKeyInput is what registerKey takes.
type RegisterKeyInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.KeyID          // its id, where the client makes it
	Organization   governance.OrganizationID // whose key
	PublicKey      string                    // of a key that the organization keeps itself; empty: the platform makes one and keeps it
}

// RotateKeyInput is what rotateKey takes.
type RotateKeyInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.KeyID          // the new key's id, where the client makes it
	Organization   governance.OrganizationID // whose key
	PublicKey      string                    // of the new key, which the organization keeps itself; empty: the platform makes it and keeps it
}

// RevokeKeyInput is what revokeKey takes.
type RevokeKeyInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	Organization   governance.OrganizationID // whose key
	Key            governance.KeyID          // which key
	FromAt         *time.Time                // what it signed from this moment on is not believed; nil: from now on
	Reason         string                    // why
}

// keyNeeds are the conditions of the steps on an organization's keys.
func (q *Query) keyNeeds(id governance.OrganizationID) map[governance.Need]unmet {
	unless := func(met bool, where, reason, message string) unmet {
		return func(ctx context.Context) (*governance.Error, error) {
			there, err := q.exists(ctx, `SELECT 1 FROM keys WHERE organization_id = $1 AND `+where, id)
			if err != nil {
				return nil, fmt.Errorf("look for keys of %s: %w", id, err)
			}
			if there == met {
				return nil, nil
			}
			return governance.Refuse(governance.CodeConflict, reason, message), nil
		}
	}
	const inUse = `rotated_at IS NULL AND revoked_at IS NULL`
	return map[governance.Need]unmet{
		governance.NeedNoKeyInUse: unless(false, inUse, "key-in-use", "The organization signs with a key already: rotate that one."),
		governance.NeedKeyInUse:   unless(true, inUse, "no-key", "The organization signs with no key: register one."),
		governance.NeedUnrevokedKey: unless(true, `revoked_at IS NULL`, "no-key",
			"The organization has no key that could be revoked."),
	}
}

// RegisterKey gives an organization the key that its statements are signed with: one that the platform makes and keeps, or
// its own. Errors: NOT_FOUND; FORBIDDEN but for a representative or the administrator; CONFLICT where it signs with a key
// already, and for a key that is registered; INVALID for what is no public key.
func (db *DB) RegisterKey(ctx context.Context, actor governance.Actor, in RegisterKeyInput) (governance.KeyID, error) {
	return db.putKey(ctx, actor, keyChange{
		organizationChange: organizationChange{name: "registerKey", step: governance.RegisterKey, act: "KEY_REGISTERED",
			id: in.Organization, key: in.IdempotencyKey, input: in},
		newID: in.ID, public: in.PublicKey,
	})
}

// RotateKey puts a new key in the place of the one that an organization signs with. What the old one signed stands. Errors:
// those of RegisterKey; CONFLICT where it signs with none.
func (db *DB) RotateKey(ctx context.Context, actor governance.Actor, in RotateKeyInput) (governance.KeyID, error) {
	return db.putKey(ctx, actor, keyChange{
		organizationChange: organizationChange{name: "rotateKey", step: governance.RotateKey, act: "KEY_ROTATED",
			id: in.Organization, key: in.IdempotencyKey, input: in},
		newID: in.ID, public: in.PublicKey,
	})
}

// keyChange is what registering and rotating differ in.
type keyChange struct {
	organizationChange
	newID  governance.KeyID
	public string // empty: the platform makes the key
}

// putKey makes or reads a key, sets aside the one that is in use, if any, and writes the new one.
func (db *DB) putKey(ctx context.Context, actor governance.Actor, change keyChange) (governance.KeyID, error) {
	if change.newID != "" {
		if err := CheckID("input.id", string(change.newID)); err != nil {
			return "", err
		}
	}
	key, err := db.newKey(change.public)
	if err != nil {
		return "", err
	}
	id, err := db.takeOnOrganization(ctx, actor, change.organizationChange, func(ctx context.Context, tx *Tx) (organizationChanged, error) {
		k := *key
		k.ID, k.Organization = change.newID, change.id
		if err := tx.insertKey(ctx, &k); err != nil {
			return organizationChanged{}, err
		}
		return organizationChanged{id: string(k.ID), words: map[string]string{
			"key": string(k.ID), "custody": string(k.Custody), "publicKey": string(k.PublicKey),
		}}, nil
	})
	return governance.KeyID(id), err
}

// newKey reads the public key that an organization gave, or draws a key that the platform keeps.
func (db *DB) newKey(public string) (*Key, error) {
	if public == "" {
		if db.signing.Vault == nil {
			return nil, errNoVault
		}
		return db.drawKey(db.signing.Vault)
	}
	key, err := notary.ParsePublicKey(public)
	return &Key{Custody: governance.CustodyOwn, PublicKey: key}, err
}

// insertKey has the organization sign with a key from now on.
func (tx *Tx) insertKey(ctx context.Context, k *Key) error {
	if k.ID == "" {
		k.ID = governance.KeyID(tx.newID())
	} else if err := tx.requireFree(ctx, "keys", string(k.ID)); err != nil {
		return err
	}
	taken, err := tx.exists(ctx, `SELECT 1 FROM keys WHERE public_key = $1`, k.PublicKey)
	if err != nil {
		return fmt.Errorf("look for the key: %w", err)
	}
	if taken {
		return governance.Refuse(governance.CodeConflict, "key-registered", "This key is registered, or was once: make another one.")
	}
	_, err = tx.exec(ctx, `
		UPDATE keys
		SET rotated_at = $2
		WHERE organization_id = $1 AND rotated_at IS NULL AND revoked_at IS NULL`, k.Organization, tx.now)
	if err != nil {
		return fmt.Errorf("set the key of %s aside: %w", k.Organization, err)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO keys (id, organization_id, custody, public_key, sealed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, k.ID, k.Organization, k.Custody, k.PublicKey, orNull(k.sealed), tx.now)
	if err != nil {
		return fmt.Errorf("insert key: %w", err)
	}
	return nil
}

// RevokeKey takes a key out of use for good, with a reason and the moment from which what it signed is not believed. Errors:
// NOT_FOUND; FORBIDDEN but for a representative or the administrator; CONFLICT where it is revoked; INVALID without a
// reason, and for a moment that is still to come.
func (db *DB) RevokeKey(ctx context.Context, actor governance.Actor, in RevokeKeyInput) (governance.KeyID, error) {
	if err := checkReason("input.reason", in.Reason); err != nil {
		return "", err
	}
	if err := CheckID("input.key", string(in.Key)); err != nil {
		return "", err
	}
	change := organizationChange{name: "revokeKey", step: governance.RevokeKey, act: "KEY_REVOKED", id: in.Organization,
		key: in.IdempotencyKey, input: in}
	id, err := db.takeOnOrganization(ctx, actor, change, func(ctx context.Context, tx *Tx) (organizationChanged, error) {
		from, err := tx.revokeKey(ctx, in)
		return organizationChanged{
			id: string(in.Key), words: map[string]string{"key": string(in.Key), "from": formatTime(from)},
			texts: map[string]string{"reason": in.Reason},
		}, err
	})
	return governance.KeyID(id), err
}

func (tx *Tx) revokeKey(ctx context.Context, in RevokeKeyInput) (from time.Time, err error) {
	from = tx.now
	if in.FromAt != nil {
		from = in.FromAt.UTC().Truncate(time.Microsecond)
	}
	if from.After(tx.now) {
		return from, governance.Invalid("input.fromAt", "later-than-now", "What a key will sign cannot be disbelieved before it is revoked.")
	}
	there, err := tx.exists(ctx, `SELECT 1 FROM keys WHERE id = $1 AND organization_id = $2`, in.Key, in.Organization)
	if err != nil {
		return from, fmt.Errorf("look for key %s: %w", in.Key, err)
	}
	if !there {
		return from, governance.NotFound("key", string(in.Key))
	}
	changed, err := tx.exec(ctx, `
		UPDATE keys
		SET revoked_at = $2, revoked_from = $3, reason = $4
		WHERE id = $1 AND revoked_at IS NULL`, in.Key, tx.now, from, in.Reason)
	if err != nil {
		return from, fmt.Errorf("revoke key %s: %w", in.Key, err)
	}
	if changed == 0 {
		return from, governance.Refuse(governance.CodeConflict, "key-revoked", "The key is revoked already.")
	}
	return from, nil
}

// KeysOf lists all keys that an organization has or had, the oldest first: public.
func (db *DB) KeysOf(ctx context.Context, organization governance.OrganizationID) (keys []*Key, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		keys, err = collect(ctx, q, scanKey, `SELECT `+keyColumns+`
			FROM keys
			WHERE organization_id = $1
			ORDER BY created_at, id`, organization)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys of %s: %w", organization, err)
	}
	return keys, nil
}
