package playground

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// outline writes marks as one line: p(text strong(text)).
func outline(marks []mark) string {
	var out []string
	for _, m := range marks {
		switch {
		case m.Tag == "":
			out = append(out, m.Text)
		case m.Tag == "a":
			out = append(out, fmt.Sprintf("a<%s>(%s)", m.Href, outline(m.Kids)))
		default:
			out = append(out, m.Tag+"("+outline(m.Kids)+")")
		}
	}
	return strings.Join(out, "")
}

func TestParseMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"Bonjour":                           "p(Bonjour)",
		"":                                  "",
		"un\ndeux\n\ntrois":                 "p(unbr()deux)p(trois)",
		"**gras** et *penché*, __fort__":    "p(strong(gras) et em(penché), strong(fort))",
		"**gras *et* penché**":              "p(strong(gras em(et) penché))",
		"~~mardi~~ jeudi":                   "p(del(mardi) jeudi)",
		"nom_de_famille 2 * 3 * 4":          "p(nom_de_famille 2 * 3 * 4)",
		"`rdv **1**`":                       "p(code(rdv **1**))",
		`\*pas gras\*`:                      "p(*pas gras*)",
		"[La Coop](https://a.fr/x?y=1)":     "p(a<https://a.fr/x?y=1>(La Coop))",
		"[x](javascript:alert(1))":          "p([x](javascript:alert(1)))",
		"[x](data:text/html,y) [y](//a.fr)": "p([x](data:text/html,y) [y](//a.fr))",
		"voir https://a.fr/b. Merci":        "p(voir a<https://a.fr/b>(https://a.fr/b). Merci)",
		"**https://a.fr**":                  "p(strong(a<https://a.fr>(https://a.fr)))",
		"<b>x</b> & <script>":               "p(<b>x</b> & <script>)",
		"- un\n- **deux**\nfin":             "ul(li(un)li(strong(deux)))p(fin)",
		"1. un\n2. deux":                    "ol(li(un)li(deux))",
		"> dit-elle\n> encore":              "blockquote(p(dit-elle)p(encore))",
		"#### Titre\n---\n#mot":             "h4(Titre)hr()p(#mot)",
		"```\n**x**\ny\n```\nz":             "pre(**x**\ny)p(z)",
		"```\nsans fin":                     "pre(sans fin)",
		"a\n| Q | R |\n|---|:-:|\n| 1 |\n| **2** | 3 | 4 |\nfin": "p(a)table(thead(tr(th(Q)th(R)))tbody(tr(td(1)td())tr(td(strong(2))td(3))))p(fin)",
		"| a \\| b | c |\n|---|---|":                             "table(thead(tr(th(a | b)th(c)))tbody())",
		"a | b":                                                  "p(a | b)",
		"✅ 👩‍🦽 œuvre":                                            "p(✅ 👩‍🦽 œuvre)",
		"**":                                                     "p(**)",
		"a\xffb":                                                 "p(a\uFFFDb)",
	} {
		if got := outline(parseMarkdown(in)); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

// FuzzParseMarkdown: any text becomes elements of the list, links that only open a page, and texts that encode.
func FuzzParseMarkdown(f *testing.F) {
	for _, text := range []string{"**a** _b_", "| a |\n|--|\n| b", "[x](https://a)", "```\n", "> > x", "\\", "*_*_*_*_*_*", "http://", "1) x\n- y"} {
		f.Add(text)
	}
	known := map[string]bool{}
	for tag := range strings.FieldsSeq("p br hr h4 ul ol li blockquote pre code strong em del a table thead tbody tr th td") {
		known[tag] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		var check func([]mark)
		check = func(marks []mark) {
			for _, m := range marks {
				if m.Tag != "" && (!known[m.Tag] || m.Text != "") || !utf8.ValidString(m.Text) {
					t.Errorf("%+v", m)
				}
				if m.Href != "" && !strings.HasPrefix(m.Href, "http://") && !strings.HasPrefix(m.Href, "https://") {
					t.Errorf("link to %q", m.Href)
				}
				check(m.Kids)
			}
		}
		check(parseMarkdown(text))
	})
}
