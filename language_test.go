package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/bot/dialogue"
	"passeur/config"
	"passeur/store"
)

// arabic is all that there is of a language that nobody wrote code for.
var arabic = map[string][]string{
	"catalogue.langue": {"arabe"}, "catalogue.mots": {"arabe arabic عربي العربية"}, "catalogue.offre": {"بالعربية؟ أجب عربي."},
	"langue.fait": {"تم. نكتب لك بالعربية."}, "incompris": {"لم أفهم. `aide`"},
}

// TestALanguageIsOneFile: with its texts alone an usager is given a language by one of its words, in its script or not, and a professional by
// the locale of her Mattermost. What it lacks is said in French, forms among it, and who asks for another one is told that it is there.
func TestALanguageIsOneFile(t *testing.T) {
	texts := textsOfForms(t)
	texts["ar"] = arabic
	forms, _, err := config.Forms()
	if err != nil {
		t.Fatal(err)
	}
	w, err := wordsOf(texts, forms)
	if err != nil {
		t.Fatal(err)
	}
	got := playedWith(t, w, `heureux
conseiller @marie Marie Lecomte
conseiller @samia Samia Belkacem
langue @samia ar-MA
@ 2026-12-01 10:00
mattermost:@marie > rdv 06 39 98 56 78 Ahmed vendredi 4 décembre 11h mairie de Coutances
mattermost:@marie > oui
sms:+33639985678 > vous parlez turc ?
sms:+33639985678 > عربي
sms:+33639985678 > merci
sms:+33639985678 > en français svp
sms:+33639985678 > Arabe svp
mattermost:@samia > xyzzy plugh
`)
	for text, times := range map[string]int{
		"Nous écrivons en français. بالعربية؟ أجب عربي. In English? Answer ENGLISH.":              1,
		"🌐 **Ahmed** demande des messages en arabe : les rappels lui sont écrits en arabe.":       2,
		"🌐 **Ahmed** demande des messages en français : les rappels lui sont écrits en français.": 1,
		"تم. نكتب لك بالعربية.":                                                                   2,
		"Avec plaisir. Bonne journée !":                                                           1,
		"لم أفهم.":                                                                                1,
	} {
		if n := strings.Count(got, text); n != times {
			t.Errorf("%q is said %d times, want %d:\n%s", text, n, times, got)
		}
	}
	if got, want := w.say("ar", "form.rdv.title"), texts["fr"]["form.rdv.title"][0]; got != want {
		t.Errorf("a form reads %q, want %q", got, want)
	}
}

// TestALanguageSaysHowOneAsks: a file that would have no effect is refused when the program starts.
func TestALanguageSaysHowOneAsks(t *testing.T) {
	for want, texts := range map[string]map[string][]string{
		"texts/ar.yaml : le texte catalogue.mots manque":                        {"catalogue.langue": {"arabe"}, "catalogue.offre": {"عربي"}},
		"texts/en.yaml, catalogue.mots : « english » demande déjà la langue ar": {"catalogue.langue": {"arabe"}, "catalogue.offre": {"عربي"}, "catalogue.mots": {"English"}},
	} {
		all := textsOfForms(t)
		all["ar"] = texts
		forms, _, err := config.Forms()
		if err != nil {
			t.Fatal(err)
		}
		w, err := wordsOf(all, forms)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.assemble(&config.Config{Bot: bot.Settings{Territories: []string{"50"}}}, nil, nil, nil, quiet())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// playedWith plays a dialogue with other words than the program's.
func playedWith(t *testing.T, w *words, src string) string {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	result, err := dialogue.Play(t.Context(), src, zone, func(ctx context.Context, s dialogue.Setup) (dialogue.House, error) {
		db, err := store.Open(ctx, filepath.Join(t.TempDir(), "passeur.db"), store.Options{Volatile: true})
		if err != nil {
			return nil, err
		}
		for _, change := range s.Settings {
			change(&cfg.Bot)
		}
		h, err := w.assemble(cfg, db, simulated(s.Senders, s.Able), s.Trace, quiet())
		return played{h}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Text
}
