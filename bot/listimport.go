package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"passeur/intents"
)

// Reading a list into a campaign: its people are written in batches, which count only once the campaign's record says that it was read.

// ListReadIntent is that the list of a campaign was read, or cannot be: Values holds "rapport", a ListReport.
const ListReadIntent intents.Intent = "liste-lue"

// ListReport is what was found in a list.
type ListReport struct {
	Rows    int        `json:"rows"`              // with something in them, below the titles
	People  int        `json:"people"`            // who can be written to
	Names   []int      `json:"names,omitempty"`   // how many of their first names have so many characters
	Opposed int        `json:"opposed,omitempty"` // who said STOP, or that it is too much
	Refused int        `json:"refused,omitempty"` // who said no to a campaign not long ago, or has another number
	Busy    int        `json:"busy,omitempty"`    // who are on the list of another campaign
	Hidden  int        `json:"hidden,omitempty"`  // rows that the spreadsheet does not show, which were left out
	Faults  int        `json:"faults,omitempty"`  // rows that cannot be used
	First   []RowFault `json:"first,omitempty"`   // the first of them
	Unread
	Refusal string `json:"refusal,omitempty"` // in French: why the file cannot be read at all
}

// Unread is what of a file was not read, because it is not looked for.
type Unread struct {
	Columns []string `json:"dropped,omitempty"` // their titles
	Sheets  []string `json:"sheets,omitempty"`  // their names
}

// FaultPage is a part of what is wrong with a list.
type FaultPage struct {
	V      int        `json:"v"`
	Faults []RowFault `json:"faults"`
}

// How much of the faults of a list is kept and shown.
const (
	faultPage   = 500
	mostFaults  = 50 // pages
	firstFaults = 8
)

// listRows is how many people one commit writes: few, so that what people write meanwhile waits for none.
const listRows = 200

// listSpan is how far before the moment of its list the people on it are due, a millisecond after each other: in the order of its rows, or in that
// in which they were gathered.
const listSpan = time.Hour

// ListOf is the file of a campaign that waits to be read; ok is false when none does.
func (b *Bot) ListOf(ctx context.Context, campaign string) (f File, ok bool, err error) {
	recs, err := b.Store.Get(ctx, "campaign", campaign)
	if err != nil || len(recs) == 0 || recs[0].State != campaignReading {
		return f, false, err
	}
	var c Campaign
	err = decode(recs[0], &c)
	return c.File, err == nil, err
}

// BeginList begins a campaign of a coordinator with a list that is read outside of her network, and returns its id. It refuses, in French, who is no
// coordinator.
func (b *Bot) BeginList(ctx context.Context, coordinator string, file File, now time.Time) (campaign string, err error) {
	id, problem, err := b.CounsellorNamed(ctx, coordinator, now)
	if err != nil {
		return "", err
	}
	if problem != "" {
		return "", errors.New(problem)
	}
	err = again(ctx, func() error {
		t := b.open(ctx, Event{ID: fmt.Sprintf("list-file/%d", now.UnixNano()), At: now, Role: Itself})
		if p, _ := load[Person](t, id); p.Role != Coordinateur {
			return fmt.Errorf("%s n'est pas de la coordination : une liste est l'affaire de la coordination du territoire", p.Name)
		}
		t.MeID = id
		t.Me, _ = load[Person](t, id)
		c := t.beginCampaign(file)
		campaign = c.id
		return b.commit(ctx, t)
	})
	return campaign, err
}

// RefuseList says why the list of a campaign cannot be read, in French, to who gave it.
func (b *Bot) RefuseList(ctx context.Context, campaign, why string) error {
	w, err := b.listWriter(ctx, campaign)
	if err != nil {
		return err
	}
	return w.tell(ctx, ListReport{Refusal: why})
}

// listLost tells who gave a list that it could not be fetched in time.
func (b *Bot) listLost(t Task, o Outcome) *Task {
	return &Task{Key: t.Key + failureSuffix, Group: t.Message.About, Lane: Reply, At: o.At, Intent: ListReadIntent, Args: Args{"rapport": b.lostReport()}}
}

// lostReport is the report of a list that could not be fetched.
func (b *Bot) lostReport() string {
	report, _ := json.Marshal(ListReport{Refusal: b.label("liste.perdue")}) // a text alone cannot fail
	return string(report)
}

// ReadList checks a list row by row, and writes those of its people who can be written to. What an attempt that was cut short left is erased
// first. An error of rows is the file's: nobody is on the list then.
func (b *Bot) ReadList(ctx context.Context, campaign string, rows iter.Seq2[ListRow, error], unread Unread) (ListReport, error) {
	defer b.locks.take("list/" + campaign)()
	w, err := b.listWriter(ctx, campaign)
	if err != nil {
		return ListReport{}, err
	}
	if err := w.clear(ctx); err != nil {
		return ListReport{}, err
	}
	w.report.Unread = unread
	for row, err := range rows {
		if ctx.Err() != nil {
			return w.report, ctx.Err()
		}
		if err != nil {
			w.report = ListReport{Refusal: err.Error()}
			if err := w.clear(ctx); err != nil {
				return w.report, err
			}
			return w.report, w.tell(ctx, w.report)
		}
		if err := w.take(ctx, row); err != nil {
			return w.report, err
		}
	}
	if err := w.flush(ctx, 0); err != nil {
		return w.report, err
	}
	return w.report, w.tell(ctx, w.report)
}

// tell has the bot hear what was found.
func (w *listWriter) tell(ctx context.Context, report ListReport) error {
	body, err := json.Marshal(report)
	if err != nil {
		return err
	}
	return w.bot.Handle(ctx, Event{ID: "list/" + w.campaign.id, At: w.now, Role: Itself, About: w.campaign.about(), Intent: ListReadIntent, Values: map[string]string{"rapport": string(body)}})
}

// listWriter writes the people of one list.
type listWriter struct {
	*listReader
	campaign campaign
	others   []string  // campaigns that people may be on already
	now      time.Time // when the list was given: that of all that is written
	people   []listed
	faults   []RowFault
	pages    int
	report   ListReport
}

func (b *Bot) listWriter(ctx context.Context, id string) (*listWriter, error) {
	t := b.looking(ctx, time.Time{})
	c, _ := t.campaign(id)
	now := c.Noted
	owner, _ := load[Person](t, c.Owner)
	w := &listWriter{campaign: c, now: now, listReader: b.listReaderFor(owner.Territories)}
	w.others = slices.DeleteFunc(t.inviting(), func(other string) bool { return other == id })
	return w, t.err
}

// take checks one row.
func (w *listWriter) take(ctx context.Context, row ListRow) error {
	w.report.Rows++
	if row.Hidden {
		w.report.Hidden++
		return nil
	}
	who, fault := w.read(row)
	if fault == nil {
		w.people = append(w.people, who)
		return w.flush(ctx, listRows)
	}
	w.report.Faults++
	if len(w.report.First) < firstFaults {
		w.report.First = append(w.report.First, *fault)
	}
	if w.faults = append(w.faults, *fault); len(w.faults) == faultPage {
		return w.keepFaults(ctx)
	}
	return nil
}

// flush writes the people and faults that wait, once there are so many people.
func (w *listWriter) flush(ctx context.Context, atLeast int) error {
	if len(w.people) < atLeast {
		return nil
	}
	if atLeast == 0 {
		if err := w.keepFaults(ctx); err != nil {
			return err
		}
	}
	records, err := w.records(ctx)
	w.people = w.people[:0]
	if err != nil || len(records) == 0 {
		return err
	}
	return w.bot.Store.Commit(ctx, Change{Now: w.now, Records: records})
}

// records are those of the people that wait, without those who are not to be written to.
func (w *listWriter) records(ctx context.Context) (records []Record, err error) {
	out, err := w.opposed(ctx)
	if err != nil {
		return nil, err
	}
	refused, err := w.refused(ctx)
	if err != nil {
		return nil, err
	}
	busy, err := w.busy(ctx)
	if err != nil {
		return nil, err
	}
	for _, who := range w.people {
		switch {
		case out[who.phone]:
			w.report.Opposed++
			continue
		case refused[who.phone]:
			w.report.Refused++
			continue
		case busy[who.phone]:
			w.report.Busy++
			continue
		}
		body, err := encode(&Invitee{V: 1, Name: who.name, Phone: who.phone, Place: who.place, State: inviteeSilent}, nil)
		if err != nil {
			return nil, err
		}
		at := w.now.Add(-listSpan + time.Duration(w.report.People)*time.Millisecond)
		w.report.People++
		w.report.Names = countName(w.report.Names, who.name)
		records = append(records, Record{Kind: "invitee", ID: inviteeID(w.campaign.id, smsAddress(who.phone)), Place: who.place,
			State: w.campaign.inviteeState(inviteeSilent), At: at, Body: body})
	}
	return records, nil
}

// addresses are those of the people that wait.
func (w *listWriter) addresses() []string {
	ids := make([]string, len(w.people))
	for i, who := range w.people {
		ids[i] = string(smsAddress(who.phone))
	}
	return ids
}

// refused are, of those who wait, the numbers where somebody said no to a campaign, or which are not hers.
func (w *listWriter) refused(ctx context.Context) (map[string]bool, error) {
	recs, err := w.bot.Store.Get(ctx, "refusal", w.addresses()...)
	out := map[string]bool{}
	for _, rec := range recs {
		out[Address(rec.ID).ID()] = true
	}
	return out, err
}

// opposed are, of those who wait, the numbers that want no messages.
func (w *listWriter) opposed(ctx context.Context) (map[string]bool, error) {
	recs, err := w.bot.Store.Get(ctx, "objection", w.addresses()...)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, rec := range recs {
		var o Objection
		if err := decode(rec, &o); err != nil {
			return nil, err
		}
		if !o.listens() {
			out[Address(rec.ID).ID()] = true
		}
	}
	return out, nil
}

// busy are, of those who wait, the numbers that are on the list of another campaign.
func (w *listWriter) busy(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	for _, other := range w.others {
		ids := make([]string, len(w.people))
		for i, who := range w.people {
			ids[i] = inviteeID(other, smsAddress(who.phone))
		}
		recs, err := w.bot.Store.Get(ctx, "invitee", ids...)
		if err != nil {
			return nil, err
		}
		for _, rec := range recs {
			out[Address(rec.ID[len(other)+1:]).ID()] = true
		}
	}
	return out, nil
}

// keepFaults writes a page of faults.
func (w *listWriter) keepFaults(ctx context.Context) error {
	if len(w.faults) == 0 || w.pages == mostFaults {
		return nil
	}
	body, err := encode(&FaultPage{V: 1, Faults: w.faults}, nil)
	if err != nil {
		return err
	}
	w.pages++
	w.faults = w.faults[:0]
	return w.bot.Store.Commit(ctx, Change{Now: w.now, Records: []Record{{Kind: "faults", ID: faultsID(w.campaign.id, w.pages), At: w.now, Body: body}}})
}

func faultsID(campaign string, page int) string { return fmt.Sprintf("%s-%02d", campaign, page) }

// faultPages are the ids of all pages of faults that a list may have.
func faultPages(campaign string) (ids []string) {
	for page := range mostFaults {
		ids = append(ids, faultsID(campaign, page+1))
	}
	return ids
}

// clear erases what an attempt before left.
func (w *listWriter) clear(ctx context.Context) error {
	gone, err := w.bot.Store.Get(ctx, "faults", faultPages(w.campaign.id)...)
	for err == nil {
		var page []Record
		page, err = w.bot.Store.Find(ctx, Query{Kind: "invitee", State: w.campaign.inviteeState(inviteeSilent), Limit: importRows - mostFaults})
		if gone = append(gone, page...); len(gone) == 0 || err != nil {
			return err
		}
		for i := range gone {
			gone[i].Body = nil
		}
		err = w.bot.Store.Commit(ctx, Change{Now: w.now, Records: gone})
		gone = nil
	}
	return err
}

// FaultsOf are the faults of a campaign's list that were kept, in the order of its rows.
func (b *Bot) FaultsOf(ctx context.Context, campaign string) (all []RowFault, err error) {
	recs, err := b.Store.Get(ctx, "faults", faultPages(campaign)...)
	for _, rec := range recs {
		var page FaultPage
		if err := decode(rec, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Faults...)
	}
	return all, err
}
