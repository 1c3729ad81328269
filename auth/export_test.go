package auth

// LocalPath lets the tests in package auth_test see which addresses a sign-in may end at.
func LocalPath(asked string) string { return localPath(asked) }
