package store

import (
	"concordat/governance"
)

// ConceptInput is a term of a vocabulary.
type ConceptInput struct {
	ID    governance.URI // its URI
	Label string         // what it is called
}

// ProposeNeedInput is what proposeNeed takes.
type ProposeNeedInput struct {
	IdempotencyKey string                    // makes a repeat harmless
	ID             governance.NeedID         // its id, where the client makes it
	Council        governance.OrganizationID // the council it is for; none where the sector has none
	Sector         string                    // the sector; one of the council's
	Title          string                    // in a line, at most 200 characters
	Description    string                    // in full, at most 10,000 characters
	Language       string                    // the language of title and description, BCP 47
	Occupation     *ConceptInput             // the ESCO occupation
	Skills         []ConceptInput            // ESCO skills, at most 50
	Country        string                    // ISO 3166-1 alpha-2
	Region         string                    // NUTS code
	HeadCount      int                       // how many people
	Urgency        governance.Urgency        // how soon
	Evidence       string                    // what shows that it is so
	Funding        string                    // who would pay
}

// EditNeedInput is what editNeed takes. What is absent stays.
type EditNeedInput struct {
	IdempotencyKey string              // makes a repeat harmless
	Need           governance.NeedID   // which need
	Title          *string             // in a line
	Description    *string             // in full
	Skills         []ConceptInput      // ESCO skills; replaces all
	HeadCount      *int                // how many people
	Urgency        *governance.Urgency // how soon
	Evidence       *string             // what shows that it is so
	Funding        *string             // who would pay
}

// WithdrawNeedInput is what withdrawNeed takes.
type WithdrawNeedInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // which need
	Reason         string            // why
}

// BackNeedInput is what backNeed takes.
type BackNeedInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // which need
	HeadCount      int               // how many people the acting organization needs it for
	Comment        string            // anything to add
}

// ReviewNeedInput is what reviewNeed takes.
type ReviewNeedInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // which need
}

// AcceptNeedInput is what acceptNeed takes.
type AcceptNeedInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // which need
	Reason         string            // why
}

// DeclineNeedInput is what declineNeed takes.
type DeclineNeedInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // which need
	Reason         string            // why
}

// MergeNeedsInput is what mergeNeeds takes.
type MergeNeedsInput struct {
	IdempotencyKey string            // makes a repeat harmless
	Need           governance.NeedID // the need that is merged and ends
	Into           governance.NeedID // the need that it is merged into; of the same council, not ended
	Reason         string            // why
}
