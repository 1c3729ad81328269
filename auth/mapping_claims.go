package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Claims are the decoded claims of a token: what JSON gives, with numbers as json.Number.
type Claims map[string]any

// ParseClaims reads one JSON object and nothing after it.
func ParseClaims(object []byte) (Claims, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	var claims Claims
	if err := decoder.Decode(&claims); err != nil {
		return nil, fmt.Errorf("reading claims: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading claims: there is something after the object")
	}
	if claims == nil {
		return nil, errors.New("reading claims: not an object")
	}
	return claims, nil
}

// ClaimPath is the way to a claim: names from the outside in. In a file it is either one string with dots
// (resource_access.concordat.roles) or a list of names where a name has dots itself; * stands for every name. Lists on
// the way are gone through.
type ClaimPath []string

// UnmarshalYAML reads both forms.
func (p *ClaimPath) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*p = strings.Split(node.Value, ".")
	} else if err := node.Decode((*[]string)(p)); err != nil {
		return err
	}
	if slices.Contains(*p, "") {
		return fmt.Errorf("line %d: a claim's path has an empty name", node.Line)
	}
	return nil
}

// String joins the names with dots.
func (p ClaimPath) String() string { return strings.Join(p, ".") }

// values answers every text, number and truth value at the path, in the token's order; objects have none.
func (c Claims) values(path ClaimPath, split string) []string {
	if len(path) == 0 {
		return nil
	}
	var found []string
	var walk func(node any, rest ClaimPath)
	walk = func(node any, rest ClaimPath) {
		switch value := node.(type) {
		case []any:
			for _, element := range value {
				walk(element, rest)
			}
		case map[string]any:
			for _, child := range children(value, rest) {
				walk(child, rest[1:])
			}
		default:
			if len(rest) == 0 {
				found = append(found, scalars(value, split)...)
			}
		}
	}
	walk(map[string]any(c), path)
	return found
}

func children(object map[string]any, rest ClaimPath) []any {
	if len(rest) == 0 {
		return nil
	}
	if rest[0] != "*" {
		if child, ok := object[rest[0]]; ok {
			return []any{child}
		}
		return nil
	}
	var all []any
	for _, name := range slices.Sorted(maps.Keys(object)) {
		all = append(all, object[name])
	}
	return all
}

func scalars(value any, split string) []string {
	switch v := value.(type) {
	case string:
		if split == "" {
			return []string{v}
		}
		parts := strings.Split(v, split)
		return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	case json.Number:
		return []string{v.String()}
	case bool:
		return []string{fmt.Sprint(v)}
	default:
		return nil
	}
}

// first answers the first value at any of the paths, or "".
func (c Claims) first(paths ...ClaimPath) string {
	for _, path := range paths {
		if values := c.values(path, ""); len(values) > 0 && values[0] != "" {
			return values[0]
		}
	}
	return ""
}

var templateBlank = regexp.MustCompile(`\$\{([^}]*)\}`)

// checkTemplate refuses a blank that no group can fill.
func checkTemplate(template string, groups map[string]bool) error {
	for _, blank := range templateBlank.FindAllStringSubmatch(template, -1) {
		name, fold, folded := strings.Cut(blank[1], "|")
		if !groups[name] {
			return fmt.Errorf("grant: nothing fills ${%s}", blank[1])
		}
		if folded && fold != "lower" && fold != "upper" {
			return fmt.Errorf("grant: %q is not lower or upper", fold)
		}
	}
	if strings.Contains(templateBlank.ReplaceAllString(template, ""), "${") {
		return fmt.Errorf("grant: %q has an open ${", template)
	}
	return nil
}

// fill puts captures into a template's blanks, each once: what a token says is never read as a template.
func fill(template string, captures map[string]string) string {
	return templateBlank.ReplaceAllStringFunc(template, func(blank string) string {
		name, fold, _ := strings.Cut(blank[2:len(blank)-1], "|")
		switch fold {
		case "lower":
			return strings.ToLower(captures[name])
		case "upper":
			return strings.ToUpper(captures[name])
		default:
			return captures[name]
		}
	})
}
