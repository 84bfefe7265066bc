package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents"
	"passeur/venues"
)

// Imports: a file is read and checked by the command, which says what is wrong with it; what is right goes to the bot as JSON, whether
// it runs or not.

type importCmd struct {
	Calendar importCalendarCmd `cmd:"" help:"Les vacances scolaires d'une année, pour les permanences « sauf vacances »."`
	Places   importPlacesCmd   `cmd:"" help:"Les lieux de médiation numérique : un fichier CSV ou JSON au format national."`
	Answers  importAnswersCmd  `cmd:"" help:"Des questions déjà répondues (colonnes séparées par des tabulations), que « search » retrouve."`
	Rdv      importRdvCmd      `cmd:"" help:"Des rendez-vous tenus ailleurs (CSV) : montre ce qui change depuis le dernier import, et demande avant de le faire."`

	Priorites importPrioritiesCmd `cmd:"" help:"Les communes prioritaires (FRR, QPV) : la liste de chaque sorte que contient le fichier remplace celle d'avant."`
}

// longestCalendar is far above any calendar: a year of all zones is 2 KB.
const longestCalendar = 1 << 20

type importCalendarCmd struct {
	File string `arg:"" name:"FICHIER" type:"path" help:"Une ligne par période : zone, nom, premier jour sans classe, jour de la reprise, séparés par des tabulations."`
}

// Run imports school holidays.
func (c *importCalendarCmd) Run(ctx context.Context, s streams, load settings) error {
	text, err := readText(c.File, "un calendrier", longestCalendar)
	if err != nil {
		return err
	}
	breaks, err := bot.ReadSchoolBreaks(text)
	if err != nil {
		return fmt.Errorf("%s, %w : rien n'a été importé", c.File, err)
	}
	n, err := sendImport(ctx, s, load, "calendar", breaks, false)
	switch {
	case err != nil:
		return err
	case n == 0:
		fmt.Fprintln(s.out, "Rien n'a changé : ces vacances étaient déjà connues.")
	default:
		fmt.Fprintf(s.out, "C'est importé : les vacances de %d zone(s) ont changé. Les permanences « sauf vacances » les suivent.\n", n)
	}
	return nil
}

func takeCalendar(ctx context.Context, b *bot.Bot, a demand) (int, error) {
	var breaks map[string][]bot.SchoolBreak
	if err := json.Unmarshal(a.body, &breaks); err != nil {
		return 0, notOurs(err)
	}
	return b.ImportSchool(ctx, breaks, time.Now())
}

type importPlacesCmd struct {
	File  string `arg:"" name:"FICHIER" type:"path" help:"Le fichier national, ou celui d'un département, CSV ou JSON."`
	Force bool   `help:"Importe même un fichier qui a moins de la moitié des lieux connus."`
}

// Run imports the national directory of places.
func (c *importPlacesCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	communes, err := intents.NewGazetteer(cfg.Bot.Territories)
	if err != nil {
		return err
	}
	f, err := openImport(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	places, report, err := venues.Read(f, communes)
	if err != nil {
		return fmt.Errorf("%s : %w", c.File, err)
	}
	fmt.Fprint(s.out, report)
	n, err := sendImport(ctx, s, load, "places", places, c.Force)
	switch {
	case err != nil:
		return err
	case n == 0:
		fmt.Fprintf(s.out, "Rien n'a changé : ces %d lieux étaient déjà là.\n", len(places))
	default:
		fmt.Fprintf(s.out, "C'est importé : %d lieux, à la place de ceux d'avant.\n", n)
	}
	return nil
}

func takePlaces(ctx context.Context, b *bot.Bot, a demand) (int, error) {
	var places []bot.Venue
	if err := json.Unmarshal(a.body, &places); err != nil {
		return 0, notOurs(err)
	}
	return b.ImportVenues(ctx, places, a.force, time.Now())
}

// notOurs is the error of an order whose body another release wrote.
func notOurs(err error) error {
	return fmt.Errorf("le robot ne comprend pas cet import : tourne-t-il dans la même version que la commande ? (%w)", err)
}

// sendImport gives an import to the running bot, or carries it out when none runs.
func sendImport(ctx context.Context, s streams, load settings, name string, what any, force bool) (int, error) {
	cfg, err := load()
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(what)
	if err != nil {
		return 0, err
	}
	return command(ctx, cfg, s, name, demand{body: body, force: force})
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

// How early `check` warns.
const (
	holidaysEnd = 60 * 24 * time.Hour // the arrêté of the next year is out well before
	placesOld   = 6                   // months; the directory is published every day, and opening hours move with the seasons
)

// imports warns of what was imported too long ago. What cannot be read is a fault.
func (r *report) imports(ctx context.Context, s bot.Store, territories []string, now time.Time) {
	var zones []string
	for _, territory := range territories {
		zone := bot.SchoolZone(territory)
		if slices.Contains(zones, zone) {
			continue
		}
		zones = append(zones, zone)
		until, err := bot.SchoolKnownUntil(ctx, s, territory)
		switch {
		case err != nil:
			r.bad("Vacances scolaires de la zone %s : %v", zone, err)
		case until == "":
			r.warn("Vacances scolaires de la zone %s : aucune n'est connue, « sauf vacances » ne peut pas y être noté. Importez-les : passeur import calendar", zone)
		case until < now.Add(holidaysEnd).Format(time.DateOnly):
			r.warn("Vacances scolaires de la zone %s : connues jusqu'au %s seulement. Importez l'année suivante : passeur import calendar", zone, french(until))
		}
	}
	src, version, err := bot.ReadSource(ctx, s, bot.SourceVenues)
	switch {
	case err != nil:
		r.bad("Lieux de médiation numérique : %v", err)
	case version > 0 && src.Imported.AddDate(0, placesOld, 0).Before(now):
		r.warn("Lieux de médiation numérique : importés le %s, il y a plus de %d mois. Importez-les de nouveau : passeur import places", src.Imported.Format("02/01/2006"), placesOld)
	}
}

// french writes a day as people do: "01/09/2027".
func french(day string) string {
	parts := strings.Split(day, "-")
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}
