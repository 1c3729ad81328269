// Package graph is the GraphQL API: schema files, short resolvers, loaders, the transport and its guard, and the one
// place where errors become GraphQL errors.
package graph

//go:generate go tool gqlgen generate
//go:generate go run concordat/graph/internal/lean/rewrite generated
