package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// happened is something of which people are told: an act, or a deadline that is near.
type happened struct {
	source string // the act's id, or the reminder's
	event  string // the act's type, or which reminder
	at     time.Time
	by     governance.OrganizationID // whose act it was
	person governance.PersonID       // who took the step, and is told nothing
	due    time.Time                 // the deadline that it tells of

	object  Object                    // as the act names it
	named   governance.OrganizationID // the organization that an act on a working group names
	edition governance.EditionID
	council governance.OrganizationID
	acted   string // id of the object that the act names
	alone   bool   // a comment that answers none and mentions nobody
}

// concerned is somebody who is told, and for whom.
type concerned struct {
	person       governance.PersonID
	organization governance.OrganizationID // empty: for itself
}

// standingHolder says of a mandate m that it stands at the instant $2.
const standingHolder = `m.ended_at IS NULL AND m.from_at <= $2 AND (m.until_at IS NULL OR m.until_at > $2)`

// The roles that write and speak for an organization.
const writingOrSpeaking = `m.role IN ('AUTHOR', 'REPRESENTATIVE')`

// audienceSource finds an audience: person_id and organization_id (NULL: the person for itself) of everybody in it, where
// $1 is what of answers and $2 is now.
type audienceSource struct {
	of   func(h happened) string // empty: nobody is in it
	text string
}

func ofObject(h happened) string { return h.object.ID }

// ofReferring is ofObject but for a comment that stands alone, to which such an audience has no relation.
func ofReferring(h happened) string {
	if h.alone {
		return ""
	}
	return h.object.ID
}

func ofEdition(h happened) string { return string(h.edition) }
func ofCouncil(h happened) string { return string(h.council) }
func ofNamed(h happened) string   { return string(h.named) }
func ofActed(h happened) string   { return h.acted }
func ofSource(h happened) string  { return h.source }
func ofBy(h happened) string      { return string(h.by) }

// holdersIn are those who hold a role in an organization that is $1.
func holdersIn(role string) string {
	return `SELECT m.person_id, m.organization_id FROM mandates m WHERE m.organization_id = $1 AND ` + role + ` AND ` + standingHolder
}

// commentersWhere are those who wrote the comments c that a condition names. Where the writer has left its organization,
// those who write and speak for it stand in.
func commentersWhere(joins, where string) string {
	return `
		SELECT c.person_id, c.organization_id
		FROM comments c` + joins + `
		WHERE ` + where + `
		UNION
		SELECT m.person_id, m.organization_id
		FROM comments c
		JOIN mandates m ON m.organization_id = c.organization_id` + joins + `
		WHERE ` + where + ` AND ` + writingOrSpeaking + ` AND ` + standingHolder + `
			AND NOT EXISTS (
				SELECT 1
				FROM mandates w
				WHERE w.person_id = c.person_id AND w.organization_id = c.organization_id AND w.ended_at IS NULL
			)`
}

// onRoll are those who write and speak for the organizations on the roll of the council of the edition $1.
const onRoll = `
		SELECT m.person_id, m.organization_id
		FROM editions e
		JOIN specifications s ON s.id = e.specification_id
		JOIN roll_entries r ON r.council_id = s.council_id AND r.state = 'ACTIVE'
		JOIN mandates m ON m.organization_id = r.organization_id
		WHERE e.id = $1 AND ` + writingOrSpeaking + ` AND ` + standingHolder

// onInvitation are those who write and speak for the organizations that consultations on the edition $1 invite by name.
const onInvitation = `
		SELECT m.person_id, m.organization_id
		FROM editions e
		JOIN consultation_invitations r ON r.edition_id = e.id
		JOIN mandates m ON m.organization_id = r.organization_id
		WHERE e.id = $1 AND ` + writingOrSpeaking + ` AND ` + standingHolder

// stillSilent narrows both to organizations that have not commented in the consultation that is open, and do not write
// the text themselves.
const stillSilent = `
			AND NOT EXISTS (
				SELECT 1
				FROM working_group g
				WHERE g.edition_id = e.id AND g.organization_id = r.organization_id AND g.state = 'MEMBER'
			)
			AND EXISTS (
				SELECT 1
				FROM consultations k
				WHERE k.edition_id = e.id AND k.state = 'OPEN' AND k.closes_at > $2 AND NOT EXISTS (
					SELECT 1
					FROM comments c
					WHERE c.edition_id = e.id AND c.organization_id = r.organization_id AND c.created_at >= k.opened_at
						AND c.state <> 'WITHDRAWN'
				)
			)`

// audiences is where each audience is found.
var audiences = map[governance.Audience]audienceSource{
	governance.AudienceMentioned: {ofReferring, `
		SELECT n.person_id, CAST(NULL AS TEXT) AS organization_id
		FROM comment_mentions n
		WHERE n.comment_id = $1 AND n.person_id IS NOT NULL
		UNION
		SELECT m.person_id, m.organization_id
		FROM comment_mentions n
		JOIN mandates m ON m.person_id = n.person_id
		WHERE n.comment_id = $1 AND ` + standingHolder + `
		UNION
		SELECT m.person_id, m.organization_id
		FROM comment_mentions n
		JOIN mandates m ON m.organization_id = n.organization_id
		WHERE n.comment_id = $1 AND ` + writingOrSpeaking + ` AND ` + standingHolder},
	governance.AudienceCommenter: {ofObject, commentersWhere("", "c.id = $1")},
	governance.AudienceDebtor:    {ofObject, commentersWhere(joinDisposition, `c.id = $1 AND `+owesReply("$2"))},
	governance.AudienceThread: {ofReferring, `
		SELECT t.person_id, t.organization_id
		FROM comments c
		JOIN comments t ON t.id = c.parent_id OR t.parent_id = c.parent_id
		WHERE c.id = $1 AND t.id <> c.id AND t.state <> 'WITHDRAWN'`},
	governance.AudienceSuggester: {ofActed, `SELECT g.person_id, g.organization_id FROM suggestions g WHERE g.id = $1`},
	governance.AudienceAnswerer:  {ofObject, `SELECT d.person_id, d.organization_id FROM dispositions d WHERE d.comment_id = $1`},
	governance.AudienceCommenters: {ofEdition, `
		SELECT c.person_id, c.organization_id
		FROM comments c
		WHERE c.edition_id = $1 AND c.state <> 'WITHDRAWN'`},
	governance.AudienceEditors: {ofEdition, `
		SELECT m.person_id, m.organization_id
		FROM working_group g
		JOIN mandates m ON m.organization_id = g.organization_id
		WHERE g.edition_id = $1 AND g.state = 'MEMBER' AND m.role = 'AUTHOR' AND ` + standingHolder},
	governance.AudienceLead: {ofEdition, `
		SELECT m.person_id, m.organization_id
		FROM editions e
		JOIN mandates m ON m.organization_id = e.lead_id
		WHERE e.id = $1 AND m.role = 'AUTHOR' AND ` + standingHolder},
	governance.AudienceNamed:     {ofNamed, holdersIn(writingOrSpeaking)},
	governance.AudienceDeciders:  {ofCouncil, holdersIn(`m.role = 'REPRESENTATIVE'`)},
	governance.AudienceSecretary: {ofCouncil, holdersIn(`m.role = 'SECRETARY'`)},
	governance.AudienceRoll:      {ofEdition, onRoll},
	governance.AudienceRollVoices: {ofCouncil, `
		SELECT m.person_id, m.organization_id
		FROM roll_entries r
		JOIN mandates m ON m.organization_id = r.organization_id
		WHERE r.council_id = $1 AND r.state = 'ACTIVE' AND m.role = 'REPRESENTATIVE' AND ` + standingHolder},
	governance.AudienceInvited: {ofSource, `
		SELECT m.person_id, m.organization_id
		FROM acts a
		JOIN consultation_invitations i ON i.consultation_id = a.object_id
		JOIN mandates m ON m.organization_id = i.organization_id
		WHERE a.id = $1 AND i.invited_at <= a.created_at AND (a.type <> 'CONSULTATION_INVITED' OR i.invited_at = a.created_at)
			AND ` + writingOrSpeaking + ` AND ` + standingHolder},
	governance.AudienceSilent: {ofEdition, onRoll + stillSilent + `
		UNION` + onInvitation + stillSilent + `
			AND EXISTS (
				SELECT 1
				FROM consultations k
				WHERE k.id = r.consultation_id AND k.state = 'OPEN'
			)`},
	governance.AudienceElectors: {ofObject, `
		SELECT m.person_id, m.organization_id
		FROM electors v
		JOIN mandates m ON m.organization_id = v.organization_id
		WHERE v.ballot_id = $1 AND m.role = 'REPRESENTATIVE' AND ` + standingHolder},
	governance.AudienceColleagues: {ofBy, holdersIn(`m.role = 'REPRESENTATIVE'`)},
	governance.AudienceVoters: {ofSource, `
		SELECT m.person_id, m.organization_id
		FROM acts a
		JOIN corrections x ON x.edition_id = a.object_id AND x.kind = 'REOPENING' AND x.state = 'CONFIRMED'
			AND x.answered_at = a.created_at
		JOIN electors v ON v.ballot_id = x.ballot_id
		JOIN mandates m ON m.organization_id = v.organization_id
		WHERE a.id = $1 AND m.role = 'REPRESENTATIVE' AND ` + standingHolder},
	governance.AudienceUndecided: {ofObject, `
		SELECT m.person_id, m.organization_id
		FROM ballots b
		JOIN electors v ON v.ballot_id = b.id
		JOIN mandates m ON m.organization_id = v.organization_id
		WHERE b.id = $1 AND b.state = 'OPEN' AND b.closes_at > $2 AND m.role = 'REPRESENTATIVE' AND ` + standingHolder + `
			AND ` + stillToVote("m.person_id")},
	governance.AudienceAsked: {ofActed, `
		SELECT m.person_id, m.organization_id
		FROM statements w
		JOIN mandates m ON m.organization_id = w.organization_id
		WHERE w.id = $1 AND m.role = 'REPRESENTATIVE' AND ` + standingHolder},
	governance.AudienceDue: {ofEdition, `
		SELECT m.person_id, m.organization_id
		FROM publications p
		JOIN specifications s ON s.id = p.specification_id
		JOIN mandates m ON m.organization_id = s.council_id AND m.role = 'SECRETARY'
		WHERE p.edition_id = $1 AND p.state = 'PUBLISHED' AND p.review_due_at > $2 AND ` + standingHolder},
	governance.AudiencePublisher: {ofEdition, `
		SELECT m.person_id, m.organization_id
		FROM publications p
		JOIN mandates m ON m.organization_id = p.organization_id
		WHERE p.edition_id = $1 AND m.role IN ('PUBLISHER', 'REPRESENTATIVE') AND ` + standingHolder},
	governance.AudienceVoices: {ofObject, holdersIn(`m.role = 'REPRESENTATIVE'`)},
	governance.AudienceApplicant: {ofObject, `
		SELECT p.person_id, CAST(NULL AS TEXT) AS organization_id
		FROM roll_applications p
		WHERE p.id = $1`},
	governance.AudienceProposers: {ofObject, `
		SELECT m.person_id, m.organization_id
		FROM needs n
		JOIN mandates m ON m.organization_id = n.organization_id
		WHERE n.id = $1 AND ` + writingOrSpeaking + ` AND ` + standingHolder},
	governance.AudienceBackers: {ofObject, `
		SELECT m.person_id, m.organization_id
		FROM need_backings n
		JOIN mandates m ON m.organization_id = n.organization_id
		WHERE n.need_id = $1 AND m.role = 'REPRESENTATIVE' AND ` + standingHolder},
	governance.AudienceReviewers: {ofObject, `
		SELECT m.person_id, m.organization_id
		FROM needs n
		JOIN mandates m ON m.organization_id = n.council_id AND m.role = 'SECRETARY'
		WHERE n.id = $1 AND ` + standingHolder + `
		UNION
		SELECT m.person_id, m.organization_id
		FROM needs n
		JOIN organizations o ON o.is_platform = 1
		JOIN mandates m ON m.organization_id = o.id AND m.role = 'ADMIN'
		WHERE n.id = $1 AND n.council_id IS NULL AND ` + standingHolder},
}

// audienceKey names an audience of something: many acts of one moment have the same.
type audienceKey struct {
	audience governance.Audience
	of       string
}

// foundAudiences are those that a read has found already.
type foundAudiences map[audienceKey][]concerned

// audience finds who is in an audience now, each person once: whoever was erased is not, nor who has left the
// organization for which it would be told. It keeps what it finds.
func (q *Query) audience(ctx context.Context, kept foundAudiences, audience governance.Audience, h happened) ([]concerned, error) {
	source, known := audiences[audience]
	if !known {
		return nil, fmt.Errorf("nobody knows where the audience %s is found", audience)
	}
	key := audienceKey{audience, source.of(h)}
	if key.of == "" {
		return nil, nil
	}
	if found, ok := kept[key]; ok {
		return q.eachOnce(ctx, h, found)
	}
	found, err := collect(ctx, q, func(row scanner) (concerned, error) {
		var c concerned
		return c, row.Scan(&c.person, orEmpty(&c.organization))
	}, `
		SELECT DISTINCT x.person_id, x.organization_id
		FROM (`+source.text+`
		) x
		JOIN persons p ON p.id = x.person_id
		WHERE p.erased_at IS NULL AND (x.organization_id IS NULL OR EXISTS (
			SELECT 1
			FROM mandates m
			WHERE m.person_id = x.person_id AND m.organization_id = x.organization_id AND `+standingHolder+`
		))
		ORDER BY x.person_id, x.organization_id NULLS LAST`, key.of, q.now)
	if err != nil {
		return nil, fmt.Errorf("find the audience %s of %s: %w", audience, h.event, err)
	}
	kept[key] = found
	return q.eachOnce(ctx, h, found)
}

// eachOnce keeps each person once: where it may be told for several organizations, for the first that sees what happened.
func (q *Query) eachOnce(ctx context.Context, h happened, found []concerned) ([]concerned, error) {
	var kept []concerned
	for from, to := 0, 0; from < len(found); from = to {
		for to = from; to < len(found) && found[to].person == found[from].person; to++ {
		}
		ways := found[from:to]
		for i, c := range ways {
			sees := len(ways) == 1 || h.edition == ""
			if !sees {
				var err error
				if sees, err = q.seesAs(ctx, h, c); err != nil {
					return nil, err
				}
			}
			if sees {
				kept = append(kept, ways[i])
				break
			}
		}
	}
	return kept, nil
}

// seesAs says whether somebody may see what happened.
func (q *Query) seesAs(ctx context.Context, h happened, as concerned) (bool, error) {
	e, err := q.edition(ctx, h.edition)
	if err != nil {
		return false, err
	}
	s := standing{actor: governance.Actor{Person: as.person, Organization: as.organization}, organization: as.organization}
	viewer, err := q.lookAt(ctx, s, e)
	if err != nil || h.object.Kind != "COMMENT" {
		return viewer.sees, err
	}
	c, err := q.comment(ctx, governance.CommentID(h.object.ID))
	if err != nil {
		return false, err
	}
	return q.seesComment(ctx, viewer, e, c)
}
