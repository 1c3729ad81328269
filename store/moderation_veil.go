package store

import (
	"slices"
	"time"

	"concordat/governance"
)

// Moderation is what was done about the words of a comment or a suggestion: they are hidden, or gone for good. The public
// reason stands in their place.
type Moderation struct {
	State  governance.ModerationState
	Reason string
	At     time.Time
}

// veilColumns is what the row of a comment or a suggestion holds of its moderation.
type veilColumns struct {
	hiddenAt        *time.Time
	hiddenReason    string
	askedAt         *time.Time
	redactedAt      *time.Time
	redactionReason string
}

// moderated is what the moderation of a comment and that of a suggestion have in common; each holds one.
type moderated struct {
	Moderation *Moderation // nil: its words stand

	kind       *spokenKind
	id         string
	redaction  bool                // one waits for its second person
	moderation *moderation         // where it was read along
	reports    []*ModerationReport // likewise; nil: not read
}

// moderated says what a row tells of the moderation of what has the id.
func (row veilColumns) moderated(kind *spokenKind, id string) moderated {
	m := moderated{kind: kind, id: id, redaction: row.askedAt != nil}
	switch {
	case row.redactedAt != nil:
		m.Moderation = &Moderation{State: governance.ModerationRedacted, Reason: row.redactionReason, At: *row.redactedAt}
	case row.hiddenAt != nil:
		m.Moderation = &Moderation{State: governance.ModerationHidden, Reason: row.hiddenReason, At: *row.hiddenAt}
	}
	return m
}

// is says whether this was done about the words.
func (m *moderated) is(state governance.ModerationState) bool {
	return m.Moderation != nil && m.Moderation.State == state
}

// commentWords are what somebody said in a comment and in the reply to its answer.
type commentWords struct {
	body           string
	quote          string
	proposedChange string
	remedy         string
	replyText      string
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
func (c *Comment) veil(row veilColumns) {
	c.moderated = row.moderated(spokenComment, string(c.ID))
	switch {
	case c.is(governance.ModerationRedacted):
		c.Body = c.Moderation.Reason
	case c.is(governance.ModerationHidden):
		words := c.said()
		c.hidden = &words
		c.say(commentWords{body: c.Moderation.Reason})
	}
}

// unveil gives a comment that is hidden its words back, for somebody who may read them.
func (c *Comment) unveil() {
	if c.hidden != nil {
		c.say(*c.hidden)
	}
}

// suggestionWords are what somebody said in a suggestion, without its changes: those are not read while it is veiled.
type suggestionWords struct {
	reason    string
	conflicts []*Conflict
}

// veil puts the public reason in the place of a suggestion's own where its words are hidden or redacted. Every suggestion
// that is read passes here before its changes are read.
func (p *Suggestion) veil(row veilColumns) {
	p.moderated = row.moderated(spokenSuggestion, string(p.ID))
	if p.Moderation == nil {
		return
	}
	if p.is(governance.ModerationHidden) {
		p.hidden = &suggestionWords{reason: p.Reason, conflicts: p.Conflicts}
	}
	p.Reason, p.Conflicts = p.Moderation.Reason, []*Conflict{}
}

// unveil gives a suggestion that is hidden its words back, and lets its changes be read: for somebody who may read them,
// and for what goes on whoever may.
func (p *Suggestion) unveil() {
	if p.hidden != nil {
		p.Reason, p.Conflicts, p.hidden = p.hidden.reason, p.hidden.conflicts, nil
	}
}

// readsHidden says whether the viewer reads what somebody said although it is hidden: its author, the council's
// secretary, and, while a redaction waits for its second person, whoever may be that.
func (v editionViewer) readsHidden(e *Edition, m *moderated, author *Person, organization *Organization) bool {
	s := v.standing
	if !m.is(governance.ModerationHidden) || s.actor.Person == "" {
		return false
	}
	if author.ID == s.actor.Person || organization != nil && organization.ID == s.organization {
		return true
	}
	if v.moderates(e) {
		return true
	}
	inCouncil := s.organization == e.CouncilID && slices.Contains(s.roles, governance.RoleRepresentative)
	return m.redaction && (inCouncil || s.platform && slices.Contains(s.roles, governance.RoleAdmin))
}

// moderates says whether the viewer is a secretary of the edition's council.
func (v editionViewer) moderates(e *Edition) bool {
	return v.standing.organization == e.CouncilID && slices.Contains(v.standing.roles, governance.RoleSecretary)
}
