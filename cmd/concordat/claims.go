package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"concordat/auth"
)

const claimsUsage = "usage: concordat claims explain --mapping FILE --token FILE [--json]"

// claims runs "concordat claims explain": what the claims of a token would get under a mapping file, and why. The
// token is a file of claims in JSON or a whole JWT, whose signature is not checked; "-" reads it from standard input.
// It answers the exit status: 0, or 2 with one line on stderr where the arguments or files cannot be read.
func claims(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "explain" {
		fmt.Fprintln(stderr, claimsUsage)
		return 2
	}
	flags := flag.NewFlagSet("claims explain", flag.ContinueOnError)
	flags.SetOutput(stderr)
	mapping := flags.String("mapping", "", "claim mapping `FILE` (YAML or JSON)")
	token := flags.String("token", "", "`FILE` with the token's claims in JSON, or the token; - is standard input")
	asJSON := flags.Bool("json", false, "answer in JSON")
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	if *mapping == "" || *token == "" || flags.NArg() > 0 {
		fmt.Fprintln(stderr, claimsUsage)
		return 2
	}
	explanation, err := explainClaims(*mapping, *token)
	if err != nil {
		fmt.Fprintln(stderr, "concordat claims explain:", err)
		return 2
	}
	if *asJSON {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(explanation)
	} else {
		err = explanation.WriteText(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "concordat claims explain:", err)
		return 2
	}
	return 0
}

func explainClaims(mappingFile, tokenFile string) (auth.Explanation, error) {
	file, err := os.ReadFile(mappingFile)
	if err != nil {
		return auth.Explanation{}, err
	}
	mapping, err := auth.ParseMapping(file)
	if err != nil {
		return auth.Explanation{}, err
	}
	token, err := readTokenFile(tokenFile)
	if err != nil {
		return auth.Explanation{}, err
	}
	parsed, err := auth.ParseClaims(token)
	if err != nil {
		return auth.Explanation{}, err
	}
	return mapping.Explain(parsed), nil
}

// readTokenFile reads claims: the file's JSON, or the payload of the JWT in it.
func readTokenFile(name string) ([]byte, error) {
	var content []byte
	var err error
	if name == "-" {
		content, err = io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
	} else {
		content, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	text := strings.TrimSpace(string(content))
	parts := strings.Split(text, ".")
	if strings.HasPrefix(text, "{") || len(parts) != 3 {
		return content, nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errors.New("reading token: neither claims in JSON nor a JWT")
	}
	return payload, nil
}
