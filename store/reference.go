package store

import (
	"context"
	"encoding/json"
	"fmt"

	"concordat/governance"
)

// A scan leaves what a row refers to as a value with the id alone; filling reads all of them with one statement. A
// reader that wants no more than ids fills nothing.

// listLimit is how many ids one IN holds at most.
const listLimit = 500

const organizationColumns = `
	id,
	slug,
	legal_name,
	country,
	region,
	size,
	homepage,
	identifiers,
	COALESCE(controlled_by, ''),
	is_platform,
	suspended,
	created_at`

// scanOrganization reads organizationColumns.
func scanOrganization(row scanner) (*Organization, error) {
	var o Organization
	var size, identifiers string
	err := row.Scan(&o.ID, &o.Slug, &o.LegalName, &o.Country, &o.Region, &size, &o.Homepage, &identifiers,
		&o.ControllerID, &o.IsPlatform, &o.Suspended, at(&o.CreatedAt))
	if err != nil {
		return nil, err
	}
	if size != "" {
		o.Size = (*governance.OrganizationSize)(&size)
	}
	if identifiers == "[]" {
		o.Identifiers = []OrganizationIdentifier{}
		return &o, nil
	}
	if err := json.Unmarshal([]byte(identifiers), &o.Identifiers); err != nil {
		return nil, fmt.Errorf("read identifiers of organization %s: %w", o.ID, err)
	}
	return &o, nil
}

// fillOrganizations reads the organizations that the references name and completes each; nil references are passed
// over.
func (q *Query) fillOrganizations(ctx context.Context, references ...*Organization) error {
	ids := distinct(references, func(o *Organization) governance.OrganizationID { return o.ID })
	found, err := q.organizationsByID(ctx, ids)
	if err != nil {
		return err
	}
	for _, reference := range references {
		if reference == nil {
			continue
		}
		organization, ok := found[reference.ID]
		if !ok {
			return fmt.Errorf("organization %s is referred to and missing", reference.ID)
		}
		*reference = *organization
	}
	return nil
}

func (q *Query) organizationsByID(ctx context.Context, ids []governance.OrganizationID) (map[governance.OrganizationID]*Organization, error) {
	found := make(map[governance.OrganizationID]*Organization, len(ids))
	for batch := range batches(ids) {
		organizations, err := collect(ctx, q, scanOrganization,
			`SELECT `+organizationColumns+` FROM organizations WHERE id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read organizations: %w", err)
		}
		for _, organization := range organizations {
			found[organization.ID] = organization
		}
	}
	return found, nil
}

// fillPersons reads the names of the persons that the references name, where the viewer may see names: public are
// organizations, not persons. Nil references are passed over.
func (q *Query) fillPersons(ctx context.Context, viewer standing, references ...*Person) error {
	if !viewer.seesNames() {
		return nil
	}
	names, err := q.personNames(ctx, distinct(references, func(p *Person) governance.PersonID { return p.ID }))
	if err != nil {
		return err
	}
	for _, reference := range references {
		if reference == nil {
			continue
		}
		if name, ok := names[reference.ID]; ok {
			reference.Name = &name
		}
	}
	return nil
}

// personNames reads the names of those of the persons that were not erased.
func (q *Query) personNames(ctx context.Context, ids []governance.PersonID) (map[governance.PersonID]string, error) {
	names := make(map[governance.PersonID]string, len(ids))
	for batch := range batches(ids) {
		err := q.query(ctx, func(row scanner) error {
			var id governance.PersonID
			var name string
			if err := row.Scan(&id, &name); err != nil {
				return err
			}
			names[id] = name
			return nil
		}, `SELECT id, name FROM persons WHERE erased_at IS NULL AND id IN (`+placeholders(1, len(batch))+`)`, batch...)
		if err != nil {
			return nil, fmt.Errorf("read persons: %w", err)
		}
	}
	return names, nil
}

// seesNames says whether the viewer is a signed-in member of an organization.
func (s standing) seesNames() bool { return s.organization != "" }

// distinct lists the ids of references, each once, in the order of their first coming.
func distinct[T any, ID comparable](references []*T, id func(*T) ID) []ID {
	seen := make(map[ID]bool, len(references))
	var ids []ID
	for _, reference := range references {
		if reference != nil && !seen[id(reference)] {
			seen[id(reference)] = true
			ids = append(ids, id(reference))
		}
	}
	return ids
}

// batches hands out ids as statement parameters, no more at a time than one IN holds.
func batches[ID ~string](ids []ID) func(yield func([]any) bool) {
	return func(yield func([]any) bool) {
		for start := 0; start < len(ids); start += listLimit {
			part := ids[start:min(start+listLimit, len(ids))]
			args := make([]any, len(part))
			for i, id := range part {
				args[i] = string(id)
			}
			if !yield(args) {
				return
			}
		}
	}
}
