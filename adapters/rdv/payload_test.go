package rdv

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// hear makes a proven call and returns what it told.
func hear(t *testing.T, body string) (status int, told []bot.Event) {
	t.Helper()
	n, _ := open(t, nil)
	stop := listen(t, n, func(_ context.Context, e bot.Event) error { told = append(told, e); return nil })
	defer stop()
	return post(n, []byte(body)).Code, told
}

// wrap puts an appointment into its envelope. data are the fields beside id and starts_at.
func wrap(event, data string) string {
	if data != "" {
		data = "," + data
	}
	return fmt.Sprintf(`{"data":{"id":5,"starts_at":"2026-10-14 10:30:00 +0200"%s},"meta":{"model":"Rdv","event":"%s","timestamp":"2026-10-01T09:12:44.123+02:00"}}`, data, event)
}

func TestCallsThatTellNothing(t *testing.T) {
	for body, want := range map[string]int{
		`{"data":{"id":1,"first_name":"Camille"},"meta":{"model":"User","event":"created"}}`: 200,
		`{"data":{"id":1},"meta":{"model":"Absence","event":"destroyed"}}`:                   200,
		`{"data":[],"meta":{"model":"Lieu"}}`:                                                200,
		``:                                                                                   400,
		`null`:                                                                               400,
		`[]`:                                                                                 400,
		`{"data":{}`:                                                                         400,
		`{"data":{},"meta":{}}`:                                                              400,
		`{"data":{}} trailing`:                                                               400,
		`<html>maintenance</htm`:                                                             400,
		`{"data":{"id":1},"meta":{"model":["Rdv"]}}`: 400,
		wrap("renamed", ""):                          400,
		wrap("", ""):                                 400,
		strings.Replace(wrap("updated", ""), `"id":5`, `"id":null`, 1):                                    400,
		strings.Replace(wrap("updated", ""), `"id":5`, `"id":"5/../6"`, 1):                                400,
		strings.Replace(wrap("updated", ""), `"id":5`, `"id":{"a":1}`, 1):                                 400,
		strings.Replace(wrap("updated", ""), "2026-10-14 10:30:00 +0200", "demain", 1):                    400,
		strings.Replace(wrap("updated", ""), "2026-10-14 10:30:00 +0200", "2026-10-14 10:30:00", 1):       400,
		strings.Replace(wrap("updated", ""), "2026-10-14 10:30:00 +0200", "2026-10-14 10:30:00 +2400", 1): 400,
		strings.Replace(wrap("updated", ""), "2026-10-01T09:12:44.123+02:00", "", 1):                      400,
		wrap("updated", `"participations":[{"user":{"first_name":"Camille"}}]`):                           400,
		wrap("updated", `"participations":"none"`):                                                        400,
	} {
		status, told := hear(t, body)
		if status != want || len(told) != 0 {
			t.Errorf("%s: answered %d, told %d", body, status, len(told))
		}
	}
}

// TestRelay: reminders that are turned off there are sent here, if the operator says so; what she refuses herself never is.
func TestRelay(t *testing.T) {
	for name, c := range map[string]struct {
		data           string
		silent, relays bool // without and with relay
	}{
		"nothing off":       {camille("", mine), false, false},
		"the reminder":      {camille(`,"send_reminder_notification":false`, mine), true, false},
		"all SMS":           {camille("", mine+`,"notify_by_sms":false`), true, true},
		"both":              {camille(`,"send_reminder_notification":false`, mine+`,"notify_by_sms":false`), true, true},
		"who answers: none": {camille(`,"send_reminder_notification":false`, theirs+`,"notify_by_sms":false}`), true, true},
	} {
		for relay, want := range map[bool]bool{false: c.silent, true: c.relays} {
			b, err := readCall([]byte(wrap("updated", c.data)), relay)
			if err != nil || len(b.Participants) != 1 || b.Participants[0].Silent != want {
				t.Errorf("%s, relay %v: %+v, %v", name, relay, b, err)
			}
		}
	}
}

// camille is a participation with other fields beside its id and hers.
func camille(fields, hers string) string {
	return `"participations":[{"id":9,"status":"seen"` + fields + `,"user":{"id":3,"first_name":"Camille","last_name":"FACTICE"` + hers + `}}]`
}

// usager is what Camille's participation becomes.
func usager(phone string, silent bool) []bot.OutsideUsager {
	return []bot.OutsideUsager{{ID: "9", Name: "Camille F.", Phone: phone, Status: "seen", Silent: silent}}
}

const (
	mine    = `,"phone_number_formatted":"+33639980001"`
	theirs  = `,"responsible":{"id":4,"first_name":"Dominique","last_name":"FACTICE","phone_number":"06 39 98 00 02"`
	library = `"lieu":{"id":3,"name":"Médiathèque Exemple","address":"%s"}`
)

// variations are payloads, and the fields of bot.OutsideRdv that they must give.
var variations = map[string]struct {
	event, data string
	want        map[string]any
}{
	"nothing but a start": {"updated", ``, map[string]any{"Status": "unknown", "ID": "5", "Source": "rsp", "Event": "updated"}},
	"nulls":               {"created", `"motif":null,"lieu":null,"organisation":null,"agents":null,"participations":null,"users":null,"ends_at":null`, map[string]any{"Participants": []bot.OutsideUsager(nil)}},
	"category a string":   {"created", `"motif":{"location_type":"phone","motif_category":"rsa"}`, map[string]any{"Remote": true}},
	"category an object":  {"created", `"motif":{"location_type":"visio","motif_category":{"id":1,"short_name":"rsa"}}`, map[string]any{"Remote": true}},
	"category null":       {"created", `"motif":{"location_type":"public_office","motif_category":null}`, map[string]any{"Remote": false}},
	"id a string":         {"created", `"id":"90-a"`, map[string]any{"ID": "90-a"}},
	"status":              {"updated", `"status":"revoked"`, map[string]any{"Status": "revoked"}},
	"status of tomorrow":  {"updated", `"status":"dreamt"`, map[string]any{"Status": "unknown"}},
	"gone":                {"destroyed", `"starts_at":null`, map[string]any{"Event": "destroyed"}},
	"end before start":    {"updated", `"ends_at":"2026-10-14 09:30:00 +0200"`, map[string]any{"End": time.Time{}}},
	"agents":              {"updated", `"agents":[{"first_name":"Dominique","last_name":"EXEMPLE"},{"first_name":null,"last_name":"Accueil"},{}]`, map[string]any{"Agents": []string{"Dominique EXEMPLE", "Accueil"}}},

	"mobile":                      {"updated", camille("", mine), map[string]any{"Participants": usager("+33639980001", false)}},
	"mobile as typed":             {"updated", camille("", `,"phone_number":"06.39.98.00.01"`), map[string]any{"Participants": usager("+33639980001", false)}},
	"overseas":                    {"updated", camille("", `,"phone_number":"0692 12 34 56"`), map[string]any{"Participants": usager("+262692123456", false)}},
	"landline":                    {"updated", camille("", `,"phone_number_formatted":"+33233000000"`), map[string]any{"Participants": usager("", false)}},
	"no number":                   {"updated", camille("", `,"phone_number":null`), map[string]any{"Participants": usager("", false)}},
	"wants no SMS":                {"updated", camille("", mine+`,"notify_by_sms":false`), map[string]any{"Participants": usager("+33639980001", true)}},
	"wants no reminder":           {"updated", camille(`,"send_reminder_notification":false`, mine+`,"notify_by_sms":true`), map[string]any{"Participants": usager("+33639980001", true)}},
	"who answers for her":         {"updated", camille("", theirs+`}`), map[string]any{"Participants": usager("+33639980002", false)}},
	"who answers, landline":       {"updated", camille("", `,"phone_number":"0233000000"`+theirs+`}`), map[string]any{"Participants": usager("+33639980002", false)}},
	"who answers wants no SMS":    {"updated", camille("", theirs+`,"notify_by_sms":false}`), map[string]any{"Participants": usager("+33639980002", true)}},
	"her own number goes first":   {"updated", camille("", mine+theirs+`,"notify_by_sms":false}`), map[string]any{"Participants": usager("+33639980001", false)}},
	"who answers, among users":    {"updated", camille("", "") + `,"users":[{"id":3` + theirs + `}}]`, map[string]any{"Participants": usager("+33639980002", false)}},
	"no SMS, among users":         {"updated", camille("", mine) + `,"users":[{"id":"3","notify_by_sms":false}]`, map[string]any{"Participants": usager("+33639980001", true)}},
	"only users":                  {"updated", `"status":"seen","users":[{"id":3,"first_name":"Camille","last_name":"FACTICE","phone_number":"0639980001"}]`, map[string]any{"Participants": []bot.OutsideUsager{{ID: "u3", Name: "Camille F.", Phone: "+33639980001", Status: "seen"}}}},
	"nobody, whatever users says": {"updated", `"participations":[],"users":[{"id":3,"first_name":"Camille"}]`, map[string]any{"Participants": []bot.OutsideUsager(nil)}},

	"at home":            {"updated", `"motif":{"location_type":"home"},"address":"12 rue de l'Exemple, Villefictive, 50000",` + fmt.Sprintf(library, "1 place X, Ailleurs, 14000"), map[string]any{"AtHome": true, "Where": "", "Postcode": "50000", "Commune": "Villefictive"}},
	"at home, unplain":   {"updated", `"motif":{"location_type":"home"},"address":"12 rue de l'Exemple 50000 Villefictive"`, map[string]any{"AtHome": true, "Where": "", "Postcode": "", "Commune": ""}},
	"at home, two parts": {"updated", `"motif":{"location_type":"home"},"address":"Les Tilleuls, 50000"`, map[string]any{"AtHome": true, "Postcode": "50000", "Commune": ""}},
	"by telephone":       {"updated", `"motif":{"location_type":"phone"},"address":"12 rue de l'Exemple, Villefictive, 50000"`, map[string]any{"Remote": true, "Where": "", "Postcode": "", "Commune": ""}},
	"place":              {"updated", fmt.Sprintf(library, "1 rue de l'Exemple, 50000 Villefictive"), map[string]any{"Where": "Médiathèque Exemple", "Postcode": "50000", "Commune": "Villefictive"}},
	"place, no address":  {"updated", fmt.Sprintf(library, "") + `,"address":"Médiathèque (1 rue de l'Exemple, Villefictive, 50000)"`, map[string]any{"Where": "Médiathèque Exemple", "Postcode": "50000", "Commune": "Villefictive"}},
	"no place":           {"updated", `"address":"1 rue de l'Exemple, Villefictive, 50000"`, map[string]any{"Where": "", "Postcode": "50000", "Commune": "Villefictive"}},
}

func TestPayloads(t *testing.T) {
	for name, c := range variations {
		t.Run(name, func(t *testing.T) {
			status, told := hear(t, wrap(c.event, c.data))
			if status != http.StatusOK || len(told) != 1 {
				t.Fatalf("answered %d, told %d", status, len(told))
			}
			b := reflect.ValueOf(booked(t, told[0]))
			for _, field := range slices.Sorted(maps.Keys(c.want)) {
				if got := b.FieldByName(field).Interface(); !reflect.DeepEqual(got, c.want[field]) {
					t.Errorf("%s = %#v, want %#v", field, got, c.want[field])
				}
			}
			checkEvent(t, told[0])
		})
	}
}

// TestWhoseAndWhere: the organisation and the zone of an appointment, as the adapter alone asks about them.
func TestWhoseAndWhere(t *testing.T) {
	for data, want := range map[string][2]string{ // the organisation, and the offset of a start that names none
		`"organisation":{"id":"7"},"time_zone":"America/Guadeloupe"`:     {"7", "-04:00"},
		`"organisation":{"id":1,"time_zone":"Indian/Reunion"}`:           {"1", "+04:00"},
		`"organisation":{"id":"7 bis"},"time_zone":"America/Guadeloupe"`: {"", "-04:00"},
		`"organisation":{"id":2},"time_zone":"Europe/Villefictive"`:      {"2", ""},
		`"organisation":null,"time_zone":"../../etc/hosts"`:              {"", ""},
	} {
		b, err := readAppointment([]byte(`{"id":5,"starts_at":"2026-10-14 10:30:00",`+data+`}`), true, false)
		offset := ""
		if !b.Start.IsZero() {
			offset = b.Start.Format("Z07:00")
		}
		if err != nil || b.organisation != want[0] || offset != want[1] {
			t.Errorf("%s: of %q, at %q, %v; want %v", data, b.organisation, offset, err, want)
		}
	}
}

func TestReasonIsKept(t *testing.T) {
	body := strings.Replace(wrap("destroyed", ""), `"meta":{`, `"meta":{"webhook_reason":"rgpd",`, 1)
	if _, told := hear(t, body); len(told) != 1 || booked(t, told[0]).Reason != "rgpd" {
		t.Errorf("told %+v", told)
	}
}

// crowded is a call with all that the service may know of people, at their home.
const crowded = `{"data":{"id":5,"uuid":"SECRET-uuid","name":"SECRET-nom","starts_at":"2026-10-14 10:30:00 +0200","context":"SECRET-contexte",
"address":"12 rue SECRET, Villefictive, 50000","created_by":"SECRET-auteur","url_for_agents":"https://secret.example/SECRET",
"organisation":{"id":7,"name":"SECRET-org","phone_number":"0233SECRET","email":"SECRET@example.org"},
"motif":{"id":1,"name":"SECRET-motif","location_type":"home","instruction_for_rdv":"SECRET-consigne","motif_category":{"name":"SECRET-cat"}},
"lieu":{"id":2,"name":"SECRET-lieu","address":"3 rue SECRET, Ailleurs, 14000","phone_number":"SECRET"},
"agents":[{"id":4,"first_name":"Dominique","last_name":"EXEMPLE","email":"SECRET@example.org"}],
"users":[{"id":3,"first_name":"Camille","last_name":"Factsecret","birth_name":"SECRET","birth_date":"1970-SECRET","address":"12 rue SECRET",
 "caisse_affiliation":"caf","affiliation_number":"SECRET","nir":"SECRET","email":"SECRET@example.org","notes":"SECRET","case_number":"SECRET",
 "user_profiles":[{"notes":"SECRET","logement":"SECRET"}],"family_situation":"SECRET","number_of_children":"SECRET",
 "responsible":{"id":8,"first_name":"SECRET","last_name":"SECRET","birth_date":"SECRET","address":"SECRET","phone_number":"0639980002","email":"SECRET"}}],
"participations":[{"id":9,"status":"unknown","invitation_token":"SECRET","notes":"SECRET","created_by":"SECRET",
 "user":{"id":3,"first_name":"Camille","last_name":"Factsecret","birth_date":"SECRET","address":"12 rue SECRET","affiliation_number":"SECRET","email":"SECRET"}}]},
"meta":{"model":"Rdv","event":"updated","timestamp":"2026-10-01 09:12:44 +0200","author":"SECRET"}}`

// TestNothingElseIsCopied: of a call full of private fields only those of bot.OutsideRdv leave.
func TestNothingElseIsCopied(t *testing.T) {
	_, told := hear(t, crowded)
	if len(told) != 1 {
		t.Fatalf("told %d", len(told))
	}
	whole, err := json.Marshal(told[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"secret", "12 rue", "caf", "14000", "ailleurs", "example.org", "1970"} {
		if strings.Contains(strings.ToLower(string(whole)), private) {
			t.Errorf("%q is copied: %s", private, whole)
		}
	}
	b := booked(t, told[0])
	want := bot.OutsideUsager{ID: "9", Name: "Camille F.", Phone: "+33639980002", Status: "unknown"}
	if len(b.Participants) != 1 || b.Participants[0] != want || !b.AtHome || b.Commune != "Villefictive" {
		t.Errorf("told %+v", b)
	}
}

func TestStamps(t *testing.T) {
	guadeloupe, err := time.LoadLocation("America/Guadeloupe")
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"2026-10-14 10:30:00 +0200":     "2026-10-14T10:30:00+02:00",
		"2026-10-14 10:30:00.25 +0200":  "2026-10-14T10:30:00.25+02:00",
		"2026/10/14 10:30:00 -0400":     "2026-10-14T10:30:00-04:00",
		"2026-10-14 08:30:00 UTC":       "2026-10-14T08:30:00Z",
		"2026-10-14T10:30:00+02:00":     "2026-10-14T10:30:00+02:00",
		"2026-10-14T10:30:00.000+02:00": "2026-10-14T10:30:00+02:00",
		"2026-10-14T08:30:00Z":          "2026-10-14T08:30:00Z",
		"2026-10-14T08:30:00.123456Z":   "2026-10-14T08:30:00.123456Z",
		"2026-10-14T10:30:00+0200":      "2026-10-14T10:30:00+02:00",
		"2026-10-14T10:30+02:00":        "2026-10-14T10:30:00+02:00",
		"2026-10-25 02:30:00 +0200":     "2026-10-25T02:30:00+02:00", // the hour that comes twice
		"2026-10-25 02:30:00 +0100":     "2026-10-25T02:30:00+01:00",
		" 2026-10-14 10:30:00 +0200 ":   "2026-10-14T10:30:00+02:00",
		"2026-10-14T10:30:00":           "2026-10-14T10:30:00-04:00",
		"2026-10-14 10:30:00":           "2026-10-14T10:30:00-04:00",
	} {
		if got, err := readStamp(s, guadeloupe); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q = %s, %v, want %s", s, got.Format(time.RFC3339Nano), err, want)
		}
	}
	for _, s := range []string{"", "14/10/2026 10:30", "2026-02-30 10:30:00 +0100", "2026-10-14", "1792000000", "2026-10-14 10:30:00 Paris"} {
		if got, err := readStamp(s, guadeloupe); err == nil {
			t.Errorf("%q = %s", s, got)
		}
	}
}

func TestLocality(t *testing.T) {
	for address, want := range map[string][4]string{ // of a place, then of a home
		"1 rue de l'Exemple, Villefictive, 50000":                {"50000", "Villefictive", "50000", "Villefictive"},
		"1 rue de l'Exemple, 50000 Villefictive":                 {"50000", "Villefictive", "50000", "Villefictive"},
		"1 rue de l'Exemple, 50000 Villefictive, France":         {"50000", "Villefictive", "50000", "Villefictive"},
		"La Halle (1 rue X, L'Haÿ-les-Roses, 94240)":             {"94240", "L'Haÿ-les-Roses", "94240", "L'Haÿ-les-Roses"},
		"Villefictive, 50000":                                    {"50000", "Villefictive", "50000", ""},
		"50000 Villefictive":                                     {"50000", "Villefictive", "50000", "Villefictive"},
		"1 rue de l'Exemple, 50000":                              {"50000", "", "50000", ""},
		"rue de l'Exemple, 50000":                                {"50000", "", "50000", ""},
		"Bât B, rue de l'Exemple, 50000":                         {"50000", "", "50000", ""},
		"3 quai X, Le Passage, 47520":                            {"47520", "Le Passage", "47520", "Le Passage"},
		"3 quai X, Rue, 80120":                                   {"80120", "Rue", "80120", "Rue"},
		"1 rue X, 50009 Saint-Fictif Cedex":                      {"", "", "", ""},
		"1 rue X, 50009 Saint-Fictif Cedex 9":                    {"", "", "", ""},
		"1 rue X, 50000 Villefictive Bâtiment B":                 {"", "", "", ""},
		"1 rue de l'Exemple 50000 Villefictive":                  {"", "", "", ""},
		"1 rue X, 97110 " + strings.Repeat("Pointe-Fictive", 30): {"", "", "", ""},
		"Par téléphone":                                          {"", "", "", ""},
		"":                                                       {"", "", "", ""},
		",,()":                                                   {"", "", "", ""},
	} {
		postcode, commune := locality(address, false)
		private, home := locality(address, true)
		if got := [4]string{postcode, commune, private, home}; got != want {
			t.Errorf("%q = %q, want %q", address, got, want)
		}
	}
}

func TestShortName(t *testing.T) {
	for _, c := range [][3]string{
		{"Camille", "FACTICE", "Camille F."},
		{"Marie-Claude", "d'Exemple", "Marie-Claude D."},
		{" Zoé\n", "élan", "Zoé É."},
		{"Camille", "", "Camille"},
		{"", "FACTICE", "F."},
		{"", "", ""},
		{"Camille", "-- '1", "Camille"},
		{"Ca\x00mi\u202elle", "\xff(F)", "Ca mi lle F."},
		{strings.Repeat("a", 100), "B", strings.Repeat("a", 40) + " B."},
	} {
		if got := shortName(c[0], c[1]); got != c[2] {
			t.Errorf("%q %q = %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
