// Package exchange converts documents from and to the formats of the field, one file a format. Pure conversions: it
// opens no file, asks no network and stores nothing.
package exchange
