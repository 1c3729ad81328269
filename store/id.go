package store

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
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

// drawnBits is how many of an id's 30 counting bits count the ids of one step; the others count the steps that this
// process took in the same microsecond.
const drawnBits = 12

// makeID makes a UUIDv7 (RFC 9562, methods 1 and 3) of the microsecond now, 30 counting bits, and 32 random ones: the
// ids of one step sort in the order in which they were drawn, and behind those of the step before.
func makeID(now time.Time, count uint32, random io.Reader) (string, error) {
	var id uuid.UUID
	if _, err := io.ReadFull(random, id[12:]); err != nil {
		return "", err
	}
	micros := now.UnixMicro()
	binary.BigEndian.PutUint64(id[:8], uint64(micros/1000)<<16)
	fraction := uint16(micros % 1000 * 4096 / 1000)
	binary.BigEndian.PutUint16(id[6:8], 0x7000|fraction)
	binary.BigEndian.PutUint32(id[8:12], 0x80000000|count&0x3fffffff)
	return id.String(), nil
}

// newID draws a UUIDv7 outside any step.
func (db *DB) newID() (string, error) {
	var j job
	if err := db.draw(&j); err != nil {
		return "", err
	}
	return makeID(j.now, j.count, rand.NewChaCha8(j.seed))
}
