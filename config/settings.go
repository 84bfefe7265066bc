package config

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

const (
	prefix       = "PASSEUR_"
	fileVariable = "PASSEUR_CONFIG" // names the file; no setting of its own
	fileSuffix   = "_file"
)

// layer is where a value came from; a higher one wins.
type layer int

const (
	byDefault layer = iota
	byFile
	byVariable
)

// setting is one leaf of Config under the name that operators use.
type setting struct {
	name   string        // "sms.backup.url"
	value  reflect.Value // the field, settable
	file   *setting      // of a secret: the setting that names a file with it
	layer  layer
	at     position
	items  []position // of a list: where its elements stand
	secret bool
}

// variable is the setting's name in the environment.
func (s *setting) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(s.name, ".", "_"))
}

// subject is how the setting is called where it was set.
func (s *setting) subject() string {
	if s.layer == byVariable {
		return s.variable()
	}
	return s.name
}

// withoutPassword takes the password out of a text that is a URL; one that cannot be read is not shown.
func withoutPassword(text string) string {
	if !strings.Contains(text, "@") || !strings.Contains(text, "//") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return dots
	}
	return u.Redacted()
}

// settingsOf lists the settings of c in the order of its fields.
func settingsOf(c *Config) []*setting {
	return collect(nil, reflect.ValueOf(c).Elem(), "")
}

func collect(list []*setting, v reflect.Value, group string) []*setting {
	t := v.Type()
	for i := range t.NumField() {
		field, value := t.Field(i), v.Field(i)
		name := group + snake(field.Name)
		_, isSecret := value.Interface().(Secret)
		switch {
		case field.Tag.Get("config") == "-" || namesSecretFile(t, field.Name):
		case field.Tag.Get("config") == "inline":
			list = collect(list, value, group)
		case value.Kind() == reflect.Struct:
			list = collect(list, value, name+".")
		case isSecret:
			file := &setting{name: name + fileSuffix, value: fileField(v, field.Name)}
			list = append(list, &setting{name: name, value: value, secret: true, file: file}, file)
		default:
			list = append(list, &setting{name: name, value: value})
		}
	}
	return list
}

// namesSecretFile says whether the field only keeps the path of the secret beside it.
func namesSecretFile(t reflect.Type, field string) bool {
	base, ok := strings.CutSuffix(field, "File")
	beside, found := t.FieldByName(base)
	return ok && found && beside.Type == reflect.TypeFor[Secret]()
}

// fileField is where the path of a secret's file is kept: in the struct, if it has a field for it.
func fileField(v reflect.Value, secret string) reflect.Value {
	if f := v.FieldByName(secret + "File"); f.IsValid() {
		return f
	}
	return reflect.New(reflect.TypeFor[string]()).Elem()
}

// snake turns a Go name into a setting's: MaxParts into max_parts, PublicURL into public_url.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		afterLower := i > 0 && unicode.IsLower(runes[i-1])
		lastOfAcronym := i > 0 && i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && (afterLower || lastOfAcronym) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// loader gathers the settings and all that is wrong with them.
type loader struct {
	cfg      *Config
	settings []*setting
	byName   map[string]*setting
	groups   []string // "sms", "sms.backup"
	problems Problems
}

func newLoader() *loader {
	l := &loader{cfg: defaults(), byName: map[string]*setting{}}
	l.settings = settingsOf(l.cfg)
	for _, s := range l.settings {
		l.byName[s.name] = s
		for group := parent(s.name); group != "" && !slices.Contains(l.groups, group); group = parent(group) {
			l.groups = append(l.groups, group)
		}
	}
	return l
}

// ask has others look at the settings that they understand. What is missing is told where its neighbours stand.
func (l *loader) ask(checks []Check) {
	for _, check := range checks {
		for _, f := range check(l.cfg) {
			s, ok := l.byName[f.Setting]
			if !ok { // of a file that the settings name
				s = l.byName[parent(f.Setting)+".provider"]
			}
			at := s.at
			if s.layer == byDefault {
				at = l.begins(parent(f.Setting))
			}
			l.faultAt(s.subject(), at, "%s", f.Text)
		}
	}
}

// begins is where the first setting of a group that was set in the file stands.
func (l *loader) begins(group string) (at position) {
	for _, s := range l.settings {
		if s.layer == byFile && parent(s.name) == group && (at.line == 0 || s.at.line < at.line) {
			at = s.at
		}
	}
	return at
}

// parent is the group of a name: "sms.backup" of "sms.backup.url", "" of "sms".
func parent(name string) string {
	return name[:max(0, strings.LastIndexByte(name, '.'))]
}

// holdsSecret says whether a secret was written in the file itself.
func (l *loader) holdsSecret() bool {
	return slices.ContainsFunc(l.settings, func(s *setting) bool { return s.layer == byFile && s.holds() })
}

// finish reads the secrets' files, checks the whole and returns it.
func (l *loader) finish(checks []Check) (*Config, error) {
	l.readSecrets()
	l.readAddresses()
	l.validate()
	l.tellBot()
	if len(l.problems) == 0 {
		l.ask(checks)
	}
	if len(l.problems) > 0 {
		l.problems.sort()
		return nil, l.problems
	}
	return l.cfg, nil
}
