package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"concordat/exchange"
	"concordat/governance"
)

// edcPack merges a list of recipients into the template of a European Digital Credential: one file a learner, as an issuer
// of EDC takes it. It reads and writes files of this machine, and opens no connection. It answers the exit status: 0
// written, 1 where a file could not be, 2 where arguments, template or list cannot be used; then nothing was written.
func edcPack(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("edc-pack", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "credentials", "write the files into this `DIR`, which is made where it is missing")
	force := flags.Bool("force", false, "write over files that are there")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: concordat edc-pack TEMPLATE RECIPIENTS.csv [--out DIR] [--force]\n"+
			"  Merges the learners of a list into a template (the register's ?format=elm-edc), on this machine alone.\n"+
			"  Columns: email, given_name, family_name, a grade or a grade:ID for each assessment; and, as wanted, full_name,\n"+
			"  certificate_number, date_of_birth, awarding_date, valid_from, valid_until (2027-06-30).")
		flags.PrintDefaults()
	}
	operands, err := parseAmong(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case len(operands) != 2:
		flags.Usage()
		return 2
	}
	files, err := packed(operands[0], operands[1])
	if err != nil {
		fmt.Fprintln(stderr, "concordat edc-pack:", err)
		return 2
	}
	if err := writeCredentials(*out, files, *force); err != nil {
		fmt.Fprintln(stderr, "concordat edc-pack:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%d credentials written to %s, for upload to the issuer. They hold personal data.\n", len(files), *out)
	return 0
}

// parseAmong reads flags before, between and behind the operands.
func parseAmong(flags *flag.FlagSet, args []string) (operands []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return operands, nil
		}
		operands = append(operands, flags.Arg(0))
		args = flags.Args()[1:]
	}
}

// packed makes the files, one a recipient in the order of the list, each under an identifier of its own.
func packed(templateFile, listFile string) ([][]byte, error) {
	template, err := readUpTo(templateFile, exchange.MaxImportBytes)
	if err != nil {
		return nil, err
	}
	list, err := readUpTo(listFile, exchange.MaxImportBytes)
	if err != nil {
		return nil, err
	}
	t, err := exchange.ReadEDCTemplate(template)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", templateFile, err)
	}
	recipients, err := t.Recipients(list)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", listFile, err)
	}
	files := make([][]byte, len(recipients))
	for i, recipient := range recipients {
		id, err := uuid.NewRandom()
		if err != nil {
			return nil, fmt.Errorf("draw an identifier: %w", err)
		}
		files[i], err = t.Pack(recipient, governance.URI("urn:credential:"+id.String()))
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", listFile, recipient.Line, err)
		}
	}
	return files, nil
}

// readUpTo reads a file and one byte more than it may have, so that too large a one is refused and not cut off.
func readUpTo(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// writeCredentials writes the files for their owner's eyes alone. Nothing is written where files of an earlier run would be
// written over, unless forced, and never where some of them would stay among the new ones.
func writeCredentials(dir string, files [][]byte, force bool) error {
	name := func(i int) string { return filepath.Join(dir, fmt.Sprintf("credential-%05d.json", i+1)) }
	earlier, err := filepath.Glob(filepath.Join(dir, "credential-*.json"))
	if err != nil {
		return fmt.Errorf("look into %s: %w", dir, err)
	}
	for _, there := range earlier {
		switch {
		case !force:
			return fmt.Errorf("%s is there already, and nothing was written: choose another --out, or --force", there)
		case there > name(len(files)-1):
			return fmt.Errorf("%s of an earlier run would stay among the new ones, and nothing was written: delete it first", there)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	mode := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		mode = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	for i, content := range files {
		file, err := os.OpenFile(name(i), mode, 0o600)
		if err != nil {
			return err
		}
		_, err = file.Write(content)
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("write %s: %w", name(i), err)
		}
	}
	return nil
}
