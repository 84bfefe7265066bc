package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

// TestAttachments: what nothing makes is an error; each row has a name of its own, which none before it takes.
func TestAttachments(t *testing.T) {
	h := inDatabase(t)
	if _, err := h.attach(t.Context(), "unknown/1.pdf", time.Now()); err == nil || !strings.Contains(err.Error(), "unknown/1.pdf") {
		t.Errorf("a name that nothing makes: %v", err)
	}
	for i, a := range attachments {
		if !strings.HasSuffix(a.prefix, "/") || slices.IndexFunc(attachments, func(b attachment) bool { return strings.HasPrefix(a.prefix, b.prefix) }) != i {
			t.Errorf("%q is no beginning of its own", a.prefix)
		}
		if got, err := h.attach(t.Context(), a.prefix+"unknown.bin", time.Now()); err != nil || len(got.Data) > 0 {
			t.Errorf("%s: of a thing that is gone %d bytes and %v, want nothing", a.prefix, len(got.Data), err)
		}
	}
}

// TestPosterGoesWithAMessage: the poster that a counsellor asks for is made of what is known as it leaves, with its code.
func TestPosterGoesWithAMessage(t *testing.T) {
	h := inDatabase(t)
	overShortCode(t, "38000")
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	all, err := h.bot.Posters(t.Context(), time.Now())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d posters, %v", len(all), err)
	}
	name := bot.PosterFiles + all[0].ID + ".pdf"
	made := time.Now()
	got, err := h.attach(t.Context(), name, made)
	if err != nil || got.Name != "affiche-periers.pdf" || got.Type != "application/pdf" || !bytes.HasPrefix(got.Data, []byte("%PDF-")) {
		t.Fatalf("%q, %q, %.10q, %v", got.Name, got.Type, got.Data, err)
	}
	if again, err := h.attach(t.Context(), name, made); err != nil || !bytes.Equal(got.Data, again.Data) {
		t.Errorf("made twice it differs: %v", err)
	}
	if got, err := h.attach(t.Context(), name, made.AddDate(9, 0, 0)); err != nil || len(got.Data) == 0 {
		t.Errorf("a permanence without an end, years later: %d bytes, %v", len(got.Data), err)
	}
	sayNow(t, h, "arrêter permanence", "oui")
	if got, err := h.attach(t.Context(), name, time.Now()); err != nil || len(got.Data) > 0 {
		t.Errorf("after its end: %d bytes, %v", len(got.Data), err)
	}
}

// TestPosterInMattermost: a counsellor asks a running bot for her poster in a real Mattermost; of two she presses the button of one, and the
// poster follows the post that took the place of the question.
func TestPosterInMattermost(t *testing.T) {
	mm := peers.StartMattermost(t)
	marie := mm.NewUser(t, "marie")
	public := peers.Addr(peers.FreePort(t))
	startServer(t, map[string]string{"PASSEUR_LISTEN": public, "PASSEUR_PUBLIC_URL": "http://" + public, "PASSEUR_SMS_PROVIDER": "log",
		"PASSEUR_MATTERMOST_URL": mm.URL, "PASSEUR_MATTERMOST_TOKEN": mm.Token, "PASSEUR_PHONE": "02 61 91 00 01"})
	say := func(words, answer string) *model.Post {
		t.Helper()
		p := mm.NextPost(t, marie, mm.Post(t, marie, words))
		contains(t, p.Message, answer)
		return p
	}
	declare := func(words string) {
		t.Helper()
		mm.Press(t, marie, say(words, "C'est bon ?"), "Oui")
		peers.Until(t, time.Minute, "", func() error {
			if p := last(mm.Posts(t, marie)); !strings.Contains(p.Message, "C'est noté") {
				return errors.New(p.Message)
			}
			return nil
		})
	}
	declare("permanence tous les mardis 14h-17h mairie de Périers")
	isPoster(t, marie, say("affiche", "mairie de Périers"), "affiche-periers.pdf")
	declare("permanence tous les jeudis 9h-12h médiathèque de Coutances")
	question := say("affiche", "Laquelle ?")
	mm.Press(t, marie, question, "9h · médiathèque de Coutances")
	isPoster(t, marie, mm.NextPost(t, marie, question), "affiche-coutances.pdf")
}

// isPoster is what somebody finds behind the file of a post.
func isPoster(t *testing.T, u *peers.User, p *model.Post, name string) {
	t.Helper()
	if len(p.FileIds) != 1 {
		t.Fatalf("%d files with %q", len(p.FileIds), p.Message)
	}
	info, _, err := u.API.GetFileInfo(t.Context(), p.FileIds[0])
	if err != nil || info.Name != name {
		t.Errorf("the file is called %q, %v", info.Name, err)
	}
	data, _, err := u.API.GetFile(t.Context(), p.FileIds[0])
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) || int64(len(data)) != info.Size {
		t.Errorf("%d bytes, %.10q, %v", len(data), data, err)
	}
}
