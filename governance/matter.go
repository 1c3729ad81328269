package governance

// MatterSchema names the form of a matter.
const MatterSchema = "concordat/matter/1"

// MatterKind says what a council decides on that is neither a text nor its rules.
type MatterKind string

// The values of MatterKind.
const (
	MatterObjection  MatterKind = "OBJECTION"  // whether a referred objection is upheld
	MatterWithdrawal MatterKind = "WITHDRAWAL" // whether a publication is withdrawn
	MatterReview     MatterKind = "REVIEW"     // whether the review of a publication says what is proposed
)

// Matter is what a MATTER ballot votes on, as one JSON value: a question that is answered by being carried or not, and
// everything that it is about. Free text is named by salted digests, so that it can be erased.
type Matter struct {
	Schema   string            `json:"schema"` // MatterSchema
	Kind     MatterKind        `json:"kind"`
	Question string            `json:"question"` // in English
	Council  OrganizationID    `json:"council"`
	Edition  EditionID         `json:"edition"`
	Document Digest            `json:"document"` // of the edition's text, as it is when the question is put
	Object   string            `json:"object"`   // id of the objection or of the publication
	Texts    map[string]Digest `json:"texts"`    // salted, by name: reason, remedy

	// Of a review alone.
	Outcome    ReviewOutcome `json:"outcome,omitempty"`    // that is proposed
	NextReview Date          `json:"nextReview,omitempty"` // until when it is reviewed next
}

// Asked is the question of a matter, in English, so that CARRIED is always yes.
func (m Matter) Asked() string {
	switch m.Kind {
	case MatterObjection:
		return "Shall the objection be upheld, so that the text has to change?"
	case MatterWithdrawal:
		return "Shall the publication be withdrawn, out of the register for good?"
	case MatterReview:
		return reviewQuestions[m.Outcome]
	}
	return ""
}

// ObjectionAfter answers what a ballot on an objection makes of it: UPHELD where it is carried, OVERRULED where it is not.
// False where nothing is decided, and the objection stays referred: too few took part, or the ballot was not counted.
func ObjectionAfter(outcome Outcome) (CommentState, bool) {
	switch outcome {
	case OutcomeCarried:
		return StateUpheld, true
	case OutcomeNotCarried:
		return StateOverruled, true
	case OutcomeInquorate, OutcomeRecalled, OutcomeSuperseded, OutcomeAnnulled:
	}
	return "", false
}

// WithdrawalAfter answers what a ballot on a withdrawal makes of the publisher's request, if one waits: it is confirmed with
// the withdrawal, or declined where the ballot is not carried. False where nothing is decided, and it waits on.
func WithdrawalAfter(outcome Outcome) (WithdrawalState, bool) {
	switch outcome {
	case OutcomeCarried:
		return WithdrawalConfirmed, true
	case OutcomeNotCarried:
		return WithdrawalDeclined, true
	case OutcomeInquorate, OutcomeRecalled, OutcomeSuperseded, OutcomeAnnulled:
	}
	return "", false
}
