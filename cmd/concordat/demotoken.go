package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"concordat/auth/demo"
)

const demoTokenUsage = "usage: concordat demo-token PERSONA [--url URL]"

// demoToken runs "concordat demo-token": it prints a bearer token of the running demo as a persona. It answers the exit
// status: 0, 1 where the demo does not give one, 2 where the arguments are wrong, each with one line on stderr.
func demoToken(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo-token", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("url", "http://localhost:8080", "`URL` of the running demo")
	var personas []string
	for rest := args; len(rest) > 0; rest = flags.Args() { // flags may stand before and after the persona
		if strings.HasPrefix(rest[0], "-") {
			if err := flags.Parse(rest); err != nil {
				return 2
			}
			continue
		}
		personas = append(personas, rest[0])
		if err := flags.Parse(rest[1:]); err != nil {
			return 2
		}
	}
	if len(personas) != 1 {
		fmt.Fprintln(stderr, demoTokenUsage)
		fmt.Fprintln(stderr, "personas:", strings.Join(personaIDs(), ", "))
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	token, err := demo.Token(ctx, *address, personas[0])
	if err != nil {
		fmt.Fprintln(stderr, "concordat demo-token:", err)
		return 1
	}
	fmt.Fprintln(stdout, token)
	return 0
}

func personaIDs() []string {
	var ids []string
	for _, p := range demo.Personas() {
		ids = append(ids, p.ID)
	}
	return ids
}
