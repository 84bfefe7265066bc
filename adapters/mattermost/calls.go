package mattermost

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// What the server calls: a button was pressed, a command was typed.

const (
	commandPath = "/mattermost/command"
	maxCall     = 1 << 20 // bytes that Mattermost may send
)

// ServeHTTP takes the server's calls at /mattermost/press, /submit, /command and /self. What is not proven gets 403, what cannot be
// read 400 or 413; everything else 200, after the event is kept, with a sentence for the person when it could not be.
func (a *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	take := map[string]http.HandlerFunc{pressPath: a.takePress, submitPath: a.takeSubmit, commandPath: a.takeCommand, selfPath: a.takeSelf}[r.URL.Path]
	switch {
	case take == nil:
		http.NotFound(w, r)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST", http.StatusMethodNotAllowed)
	default:
		r.Body = http.MaxBytesReader(w, r.Body, maxCall)
		take(w, r)
	}
}

// takeCommand answers the call of `/passeur words`: what follows the command is heard as if it had been written to the bot in
// private, where the answer comes too. Nobody else sees either, whatever the channel in which it was typed.
func (a *Network) takeCommand(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		unreadable(w, err)
		return
	}
	if !a.fromCommand(r) {
		a.forged(w)
		return
	}
	words := strings.TrimSpace(r.PostForm.Get("text"))
	if words == "" {
		words = "aide"
	}
	trigger := r.PostForm.Get("trigger_id")
	err := a.tellOpening(r.Context(), r.PostForm.Get("user_id"), trigger,
		bot.Event{ID: callID("command", trigger), At: time.Now().UTC(), Text: words, Trigger: true})
	switch {
	case errors.Is(err, errForged):
		a.forged(w)
		return
	case err != nil:
		a.log.Warn("mattermost: a command was not taken", "error", err)
	}
	reply(w, model.CommandResponse{ResponseType: model.CommandResponseTypeEphemeral, Text: a.say(r.PostForm.Get("user_id"), acknowledged(err))})
}

// acknowledged is the key of what is said of a command at once.
func acknowledged(err error) string {
	switch {
	case errors.Is(err, errNoDialog):
		return "mattermost.formulaire-ferme"
	case err != nil:
		return "mattermost.commande-pas-notee"
	}
	return "mattermost.en-prive"
}

// fromCommand compares the token that the server gave to the command when it was made, in constant time. It comes in the form
// and in a header; both must be right.
func (a *Network) fromCommand(r *http.Request) bool {
	proven := func(got string) bool {
		return subtle.ConstantTimeCompare([]byte(got), []byte(a.cfg.CommandToken)) == 1
	}
	return a.cfg.CommandToken != "" && proven(r.PostForm.Get("token")) && proven(strings.TrimPrefix(r.Header.Get("Authorization"), "Token ")) &&
		model.IsValidId(r.PostForm.Get("user_id")) && r.PostForm.Get("trigger_id") != ""
}

// tell has an event of a proven call heard, as the person's.
func (a *Network) tell(ctx context.Context, user string, e bot.Event) (bot.Response, error) {
	e.From = bot.Address(name + ":" + user)
	return a.ear.Hear(ctx, e)
}

// hearCall hears an event of a call, with what the server says now of who caused it. Who may not speak to the bot is refused as a
// forger is.
func (l *listener) hearCall(ctx context.Context, e bot.Event) (bot.Response, error) {
	who := &person{listener: l, id: e.From.ID()}
	if err := who.ask(ctx); err != nil {
		return bot.Response{}, err
	}
	if !who.speaks {
		return bot.Response{}, errForged
	}
	who.sign(&e)
	if err := who.lookUp(ctx, &e); err != nil {
		return bot.Response{}, err
	}
	return l.hear(ctx, e)
}

// tellOpening is tell for a call that may open a form; it opens the one that comes back.
func (a *Network) tellOpening(ctx context.Context, user, trigger string, e bot.Event) error {
	answer, err := a.tell(ctx, user, e)
	if err != nil || answer.Form == nil {
		return err
	}
	return a.openDialog(ctx, user, trigger, answer.Form, time.Now())
}

// Forged is how many calls were turned away since New because they proved nothing.
func (a *Network) Forged() uint64 { return a.forgeries.Load() }

func (a *Network) forged(w http.ResponseWriter) {
	a.forgeries.Add(1)
	a.log.Warn("mattermost: a forged call was refused")
	http.Error(w, "sans preuve", http.StatusForbidden)
}

func unreadable(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		status = http.StatusRequestEntityTooLarge
	}
	http.Error(w, "illisible", status)
}

func reply(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}
