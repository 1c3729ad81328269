package notary

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// plainDepth is how deeply nested a value is rewritten here.
const plainDepth = 32

// plain rewrites JSON as encoding/json writes it into its canonical form, where that takes no more than sorting names
// and undoing escapes: names in ASCII, none twice, whole numbers that a float holds exactly, no odd escapes. That is
// nearly everything that is digested, and most of all acts. ok is false for anything else, which is left to package jcs.
func plain(encoded []byte) (canonical []byte, ok bool) {
	p := plainReader{rest: bytes.TrimSuffix(encoded, []byte("\n"))}
	canonical, ok = p.value(make([]byte, 0, len(encoded)), 0)
	return canonical, ok && len(p.rest) == 0
}

// plainReader is what is left to be read. Encoded JSON holds no white space.
type plainReader struct{ rest []byte }

// take reads the byte if it comes next.
func (p *plainReader) take(c byte) bool {
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

// value reads a value and appends its canonical form.
func (p *plainReader) value(to []byte, depth int) ([]byte, bool) {
	if len(p.rest) == 0 || depth > plainDepth {
		return nil, false
	}
	switch p.rest[0] {
	case '{':
		return p.object(to, depth)
	case '[':
		return p.array(to, depth)
	case '"':
		return p.text(to)
	}
	return p.scalar(to)
}

// scalar reads true, false, null or a whole number of at most 15 digits.
func (p *plainReader) scalar(to []byte) ([]byte, bool) {
	end := bytes.IndexAny(p.rest, ",]}")
	if end < 0 {
		end = len(p.rest)
	}
	read := p.rest[:end]
	p.rest = p.rest[end:]
	switch string(read) {
	case "true", "false", "null", "0":
		return append(to, read...), true
	}
	digits := bytes.TrimPrefix(read, []byte("-"))
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' {
		return nil, false
	}
	for _, digit := range digits {
		if digit < '0' || digit > '9' {
			return nil, false
		}
	}
	return append(to, read...), true
}

func (p *plainReader) array(to []byte, depth int) ([]byte, bool) {
	p.take('[')
	to = append(to, '[')
	for first := true; !p.take(']'); first = false {
		if !first {
			if !p.take(',') {
				return nil, false
			}
			to = append(to, ',')
		}
		var ok bool
		if to, ok = p.value(to, depth+1); !ok {
			return nil, false
		}
	}
	return append(to, ']'), true
}

// member is a part of an object in its canonical form, `"name":value`, with where the name ends.
type member struct {
	form []byte
	name int
}

// object reads an object and appends its members in the order of their names. Of names in printable ASCII that need no
// escape the order by bytes is the order by UTF-16 code units.
func (p *plainReader) object(to []byte, depth int) ([]byte, bool) {
	p.take('{')
	var members []member
	for !p.take('}') {
		if len(members) > 0 && !p.take(',') {
			return nil, false
		}
		m, ok := p.member(depth)
		if !ok {
			return nil, false
		}
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int { return bytes.Compare(a.form[1:a.name], b.form[1:b.name]) })
	to = append(to, '{')
	for i, m := range members {
		if i > 0 {
			last := members[i-1]
			if bytes.Equal(last.form[:last.name], m.form[:m.name]) {
				return nil, false
			}
			to = append(to, ',')
		}
		to = append(to, m.form...)
	}
	return append(to, '}'), true
}

func (p *plainReader) member(depth int) (member, bool) {
	if len(p.rest) == 0 || p.rest[0] != '"' {
		return member{}, false
	}
	end := bytes.IndexByte(p.rest[1:], '"') + 1
	if end <= 0 || end+1 >= len(p.rest) || p.rest[end+1] != ':' {
		return member{}, false
	}
	for _, c := range p.rest[1:end] {
		if c < ' ' || c > '~' || c == '\\' {
			return member{}, false
		}
	}
	form := append(make([]byte, 0, end+80), p.rest[:end+2]...)
	p.rest = p.rest[end+2:]
	form, ok := p.value(form, depth+1)
	return member{form: form, name: end}, ok
}

// text reads a string. What it holds escaped stays so, but for the few that encoding/json escapes and RFC 8785 does not.
func (p *plainReader) text(to []byte) ([]byte, bool) {
	to = append(to, '"')
	p.rest = p.rest[1:]
	for {
		next := bytes.IndexAny(p.rest, `"\`)
		if next < 0 || !utf8.Valid(p.rest[:next]) || bytes.ContainsFunc(p.rest[:next], func(r rune) bool { return r < ' ' }) {
			return nil, false
		}
		to = append(to, p.rest[:next]...)
		p.rest = p.rest[next:]
		if p.take('"') {
			return append(to, '"'), true
		}
		var ok bool
		if to, ok = p.escape(to); !ok {
			return nil, false
		}
	}
}

// escape reads an escape.
func (p *plainReader) escape(to []byte) ([]byte, bool) {
	if len(p.rest) < 2 {
		return nil, false
	}
	switch p.rest[1] {
	case '"', '\\', 'b', 'f', 'n', 'r', 't':
		to = append(to, p.rest[:2]...)
		p.rest = p.rest[2:]
		return to, true
	}
	if len(p.rest) < 6 {
		return nil, false
	}
	escaped := p.rest[:6]
	p.rest = p.rest[6:]
	switch string(escaped) {
	case `\u2028`:
		return append(to, "\u2028"...), true
	case `\u2029`:
		return append(to, "\u2029"...), true
	case `\ufffd`:
		return append(to, "\ufffd"...), true
	}
	return nil, false
}
