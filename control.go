package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/intents/phones"
)

// Commands that write speak to the running bot over a socket beside the database; when none runs, they take the
// database's lock and do the same themselves.

func controlSocket(cfg *config.Config) string { return cfg.Database + ".sock" }

// largestBody is what an order may bring: an import of the whole national directory is some 20 MB.
const largestBody = 64 << 20

// controls is what the running bot does for commands. Who may open the socket may already open the database.
func (s *server) controls() http.Handler {
	mux := http.NewServeMux()
	for name, do := range orders {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) { s.obey(w, r, do) })
	}
	mux.HandleFunc("POST /forged", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.forged()) })
	mux.HandleFunc("POST /outside", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.outside()) })
	return mux
}

// obey carries out one order that came over the socket.
func (s *server) obey(w http.ResponseWriter, r *http.Request, do order) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		http.Error(w, tooLarge().Error(), http.StatusRequestEntityTooLarge)
		return
	}
	n, err := do(r.Context(), s.house.bot, demand{number: r.URL.Query().Get("number"), force: r.URL.Query().Has("force"), body: body})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(n)
}

func tooLarge() error {
	return fmt.Errorf("l'import dépasse %d Mio : gardez les départements utiles", largestBody>>20)
}

// forged is how many calls the networks turned away since the start because they proved nothing.
func (s *server) forged() (n int) {
	for _, network := range s.networks {
		if counts, ok := network.(interface{ Forged() uint64 }); ok {
			n += int(counts.Forged())
		}
	}
	return n
}

func (s *server) controlServer() *http.Server {
	return &http.Server{Handler: s.controls(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 15 * time.Minute, IdleTimeout: time.Minute} // taking up all that was parked may be long
}

// demand is what an order is given.
type demand struct {
	number string // of a mobile, in E.164
	force  bool   // do what would be refused
	body   []byte // JSON: what is imported
}

// order is a command that writes; it says how many things it touched.
type order func(ctx context.Context, b *bot.Bot, a demand) (int, error)

var orders = map[string]order{
	"erase": func(ctx context.Context, b *bot.Bot, a demand) (int, error) {
		return b.Erase(ctx, bot.Address("sms:"+a.number), time.Now())
	},
	"pause":      func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return held(ctx, b, true) },
	"resume":     func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return held(ctx, b, false) },
	"retry":      func(ctx context.Context, b *bot.Bot, _ demand) (int, error) { return b.Retry(ctx, time.Now()) },
	"calendar":   takeCalendar,
	"answers":    takeAnswers,
	"learnt":     forgetLearnt,
	"priorities": takePriorities,
	"places":     takePlaces,
	"rdv":        takeAppointments,
}

// held pulls or releases the brake on SMS; it counts 1 when that changed anything.
func held(ctx context.Context, b *bot.Bot, on bool) (int, error) {
	changed, err := b.Hold(ctx, "sms", on, time.Now())
	if changed {
		return 1, err
	}
	return 0, err
}

// command gives an order to the running bot, or carries it out when none runs.
func command(ctx context.Context, cfg *config.Config, s streams, name string, a demand) (int, error) {
	if err := databaseThere(cfg); err != nil {
		return 0, err
	}
	if len(a.body) > largestBody {
		return 0, tooLarge()
	}
	db, err := openStore(ctx, cfg)
	if inUse(err) {
		return overSocket(ctx, cfg, name, a)
	}
	if err != nil {
		return 0, err
	}
	srv, err := newServer(cfg, db, s, quiet())
	if err != nil {
		return 0, errors.Join(err, db.Close())
	}
	n, err := orders[name](ctx, srv.house.bot, a)
	return n, errors.Join(err, db.Close())
}

// databaseThere tells that there is a database to work on; an empty file is none.
func databaseThere(cfg *config.Config) error {
	info, err := os.Stat(cfg.Database)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return fmt.Errorf("la base %s n'existe pas : est-ce le bon fichier de réglages (-c) ? Si oui, lancez d'abord passeur serve", cfg.Database)
	}
	return nil
}

// overSocket gives an order to the running bot; it returns how many things it touched.
func overSocket(ctx context.Context, cfg *config.Config, name string, a demand) (n int, err error) {
	err = askRunning(ctx, cfg, name, a, &n)
	return n, err
}

// askRunning asks the running bot, and reads its answer into what into points at.
func askRunning(ctx context.Context, cfg *config.Config, name string, a demand, into any) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", controlSocket(cfg))
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	words := url.Values{"number": {a.number}}
	if a.force {
		words.Set("force", "")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://passeur/"+name+"?"+words.Encode(), bytes.NewReader(a.body))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("la base est utilisée, mais le robot ne répond pas sur %s : %w", controlSocket(cfg), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(body)))
	}
	return json.Unmarshal(body, into)
}

type eraseCmd struct {
	Number string `arg:"" name:"NUMÉRO" help:"Numéro de mobile de la personne."`
	Yes    bool   `name:"oui" help:"Ne demande pas confirmation."`
}

// Run erases, once it was confirmed.
func (c *eraseCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	number, err := mobile(c.Number)
	if err != nil {
		return err
	}
	if !c.Yes && !confirmed(s, "Effacer tout ce qui est connu de ce numéro, sans retour possible ? [oui/non] ") {
		return errors.New("rien n'a été effacé")
	}
	n, err := command(ctx, cfg, s, "erase", demand{number: number})
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintln(s.out, "Ce numéro n'est pas connu : il n'y avait rien à effacer.")
		return nil
	}
	fmt.Fprintf(s.out, "C'est effacé : %d personne(s).\n", n)
	return nil
}

func confirmed(s streams, question string) bool {
	fmt.Fprint(s.out, question)
	var answer string
	_, _ = fmt.Fscanln(s.in, &answer)
	return answer == "oui"
}

// mobile reads one mobile number as people write it.
func mobile(text string) (string, error) {
	phones, err := phones.Find(text)
	if err != nil {
		return "", err
	}
	if len(phones) != 1 {
		return "", fmt.Errorf("« %s » n'est pas un numéro de mobile : écrivez-le comme 06 39 98 12 34", text)
	}
	return phones[0].E164, nil
}

type retryCmd struct{}

// Run takes up what was parked.
func (c *retryCmd) Run(ctx context.Context, s streams, load settings) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	n, err := command(ctx, cfg, s, "retry", demand{})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d événement(s) repris.\n", n)
	return nil
}

type pauseCmd struct{}

// Run holds back every SMS but the replies.
func (c *pauseCmd) Run(ctx context.Context, s streams, load settings) error {
	return brake(ctx, s, load, "pause", "Pause générale : plus aucun rappel ni envoi groupé ne part par SMS. Les réponses aux personnes, STOP compris, partent toujours. Pour reprendre : passeur resume.",
		"La pause générale était déjà en place.")
}

type resumeCmd struct{}

// Run lets them go again.
func (c *resumeCmd) Run(ctx context.Context, s streams, load settings) error {
	return brake(ctx, s, load, "resume", "Les envois reprennent. Ce qui attendait part à son débit ; ce qui n'a plus de sens, comme un rappel après le rendez-vous, ne part pas.",
		"Il n'y avait pas de pause générale.")
}

func brake(ctx context.Context, s streams, load settings, order, done, nothing string) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	n, err := command(ctx, cfg, s, order, demand{})
	if err != nil {
		return err
	}
	if n == 0 {
		done = nothing
	}
	fmt.Fprintf(s.out, "%s (base %s)\n", done, cfg.Database)
	return nil
}
