package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"concordat/store"
)

// admin runs "concordat admin grant ISSUER SUBJECT", which makes the first administrator of an installation and any
// further one. The person is named as its identity provider names it, and need not have signed in yet.
func admin(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "grant" {
		fmt.Fprintln(stderr, "usage: concordat admin grant [FLAGS] ISSUER SUBJECT")
		return 2
	}
	var platform store.RegisterOrganizationInput
	grant := operation{
		name:     "admin grant",
		operands: []string{"ISSUER", "SUBJECT"},
		own: func(flags *flag.FlagSet) {
			flags.StringVar(&platform.LegalName, "platform-name", "", "legal name of the organization that runs the installation; the first time")
			flags.StringVar(&platform.Slug, "platform-slug", "platform", "its short name in addresses; the first time")
			flags.StringVar(&platform.Country, "platform-country", "", "its country, two capital letters; the first time")
		},
		do: func(ctx context.Context, db *store.DB, operands []string, stdout io.Writer) error {
			_, err := db.GrantAdmin(ctx, store.AdminGrant{Issuer: operands[0], Subject: operands[1], Platform: platform})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(stdout, operands[1], "at", operands[0], "is an administrator.")
			return err
		},
	}
	return grant.run(ctx, args[1:], stdout, stderr)
}
