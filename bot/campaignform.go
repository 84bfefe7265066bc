package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"passeur/intents"
)

// Preparing a campaign: a list is given, its form is filled in, its texts are shown, tried and approved.

// ListsNetwork is the network of the lists that are to be read: its messages go to "lists:<campaign>", and whoever sends them reads the list.
const ListsNetwork = "lists"

// listLife is how long one tries to read a list.
const listLife = time.Hour

const fileIntent intents.Intent = "fichier" // a file came

// takeList begins a campaign with the file of a list.
func takeList(t *Turn) {
	t.known()
	if len(t.Files) > 1 {
		t.Reply("liste.une-seule", nil)
		return
	}
	c := t.beginCampaign(t.Files[0])
	t.Chat.close()
	t.Reply("liste.lecture", Args{"fichier": c.File.Name})
	t.write(Task{Key: c.about() + "/liste", Group: c.about(), To: ListsNetwork + ":" + c.id, Network: ListsNetwork, Lane: Reminder, Purpose: ForNews,
		At: t.At, NotAfter: t.At.Add(listLife), Message: &Message{About: c.about(), Text: c.File.Name}})
}

// beginCampaign makes the campaign of a list that is to be read.
func (t *Turn) beginCampaign(file File) campaign {
	c, _ := t.campaign(t.newID("c"))
	*c.Campaign = Campaign{File: file, Owner: t.MeID, State: campaignReading, Noted: t.At}
	if len(t.Me.Territories) > 0 {
		c.Place = t.Me.Territories[0]
	}
	t.saveCampaign(c)
	return c
}

// listRead: the list of a campaign was read, and whoever gave it decides about it.
func listRead(t *Turn) {
	var r ListReport
	if err := json.Unmarshal([]byte(t.Values["rapport"]), &r); err != nil {
		t.err = fmt.Errorf("list report: %w", err)
		return
	}
	c, ok := t.campaignOf(t.About)
	if !ok || c.State != campaignReading {
		return
	}
	name := c.File.Name
	if r.Refusal != "" || r.People == 0 {
		t.dropCampaign(c)
		key := "liste.refusee"
		if r.Refusal == "" {
			key = "liste.vide"
		}
		t.tellCoordinator(c, key, Args{"fichier": name, "raison": r.Refusal, "bilan": t.reportText(c, r)}, t.faultsFile(c, r))
		return
	}
	c.State, c.People, c.Names, c.File = campaignRead, r.People-c.Left, r.Names, File{Name: name}
	t.change.Tally = append(t.change.Tally, Count{Kind: campaignTally, Owner: c.id, Dimension: byState, Value: inviteeSilent, N: int64(c.People)})
	t.saveCampaign(c)
	t.askForCampaign(c, r)
}

// askForCampaign asks who gave a list what to do with those of its people who can be written to.
func (t *Turn) askForCampaign(c campaign, r ListReport) {
	n := number(t.indexOfCampaign(c))
	t.tellCoordinator(c, "liste.lue", Args{"fichier": c.File.Name, "bilan": t.reportText(c, r), "n": number(r.People), "numero": n}, t.faultsFile(c, r),
		Choice{Words: "corriger campagne " + n, Label: t.sayTo(t.coordinator(c), "bouton.preparer", nil), Beside: true})
}

// tellCoordinator tells the coordinator of a campaign, else the desk.
func (t *Turn) tellCoordinator(c campaign, key string, args Args, file string, beside ...Choice) {
	id := t.coordinator(c)
	who, ok := load[Person](t, id)
	if !ok || who.first() == "" {
		t.tellDesk("", key, args)
		return
	}
	t.write(Task{To: id, Network: who.first().Network(), Lane: Reply, Purpose: ForNews, At: t.At,
		Message: &Message{Key: key, Args: args, Choices: beside, File: file}})
}

// faultsFile names the file of what is wrong with a list; "" when nothing is.
func (t *Turn) faultsFile(c campaign, r ListReport) string {
	if r.Faults == 0 {
		return ""
	}
	return c.about() + "/fautes.csv"
}

// reportText says what was found in a list.
func (t *Turn) reportText(c campaign, r ListReport) string {
	say := func(key string, n int) string { return t.sayTo(c.Owner, key, Args{"n": number(n)}) }
	lines := []string{say("liste.bilan", r.Rows)}
	for _, part := range []struct {
		key string
		n   int
	}{{"liste.opposees", r.Opposed}, {"liste.refus", r.Refused}, {"liste.ailleurs", r.Busy}, {"liste.masquees", r.Hidden}, {"liste.fautes", r.Faults}} {
		if part.n > 0 {
			lines = append(lines, say(part.key, part.n))
		}
	}
	for _, f := range r.First {
		lines = append(lines, t.faultText(c.Owner, f))
	}
	if more := r.Faults - len(r.First); more > 0 && len(r.First) > 0 {
		lines = append(lines, say("liste.autres", more))
	}
	if len(r.Columns) > 0 {
		lines = append(lines, t.sayTo(c.Owner, "liste.laissees", Args{"titres": strings.Join(r.Columns, ", ")}))
	}
	if n := len(r.Sheets); n > 0 {
		lines = append(lines, t.sayTo(c.Owner, "liste.feuilles", Args{"n": number(n), "noms": "« " + strings.Join(r.Sheets, " », « ") + " »"}))
	}
	return strings.Join(lines, "\n")
}

// Fields of the form of a campaign.
const (
	askTitle  = "titre"
	askWith   = "conseiller"
	askBasis  = "base"
	askNotice = "information"
	askInvite = "invitation"
	askNext   = "suite"
	askLast   = "dernier"
	askWait1  = "delai1"
	askWait2  = "delai2"
	askWait3  = "delai3"
)

// parts are the fields of the form as one corrects them in words: "corriger campagne 1 texte 2 : …".
var parts = map[string]string{"titre": askTitle, "conseiller": askWith, "lieu": askPlace, "information": askNotice,
	"texte 1": askInvite, "texte 2": askNext, "texte 3": askLast, "delai 1": askWait1, "delai 2": askWait2, "delai 3": askWait3}

// partOf reads which part is corrected, and to what.
func partOf(rest string) (field, words string, ok bool) {
	name, words, ok := strings.Cut(rest, ":")
	field = parts[plain(strings.TrimSpace(name))]
	return field, strings.TrimSpace(words), ok && field != ""
}

// correctPart takes one part of the form in words; "aucun" takes a text away. The rest stays.
func (t *Turn) correctPart(c campaign, known map[string]string, field, words string) {
	form := t.bot.Forms["campagne"]
	i := slices.IndexFunc(form.Fields, func(f Field) bool { return f.Name == field })
	value, problem, args := t.readField(form.ID, form.Fields[i], emptied(form.Fields[i], words))
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	known[field] = value
	wrong := campaignForm(t, c.about(), known)
	if len(wrong) > 0 {
		t.Reply("campagne.corriger-non", Args{"raison": wrong[slices.Sorted(maps.Keys(wrong))[0]]})
	}
}

// bases are the legal bases that the form offers, by its options.
var bases = map[string]string{"mission": publicTask, "accord": ownWish}

// basisOption is the option of a legal basis.
func basisOption(basis string) string {
	for option, of := range bases {
		if of == basis {
			return option
		}
	}
	return ""
}

// Days between the texts of a campaign, unless its coordinator says otherwise: three days, as rdv-insertion has it.
const usualWait = 3

// correctCampaign opens the form of a campaign that has not begun.
func correctCampaign(t *Turn) {
	t.known()
	c, ok := t.campaignMeant()
	if !ok {
		return
	}
	if c.State != campaignRead && c.State != campaignReady {
		t.Reply("campagne.commencee", Args{"titre": c.title()})
		return
	}
	if c.broadcast() {
		t.correctBroadcast(c)
		return
	}
	known := t.knownOf(c)
	order, _ := intents.ReadCampaign(t.Text)
	field, words, part := partOf(order.Rest)
	switch {
	case part:
		t.correctPart(c, known, field, words)
	case c.State == campaignReady && !t.opens():
		t.Reply("campagne.corriger-comment", Args{"numero": number(t.indexOfCampaign(c))})
	default:
		t.openForm("campagne", c.about(), known)
	}
}

// knownOf is what the form of a campaign holds beforehand: what was filled in, or what is usual.
func (t *Turn) knownOf(c campaign) map[string]string {
	known := map[string]string{askTitle: c.Title, askWith: c.With, askPlace: c.Where, askBasis: basisOption(c.Basis), askNotice: c.Notice}
	texts, waits := c.Texts, c.Waits
	if len(texts) == 0 {
		texts, waits = t.usualTexts(), []int{usualWait, usualWait, usualWait}
	}
	for i, field := range []string{askInvite, askNext, askLast} {
		if i < len(texts) {
			known[field] = texts[i]
		}
	}
	for i, field := range []string{askWait1, askWait2, askWait3} {
		if i < len(waits) {
			known[field] = number(waits[i])
		}
	}
	return known
}

// usualTexts are the texts that are proposed, with their names in braces; those of a sender to whom nobody can answer ask for nothing.
func (t *Turn) usualTexts() (texts []string) {
	for _, key := range []string{"campagne.texte-1", "campagne.texte-2", "campagne.texte-3"} {
		if !t.bot.Abilities["sms"].Receives {
			key += ".muet"
			if t.bot.Settings.Phone == "" {
				return nil // there is nothing that one could do on reading them
			}
		}
		texts = append(texts, t.sayIn(French, key,
			Args{"prenom": "{prenom}", "conseiller": "{conseiller}", "lieu": "{lieu}", "telephone": FrenchPhone(t.bot.Settings.Phone)}))
	}
	return texts
}

// campaignForm takes the form of a campaign and shows it.
func campaignForm(t *Turn, about string, values map[string]string) map[string]string {
	c, ok := t.campaignOf(about)
	if !t.prepares(c, ok) {
		return nil
	}
	next := *c.Campaign
	wrong := t.fillCampaign(&next, values)
	if len(wrong) > 0 {
		return wrong
	}
	*c.Campaign = next
	c.State = campaignReady
	t.showCampaign(c)
	return nil
}

// checkCampaign says what is wrong in the form of a campaign so far.
func checkCampaign(t *Turn, about string, values map[string]string) map[string]string {
	c, _ := t.campaignOf(about)
	next := *c.Campaign
	return t.fillCampaign(&next, values)
}

// prepares tells whether who filled in a form may still prepare the campaign that it is of, and says so when she may not.
func (t *Turn) prepares(c campaign, there bool) bool {
	switch {
	case !there:
		t.Reply("campagne.laquelle", nil)
	case !t.may(toChange, c.record()):
		t.Reply("campagne.ailleurs", nil)
	case c.State != campaignRead && c.State != campaignReady:
		t.Reply("campagne.commencee", Args{"titre": c.title()})
	default:
		return true
	}
	return false
}

// fillCampaign takes the values of the form, and says which of them cannot be.
func (t *Turn) fillCampaign(c *Campaign, values map[string]string) map[string]string {
	wrong := map[string]string{}
	note := func(field, problem string, args Args) {
		if problem != "" && wrong[field] == "" {
			wrong[field] = t.say(problem, args)
		}
	}
	d := &Draft{}
	problem, args := t.takePlace(d, t.readPlace(values[askPlace]))
	note(askPlace, problem, args)
	if problem == "" && !slices.Contains(t.Me.Territories, territory(d.Place)) {
		note(askPlace, "campagne.pas-son-territoire", nil)
	}
	if shames(values[askPlace]) {
		note(askPlace, "probleme.mot", nil)
	}
	with, _ := load[Person](t, values[askWith])
	c.Title, c.With, c.WithName, c.Where, c.Place = values[askTitle], values[askWith], with.Name, d.Where, d.Place
	c.Basis, c.Notice, c.Texts, c.Waits = bases[values[askBasis]], values[askNotice], nil, nil
	note(askNotice, checkNotice(c.Notice), nil)
	for i, field := range []string{askInvite, askNext, askLast} {
		text := strings.TrimSpace(values[field])
		if text == "" {
			continue
		}
		problem, args := t.checkText(text, i == 0)
		note(field, problem, args)
		wait, err := strconv.Atoi(values[[]string{askWait1, askWait2, askWait3}[i]])
		if err != nil {
			wait = usualWait
		}
		c.Texts, c.Waits = append(c.Texts, t.withStop(text, i == 0)), append(c.Waits, max(wait, 1))
	}
	return wrong
}

// fewestLetters is how many letters say at least how people were informed: a point or a "oui" is no answer.
const fewestLetters = 4

// checkNotice says that an answer does not tell how people were informed.
func checkNotice(notice string) (problem string) {
	letters := 0
	for _, r := range notice {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < fewestLetters {
		return "campagne.information"
	}
	return ""
}

// braces are the names that a text of a campaign may hold.
var braces = []string{"{prenom}", "{conseiller}", "{lieu}"}

// braceArgs are the arguments of sentences that show those names.
func braceArgs() Args {
	args := Args{}
	for _, name := range braces {
		args[strings.Trim(name, "{}")] = name
	}
	return args
}

// mostParts is how many SMS one text of a campaign makes, at most.
const mostParts = 2

// checkText says what a text of a campaign must not be; each names its counsellor, and the first where she is, so that it cannot be taken for a
// swindle.
func (t *Turn) checkText(text string, first bool) (problem string, args Args) {
	able := t.bot.Abilities["sms"]
	rest := strings.NewReplacer(braces[0], "", braces[1], "", braces[2], "").Replace(text)
	switch {
	case strings.ContainsAny(rest, "{}"):
		return "campagne.accolades", Args{"noms": strings.Join(braces, ", ")}
	case shames(text):
		return "probleme.mot", nil
	case hasLink(text):
		return "probleme.lien", nil
	case !strings.Contains(text, "{conseiller}"):
		return "campagne.sans-nom", braceArgs()
	case first && !strings.Contains(text, "{lieu}"):
		return "campagne.sans-lieu", braceArgs()
	case asksAnswer(text) && !able.Receives:
		return "campagne.sans-retour", nil
	}
	longest := Campaign{Texts: []string{t.withStop(text, first)}, WithName: "Anne-Charlotte Villeneuve", Where: "espace France Services de Périers"}
	if n := able.parts(able.fold(campaign{"", &longest}.text(0, "Marie-Christine"))); n > mostParts {
		return "campagne.trop-long", Args{"n": number(n), "max": number(mostParts)}
	}
	return "", nil
}

// asksAnswer tells whether a text wants one written back.
func asksAnswer(text string) bool {
	folded := plain(text)
	return slices.ContainsFunc([]string{"repond", "renvoye", "ecrivez-nous", "ecrivez nous", "tapez", "stop :", "stop:"}, func(w string) bool { return strings.Contains(folded, w) })
}

// withStop has the first text of a campaign say how to stop them.
func (t *Turn) withStop(text string, first bool) string {
	if !first || strings.Contains(text, "STOP") || !t.bot.Abilities["sms"].Receives {
		return text
	}
	return text + t.sayIn(French, "arret.comment", nil)
}

// title is how colleagues call a campaign: by the name of its file, until it has one of its own.
func (c campaign) title() string {
	if c.Title == "" {
		return c.File.Name
	}
	return c.Title
}
