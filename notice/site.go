package notice

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"concordat/governance"
	"concordat/store"
)

// settingKey is the name under which the store keeps the key that addresses are signed with.
const settingKey = "notice-key"

// The addresses that need no sign-in, because the token in them says who it was given to.
const (
	UnsubscribePath = "/unsubscribe/"
	CalendarPath    = "/calendar/"
)

// The pages on which people read what they were told and say how they want to be.
const (
	NoticesPath     = "/notices"
	PreferencesPath = "/settings/notices"
)

// Site is where people are sent to, and the key of the addresses that they are given.
type Site struct {
	PublicURL string // without a slash at its end
	key       []byte
}

// NewSite reads the key that the database keeps, which is made at the first start.
func NewSite(ctx context.Context, db *store.DB, publicURL string) (*Site, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh) // never fails
	kept, err := db.KeepSetting(ctx, settingKey, base64.RawStdEncoding.EncodeToString(fresh))
	if err != nil {
		return nil, err
	}
	key, err := base64.RawStdEncoding.DecodeString(kept)
	if err != nil || len(key) != len(fresh) {
		return nil, fmt.Errorf("the setting %s is no key", settingKey)
	}
	return &Site{PublicURL: publicURL, key: key}, nil
}

// host is the name in the public address.
func (s *Site) host() string {
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// Sender is the address that mails come from where none is configured.
func (s *Site) Sender() mail.Address {
	return mail.Address{Name: "Concordat", Address: "concordat@" + s.host()}
}

// What a token is for. It is signed along, so that none can be used for another thing.
const (
	forMail     = "stop-mail"
	forCalendar = "calendar"
)

// sign makes a token: whose it is, what it does, and what proves that we made it.
func (s *Site) sign(purpose string, person governance.PersonID, what string) string {
	return string(person) + "." + what + "." + s.proof(purpose, string(person), what)
}

func (s *Site) proof(purpose, person, what string) string {
	mac := hmac.New(sha256.New, s.key)
	fmt.Fprintf(mac, "%s\n%s\n%s", purpose, person, what)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// verify takes a token apart. One that we did not make for the purpose is NOT_FOUND, as any address that is none.
func (s *Site) verify(purpose, token string) (person governance.PersonID, what string, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(parts[2]), []byte(s.proof(purpose, parts[0], parts[1]))) {
		return "", "", governance.Refuse(governance.CodeNotFound, "token-unknown", "There is nothing at this address.")
	}
	return governance.PersonID(parts[0]), parts[1], nil
}

// UnsubscribeURL is where the mails of a kind are turned off, the digest or, by store.StopAll, all of them.
func (s *Site) UnsubscribeURL(person governance.PersonID, what string) string {
	return s.PublicURL + UnsubscribePath + s.sign(forMail, person, what)
}

// Unsubscription says whose mails a token turns off, and which. Errors: NOT_FOUND.
func (s *Site) Unsubscription(token string) (person governance.PersonID, what string, err error) {
	return s.verify(forMail, token)
}

// CalendarURL is where a person's calendar of that number is read.
func (s *Site) CalendarURL(person governance.PersonID, number int) string {
	return s.PublicURL + CalendarPath + s.sign(forCalendar, person, strconv.Itoa(number))
}

// CalendarOf says whose calendar a token is of, and its number. Errors: NOT_FOUND.
func (s *Site) CalendarOf(token string) (person governance.PersonID, number int, err error) {
	person, what, err := s.verify(forCalendar, token)
	if err != nil {
		return "", 0, err
	}
	number, err = strconv.Atoi(what)
	return person, number, err
}
