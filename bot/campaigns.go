package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"passeur/intents"
)

// What a coordinator sees of campaigns that were prepared, and how she holds them.

// shownCampaigns is how many a list shows, the latest first.
const shownCampaigns = 20

// campaignOrders are what coordinators alone may order.
var campaignOrders = []intents.Intent{intents.NouvelleCampagne, intents.MesCampagnes, intents.MaCampagne, intents.CorrigerCampagne, intents.EssayerCampagne,
	intents.DemarrerCampagne, intents.PauseCampagne, intents.ReprendreCampagne, intents.AnnulerCampagne}

// listCampaigns lists the campaigns of her territories.
func listCampaigns(t *Turn) {
	t.known()
	t.Chat.close()
	var lines []string
	for _, c := range t.campaignsOf(t.Me.Territories) {
		lines = append(lines, t.say(c.saying("campagnes.ligne"), t.figureArgs(c).with("numero", number(t.Chat.indexOf(c)))))
	}
	if len(lines) == 0 {
		t.Reply("campagnes.aucune", nil)
		return
	}
	t.Reply("campagnes", Args{"liste": strings.Join(lines, "\n")})
}

// campaignsOf are the latest campaigns of some territories.
func (t *Turn) campaignsOf(territories []string) (all []campaign) {
	for _, place := range territories {
		for _, rec := range t.findAll(Query{Kind: "campaign", Place: place}) {
			if c, ok := t.campaign(rec.ID); ok && c.State != campaignReading {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b campaign) int { return b.Noted.Compare(a.Noted) })
	return all[:min(len(all), shownCampaigns)]
}

// indexOfCampaign is the number by which its coordinator names a campaign.
func (t *Turn) indexOfCampaign(c campaign) int {
	if t.Chat != nil && t.Role.IsPro() {
		return t.Chat.indexOf(c)
	}
	owner, _ := load[Person](t, t.coordinator(c))
	if owner.first() == "" {
		return 1
	}
	chat, _ := load[Chat](t, string(owner.first()))
	defer t.saveChatOf(owner.first(), chat)
	return chat.indexOf(c)
}

// indexOf is the number of a campaign among those that were shown; it stays, so that an old button means what it meant.
func (c *Chat) indexOf(of campaign) int {
	i := slices.Index(c.Campaigns, of.id)
	if i < 0 {
		i = len(c.Campaigns)
		c.Campaigns = append(c.Campaigns, of.id)
	}
	return i + 1
}

// campaignMeant is the campaign of the number that was said; without one that of the open question, or the only one. What cannot be found
// is said.
func (t *Turn) campaignMeant() (campaign, bool) {
	order, _ := intents.ReadCampaign(t.Text)
	id := ""
	switch n := order.Number; {
	case n > 0 && n <= len(t.Chat.Campaigns):
		id = t.Chat.Campaigns[n-1]
	case n == 0 && t.topic() == topicCampaign:
		id = t.Chat.Target
	case n == 0 && len(t.Chat.Campaigns) == 1:
		id = t.Chat.Campaigns[0]
	}
	c, ok := t.campaign(id)
	if !ok || !t.may(toChange, c.record()) {
		t.Reply("campagne.laquelle", nil)
		return c, false
	}
	return c, true
}

// campaignFigures tells how a campaign stands; one that has not begun is shown again as it will leave.
func campaignFigures(t *Turn) {
	t.known()
	c, ok := t.campaignMeant()
	if !ok {
		return
	}
	switch c.State {
	case campaignRead:
		t.Chat.close()
		t.Reply(c.saying("campagne.a-preparer"), Args{"titre": c.title(), "n": number(c.People), "numero": number(t.indexOfCampaign(c))})
		return
	case campaignReady:
		t.showCampaign(c)
		return
	}
	t.Chat.close()
	file := "/bilan.png"
	if order, _ := intents.ReadCampaign(t.Text); order.Table {
		file = "/bilan.csv"
	}
	t.answer(ForTalk, &Message{Key: c.saying("campagne.bilan"), Args: t.figureArgs(c).with("numero", number(t.indexOfCampaign(c))), File: c.about() + file})
}

// figureArgs are the figures of a campaign for its texts.
func (t *Turn) figureArgs(c campaign) Args {
	args := t.shownArgs(c)
	f := t.figures(c.id)
	var told []string
	for _, state := range inviteeStates {
		args[state] = number(f.People[state])
		if n := f.People[state]; n > 0 {
			told = append(told, t.say(c.saying("campagne.personnes."+state), Args{"n": number(n)}))
		}
	}
	args["chiffres"] = strings.Join(told, " · ")
	args.with("etat", t.say("campagne.etat."+c.State, nil), "envoyes", number(f.sum(string(Sent))+f.sum(string(Uncertain))), "remis", number(f.sum(ReceiptArrived)),
		"perdus", number(f.sum(ReceiptLost)+f.sum(string(Failed))+f.sum(string(Withheld))), "personnes", number(c.People))
	return args
}

// inviteeStates are all states of invitees, in the order in which they are told.
var inviteeStates = []string{inviteeSilent, inviteeWritten, inviteeToCall, inviteeCallback, inviteeRdv, inviteeDates, inviteeAnswered, inviteeNo, inviteeReached, inviteeMissed, inviteeHadRdv, inviteeElsewhere,
	inviteeOpposed, inviteeFailed}

// Figures are those of one campaign.
type Figures struct {
	People map[string]int   // by state of invitees
	Texts  []map[string]int // by text, what became of its messages: a Fate, or the word of a receipt
}

func (f Figures) sum(of string) (n int) {
	for _, text := range f.Texts {
		n += text[of]
	}
	return n
}

func (t *Turn) figures(id string) Figures {
	if t.err != nil {
		return Figures{}
	}
	f, err := figuresOf(t.ctx, t.bot.Store, id)
	if err != nil {
		t.err = storeFault{err}
	}
	return f
}

// figuresOf reads the figures of a campaign.
func figuresOf(ctx context.Context, s Store, id string) (f Figures, err error) {
	f.People = map[string]int{}
	cells, err := s.Tally(ctx, TallyQuery{Kind: campaignTally, Owner: id})
	for _, cell := range cells {
		if cell.Dimension == byState {
			f.People[cell.Value] = int(cell.N)
			continue
		}
		step, what, _ := strings.Cut(cell.Value, "-")
		n, err := strconv.Atoi(step)
		if err != nil || n < 1 {
			continue
		}
		for len(f.Texts) < n {
			f.Texts = append(f.Texts, map[string]int{})
		}
		f.Texts[n-1][what] = int(cell.N)
	}
	return f, err
}

// CampaignSheet is how a campaign stands, for a file.
type CampaignSheet struct {
	Title  string
	State  string // in French
	Labels map[string]string
	Figures
}

// SheetOf is how a campaign stands; ok is false when there is none.
func (b *Bot) SheetOf(ctx context.Context, id string) (sheet CampaignSheet, ok bool, err error) {
	recs, err := b.Store.Get(ctx, "campaign", id)
	if err != nil || len(recs) == 0 {
		return sheet, false, err
	}
	var c Campaign
	if err := decode(recs[0], &c); err != nil {
		return sheet, false, err
	}
	sheet.Title, sheet.State = campaign{id, &c}.title(), b.label("campagne.etat."+c.State)
	sheet.Labels = map[string]string{}
	for _, key := range slices.Concat(inviteeStates, TextFates()) {
		sheet.Labels[key] = b.label("campagne.chiffre." + key)
	}
	sheet.Figures, err = figuresOf(ctx, b.Store, id)
	return sheet, true, err
}

// TextFates are what may become of the messages of a text: fates, and the words of receipts.
func TextFates() []string {
	return []string{string(Sent), ReceiptArrived, ReceiptLost, string(Uncertain), string(Failed), string(Withheld), string(Expired)}
}

// CampaignFiles begins the names of the files that go with messages about a campaign (Message.File).
const CampaignFiles = "campaign/"

// InviteeStates are the states of people on a list, in the order in which they are told.
func InviteeStates() []string { return slices.Clone(inviteeStates) }

// label is a text without arguments, in French.
func (b *Bot) label(key string) string { return b.Texts.own(key) }

// pauseCampaign holds a campaign back: no message of it leaves until it is resumed.
func pauseCampaign(t *Turn) {
	t.known()
	c, ok := t.campaignMeant()
	if !ok {
		return
	}
	args := Args{"titre": c.title(), "numero": number(t.indexOfCampaign(c))}
	if c.State != campaignRunning {
		t.Reply("campagne.pas-en-cours", args)
		return
	}
	c.State = campaignPaused
	t.Drop(c.about())
	t.saveCampaign(c)
	t.Reply("campagne.pause", args)
}

// resumeCampaign goes on where it was paused.
func resumeCampaign(t *Turn) {
	t.known()
	c, ok := t.campaignMeant()
	if !ok {
		return
	}
	args := Args{"titre": c.title(), "numero": number(t.indexOfCampaign(c))}
	if c.State != campaignPaused {
		t.Reply("campagne.pas-en-pause", args)
		return
	}
	c.State = campaignRunning
	t.planWave(c, t.At)
	t.Reply("campagne.reprise", args.with("debut", t.firstWave(c).Format("2006-01-02T15:04:05Z07:00"), placeArg, c.Place))
}

// askCancelCampaign asks before a campaign is called off for good.
func askCancelCampaign(t *Turn) {
	t.known()
	c, ok := t.campaignMeant()
	if !ok {
		return
	}
	if c.State == campaignCancelled {
		t.Reply("campagne.annulee-deja", Args{"titre": c.title()})
		return
	}
	t.Chat.close()
	args := Args{"titre": c.title(), "n": number(c.People), "promis": ""}
	f, n := t.figures(c.id), 0
	for _, state := range promised {
		n += f.People[state]
	}
	if n > 0 {
		args["promis"] = " " + t.say("campagne.annuler-promis", Args{"n": number(n)})
	}
	t.Offer("campagne.annuler", args, t.yesOrNo()...)
	t.ask(topicAccord)
	t.Chat.Act, t.Chat.Target = string(intents.AnnulerCampagne), c.id
}

// cancelCampaign calls a campaign off: nothing of it leaves any more, and its list is erased.
func (t *Turn) cancelCampaign(id string) {
	c, ok := t.campaign(id)
	if !ok || !t.may(toChange, c.record()) {
		t.Reply("campagne.laquelle", nil)
		return
	}
	t.dropCampaign(c)
	key := "campagne.annulee"
	if c.Started.IsZero() {
		key = "campagne.effacee"
	}
	t.Reply(c.saying(key), t.figureArgs(c))
}

const forgetListIntent intents.Intent = "oublier-liste"

// forgetSize is how many people of a list one turn erases.
const forgetSize = 800

// dropCampaign ends a campaign: what waits to be sent dies, and its list is erased. Its figures stay.
func (t *Turn) dropCampaign(c campaign) {
	t.Drop(c.about())
	t.Drop(c.batch())
	t.forgetLater(c, 1)
	if c.Started.IsZero() { // nobody was written to: there is nothing to remember
		t.erase("campaign", c.id)
		return
	}
	c.State, c.Ended = campaignCancelled, t.At
	t.saveCampaign(c)
}

func (t *Turn) forgetLater(c campaign, n int) {
	t.write(Task{Key: fmt.Sprintf("%s/oublier/%d", c.about(), n), Group: c.about(), Lane: Broadcast, At: t.At, Intent: forgetListIntent, Args: Args{"page": number(n)}})
}

// promised are the states of those who wait for a call or choose a date: a campaign that is called off keeps its word to them.
var promised = []string{inviteeCallback, inviteeDates}

// forgetList erases a page of the people on the list of a campaign that was called off, but for those who wait for what they were promised.
func forgetList(t *Turn) {
	c, ok := t.campaignOf(t.About)
	if ok && c.State != campaignCancelled {
		return
	}
	left := forgetSize
	for _, state := range inviteeStates {
		if slices.Contains(promised, state) {
			continue
		}
		for _, rec := range t.find(Query{Kind: "invitee", State: c.inviteeState(state), Limit: left}) {
			t.eraseRecord(rec)
			left--
		}
		if left == 0 {
			page, _ := strconv.Atoi(t.Values["page"])
			t.forgetLater(c, page+1)
			return
		}
	}
}
