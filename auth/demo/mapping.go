package demo

import (
	"strconv"
)

// MappingFile answers the claim mapping for the demo provider, in the form every installation writes for its own.
func MappingFile(issuer string) []byte {
	return []byte(`issuers:
  - issuer: ` + strconv.Quote(issuer) + `
    read: [id_token, userinfo, access_token]
    admin:
      claim: realm_access.roles
      equals: concordat-admin
    rules:
      - id: organization-groups
        claim: groups
        match: "/org/(?P<org>[a-z0-9-]+)/(?P<role>AUTHOR|REPRESENTATIVE|PUBLISHER|OBSERVER)"
        grant: {organization: "${org}", role: "${role}"}
      - id: council-groups
        claim: groups
        match: "/council/(?P<council>[a-z0-9-]+)/SECRETARY"
        grant: {council: "${council}", role: SECRETARY}
`)
}
