package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"concordat/governance"
	"concordat/notary"
	"concordat/store"
	"concordat/store/storetest"
)

// keyOfUnion is a public key that an organization keeps itself.
var keyOfUnion = strings.Repeat("A", 43)

func TestAnOrganizationsKeyIsRegisteredRotatedAndRevoked(t *testing.T) {
	eachLobby(t, func(l lobby) {
		storetest.Sign(t, l.DB)
		register := store.RegisterKeyInput{Organization: l.acme, IdempotencyKey: "once"}
		first, err := l.DB.RegisterKey(t.Context(), l.boss, register)
		require.NoError(t, err)
		again, err := l.DB.RegisterKey(t.Context(), l.boss, register)
		require.NoError(t, err)
		assert.Equal(t, first, again, "a repeat answers what the first one answered")
		l.clock.Advance(time.Hour)
		second, err := l.DB.RotateKey(t.Context(), l.Admin(), store.RotateKeyInput{Organization: l.acme, PublicKey: keyOfUnion})
		require.NoError(t, err)
		from := storetest.Start.Add(30 * time.Minute)
		l.clock.Advance(time.Hour)
		_, err = l.DB.RevokeKey(t.Context(), l.boss, store.RevokeKeyInput{Organization: l.acme, Key: first, FromAt: &from, Reason: "leaked"})
		require.NoError(t, err)

		keys, err := l.DB.KeysOf(t.Context(), l.acme)
		require.NoError(t, err)
		require.Len(t, keys, 2)
		rotated, revoked := storetest.Start.Add(time.Hour), storetest.Start.Add(2*time.Hour)
		assert.Equal(t, []any{first, governance.CustodyPlatform, storetest.Start, &rotated, &revoked, &from, "leaked"},
			[]any{keys[0].ID, keys[0].Custody, keys[0].CreatedAt, keys[0].RotatedAt, keys[0].RevokedAt, keys[0].RevokedFrom, keys[0].Reason})
		assert.Equal(t, []any{second, governance.CustodyOwn, notary.PublicKey(keyOfUnion), rotated},
			[]any{keys[1].ID, keys[1].Custody, keys[1].PublicKey, keys[1].CreatedAt})
		published, err := l.DB.PublishedKeys(t.Context(), l.acme)
		require.NoError(t, err)
		assert.Equal(t, []notary.PublicKey{notary.PublicKey(keyOfUnion)}, published, "a revoked key is in no document")
		assert.Equal(t, []string{
			"ORGANIZATION_REGISTERED ADMIN", "KEY_REGISTERED REPRESENTATIVE", "KEY_ROTATED ADMIN", "KEY_REVOKED REPRESENTATIVE",
		}, actsOn(t, l.DB, l.acme))
		follow(t, l.DB)
		told, err := l.DB.Notices(t.Context(), l.boss, false, store.Page{})
		require.NoError(t, err)
		var events []string
		for _, n := range told.Nodes {
			if n.About == string(l.acme) {
				events = append(events, n.Event)
			}
		}
		assert.Equal(t, []string{"KEY_ROTATED"}, events, "who took a step is not told of it")
		_, err = l.DB.RevokeKey(t.Context(), l.boss, store.RevokeKeyInput{Organization: l.acme, Key: second, Reason: "wound up"})
		require.NoError(t, err)
		_, err = l.DB.RotateKey(t.Context(), l.boss, store.RotateKeyInput{Organization: l.acme})
		refused(t, err, governance.CodeConflict, "no-key")
		_, err = l.DB.RegisterKey(t.Context(), l.boss, store.RegisterKeyInput{Organization: l.acme})
		require.NoError(t, err, "whoever revoked its key makes another")
	})
}

func TestStepsOnKeysAreRefused(t *testing.T) {
	eachLobby(t, func(l lobby) {
		register := func(actor governance.Actor, in store.RegisterKeyInput) error {
			in.Organization = l.acme
			_, err := l.DB.RegisterKey(t.Context(), actor, in)
			return err
		}
		refused(t, register(l.As("acme", governance.RoleAuthor), store.RegisterKeyInput{PublicKey: keyOfUnion}), governance.CodeForbidden, "role-needed")
		refused(t, register(l.As("bolt", governance.RoleRepresentative), store.RegisterKeyInput{PublicKey: keyOfUnion}), governance.CodeForbidden, "role-needed")
		refused(t, register(l.boss, store.RegisterKeyInput{PublicKey: "mine"}), governance.CodeInvalid, "key-malformed")
		refused(t, register(l.boss, store.RegisterKeyInput{PublicKey: keyOfUnion, ID: "mine"}), governance.CodeInvalid, "id-malformed")
		assert.ErrorContains(t, register(l.boss, store.RegisterKeyInput{}), "no key file", "a server always has one")
		require.NoError(t, register(l.boss, store.RegisterKeyInput{PublicKey: keyOfUnion}))
		refused(t, register(l.boss, store.RegisterKeyInput{PublicKey: keyOfUnion}), governance.CodeConflict, "key-in-use")
		_, err := l.DB.RotateKey(t.Context(), l.boss, store.RotateKeyInput{Organization: l.acme, PublicKey: keyOfUnion})
		refused(t, err, governance.CodeConflict, "key-registered")

		keys, err := l.DB.KeysOf(t.Context(), l.acme)
		require.NoError(t, err)
		later := storetest.Start.Add(time.Hour)
		for reason, in := range map[string]store.RevokeKeyInput{
			"id-malformed": {Key: "mine", Reason: "lost"}, "text-missing": {Key: keys[0].ID},
			"later-than-now": {Key: keys[0].ID, FromAt: &later, Reason: "lost"}, "not-found": {Key: governance.KeyID(l.acme), Reason: "lost"},
		} {
			in.Organization = l.acme
			_, err := l.DB.RevokeKey(t.Context(), l.boss, in)
			code := governance.CodeInvalid
			if reason == "not-found" {
				code = governance.CodeNotFound
			}
			refused(t, err, code, reason)
		}
		revoke := store.RevokeKeyInput{Organization: l.acme, Key: keys[0].ID, Reason: "lost"}
		_, err = l.DB.RevokeKey(t.Context(), l.boss, revoke)
		require.NoError(t, err)
		_, err = l.DB.RevokeKey(t.Context(), l.boss, revoke)
		refused(t, err, governance.CodeConflict, "no-key")
		require.NoError(t, register(l.boss, store.RegisterKeyInput{PublicKey: exampleKey}))
		_, err = l.DB.RevokeKey(t.Context(), l.boss, revoke)
		refused(t, err, governance.CodeConflict, "key-revoked")
	})
}

// exampleKey is another one, as a did:key.
const exampleKey = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
