package graph

import (
	"mime"
	"strconv"
	"strings"
)

// mediaType is what a response is served as. It decides the status of a request that was refused: with the older
// application/json a well-formed GraphQL request is answered with 200 whatever comes of it.
type mediaType string

const (
	mediaResponse mediaType = "application/graphql-response+json"
	mediaJSON     mediaType = "application/json"
	mediaStream   mediaType = "text/event-stream" // only where it is asked for by name
	mediaNone     mediaType = ""                  // the client accepts nothing that we serve
)

// offered are the media types that we serve, the preferred first.
var offered = []mediaType{mediaResponse, mediaJSON}

// How much of a header is looked at: no client that means well sends more.
const (
	maxAccept       = 4_000 // bytes
	maxAcceptRanges = 64
	maxContentType  = 500 // bytes
)

// negotiate answers the media type that the Accept header values ask for most. Nothing, or anything, means
// application/json, as GraphQL over HTTP wants it for older clients.
func negotiate(accept []string) mediaType {
	all := strings.Join(accept, ",")
	switch strings.TrimSpace(all) {
	case "", "*/*", string(mediaJSON):
		return mediaJSON
	case string(mediaResponse):
		return mediaResponse
	}
	best, bestFit := mediaNone, fit{}
	if len(all) > maxAccept {
		return best
	}
	parts := splitList(all)
	if takesStream(parts) {
		best = mediaStream
	}
	for _, offer := range offered {
		if f := fitOf(parts, offer); f.better(bestFit) {
			best, bestFit = offer, f
		}
	}
	return best
}

// acceptsStream says whether the Accept header values name event streams.
func acceptsStream(accept []string) bool {
	all := strings.Join(accept, ",")
	return strings.Contains(all, string(mediaStream)) && len(all) <= maxAccept && takesStream(splitList(all))
}

func takesStream(parts []string) bool {
	for _, part := range parts {
		kind, params, err := mime.ParseMediaType(part)
		if err == nil && kind == string(mediaStream) && quality(params["q"]) > 0 {
			return true
		}
	}
	return false
}

// fit says how well an offer matches an Accept header.
type fit struct {
	quality  float64 // 0 is not acceptable
	specific int     // 3 the type itself, 2 application/*, 1 */*
	legacy   bool    // application/json, which goes first where only a wildcard matched
}

func (f fit) better(than fit) bool {
	if f.quality == 0 || f.quality != than.quality {
		return f.quality > than.quality
	}
	if f.specific != than.specific {
		return f.specific > than.specific
	}
	return f.specific < 3 && f.legacy
}

// fitOf looks for the most specific range that matches the offer; its quality counts.
func fitOf(parts []string, offer mediaType) fit {
	found := fit{legacy: offer == mediaJSON}
	for _, part := range parts {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || !charsetServed(params) {
			continue
		}
		specific := 0
		switch kind {
		case string(offer):
			specific = 3
		case "application/*":
			specific = 2
		case "*/*":
			specific = 1
		}
		if specific > found.specific {
			found.specific, found.quality = specific, quality(params["q"])
		}
	}
	return found
}

// quality reads a q parameter, of 0 to 1; absent it is 1, unreadable it is 0.
func quality(q string) float64 {
	if q == "" {
		return 1
	}
	value, err := strconv.ParseFloat(q, 64)
	if err != nil || !(value >= 0 && value <= 1) {
		return 0
	}
	return value
}

// charsetServed reports whether parameters ask for no other charset than UTF-8.
func charsetServed(params map[string]string) bool {
	charset, ok := params["charset"]
	return !ok || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// splitList splits a header's list at the commas that are not within quotes.
func splitList(list string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(list) && len(parts) < maxAcceptRanges; i++ {
		switch {
		case quoted && list[i] == '\\':
			i++
		case list[i] == '"':
			quoted = !quoted
		case list[i] == ',' && !quoted:
			parts = append(parts, list[start:i])
			start = i + 1
		}
	}
	return append(parts, list[start:])
}
