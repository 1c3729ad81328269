package store

import (
	"concordat/governance"
)

// AddCommentInput is what addComment takes.
type AddCommentInput struct {
	IdempotencyKey string                  // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.CommentID    // its id, where the client makes it
	Edition        governance.EditionID    // which edition
	Revision       governance.RevisionID   // the revision that it is made on; the head if not said
	Parent         governance.CommentID    // the comment that it answers
	Suggestion     governance.SuggestionID // the suggestion that it is about; then it gates nothing
	Kind           governance.CommentKind  // what kind of remark
	Path           string                  // the element; the whole text if not said
	Quote          string                  // the words that it is about
	Body           string                  // what it says, at most 10,000 characters
	ProposedChange string                  // what it would have instead
	PublicName     string                  // the name under which somebody who speaks for nobody appears
	Mentions       []string                // persons and organizations that are told, by id; organizations also by slug
}

// ResolveCommentInput is what resolveComment takes.
type ResolveCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // that the thread hangs on
}

// ReopenCommentInput is what reopenComment takes.
type ReopenCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // that the thread hangs on
}

// EditCommentInput is what editComment takes.
type EditCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Body           string               // what it says now
	ProposedChange string               // what it would have instead
	Remedy         string               // for an objection: what would remove it
}

// WithdrawCommentInput is what withdrawComment takes.
type WithdrawCommentInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
}

// RaiseObjectionInput is what raiseObjection takes.
type RaiseObjectionInput struct {
	IdempotencyKey string                // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.CommentID  // its id, where the client makes it
	Edition        governance.EditionID  // which edition
	Revision       governance.RevisionID // the revision that it is made on; the head if not said
	Path           string                // the element; the whole text if not said
	Quote          string                // the words that it is about
	Reason         string                // why
	Remedy         string                // what would remove it
	Mentions       []string              // persons and organizations that are told, by id; organizations also by slug
}

// DisposeCommentInput is what disposeComment takes.
type DisposeCommentInput struct {
	IdempotencyKey string                     // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID       // which comment
	Kind           governance.DispositionKind // what was done
	Reason         string                     // why; needed unless ACCEPTED
	DuplicateOf    governance.CommentID       // for DUPLICATE: the comment that was answered
	Revision       governance.RevisionID      // the revision with the change
}

// DisposeCommentsInput is what disposeComments takes.
type DisposeCommentsInput struct {
	IdempotencyKey string                     // makes a repeat harmless: the same key with the same input has one effect
	Comments       []governance.CommentID     // which comments, 1 to 200 on one edition
	Kind           governance.DispositionKind // what was done
	Reason         string                     // why; needed unless ACCEPTED
	DuplicateOf    governance.CommentID       // for DUPLICATE: the comment that is answered for all of them
	Revision       governance.RevisionID      // the revision with the change
}

// ReplyToDispositionInput is what replyToDisposition takes.
type ReplyToDispositionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which comment
	Reply          governance.Reply     // whether it does
	Text           string               // in words
}

// ReferObjectionInput is what referObjection takes.
type ReferObjectionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which objection
}

// UpholdObjectionInput is what upholdObjection takes.
type UpholdObjectionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which objection
	Reason         string               // why
}

// OverruleObjectionInput is what overruleObjection takes.
type OverruleObjectionInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Comment        governance.CommentID // which objection
	Reason         string               // why
}

// OpenConsultationInput is what openConsultation takes.
type OpenConsultationInput struct {
	IdempotencyKey string                    // makes a repeat harmless: the same key with the same input has one effect
	ID             governance.ConsultationID // its id, where the client makes it
	Edition        governance.EditionID      // which edition
	ClosesOn       governance.Date           // its last day, in the council's zone
	IsPublic       bool                      // whether everybody may read and comment
	// Invited are organizations invited by their names, on the council's roll or not.
	Invited []governance.OrganizationID
}

// SkipConsultationInput is what skipConsultation takes.
type SkipConsultationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // why
}

// InviteToConsultationInput is what inviteToConsultation takes.
type InviteToConsultationInput struct {
	IdempotencyKey string                      // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID        // which edition
	Organizations  []governance.OrganizationID // who
}

// ExtendConsultationInput is what extendConsultation takes.
type ExtendConsultationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	ClosesOn       governance.Date      // the new last day; after the one it had
	Reason         string               // why
}

// CloseConsultationInput is what closeConsultation takes.
type CloseConsultationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // why
}

// RecallConsultationInput is what recallConsultation takes.
type RecallConsultationInput struct {
	IdempotencyKey string               // makes a repeat harmless: the same key with the same input has one effect
	Edition        governance.EditionID // which edition
	Reason         string               // why
}
