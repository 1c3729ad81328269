package governance

// ModerationState says what was done about the words of a comment or a suggestion.
type ModerationState string

// The values of ModerationState.
const (
	ModerationHidden   ModerationState = "HIDDEN"
	ModerationRedacted ModerationState = "REDACTED"
)
