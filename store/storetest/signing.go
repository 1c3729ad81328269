package storetest

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"concordat/notary"
	"concordat/store"
)

// PublicURL is the base of every identifier of a database that signs.
const PublicURL = "https://concordat.example"

// Sign gives a database a key file to keep keys under, the same one each time, and a public URL.
func Sign(t testing.TB, db *store.DB) {
	t.Helper()
	file, err := notary.NewVaultFile(rand.NewChaCha8([32]byte{}))
	require.NoError(t, err)
	vault, err := notary.OpenVault(file)
	require.NoError(t, err)
	db.SignWith(store.Signing{Vault: vault, PublicURL: PublicURL})
}
