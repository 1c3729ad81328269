// Package auth finds out who is asking: OIDC sign-in, sessions, bearer tokens, claim mapping. It decides nothing
// about what they may do.
package auth
