package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Leaf is an act at its place in the log, as much of it as tells whom it concerns.
type Leaf struct {
	Number       int64
	At           time.Time
	Type         string
	Object       Object
	Root         string                    // id of the specification, need, organization or person under which it lies
	Organization governance.OrganizationID // that acted; empty: a person for itself, or the clock
	Council      governance.OrganizationID // under whose rules the root is; empty: none
	To           governance.OrganizationID // whom a statement was asked of, or whose entry on a roll it is; empty: nobody's
	Person       governance.PersonID       // whose mandate it is; empty: nobody's
}

const leafColumns = `
	l.number,
	a.created_at,
	a.type,
	a.object_kind,
	a.object_id,
	a.root_id,
	a.organization_id,
	COALESCE(s.council_id, n.council_id),
	COALESCE(t.organization_id, r.organization_id),
	m.person_id`

// leafTables is what leafColumns are of.
const leafTables = `
	FROM leaves l
	JOIN acts a ON a.id = l.act_id
	LEFT JOIN specifications s ON s.id = a.root_id
	LEFT JOIN needs n ON n.id = a.root_id
	LEFT JOIN statements t ON t.id = a.object_id
	LEFT JOIN roll_entries r ON r.id = a.object_id
	LEFT JOIN mandates m ON m.id = a.object_id`

func scanLeaf(row scanner) (Leaf, error) {
	var l Leaf
	err := row.Scan(&l.Number, at(&l.At), &l.Type, &l.Object.Kind, &l.Object.ID, &l.Root, &l.Organization,
		orEmpty(&l.Council), orEmpty(&l.To), orEmpty(&l.Person))
	return l, err
}

// LogHead reads the number of the newest leaf, or -1.
func (db *DB) LogHead(ctx context.Context) (head int64, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		return q.queryRow(ctx, `SELECT COALESCE(MAX(number), -1) FROM leaves`).Scan(&head)
	})
	if err != nil {
		return 0, fmt.Errorf("read the log's head: %w", err)
	}
	return head, nil
}

// LeavesAfter reads the next leaves after a number, limit of them at most, whoever may see what they are about.
func (db *DB) LeavesAfter(ctx context.Context, number int64, limit int) (leaves []Leaf, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		leaves, err = collect(ctx, q, scanLeaf, `
			SELECT `+leafColumns+leafTables+`
			WHERE l.number > $1
			ORDER BY l.number
			LIMIT $2`, number, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the log after leaf %d: %w", number, err)
	}
	return leaves, nil
}

// LeavesOf reads the leaves of one root from behind after up to the number to, limit of them at most, whoever may see what
// they are about. It looks through the leaves of every root between the two.
func (db *DB) LeavesOf(ctx context.Context, root string, after, to int64, limit int) (leaves []Leaf, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		leaves, err = collect(ctx, q, scanLeaf, `
			SELECT `+leafColumns+leafTables+`
			WHERE a.root_id = $1 AND l.number > $2 AND l.number <= $3
			ORDER BY l.number
			LIMIT $4`, root, after, to, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the log of %s after leaf %d: %w", root, after, err)
	}
	return leaves, nil
}

// SpecificationEvent is something that a subscriber is told of a specification.
type SpecificationEvent interface{ IsSpecificationEvent() }

// StepTaken is a step on a specification, with what it was taken on as the viewer may see it now.
type StepTaken struct {
	At     time.Time
	Kind   SpecificationEventKind
	Act    string
	Leaf   int
	Object Node
}

// PresenceChanged is who has the specification open.
type PresenceChanged struct {
	At      time.Time
	Present []*Presence
}

// Resync tells a subscriber that too much has happened to be told one by one.
type Resync struct {
	At   time.Time
	Leaf int
}

// IsSpecificationEvent says that it is told to subscribers.
func (*StepTaken) IsSpecificationEvent() {}

// IsSpecificationEvent says that it is told to subscribers.
func (*PresenceChanged) IsSpecificationEvent() {}

// IsSpecificationEvent says that it is told to subscribers.
func (*Resync) IsSpecificationEvent() {}

// SpecificationEventKind is what kind of step was taken.
type SpecificationEventKind string

// The kinds of steps that are told.
const (
	EventStarted             SpecificationEventKind = "STARTED"
	EventGroupChanged        SpecificationEventKind = "GROUP_CHANGED"
	EventRevisionSaved       SpecificationEventKind = "REVISION_SAVED"
	EventCommentAdded        SpecificationEventKind = "COMMENT_ADDED"
	EventCommentChanged      SpecificationEventKind = "COMMENT_CHANGED"
	EventSuggestionChanged   SpecificationEventKind = "SUGGESTION_CHANGED"
	EventTranslationChanged  SpecificationEventKind = "TRANSLATION_CHANGED"
	EventConsultationOpened  SpecificationEventKind = "CONSULTATION_OPENED"
	EventConsultationChanged SpecificationEventKind = "CONSULTATION_CHANGED"
	EventBallotOpened        SpecificationEventKind = "BALLOT_OPENED"
	EventPositionTaken       SpecificationEventKind = "POSITION_TAKEN"
	EventBallotClosed        SpecificationEventKind = "BALLOT_CLOSED"
	EventStatementChanged    SpecificationEventKind = "STATEMENT_CHANGED"
	EventOfferChanged        SpecificationEventKind = "OFFER_CHANGED"
	EventPublicationChanged  SpecificationEventKind = "PUBLICATION_CHANGED"
	EventStageChanged        SpecificationEventKind = "STAGE_CHANGED"
)

// told is how an act is told to those who follow its specification.
type told struct {
	kind SpecificationEventKind
	node NodeKind // as which its object is read
}

// toldActs are the types of acts that are told. One that is not in here is not told: who reported what somebody said, who
// would have it redacted and who would take a ballot back is the council's to know.
var toldActs = map[string]told{
	"SPECIFICATION_STARTED": {EventStarted, NodeSpecification},
	"EDITION_STARTED":       {EventStarted, NodeEdition},
	"WORKING_GROUP_INVITED": {EventGroupChanged, NodeEdition},
	"WORKING_GROUP_ASKED":   {EventGroupChanged, NodeEdition},
	"WORKING_GROUP_LEFT":    {EventGroupChanged, NodeEdition},
	"WORKING_GROUP_REMOVED": {EventGroupChanged, NodeEdition},
	"INVITATION_ACCEPTED":   {EventGroupChanged, NodeEdition},
	"INVITATION_DECLINED":   {EventGroupChanged, NodeEdition},
	"REQUEST_ACCEPTED":      {EventGroupChanged, NodeEdition},
	"REQUEST_DECLINED":      {EventGroupChanged, NodeEdition},
	"LEAD_TRANSFERRED":      {EventGroupChanged, NodeEdition},
	"PUBLISHER_NAMED":       {EventGroupChanged, NodeEdition},
	"REVISION_SAVED":        {EventRevisionSaved, NodeRevision},
	"REVISION_RESTORED":     {EventRevisionSaved, NodeRevision},
	"COMMENT_ADDED":         {EventCommentAdded, NodeComment},
	"OBJECTION_RAISED":      {EventCommentAdded, NodeComment},
	"COMMENT_EDITED":        {EventCommentChanged, NodeComment},
	"COMMENT_WITHDRAWN":     {EventCommentChanged, NodeComment},
	"COMMENT_DISPOSED":      {EventCommentChanged, NodeComment},
	"DISPOSITION_REPLIED":   {EventCommentChanged, NodeComment},
	"OBJECTION_REFERRED":    {EventCommentChanged, NodeComment},
	"OBJECTION_UPHELD":      {EventCommentChanged, NodeComment},
	"OBJECTION_OVERRULED":   {EventCommentChanged, NodeComment},
	"THREAD_RESOLVED":       {EventCommentChanged, NodeComment},
	"THREAD_REOPENED":       {EventCommentChanged, NodeComment},
	"DISPOSITION_LAPSED":    {EventCommentChanged, NodeComment},
	"COMMENT_HIDDEN":        {EventCommentChanged, NodeComment},
	"COMMENT_SHOWN":         {EventCommentChanged, NodeComment},
	"COMMENT_REDACTED":      {EventCommentChanged, NodeComment},
	"SUGGESTION_MADE":       {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_ACCEPTED":   {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_REJECTED":   {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_WITHDRAWN":  {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_HIDDEN":     {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_SHOWN":      {EventSuggestionChanged, NodeSuggestion},
	"SUGGESTION_REDACTED":   {EventSuggestionChanged, NodeSuggestion},
	"TRANSLATION_ADDED":     {EventTranslationChanged, NodeTranslation},
	"TRANSLATION_SAVED":     {EventTranslationChanged, NodeTranslation},
	"TRANSLATION_CONFIRMED": {EventTranslationChanged, NodeTranslation},
	"TRANSLATION_WITHDRAWN": {EventTranslationChanged, NodeTranslation},
	"CONSULTATION_OPENED":   {EventConsultationOpened, NodeConsultation},
	"CONSULTATION_EXTENDED": {EventConsultationChanged, NodeConsultation},
	"CONSULTATION_CLOSED":   {EventConsultationChanged, NodeConsultation},
	"CONSULTATION_RECALLED": {EventConsultationChanged, NodeConsultation},
	"CONSULTATION_INVITED":  {EventConsultationChanged, NodeConsultation},
	"CONSULTATION_SKIPPED":  {EventStageChanged, NodeEdition},
	"BALLOT_OPENED":         {EventBallotOpened, NodeBallot},
	actPositionTaken:        {EventPositionTaken, NodePosition},
	actPositionChanged:      {EventPositionTaken, NodePosition},
	actPositionReconfirmed:  {EventPositionTaken, NodePosition},
	"BALLOT_CLOSED":         {EventBallotClosed, NodeBallot},
	"BALLOT_ENDED":          {EventBallotClosed, NodeBallot},
	"BALLOT_RECALLED":       {EventBallotClosed, NodeBallot},
	"TEXT_REOPENED":         {EventStageChanged, NodeEdition},
	"ENDORSEMENT_LAPSED":    {EventStatementChanged, NodeStatement},
	"ENDORSEMENT_REQUESTED": {EventStatementChanged, NodeStatement},
	"ENDORSEMENT_GIVEN":     {EventStatementChanged, NodeStatement},
	"ENDORSEMENT_DECLINED":  {EventStatementChanged, NodeStatement},
	"ENDORSEMENT_REVOKED":   {EventStatementChanged, NodeStatement},
	"ENDORSEMENT_EXPIRED":   {EventStatementChanged, NodeStatement},
	"OFFER_MADE":            {EventOfferChanged, NodeOffer},
	"OFFER_CHANGED":         {EventOfferChanged, NodeOffer},
	"OFFER_ENDED":           {EventOfferChanged, NodeOffer},
	"EDITION_PUBLISHED":     {EventPublicationChanged, NodePublication},
	"EDITION_ABANDONED":     {EventStageChanged, NodeEdition},

	actStatementGiven:        {EventStatementChanged, NodeStatement},
	actStatementRevoked:      {EventStatementChanged, NodeStatement},
	actWithdrawalAsked:       {EventPublicationChanged, NodePublication},
	actWithdrawalTakenBack:   {EventPublicationChanged, NodePublication},
	actWithdrawalDeclined:    {EventPublicationChanged, NodePublication},
	"PUBLICATION_WITHDRAWN":  {EventPublicationChanged, NodePublication},
	"REVIEW_CONFIRMED":       {EventPublicationChanged, NodePublication},
	"REVISION_ASKED":         {EventPublicationChanged, NodePublication},
	"REVIEW_WITHDREW":        {EventPublicationChanged, NodePublication},
	"PUBLICATION_SUSPENDED":  {EventPublicationChanged, NodePublication},
	actPublicationLapsed:     {EventPublicationChanged, NodePublication},
	actPublicationHealed:     {EventPublicationChanged, NodePublication},
	"PUBLICATION_REINSTATED": {EventPublicationChanged, NodePublication},
}

// The acts of a ballot that a secret one keeps to itself until it closes.
const (
	actPositionTaken       = "POSITION_TAKEN"
	actPositionChanged     = "POSITION_CHANGED"
	actPositionReconfirmed = "POSITION_RECONFIRMED"
)

// Told says as what the act is told to those who follow its specification, and as what its object is read; false where it is
// not told.
func (l Leaf) Told() (SpecificationEventKind, NodeKind, bool) {
	as, told := toldActs[l.Type]
	return as.kind, as.node, told
}
