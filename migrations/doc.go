// Package migrations embeds the forward-only schema changes, once for each database.
package migrations
