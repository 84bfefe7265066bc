package main

import (
	"io"
	"os"
	"regexp"
	"testing"

	"github.com/alecthomas/kong"

	"passeur/adapters/sms"
	"passeur/config"
)

// TestTheProviderOfTheGuide: the description that docs/sms.md shows, read out of it, makes a provider.
func TestTheProviderOfTheGuide(t *testing.T) {
	guide, err := os.ReadFile("docs/sms.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```yaml\n(# /etc/passeur/clever.yaml\n.*?)```").FindSubmatch(guide)
	if m == nil {
		t.Fatal("the guide shows no description any more")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("clever.yaml", m[1], 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{"PASSEUR_SMS_PROVIDER=http", "PASSEUR_SMS_DEFINITION=clever.yaml", "PASSEUR_SMS_USERNAME=passeur", "PASSEUR_SMS_PASSWORD=clef"}
	cfg, err := config.LoadEnviron("", environ, checkSMS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := smsNetwork(cfg, io.Discard, quiet()); err != nil {
		t.Fatal(err)
	}
	_, err = config.LoadEnviron("", environ[:3], checkSMS)
	contains(t, err.Error(), "sms.password : ce réglage manque")
}

// TestProvidersAreInTheGuide: each provider has its row.
func TestProvidersAreInTheGuide(t *testing.T) {
	guide, err := os.ReadFile("docs/sms.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sms.Names() {
		contains(t, string(guide), "| `"+name+"` |")
	}
}

func TestGatewaySettings(t *testing.T) {
	for name, c := range map[string]struct {
		environ []string
		want    string
	}{
		"near":       {[]string{"PASSEUR_SMS_PROVIDER=kanel"}, "PASSEUR_SMS_PROVIDER : fournisseur inconnu « kanel » : vouliez-vous dire « kannel » ?"},
		"far":        {[]string{"PASSEUR_SMS_PROVIDER=pigeon-voyageur"}, "choisissez parmi : brevo"},
		"missing":    {[]string{"PASSEUR_SMS_PROVIDER=kannel"}, "sms.password : ce réglage manque, et le fournisseur kannel en a besoin"},
		"its words":  {[]string{"PASSEUR_SMS_PROVIDER=octopush", "PASSEUR_SMS_FROM=Passeur"}, "sms.username : ce réglage manque, et le fournisseur octopush en a besoin : l'identifiant de l'API (api-login)"},
		"backup":     {[]string{"PASSEUR_SMS_BACKUP_PROVIDER=brevo"}, "sms.backup.password : ce réglage manque"},
		"definition": {[]string{"PASSEUR_SMS_PROVIDER=http"}, "sms.definition : ce réglage manque"},
		"no file":    {[]string{"PASSEUR_SMS_PROVIDER=http", "PASSEUR_SMS_DEFINITION=absent.yaml"}, "le fichier « absent.yaml » ne peut pas être lu"},
		"sender":     {[]string{"PASSEUR_SMS_FROM=Conseiller numérique"}, "ne peut pas être un expéditeur"},
		"secret":     {[]string{"PASSEUR_SMS_SECRET=court"}, "PASSEUR_SMS_SECRET : il faut au moins 16 caractères"},
	} {
		_, err := config.LoadEnviron("", c.environ, checkSMS)
		if err == nil {
			t.Errorf("%s: nothing is wrong", name)
			continue
		}
		t.Run(name, func(t *testing.T) { contains(t, err.Error(), c.want) })
	}
}

// TestReadmeNamesEveryCommand: who looks for a command finds it in the table.
func TestReadmeNamesEveryCommand(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range parser.Model.Leaves(true) {
		if named := regexp.MustCompile("`passeur " + regexp.QuoteMeta(commandPath(c)) + "[ `]"); !named.Match(readme) {
			t.Errorf("README.md does not name `passeur %s`", commandPath(c))
		}
	}
}

// commandPath is what one types to have a command: "import venues".
func commandPath(n *kong.Node) string {
	if n.Parent == nil || n.Parent.Parent == nil {
		return n.Name
	}
	return commandPath(n.Parent) + " " + n.Name
}
