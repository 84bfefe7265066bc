// Package config reads the settings of an installation: one YAML file, the environment over it, all of it checked
// before anything starts.
//
// The settings are the fields of [Config] and nothing else. Their names are derived from the field names (MaxParts
// in SMS.Backup is sms.backup.max_parts in the file and PASSEUR_SMS_BACKUP_MAX_PARTS in the environment), so that a
// new setting is one new field, its default in defaults.go if it has one, and its check in validate.go. File and
// environment are both turned into the same small tree before a field is filled in, so that a value means the same
// thing wherever it comes from.
//
// Where to look: config and outside (the fields), defaults, validate, digest (are two robots set alike); read and tree (file and environment), values and settings (types and names), decode (strict
// YAML for others); problems and near (what is told when something is wrong); texts and forms.
//
// An operator mends settings by hand, often over a slow remote shell, so every problem is told at once, each in one
// French sentence with the line or the variable it comes from. Nothing unknown is ignored: a misspelt key that is
// silently left out is found out weeks later, by the people who were not reminded.
//
// A secret has the type [Secret], which prints as dots, may be kept in a file of its own (token_file), and whose
// value is never part of an error.
package config

import (
	"fmt"
	"log/slog"
	"os"
	"strings"

	"passeur/bot"
)

// Config is everything an installation decides. Load returns it complete and valid.
type Config struct {
	Database   string       // path of the SQLite file, relative to the working folder; not used with Postgres.URL
	Key        Secret       // the operator's key as text; empty when none was given
	KeyFile    string       // where Key was read from; empty when none was given or when it came by PASSEUR_KEY
	Listen     string       // "host:port" where webhooks are served
	PublicURL  string       // where the outside reaches Listen, without a final slash; empty: no webhooks from outside
	Bot        bot.Settings `config:"inline"`
	SMS        SMS
	Telegram   Telegram
	Mattermost Mattermost
	Postgres   Postgres
	Redis      Redis
	RDV        RDV
	Calendars  []Feed
	Coop       Coop
	Warnings   []string `config:"-"` // French sentences about what works but should be mended
}

// SMS says through whom texts are sent.
type SMS struct {
	Gateway    `config:"inline"`
	Backup     Gateway // takes over while the first one fails; without a provider there is none
	LowBalance float64 // the desk is told when less than this is left at a provider, in its own unit; 0: nobody is told
}

// Gateway is the access to one SMS provider. Which of its settings a provider needs, and what they may be, is what the adapter
// knows: see Check.
type Gateway struct {
	Provider   string  // "log", "kannel"
	Definition string  // of the provider "http": the path of the file that describes it
	URL        string  // without a final slash
	Account    string  // whose account, where a provider has several
	Username   string  // of its API
	Password   Secret  // of its API
	Token      Secret  // a second secret, where a provider wants one
	Secret     Secret  // what the gateway shows to prove that a call comes from it
	From       string  // the sender that people see: a short code, a number, or up to 11 letters and digits (then nobody can answer)
	Rate       float64 // texts a second, at most
	Parallel   int     // texts in flight at once
	MaxParts   int     // the most parts of a text; 0: the provider's own limit
	Price      float64 // of one part, in euros; 0: unknown
}

// Telegram is the account by which usagers may be reached who want it; Token and Account are both set or both empty: then there is none.
type Telegram struct {
	Token   Secret // of the account, as BotFather gave it
	Account string // its name, without "@": "PasseurMancheBot"
	Secret  Secret // what Telegram shows when it calls PublicURL; empty: Passeur asks for messages itself
	URL     string // of the Bot API server, without a final slash; empty: Telegram's own
}

// Postgres is the server that keeps what must last for several replicas; without a URL that is the file Database.
type Postgres struct {
	URL Secret // "postgres://passeur:password@127.0.0.1:5432/passeur?sslmode=verify-full"
}

// Redis is what several replicas share and may lose; without a URL there is one replica.
type Redis struct {
	URL      Secret // "redis://:password@127.0.0.1:6379/0"
	Prefix   string // of all keys: that of no other installation on the server
	Replicas int    // how many there are at most: among them a pace is divided while the server is down
}

// Mattermost is the access to the counsellors' server; URL and Token are both set or both empty.
type Mattermost struct {
	URL          string           // without a final slash
	Token        Secret           // of the bot account
	Team         string           // its name in addresses: "cnum"; empty: every full account of the server is a counsellor's
	Channels     []bot.Membership // what being in a channel of Team means, each channel once; empty: the members of Team are counsellors
	CommandToken Secret           // of the slash command /passeur; empty: there is none
	AskEmoji     string           // the emoji that asks, below a post of a channel, that its question be put to colleagues; empty: none does
	SwapNames    bool             // first and last names are exchanged on this server, as accounts made by the national console are
}

// A Check looks at settings that somebody else than this package understands: it returns what is wrong with them.
type Check func(*Config) []Fault

// Fault is one thing that a Check found wrong.
type Fault struct {
	Setting string // its full name: "sms.backup.url"
	Text    string // what is wrong and how to mend it, in French; never a secret
}

// Secret is a value that must not be seen. However it is printed, logged or marshalled, it shows as dots, or as
// nothing when it is empty; only Reveal gives it.
type Secret string

const dots = "•••"

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

// String returns dots, or "" when the secret is empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return dots
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// LogValue is String, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is String, for encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Load reads the file at path, lays the variables PASSEUR_… over it and checks the whole. Without a path it reads
// the file that PASSEUR_CONFIG names, and without that one the defaults and the environment do. An empty variable
// counts as not given. The error is of the type Problems, unless the file cannot be read at all.
//
// checks are done once the rest is right. A lookup like os.LookupEnv cannot tell which variables exist: LoadEnviron also refuses
// the misspelt ones.
func Load(path string, env func(string) (string, bool), checks ...Check) (*Config, error) {
	return load(path, env, nil, checks)
}

// LoadEnviron is Load over a whole environment in the form of os.Environ; a variable that begins with PASSEUR_ and
// is no setting is a problem too.
func LoadEnviron(path string, environ []string, checks ...Check) (*Config, error) {
	variables := make(map[string]string, len(environ))
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			variables[name] = value
		}
	}
	lookup := func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
	return load(path, lookup, variables, checks)
}

func load(path string, env func(string) (string, bool), variables map[string]string, checks []Check) (*Config, error) {
	if named, ok := env(fileVariable); path == "" && ok {
		path = named
	}
	l := newLoader()
	if path != "" {
		if err := l.readFile(path); err != nil {
			return nil, err
		}
	}
	l.readVariables(env)
	l.refuseStrays(variables)
	return l.finish(checks)
}

// readFile fills in what the file sets.
func (l *loader) readFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("le fichier de réglages « %s » ne peut pas être lu (%w) ; vérifiez le chemin et les droits", path, bare(err))
	}
	defer f.Close()
	text, err := readAtMost(f, maxFile)
	if err != nil {
		return fmt.Errorf("le fichier de réglages « %s » ne peut pas être lu : %w", path, bare(err))
	}
	l.readText(text)
	if info, err := f.Stat(); err == nil && info.Mode().Perm()&0o004 != 0 && l.holdsSecret() {
		l.warn("le fichier de réglages « %s » contient un secret et peut être lu par tous les utilisateurs de la machine ; protégez-le : chmod o-r %s", path, path)
	}
	return nil
}

// String lists the settings, one "name: value" a line, secrets as dots.
func (c *Config) String() string {
	var b strings.Builder
	for _, s := range settingsOf(c) {
		fmt.Fprintf(&b, "%s: %s\n", s.name, s.show())
	}
	return b.String()
}
