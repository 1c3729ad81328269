package graph_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"concordat/auth"
	"concordat/governance"
	"concordat/graph"
	"concordat/store/storetest"
)

type personKey struct{}

func TestWhoAsksTooOftenHasToWait(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := tryoutHandler(graph.Config{
		Clock: func() time.Time { return now },
		Rates: graph.Rates{Person: graph.Rate{PerSecond: 2, Burst: 4}, Address: graph.Rate{PerSecond: 0.5}},
		Person: func(ctx context.Context) string {
			person, _ := ctx.Value(personKey{}).(string)
			return person
		},
	})
	from := func(person, address string) answer {
		r := post(`{"query":"{hello}"}`)
		r.RemoteAddr = address
		return send(t, h, r.WithContext(context.WithValue(r.Context(), personKey{}, person)))
	}

	for range 4 {
		assert.Equal(t, http.StatusOK, from("ona", "192.0.2.1:1000").status)
	}
	refused := from("ona", "192.0.2.1:1000")
	assert.Equal(t, http.StatusTooManyRequests, refused.status)
	assert.Equal(t, "RATE_LIMITED", refused.code(t))
	assert.Equal(t, "1", refused.header.Get("Retry-After"))
	assert.Equal(t, http.StatusOK, from("petras", "192.0.2.1:1000").status, "another person at the same address")

	assert.Equal(t, http.StatusOK, from("", "192.0.2.1:1000").status, "somebody without a sign-in there")
	refused = from("", "192.0.2.1:2000")
	assert.Equal(t, "2", refused.header.Get("Retry-After"), "the same address by another port")
	assert.Equal(t, http.StatusOK, from("", "192.0.2.2:1000").status)
	assert.Equal(t, http.StatusOK, from("", "[2001:db8:1:2::1]:1000").status)
	assert.Equal(t, http.StatusTooManyRequests, from("", "[2001:db8:1:2:ffff::1]:1000").status, "the same network")
	assert.Equal(t, http.StatusOK, from("", "[2001:db8:1:3::1]:1000").status)

	now = now.Add(time.Second)
	assert.Equal(t, http.StatusOK, from("ona", "192.0.2.1:1000").status)
	assert.Equal(t, http.StatusOK, from("ona", "192.0.2.1:1000").status)
	assert.Equal(t, http.StatusTooManyRequests, from("ona", "192.0.2.1:1000").status, "two a second, and no more")
	now = now.Add(-time.Hour)
	assert.Equal(t, http.StatusTooManyRequests, from("ona", "192.0.2.1:1000").status, "a clock that goes back gives nothing")
}

func TestWithoutRatesNobodyWaits(t *testing.T) {
	h := tryoutHandler(graph.Config{})
	for range 200 {
		assert.Equal(t, http.StatusOK, send(t, h, post(`{"query":"{hello}"}`)).status)
	}
}

func TestAnAddressIsHeardSoOftenByThoseWhoSpeakForNobody(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.OpenAt(t, storetest.SQLite, clock)
	cast := storetest.NewCast(t, db)
	h := graph.NewHandler(graph.Config{
		Schema: graph.NewSchema(&graph.Resolver{Store: db, PublicURL: "https://concordat.example"}), Clock: clock.Now,
		Rates: graph.Rates{Public: graph.Rate{PerSecond: 3.0 / 3600, Burst: 3}},
	})
	say := func(who governance.Actor, address, fields string) answer {
		query := "mutation { " + fields + " }"
		if strings.Contains(fields, "...more") {
			query += " fragment more on Mutation { b: " + comment + " }"
		}
		r := post(`{"query":"` + query + `"}`)
		r.RemoteAddr = address
		return send(t, h, r.WithContext(auth.WithActor(r.Context(), who)))
	}
	somebody, another := cast.Somebody("somebody"), cast.Somebody("another")
	for _, who := range []governance.Actor{somebody, another} {
		assert.Equal(t, "NOT_FOUND", say(who, "192.0.2.1:1000", "a: "+comment+" ... on Mutation { __typename }").code(t))
	}
	refused := say(somebody, "192.0.2.1:2000", "a: "+comment+" ...more")
	assert.Equal(t, http.StatusTooManyRequests, refused.status, "two at once, where one is left")
	assert.Equal(t, "RATE_LIMITED", refused.code(t))
	assert.Equal(t, "1200", refused.header.Get("Retry-After"))
	assert.Equal(t, http.StatusOK, say(somebody, "192.0.2.2:1000", "a: "+comment+" ...more").status, "another address")
	for range 5 {
		assert.Equal(t, http.StatusOK, say(cast.Secretary(), "192.0.2.1:1000", "a: "+comment+" ...more").status, "who speaks for an organization")
	}
	clock.Advance(20 * time.Minute)
	assert.Equal(t, http.StatusOK, say(another, "192.0.2.1:1000", "a: "+comment+" ... on Mutation { __typename }").status)
}

// comment is a comment on an edition that there is not.
const comment = `addComment(input: {edition: \"0195e3a0-0000-7000-8000-000000000199\", kind: GENERAL, body: \"Hm.\"}) { comment { id } }`
