package store

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/google/uuid"

	"concordat/governance"
)

// CheckID refuses an id that is not a lower-case UUIDv7 in its 36-character form, as INVALID at field. Clients may
// make the ids of what they create.
func CheckID(field, id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.Version() != 7 || parsed.Variant() != uuid.RFC4122 || parsed.String() != id {
		return governance.Invalid(field, "id-malformed", "An id is a lower-case UUID of version 7; {id} is none.", "id", id)
	}
	return nil
}

// makeID makes a UUIDv7 (RFC 9562, method 3) of the microsecond now, a counter, and 48 random bits: the ids of one step
// sort in the order in which they were drawn.
func makeID(now time.Time, counter uint16, random io.Reader) (string, error) {
	var id uuid.UUID
	if _, err := io.ReadFull(random, id[10:]); err != nil {
		return "", err
	}
	micros := now.UnixMicro()
	binary.BigEndian.PutUint64(id[:8], uint64(micros/1000)<<16)
	fraction := uint16(micros % 1000 * 4096 / 1000)
	binary.BigEndian.PutUint16(id[6:8], 0x7000|fraction)
	binary.BigEndian.PutUint16(id[8:10], 0x8000|counter&0x3fff)
	return id.String(), nil
}
