package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"passeur/venues"
)

// sendImport gives an import to the running bot, or carries it out when none runs.
func sendImport(ctx context.Context, s streams, load settings, o order, what any) (int, error) {
	cfg, err := load()
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(what)
	if err != nil {
		return 0, err
	}
	return command(ctx, cfg, s, o, demand{body: body})
}

// openImport opens a file to import; its errors are for whoever named it.
func openImport(file string) (*os.File, error) {
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		err = errors.New("c'est un dossier")
	}
	if err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu : %w ; vérifiez le chemin et les droits", file, cause(err))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être lu : %w ; vérifiez le chemin et les droits", file, cause(err))
	}
	return f, nil
}

// cause is what went wrong with a file, without the name of the file and of the call.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// readText reads a text of at most so many bytes, in UTF-8 or Windows-1252; a longer one is not what it should be.
func readText(file, what string, most int64) (string, error) {
	f, err := openImport(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return "", fmt.Errorf("le fichier %s ne se lit pas : %w", file, cause(err))
	}
	if int64(len(text)) > most {
		return "", fmt.Errorf("le fichier %s est trop grand pour %s (plus de %d Mio)", file, what, most>>20)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) || bytes.IndexByte(text, 0) >= 0 {
		return "", fmt.Errorf("le fichier %s n'est pas un texte en UTF-8 : enregistrez le fichier en UTF-8, rien n'a été importé", file)
	}
	return venues.UTF8(string(text)), nil
}

// listedFaults is how many lines are named one by one: who has more looks at the first ones.
const listedFaults = 100

func printFaults(s streams, faults []string) {
	for _, f := range faults[:min(len(faults), listedFaults)] {
		fmt.Fprintln(s.out, "✗ "+f)
	}
	if more := len(faults) - listedFaults; more > 0 {
		fmt.Fprintf(s.out, "✗ et %d autre(s)\n", more)
	}
}
