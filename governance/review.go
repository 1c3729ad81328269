package governance

// ReviewOutcome is what the review of a publication says.
type ReviewOutcome string

// The values of ReviewOutcome.
const (
	ReviewConfirm  ReviewOutcome = "CONFIRM"  // it stands until the next review
	ReviewRevise   ReviewOutcome = "REVISE"   // it stands until a further edition, which is asked for
	ReviewWithdraw ReviewOutcome = "WITHDRAW" // it is withdrawn
)

// ReviewLeadDays are how many days before its date a review begins to wait for the council: as long as a ballot and the
// meeting that prepares it take.
const ReviewLeadDays = 90

// reviewQuestions are what a ballot on a review asks.
var reviewQuestions = map[ReviewOutcome]string{
	ReviewConfirm:  "Shall the published edition be confirmed until its next review?",
	ReviewRevise:   "Shall the published edition be revised by a further one?",
	ReviewWithdraw: "Shall the published edition be withdrawn, out of the register for good?",
}

// CheckReview looks at what a review would say: its outcome, and the date of the next one, which CONFIRM needs, REVISE may
// have and WITHDRAW has not. The date is after the given day, if it is one. The error is INVALID, with the field.
func CheckReview(outcome ReviewOutcome, next, after Date) error {
	switch outcome {
	case ReviewConfirm:
		if next == "" {
			return Invalid("input.nextReviewOn", "date-missing", "Say until when it is reviewed next.")
		}
	case ReviewRevise:
	case ReviewWithdraw:
		if next != "" {
			return Invalid("input.nextReviewOn", "date-needless", "What is withdrawn is reviewed no more.")
		}
	default:
		return Invalid("input.outcome", "outcome-unknown", "The outcome of a review is CONFIRM, REVISE or WITHDRAW.")
	}
	if next == "" {
		return nil
	}
	if f := checkDate(string(next)); f != nil {
		return Invalid("input.nextReviewOn", "date-malformed", "A date looks like 2026-03-31.")
	}
	if next <= after {
		return Invalid("input.nextReviewOn", "review-too-soon", "The next review is due after {day}.", "day", string(after))
	}
	return nil
}
