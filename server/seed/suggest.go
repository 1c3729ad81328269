package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
	"concordat/store"
)

// suggest proposes to say something else at an element of the head; where the editors accept it, they do so after some
// hours.
func (e *edition) suggest(at time.Time, by string, s suggested) {
	var made governance.SuggestionID
	e.add(at, by+" suggests", func(ctx context.Context) error {
		now, _, err := e.head(ctx)
		if err != nil {
			return err
		}
		words, err := json.Marshal(s.words)
		if err != nil {
			return fmt.Errorf("encode the words: %w", err)
		}
		made, err = e.t.db.Suggest(ctx, e.t.as(by), store.SuggestInput{
			Edition: e.id, Base: now.HeadID, Reason: s.reason,
			Changes: []*governance.Change{{Kind: governance.ChangeSet, Path: s.path, Value: words}},
		})
		return err
	})
	if s.acceptedAfter == 0 {
		return
	}
	e.add(at.Add(s.acceptedAfter), "accept what "+by+" suggests", func(ctx context.Context) error {
		_, err := e.t.db.AcceptSuggestion(ctx, e.t.as(e.author), store.AcceptSuggestionInput{Suggestion: made})
		return err
	})
}

// suggested is what somebody would have the text say.
type suggested struct {
	path, words, reason string
	acceptedAfter       time.Duration // zero: the editors have still to decide
}
