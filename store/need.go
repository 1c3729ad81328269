package store

import (
	"context"
	"fmt"
	"time"

	"concordat/governance"
)

// Need is a skill need as it is read.
type Need struct {
	ID           governance.NeedID
	Title        string
	Description  string
	Language     string
	CouncilID    governance.OrganizationID // empty: none
	Council      *Organization
	Sector       string
	Organization *Organization
	Occupation   *governance.Concept
	Skills       []governance.Concept
	Country      string
	Region       string
	HeadCount    int
	Urgency      governance.Urgency
	Evidence     string
	Funding      string
	Stage        governance.Stage
	StageReason  string
	MergedID     governance.NeedID // empty: not merged
	TextNumber   int               // of its text: 1, and one more with each edit
	Backing      *Backing
	CreatedAt    time.Time

	may []*Permission // what the viewer may do, where it was read along
}

// Backing says who backs a need: sums from three organizations on, and one's own.
type Backing struct {
	Organizations  *int
	HeadCount      *int
	Mine           *int
	MineTextNumber *int // nil where it came with a merged need
}

// NeedConnection is a page of needs.
type NeedConnection struct {
	Nodes    []*Need
	PageInfo *PageInfo
}

// NeedFilter narrows a list of needs; its zero value narrows nothing.
type NeedFilter struct {
	Council    governance.OrganizationID
	Stages     []governance.Stage
	MergedInto governance.NeedID
}

const needColumns = `
	n.id,
	n.title,
	n.description,
	n.language,
	COALESCE(n.council_id, ''),
	n.sector,
	n.organization_id,
	n.occupation,
	n.occupation_label,
	n.country,
	n.region,
	n.head_count,
	n.urgency,
	n.evidence,
	n.funding,
	n.stage,
	n.stage_reason,
	COALESCE(n.merged_into, ''),
	n.text_number,
	n.shown_count,
	n.shown_heads,
	n.created_at`

// scanNeed reads needColumns; council and organization carry their ids alone.
func scanNeed(row scanner) (*Need, error) {
	n := Need{Organization: &Organization{}, Backing: &Backing{}, Skills: []governance.Concept{}}
	var occupation governance.URI
	var occupationLabel string
	var backers, heads int
	err := row.Scan(&n.ID, &n.Title, &n.Description, &n.Language, &n.CouncilID, &n.Sector, &n.Organization.ID,
		&occupation, &occupationLabel, &n.Country, &n.Region, &n.HeadCount, &n.Urgency, &n.Evidence, &n.Funding,
		&n.Stage, &n.StageReason, &n.MergedID, &n.TextNumber, &backers, &heads, at(&n.CreatedAt))
	if err != nil {
		return nil, err
	}
	if n.CouncilID != "" {
		n.Council = &Organization{ID: n.CouncilID}
	}
	if occupation != "" {
		n.Occupation = &governance.Concept{ID: occupation, Label: governance.Text{n.Language: occupationLabel}}
	}
	if backers > 0 && n.Stage != governance.StageMerged { // a merged need's backers are the other one's
		n.Backing.Organizations, n.Backing.HeadCount = &backers, &heads
	}
	return &n, nil
}

// needRow reads a need, whoever may see it. NOT_FOUND where there is none.
func (q *Query) needRow(ctx context.Context, id governance.NeedID) (*Need, error) {
	found, err := collect(ctx, q, scanNeed, `SELECT `+needColumns+` FROM needs n WHERE n.id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read need: %w", err)
	}
	if len(found) == 0 {
		return nil, governance.NotFound("need", string(id))
	}
	return found[0], nil
}

// needSubject is a need: members of active organizations see it. Where its sector has no council, the platform stands in
// the council's place.
func (q *Query) needSubject(ctx context.Context, actor governance.Actor, n *Need) (subject, error) {
	s, err := q.standingOf(ctx, actor)
	if err != nil {
		return subject{}, err
	}
	relations, suspended, err := q.councilRelations(ctx, s, n.CouncilID)
	if err != nil {
		return subject{}, err
	}
	return needOf(s, relations, suspended, n), nil
}

// needOf is the subject of a need for somebody with these relations to its council.
func needOf(s standing, council []governance.Relation, suspended bool, n *Need) subject {
	relations := make([]governance.Relation, 0, len(council)+1)
	for _, relation := range council {
		if relation != governance.RelationPlatform || n.CouncilID == "" {
			relations = append(relations, relation)
		}
	}
	if s.organization != "" && s.organization == n.Organization.ID {
		relations = append(relations, governance.RelationOwn)
	}
	return subject{
		kind: governance.KindNeed, noun: "need", id: string(n.ID), stage: n.Stage, visible: s.seesNeeds(),
		relations: relations, suspended: suspended, standing: s, mergedInto: n.MergedID,
	}
}

// seesNeeds says whether the viewer acts for an active organization.
func (s standing) seesNeeds() bool { return s.organization != "" && !s.suspended }

// Need reads a need. NOT_FOUND for those who may not see it.
func (db *DB) Need(ctx context.Context, actor governance.Actor, id governance.NeedID, fields Fields) (need *Need, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		if need, err = q.needRow(ctx, id); err != nil {
			return err
		}
		s, err := q.standingOf(ctx, actor)
		if err != nil {
			return err
		}
		if !s.seesNeeds() {
			return governance.NotFound("need", string(id))
		}
		return q.fillNeeds(ctx, s, []*Need{need}, fields)
	})
	if err != nil {
		return nil, err
	}
	return need, nil
}

// Needs reads a page of needs, the newest last; empty for those who may see none.
func (db *DB) Needs(ctx context.Context, actor governance.Actor, filter NeedFilter, page Page, fields Fields) (*NeedConnection, error) {
	limit, after, err := page.bounds()
	if err != nil {
		return nil, err
	}
	var needs []*Need
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		s, err := q.standingOf(ctx, actor)
		if err != nil || !s.seesNeeds() {
			return err
		}
		if needs, err = q.needs(ctx, filter, after, limit+1); err != nil {
			return err
		}
		return q.fillNeeds(ctx, s, needs, fields)
	})
	if err != nil {
		return nil, fmt.Errorf("read needs: %w", err)
	}
	nodes, info := cut(needs, limit, func(n *Need) Cursor { return Cursor{n.CreatedAt, string(n.ID)} })
	return &NeedConnection{Nodes: nodes, PageInfo: info}, nil
}

func (q *Query) needs(ctx context.Context, filter NeedFilter, after Cursor, limit int) ([]*Need, error) {
	where := `(n.created_at, n.id) > ($1, $2)`
	args := []any{after.CreatedAt, after.ID, limit}
	if filter.Council != "" {
		args = append(args, filter.Council)
		where += fmt.Sprintf(` AND n.council_id = $%d`, len(args))
	}
	if filter.MergedInto != "" {
		args = append(args, filter.MergedInto)
		where += fmt.Sprintf(` AND n.merged_into = $%d`, len(args))
	}
	if len(filter.Stages) > 0 {
		where += ` AND n.stage IN (` + placeholders(len(args)+1, len(filter.Stages)) + `)`
		for _, stage := range filter.Stages {
			args = append(args, stage)
		}
	}
	return collect(ctx, q, scanNeed,
		`SELECT `+needColumns+` FROM needs n WHERE `+where+` ORDER BY n.created_at, n.id LIMIT $3`, args...)
}

// fillNeeds completes needs with what is wanted of their levels.
func (q *Query) fillNeeds(ctx context.Context, viewer standing, needs []*Need, fields Fields) error {
	byID := make(map[governance.NeedID]*Need, len(needs))
	ids := make([]governance.NeedID, len(needs))
	organizations := make([]*Organization, 0, 2*len(needs))
	for i, n := range needs {
		byID[n.ID], ids[i] = n, n.ID
		organizations = append(organizations, n.Organization, n.Council)
	}
	if fields.Has("organization") || fields.Has("council") {
		if err := q.fillOrganizations(ctx, organizations...); err != nil {
			return err
		}
	}
	if fields.Has("skills") {
		if err := q.fillNeedSkills(ctx, ids, byID); err != nil {
			return err
		}
	}
	if fields.Has("viewerMay") {
		if err := q.fillNeedPermissions(ctx, viewer, needs); err != nil {
			return err
		}
	}
	if fields.Has("backing") && viewer.organization != "" {
		return q.fillOwnBacking(ctx, viewer.organization, ids, byID)
	}
	return nil
}

// fillNeedPermissions says of each need which steps the viewer may take on it. How it stands to a council is read once a
// council.
func (q *Query) fillNeedPermissions(ctx context.Context, viewer standing, needs []*Need) error {
	type place struct {
		relations []governance.Relation
		suspended bool
	}
	places := map[governance.OrganizationID]place{}
	for _, n := range needs {
		at, known := places[n.CouncilID]
		if !known {
			var err error
			if at.relations, at.suspended, err = q.councilRelations(ctx, viewer, n.CouncilID); err != nil {
				return err
			}
			places[n.CouncilID] = at
		}
		var err error
		if n.may, err = needOf(viewer, at.relations, at.suspended, n).viewerMay(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (q *Query) fillNeedSkills(ctx context.Context, ids []governance.NeedID, byID map[governance.NeedID]*Need) error {
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var need governance.NeedID
			var uri governance.URI
			var label string
			if err := row.Scan(&need, &uri, &label); err != nil {
				return err
			}
			n := byID[need]
			n.Skills = append(n.Skills, governance.Concept{ID: uri, Label: governance.Text{n.Language: label}})
			return nil
		}, `SELECT need_id, uri, label FROM need_skills WHERE need_id IN (`+placeholders(1, len(batch))+`) ORDER BY need_id, position`, batch...)
		if err != nil {
			return fmt.Errorf("read skills: %w", err)
		}
	}
	return nil
}

func (q *Query) fillOwnBacking(ctx context.Context, own governance.OrganizationID, ids []governance.NeedID, byID map[governance.NeedID]*Need) error {
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var need governance.NeedID
			var heads, number int
			if err := row.Scan(&need, &heads, &number); err != nil {
				return err
			}
			byID[need].Backing.Mine = &heads
			if number > 0 {
				byID[need].Backing.MineTextNumber = &number
			}
			return nil
		}, `SELECT need_id, head_count, text_number FROM need_backings WHERE organization_id = $1 AND need_id IN (`+placeholders(2, len(batch))+`)`,
			append([]any{own}, batch...)...)
		if err != nil {
			return fmt.Errorf("read own backing: %w", err)
		}
	}
	return nil
}

// NeedMay says what the viewer may do to a need.
func (db *DB) NeedMay(ctx context.Context, actor governance.Actor, n *Need) ([]*Permission, error) {
	if n.may != nil {
		return n.may, nil
	}
	return db.viewerMay(ctx, func(ctx context.Context, q *Query) (subject, error) { return q.needSubject(ctx, actor, n) })
}
