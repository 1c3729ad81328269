package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"concordat/exchange"
	"concordat/governance"
	"concordat/server"
	"concordat/store"
)

// importESCO runs "concordat import esco FOLDER": it loads skills and occupations from the files of ESCO's portal, in every
// language that lies in the folder. It answers the exit status: 0, 1 where the database refuses it, 2 where the arguments or
// the files cannot be used.
func importESCO(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	version := ""
	line := commandLine{name: "import esco", args: args, operands: []string{"FOLDER"}, storageOnly: true, own: func(flags *flag.FlagSet) {
		flags.StringVar(&version, "version", "", "ESCO's version, as in 1.2.0; read from the folder's name if not said")
	}}
	c, operands, status, ok := configure(line, stderr)
	if !ok {
		return status
	}
	if version == "" {
		version = exchange.ESCOVersion(filepath.Base(filepath.Clean(operands[0])))
	}
	if version == "" {
		fmt.Fprintln(stderr, "concordat import esco: the folder's name does not say which version of ESCO this is: --version 1.2.0")
		return 2
	}
	read, err := exchange.ReadESCO(os.DirFS(operands[0]), version, func(file string) { fmt.Fprintln(stdout, "reading", file) })
	if err != nil {
		fmt.Fprintf(stderr, "concordat import esco: %v\n", err)
		return 2
	}
	return loadVocabularies(ctx, c, "import esco", read, stdout, stderr)
}

// importReference runs "concordat import reference VOCABULARY FILE": it loads a vocabulary from a file as its publisher offers
// it. It answers the exit status: 0, 1 where the database refuses it, 2 where the arguments or the file cannot be used.
func importReference(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	version, excerpt := "", false
	line := commandLine{name: "import reference", args: args, operands: []string{"VOCABULARY", "FILE"}, storageOnly: true, own: func(flags *flag.FlagSet) {
		flags.StringVar(&version, "version", "", "the vocabulary's version, as its publisher calls it; the file's own if not said")
		flags.BoolVar(&excerpt, "excerpt", false, "the file is a part of it: a code that it does not have may exist all the same")
	}}
	c, operands, status, ok := configure(line, stderr)
	if !ok {
		return status
	}
	fail := func(err error) int {
		fmt.Fprintf(stderr, "concordat import reference: %v\n", err)
		return 2
	}
	scheme := governance.Scheme(strings.ReplaceAll(strings.ToUpper(operands[0]), "-", "_"))
	if !scheme.Known() {
		return fail(fmt.Errorf("there is no vocabulary %s; there are: %s", operands[0], joined(governance.Schemes)))
	}
	file, err := os.Open(operands[1])
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	v, err := exchange.ReadVocabulary(file, filepath.Base(operands[1]), scheme)
	if err != nil {
		return fail(err)
	}
	v.Excerpt = excerpt
	if version != "" {
		v.Version = version
	}
	if v.Version == "" {
		return fail(errors.New("the file does not say which version this is: --version 2026-01-14"))
	}
	return loadVocabularies(ctx, c, "import reference", []governance.Vocabulary{v}, stdout, stderr)
}

// loadVocabularies loads what was read from files, one vocabulary after the other, and says what came of each.
func loadVocabularies(ctx context.Context, c *config, command string, read []governance.Vocabulary, stdout, stderr io.Writer) int {
	db, err := server.OpenStore(ctx, c.server, c.logger(stderr))
	if err == nil {
		for _, v := range read {
			if err = loadVocabulary(ctx, db, v, stdout); err != nil {
				break
			}
		}
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		fmt.Fprintf(stderr, "concordat %s: %v\n", command, err)
		return 1
	}
	return 0
}

func loadVocabulary(ctx context.Context, db *store.DB, v governance.Vocabulary, stdout io.Writer) error {
	loaded, err := db.LoadVocabulary(ctx, v, func(terms int) { fmt.Fprintf(stdout, "%s: %d terms written\n", v.Scheme, terms) })
	if err != nil {
		return err
	}
	if loaded.Unchanged {
		_, err = fmt.Fprintf(stdout, "%s %s: %d terms, loaded before; nothing changed\n", v.Scheme, v.Version, loaded.Terms)
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s %s: %d terms in force, %d of them new; %d are obsolete from now on\n",
		v.Scheme, v.Version, loaded.Terms, loaded.Added, loaded.Retired)
	return err
}
