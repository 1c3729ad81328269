package store

import (
	"concordat/governance"
)

// ReportCommentInput is what reportComment takes.
type ReportCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reason         string               // what is wrong with it
}

// DismissReportsInput is what dismissReports takes.
type DismissReportsInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reason         string               // why nothing comes of them
}

// HideCommentInput is what hideComment takes.
type HideCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reason         string               // why; everybody reads it in the place of the words
}

// UnhideCommentInput is what unhideComment takes.
type UnhideCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
}

// RequestRedactionInput is what requestRedaction takes.
type RequestRedactionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reason         string               // why; everybody reads it in the place of the words
	Name           bool                 // whether the name that a public commenter chose goes too
	Answer         bool                 // whether what the editors and the council answered goes too
}

// ConfirmRedactionInput is what confirmRedaction takes.
type ConfirmRedactionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
}

// WithdrawRedactionInput is what withdrawRedaction takes.
type WithdrawRedactionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reason         string               // why it does not come to it
}

// ReportSuggestionInput is what reportSuggestion takes.
type ReportSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // what is wrong with it
}

// DismissSuggestionReportsInput is what dismissSuggestionReports takes.
type DismissSuggestionReportsInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // why nothing comes of them
}

// HideSuggestionInput is what hideSuggestion takes.
type HideSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // why; everybody reads it in the place of the words
}

// UnhideSuggestionInput is what unhideSuggestion takes.
type UnhideSuggestionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
}

// RequestSuggestionRedactionInput is what requestSuggestionRedaction takes.
type RequestSuggestionRedactionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // why; everybody reads it in the place of the words
	Name           bool                    // whether the name that somebody who speaks for nobody chose goes too
	Answer         bool                    // whether the reason that the editors gave for rejecting it goes too
}

// ConfirmSuggestionRedactionInput is what confirmSuggestionRedaction takes.
type ConfirmSuggestionRedactionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
}

// WithdrawSuggestionRedactionInput is what withdrawSuggestionRedaction takes.
type WithdrawSuggestionRedactionInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	Suggestion     governance.SuggestionID // which suggestion
	Reason         string                  // why it does not come to it
}
