// Package notary makes what Concordat records provable: canonical bytes, digests, leaf hashes and, later, the Merkle
// log, keys, credentials and bundles. It knows no SQL and no HTTP.
package notary
