package main

import (
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	gozxingqr "github.com/makiuchi-d/gozxing/qrcode"

	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/intents"
)

// sayNow has Marie write to the bot at this moment: commands look at what is to come by the machine's own clock.
func sayNow(t *testing.T, h *house, texts ...string) {
	t.Helper()
	for _, text := range texts {
		e := fromMarie(strings.ReplaceAll(text, " ", "-")+time.Now().String(), text)
		e.At = time.Now()
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// inDatabase is a new database in a folder of its own, which becomes the current one.
func inDatabase(t *testing.T) *house {
	t.Helper()
	t.Chdir(t.TempDir())
	h, _ := testHouse(t, "passeur.db")
	return h
}

// overShortCode has the settings name a gateway whose short code people can answer.
func overShortCode(t *testing.T, from string) {
	t.Helper()
	for name, value := range map[string]string{"PROVIDER": "kannel", "URL": "http://127.0.0.1:13013", "USERNAME": "passeur", "PASSWORD": "clef",
		"SECRET": "0123456789abcdef-_AB", "FROM": from} {
		t.Setenv("PASSEUR_SMS_"+name, value)
	}
}

// page reads the words of a PDF as a viewer does.
func page(t *testing.T, file string) string {
	t.Helper()
	return strings.Join(strings.Fields(poppler(t, "pdftotext", "-raw", file, "-")), " ")
}

func poppler(t *testing.T, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		peers.Missing(t, "%s (apt-get install poppler-utils)", name)
	}
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(out)
}

// codeOf reads the QR code of a page as a telephone does; "" when there is none.
func codeOf(t *testing.T, file string) string {
	t.Helper()
	picture := strings.TrimSuffix(file, ".pdf")
	poppler(t, "pdftoppm", "-r", "100", "-gray", "-png", "-singlefile", file, picture)
	f, err := os.Open(picture + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	code, err := gozxingqr.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if err != nil {
		return ""
	}
	return code.GetText()
}

// TestPosterIsWritten: what hangs on the door says what the bot says, and its code is a message ready to be sent.
func TestPosterIsWritten(t *testing.T) {
	h := inDatabase(t)
	overShortCode(t, "38000")
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers, sans rendez-vous", "oui")
	out, err := passeur(t, "", "poster")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	contains(t, out, "affiche-periers.pdf", "Mairie de Périers, tous les mardis, 14h-17h")
	contains(t, page(t, "affiche-periers.pdf"), "Permanence numérique", "Mairie de Périers", "Tous les mardis, de 14h à 17h", "Sauf jours fériés", "Sans rendez-vous",
		"Avec Marie Lecomte", "Envoyez RAPPEL PERIERS au 38000", "Passeur")
	if got := codeOf(t, "affiche-periers.pdf"); got != "sms:38000?body=RAPPEL%20PERIERS" {
		t.Errorf("the code says %q", got)
	}
}

// TestPosterIsNotWrittenOver: a file that is there stays as it is, until --force.
func TestPosterIsNotWrittenOver(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "permanence tous les jeudis 9h-12h médiathèque de Coutances", "oui")
	if err := os.WriteFile("a.pdf", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := passeur(t, "", "poster", "--out", "a.pdf")
	if err == nil || !strings.Contains(err.Error(), "existe déjà") || !strings.Contains(err.Error(), "--force") {
		t.Fatalf("written over: %v", err)
	}
	if got, _ := os.ReadFile("a.pdf"); string(got) != "mine" {
		t.Errorf("the file is now %q", got)
	}
	if out, err := passeur(t, "", "poster", "--out", "a.pdf", "--force"); err != nil {
		t.Errorf("forced: %v\n%s", err, out)
	}
	if got, _ := os.ReadFile("a.pdf"); !strings.HasPrefix(string(got), "%PDF-") {
		t.Errorf("the file is no PDF: %.20q", got)
	}
	_, err = passeur(t, "", "poster", "--out", filepath.Join("absent", "a.pdf"))
	if err == nil || !strings.Contains(err.Error(), "vérifiez le dossier") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestPosterOfSeveral: with several permanences it lists them and asks; numbers and ids of the list are understood.
func TestPosterOfSeveral(t *testing.T) {
	h := inDatabase(t)
	if _, err := passeur(t, "", "poster"); err == nil || !strings.Contains(err.Error(), "aucune permanence n'est à venir") {
		t.Errorf("without any: %v", err)
	}
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui", "permanence tous les jeudis 9h-12h médiathèque de Coutances", "oui")
	for _, args := range [][]string{{"poster"}, {"poster", "--permanence", "7"}, {"poster", "--permanence", "m000"}} {
		out, err := passeur(t, "", args...)
		if err == nil || !strings.Contains(err.Error(), "--permanence 1") {
			t.Errorf("%v: %v", args, err)
		}
		contains(t, out, "Mairie de Périers", "Médiathèque de Coutances", "Marie Lecomte", "tous les jeudis, 9h-12h")
	}
	list, err := passeur(t, "", "poster", "--list")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(list), "\n")[1:] {
		f := strings.Fields(line)
		byNumber, err := passeur(t, "", "poster", "--permanence", f[0], "--out", f[0]+".pdf")
		if err != nil {
			t.Errorf("number %d: %v", i+1, err)
		}
		byID, err := passeur(t, "", "poster", "--permanence", f[len(f)-1], "--out", f[0]+".pdf", "--force")
		if err != nil || byNumber != byID {
			t.Errorf("by number: %s\nby id (%v): %s", byNumber, err, byID)
		}
	}
}

// TestPosterWithoutAnswers: a sender that nobody can write to is not printed, and the telephone of the settings is instead.
func TestPosterWithoutAnswers(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	t.Setenv("PASSEUR_PHONE", "02 61 91 00 01")
	cases := []struct {
		name string
		set  func()
		want string
	}{
		{"nothing", func() {}, "ne disent pas le numéro"},
		{"deaf", func() { t.Setenv("PASSEUR_SMS_FROM", "38000") }, "les réponses n'arrivent pas à Passeur"}, // a dry run hears nothing
		{"name", func() { overShortCode(t, "Passeur50") }, "personne ne peut répondre à « Passeur50 »"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.set()
			out, err := passeur(t, "", "poster", "--out", c.name+".pdf")
			if err != nil {
				t.Fatal(err)
			}
			contains(t, out, "ne demande pas de SMS", c.want)
			text := page(t, c.name+".pdf")
			contains(t, text, "02 61 91 00 01")
			if strings.Contains(text, "Envoyez") || strings.Contains(text, "Passeur50") || codeOf(t, c.name+".pdf") != "" {
				t.Errorf("it asks for an answer:\n%s", text)
			}
		})
	}
}

func TestPosterKeyword(t *testing.T) {
	h := inDatabase(t)
	overShortCode(t, "+33639980000")
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	if out, err := passeur(t, "", "poster", "--keyword", "cnum rappel & périers", "--out", "a.pdf"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	contains(t, page(t, "a.pdf"), "Envoyez CNUM RAPPEL & PÉRIERS au 06 39 98 00 00")
	if got := codeOf(t, "a.pdf"); got != "sms:+33639980000?body=CNUM%20RAPPEL%20%26%20P%C3%89RIERS" {
		t.Errorf("the code says %q", got)
	}
	for _, wrong := range []string{"STOP", "FIN RAPPEL", "RAPPEL", "RAPPEL PERIERS STOP", "BONJOUR"} {
		if _, err := passeur(t, "", "poster", "--keyword", wrong, "--out", "c.pdf"); err == nil || !strings.Contains(err.Error(), "ne demande pas de rappel") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if _, err := passeur(t, "", "poster", "--keyword", strings.Repeat("mot ", 20), "--out", "b.pdf"); err == nil || !strings.Contains(err.Error(), "trop long") {
		t.Errorf("a long one: %v", err)
	}
}

// TestPosterOpensTelegram: its square opens the account, where who touches it is told of the commune's permanences; the line for an SMS stays.
func TestPosterOpensTelegram(t *testing.T) {
	h := inDatabase(t)
	overShortCode(t, "38000")
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	if _, err := passeur(t, "", "poster", "--telegram", "--out", "a.pdf"); err == nil || !strings.Contains(err.Error(), "il faut un compte") {
		t.Errorf("without an account: %v", err)
	}
	t.Setenv("PASSEUR_TELEGRAM_TOKEN", "123456:jeton")
	t.Setenv("PASSEUR_TELEGRAM_ACCOUNT", "PasseurEssaiBot")
	if out, err := passeur(t, "", "poster", "--telegram", "--out", "a.pdf"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	contains(t, page(t, "a.pdf"), "Envoyez RAPPEL PERIERS au 38000", "Sur Telegram : visez ce carré")
	if got := codeOf(t, "a.pdf"); got != "https://t.me/PasseurEssaiBot?start=r50394" {
		t.Errorf("the code says %q", got)
	}
}

// TestPosterKeywordsAreUnderstood: what posters tell people to send is what the bot understands, of every kind of name.
func TestPosterKeywordsAreUnderstood(t *testing.T) {
	h := inDatabase(t)
	places := []string{"mairie de Saint-Lô", "mairie de Périers", "mairie de La Haye-Pesnel", "mairie de Cherbourg-en-Cotentin", "mairie de Sainte-Mère-Église", "mairie du Mont-Saint-Michel"}
	for _, place := range places {
		sayNow(t, h, "permanence tous les mardis 14h-17h "+place, "oui")
	}
	all, err := h.bot.Posters(t.Context(), time.Now())
	if err != nil || len(all) != len(places) {
		t.Fatalf("%d permanences, %v", len(all), err)
	}
	for _, p := range all {
		if got := intents.NewReader().Read(p.Keyword, intents.Context{}); got.Intent != intents.Abonnement {
			t.Errorf("%s is understood as %s", p.Keyword, got.Intent)
		}
		e := fromJeanne("k"+p.ID, p.Keyword)
		e.At = time.Now()
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if asked, err := h.store.Find(t.Context(), bot.Query{Kind: "subscription"}); err != nil || len(asked) != len(places) {
		t.Errorf("%d of %d keywords were understood (%v)", len(asked), len(places), err)
	}
}

// TestPosterOfOneThatIsOver: it says so, by its id too.
func TestPosterOfOneThatIsOver(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "permanence tous les mardis 14h-17h mairie de Périers", "oui")
	all, err := h.bot.Posters(t.Context(), time.Now())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	sayNow(t, h, "arrêter permanence", "oui")
	if left, err := h.bot.Posters(t.Context(), time.Now()); err != nil || len(left) > 0 {
		t.Errorf("it has a poster still: %v, %v", left, err)
	}
	if _, err := passeur(t, "", "poster", "--permanence", all[0].ID); err == nil || !strings.Contains(err.Error(), "aucune permanence") {
		t.Errorf("over: %v", err)
	}
}
