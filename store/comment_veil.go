package store

import (
	"slices"
	"time"

	"concordat/governance"
)

// Moderation is what was done about the words of a comment: they are hidden, or gone for good. The public reason stands
// in their place.
type Moderation struct {
	State  governance.ModerationState
	Reason string
	At     time.Time
}

// commentWords are what somebody said in a comment and in the reply to its answer.
type commentWords struct {
	body           string
	quote          string
	proposedChange string
	remedy         string
	replyText      string
}

// moderated is what a comment's row holds of its moderation.
type moderated struct {
	hiddenAt        *time.Time
	hiddenReason    string
	askedAt         *time.Time
	redactedAt      *time.Time
	redactionReason string
}

// said are the words of a comment, also where they are hidden.
func (c *Comment) said() commentWords {
	if c.hidden != nil {
		return *c.hidden
	}
	words := commentWords{body: c.Body, quote: c.Quote, proposedChange: c.ProposedChange, remedy: c.Remedy}
	if c.Disposition != nil {
		words.replyText = c.Disposition.ReplyText
	}
	return words
}

// say puts words into a comment.
func (c *Comment) say(words commentWords) {
	c.Body, c.Quote, c.ProposedChange, c.Remedy = words.body, words.quote, words.proposedChange, words.remedy
	if c.Disposition != nil {
		c.Disposition.ReplyText = words.replyText
	}
}

// veil puts the public reason in the place of words that are hidden or redacted. Every comment that is read passes here,
// so that nobody reads hidden words but by unveil.
func (c *Comment) veil(m moderated) {
	c.redaction = m.askedAt != nil
	switch {
	case m.redactedAt != nil:
		c.Moderation = &Moderation{State: governance.ModerationRedacted, Reason: m.redactionReason, At: *m.redactedAt}
		c.Body = m.redactionReason
	case m.hiddenAt != nil:
		c.Moderation = &Moderation{State: governance.ModerationHidden, Reason: m.hiddenReason, At: *m.hiddenAt}
		words := c.said()
		c.hidden = &words
		c.say(commentWords{body: m.hiddenReason})
	}
}

// unveil gives a comment that is hidden its words back, for somebody who may read them.
func (c *Comment) unveil() {
	if c.hidden != nil {
		c.say(*c.hidden)
	}
}

// readsHidden says whether the viewer reads the words of a hidden comment: its author, the council's secretary, and,
// while a redaction waits for its second person, whoever may be that.
func (v editionViewer) readsHidden(e *Edition, c *Comment) bool {
	s := v.standing
	if c.hidden == nil || s.actor.Person == "" {
		return false
	}
	if c.Author.ID == s.actor.Person || c.Organization != nil && c.Organization.ID == s.organization {
		return true
	}
	if v.moderates(e) {
		return true
	}
	inCouncil := s.organization == e.CouncilID && slices.Contains(s.roles, governance.RoleRepresentative)
	return c.redaction && (inCouncil || s.platform && slices.Contains(s.roles, governance.RoleAdmin))
}

// moderates says whether the viewer is a secretary of the edition's council.
func (v editionViewer) moderates(e *Edition) bool {
	return v.standing.organization == e.CouncilID && slices.Contains(v.standing.roles, governance.RoleSecretary)
}
