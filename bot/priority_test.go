package bot

import (
	"slices"
	"strings"
	"testing"
)

func TestReadPriorities(t *testing.T) {
	for name, c := range map[string]struct {
		table, kind, want string
	}{
		"semicolons":     {"code_insee;nom;zonage\n50394;Périers;FRR\n50502;Saint-Lô;QPV Val Saint-Jean\n", "", "FRR 50394 / QPV 50502"},
		"Excel":          {"\ufeffCode INSEE;Commune;Classement\r\n50394;\"Périers\";FRR+\r\n50147;Coutances;FRR\r\n", "", "FRR 50147 50394"},
		"commas":         {"codgeo,libgeo,frr\n01004,Ambérieu,FRR\n2a004,\"Ajaccio, port\",FRR\n", "", "FRR 01004 2A004"},
		"postcodes":      {"Code postal\tCode commune INSEE\tSorte\n50190\t50394\tFRR\n50190\t50394\tQPV\n", "", "FRR 50394 / QPV 50394"},
		"bare list":      {"# les communes\n50394\n\n50147\n50394\n", FRR, "FRR 50147 50394"},
		"spaces":         {"50394 FRR\n50502 QPV\n", "", "FRR 50394 / QPV 50502"},
		"some told":      {"50394;\n50502;QPV\n", FRR, "FRR 50394 / QPV 50502"},
		"semicolon late": {"insee,nom,kind\n50394,Périers ; bourg,FRR\n", "", "FRR 50394"},

		"no kind":         {"50394\n", "", "ligne 1 : je ne sais pas si cette commune est FRR ou QPV"},
		"other kind":      {"50394\n", "ZRR", "la sorte de liste est FRR ou QPV, et non « ZRR »"},
		"lost zero":       {"insee;kind\n50394;FRR\n1004;FRR\n", "", "ligne 3 : « 1004 » n'est pas un code INSEE"},
		"lost zero first": {"1004;FRR\n50394;FRR\n", "", "ligne 1 : il n'y a pas de code INSEE"},
		"which":           {"50190;50394;FRR\n", "", "ligne 1 : « 50190 » et « 50394 » : lequel est le code INSEE ?"},
		"short line":      {"nom;insee;kind\nPériers\n", "", "ligne 2 : il n'y a pas de code INSEE"},
		"titles alone":    {"insee;kind\n", "", "il n'y a aucune commune dans ce fichier"},
		"nothing":         {"", "", "il n'y a aucune commune dans ce fichier"},
		"not a table":     {"PK\x03\x04\x00;\x00\n\x00;", "", "ligne 2"},
		"too many":        {strings.Repeat("50394;FRR\n", mostPriorities+1), "", "plus de 100000 communes"},
	} {
		lists, err := ReadPriorities(c.table, c.kind)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
			continue
		}
		var got []string
		for _, l := range lists {
			got = append(got, l.Kind+" "+strings.Join(l.Communes, " "))
		}
		if s := strings.Join(got, " / "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

func FuzzReadPriorities(f *testing.F) {
	f.Add("code_insee;nom;zonage\n50394;Périers;FRR\n50502;Saint-Lô;QPV\n", "")
	f.Add("50394 FRR\n", QPV)
	f.Add("\"50394", FRR)
	f.Fuzz(func(t *testing.T, table, kind string) {
		lists, err := ReadPriorities(table, kind)
		if (err == nil) == (len(lists) == 0) {
			t.Fatalf("%d lists, %v", len(lists), err)
		}
		for _, l := range lists {
			if !slices.IsSorted(l.Communes) || len(l.Communes) == 0 || slices.ContainsFunc(l.Communes, func(c string) bool { return !isINSEE(c) }) {
				t.Fatalf("%+v", l)
			}
		}
	})
}
