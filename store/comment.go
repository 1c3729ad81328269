package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"concordat/governance"
)

// Comment is a remark or an objection as it is read.
type Comment struct {
	moderated
	ID             governance.CommentID
	EditionID      governance.EditionID
	Revision       governance.RevisionID
	Parent         *governance.CommentID
	Suggestion     *governance.SuggestionID // that it is about
	Kind           governance.CommentKind
	Path           string
	Quote          string
	Body           string
	ProposedChange string
	IsObjection    bool
	Remedy         string
	State          governance.CommentState
	Late           bool
	Organization   *Organization
	Author         *Person
	EditCount      int
	Disposition    *Disposition
	DecisionReason string
	DecidedAt      *time.Time
	ResolvedAt     *time.Time    // its thread
	ResolvedBy     *Organization // which resolved it; nil: a person for itself
	CreatedAt      time.Time
	Source         *CommentSource // where it came in a form, and that was asked for

	answeredBy governance.PersonID // of the disposition; empty: none
	hidden     *commentWords       // the words of a comment that is hidden
	anchor     *Anchor             // where it was read along
	mentions   []*Mention          // likewise; nil: not read
	edition    *Edition            // where it was read along
	replies    []*Comment          // likewise; nil: not read
	may        []*Permission       // likewise
}

// CommentConnection is a page of comments.
type CommentConnection struct {
	Nodes    []*Comment
	PageInfo *PageInfo
}

// CommentFilter narrows a list of comments; its zero value narrows nothing.
type CommentFilter struct {
	States     []governance.CommentState
	Path       string                  // of an element: comments on it or below it
	Suggestion governance.SuggestionID // comments about it; empty: those on the text
	Resolved   *bool                   // whether their threads are
	Reply      *governance.Reply       // of their commenters to the answer; nil: any or none

	from, until time.Time // when they came, the end not included; zero: whenever
}

const commentColumns = `
	c.id,
	c.edition_id,
	c.revision_id,
	c.parent_id,
	c.suggestion_id,
	c.kind,
	c.path,
	c.quote,
	c.body,
	c.proposed_change,
	c.is_objection,
	c.remedy,
	c.state,
	c.late,
	c.organization_id,
	c.person_id,
	c.public_name,
	c.decision_reason,
	c.decided_at,
	c.edit_count,
	c.created_at,
	c.resolved_at,
	c.resolved_for,
	c.hidden_at,
	c.hidden_reason,
	c.redaction_asked_at,
	c.redacted_at,
	c.redaction_reason,
	d.id,
	d.kind,
	d.reason,
	d.duplicate_of,
	d.revision_id,
	d.organization_id,
	d.person_id,
	d.created_at,
	d.reply_due_at,
	d.reply,
	d.reply_text,
	d.replied_at`

// commentTables is what commentColumns are of.
const commentTables = ` FROM comments c LEFT JOIN dispositions d ON d.comment_id = c.id `

// scanComment reads commentColumns; organizations and author carry their ids alone. Somebody who speaks for itself
// appears under the name that it chose, or none.
func scanComment(row scanner) (*Comment, error) {
	c := Comment{Author: &Person{}}
	var organization, resolvedFor governance.OrganizationID
	var publicName string
	var veil veilColumns
	var d Disposition
	var answering governance.OrganizationID
	err := row.Scan(&c.ID, &c.EditionID, &c.Revision, orNil(&c.Parent), orNil(&c.Suggestion), &c.Kind, &c.Path, &c.Quote, &c.Body,
		&c.ProposedChange, &c.IsObjection, &c.Remedy, &c.State, &c.Late, orEmpty(&organization), &c.Author.ID, &publicName,
		&c.DecisionReason, atOrNil(&c.DecidedAt), &c.EditCount, at(&c.CreatedAt),
		atOrNil(&c.ResolvedAt), orEmpty(&resolvedFor),
		atOrNil(&veil.hiddenAt), &veil.hiddenReason, atOrNil(&veil.askedAt), atOrNil(&veil.redactedAt), &veil.redactionReason,
		orEmpty(&d.ID), orEmpty(&d.Kind), orEmpty(&d.Reason), orNil(&d.DuplicateOf), orNil(&d.Revision),
		orEmpty(&answering), orEmpty(&c.answeredBy), at(&d.CreatedAt), at(&d.ReplyDueAt), orNil(&d.Reply),
		orEmpty(&d.ReplyText), atOrNil(&d.RepliedAt))
	if err != nil {
		return nil, err
	}
	if organization != "" {
		c.Organization = &Organization{ID: organization}
	} else if publicName != "" {
		c.Author.Name = &publicName
	}
	if resolvedFor != "" {
		c.ResolvedBy = &Organization{ID: resolvedFor}
	}
	if d.ID != "" {
		d.Organization = &Organization{ID: answering}
		c.Disposition = &d
	}
	c.veil(veil)
	return &c, nil
}

// comment reads a comment's row, whoever may see it. NOT_FOUND where there is none.
func (q *Query) comment(ctx context.Context, id governance.CommentID) (*Comment, error) {
	found, err := collect(ctx, q, scanComment, `SELECT `+commentColumns+commentTables+`WHERE c.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read comment: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("comment", string(id))
	}
	return found[0], nil
}

// fillComments completes comments that the viewer may see: who wrote and answered them, their threads and what the
// viewer may do with them, each with one statement for all and only where it is wanted.
func (q *Query) fillComments(ctx context.Context, viewer editionViewer, e *Edition, fields Fields, comments ...*Comment) error {
	all := comments
	if fields.Has("replies") {
		replies, err := q.threads(ctx, viewer, comments)
		if err != nil {
			return err
		}
		all = append(replies, comments...)
	}
	for _, c := range all {
		if viewer.readsHidden(e, &c.moderated, c.Author, c.Organization) {
			c.unveil()
		}
	}
	organizations, authors := involved(viewer, e, all)
	wanted := func(name string) bool { return fields.Has(name) || fields.Of("replies").Has(name) }
	if !fields.spares("organization", "disposition", "resolvedBy", "replies") {
		if err := q.fillOrganizations(ctx, organizations...); err != nil {
			return err
		}
	}
	if wanted("anchorState") || wanted("quoteFound") {
		if err := q.fillAnchors(ctx, e, all); err != nil {
			return err
		}
	}
	if wanted("reports") {
		if err := q.fillReports(ctx, viewer, e, spokenComment, moderatedIn(all)); err != nil {
			return err
		}
	}
	if wanted("mentions") {
		if err := q.fillMentions(ctx, viewer.standing, all); err != nil {
			return err
		}
	}
	if fields.Of("disposition").Has("original") {
		if err := q.fillOriginals(ctx, viewer, e, fields.Of("disposition").Of("original"), comments); err != nil {
			return err
		}
	}
	if fields.Has("source") {
		if err := q.fillSources(ctx, comments); err != nil {
			return err
		}
	}
	if wanted("viewerMay") {
		if err := q.fillPermissions(ctx, viewer.standing.actor, e, all); err != nil {
			return err
		}
	}
	if wanted("author") {
		return q.fillPersons(ctx, viewer.standing, authors...)
	}
	return nil
}

// involved hangs comments on their edition, and answers the organizations and the persons that they refer to. Somebody
// who speaks for itself is not among them: to everybody else it is nobody but the author of that comment, under the name
// that it chose and the comment's id, so that nothing leads to the person.
func involved(viewer editionViewer, e *Edition, comments []*Comment) ([]*Organization, []*Person) {
	organizations := make([]*Organization, 0, 3*len(comments))
	authors := make([]*Person, 0, len(comments))
	for _, c := range comments {
		c.edition = e
		organizations = append(organizations, c.Organization, c.ResolvedBy)
		if c.Organization != nil {
			authors = append(authors, c.Author)
		} else if c.Author.ID != viewer.standing.actor.Person {
			c.Author = &Person{ID: governance.PersonID(c.ID), Name: c.Author.Name}
		}
		if c.Disposition != nil {
			organizations = append(organizations, c.Disposition.Organization)
		}
	}
	return organizations, authors
}

// threads reads the answers in the threads of comments and hangs them on.
func (q *Query) threads(ctx context.Context, viewer editionViewer, comments []*Comment) ([]*Comment, error) {
	heads := make(map[governance.CommentID]*Comment, len(comments))
	ids := make([]governance.CommentID, len(comments))
	for i, c := range comments {
		heads[c.ID], ids[i], c.replies = c, c.ID, []*Comment{}
	}
	var all []*Comment
	for batch := range batches(ids) {
		replies, err := collect(ctx, q, scanComment, `SELECT `+commentColumns+commentTables+`
			WHERE c.parent_id IN (`+placeholders(1, len(batch))+`)`+viewer.saidInPublic()+`
			ORDER BY c.created_at, c.id`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read threads: %w", err)
		}
		for _, reply := range replies {
			reply.replies = []*Comment{}
			heads[*reply.Parent].replies = append(heads[*reply.Parent].replies, reply)
		}
		all = append(all, replies...)
	}
	return all, nil
}

// saidInPublic narrows a list of the comments "c" of one edition to what the viewer may see: what was said before the
// first consultation that it was invited to stays with those who saw it.
func (v editionViewer) saidInPublic() string {
	if v.insider {
		return ""
	}
	return v.inPublic("c")
}

// inPublic narrows rows of an edition, by their alias, to those from the first consultation on that the viewer was
// invited to.
func (v editionViewer) inPublic(alias string) string {
	return ` AND ` + alias + `.created_at >= (
			SELECT MIN(p.opened_at) FROM consultations p WHERE p.edition_id = ` + alias + `.edition_id` + v.consultedIn("p") + `
		)`
}

// consultedIn narrows the consultations of an edition to those that the viewer was invited to.
func (v editionViewer) consultedIn(consultations string) string {
	if v.invited {
		return ""
	}
	return ` AND ` + consultations + `.is_public = 1`
}

// Comments lists the comments and objections on an edition that the actor was shown, in the order of their coming;
// answers in a thread stand with the comment that they answer.
func (db *DB) Comments(
	ctx context.Context, actor governance.Actor, e *Edition, filter CommentFilter, page Page, fields Fields,
) (*CommentConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	connection := &CommentConnection{}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		comments, err := q.comments(ctx, viewer, e, filter, after, limit+1)
		if err != nil {
			return err
		}
		connection.Nodes, connection.PageInfo = cut(comments, limit, func(c *Comment) Cursor {
			return Cursor{c.CreatedAt, string(c.ID)}
		})
		return q.fillComments(ctx, viewer, e, fields.Of("nodes"), connection.Nodes...)
	})
	if err != nil {
		return nil, err
	}
	return connection, nil
}

// comments reads the rows of a page.
func (q *Query) comments(
	ctx context.Context, viewer editionViewer, e *Edition, filter CommentFilter, after Cursor, limit int,
) ([]*Comment, error) {
	args := []any{e.ID, after.CreatedAt, after.ID, limit}
	var narrow strings.Builder
	if filter.Suggestion == "" {
		narrow.WriteString(` AND c.suggestion_id IS NULL`)
	} else {
		args = append(args, filter.Suggestion)
		narrow.WriteString(` AND c.suggestion_id = $5`)
	}
	if len(filter.States) > 0 {
		narrow.WriteString(` AND c.state IN (` + placeholders(len(args)+1, len(filter.States)) + `)`)
		for _, state := range filter.States {
			args = append(args, state)
		}
	}
	if filter.Path != "" { // "0" follows "/": what lies below a path lies between the two
		fmt.Fprintf(&narrow, ` AND (c.path = $%d OR (c.path >= $%d AND c.path < $%d))`, len(args)+1, len(args)+2, len(args)+3)
		args = append(args, filter.Path, filter.Path+"/", filter.Path+"0")
	}
	if filter.Reply != nil {
		args = append(args, *filter.Reply)
		fmt.Fprintf(&narrow, ` AND d.reply = $%d`, len(args))
	}
	if filter.Resolved != nil && *filter.Resolved {
		narrow.WriteString(` AND c.resolved_at IS NOT NULL`)
	} else if filter.Resolved != nil {
		narrow.WriteString(` AND c.resolved_at IS NULL`)
	}
	for _, bound := range []struct {
		comparison string
		at         time.Time
	}{{">=", filter.from}, {"<", filter.until}} {
		if !bound.at.IsZero() {
			args = append(args, bound.at)
			fmt.Fprintf(&narrow, ` AND c.created_at %s $%d`, bound.comparison, len(args))
		}
	}
	comments, err := collect(ctx, q, scanComment, `SELECT `+commentColumns+commentTables+`
		WHERE c.edition_id = $1 AND c.parent_id IS NULL AND (c.created_at, c.id) > ($2, $3)`+
		viewer.saidInPublic()+narrow.String()+`
		ORDER BY c.created_at, c.id
		LIMIT $4`, args...)
	if err != nil {
		return nil, fmt.Errorf("read comments of %s: %w", e.ID, err)
	}
	return comments, nil
}

// Comment reads a comment. NOT_FOUND where the actor may not see it.
func (db *DB) Comment(ctx context.Context, actor governance.Actor, id governance.CommentID, fields Fields) (*Comment, error) {
	var c *Comment
	err := db.read(ctx, func(ctx context.Context, q *Query) error {
		var err error
		if c, err = q.comment(ctx, id); err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		e, err := q.edition(ctx, c.EditionID)
		if err != nil {
			return err
		}
		viewer, err := q.lookAt(ctx, s, e)
		if err != nil {
			return err
		}
		seen, err := q.seesComment(ctx, viewer, e, c)
		if err != nil {
			return err
		}
		if !seen {
			return governance.NotFound("comment", string(id))
		}
		e.viewer = &viewer
		if !fields.spares("edition") {
			if err := q.fillEditions(ctx, s, fields.Of("edition"), e); err != nil {
				return err
			}
		}
		return q.fillComments(ctx, viewer, e, fields, c)
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// seesComment says whether the viewer may see a comment on the edition.
func (q *Query) seesComment(ctx context.Context, viewer editionViewer, e *Edition, c *Comment) (bool, error) {
	if !viewer.sees || viewer.insider || c.Author.ID == viewer.standing.actor.Person {
		return viewer.sees, nil
	}
	var since time.Time
	err := q.queryRow(ctx, `SELECT MIN(p.opened_at) FROM consultations p WHERE p.edition_id = $1`+viewer.consultedIn("p"), e.ID).
		Scan(at(&since))
	if err != nil && err != sql.ErrNoRows {
		return false, fmt.Errorf("find the first consultation: %w", err)
	}
	if !since.IsZero() && !c.CreatedAt.Before(since) {
		return true, nil
	}
	return q.votesOn(ctx, viewer.standing.organization, c)
}

// EditionOf answers the edition of a comment where it was read along with it; nil where not.
func (c *Comment) EditionOf() *Edition { return c.edition }

// Replies answers the thread of a comment that the actor was shown.
func (db *DB) Replies(ctx context.Context, actor governance.Actor, c *Comment, fields Fields) ([]*Comment, error) {
	if c.replies != nil {
		return c.replies, nil
	}
	copied := *c // the same comment may be asked for its thread twice at once
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, viewer editionViewer, e *Edition) error {
		return q.fillComments(ctx, viewer, e, Fields{"replies": fields}, &copied)
	})
	return copied.replies, err
}

// CommentPermissions says which steps the actor may take on a comment that it was shown, and why not the others.
func (db *DB) CommentPermissions(ctx context.Context, actor governance.Actor, c *Comment) ([]*Permission, error) {
	if c.may != nil {
		return c.may, nil
	}
	copied := *c
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, _ editionViewer, e *Edition) error {
		return q.fillPermissions(ctx, actor, e, []*Comment{&copied})
	})
	return copied.may, err
}

// onComment reads something about a comment that the actor was shown.
func (db *DB) onComment(
	ctx context.Context, actor governance.Actor, c *Comment,
	read func(ctx context.Context, q *Query, viewer editionViewer, e *Edition) error,
) error {
	return db.read(ctx, func(ctx context.Context, q *Query) error {
		e := c.edition
		if e == nil {
			var err error
			if e, err = q.edition(ctx, c.EditionID); err != nil {
				return err
			}
		}
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		return read(ctx, q, viewer, e)
	})
}
