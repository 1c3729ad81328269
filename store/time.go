package store

import (
	"database/sql"
	"fmt"
	"time"
)

// timeFormat is how every instant stands in the database: UTC, microseconds, fixed width, so that text order is time
// order on both databases.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// formatTime writes t as the database holds it.
func formatTime(t time.Time) string { return t.UTC().Format(timeFormat) }

// parseTime reads what formatTime wrote, and nothing else.
func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(timeFormat, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a stored time: %w", err)
	}
	return t.UTC(), nil
}

// at scans a time column into t; NULL becomes the zero time. Statements take a time.Time as it is (the zero time is
// bound as NULL).
func at(t *time.Time) sql.Scanner { return timeScanner{t} }

type timeScanner struct{ to *time.Time }

func (s timeScanner) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s.to = time.Time{}
		return nil
	case string:
		t, err := parseTime(v)
		*s.to = t
		return err
	}
	return fmt.Errorf("read a stored time: unexpected %T", value)
}

// orNull binds an empty text as NULL.
func orNull[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}

// orEmpty scans a text column that may be NULL, which becomes the empty text.
func orEmpty[T ~string](text *T) sql.Scanner { return textScanner[T]{text} }

type textScanner[T ~string] struct{ to *T }

func (s textScanner[T]) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s.to = ""
		return nil
	case string:
		*s.to = T(v)
		return nil
	case []byte:
		*s.to = T(v)
		return nil
	}
	return fmt.Errorf("read a stored text: unexpected %T", value)
}

// atOrNil scans a time column that may be NULL, which becomes nil.
func atOrNil(t **time.Time) sql.Scanner { return optionalTime{t} }

type optionalTime struct{ to **time.Time }

func (s optionalTime) Scan(value any) error {
	if value == nil {
		*s.to = nil
		return nil
	}
	*s.to = new(time.Time)
	return at(*s.to).Scan(value)
}

// orNil scans a text column that may be NULL, which becomes nil.
func orNil[T ~string](text **T) sql.Scanner { return optionalText[T]{text} }

type optionalText[T ~string] struct{ to **T }

func (s optionalText[T]) Scan(value any) error {
	if value == nil {
		*s.to = nil
		return nil
	}
	*s.to = new(T)
	return orEmpty(*s.to).Scan(value)
}
