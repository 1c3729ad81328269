package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// Anchor is what became of the text under a comment, by the edition's newest revision.
type Anchor struct {
	State      governance.AnchorState
	QuoteFound *bool // whether the words that it quotes still stand there; nil where it quotes none
}

// Anchor says what became of the text under a comment that the actor was shown.
func (db *DB) Anchor(ctx context.Context, actor governance.Actor, c *Comment) (*Anchor, error) {
	if c.anchor != nil {
		return c.anchor, nil
	}
	copied := *c
	err := db.onComment(ctx, actor, c, func(ctx context.Context, q *Query, _ editionViewer, e *Edition) error {
		return q.fillAnchors(ctx, e, []*Comment{&copied})
	})
	return copied.anchor, err
}

// fillAnchors finds out what became of the text under comments on one edition: with one statement for their revisions,
// one for the documents among these that are not kept, and one look for each revision and element.
func (q *Query) fillAnchors(ctx context.Context, e *Edition, comments []*Comment) error {
	texts, err := q.textsUnder(ctx, e, comments)
	if err != nil {
		return err
	}
	type place struct {
		digest governance.Digest
		path   string
	}
	head := texts[e.HeadID]
	states := map[place]governance.AnchorState{}
	for _, c := range comments {
		at := place{e.HeadDigest, c.Path}
		c.anchor = &Anchor{State: governance.AnchorCurrent}
		if then := texts[c.Revision]; then != nil && then.Digest != e.HeadDigest {
			at.digest = then.Digest
			if _, known := states[at]; !known {
				states[at] = governance.AnchorIn(then.Document, head.Document, c.Path)
			}
			c.anchor.State = states[at]
		}
		if c.Quote != "" {
			found := c.anchor.State == governance.AnchorCurrent || head.Document.Quotes(c.Path, c.Quote)
			c.anchor.QuoteFound = &found
		}
	}
	return nil
}

// textsUnder reads the revisions that the comments were made on, and the newest; nothing where all are on the newest.
func (q *Query) textsUnder(ctx context.Context, e *Edition, comments []*Comment) (map[governance.RevisionID]*Revision, error) {
	ids := distinct(comments, func(c *Comment) governance.RevisionID { return c.Revision })
	if len(ids) == 0 || len(ids) == 1 && ids[0] == e.HeadID {
		return nil, nil
	}
	texts := map[governance.RevisionID]*Revision{e.HeadID: {ID: e.HeadID, Digest: e.HeadDigest}}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			r := &Revision{}
			if err := row.Scan(&r.ID, &r.Digest); err != nil {
				return err
			}
			texts[r.ID] = r
			return nil
		}, `SELECT id, digest FROM revisions WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read the revisions under comments: %w", err)
		}
	}
	all := make([]*Revision, 0, len(texts))
	for _, r := range texts {
		all = append(all, r)
	}
	return texts, q.fillDocuments(ctx, all...)
}
