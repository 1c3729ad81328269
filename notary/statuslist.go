package notary

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"concordat/governance"
)

// StatusListSize is how many statements one status list tells of: the least that the recommendation allows, so that
// asking for one list tells nobody which statement is meant.
const StatusListSize = 131_072

// StatusList is one bit a statement: whether it is revoked (W3C Bitstring Status List 1.0). The zero value revokes
// nothing.
type StatusList struct{ bits []byte }

// Revoke sets the bit of a statement. INVALID outside the list.
func (l *StatusList) Revoke(index int) error {
	if index < 0 || index >= StatusListSize {
		return governance.Invalid("index", "outside-list", "A status list has {size} bits; {index} is none of them.",
			"size", fmt.Sprint(StatusListSize), "index", fmt.Sprint(index))
	}
	if l.bits == nil {
		l.bits = make([]byte, StatusListSize/8)
	}
	l.bits[index/8] |= 0x80 >> (index % 8)
	return nil
}

// Revoked says whether the bit of a statement is set.
func (l *StatusList) Revoked(index int) bool {
	return index >= 0 && index/8 < len(l.bits) && l.bits[index/8]&(0x80>>(index%8)) != 0
}

// Encode writes the list as the recommendation has it: gzip in base64url after "u". The same bits always give the same
// text.
func (l *StatusList) Encode() (string, error) {
	bits := l.bits
	if bits == nil {
		bits = make([]byte, StatusListSize/8)
	}
	var packed bytes.Buffer
	writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("encode a status list: %w", err)
	}
	if _, err := writer.Write(bits); err != nil {
		return "", fmt.Errorf("encode a status list: %w", err)
	}
	if err := writer.Close(); err != nil {
		return "", fmt.Errorf("encode a status list: %w", err)
	}
	return "u" + base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// ParseStatusList reads an encoded list of just StatusListSize bits. INVALID where it is none.
func ParseStatusList(encoded string) (*StatusList, error) {
	malformed := governance.Invalid("encodedList", "status-list-malformed", "This is no status list of {size} bits.",
		"size", fmt.Sprint(StatusListSize))
	text, ok := strings.CutPrefix(encoded, "u")
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil {
		return nil, malformed
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, malformed
	}
	bits, err := io.ReadAll(io.LimitReader(reader, StatusListSize/8+1)) // a bomb stops here
	if err != nil || len(bits) != StatusListSize/8 {
		return nil, malformed
	}
	return &StatusList{bits}, nil
}

// Credential makes the exact bytes that are signed of a list: a BitstringStatusListCredential at its address.
func (l *StatusList) Credential(address string, issuer Issuer, from time.Time) ([]byte, error) {
	encoded, err := l.Encode()
	if err != nil {
		return nil, err
	}
	return Canonical(map[string]any{
		"@context":  []string{contextCredentials},
		"type":      []string{"VerifiableCredential", "BitstringStatusListCredential"},
		"id":        address,
		"issuer":    issuer.DID,
		"validFrom": instant(from),
		"credentialSubject": map[string]any{
			"id": address + "#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded,
		},
	})
}
