// Package register serves the public, anonymous pages of what was published.
package register
