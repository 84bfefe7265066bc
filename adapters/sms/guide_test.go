package sms

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"passeur/config"
)

// guide is docs/sms.md as its tables and sentences are compared with the gateways.
func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/sms.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rows are the cells of a table of the guide, by gateway; head is how the table begins.
func rows(t *testing.T, guide, head string) map[string][]string {
	t.Helper()
	_, table, ok := strings.Cut(guide, "\n"+head)
	if !ok {
		t.Fatalf("the guide has no table %q", head)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	out := map[string][]string{}
	for _, line := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		out[strings.Trim(cells[0], "`")] = cells[1:]
	}
	return out
}

// TestGuideTellsAbilities: what the guide says that a gateway can do is what it can do.
func TestGuideTellsAbilities(t *testing.T) {
	told := rows(t, guide(t), "| `sms.provider` |")
	for _, name := range Names() {
		if told[name] == nil {
			t.Errorf("docs/sms.md: no row `%s`", name)
		}
	}
	for name, c := range providers(t) {
		can := c.provider(t).Can()
		for i, want := range []bool{can.Receives, can.Receipts, can.Dedupes} {
			if got := told[name][i]; strings.HasPrefix(got, "oui") != want || strings.HasPrefix(got, "non") == want {
				t.Errorf("docs/sms.md: `%s`, column %d: %q; it is %v", name, i+2, got, want)
			}
		}
	}
}

// TestGuideTellsSettings: the guide names the settings that a description needs, or says something of, and no other.
func TestGuideTellsSettings(t *testing.T) {
	told := rows(t, guide(t), "| fournisseur | `account` |")
	for _, name := range Described() {
		d := readDefinition(t, name)
		for i, setting := range []string{"account", "username", "password", "token", "url", "from"} {
			wanted := slices.Contains(d.Needs, setting) || d.Says[setting] != ""
			if len(told[name]) <= i || (told[name][i] != "") != wanted {
				t.Errorf("docs/sms.md: `%s`, `%s`: %q; told: %v", name, setting, told[name], wanted)
			}
		}
	}
}

// TestGuideTellsAddresses: the guide names the addresses that a gateway must be given, and what proves its calls.
func TestGuideTellsAddresses(t *testing.T) {
	told := rows(t, guide(t), "| fournisseur | accusés |")
	proof := map[string]string{"secret": "secret", "basic": "authentification *basic*", "hmac": "signature", "twilio": "signature"}
	for _, name := range Described() {
		d := readDefinition(t, name)
		row := told[name]
		if calls := d.Receipt.Path+d.Reply.Path+d.Stop.Path != ""; calls != (row != nil) {
			t.Errorf("docs/sms.md: `%s` calls: %v, and its row is %q", name, calls, row)
		}
		if row == nil {
			continue
		}
		receipts, replies := d.addressTold(d.Receipt, "{receipt_url}"), d.addressTold(d.Reply, "{reply_url}")
		if d.Receipt.Path == d.Reply.Path {
			replies = "la même"
		}
		for i, want := range []string{receipts, replies, proof[d.Receipt.Proof.By]} {
			if !strings.HasPrefix(row[i], want) || want == "" && row[i] != "" {
				t.Errorf("docs/sms.md: `%s`, column %d: %q, want %q", name, i+2, row[i], want)
			}
		}
		if stop := "…/" + d.Stop.Path; d.Stop.Path != "" && !strings.Contains(row[1], stop) {
			t.Errorf("docs/sms.md: `%s`: no %q in %q", name, stop, row[1])
		}
	}
}

// addressTold is how the guide begins to tell where a gateway calls; word stands for the address in what is sent to it.
func (d *Definition) addressTold(h Hook, word string) string {
	switch {
	case h.Path == "":
		return ""
	case d.gives(word):
		return "Passeur la donne"
	case h.Proof.By == "secret":
		return "`…/sms/" + d.Name + "/" + h.Path + "?secret=…`"
	}
	return "`…/sms/" + d.Name + "/" + h.Path + "`"
}

// TestGuideListsGateways: where the guide lists the gateways that can do something, it lists all of them.
func TestGuideListsGateways(t *testing.T) {
	text := strings.Join(strings.Fields(guide(t)), " ")
	var tell, dedupe, keyed []string
	all := providers(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := all[name]
		p := c.provider(t)
		if teller, ok := p.(BalanceReader); ok && teller.Ask() != nil {
			tell = append(tell, "`"+name+"`")
		}
		if p.Can().Dedupes {
			dedupe = append(dedupe, "`"+name+"`")
		}
		if d := readDefinition(t, name); name == "kannel" || d != nil && (d.Receipt.Key != "" || d.gives("{receipt_url}")) {
			keyed = append(keyed, "`"+name+"`")
		}
	}
	for _, sentence := range []string{
		"pour ceux qui disent leur solde (" + strings.Join(tell, ", ") + ")",
		"le solde est demandé (" + strings.Join(tell, ", ") + ")",
		"s'il porte notre identifiant (" + strings.Join(keyed, ", ") + ")",
		"reconnaît un doublon (" + strings.Join(dedupe, ", ") + ")",
	} {
		if !strings.Contains(text, sentence) {
			t.Errorf("docs/sms.md does not say %q", sentence)
		}
	}
}

// TestReasonsHaveWords: counsellors read a sentence for each reason why a text does not leave.
func TestReasonsHaveWords(t *testing.T) {
	text, err := os.ReadFile("../../config/texts/fr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]any{}
	if err := config.Decode("fr.yaml", text, &said); err != nil {
		t.Fatal(err)
	}
	for _, reason := range append(refusals, reasonFiction) {
		if said["raison."+reason] == nil {
			t.Errorf("config/texts/fr.yaml: no raison.%s", reason)
		}
	}
}
