package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"concordat/governance"
)

// maxMentions is how many a comment calls by name at most.
const maxMentions = 20

// Mention is somebody whom a comment calls by name: one of the two.
type Mention struct {
	Person       *Person
	Organization *Organization
}

// mention is who is called by name, on its way into the database; one of the two is empty.
type mention struct {
	person       governance.PersonID
	organization governance.OrganizationID
}

func checkMentions(named []string) error {
	if len(named) > maxMentions {
		return governance.Invalid("input.mentions", "too-many", "At most {most} can be mentioned.", "most", strconv.Itoa(maxMentions))
	}
	for i, name := range named {
		if err := checkLength(mentionField(i), name, 1, maxPublicName); err != nil {
			return err
		}
	}
	return nil
}

func mentionField(i int) string { return fmt.Sprintf("input.mentions.%d", i) }

// mentioned finds whom a comment that is made now calls by name, each once. It refuses whoever there is not, or may not
// read what is said now; a person is found by those alone who see the names of persons.
func (tx *Tx) mentioned(ctx context.Context, s subject, e *Edition, named []string) ([]mention, error) {
	var all []mention
	for i, name := range named {
		found, err := tx.findMention(ctx, s.standing, name)
		if err != nil {
			return nil, err
		}
		if found == (mention{}) {
			return nil, governance.Invalid(mentionField(i), "mention-unknown",
				"There is no person or organization {mention}.", "mention", name)
		}
		reads, err := tx.reads(ctx, e, found)
		if err != nil {
			return nil, err
		}
		if !reads {
			return nil, governance.Invalid(mentionField(i), "mention-unseen",
				"{mention} may not see what is said here.", "mention", name)
		}
		if !slices.Contains(all, found) {
			all = append(all, found)
		}
	}
	return all, nil
}

// findMention finds somebody by id, or an organization by its slug; the zero value where there is nobody.
func (tx *Tx) findMention(ctx context.Context, s standing, name string) (mention, error) {
	found := mention{}
	err := tx.query(ctx, func(row scanner) error {
		return row.Scan(orEmpty(&found.organization), orEmpty(&found.person))
	}, `
		SELECT id, CAST(NULL AS TEXT)
		FROM organizations
		WHERE id = $1 OR slug = $1
		UNION ALL
		SELECT CAST(NULL AS TEXT), id
		FROM persons
		WHERE id = $1 AND erased_at IS NULL AND CAST($2 AS BIGINT) = 1`, name, s.seesNames())
	if err != nil {
		return mention{}, fmt.Errorf("find who is mentioned: %w", err)
	}
	return found, nil
}

// reads says whether somebody may read what is said on an edition now: for an organization that it speaks for, or as
// anybody may.
func (tx *Tx) reads(ctx context.Context, e *Edition, m mention) (bool, error) {
	voices := []governance.OrganizationID{m.organization}
	if m.person != "" {
		mandates, err := tx.standingMandatesOf(ctx, m.person)
		if err != nil {
			return false, err
		}
		voices = []governance.OrganizationID{""}
		for _, mandate := range mandates {
			voices = append(voices, mandate.Organization.ID)
		}
	}
	slices.Sort(voices)
	for _, voice := range slices.Compact(voices) {
		viewer, err := tx.lookAt(ctx, standing{organization: voice}, e)
		if err != nil {
			return false, err
		}
		said := &Comment{Author: &Person{ID: tx.actor.Person}, CreatedAt: tx.now}
		if seen, err := tx.seesComment(ctx, viewer, e, said); err != nil || seen {
			return seen, err
		}
	}
	return false, nil
}

func (tx *Tx) insertMentions(ctx context.Context, comment governance.CommentID, mentions []mention) error {
	for i, m := range mentions {
		_, err := tx.exec(ctx, `
			INSERT INTO comment_mentions (comment_id, number, person_id, organization_id, created_at)
			VALUES ($1, $2, $3, $4, $5)`, comment, i, orNull(m.person), orNull(m.organization), tx.now)
		if err != nil {
			return fmt.Errorf("note who is mentioned: %w", err)
		}
	}
	return nil
}

// Mentions answers whom a comment that the actor was shown calls by name.
func (db *DB) Mentions(ctx context.Context, actor governance.Actor, c *Comment) ([]*Mention, error) {
	if c.mentions != nil {
		return c.mentions, nil
	}
	copied := *c
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, viewer editionViewer, _ *Edition) error {
		return q.fillMentions(ctx, viewer.standing, []*Comment{&copied})
	})
	return copied.mentions, err
}

// fillMentions reads whom the comments call by name, with a statement for all; names of persons are for those who see
// them.
func (q *Query) fillMentions(ctx context.Context, viewer standing, comments []*Comment) error {
	of := make(map[governance.CommentID]*Comment, len(comments))
	ids := make([]governance.CommentID, len(comments))
	for i, c := range comments {
		of[c.ID], ids[i], c.mentions = c, c.ID, []*Mention{}
	}
	var persons []*Person
	var organizations []*Organization
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var comment governance.CommentID
			var m mention
			if err := row.Scan(&comment, orEmpty(&m.person), orEmpty(&m.organization)); err != nil {
				return err
			}
			shown := &Mention{Person: &Person{ID: m.person}}
			if m.person == "" {
				shown = &Mention{Organization: &Organization{ID: m.organization}}
			}
			persons, organizations = append(persons, shown.Person), append(organizations, shown.Organization)
			of[comment].mentions = append(of[comment].mentions, shown)
			return nil
		}, `
			SELECT comment_id, person_id, organization_id
			FROM comment_mentions
			WHERE comment_id IN (`+placeholders(1, len(batch))+`)
			ORDER BY comment_id, number`, batch...)
		if err != nil {
			return fmt.Errorf("read who is mentioned: %w", err)
		}
	}
	if err := q.fillOrganizations(ctx, organizations...); err != nil {
		return err
	}
	return q.fillPersons(ctx, viewer, persons...)
}
