package notary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"concordat/governance"
)

// EncodeDocument makes the bytes that are the document from here on, canonical JSON with every text in NFC and lines
// ended by a line feed, and their digest. What it answers always parses: a document that breaks a limit or a form is
// refused with INVALID and the element's path.
func EncodeDocument(document governance.Document) ([]byte, governance.Digest, error) {
	encoded, _, err := normalizedDocument(document)
	if err != nil {
		return nil, "", err
	}
	return encoded, Digest(encoded), nil
}

// NormalizeDocument answers the document as EncodeDocument would store it. Diffs, checks and comparisons are made on
// normalized documents, so that two ways of writing one character are no change.
func NormalizeDocument(document governance.Document) (governance.Document, error) {
	_, normalized, err := normalizedDocument(document)
	return normalized, err
}

func normalizedDocument(document governance.Document) ([]byte, governance.Document, error) {
	encoded, err := canonicalNFC(document)
	if err != nil {
		return nil, governance.Document{}, fmt.Errorf("encode document: %w", err)
	}
	parsed, err := governance.ParseDocument(encoded)
	if err != nil {
		return nil, governance.Document{}, fmt.Errorf("read the encoded document: %w", err)
	}
	return encoded, parsed, nil
}

// EncodeOffer is EncodeDocument for a provider's facts.
func EncodeOffer(facts governance.OfferFacts) ([]byte, governance.Digest, error) {
	encoded, err := canonicalNFC(facts)
	if err != nil {
		return nil, "", fmt.Errorf("encode offer: %w", err)
	}
	if _, err := governance.ParseOfferFacts(encoded); err != nil {
		return nil, "", fmt.Errorf("read the encoded offer: %w", err)
	}
	return encoded, Digest(encoded), nil
}

// EncodeTranslation is EncodeDocument for a translation, which has a digest of its own and never touches the document's.
func EncodeTranslation(translation governance.Translation) ([]byte, governance.Digest, error) {
	encoded, err := canonicalNFC(translation)
	if err != nil {
		return nil, "", fmt.Errorf("encode translation: %w", err)
	}
	if _, err := governance.ParseTranslation(encoded); err != nil {
		return nil, "", fmt.Errorf("read the encoded translation: %w", err)
	}
	return encoded, Digest(encoded), nil
}

// canonicalNFC works on the decoded strings and not on the JSON, where a combining character could meet the letter of
// an escape.
func canonicalNFC(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(plain))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return Canonical(normalizeTree(tree))
}

func normalizeTree(node any) any {
	switch node := node.(type) {
	case string:
		return norm.NFC.String(strings.ReplaceAll(strings.ReplaceAll(node, "\r\n", "\n"), "\r", "\n"))
	case []any:
		for i := range node {
			node[i] = normalizeTree(node[i])
		}
	case map[string]any:
		for name := range node {
			node[name] = normalizeTree(node[name])
		}
	}
	return node
}
