package auth

import "context"

// LocalPath lets the tests in package auth_test see which addresses a sign-in may end at.
func LocalPath(asked string) string { return localPath(asked) }

// IDToken answers the issuer's ID token in the session under a cookie's value.
func (a *Auth) IDToken(ctx context.Context, token string) (string, error) {
	s, err := a.storedSession(ctx, token)
	return s.IDToken, err
}
