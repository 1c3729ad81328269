// Package governance holds the nouns and the rules of Concordat: what a credential specification is, which step who may
// take when, how a council's charter counts a ballot, and what is wrong with a document.
//
// Everything here is pure. It reads no clock, no network, no database and no randomness, logs nothing and takes no
// context; it imports nothing else of Concordat. Given the same values it answers the same, today and in a court in ten
// years. It is not for storing, fetching, signing or showing anything.
package governance
