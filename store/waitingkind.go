package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"concordat/governance"
)

// workKind is a kind of work that can wait for a person.
type workKind struct {
	step     governance.Step // that is asked for
	source   func(s *workSearch) workSource
	anybodys bool // it may wait for somebody who holds no role that takes the step: its source looks at the person
	// only keeps what rows alone cannot tell; nil keeps all.
	only func(ctx context.Context, q *Query, found []workFound) ([]workFound, error)
}

// workKinds are the kinds in the order in which those without a deadline are shown.
var workKinds = []workKind{
	{step: governance.TakePosition, source: positionsToTake},
	{step: governance.ReconfirmPosition, source: positionsToReconfirm},
	{step: governance.GiveEndorsement, source: endorsementsToGive},
	{step: governance.ReplyToDisposition, source: dispositionsToReplyTo},
	{step: governance.AnswerInvitation, source: invitationsToAnswer},
	{step: governance.AnswerRequest, source: requestsToAnswer},
	{step: governance.DisposeComment, source: commentsToAnswer},
	{step: governance.AcceptSuggestion, source: suggestionsToDecide},
	{step: governance.OverruleObjection, source: objectionsToDecide, only: ifRepresentativesDecide},
	{step: governance.OpenObjectionBallot, source: objectionsToBallot, only: ifBallotsDecide},
	{step: governance.HideComment, source: spokenComment.reported},
	{step: governance.HideSuggestion, source: spokenSuggestion.reported},
	{step: governance.ConfirmRedaction, source: spokenComment.toRedact},
	{step: governance.ConfirmSuggestionRedaction, source: spokenSuggestion.toRedact},
	{step: governance.RecallBallot, source: recallsToConfirm},
	{step: governance.ReopenText, source: reopeningsToConfirm},
	{step: governance.ReviewNeed, source: needsToDecide},
	{step: governance.AcceptNeed, source: needsToDecide},
	{step: governance.OpenConsultation, source: consultationsToOpen, only: ifReady},
	{step: governance.OpenBallot, source: ballotsToOpen, only: ifDisposed},
	{step: governance.PublishEdition, source: editionsToPublish},
	{step: governance.ConfirmWithdrawal, source: withdrawalsToSettle, only: unlessBallots(withdrawalsBy)},
	{step: governance.OpenWithdrawalBallot, source: withdrawalsToSettle, only: ifBallots(withdrawalsBy)},
	{step: governance.RecordReview, source: reviewsDue, only: unlessBallots(reviewsBy)},
	{step: governance.OpenReviewBallot, source: reviewsDue, only: ifBallots(reviewsBy)},
	{step: governance.StartEdition, source: editionsToRevise},
	{step: governance.AcceptMandate, source: invitationsToAccept, anybodys: true},
	{step: governance.ExtendMandate, source: mandatesToExtend, anybodys: true},
	{step: governance.AdmitToRoll, source: applicationsToAdmit},
	{step: governance.AdmitNewOrganization, source: newOrganizationsToAdmit},
	{step: governance.FoundCharter, source: chartersToFound},
}

// workSource is where work of one kind is found: SQL expressions for what a WorkItem shows.
type workSource struct {
	organization string // that is to act; NULL: the person itself
	object       string
	title        string // JSON, or plain words where a language is given
	language     string // "''" for JSON
	due          string
	path         string
	edition      string
	from         string // the tables joined
	where        string
}

// noText is an SQL expression for what there is none of.
const noText = "CAST(NULL AS TEXT)"

func (s workSource) statement() string {
	return `
		SELECT
			` + strings.Join([]string{
		s.organization + " AS organization_id", s.object + " AS object_id", s.title + " AS title",
		s.language + " AS language", s.due + " AS due_at", s.path + " AS path", s.edition + " AS edition_id",
	}, ",\n\t\t\t") + `
		FROM ` + s.from + `
		WHERE ` + s.where
}

// onEdition is work on an edition e of the specification s, for an organization that is not suspended on the council's
// roll.
func onEdition(organization, joins, where string) workSource {
	return workSource{
		organization: organization, object: "e.id", title: "s.title", language: "''", due: noText,
		path: "'/specifications/' || s.slug || '/' || e.number", edition: "e.id",
		from: `editions e
		JOIN specifications s ON s.id = e.specification_id` + joins,
		where: where + notSuspended("s.council_id", organization),
	}
}

// notSuspended leaves out the work of an organization whose entry on the council's roll is suspended.
func notSuspended(council, organization string) string {
	return `
			AND NOT EXISTS (
				SELECT 1
				FROM roll_entries suspended
				WHERE suspended.council_id = ` + council + ` AND suspended.organization_id = ` + organization + `
					AND suspended.state = 'SUSPENDED'
			)`
}

// needsToDecide are needs that lie with a council's secretary, or with the administrator where their sector has no
// council.
func needsToDecide(s *workSearch) workSource {
	platform := noText
	if speakers := s.speakers(governance.RelationPlatform); len(speakers) > 0 {
		platform = "CAST(" + s.bind(speakers[0]) + " AS TEXT)" // there is one platform
	}
	return workSource{
		organization: "COALESCE(n.council_id, " + platform + ")", object: "n.id", title: "n.title", language: "n.language",
		due: noText, path: "'/needs/' || n.id", edition: noText, from: "needs n",
		where: `n.stage ` + s.stages() + ` AND (
				n.council_id ` + s.spokenFor(governance.RelationCouncil) + `
				OR n.council_id IS NULL AND ` + platform + ` IS NOT NULL
			)`,
	}
}

const joinGroup = `
		JOIN working_group g ON g.edition_id = e.id`

// invitationsToAnswer are invitations to working groups.
func invitationsToAnswer(s *workSearch) workSource {
	return onEdition("g.organization_id", joinGroup,
		`g.state = 'INVITED' AND g.organization_id `+s.spokenFor(governance.RelationInvited)+` AND e.stage `+s.stages())
}

// requestsToAnswer are editions whose working group somebody asked to join: the lead's and the council's to answer.
func requestsToAnswer(s *workSearch) workSource {
	lead := `e.lead_id ` + s.spokenFor(governance.RelationLead)
	return onEdition(`(CASE WHEN `+lead+` THEN e.lead_id ELSE s.council_id END)`, "", `(`+lead+`
				OR s.council_id `+s.spokenFor(governance.RelationCouncil)+`)
			AND e.stage `+s.stages()+`
			AND EXISTS (SELECT 1 FROM working_group g WHERE g.edition_id = e.id AND g.state = 'ASKED')`)
}

// commentsToAnswer are editions with comments in time that their editors have not answered, or with objections that the
// council upheld.
func commentsToAnswer(s *workSearch) workSource {
	return onEdition("g.organization_id", joinGroup,
		`g.state = 'MEMBER' AND g.organization_id `+s.spokenFor(governance.RelationWorkingGroup)+`
			AND (e.unanswered_count > 0 OR EXISTS (
				SELECT 1
				FROM comments u
				WHERE u.edition_id = e.id AND u.state = 'UPHELD'
			)) AND e.stage `+s.stages())
}

// suggestionsToDecide are editions with suggestions that their editors have not decided on.
func suggestionsToDecide(s *workSearch) workSource {
	return onEdition("g.organization_id", joinGroup,
		`g.state = 'MEMBER' AND g.organization_id `+s.spokenFor(governance.RelationWorkingGroup)+`
			AND e.open_suggestion_count > 0 AND e.stage `+s.stages())
}

// onComment is work on a comment c of an edition, which is gone to by the comment's own place.
func onComment(organization, joins, where string) workSource {
	return onSpoken(spokenComment, organization, joins, where)
}

// onSpoken is onComment for any kind c of what is said.
func onSpoken(kind *spokenKind, organization, joins, where string) workSource {
	source := onEdition(organization, `
		JOIN `+kind.table+` c ON c.edition_id = e.id`+joins, where)
	source.object, source.path = "c.id", source.path+" || '#' || c.id"
	return source
}

const joinDisposition = `
		JOIN dispositions d ON d.comment_id = c.id`

// owesReply says, of a comment c and its disposition d, that a reply is still asked for at an instant.
func owesReply(now string) string {
	return `c.state = 'ANSWERED' AND d.reply IS NULL AND d.reply_due_at > ` + now
}

// dispositionsToReplyTo are answers to comments of the organization, or of the person, that nobody replied to yet.
func dispositionsToReplyTo(s *workSearch) workSource {
	whose := `c.organization_id ` + s.spokenFor(governance.RelationOwn)
	if s.alone {
		whose = `(` + whose + ` OR c.organization_id IS NULL AND c.person_id = ` + s.bind(s.person) + `)`
	}
	source := onComment("c.organization_id", joinDisposition,
		whose+` AND `+owesReply(s.bind(s.now))+` AND e.stage `+s.stages())
	source.due = "d.reply_due_at"
	return source
}

// objectionsToDecide are objections that lie with the council and that the person did not answer itself.
func objectionsToDecide(s *workSearch) workSource {
	return onComment("s.council_id", `
		LEFT JOIN dispositions d ON d.comment_id = c.id`,
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND c.is_objection = 1 AND c.state = 'REFERRED'
			AND (d.person_id IS NULL OR d.person_id <> `+s.bind(s.person)+`) AND e.stage `+s.stages())
}

// objectionsToBallot are referred objections that are not put to the vote.
func objectionsToBallot(s *workSearch) workSource {
	return onComment("s.council_id", "",
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND c.is_objection = 1 AND c.state = 'REFERRED' AND NOT EXISTS (
				SELECT 1
				FROM matters m
				JOIN ballots b ON b.matter_id = m.id
				WHERE m.object_id = c.id AND b.state = 'OPEN'
			) AND e.stage `+s.stages())
}

// reported are those of the kind that somebody reported and that the council's secretary has not looked at.
func (k *spokenKind) reported(s *workSearch) workSource {
	return onSpoken(k, "s.council_id", "",
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND c.id IN (
				SELECT r.object_id
				FROM moderation_reports r
				WHERE r.object_kind = '`+k.kind+`' AND r.settled_at IS NULL
			)`)
}

// toRedact are those of the kind whose redaction another person of the council, or of the platform, asked for.
func (k *spokenKind) toRedact(s *workSearch) workSource {
	return onSpoken(k, "s.council_id", `
		JOIN redactions x ON x.object_kind = '`+k.kind+`' AND x.object_id = c.id`,
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND x.confirmed_at IS NULL AND x.withdrawn_at IS NULL
			AND x.asked_by <> `+s.bind(s.person))
}

// reopeningsToConfirm are editions whose text another person of the council asked to reopen.
func reopeningsToConfirm(s *workSearch) workSource {
	source := onEdition("s.council_id", `
		JOIN corrections x ON x.edition_id = e.id
		JOIN ballots b ON b.id = x.ballot_id`,
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND x.kind = `+s.bind(governance.CorrectionReopening)+` AND x.state = 'ASKED'
			AND x.asked_by <> `+s.bind(s.person)+` AND e.stage `+s.stages())
	source.due = "CASE b.state WHEN 'OPEN' THEN b.closes_at END"
	return source
}

// recallsToConfirm are open ballots that another person of the council asked to recall.
func recallsToConfirm(s *workSearch) workSource {
	return onBallot("b.council_id", `
		JOIN corrections x ON x.ballot_id = b.id`,
		`b.council_id `+s.spokenFor(governance.RelationCouncil)+` AND x.kind = `+s.bind(governance.CorrectionRecall)+`
			AND x.state = 'ASKED' AND x.asked_by <> `+s.bind(s.person)+` AND b.state `+s.stages())
}

const joinCouncil = `
		JOIN councils k ON k.id = s.council_id`

// consultationsToOpen are drafts of a council with a charter. Which of them are ready, their texts tell.
func consultationsToOpen(s *workSearch) workSource {
	return onEdition("s.council_id", joinCouncil,
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND k.charter_id IS NOT NULL AND e.stage = 'DRAFTING'`)
}

// ballotsToOpen are editions whose comments are answered. Which of them are ready, their texts and what is still
// undisposed tell.
func ballotsToOpen(s *workSearch) workSource {
	return onEdition("s.council_id", "",
		`s.council_id `+s.spokenFor(governance.RelationCouncil)+` AND e.unanswered_count = 0 AND e.stage `+s.stages())
}

// stillToVote says, of a ballot b and its elector v, that the elector has taken no position and that the person has not
// spoken for another one.
func stillToVote(person string) string {
	return `NOT EXISTS (SELECT 1 FROM positions p WHERE p.ballot_id = b.id AND p.organization_id = v.organization_id)
			AND NOT EXISTS (
				SELECT 1
				FROM ballot_speakers other
				WHERE other.ballot_id = b.id AND other.person_id = ` + person + `
					AND other.organization_id <> v.organization_id
			)`
}

// noLanguage is the tag of words that are in no language (BCP 47): the name of a charter.
const noLanguage = "und"

// ballotTitle is the title of a ballot joined to what is voted on: of the specification, or the name of the charter.
const ballotTitle = `COALESCE(s.title, p.name)`

// joinVotedOn joins a ballot to its edition e with the specification s, or to the charter p that is voted on.
func joinVotedOn(ballot string) string {
	return `
		LEFT JOIN editions e ON e.id = ` + ballot + `.edition_id
		LEFT JOIN specifications s ON s.id = e.specification_id
		LEFT JOIN charters p ON p.id = ` + ballot + `.proposal_id`
}

// tookBefore says, of a ballot b and its elector v, that the elector took a position in an earlier ballot on the edition's text.
const tookBefore = `EXISTS (
				SELECT 1
				FROM ballots before
				JOIN positions p ON p.ballot_id = before.id AND p.organization_id = v.organization_id
				WHERE b.kind = 'EDITION' AND before.edition_id = b.edition_id AND before.kind = 'EDITION'
					AND (before.opened_at, before.id) < (b.opened_at, b.id)
			)`

// positionsToTake are open ballots in which the organization is an elector, has taken no position, neither there nor in an
// earlier one on the same edition's text, and the person has not spoken for another one.
func positionsToTake(s *workSearch) workSource {
	source := positionsOwed(s)
	source.where += " AND NOT " + tookBefore
	return source
}

// positionsToReconfirm are those in which the organization took a position in an earlier ballot.
func positionsToReconfirm(s *workSearch) workSource {
	source := positionsOwed(s)
	source.where += " AND " + tookBefore
	return source
}

func positionsOwed(s *workSearch) workSource {
	return onBallot("v.organization_id", `
		JOIN electors v ON v.ballot_id = b.id`,
		`b.state `+s.stages()+` AND b.closes_at > `+s.bind(s.now)+`
			AND v.organization_id `+s.spokenFor(governance.RelationElector)+` AND `+stillToVote(s.bind(s.person)))
}

// onBallot is work on an open ballot b of any kind, for an organization that is not suspended on the council's roll.
func onBallot(organization, joins, where string) workSource {
	return workSource{
		organization: organization, object: "b.id", due: "b.closes_at", path: "'/ballots/' || b.id", edition: "e.id",
		title: ballotTitle, language: "CASE WHEN s.title IS NULL THEN '" + noLanguage + "' ELSE '' END",
		from:  `ballots b` + joins + joinVotedOn("b"),
		where: where + notSuspended("b.council_id", organization),
	}
}

// endorsementsToGive are endorsements of the approved text that the organization was asked for.
func endorsementsToGive(s *workSearch) workSource {
	source := onEdition("w.organization_id", `
		JOIN statements w ON w.edition_id = e.id AND w.digest = e.approved_digest`,
		`w.kind = 'ENDORSEMENT' AND w.state = 'ASKED' AND w.lapsed_at IS NULL AND e.stage `+s.stages()+`
			AND w.organization_id `+s.spokenFor(governance.RelationAsked))
	source.object = "w.id"
	return source
}

// ifReady keeps the editions whose newest text has no readiness errors.
func ifReady(ctx context.Context, q *Query, found []workFound) ([]workFound, error) {
	editions, err := q.editionsOf(ctx, found)
	if err != nil {
		return nil, err
	}
	heads := make(map[governance.EditionID]*Revision, len(editions))
	revisions := make([]*Revision, 0, len(editions))
	for _, e := range editions {
		heads[e.ID] = &Revision{ID: e.HeadID, Digest: e.HeadDigest}
		revisions = append(revisions, heads[e.ID])
	}
	if err := q.fillDocuments(ctx, revisions...); err != nil {
		return nil, err
	}
	codes, err := q.codes(ctx)
	if err != nil {
		return nil, err
	}
	ready := func(e *Edition) (bool, error) {
		findings, err := findingsOf(e, heads[e.ID].Document, codes)
		hasError := slices.ContainsFunc(findings, func(f governance.Finding) bool { return f.Severity == governance.SeverityError })
		return !hasError, err
	}
	return keepEditions(found, editions, ready)
}

// ifDisposed keeps the ready editions in which nothing that was said in time stands in the way of a ballot.
func ifDisposed(ctx context.Context, q *Query, found []workFound) ([]workFound, error) {
	gates, err := q.gatedComments(ctx, editionsIn(found)...)
	if err != nil {
		return nil, err
	}
	blocked := map[governance.EditionID]bool{}
	for _, g := range gates {
		if g.blocks(q.now) != governance.BlockingNothing {
			blocked[g.edition] = true
		}
	}
	return ifReady(ctx, q, slices.DeleteFunc(found, func(f workFound) bool { return blocked[f.edition] }))
}

// ifRepresentativesDecide keeps the objections that a representative may decide under the edition's charter.
func ifRepresentativesDecide(ctx context.Context, q *Query, found []workFound) ([]workFound, error) {
	return ifDecidedBy(ctx, q, found, governance.ObjectionsByRepresentative)
}

// ifBallotsDecide keeps the objections that a ballot decides under the edition's charter.
func ifBallotsDecide(ctx context.Context, q *Query, found []workFound) ([]workFound, error) {
	return ifDecidedBy(ctx, q, found, governance.ObjectionsByMatterBallot)
}

func ifDecidedBy(ctx context.Context, q *Query, found []workFound, decider governance.ObjectionDecider) ([]workFound, error) {
	editions, err := q.editionsOf(ctx, found)
	if err != nil {
		return nil, err
	}
	charters, err := q.chartersOf(ctx, editions)
	if err != nil {
		return nil, err
	}
	return keepEditions(found, editions, func(e *Edition) (bool, error) {
		charter := charters[e.ID]
		return charter != nil && charter.Body.ObjectionsDecidedBy == decider, nil
	})
}

// chartersOf is charterOf for many editions, with as many statements as for one.
func (q *Query) chartersOf(ctx context.Context, editions map[governance.EditionID]*Edition) (map[governance.EditionID]*Charter, error) {
	var kept []governance.CharterID
	var councils []governance.OrganizationID
	for _, e := range editions {
		if e.CharterID != "" {
			kept = append(kept, e.CharterID)
		} else {
			councils = append(councils, e.CouncilID)
		}
	}
	byID, inForce := map[governance.CharterID]*Charter{}, map[governance.OrganizationID]*Charter{}
	read := func(args []any, where string) error {
		found, err := collect(ctx, q, scanCharter, `SELECT `+charterColumns+` FROM charters WHERE `+where, args...)
		for _, c := range found {
			byID[c.ID] = c
			if c.State == governance.CharterInForce {
				inForce[c.CouncilID] = c
			}
		}
		return err
	}
	for batch := range batches(kept) {
		if err := read(batch, `id IN (`+placeholders(1, len(batch))+`)`); err != nil {
			return nil, fmt.Errorf("read charters: %w", err)
		}
	}
	for batch := range batches(councils) {
		if err := read(batch, `state = 'IN_FORCE' AND council_id IN (`+placeholders(1, len(batch))+`)`); err != nil {
			return nil, fmt.Errorf("read charters in force: %w", err)
		}
	}
	charters := make(map[governance.EditionID]*Charter, len(editions))
	for id, e := range editions {
		charters[id] = byID[e.CharterID]
		if e.CharterID == "" {
			charters[id] = inForce[e.CouncilID]
		}
	}
	return charters, nil
}

// editionsIn lists the editions of the work found, each once.
func editionsIn(found []workFound) []governance.EditionID {
	ids := make([]governance.EditionID, 0, len(found))
	for _, f := range found {
		if !slices.Contains(ids, f.edition) {
			ids = append(ids, f.edition)
		}
	}
	return ids
}

// editionsOf reads the editions of the work found, each once, with one statement.
func (q *Query) editionsOf(ctx context.Context, found []workFound) (map[governance.EditionID]*Edition, error) {
	editions := make(map[governance.EditionID]*Edition, len(found))
	for batch := range batches(editionsIn(found)) {
		read, err := collect(ctx, q, scanEdition,
			`SELECT `+editionColumns+editionTables+`WHERE e.id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read editions: %w", err)
		}
		for _, e := range read {
			editions[e.ID] = e
		}
	}
	return editions, nil
}

// keepEditions keeps the work on editions that fit, asking once an edition.
func keepEditions(found []workFound, editions map[governance.EditionID]*Edition, fits func(*Edition) (bool, error)) ([]workFound, error) {
	fitting := make(map[governance.EditionID]bool, len(editions))
	for id, e := range editions {
		fit, err := fits(e)
		if err != nil {
			return nil, err
		}
		fitting[id] = fit
	}
	return slices.DeleteFunc(found, func(f workFound) bool { return !fitting[f.edition] }), nil
}
