package governance

import "time"

// CorrectionKind says what a correction takes back.
type CorrectionKind string

// The values of CorrectionKind.
const (
	CorrectionRecall    CorrectionKind = "RECALL"    // an open ballot
	CorrectionReopening CorrectionKind = "REOPENING" // a text that is balloted, approved or endorsed
)

// CorrectionState says what became of a request for a correction, which two persons of the council decide on.
type CorrectionState string

// The values of CorrectionState.
const (
	CorrectionIsAsked     CorrectionState = "ASKED"     // and waits for its second person
	CorrectionIsConfirmed CorrectionState = "CONFIRMED" // and taken
	CorrectionIsDeclined  CorrectionState = "DECLINED"  // by another person than the one who asked
	CorrectionIsWithdrawn CorrectionState = "WITHDRAWN" // by the one who asked
	CorrectionIsLapsed    CorrectionState = "LAPSED"    // with the ballot's close
)

// Corrects answers the charter's word on a kind of correction.
func (c Charter) Corrects(kind CorrectionKind) Correction {
	if kind == CorrectionRecall {
		return c.Recall
	}
	return c.Reopen
}

// Until answers the instant from which on it is too late to correct what happened at since; zero where there is no limit.
func (c Correction) Until(since time.Time) time.Time {
	if c.Hours == 0 {
		return time.Time{}
	}
	return since.Add(time.Duration(c.Hours) * time.Hour)
}

// Refuses answers why a correction of what happened at since may not be made now, whatever its ground; nil where it may.
func (c Correction) Refuses(since, now time.Time) *Error {
	if len(c.Grounds) == 0 {
		return Refuse(CodeConflict, "no-grounds", "The charter lists no ground on which this could be taken back.")
	}
	if until := c.Until(since); !until.IsZero() && !now.Before(until) {
		return Refuse(CodeConflict, "hours-over", "By the charter this could be taken back within {hours} hours, until {until}.",
			"hours", itoa(c.Hours), "until", until.UTC().Format(time.RFC3339))
	}
	return nil
}

// CheckGround refuses a ground that the charter does not list.
func (c Correction) CheckGround(field, ground string) *Error {
	if c.Allows(ground) {
		return nil
	}
	return Invalid(field, "unknown-ground", "The charter does not list the ground {ground}; it lists {grounds}.",
		"ground", ground, "grounds", joinWords(c.Grounds))
}
