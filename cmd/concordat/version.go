package main

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
)

// version says which version this is: the module's, the commit it was built from where that is known, and Go's.
func version(_ context.Context, _ []string, stdout, stderr io.Writer) int {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		fmt.Fprintln(stderr, "concordat version: built without a record of what it was built from")
		return 1
	}
	fmt.Fprintln(stdout, "concordat", describe(build))
	return 0
}

func describe(build *debug.BuildInfo) string {
	text := build.Main.Version
	if text == "" {
		text = "(devel)"
	}
	for _, setting := range build.Settings {
		switch {
		case setting.Key == "vcs.revision":
			text += ", commit " + setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			text += " with changes"
		}
	}
	return text + ", " + build.GoVersion
}
