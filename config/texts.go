package config

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed texts/*.yaml
var texts embed.FS

// Texts returns what the bot says, by language and by key: one text, or its variants from the wordiest to the
// shortest. Each file texts/<language>.yaml is flat and maps a key to a text or to a list of them; the line breaks at
// the end of a block text are cut. A doubled key, an empty text and anything else are errors with file and line.
func Texts() (map[string]map[string][]string, error) { return loadTexts(texts) }

// languageForm is a language of ISO 639-1.
var languageForm = regexp.MustCompile(`^texts/([a-z]{2})\.yaml$`)

func loadTexts(files fs.FS) (map[string]map[string][]string, error) {
	names, err := fs.Glob(files, "texts/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	out := map[string]map[string][]string{}
	var faults []error
	for _, name := range names {
		m := languageForm.FindStringSubmatch(name)
		if m == nil {
			faults = append(faults, fmt.Errorf("%s : le nom du fichier doit être une langue sur deux lettres, comme fr.yaml", name))
			continue
		}
		catalogue, err := loadCatalogue(files, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		out[m[1]] = catalogue
	}
	return out, errors.Join(faults...)
}

func loadCatalogue(files fs.FS, name string) (map[string][]string, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", name, bare(err))
	}
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", name, err)
	}
	if root.shape != dict {
		return nil, fmt.Errorf("%s, ligne %d : des textes sont attendus, comme « merci: Merci. »", name, max(1, root.at.line))
	}
	out, lines := map[string][]string{}, map[string]int{}
	var faults []error
	for _, e := range root.entries {
		variants, fault := variantsOf(e.value)
		if first, twice := lines[e.key]; twice {
			fault = fmt.Sprintf("cette clé existe déjà ligne %d", first)
		}
		if fault != "" {
			faults = append(faults, fmt.Errorf("%s, ligne %d, clé « %s » : %s", name, e.at.line, e.key, fault))
		}
		out[e.key], lines[e.key] = variants, e.at.line
	}
	return out, errors.Join(faults...)
}

// variantsOf reads a text or a list of texts; the second result says what is wrong, or "".
func variantsOf(n node) ([]string, string) {
	items := n.items
	switch n.shape {
	case scalar:
		items = []node{n}
	case dict:
		return nil, "un texte ou une liste de textes est attendu ; s'il contient « : », mettez-le entre guillemets"
	}
	if len(items) == 0 {
		return nil, "ce texte est vide"
	}
	var out []string
	for _, item := range items {
		text := strings.TrimRight(item.text, "\r\n")
		switch {
		case item.shape == list || item.shape == dict:
			return nil, fmt.Sprintf("un texte est attendu ligne %d ; s'il contient « : », mettez-le entre guillemets", item.at.line)
		case strings.TrimSpace(text) == "":
			return nil, fmt.Sprintf("un texte est vide, ligne %d", max(1, item.at.line))
		}
		out = append(out, text)
	}
	return out, ""
}
