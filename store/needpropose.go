package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"concordat/governance"
)

// ProposeNeed reports a need for the acting organization. Errors: FORBIDDEN, INVALID with the field, NOT_FOUND for the
// council, CONFLICT for an id that is taken.
func (db *DB) ProposeNeed(ctx context.Context, actor governance.Actor, in ProposeNeedInput) (governance.NeedID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	id, err := db.take(ctx, step{name: "proposeNeed", actor: actor, repeat: repeat,
		do: func(ctx context.Context, tx *Tx) (string, error) {
			platform, err := tx.platformSubject(ctx, actor)
			if err != nil {
				return "", err
			}
			if err := platform.permit(ctx, governance.ProposeNeed); err != nil {
				return "", err
			}
			if err := tx.checkSector(ctx, in.Council, in.Sector); err != nil {
				return "", err
			}
			id, err := tx.insertNeed(ctx, in)
			if err != nil {
				return "", err
			}
			_, err = tx.appendAct(ctx, Act{
				Type: "NEED_PROPOSED", Object: Object{"NEED", string(id)}, Root: root{rootNeed, string(id)},
				Role: platform.actingRole(governance.ProposeNeed), Texts: in.texts(),
			})
			return string(id), err
		}})
	return governance.NeedID(id), err
}

// texts are those that the act seals.
func (in ProposeNeedInput) texts() map[string]string {
	texts := map[string]string{"title": in.Title, "description": in.Description}
	for name, text := range map[string]string{"evidence": in.Evidence, "funding": in.Funding} {
		if text != "" {
			texts[name] = text
		}
	}
	return texts
}

var languageForm = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

func (in ProposeNeedInput) check() error {
	if in.ID != "" {
		if err := CheckID("input.id", string(in.ID)); err != nil {
			return err
		}
	}
	if !languageForm.MatchString(in.Language) {
		return governance.Invalid("input.language", "language-malformed", "{language} is not a language tag such as de.", "language", in.Language)
	}
	if err := checkPlace(in.Country, in.Region); err != nil {
		return err
	}
	return needTexts{&in.Title, &in.Description, &in.Evidence, &in.Funding, &in.HeadCount, in.Skills, in.Occupation}.check()
}

// needTexts is what proposing and editing a need both check; nil says nothing.
type needTexts struct {
	title, description, evidence, funding *string
	headCount                             *int
	skills                                []ConceptInput
	occupation                            *ConceptInput
}

func (t needTexts) check() error {
	for _, text := range []struct {
		field string
		value *string
		least int
		most  int
	}{
		{"input.title", t.title, 1, 200},
		{"input.description", t.description, 1, 10000},
		{"input.evidence", t.evidence, 0, 10000},
		{"input.funding", t.funding, 0, 2000},
	} {
		if text.value == nil {
			continue
		}
		if err := checkLength(text.field, *text.value, text.least, text.most); err != nil {
			return err
		}
	}
	if t.headCount != nil && (*t.headCount < 0 || *t.headCount > maxHeads) {
		return governance.Invalid("input.headCount", "head-count", "A head count is 0 to 10,000,000.")
	}
	if len(t.skills) > 50 {
		return governance.Invalid("input.skills", "too-many-skills", "A need names at most 50 skills.")
	}
	for i, skill := range t.skills {
		if err := skill.check(fmt.Sprintf("input.skills[%d]", i)); err != nil {
			return err
		}
	}
	if t.occupation != nil {
		return t.occupation.check("input.occupation")
	}
	return nil
}

func (c ConceptInput) check(field string) error {
	if !strings.HasPrefix(string(c.ID), "http://data.europa.eu/esco/") {
		return governance.Invalid(field+".id", "not-esco", "{uri} is not an ESCO address (http://data.europa.eu/esco/…).", "uri", string(c.ID))
	}
	if err := checkLength(field+".id", string(c.ID), 1, 300); err != nil {
		return err
	}
	return checkLength(field+".label", c.Label, 1, 300)
}

// checkSector keeps a need with a council that the sector is one of.
func (q *Query) checkSector(ctx context.Context, council governance.OrganizationID, sector string) error {
	if err := checkLength("input.sector", sector, 1, 80); err != nil {
		return err
	}
	if council == "" {
		taken, err := q.exists(ctx, `SELECT 1 FROM council_sectors WHERE sector = $1 LIMIT 1`, sector)
		if err != nil {
			return fmt.Errorf("look for the sector's council: %w", err)
		}
		if taken {
			return governance.Invalid("input.council", "council-missing", "The sector {sector} has a council: name it.", "sector", sector)
		}
		return nil
	}
	exists, err := q.exists(ctx, `SELECT 1 FROM councils WHERE id = $1`, council)
	if err != nil {
		return fmt.Errorf("look for council %s: %w", council, err)
	}
	if !exists {
		return governance.NotFound("council", string(council))
	}
	its, err := q.exists(ctx, `SELECT 1 FROM council_sectors WHERE council_id = $1 AND sector = $2`, council, sector)
	if err != nil {
		return fmt.Errorf("look for sector %s: %w", sector, err)
	}
	if !its {
		return governance.Invalid("input.sector", "another-sector", "{sector} is not a sector of this council.", "sector", sector)
	}
	return nil
}

func (tx *Tx) insertNeed(ctx context.Context, in ProposeNeedInput) (governance.NeedID, error) {
	if in.ID == "" {
		in.ID = governance.NeedID(tx.newID())
	} else if err := tx.requireFree(ctx, "needs", string(in.ID)); err != nil {
		return "", err
	}
	n := in.need()
	var occupation ConceptInput
	if in.Occupation != nil {
		occupation = *in.Occupation
	}
	_, err := tx.exec(ctx, `
		INSERT INTO needs (
			id, council_id, sector, organization_id, person_id, title, description, language, occupation, occupation_label,
			country, region, head_count, urgency, evidence, funding, stage, search_text, created_at
		) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		in.ID, orNull(in.Council), in.Sector, tx.actor.Organization, tx.actor.Person, in.Title, in.Description, in.Language,
		occupation.ID, occupation.Label, in.Country, in.Region, in.HeadCount, in.Urgency, in.Evidence, in.Funding,
		governance.RuleOf(governance.ProposeNeed).Next, n.searchText(), tx.now)
	if err != nil {
		return "", fmt.Errorf("insert need: %w", err)
	}
	if err := tx.insertNeedText(ctx, n); err != nil {
		return "", err
	}
	return in.ID, tx.insertNeedSkills(ctx, n)
}

// need is what the input says, as it will be read.
func (in ProposeNeedInput) need() *Need {
	n := &Need{
		ID: in.ID, Title: in.Title, Description: in.Description, Language: in.Language, HeadCount: in.HeadCount,
		Urgency: in.Urgency, Evidence: in.Evidence, Funding: in.Funding, Skills: concepts(in.Skills, in.Language), TextNumber: 1,
	}
	if in.Occupation != nil {
		n.Occupation = &concepts([]ConceptInput{*in.Occupation}, in.Language)[0]
	}
	return n
}

// concepts are the terms, each once, in the order given, with their labels in the language.
func concepts(terms []ConceptInput, language string) []governance.Concept {
	all := make([]governance.Concept, 0, len(terms))
	seen := map[governance.URI]bool{}
	for _, term := range terms {
		if !seen[term.ID] {
			seen[term.ID] = true
			all = append(all, governance.Concept{ID: term.ID, Label: governance.Text{language: term.Label}})
		}
	}
	return all
}

func (tx *Tx) insertNeedSkills(ctx context.Context, n *Need) error {
	for i, skill := range n.Skills {
		_, err := tx.exec(ctx, `INSERT INTO need_skills (need_id, position, uri, label) VALUES ($1, $2, $3, $4)`,
			n.ID, i, skill.ID, skill.Label[n.Language])
		if err != nil {
			return fmt.Errorf("insert skill: %w", err)
		}
	}
	return nil
}

// EditNeed changes a need that is not decided yet; what is absent stays. Errors: NOT_FOUND, FORBIDDEN, CONFLICT for the
// stage, INVALID with the field.
func (db *DB) EditNeed(ctx context.Context, actor governance.Actor, in EditNeedInput) (governance.NeedID, error) {
	repeat, err := RepeatOf(in.IdempotencyKey, in)
	if err != nil {
		return "", err
	}
	if in.changesNothing() {
		return "", governance.Invalid("input", "nothing-to-change", "Name at least one thing that changes.")
	}
	texts := needTexts{in.Title, in.Description, in.Evidence, in.Funding, in.HeadCount, in.Skills, nil}
	if err := texts.check(); err != nil {
		return "", err
	}
	return db.takeNeedStep(ctx, actor, repeat, needStep{
		name: "editNeed", step: governance.EditNeed, need: in.Need, act: "NEED_EDITED", texts: in.changed(),
		write: func(ctx context.Context, tx *Tx, _ subject, n *Need) error { return tx.editNeed(ctx, in, n) },
	})
}

func (in EditNeedInput) changesNothing() bool {
	return in.Title == nil && in.Description == nil && in.Skills == nil && in.HeadCount == nil && in.Urgency == nil &&
		in.Evidence == nil && in.Funding == nil
}

// changed are the texts that the act seals.
func (in EditNeedInput) changed() map[string]string {
	texts := map[string]string{}
	for name, text := range map[string]*string{
		"title": in.Title, "description": in.Description, "evidence": in.Evidence, "funding": in.Funding,
	} {
		if text != nil {
			texts[name] = *text
		}
	}
	return texts
}

// editNeed changes what the edit names, and keeps what the need said before.
func (tx *Tx) editNeed(ctx context.Context, in EditNeedInput, n *Need) error {
	if err := tx.fillNeedSkills(ctx, []governance.NeedID{n.ID}, map[governance.NeedID]*Need{n.ID: n}); err != nil {
		return err
	}
	in.apply(n)
	n.TextNumber++
	_, err := tx.exec(ctx, `
		UPDATE needs
		SET title = $2, description = $3, head_count = $4, urgency = $5, evidence = $6, funding = $7, search_text = $8,
			text_number = $9
		WHERE id = $1`,
		n.ID, n.Title, n.Description, n.HeadCount, n.Urgency, n.Evidence, n.Funding, n.searchText(), n.TextNumber)
	if err != nil {
		return fmt.Errorf("edit need: %w", err)
	}
	if err := tx.insertNeedText(ctx, n); err != nil || in.Skills == nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM need_skills WHERE need_id = $1`, n.ID); err != nil {
		return fmt.Errorf("replace skills: %w", err)
	}
	return tx.insertNeedSkills(ctx, n)
}

// apply changes the need as the edit says; what the edit does not name stays.
func (in EditNeedInput) apply(n *Need) {
	for _, text := range []struct{ from, to *string }{
		{in.Title, &n.Title}, {in.Description, &n.Description}, {in.Evidence, &n.Evidence}, {in.Funding, &n.Funding},
	} {
		if text.from != nil {
			*text.to = *text.from
		}
	}
	if in.HeadCount != nil {
		n.HeadCount = *in.HeadCount
	}
	if in.Urgency != nil {
		n.Urgency = *in.Urgency
	}
	if in.Skills != nil {
		n.Skills = concepts(in.Skills, n.Language)
	}
}
