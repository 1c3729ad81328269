package store

import (
	"concordat/governance"
)

// SuggestInput is what suggest takes: the document as it would be, or the changes alone.
type SuggestInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.SuggestionID // its id, where the client makes it
	Edition        governance.EditionID    // which edition
	Base           governance.RevisionID   // the revision that the change was made on
	Document       *governance.Document    // the whole text as it would be
	Changes        []*governance.Change    // or what would change
	Reason         string                  // why
	PublicName     string                  // the name under which somebody who speaks for nobody appears
}

// WithdrawSuggestionInput is what withdrawSuggestion takes.
type WithdrawSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
}

// AcceptSuggestionInput is what acceptSuggestion takes.
type AcceptSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Changes        []int                   // the numbers of the changes that are accepted; all if not said
	Message        string                  // of the revision that takes them
	Class          governance.Class        // raises the revision's class; it is never lowered
}

// RejectSuggestionInput is what rejectSuggestion takes.
type RejectSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // why
}
