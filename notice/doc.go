// Package notice turns work lists into mails, digests and calendars.
package notice
