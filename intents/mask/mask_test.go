package mask

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
)

// places is a gazetteer of the Manche.
func places(t testing.TB) *intents.Gazetteer {
	t.Helper()
	g, err := intents.NewGazetteer([]string{"50"})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestMask(t *testing.T) {
	g := places(t)
	names := []string{"Jeanne Lepercq", "Mme Rose Petit", "Marie Lecomte", "D.", ""}
	for text, want := range map[string]string{
		"":                          "",
		"je peux pas venir":         "je peux pas venir",
		"  oui\r\n\tmerci\u2028 ok": "oui merci ok",

		// numbers
		"mon num 06 39 98 12 34":                 "mon num 00 00 00 00 00",
		"0639981234 ou +33639981234":             "000 ou +000",
		"n° sécu 2 85 05 50 147 012 34":          "n° sécu 0 00 00 00 000 000 00",
		"285055014701234":                        "000",
		"à 14h30 le 3/12":                        "à 00h00 le 0/00",
		"٠٦٣٩ et ０６３９ et x² ½":                   "000 et 000 et x0 0",
		"IBAN FR7630006000011234567890189 merci": "IBAN [nom]000 merci",

		// addresses and links
		"écrivez à jeanne.dupont@exemple.fr svp":  "écrivez à [mail] svp",
		"dupont @ exemple.fr":                     "[mail]",
		"voir https://exemple.fr/u/jeanne?x=1 ok": "voir [lien] ok",
		"www.exemple.org et bit.ly/abc":           "[lien] et [lien]",
		"@hugo tu viens ?":                        "[nom] tu viens ?",

		// names that are told, whatever their case
		"c lepercq jeanne":             "c [nom]",
		"jeane lepercq ici":            "[nom] ici",
		"bonjour marie lecompte":       "bonjour [nom]",
		"LEPERCQ JEANNE":               "[nom]",
		"un petit souci avec rose":     "un [nom] souci avec [nom]",
		"Je\u00adanne et Jea\u200bnne": "[nom] et [nom]",
		"Jeanne, j'habite à Percy":     "[nom], j'habite à Percy",
		"mon conseiller Marie m'a dit": "mon conseiller [nom] m'a dit",
		"\x1b[31mjeanne":               "[00[nom]",
		"\x1b[31m jeanne":              "[00m [nom]",
		"je\u0301anne":                 "[nom]",

		// titles
		"Mme Dubois ne viendra pas":      "Mme [nom] ne viendra pas",
		"mme dubosq annule":              "mme [nom] annule",
		"M. Le Goff et mr legrand":       "M. Le [nom] et mr [nom]",
		"bonjour madame je ne viens pas": "bonjour madame je ne viens pas",
		"Bonjour Madame, Monsieur,":      "Bonjour Madame, Monsieur,",
		"monsieur boulanger":             "monsieur [nom]",
		"il m'a dit non":                 "il m'a dit non",
		"ça me va":                       "ça me va",
		"Mme de La Rochefordière annule": "Mme de La [nom] annule",

		// what is said of oneself
		"je suis Dupuis":        "je suis [nom]",
		"C'est Petit, je viens": "C'est [nom], je viens",
		"c'est bon":             "c'est bon",
		"je suis malade":        "je suis malade",
		"JE SUIS MALADE":        "JE SUIS MALADE",
		"je m'appelle dupuis":   "je m'appelle [nom]",
		"j'mappelle Zoubida":    "j'mappelle [nom]",
		"c'est Coutances ?":     "c'est Coutances ?",

		// first names and homonyms
		"marcel vient avec moi":     "[nom] vient avec moi",
		"marcel dupuis vient":       "[nom] vient",
		"Marcel Petit vient":        "[nom] vient",
		"Dupuis Marcel":             "[nom]",
		"Jean-Pierre D. annule":     "[nom]. annule",
		"une pierre dans le jardin": "une pierre dans le jardin",
		"avec Pierre demain":        "avec [nom] demain",
		"un juge clement":           "un juge clement",
		"à Saint-Pierre-Église":     "à Saint-Pierre-Église",
		"st jean c'est où":          "st jean c'est où",

		// capitals
		"Impossible demain, désolée. Kerbrat": "Impossible demain, désolée. [nom]",
		"voir Kerbrat à Coutances Lundi":      "voir [nom] à Coutances Lundi",
		"Le RDV de la CAF à Périers":          "Le RDV de la CAF à Périers",
		"KERBRAT ANNULE":                      "KERBRAT ANNULE",
		"Bonjjour":                            "Bonjjour",
		"O'Brien":                             "O'[nom]",
		"[nom] vient":                         "[nom] vient",
		"[nom] [nom]-[nom]":                   "[nom]",
		"[NOM] [ nom ]":                       "[NOM] [ nom ]",
	} {
		got := Text(text, names, g)
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
		soundMask(t, text, got, names, g)
	}
}

// TestMaskAnnounced: what stands behind a word that announces a name, a code or an address, in small letters as well.
func TestMaskAnnounced(t *testing.T) {
	g := places(t)
	for text, want := range map[string]string{
		"mon nom c'est kowalczyk":                         "mon nom c'est [nom]",
		"voici mon nom dupuis":                            "voici mon nom [nom]",
		"nom de famille quesnel":                          "nom de famille [nom]",
		"je m'appelle belle":                              "je m'appelle [nom]",
		"je mapel olive":                                  "je mapel [nom]",
		"je suis pierre/clément":                          "je suis [nom]/[nom]",
		"c'est rose":                                      "c'est [nom]",
		"je suis fatoumata diallo":                        "je suis [nom]",
		"demandez à mathéo":                               "demandez à [nom]",
		"c nadège":                                        "c [nom]",
		"c'est pour oumou":                                "c'est pour [nom]",
		"famille groult":                                  "famille [nom]",
		"le fils pottier":                                 "le fils [nom]",
		"chez les lepoittevin":                            "chez les [nom]",
		"maitre hamelin":                                  "maitre [nom]",
		"l'assistante sociale vanessa quettier":           "l'assistante sociale [nom]",
		"ici van der meersch":                             "ici [nom]",
		"Jeanne d'ornano":                                 "[nom] d'[nom]",
		"[nom] d'ornano":                                  "[nom] d'[nom]",
		"dupont.[nom]":                                    "[nom]",
		"[nom]/dupont":                                    "[nom]/[nom]",
		"[nom]_dupont":                                    "[nom]_[nom]",
		"[nom] DE LA RUE DU [nom]":                        "[nom] DE LA RUE [adresse]",
		"mme le [nom] de tourlaville":                     "mme le [nom] de [nom]",
		"J e a n n e D u p o n t":                         "[nom]",
		"J.e.a.n.n.e merci":                               "[nom] merci",
		"il n'y a t il pas":                               "il n'y a t il pas",
		"我叫王伟":                                            "[nom]",
		"اسمي محمد":                                       "[nom]",
		"c'est Иван, oui":                                 "c'est [nom], oui",
		"jean.dupont @ gmail . com":                       "[mail]",
		"jean point dupont arobase gmail point com":       "[mail]",
		"lulu50 chez orange fr":                           "[mail]",
		"je suis chez orange":                             "je suis chez orange",
		"www . monsite . fr":                              "[lien]",
		"zéro six trente neuf quatre vingt":               "000",
		"né le douze mars mille neuf cent cinquante deux": "né le 000",
		"quatre huit deux un":                             "000",
		"deux ou trois fois":                              "deux ou trois fois",
		"mon mot de passe c'est soleil":                   "mon mot de passe c'est [code]",
		"mdp azerty":                                      "mdp [code]",
		"mot de passe : Lulu50!":                          "mot de passe : [code]",
		"mot de passe oublié":                             "mot de passe oublié",
		"j'ai perdu mon mot de passe facebook":            "j'ai perdu mon mot de passe facebook",
		"identifiant lulu zaza":                           "identifiant [code] [code]",
		"plaque AB-123-CD":                                "plaque [code]",
		"AB 123 CD":                                       "[code]",
		"code 4821":                                       "code 000",
		"12 rue pasteur à Coutances":                      "00 rue [adresse] à Coutances",
		"avenue du maréchal juin, merci":                  "avenue [adresse], merci",
		"résidence les tilleuls":                          "résidence [adresse]",
		"lieu-dit la haye":                                "lieu-dit [adresse]",
		"lieu dit les hauts vents":                        "lieu dit [adresse]",
		"bâtiment b svp":                                  "bâtiment [adresse] svp",
		"la rue est barrée":                               "la rue est barrée",
		"je suis à la rue":                                "je suis à la rue",

		"je suis malade":                "je suis malade",
		"c'est Fernand. Jeudi je viens": "c'est [nom]. Jeudi je viens",
		"je suis en retard":             "je suis en retard",
		"je suis là":                    "je suis là",
		"c'est bon":                     "c'est bon",
		"je suis retraitée":             "je suis retraitée",
		"c'est pour demain":             "c'est pour demain",
		"c'est pour la caf":             "c'est pour la caf",
		"ma famille va bien":            "ma famille va bien",
		"ici tout va bien":              "ici tout va bien",
		"elle m'appelle tous les jours": "elle m'appelle tous les jours",
		"chez les voisins":              "chez les voisins",
		"je suis à Coutances":           "je suis à Coutances",
	} {
		got := Text(text, nil, g)
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
		soundMask(t, text, got, nil, g)
	}
}

func TestMaskCuts(t *testing.T) {
	for name, text := range map[string]string{"words": strings.Repeat("j'ai un souci avec ma box ", 200), "one word": strings.Repeat("é", 5000), "names": strings.Repeat("Marie,", 900),
		"short names": strings.Repeat("Li ", 300), "numbers": strings.Repeat("1 ", 900)} {
		got := Text(text, []string{"Li"}, nil)
		if n := utf8.RuneCountInString(got); n > longestMasked || n < 3 {
			t.Errorf("%s: %d characters: %q", name, n, got)
		}
		soundMask(t, text, got, []string{"Li"}, nil)
	}
}

// soundMask checks what holds of every masked text.
func soundMask(t *testing.T, text, got string, names []string, g *intents.Gazetteer) {
	t.Helper()
	if again := Text(got, names, g); again != got {
		t.Errorf("%q: masked %q, and again %q", text, got, again)
	}
	if i := strings.IndexFunc(got, func(r rune) bool { return unicode.IsNumber(r) && r != '0' }); i >= 0 {
		t.Errorf("%q: a digit is left in %q", text, got)
	}
	if strings.ContainsFunc(got, unicode.IsControl) || strings.Contains(got, "0000") || utf8.RuneCountInString(got) > longestMasked || !utf8.ValidString(got) {
		t.Errorf("%q: masked %q", text, got)
	}
}

func FuzzMask(f *testing.F) {
	for _, text := range []string{"[nom", "[nom]x@y.fr", "M.M. Z", "je suis Éa[lien]", "a@[mail].fr@", "Mme [nom] de la Tour", "un [code] deux 00 trois", "rue [adresse", "code [x] é", "a.b.c.d", "[nom]_[mail]/x", "mot de passe 'x'", "²²²²", "1\u0301²", "JEAN DUPONT à Coutances"} {
		f.Add(text)
	}
	g, names := places(f), []string{"Jeanne Lepercq", "Li"}
	f.Fuzz(func(t *testing.T, text string) { soundMask(t, text, Text(text, names, g), names, g) })
}
