package governance

// MatterSchema names the form of a matter.
const MatterSchema = "concordat/matter/1"

// MatterKind says what a council decides on that is neither a text nor its rules.
type MatterKind string

// The values of MatterKind.
const (
	MatterObjection MatterKind = "OBJECTION" // whether a referred objection is upheld
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
	Object   string            `json:"object"`   // id of the objection
	Texts    map[string]Digest `json:"texts"`    // salted, by name: reason, remedy
}

// matterQuestions are what is asked, so that CARRIED is always yes.
var matterQuestions = map[MatterKind]string{
	MatterObjection: "Shall the objection be upheld, so that the text has to change?",
}

// Question says what a matter of the kind asks.
func (k MatterKind) Question() string { return matterQuestions[k] }

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
