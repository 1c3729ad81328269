package store

import (
	"slices"

	"concordat/governance"
)

// This file holds the work on rolls and mandates: what is about organizations and persons and hangs on no edition.

// inNoLanguage is work whose title is a name.
func inNoLanguage(s workSource) workSource {
	s.language, s.edition = "'"+noLanguage+"'", noText
	return s
}

// invitationsToAccept are invitations to mandates that were sent to the person's own verified address. They are the
// person's, whoever it acts for.
func invitationsToAccept(s *workSearch) workSource {
	now := s.bind(s.now)
	return inNoLanguage(workSource{
		organization: noText, object: "i.id", title: "o.legal_name", due: "i.expires_at", path: "'" + invitationPath + "' || i.id",
		from: `persons p
		JOIN mandate_invitations i ON i.email = LOWER(p.email)
		JOIN organizations o ON o.id = i.organization_id`,
		where: `p.id = ` + s.bind(s.person) + ` AND p.email <> '' AND p.email_verified = 1 AND p.erased_at IS NULL
			AND i.state = 'OPEN' AND i.email <> '' AND i.expires_at > ` + now + ` AND o.suspended = 0 AND ` + makerStands(now) + ` = 1`,
	})
}

// mandatesToExtend are mandates that end within governance.EndingDays: for those who may extend them, and for who holds
// them. A deputy's ends as it was meant to.
func mandatesToExtend(s *workSearch) workSource {
	var own []any
	for _, v := range s.voices {
		if !slices.Contains(own, any(v.organization)) {
			own = append(own, v.organization)
		}
	}
	return inNoLanguage(workSource{
		organization: "m.organization_id", object: "m.id", title: "o.legal_name", due: "m.until_at",
		path: "'/organizations/' || o.slug || '/mandates#' || m.id",
		from: `mandates m
		JOIN organizations o ON o.id = m.organization_id`,
		where: `m.delegated_from IS NULL AND m.until_at <= ` + s.bind(s.now.AddDate(0, 0, governance.EndingDays)) + `
			AND ` + standsAt("m", s.bind(s.now)) + `
			AND (m.organization_id ` + s.spokenFor(governance.RelationOwn) + `
				OR m.person_id = ` + s.bind(s.person) + ` AND m.organization_id ` + s.in(own) + `)`,
	})
}

// applicationsToAdmit are applications to a council's roll, while no ballot keeps the roll as it is.
func applicationsToAdmit(s *workSearch) workSource {
	return inNoLanguage(workSource{
		organization: "r.council_id", object: "r.id", title: "o.legal_name", due: noText,
		path: "'/councils/' || k.slug || '/roll#' || r.id",
		from: `roll_entries r
		JOIN organizations o ON o.id = r.organization_id
		JOIN organizations k ON k.id = r.council_id`,
		where: `r.state = 'APPLIED' AND r.council_id ` + s.spokenFor(governance.RelationCouncil) + `
			AND ` + noOpenBallot("r.council_id"),
	})
}

// newOrganizationsToAdmit are applications for organizations that are not registered yet.
func newOrganizationsToAdmit(s *workSearch) workSource {
	return inNoLanguage(workSource{
		organization: "p.council_id", object: "p.id", title: "p.legal_name", due: noText,
		path: "'/councils/' || k.slug || '" + applicationsPath + "' || p.id",
		from: `roll_applications p
		JOIN organizations k ON k.id = p.council_id`,
		where: `p.state = 'OPEN' AND p.council_id ` + s.spokenFor(governance.RelationCouncil) + ` AND ` + noOpenBallot("p.council_id"),
	})
}

// noOpenBallot says that no ballot of a council keeps its roll as it is.
func noOpenBallot(council string) string {
	return `NOT EXISTS (
				SELECT 1
				FROM ballots b
				WHERE b.council_id = ` + council + ` AND b.state = 'OPEN'
			)`
}

// chartersPath is where a council's charters are shown, under its own page.
const chartersPath = "/charters#"

// chartersToFound are charters proposed by councils that have none yet.
func chartersToFound(s *workSearch) workSource {
	platform := s.speakers(governance.RelationPlatform)[0] // there is one; who is not of it is not asked
	return inNoLanguage(workSource{
		organization: "CAST(" + s.bind(platform) + " AS TEXT)", object: "c.id", title: "o.legal_name", due: noText,
		path: "'/councils/' || o.slug || '" + chartersPath + "' || c.id",
		from: `charters c
		JOIN councils k ON k.id = c.council_id
		JOIN organizations o ON o.id = c.council_id`,
		where: `c.state = 'PROPOSED' AND k.charter_id IS NULL`,
	})
}
