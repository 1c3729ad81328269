package store

import (
	"encoding/base64"
	"strings"
	"time"

	"concordat/governance"
)

// Cursor is a place in a list that is sorted by (created at, id). It is stable while others insert.
type Cursor struct {
	CreatedAt time.Time
	ID        string
}

const cursorVersion = "c1 "

// String makes the cursor opaque, for a client to hand back.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + formatTime(c.CreatedAt) + " " + c.ID))
}

// ParseCursor reads what String wrote. Anything else is INVALID at field.
func ParseCursor(field, text string) (Cursor, error) {
	refusal := governance.Invalid(field, "cursor-malformed", "This is not a cursor that this list gave.")
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Cursor{}, refusal
	}
	rest, known := strings.CutPrefix(string(plain), cursorVersion)
	if !known {
		return Cursor{}, refusal
	}
	when, id, _ := strings.Cut(rest, " ")
	createdAt, err := parseTime(when)
	if err != nil || CheckID(field, id) != nil {
		return Cursor{}, refusal
	}
	return Cursor{CreatedAt: createdAt, ID: id}, nil
}
