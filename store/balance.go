package store

import (
	"context"
	"fmt"
	"strings"

	"concordat/governance"
)

// Balance tells who took part in editions, how many of those who were asked did, and how long each stage took: of an
// edition as far as the viewer may see what it counts, of a council's publications as far as everybody may.
type Balance struct {
	Participation []governance.Involvement  `json:"participation"`
	Persons       int                       `json:"persons"` // who commented for nobody else
	Rates         []governance.ResponseRate `json:"rates"`
	Stages        []governance.StageTime    `json:"stages"`
}

// BalanceFilter narrows a council's balance to publications; its zero value narrows nothing.
type BalanceFilter struct {
	Sector string
	From   governance.Date // the first day of publication that counts
	To     governance.Date // the last one
}

// balanceScope is which editions are counted: a subquery of their ids, its parameters, and what is seen of their comments.
type balanceScope struct {
	editions string
	args     []any
	viewer   editionViewer
}

// BalanceOf tells who took part in an edition that the actor was shown.
func (db *DB) BalanceOf(ctx context.Context, actor governance.Actor, e *Edition) (balance *Balance, err error) {
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		viewer, err := q.viewerOf(ctx, actor, e)
		if err != nil {
			return err
		}
		balance, err = q.balance(ctx, balanceScope{`SELECT w.id FROM editions w WHERE w.id = $1`, []any{e.ID}, viewer})
		return err
	})
	return balance, err
}

// BalanceOfCouncil tells who took part in what was published under a council's rules, by sector and day of publication in
// its zone: public. INVALID for what is no day.
func (db *DB) BalanceOfCouncil(ctx context.Context, council *Council, filter BalanceFilter) (balance *Balance, err error) {
	scope := balanceScope{args: []any{council.ID}, editions: `
			SELECT w.edition_id
			FROM publications w
			JOIN specifications u ON u.id = w.specification_id
			WHERE u.council_id = $1`}
	if filter.Sector != "" {
		scope.narrow("w.sector = $%d", filter.Sector)
	}
	calendar := governance.Calendar{Zone: council.Zone}
	if filter.From != "" {
		from, err := calendar.StartOf(filter.From)
		if err != nil {
			return nil, governance.Invalid("from", "date-malformed", "A date looks like 2026-03-31.")
		}
		scope.narrow("w.published_at >= $%d", from)
	}
	if filter.To != "" {
		to, err := calendar.EndOf(filter.To)
		if err != nil {
			return nil, governance.Invalid("to", "date-malformed", "A date looks like 2026-03-31.")
		}
		scope.narrow("w.published_at < $%d", to)
	}
	err = db.read(ctx, func(ctx context.Context, q *Query) error {
		balance, err = q.balance(ctx, scope)
		return err
	})
	return balance, err
}

func (s *balanceScope) narrow(condition string, arg any) {
	s.args = append(s.args, arg)
	s.editions += ` AND ` + fmt.Sprintf(condition, len(s.args))
}

// balance counts with four statements, however many editions there are.
func (q *Query) balance(ctx context.Context, scope balanceScope) (*Balance, error) {
	cells, err := q.balanceCells(ctx, scope)
	if err != nil {
		return nil, fmt.Errorf("count who took part: %w", err)
	}
	b := &Balance{Participation: governance.Involvements(cells)}
	if b.Rates, err = q.responseRates(ctx, scope); err != nil {
		return nil, fmt.Errorf("count who answered: %w", err)
	}
	stays, err := collect(ctx, q, func(row scanner) (governance.StageStay, error) {
		var s governance.StageStay
		return s, row.Scan(&s.Stage, at(&s.From), at(&s.To))
	}, `
		SELECT stage, entered_at, LEAD(entered_at) OVER (PARTITION BY edition_id ORDER BY number)
		FROM edition_stages
		WHERE edition_id IN (`+scope.editions+`)
		ORDER BY edition_id, number`, scope.args...)
	if err != nil {
		return nil, fmt.Errorf("read the stages: %w", err)
	}
	b.Stages = governance.StageTimes(stays, q.now)
	err = q.queryRow(ctx, `
		SELECT COUNT(DISTINCT c.person_id)
		FROM comments c
		WHERE c.organization_id IS NULL AND c.state <> 'WITHDRAWN' AND c.edition_id IN (`+scope.editions+`)`+scope.viewer.saidInPublic(),
		scope.args...).Scan(&b.Persons)
	if err != nil {
		return nil, fmt.Errorf("count persons: %w", err)
	}
	return b, nil
}

// openToAll says of a ballot b on an edition that who took part in it is told: at once where it is not secret, else at the
// count, and never of one that was taken back.
const openToAll = `b.kind = 'EDITION' AND (b.secrecy = 'AT_ONCE' OR b.outcome IN ('CARRIED', 'NOT_CARRIED', 'INQUORATE'))`

// balanceCells counts who took part. An elector's chamber is that of its ballot, another organization's its newest on the
// council's roll.
func (q *Query) balanceCells(ctx context.Context, scope balanceScope) ([]governance.BalanceCell, error) {
	said := func(objection int) string {
		return fmt.Sprintf(`
				SELECT '%s', c.edition_id, c.organization_id, CAST(NULL AS TEXT)
				FROM comments c
				WHERE c.organization_id IS NOT NULL AND c.is_objection = %d AND c.state <> 'WITHDRAWN' AND c.edition_id IN (%s)%s`,
			[]governance.Activity{governance.ActivityComment, governance.ActivityObjection}[objection], objection, scope.editions,
			scope.viewer.saidInPublic())
	}
	ways := []string{`
				SELECT 'WORKING_GROUP' AS activity, g.edition_id AS edition_id, g.organization_id AS organization_id, CAST(NULL AS TEXT) AS chamber
				FROM working_group g
				WHERE g.state = 'MEMBER' AND g.edition_id IN (` + scope.editions + `)`,
		said(0), said(1), `
				SELECT 'BALLOT', b.edition_id, p.organization_id, v.chamber
				FROM ballots b
				JOIN positions p ON p.ballot_id = b.id AND p.is_latest = 1
				JOIN electors v ON v.ballot_id = b.id AND v.organization_id = p.organization_id
				WHERE ` + openToAll + ` AND b.edition_id IN (` + scope.editions + `)`, `
				SELECT 'ENDORSEMENT', t.edition_id, t.organization_id, CAST(NULL AS TEXT)
				FROM statements t
				WHERE t.kind = 'ENDORSEMENT' AND t.state IN ('GIVEN', 'REVOKED') AND t.edition_id IN (` + scope.editions + `)`,
	}
	return collect(ctx, q, func(row scanner) (governance.BalanceCell, error) {
		var c governance.BalanceCell
		return c, row.Scan(&c.Activity, &c.Chamber, &c.Country, &c.Size, &c.Organizations, &c.Acts)
	}, `
		SELECT activity, chamber, country, size, COUNT(DISTINCT organization_id), COUNT(*)
		FROM (
			SELECT x.activity, x.organization_id, o.country, o.size, COALESCE(x.chamber, (
				SELECT r.chamber
				FROM roll_entries r
				WHERE r.council_id = s.council_id AND r.organization_id = x.organization_id AND r.from_at IS NOT NULL
				ORDER BY r.from_at DESC, r.id DESC
				LIMIT 1
			), '') AS chamber
			FROM (`+strings.Join(ways, `
				UNION ALL`)+`
			) AS x
			JOIN editions e ON e.id = x.edition_id
			JOIN specifications s ON s.id = e.specification_id
			JOIN organizations o ON o.id = x.organization_id
		) AS cells
		GROUP BY activity, chamber, country, size
		ORDER BY activity, chamber, country, size`, scope.args...)
}

// responseRates counts whom consultations asked (the roll of the moment and those invited by name), ballots and requests
// for an endorsement, and who of them acted. Electors of a ballot whose participation is not told yet are not counted.
func (q *Query) responseRates(ctx context.Context, scope balanceScope) ([]governance.ResponseRate, error) {
	return collect(ctx, q, func(row scanner) (governance.ResponseRate, error) {
		var r governance.ResponseRate
		return r, row.Scan(&r.Activity, &r.Asked, &r.Acted)
	}, `
		SELECT activity, COUNT(*), CAST(SUM(acted) AS BIGINT)
		FROM (
			SELECT 'CONSULTATION' AS activity, CASE WHEN EXISTS (
				SELECT 1
				FROM comments c
				WHERE c.edition_id = k.edition_id AND c.organization_id = a.organization_id AND c.state <> 'WITHDRAWN'
					AND c.created_at >= k.opened_at AND (k.closed_at IS NULL OR c.created_at <= k.closed_at)
			) THEN 1 ELSE 0 END AS acted
			FROM (
				SELECT n.id AS consultation_id, r.organization_id
				FROM consultations n
				JOIN editions e ON e.id = n.edition_id
				JOIN specifications s ON s.id = e.specification_id
				JOIN roll_entries r ON r.council_id = s.council_id AND r.from_at <= n.opened_at
					AND (r.until_at IS NULL OR r.until_at > n.opened_at)
				WHERE n.edition_id IN (`+scope.editions+`)
				UNION
				SELECT i.consultation_id, i.organization_id
				FROM consultation_invitations i
				WHERE i.edition_id IN (`+scope.editions+`)
			) AS a
			JOIN consultations k ON k.id = a.consultation_id
			UNION ALL
			SELECT 'BALLOT', CASE WHEN EXISTS (
				SELECT 1 FROM positions p WHERE p.ballot_id = b.id AND p.organization_id = v.organization_id
			) THEN 1 ELSE 0 END
			FROM ballots b
			JOIN electors v ON v.ballot_id = b.id
			WHERE `+openToAll+` AND b.edition_id IN (`+scope.editions+`)
			UNION ALL
			SELECT 'ENDORSEMENT', CASE WHEN t.answered_at IS NULL THEN 0 ELSE 1 END
			FROM statements t
			WHERE t.kind = 'ENDORSEMENT' AND t.edition_id IN (`+scope.editions+`)
		) AS asked
		GROUP BY activity
		ORDER BY activity`, scope.args...)
}
