package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// loadText loads a file with this text, under these variables ("NAME=value").
func loadText(t testing.TB, text string, environ ...string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passeur.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadEnviron(path, environ)
}

func TestDefaultsNeedNoFile(t *testing.T) {
	c, err := Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	want := bot.Settings{
		Service: "Passeur", Territories: []string{"50"},
		Hours:     bot.Hours{Open: 9 * 60, Close: 19 * 60},
		Work:      bot.WorkWeek{Open: 9 * 60, Close: 17 * 60, Days: []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi"}},
		Reminders: bot.Reminders{Days: []int{4, 1}, At: 18 * 60, Morning: 9 * 60, MorningFrom: 10*60 + 30},
		DailyCap:  4, KeepMisread: true,
	}
	if diff := cmp.Diff(want, c.Bot); diff != "" {
		t.Errorf("bot settings (-want +got):\n%s", diff)
	}
	if c.Database != "passeur.db" || c.Listen != "127.0.0.1:8080" || c.SMS.Provider != "log" || c.Mattermost.AskEmoji != "sos" {
		t.Errorf("defaults: %+v", c)
	}
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "la Manche (50) est supposée") {
		t.Errorf("warnings: %q", c.Warnings)
	}
}

const full = `
database: data/p.db
listen: "[::1]:9000"
public_url: https://passeur.exemple.fr/
service: Relais 974
phone: 0262 00 00 00
solidarity: 01 99 00 00 00
territories: [974, 01, 2A]
desk: mattermost:#4xp9fdt77pncbef59f4k1qe83o
cards: mattermost:#4xp9fdt77pncbef59f4k1qe83p
hours: {open: 8:30, close: "18:30"}
work: {open: 8:00, close: "16:00", days: [mardi, samedi, férié]}
reminders:
  days: [1, 7]
  at: "17:00"
  morning: 8:30
  morning_from: "10:00"
daily_cap: 3
opinions: [avis]
keep_misread: non
places:
  - label: Médiathèque de Coutances
    commune: 50147
  - {label: Mairie, commune: "01004"}
sms:
  provider: kannel
  definition: k.yaml
  account: sms-k
  token: tok-3
  from: 38123
  rate: 2.5
  parallel: 2
  url: "http://127.0.0.1:13013/"
  username: passeur
  password: pw-1
  secret: sec-1
  max_parts: 8
  price: 0,049
  low_balance: 200
  backup: {provider: ovhcloud, account: sms-xx1234-1, username: ak, password: as, token: ck, from: "38000", definition: a.yaml, rate: 1, parallel: 1,
    url: "https://ovh.exemple.fr", secret: sec-3, max_parts: 4, price: 0.06}
postgres: {url: "postgres://passeur:pw-8@127.0.0.1:5432/passeur?sslmode=disable"}
redis: {url: "redis://:pw-7@127.0.0.1:6379/0", prefix: "manche:", replicas: 4}
telegram: {token: "123456:tok-4", account: PasseurMancheBot, secret: sec-5-0123456789, url: "https://bot.exemple.fr"}
mattermost: {url: "https://discussion.exemple.fr", token: tok-1, command_token: tok-2, team: cnum, ask_emoji: "+1", swap_names: oui,
  channels: [{channel: passeur-974, role: conseiller}, {channel: reunion, territory: "974", hub: Hub du Sud}, {channel: chefs, role: coordinateur, territory: 01}]}
rdv: {secret: hook-1, organisations: [7, "9"], relay: oui, api: "https://rdv.exemple.fr", client_id: app, client_secret: sec-2, tokens: /var/lib/passeur/rdv, report_back: oui}
calendars:
  - {name: agenda-marie, url: "https://agenda.exemple.fr/s3c?export=1", owner: Marie Lecomte, minutes: 30}
  - {name: b, url: webcal://agenda.exemple.fr/b.ics, owner: d.exemple}
coop: {format: "1", url: "https://coop.exemple.fr", key: "c1:sec-4", authors: ["a1=Marie Lecomte"]}
`

func fullConfig() *Config {
	return &Config{
		Database: "data/p.db", Listen: "[::1]:9000", PublicURL: "https://passeur.exemple.fr",
		Bot: bot.Settings{
			Service: "Relais 974", Phone: "0262 00 00 00", Solidarity: "01 99 00 00 00", Territories: []string{"974", "01", "2A"},
			Desk:      "mattermost:#4xp9fdt77pncbef59f4k1qe83o",
			Cards:     "mattermost:#4xp9fdt77pncbef59f4k1qe83p",
			Hours:     bot.Hours{Open: 510, Close: 1110},
			Work:      bot.WorkWeek{Open: 480, Close: 960, Days: []string{"mardi", "samedi", "férié"}},
			Reminders: bot.Reminders{Days: []int{7, 1}, At: 1020, Morning: 510, MorningFrom: 600},
			DailyCap:  3, Opinions: []string{"avis"}, ReportBack: true, Feeds: []bot.Feed{{Name: "agenda-marie", Owner: "Marie Lecomte"}, {Name: "b", Owner: "d.exemple"}},
			Places: []bot.KnownPlace{{Label: "Médiathèque de Coutances", Commune: "50147"}, {Label: "Mairie", Commune: "01004"}},
		},
		SMS: SMS{LowBalance: 200,
			Gateway: Gateway{Provider: "kannel", Definition: "k.yaml", Account: "sms-k", Token: "tok-3", From: "38123", Rate: 2.5, Parallel: 2, URL: "http://127.0.0.1:13013", Username: "passeur", Password: "pw-1", Secret: "sec-1", MaxParts: 8, Price: 0.049},
			Backup: Gateway{Provider: "ovhcloud", Account: "sms-xx1234-1", Username: "ak", Password: "as", Token: "ck", From: "38000", Definition: "a.yaml", Rate: 1, Parallel: 1,
				URL: "https://ovh.exemple.fr", Secret: "sec-3", MaxParts: 4, Price: 0.06}},
		Postgres: Postgres{URL: "postgres://passeur:pw-8@127.0.0.1:5432/passeur?sslmode=disable"},
		Redis:    Redis{URL: "redis://:pw-7@127.0.0.1:6379/0", Prefix: "manche:", Replicas: 4},
		Telegram: Telegram{Token: "123456:tok-4", Account: "PasseurMancheBot", Secret: "sec-5-0123456789", URL: "https://bot.exemple.fr"},
		Mattermost: Mattermost{URL: "https://discussion.exemple.fr", Token: "tok-1", CommandToken: "tok-2", Team: "cnum", AskEmoji: "+1", SwapNames: true, Channels: []bot.Membership{
			{Channel: "passeur-974", Role: bot.Conseiller}, {Channel: "reunion", Territory: "974", Hub: "Hub du Sud"}, {Channel: "chefs", Territory: "01", Role: bot.Coordinateur}}},
		RDV: RDV{Secret: "hook-1", Organisations: []string{"7", "9"}, Relay: true, API: "https://rdv.exemple.fr", ClientID: "app", ClientSecret: "sec-2", Tokens: "/var/lib/passeur/rdv", ReportBack: true},
		Calendars: []Feed{{Name: "agenda-marie", URL: "https://agenda.exemple.fr/s3c?export=1", Owner: "Marie Lecomte", Minutes: 30},
			{Name: "b", URL: "webcal://agenda.exemple.fr/b.ics", Owner: "d.exemple"}},
		Coop:     Coop{Format: "1", URL: "https://coop.exemple.fr", Key: "c1:sec-4", Authors: []string{"a1=Marie Lecomte"}},
		Warnings: []string{reportBackWarning},
	}
}

// TestTheFullFileSetsEverySetting: a setting that is left out here would be tested by nothing below. The key comes from a file of its own
// where it is tested.
func TestTheFullFileSetsEverySetting(t *testing.T) {
	before := settingsOf(defaults())
	for i, s := range settingsOf(fullConfig()) {
		if s.name != "key" && !strings.HasSuffix(s.name, fileSuffix) && reflect.DeepEqual(s.value.Interface(), before[i].value.Interface()) {
			t.Errorf("%s is what it is by default", s.name)
		}
	}
}

func TestEverySettingOfAFile(t *testing.T) {
	c, err := loadText(t, full)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullConfig(), c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The same settings by variables alone give the same configuration: a value means the same wherever it comes from.
func TestEverySettingOfTheEnvironment(t *testing.T) {
	c := fullConfig()
	var environ []string
	for _, s := range settingsOf(c) {
		text := s.show()
		if s.secret {
			text = s.value.Interface().(Secret).Reveal()
		}
		for _, calendar := range c.Calendars {
			text = strings.Replace(text, "url="+dots, "url="+calendar.URL.Reveal(), 1)
		}
		environ = append(environ, s.variable()+"="+text)
	}
	got, err := LoadEnviron("", environ)
	if err != nil {
		t.Fatal(err)
	}
	c.Warnings[0] = strings.Replace(c.Warnings[0], "rdv.report_back", "PASSEUR_RDV_REPORT_BACK", 1)
	if diff := cmp.Diff(c, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheEnvironmentWins(t *testing.T) {
	c, err := loadText(t, full, "PASSEUR_SMS_URL=https://kannel.exemple.fr/x", "PASSEUR_DAILY_CAP=7", "PASSEUR_SERVICE= ")
	if err != nil {
		t.Fatal(err)
	}
	if c.SMS.URL != "https://kannel.exemple.fr/x" || c.Bot.DailyCap != 7 || c.Bot.Service != "Relais 974" {
		t.Errorf("url %q, cap %d, service %q", c.SMS.URL, c.Bot.DailyCap, c.Bot.Service)
	}
}

func TestTheFileMayBeNamedByTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(path, []byte("service: Ailleurs"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadEnviron("", []string{"PASSEUR_CONFIG=" + path})
	if err != nil || c.Bot.Service != "Ailleurs" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "absent.yaml"): "il n'existe pas",
		t.TempDir(): "c'est un dossier",
	} {
		_, err := LoadEnviron(path, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, err := LoadEnviron(filepath.Join(t.TempDir(), "absent.yaml"), nil)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("not ErrNotExist: %v", err)
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(big, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadEnviron(big, nil); err == nil || !strings.Contains(err.Error(), "il dépasse 256 Kio") {
		t.Errorf("big: %v", err)
	}
}

func TestProblems(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":       {"service: P\n\n\nmattermots: {}", "clé inconnue « mattermots », ligne 4, colonne 1 : vouliez-vous dire « mattermost » ?"},
		"unknown deep":      {"sms:\n  backup:\n    pasword: x", "clé inconnue « pasword », ligne 3, colonne 5 : vouliez-vous dire « password » ?"},
		"misplaced":         {"command_token: x", "clé inconnue « command_token », ligne 1, colonne 1 : vouliez-vous dire « mattermost.command_token » ?"},
		"replicas":          {"redis: {replicas: 0}", "redis.replicas, ligne 1, colonne 9 : 0 n'est pas possible"},
		"telegram token":    {"telegram: {token: secret-x, account: PasseurBot}", "telegram.token, ligne 1, colonne 12 : ce n'est pas le jeton d'un compte"},
		"telegram account":  {"telegram: {token: '1234:abc'}", "telegram.account : il manque le nom du compte, sans @"},
		"telegram at":       {"telegram: {token: '1234:abc', account: '@PasseurBot'}", "« @PasseurBot » n'est pas le nom d'un compte ; écrivez-le comme PasseurMancheBot, sans @"},
		"telegram secret":   {"telegram: {token: '1234:abc', account: PasseurBot, secret: court}", "il faut de 16 à 256 caractères"},
		"telegram call":     {"telegram: {token: '1234:abc', account: PasseurBot, secret: un-secret-assez-long}\npublic_url: http://passeur.exemple.fr", "Telegram n'appelle qu'une adresse en https://"},
		"telegram half":     {"telegram: {secret: un-secret-assez-long}", "telegram.token : il manque le jeton du compte, donné par BotFather"},
		"far":               {"hours: {lundi: 3}", "clé inconnue « lundi », ligne 1, colonne 9 : les noms possibles ici sont open, close"},
		"twice":             {"service: A\nservice: B", "service, ligne 2, colonne 1 : ce réglage est donné deux fois (déjà ligne 1)"},
		"number":            {"daily_cap: beaucoup", "daily_cap, ligne 1, colonne 1 : « beaucoup » n'est pas un nombre entier"},
		"cap":               {"daily_cap: 0", "daily_cap, ligne 1, colonne 1 : 0 n'est pas possible"},
		"rate":              {"sms: {rate: .inf}", "sms.rate, ligne 1, colonne 7 : « .inf » n'est pas un nombre"},
		"negative rate":     {"sms: {rate: -1}", "le débit doit être"},
		"parallel":          {"sms: {parallel: 0}", "nombre d'envois simultanés entre 1 et 100"},
		"bool":              {"mattermost: {swap_names: peut-être}", "« peut-être » n'est ni true (oui) ni false (non)"},
		"clock":             {"hours:\n  open: 24:00", "hours.open, ligne 2, colonne 3 : « 24:00 » n'est pas une heure ; écrivez-la comme \"18:00\""},
		"clock as number":   {"reminders: {at: 18}", "« 18 » n'est pas une heure"},
		"hours":             {"hours:\n  open: 20:00", "hours.open, ligne 2, colonne 3 : l'ouverture (20h00) doit être avant la fermeture (19h00)"},
		"reminder outside":  {"reminders:\n  at: 21:00", "reminders.at, ligne 2, colonne 3 : un rappel à 21h00"},
		"hours too short":   {"hours:\n  close: 17:00", "hours.close, ligne 2, colonne 3 : un rappel à 18h00 (reminders.at) est en dehors des heures permises, de 9h00 à 17h00"},
		"morning":           {"reminders: {morning_from: 8:00}", "le rappel du matin (9h00) doit partir avant"},
		"days":              {"reminders: {days: [0]}", "entre 1 et 60"},
		"days twice":        {"reminders: {days: [1, 1]}", "le nombre de jours 1 est donné deux fois"},
		"list":              {"territories: {a: b}", "une liste est attendue"},
		"item":              {"reminders: {days: [1, hier]}", "élément 2 : « hier » n'est pas un nombre entier"},
		"scalar":            {"service: [a]", "une seule valeur est attendue"},
		"lines":             {"service: |\n  a\n  b\n", "une seule ligne de texte est attendue"},
		"group":             {"sms: kannel", "sms, ligne 1, colonne 1 : ce groupe attend des réglages en retrait, sur les lignes qui suivent (provider, definition, url, account,"},
		"departement":       {"territories: [50, 20]", "« 20 » n'est pas un département"},
		"overseas":          {"territories: [975]", "« 975 » n'est pas un département"},
		"none":              {"territories: []", "nommez au moins un département"},
		"same territory":    {"territories: [50, 50]", "le département « 50 » est nommé deux fois"},
		"place twice":       {"places:\n- {label: Mairie, commune: 50147}\n- {label: \"mairie \", commune: 50218}", "le lieu « mairie » est nommé deux fois"},
		"place commune":     {"places: [{label: Mairie, commune: Coutances}]", "« Coutances » n'est pas le code INSEE d'une commune"},
		"place no label":    {"places: [{commune: 50147}]", "le lieu 1 n'a pas de nom"},
		"place key":         {"places:\n- label: Mairie\n  comune: 50147", "lieu 1 (ligne 2) : clé inconnue « comune » ; vouliez-vous dire « commune » ?"},
		"place text":        {"places: [Mairie]", "lieu 1 (ligne 1) : « label »"},
		"places":            {"places: Mairie", "une liste de lieux est attendue"},
		"parts":             {"sms: {backup: {max_parts: 256}}", "sms.backup.max_parts, ligne 1, colonne 16 : 256 n'est pas possible"},
		"price":             {"sms: {price: 49}", "le prix d'un SMS s'écrit en euros"},
		"balance":           {"sms: {low_balance: -1}", "le seuil d'alerte est un nombre positif"},
		"url":               {"public_url: passeur.exemple.fr", "public_url, ligne 1, colonne 1 : ce n'est pas une adresse"},
		"url query":         {"public_url: https://a.fr/?x=1", "doit s'arrêter avant « ? »"},
		"url user":          {"mattermost: {url: \"https://bot:s3cret@a.fr\"}", "contient un identifiant ou un mot de passe"},
		"listen":            {"listen: 8080", "« 8080 » n'est pas une adresse d'écoute"},
		"database":          {"database: \"\"", "le chemin de la base est vide"},
		"service":           {"service: \"\"", "de 1 à 30 caractères"},
		"phone":             {"phone: appelez-nous", "n'est pas un numéro de téléphone"},
		"desk":              {"desk: \"#accueil\"", "n'est pas une adresse Mattermost"},
		"cards":             {"cards: mattermost:marie", "n'est pas un canal de Mattermost"},
		"work days":         {"work: {days: [lundi, mardis]}", "« mardis » n'est pas un jour"},
		"no work":           {"work: {days: []}", "aucun jour de travail"},
		"work":              {"work: {open: \"18:00\", close: \"9:00\"}", "le début du travail (18h00) doit être avant sa fin (9h00)"},
		"team":              {"mattermost: {team: mon équipe}", "n'est pas un nom d'équipe"},
		"emoji":             {"mattermost: {ask_emoji: \":sos:\"}", "mattermost.ask_emoji, ligne 1, colonne 14 : « :sos: » n'est pas le nom d'un emoji"},
		"channels":          {"mattermost:\n  team: cnum\n  channels: manche", "mattermost.channels, ligne 3, colonne 3 : une liste de canaux est attendue"},
		"channel key":       {"mattermost:\n  channels:\n  - chanel: manche", "canal 1 (ligne 3) : clé inconnue « chanel » ; vouliez-vous dire « channel » ?"},
		"channel text":      {"mattermost:\n  channels: [manche]", "canal 1 (ligne 2) : « channel », « territory », « hub », « role » sont attendus"},
		"channel key twice": {"mattermost:\n  channels:\n  - channel: a\n    channel: b", "« channel » est donné deux fois"},
		"channel meaning":   {"mattermost:\n  team: cnum\n  channels:\n  - channel: manche\n    territory: 50\n  - channel: orne", "mattermost.channels, ligne 6, colonne 5 : canal « orne » : rien ne dit"},
		"channel role":      {"mattermost:\n  team: cnum\n  channels:\n  - channel: manche\n    role: chef", "mattermost.channels, ligne 4, colonne 5 : canal « manche » : rôle inconnu « chef » ; écrivez conseiller ou coordinateur"},
		"channel usager":    {"mattermost: {team: cnum, channels: [{channel: manche, role: usager}]}", "rôle inconnu « usager »"},
		"channel territory": {"territories: [50]\nmattermost:\n  team: cnum\n  channels:\n  - {channel: orne, territory: 61}", "mattermost.channels, ligne 5, colonne 6 : canal « orne » : le département « 61 » n'est pas servi"},
		"channel twice":     {"mattermost:\n  team: cnum\n  channels:\n  - {channel: a, hub: H}\n  - {channel: a, hub: I}", "mattermost.channels, ligne 5, colonne 6 : canal « a » : ce canal est donné deux fois"},
		"channel name":      {"mattermost: {team: cnum, channels: [{channel: ~Manche, hub: H}]}", "canal « ~Manche » : ce n'est pas le nom court d'un canal"},
		"channel no name":   {"mattermost: {team: cnum, channels: [{hub: H}]}", "n'est pas le nom court d'un canal"},
		"channel hub":       {"mattermost: {team: cnum, channels: [{channel: a, hub: H|I}]}", "« H|I » n'est pas un nom de hub"},
		"channel no team":   {"mattermost:\n  channels: [{channel: a, hub: H}]", "mattermost.team, ligne 2, colonne 3 : ce réglage manque et mattermost.channels en a besoin"},
		"token without":     {"mattermost:\n  token: s3cret", "mattermost.url, ligne 2, colonne 3 : ce réglage manque"},
		"url without":       {"mattermost:\n  url: https://a.fr", "mattermost.token, ligne 2, colonne 3 : ce réglage manque"},
		"tab":               {"sms:\n\tprovider: log", "écriture, ligne 2"},
		"quote":             {"service: \"abc", "écriture, ligne 1"},
		"anchor":            {"service: &a P\nphone: *a", "les ancres (&)"},
		"documents":         {"service: A\n---\nservice: B", "un seul document est attendu"},
		"not a map":         {"- a", "écriture, ligne 1, colonne 1 : des réglages sont attendus"},
		"latin 1":           {"service: Pass\xe9", "écriture, ligne 1, colonne 14 : un caractère ne peut pas être lu"},
		"deep":              {"a: " + strings.Repeat("[", 30) + strings.Repeat("]", 30), "trop de niveaux"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := loadText(t, c.text)
			if err == nil {
				t.Fatalf("no error, but %v", got)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := loadText(t, "daily_cap: x\nservise: a\nhours:\n  open: 99:00\nsms:\n  rate: 0\n",
		"PASSEUR_LISTEN=nulle part", "PASSEUR_DAYLI_CAP=3", "PASSEUR_ZZZ=1", "HOME=/root")
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range ps {
		got = append(got, fmt.Sprintf("%s %d", p.Subject, p.Line))
	}
	want := []string{"daily_cap 1", "clé inconnue « servise » 2", "hours.open 4", "sms.rate 6",
		"PASSEUR_LISTEN 0", "variable inconnue « PASSEUR_DAYLI_CAP » 0", "variable inconnue « PASSEUR_ZZZ » 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%v", diff, err)
	}
	if !strings.Contains(err.Error(), "vouliez-vous dire « PASSEUR_DAILY_CAP » ?") {
		t.Errorf("no near name: %v", err)
	}
	var one Problem
	if !errors.As(err, &one) || one != ps[0] {
		t.Errorf("errors.As gave %v", one)
	}
}

// TestNoEmojiAsks: an empty text is not what is left out.
func TestNoEmojiAsks(t *testing.T) {
	for text, want := range map[string]string{`mattermost: {ask_emoji: ""}`: "", "mattermost: {ask_emoji: }": "sos", "mattermost: {ask_emoji: Main_levée}": "-"} {
		c, err := loadText(t, text)
		if err == nil && c.Mattermost.AskEmoji != want || (err != nil) != (want == "-") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestChannelsOfTheEnvironment(t *testing.T) {
	c, err := LoadEnviron("", []string{"PASSEUR_MATTERMOST_TEAM=cnum", "PASSEUR_MATTERMOST_CHANNELS=manche territory=50 hub=Hub de l'Ouest role=conseiller, hub-sud hub=Sud"})
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.Membership{{Channel: "manche", Territory: "50", Hub: "Hub de l'Ouest", Role: bot.Conseiller}, {Channel: "hub-sud", Hub: "Sud"}}
	if diff := cmp.Diff(want, c.Mattermost.Channels); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for text, says := range map[string]string{
		"manche 50":             "PASSEUR_MATTERMOST_CHANNELS : canal « manche 50 » : ce n'est pas le nom court d'un canal",
		"manche":                "PASSEUR_MATTERMOST_CHANNELS : canal « manche » : rien ne dit",
		"manche territory=61":   "le département « 61 » n'est pas servi",
		"manche departement=50": "PASSEUR_MATTERMOST_CHANNELS : canal 1 : clé inconnue « departement »",
		"territory=50":          "n'est pas le nom court d'un canal",
	} {
		if _, err := LoadEnviron("", []string{"PASSEUR_MATTERMOST_TEAM=cnum", "PASSEUR_MATTERMOST_CHANNELS=" + text}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	dir := t.TempDir()
	token := writeSecret(t, dir, "token", "tok-2\r\n", 0o600)
	key := writeSecret(t, dir, "key", "k3y\n", 0o644)
	raw := writeSecret(t, dir, "raw", "\xff\x00\n", 0o600)
	if c, err := LoadEnviron("", []string{"PASSEUR_KEY_FILE=" + raw}); err != nil || c.Key != "\xff\x00\n" {
		t.Errorf("raw key: %v", err)
	}
	c, err := loadText(t, "mattermost: {url: https://a.fr, token: tok-1}\n",
		"PASSEUR_MATTERMOST_TOKEN_FILE="+token, "PASSEUR_KEY_FILE="+key, "PASSEUR_TERRITORIES=50")
	if err != nil {
		t.Fatal(err)
	}
	if c.Mattermost.Token != "tok-2" || c.Key != "k3y" || c.KeyFile != key {
		t.Errorf("token %q, key %q, file %q", c.Mattermost.Token.Reveal(), c.Key.Reveal(), c.KeyFile)
	}
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "chmod o-r "+key) {
		t.Errorf("warnings: %q", c.Warnings)
	}
}

func TestASecretOfTheEnvironmentReplacesTheFileOfAFile(t *testing.T) {
	c, err := loadText(t, "key_file: /nowhere/at/all\nterritories: [50]", "PASSEUR_KEY=k3y")
	if err != nil || c.Key != "k3y" || c.KeyFile != "" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestSecretFileProblems(t *testing.T) {
	dir := t.TempDir()
	void := writeSecret(t, dir, "void", "\n", 0o600)
	for name, c := range map[string]struct{ text, want string }{
		"both":   {"key: k3y\nkey_file: " + void, "key_file, ligne 2, colonne 1 : donnez key ou key_file, pas les deux"},
		"empty":  {"key_file: " + void, "est vide ; écrivez-y le secret"},
		"absent": {"\nkey_file: /nowhere/at/all", "key_file, ligne 2, colonne 1 : le fichier « /nowhere/at/all » ne peut pas être lu : il n'existe pas"},
		"folder": {"key_file: " + dir, "c'est un dossier"},
	} {
		if _, err := loadText(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFileOfSecretsThatAllCanReadIsWarnedAbout(t *testing.T) {
	path := writeSecret(t, t.TempDir(), "p.yaml", "key: k3y\nterritories: [50]\n", 0o644)
	c, err := LoadEnviron(path, nil)
	if err != nil || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "contient un secret") {
		t.Errorf("%v, %v", c, err)
	}
}

func TestPlainHTTPIsWarnedAbout(t *testing.T) {
	for url, warned := range map[string]bool{
		"http://a.fr": true, "https://a.fr": false, "http://127.0.0.1:1": false, "http://10.0.0.3": false,
		"http://kannel:13013": false, "http://localhost": false, "http://[::1]:2": false, "http://192.0.2.1": true,
	} {
		c, err := loadText(t, "territories: [50]\nsms: {url: \""+url+"\"}")
		if err != nil || (len(c.Warnings) == 1) != warned {
			t.Errorf("%s: %v, %v", url, c.Warnings, err)
		}
	}
}

// TestChecks: what others find wrong is told with the line of its setting, or of its neighbours when it is missing.
func TestChecks(t *testing.T) {
	faults := []Fault{{"sms.url", "mauvaise adresse"}, {"sms.password", "il manque"}, {"sms.backup.from", "il manque"}}
	l := newLoader()
	l.readText([]byte("sms:\n  provider: kannel\n  url: http://127.0.0.1:1\n"))
	_, err := l.finish([]Check{func(c *Config) []Fault {
		if c.SMS.Provider != "kannel" {
			t.Errorf("the check saw %+v", c.SMS)
		}
		return faults
	}})
	want := "sms.password, ligne 2, colonne 3 : il manque\nsms.url, ligne 3, colonne 3 : mauvaise adresse\nsms.backup.from : il manque"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func writeSecret(t *testing.T, dir, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return path
}

func TestSecretsAreNotShown(t *testing.T) {
	c := fullConfig()
	c.Key = "k3y"
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "token", c.Mattermost.Token)
	for name, text := range map[string]string{
		"String": c.String(), "%v": fmt.Sprintf("%v", *c), "%+v": fmt.Sprintf("%+v", c.SMS), "%#v": fmt.Sprintf("%#v", c.Mattermost), "calendars": fmt.Sprintf("%+v %#v", c.Calendars, c.Calendars), "rdv": fmt.Sprintf("%+v %#v", c.RDV, c.RDV), "coop": fmt.Sprintf("%+v %#v", c.Coop, c.Coop), "slog": log.String(),
		"%s": fmt.Sprintf("%s %q", c.Mattermost.Token, c.Mattermost.Token),
	} {
		for _, secret := range []string{"pw-1", "sec-1", "sec-3", "tok-1", "tok-2", "tok-3", "k3y", "hook-1", "sec-2", "sec-4", "s3c"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s: %s", name, secret, text)
			}
		}
		if !strings.Contains(text, dots) {
			t.Errorf("%s shows no dots: %s", name, text)
		}
	}
	if s := withoutPassword("postgres://u:pw-1@h/db"); strings.Contains(s, "pw-1") {
		t.Error(s)
	}
}

// Every field has a type that can be read, a name of its own, and a variable of its own.
func TestSettingsAreDerivedFromTheStruct(t *testing.T) {
	var names []string
	variables := map[string]string{fileVariable: "the file"}
	for _, s := range settingsOf(defaults()) {
		names = append(names, s.name)
		if other, twice := variables[s.variable()]; twice {
			t.Errorf("%s and %s share %s", s.name, other, s.variable())
		}
		variables[s.variable()] = s.name
		if fault := s.set(node{shape: scalar, text: "1"}); strings.Contains(fault, "type inconnu") {
			t.Errorf("%s: %s", s.name, fault)
		}
	}
	for _, want := range []string{"key_file", "public_url", "reminders.morning_from", "sms.backup.password_file", "mattermost.swap_names"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %v", want, names)
		}
	}
}

func TestTheExampleNamesEverySettingAndLoads(t *testing.T) {
	text, err := os.ReadFile("passeur.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadEnviron("passeur.example.yaml", nil)
	if err != nil || len(c.Warnings) > 0 {
		t.Fatalf("%v, %v", c, err)
	}
	want := defaults()
	want.Bot.Places = []bot.KnownPlace{{Label: "Médiathèque de Coutances", Commune: "50147"}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("the example is not the defaults and one place (-want +got):\n%s", diff)
	}
	root, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	namesIn("", root, named)
	for _, s := range settingsOf(defaults()) {
		if !named[s.name] {
			t.Errorf("the example does not name %s", s.name)
		}
	}
}

func namesIn(group string, n node, out map[string]bool) {
	for _, e := range n.entries {
		name := strings.TrimPrefix(group+"."+e.key, ".")
		out[name] = true
		namesIn(name, e.value, out)
	}
}

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{"URL": "url", "PublicURL": "public_url", "MaxParts": "max_parts", "SMS": "sms", "URLFile": "url_file"} {
		if got := snake(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestNearest(t *testing.T) {
	candidates := []string{"mattermost", "sms", "phone", "desk"}
	for in, want := range map[string]string{"mattermots": "mattermost", "smss": "sms", "phnoe": "phone", "zebre": "", "": "", "dsek": "desk"} {
		if got := Suggest(in, candidates); got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
}

func TestDepartements(t *testing.T) {
	n := 0
	for i := range 1000 {
		for _, code := range slices.Compact([]string{fmt.Sprintf("%02d", i), fmt.Sprintf("%03d", i)}) {
			if isDepartement(code) {
				n++
			}
		}
	}
	if n+2 != 101 || !isDepartement("2A") || !isDepartement("2B") {
		t.Errorf("%d départements beside Corsica, not 99", n)
	}
}
