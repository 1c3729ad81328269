// Package tryout is a small executable schema with every kind of answer that a server gives: the transport and its
// guard are tried on it, without a database.
package tryout

//go:generate go tool gqlgen generate --config gqlgen.yml
//go:generate go run ../lean/rewrite .
