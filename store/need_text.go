package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"concordat/governance"
)

// NeedText is what a need said at a time. Every text is kept: who backed an earlier one can see what it backed.
type NeedText struct {
	Number      int // 1, 2, 3
	Title       string
	Description string
	Skills      []governance.Concept
	HeadCount   int
	Urgency     governance.Urgency
	Evidence    string
	Funding     string
	CreatedAt   time.Time
}

// insertNeedText keeps what the need says now.
func (tx *Tx) insertNeedText(ctx context.Context, n *Need) error {
	terms := make([]keptTerm, len(n.Skills))
	for i, skill := range n.Skills {
		terms[i] = keptTerm{skill.ID, skill.Label[n.Language]}
	}
	skills, err := json.Marshal(terms)
	if err != nil {
		return fmt.Errorf("encode skills: %w", err)
	}
	_, err = tx.exec(ctx, `
		INSERT INTO need_texts (
			need_id, number, title, description, skills, head_count, urgency, evidence, funding, person_id, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		n.ID, n.TextNumber, n.Title, n.Description, string(skills), n.HeadCount, n.Urgency, n.Evidence, n.Funding,
		tx.actor.Person, tx.now)
	if err != nil {
		return fmt.Errorf("keep the need's text: %w", err)
	}
	return nil
}

// keptTerm is a term in a kept text, with its label in the need's language.
type keptTerm struct {
	ID    governance.URI `json:"id"`
	Label string         `json:"label"`
}

// mostNeedTexts is how many texts of a need are listed: the newest.
const mostNeedTexts = 50

// NeedTexts lists what a need that the actor was shown says and has said, the newest first.
func (db *DB) NeedTexts(ctx context.Context, n *Need) ([]*NeedText, error) {
	var texts []*NeedText
	err := db.read(ctx, func(ctx context.Context, q *Query) (err error) {
		texts, err = collect(ctx, q, func(row scanner) (*NeedText, error) { return scanNeedText(row, n.Language) }, `
			SELECT number, title, description, skills, head_count, urgency, evidence, funding, created_at
			FROM need_texts
			WHERE need_id = $1
			ORDER BY number DESC
			LIMIT $2`, n.ID, mostNeedTexts)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the texts of need %s: %w", n.ID, err)
	}
	return texts, nil
}

func scanNeedText(row scanner, language string) (*NeedText, error) {
	var t NeedText
	var skills string
	err := row.Scan(&t.Number, &t.Title, &t.Description, &skills, &t.HeadCount, &t.Urgency, &t.Evidence, &t.Funding, at(&t.CreatedAt))
	if err != nil {
		return nil, err
	}
	var terms []keptTerm
	if err := json.Unmarshal([]byte(skills), &terms); err != nil {
		return nil, fmt.Errorf("read kept skills: %w", err)
	}
	t.Skills = make([]governance.Concept, len(terms))
	for i, term := range terms {
		t.Skills[i] = governance.Concept{ID: term.ID, Label: governance.Text{language: term.Label}}
	}
	return &t, nil
}

// searchText is what a need is found by, folded: the title on the first line; description, occupation and skills on the
// second.
func (n *Need) searchText() string {
	body := foldWords(n.Description)
	if n.Occupation != nil {
		body = append(body, foldText(n.Occupation.Label)...)
	}
	for _, skill := range n.Skills {
		body = append(body, foldText(skill.Label)...)
	}
	return fold(n.Title) + "\n" + joinWords(body)
}

// foldNeeds makes the search texts of needs from before they were searched. A need whose text is folded has one.
func (db *DB) foldNeeds(ctx context.Context) error {
	for {
		folded := 0
		err := db.write(ctx, "foldNeeds", func(ctx context.Context, tx *Tx) error {
			needs, err := collect(ctx, tx.Query, scanNeed,
				`SELECT `+needColumns+` FROM needs n WHERE n.search_text = '' ORDER BY n.id LIMIT $1`, listLimit)
			if err != nil {
				return err
			}
			folded = len(needs)
			return tx.foldNeeds(ctx, needs)
		})
		if err != nil || folded == 0 {
			return err
		}
	}
}

func (tx *Tx) foldNeeds(ctx context.Context, needs []*Need) error {
	byID := make(map[governance.NeedID]*Need, len(needs))
	ids := make([]governance.NeedID, len(needs))
	for i, n := range needs {
		byID[n.ID], ids[i] = n, n.ID
	}
	if err := tx.fillNeedSkills(ctx, ids, byID); err != nil {
		return err
	}
	for _, n := range needs {
		if _, err := tx.exec(ctx, `UPDATE needs SET search_text = $2 WHERE id = $1`, n.ID, n.searchText()); err != nil {
			return err
		}
	}
	return nil
}
