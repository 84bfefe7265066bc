package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/intents"
	"passeur/store"
)

// Learning in the field: somebody says what the texts meant that the bot did not understand, and they become examples. A record is erased once
// its line is on the disk; a text whose line is there already is not asked about again, so that a crash between the two does no harm.

type learnCmd struct {
	File string `arg:"" name:"FICHIER" help:"Où ajouter les exemples ; créé s'il n'existe pas."`
	Role string `enum:"usager,pro" default:"usager" help:"De qui viennent les messages : usager ou pro."`
}

// Run asks about each text that waits, one answer a line.
func (c *learnCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	if err := databaseThere(cfg); err != nil {
		return err
	}
	waiting, err := c.waiting(ctx, load)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		fmt.Fprintln(s.out, "Aucun message n'attend d'étiquette.")
		return nil
	}
	file, err := openExamples(c.File)
	if err != nil {
		return err
	}
	whole := context.WithoutCancel(ctx) // what was begun on a text is ended
	l := &lesson{file: file, labels: intents.Labels(c.Role == "pro"), out: s.out, answers: linesOf(ctx, s.in),
		there: func(id string) (bool, error) { return misreadThere(whole, load, id) },
		erase: func(id string) error { return eraseMisread(whole, cfg, s, id) }}
	err = l.all(ctx, waiting)
	fmt.Fprintf(s.out, "%d exemple(s) écrit(s) dans %s, %d message(s) jeté(s), %d attend(ent) encore.\n", l.written, c.File, l.thrown, len(waiting)-l.done)
	return errors.Join(err, file.Close())
}

// waiting are the texts of the role that wait.
func (c *learnCmd) waiting(ctx context.Context, load settings) (all []bot.KeptMisread, err error) {
	role := bot.Usager
	if c.Role == "pro" {
		role = bot.Conseiller
	}
	err = reading(ctx, load, func(_ *config.Config, db *store.DB) (err error) {
		all, err = bot.Misreads(ctx, db)
		return err
	})
	return slices.DeleteFunc(all, func(k bot.KeptMisread) bool { return k.Role != role }), err
}

// misreadThere reports whether a record still waits: somebody else may have labelled or thrown it, or its month is over.
func misreadThere(ctx context.Context, load settings, id string) (there bool, err error) {
	err = reading(ctx, load, func(_ *config.Config, db *store.DB) error {
		records, err := db.Get(ctx, "misread", id)
		there = len(records) > 0
		return err
	})
	return there, err
}

// eraseMisread erases one record, by the running bot or without it.
func eraseMisread(ctx context.Context, cfg *config.Config, s streams, id string) error {
	body, err := json.Marshal([]string{id})
	if err != nil {
		return err
	}
	_, err = command(ctx, cfg, s, learntOrder, demand{body: body})
	return err
}

// learntOrder erases records, by their ids.
var learntOrder = taking("learnt", func(ctx context.Context, b *bot.Bot, ids []string) (int, error) {
	return b.EraseMisreads(ctx, ids, time.Now())
})

// lesson goes through the texts that wait.
type lesson struct {
	file    *examplesFile
	labels  []intents.Intent
	out     io.Writer
	answers <-chan typedLine
	there   func(id string) (bool, error)
	erase   func(id string) error

	written, thrown int
	done            int // records that wait no more
}

// What one may answer beside a label.
const (
	answerSkip  = "passer"
	answerThrow = "jeter"
	answerEnd   = "fin"
)

// mostAsked is how many times one text is asked about.
const mostAsked = 3

func (l *lesson) all(ctx context.Context, waiting []bot.KeptMisread) error {
	l.explain()
	for i, k := range waiting {
		if l.file.has(k.Open, k.Text) {
			if err := l.forget(k.ID); err != nil {
				return err
			}
			continue
		}
		l.show(i+1, len(waiting), k)
		answer, err := l.ask(ctx)
		if err == nil && answer != answerEnd {
			err = l.take(answer, k)
		}
		if err != nil || answer == answerEnd {
			return err
		}
	}
	return nil
}

// ask waits for an answer that can be taken, in small letters. Where there are no more, or the context is done, it is answerEnd; what is no answer
// in the end leaves the text for later.
func (l *lesson) ask(ctx context.Context) (string, error) {
	for range mostAsked {
		fmt.Fprint(l.out, "> ")
		var typed typedLine
		more := false
		select {
		case <-ctx.Done():
		case typed, more = <-l.answers:
		}
		if !more || typed.err != nil {
			fmt.Fprintln(l.out)
			return answerEnd, typed.err
		}
		answer := strings.ToLower(strings.TrimSpace(typed.text))
		if _, ok := l.label(answer); ok || slices.Contains([]string{"", answerSkip, answerThrow, answerEnd}, answer) {
			return answer, nil
		}
		l.correct(answer)
	}
	fmt.Fprintln(l.out, "Le message reste pour plus tard.")
	return answerSkip, nil
}

// correct says that an answer is none, and what may have been meant.
func (l *lesson) correct(answer string) {
	meant := fmt.Sprintf("répondez par un numéro de 1 à %d ou une étiquette", len(l.labels))
	known := []string{answerSkip, answerThrow, answerEnd}
	for _, label := range l.labels {
		known = append(known, string(label))
	}
	if near := config.Suggest(answer, known); near != "" {
		meant = fmt.Sprintf("vouliez-vous dire « %s » ?", near)
	}
	fmt.Fprintf(l.out, "« %s » n'est pas une étiquette : %s\n", answer, meant)
}

// explain shows the labels and what may be answered.
func (l *lesson) explain() {
	width := 0
	for _, label := range l.labels {
		width = max(width, len(label))
	}
	for i, label := range l.labels {
		if i%4 == 3 || i == len(l.labels)-1 {
			fmt.Fprintf(l.out, "%2d %s\n", i+1, label)
		} else {
			fmt.Fprintf(l.out, "%2d %-*s  ", i+1, width, label)
		}
	}
	fmt.Fprintf(l.out, "Que voulait dire chaque message ? Un numéro ou une étiquette ; « %s » ou rien : plus tard ; « %s » : l'effacer ; « %s » : arrêter.\n",
		answerSkip, answerThrow, answerEnd)
}

func (l *lesson) show(n, of int, k bot.KeptMisread) {
	fmt.Fprintf(l.out, "\n[%d/%d] « %s »\n", n, of, k.Text)
	fmt.Fprintf(l.out, "  question ouverte : %s ; deviné : %s (%s)", cmp.Or(k.Open, "aucune"), k.Guess, k.Reason)
	if k.Chosen != "" {
		fmt.Fprintf(l.out, " ; la personne a choisi : %d %s", slices.Index(l.labels, k.Chosen)+1, k.Chosen)
	}
	fmt.Fprintln(l.out)
}

// take does what was answered about a text, if its record is still there.
func (l *lesson) take(answer string, k bot.KeptMisread) error {
	if answer == "" || answer == answerSkip {
		return nil
	}
	there, err := l.there(k.ID)
	if err != nil {
		return err
	}
	if !there {
		l.done++
		fmt.Fprintln(l.out, "Ce message n'attend plus : quelqu'un s'en est occupé entre-temps, rien n'est écrit.")
		return nil
	}
	if answer == answerThrow {
		l.thrown++
		return l.forget(k.ID)
	}
	label, _ := l.label(answer)
	if err := l.file.add(k.Open, label, k.Text); err != nil {
		return err
	}
	l.written++
	return l.forget(k.ID)
}

// label is the one that was answered by its number or its name.
func (l *lesson) label(answer string) (intents.Intent, bool) {
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(l.labels) {
		return l.labels[n-1], true
	}
	label := intents.Intent(answer)
	return label, slices.Contains(l.labels, label)
}

func (l *lesson) forget(id string) error {
	if err := l.erase(id); err != nil {
		return err
	}
	l.done++
	return nil
}

// fieldAuthor is who the examples from the field are by.
const fieldAuthor = "terrain"

// examplesFile is a file of examples that lines are added to.
type examplesFile struct {
	*os.File
	known map[string]bool // contexts and texts of its lines
}

// openExamples opens a file of examples, or makes one that only its owner reads, and keeps everybody else from writing to it.
func openExamples(path string) (*examplesFile, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s n'est pas un fichier ordinaire : choisissez-en un autre", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("le fichier %s ne peut pas être écrit : %w ; vérifiez le chemin et les droits", path, cause(err))
	}
	if taken, err := store.TryLock(f); err != nil || !taken {
		err = cmp.Or(cause(err), errors.New("quelqu'un d'autre y étiquette déjà des messages ; attendez qu'il ait fini, ou prenez un autre fichier"))
		return nil, errors.Join(fmt.Errorf("le fichier %s : %w", path, err), f.Close())
	}
	e := &examplesFile{f, map[string]bool{}}
	if err := errors.Join(e.read(), syncFolder(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("le fichier %s : %w", path, cause(err)), f.Close())
	}
	return e, nil
}

// read notes the lines that are there, and ends the last one.
func (e *examplesFile) read() error {
	table, err := io.ReadAll(e.File)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(strings.TrimRight(line, "\r\n"), "\t"); len(f) == 4 {
			e.known[f[0]+"\t"+f[3]] = true
		}
	}
	if len(table) > 0 && table[len(table)-1] != '\n' {
		_, err = e.WriteString("\n")
	}
	return err
}

// has reports whether a text stands in the file, whatever its label.
func (e *examplesFile) has(open, text string) bool { return e.known[contextOf(open)+"\t"+text] }

// add writes an example and returns once it is on the disk. What is written in part is taken back.
func (e *examplesFile) add(open string, label intents.Intent, text string) error {
	size, err := e.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	_, err = e.WriteString(strings.Join([]string{contextOf(open), string(label), fieldAuthor, text}, "\t") + "\n")
	if err = cmp.Or(err, e.Sync()); err != nil {
		return errors.Join(fmt.Errorf("l'exemple n'a pas pu être écrit, le message reste : %w", cause(err)), e.Truncate(size))
	}
	e.known[contextOf(open)+"\t"+text] = true
	return nil
}

// contextOf is how the examples write an open question.
func contextOf(open string) string { return cmp.Or(open, "-") }

// syncFolder makes the name of a file last.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
