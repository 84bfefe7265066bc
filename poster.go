package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"passeur/bot"
	"passeur/config"
	"passeur/papers"
	"passeur/store"
)

type posterCmd struct {
	Permanence string `placeholder:"N" help:"Laquelle : son numéro dans la liste, ou son identifiant. Inutile quand il n'y en a qu'une."`
	List       bool   `help:"Ne fait que les lister."`
	Out        string `type:"path" placeholder:"FICHIER.pdf" help:"Où écrire l'affiche (sans cela : affiche-<commune>.pdf, dans le dossier courant)."`
	Keyword    string `placeholder:"MOTS" help:"Ce qu'il faut envoyer par SMS, à la place de RAPPEL et de la commune."`
	Telegram   bool   `help:"Le carré à viser ouvre Telegram, au lieu d'un SMS."`
	Force      bool   `help:"Remplace le fichier s'il existe."`
}

// Run writes the poster of one permanence, or lists them.
func (c *posterCmd) Run(ctx context.Context, s streams, load settings) error {
	return reading(ctx, load, func(cfg *config.Config, db *store.DB) error {
		h, err := looking(cfg, db)
		if err != nil {
			return err
		}
		all, err := h.bot.Posters(ctx, time.Now())
		switch {
		case err != nil:
			return err
		case len(all) == 0:
			return errors.New("aucune permanence n'est à venir : un conseiller en déclare une en écrivant au robot « permanence tous les mardis 14h-17h mairie de Périers »")
		case c.List:
			return listPosters(s, all)
		}
		facts, err := c.choose(s, all)
		if err != nil {
			return err
		}
		return c.print(s, cfg, facts)
	})
}

// choose finds the permanence that is named; without a name the only one there is.
func (c *posterCmd) choose(s streams, all []bot.PosterFacts) (bot.PosterFacts, error) {
	if c.Permanence == "" && len(all) == 1 {
		return all[0], nil
	}
	if n, err := strconv.Atoi(c.Permanence); err == nil && 1 <= n && n <= len(all) {
		return all[n-1], nil
	}
	for _, facts := range all {
		if c.Permanence == facts.ID {
			return facts, nil
		}
	}
	if err := listPosters(s, all); err != nil {
		return bot.PosterFacts{}, err
	}
	if c.Permanence == "" {
		return bot.PosterFacts{}, errors.New("il y a plusieurs permanences : dites laquelle, par exemple --permanence 1")
	}
	return bot.PosterFacts{}, fmt.Errorf("il n'y a pas de permanence à venir « %s » : choisissez dans la liste, par exemple --permanence 1", c.Permanence)
}

func listPosters(s streams, all []bot.PosterFacts) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "N°\tCONSEILLER\tLIEU\tQUAND\tIDENTIFIANT")
	for i, p := range all {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", i+1, p.Counsellor, p.Where, p.Rhythm, p.ID)
	}
	return w.Flush()
}

// print lays the poster out, then writes its file: nothing is left of one that cannot be made.
func (c *posterCmd) print(s streams, cfg *config.Config, facts bot.PosterFacts) error {
	keyword, err := c.keyword(facts)
	if err != nil {
		return err
	}
	text := posterText(cfg, facts, time.Now())
	if why := text.answerable(cfg, keyword); why != "" {
		fmt.Fprintf(s.out, "! Cette affiche ne demande pas de SMS : %s.\n", why)
	}
	if c.Telegram && !text.opensTelegram(facts) {
		return errors.New("--telegram : il faut un compte (telegram.token et telegram.account) et une commune connue ; docs/telegram.md dit comment")
	}
	var pdf bytes.Buffer
	if err := papers.Poster(&pdf, text.PosterText); err != nil {
		return err
	}
	file := cmp.Or(c.Out, fileName(facts, c.Telegram))
	if err := writeNew(file, pdf.Bytes(), c.Force); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "L'affiche est écrite : %s\n%s, %s\n", file, facts.Where, facts.Rhythm)
	return nil
}

// longestKeyword fits on a line that is read from two metres away.
const longestKeyword = 30

// keyword is what people are told to send.
func (c *posterCmd) keyword(facts bot.PosterFacts) (string, error) {
	words := strings.Join(strings.Fields(c.Keyword), " ")
	switch {
	case words == "":
		return facts.Keyword, nil
	case utf8.RuneCountInString(words) > longestKeyword:
		return "", fmt.Errorf("--keyword : « %s » est trop long à taper, %d caractères au plus", words, longestKeyword)
	}
	before, after, asks := strings.Cut(strings.ToUpper(words)+" ", "RAPPEL ")
	if !asks || after == "" || strings.Contains(before+" ", "FIN ") || strings.Contains(" "+before+after, " STOP") {
		return "", fmt.Errorf("--keyword : « %s » ne demande pas de rappel ; écrivez RAPPEL et une commune, comme « RAPPEL PERIERS »", words)
	}
	return strings.ToUpper(words), nil
}

// poster is a poster being written.
type poster struct{ papers.PosterText }

func posterText(cfg *config.Config, facts bot.PosterFacts, now time.Time) *poster {
	text := papers.PosterText{Title: "Permanence numérique", Place: facts.Where, When: facts.When, How: []string{facts.Access}, Foot: cfg.Bot.Service, Made: now}
	if facts.Counsellor != "" {
		text.With = "Avec " + facts.Counsellor
	}
	return &poster{text}
}

// answerable adds how people ask to be told: by SMS when what they send arrives, else by the telephone of the settings, else nothing. It
// returns why it is not by SMS.
func (p *poster) answerable(cfg *config.Config, keyword string) (why string) {
	to := strings.ReplaceAll(cfg.SMS.From, " ", "")
	if why = cannotAnswer(cfg, to); why == "" && keyword != "" {
		p.Keyword, p.KeywordWhy = fmt.Sprintf("Envoyez %s au %s", keyword, bot.FrenchPhone(to)), "pour recevoir un SMS la veille"
		p.Link, p.LinkWhy = smsLink(to, keyword), "Ou visez ce carré avec votre téléphone"
		return ""
	}
	if cfg.Bot.Phone != "" {
		p.Keyword = "Téléphone : " + bot.FrenchPhone(cfg.Bot.Phone)
	}
	return cmp.Or(why, "la commune du lieu n'est pas connue")
}

// opensTelegram has the square open Telegram, where who touches it is told of the commune's permanences; false when there is no account there.
func (p *poster) opensTelegram(facts bot.PosterFacts) bool {
	if facts.Telegram == "" {
		return false
	}
	p.Link, p.LinkWhy = facts.Telegram, "Sur Telegram : visez ce carré, puis touchez Démarrer"
	return true
}

// cannotAnswer says why nobody can write to the sender of our messages; "" when they can.
func cannotAnswer(cfg *config.Config, to string) string {
	switch {
	case to == "":
		return "les réglages ne disent pas le numéro auquel répondre (sms.from)"
	case strings.Trim(strings.TrimPrefix(to, "+"), "0123456789") != "":
		return fmt.Sprintf("personne ne peut répondre à « %s » (sms.from), qui n'est pas un numéro", to)
	}
	network, err := smsNetwork(cfg, io.Discard, quiet())
	if err != nil {
		return err.Error()
	}
	if !network.Abilities().Receives {
		return "les réponses n'arrivent pas à Passeur avec ces réglages (docs/sms.md)"
	}
	return ""
}

// smsLink opens a message that is ready to be sent (RFC 5724), on the telephones of today: of the body's separators only %20 is read by all.
func smsLink(to, words string) string {
	return "sms:" + to + "?body=" + strings.ReplaceAll(url.QueryEscape(words), "+", "%20")
}

// fileName is what a poster's file is called when nobody says: "affiche-saint-lo.pdf", "affiche-saint-lo-telegram.pdf".
func fileName(facts bot.PosterFacts, byTelegram bool) string {
	name := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(strings.TrimPrefix(facts.Keyword, "RAPPEL ")))
	kind := ""
	if byTelegram {
		kind = bot.TelegramPoster
	}
	return strings.Trim("affiche-"+name, "-") + kind + ".pdf"
}

// writeNew writes a file that is not there yet, or, when forced, in the stead of one that is. A file that could not be written whole is
// taken away.
func writeNew(file string, data []byte, force bool) error {
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if force {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(file, how, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("le fichier %s existe déjà : donnez un autre nom (--out), ou --force pour le remplacer", file)
	}
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être écrit : vérifiez le dossier et ses droits (%w)", file, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("le fichier %s n'est pas écrit : reste-t-il de la place ? (%w)", file, err), os.Remove(file))
	}
	return nil
}
