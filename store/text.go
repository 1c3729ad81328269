package store

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"concordat/governance"
)

// checkLength refuses a text of people's own words that is not valid UTF-8, holds NUL, or has fewer or more characters
// than allowed, as INVALID at field. White space alone counts as nothing.
func checkLength(field, text string, least, most int) error {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return governance.Invalid(field, "text-malformed", "This text holds characters that no text may hold.")
	}
	if least > 0 && strings.TrimSpace(text) == "" {
		return governance.Invalid(field, "text-missing", "Something must be said here.")
	}
	if count := utf8.RuneCountInString(text); count > most {
		return governance.Invalid(field, "text-too-long", "This has {count} characters, and at most {most} are allowed.",
			"count", strconv.Itoa(count), "most", strconv.Itoa(most))
	}
	return nil
}

// checkReason refuses a reason or ground that says nothing, or more than 2,000 characters.
func checkReason(field, text string) error { return checkLength(field, text, 1, 2000) }
