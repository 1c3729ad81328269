package store

import (
	"context"
	"fmt"

	"concordat/governance"
)

// CommentSource is what a commenting form said about a comment that came in it, in the form's own words.
type CommentSource struct {
	Row          int    // of the comment in its file
	NamedBody    string // whose comment the form says it is; empty: of whoever handed it in
	Line         string // where the form places it
	Clause       string // likewise
	Quote        string // likewise, where that is no quote of the text: "Table 2"
	Observations string // what the form says became of it
}

// fillSources reads where comments came from, for those that came in a form.
func (q *Query) fillSources(ctx context.Context, comments []*Comment) error {
	byID := make(map[governance.CommentID]*Comment, len(comments))
	ids := make([]governance.CommentID, len(comments))
	for i, c := range comments {
		ids[i], byID[c.ID] = c.ID, c
	}
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var id governance.CommentID
			var s CommentSource
			if err := row.Scan(&id, &s.Row, &s.NamedBody, &s.Line, &s.Clause, &s.Quote, &s.Observations); err != nil {
				return err
			}
			if byID[id].Moderation != nil {
				s = CommentSource{Row: s.Row} // its words are the comment's, and hidden or gone with them
			}
			byID[id].Source = &s
			return nil
		}, `
			SELECT comment_id, row_number, body, line, clause, quote, observations
			FROM comment_sources
			WHERE comment_id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return fmt.Errorf("read the forms that comments came in: %w", err)
		}
	}
	return nil
}
