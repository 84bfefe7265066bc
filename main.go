// Passeur ferries words between counsellors, who live in Mattermost, and the people they help, who have a phone.
// This package is the command line and the wiring: the only one that knows everyone.
//
// Where to look:
//
//   - the commands, one file each: serve, demo, play, check, setup, status, retry, pause (and resume), migrate, erase, export, exportcards, segments, map, poster, search,
//     learn, understand; imports (the list), importrdv, importschool, importvenues, importpriorities, importanswers, importresources, importlist;
//   - what several of them share: command, database, lines, report, messages, importfile, appointmentrow and difference (a file of appointments);
//   - a running bot: server (its networks), doors (what the outside reaches), jobs (what recurs), replicas (several of them), control and socket (orders of commands);
//   - the wiring: house (the bot on a store), words (texts and forms), networks (the list), attachments and campaignfiles (what goes with messages), lists (what comes with them), and a file each: sms, telegram, redis, mattermost, rdv, ical, calendar, partners.
//   - what messages carry: gathering (the entry for a calendar), cardfiles (cards as a table or a text), filledfiles (kept forms as a table), inquiryfiles (how questions stand, drawn), bilanfiles (a bilan, drawn and as a page), coop (La Coop: links, tables of activities, what it has).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the zones of the places, on machines that have none

	"github.com/alecthomas/kong"

	"passeur/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "passeur :", err)
		os.Exit(1)
	}
}

// cli is the command line. Help texts are in French: operators and coordinators read them.
type cli struct {
	Config string `short:"c" type:"path" placeholder:"FICHIER" help:"Fichier de réglages (sans lui : les réglages par défaut et les variables PASSEUR_…)."`

	Serve      serveCmd      `cmd:"" help:"Fait tourner le robot."`
	Demo       demoCmd       `cmd:"" help:"Montre tout le robot dans une page web, avec des téléphones simulés, sans aucun compte."`
	Play       playCmd       `cmd:"" help:"Joue des dialogues écrits dans des fichiers, et dit où le robot parle autrement."`
	Check      checkCmd      `cmd:"" help:"Vérifie les réglages et ce qu'ils permettent de joindre, et dit comment réparer."`
	Setup      setupCmd      `cmd:"" help:"Prépare un serveur Mattermost : compte de bot, équipe, canaux privés de l'accueil et des rôles, commande /passeur."`
	Status     statusCmd     `cmd:"" help:"Ce qui attend, ce qui est en retard, ce qui a échoué ; avec un numéro : pourquoi un message est parti ou non."`
	Retry      retryCmd      `cmd:"" help:"Reprend les événements mis de côté parce que leur traitement échouait."`
	Pause      pauseCmd      `cmd:"" help:"Pause générale : plus aucun rappel ne part, ni par SMS ni sur Telegram, jusqu'à « resume ». Les réponses aux personnes partent toujours."`
	Resume     resumeCmd     `cmd:"" help:"Met fin à la pause générale."`
	Search     searchCmd     `cmd:"" help:"Les réponses connues qui ressemblent à une question : lit une question par ligne, écrit une ligne de JSON pour chacune."`
	Understand understandCmd `cmd:"" help:"Ce que des messages veulent dire : lit des lignes « contexte, tabulation, texte » (rdv, date, commune, ouinon, -), écrit une ligne de JSON pour chacune."`
	Learn      learnCmd      `cmd:"" help:"Montre, masqués, les messages que le robot n'a pas compris, et écrit dans un fichier d'exemples ce qu'ils voulaient dire."`
	Segments   segmentsCmd   `cmd:"" help:"Le texte tel qu'il partirait par SMS, combien de SMS il fait, et ce qu'il coûte."`
	Map        mapCmd        `cmd:"" help:"Dessine la carte des communes qui ont une permanence à portée, ou n'en ont pas."`
	Poster     posterCmd     `cmd:"" help:"L'affiche d'une permanence, en PDF, à imprimer."`
	Import     importCmd     `cmd:"" help:"Importe les vacances scolaires, les lieux de médiation numérique, les communes prioritaires, des rendez-vous, des ressources, ou des réponses."`
	Export     exportCmd     `cmd:"" help:"Tout ce qui est connu d'une personne, en JSON ; ou toutes les fiches, ou les activités."`
	Compare    compareCmd    `cmd:"" help:"Les activités qui sont ici et pas dans La Coop, et l'inverse."`
	Migrate    migrateCmd    `cmd:"" help:"Déménage la base d'un fichier (database) vers un serveur PostgreSQL (postgres.url), et compare ligne par ligne. Interrompu, il reprend."`
	Erase      eraseCmd      `cmd:"" help:"Efface tout ce qui est connu d'une personne."`
}

// run parses the command line and runs one command. Its error is a sentence for whoever typed it.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("passeur"), kong.Writers(out, errOut),
		kong.Description("Passeur porte les mots entre les conseillers numériques et les personnes qu'ils aident."),
		kong.Exit(func(code int) { panic(exit(code)) }))
	if err != nil {
		return err
	}
	code, err := guarded(func() error {
		k, err := parser.Parse(args)
		if err != nil {
			return fmt.Errorf("%w (passeur --help montre les commandes)", err)
		}
		k.BindTo(ctx, (*context.Context)(nil))
		return k.Run(streams{in, out, errOut}, settings(func() (*config.Config, error) {
			return config.LoadEnviron(c.Config, os.Environ(), checks()...)
		}))
	})
	if code != 0 {
		return errors.New("commande interrompue")
	}
	return err
}

// exit is kong's wish to end the program, after --help.
type exit int

func guarded(do func() error) (code int, err error) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	return 0, do()
}
