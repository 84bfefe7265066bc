package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/intents/phones"
	"passeur/papers/tables"
	"passeur/scheduler"
)

// Lists of people that coordinators give. Reading one is a message of the bot to the network "lists": it is tried again like any other, and a
// crash on the way loses nothing.

// fetch writes to w a file that came with an event, unless it has more than so many bytes. bot.ErrRefused: it never will.
type fetch func(ctx context.Context, id string, most int64, w io.Writer) error

// lists reads lists for the bot.
type lists struct{ house *house }

// listLine is the network of the lists as the scheduler sees it: one list at a time, which may take minutes.
func (h *house) listLine() scheduler.Network {
	return scheduler.Network{Sender: lists{h}, Parallel: 1, Lease: 15 * time.Minute}
}

// Send implements bot.Sender: it reads the list of a campaign.
func (l lists) Send(ctx context.Context, to bot.Address, _ bot.Rendered) (string, error) {
	file, waiting, err := l.house.bot.ListOf(ctx, to.ID())
	if err != nil || !waiting {
		return "", err
	}
	copied, size, err := l.copyOf(ctx, file)
	if errors.Is(err, bot.ErrRefused) {
		return "", l.house.bot.RefuseList(ctx, to.ID(), reasonOf(err))
	}
	if err != nil {
		return "", err
	}
	defer removed(copied)
	_, err = readList(ctx, l.house.bot, to.ID(), copied, size)
	return "", err
}

// reasonOf is the sentence of a refusal.
func reasonOf(err error) string {
	return strings.Trim(strings.ReplaceAll(err.Error(), bot.ErrRefused.Error(), ""), ": ")
}

// copyOf is the file, on the disk of this machine until it is closed.
func (l lists) copyOf(ctx context.Context, file bot.File) (f *os.File, size int64, err error) {
	if err := tables.TooLarge(file.Size); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", bot.ErrRefused, err)
	}
	if l.house.fetch == nil {
		return nil, 0, fmt.Errorf("%w: aucun réseau n'apporte de fichiers ici", bot.ErrRefused)
	}
	if f, err = os.CreateTemp("", "passeur-liste-"); err != nil {
		return nil, 0, err
	}
	if err = l.house.fetch(ctx, file.ID, tables.MostBytes, f); err == nil {
		size, err = f.Seek(0, io.SeekEnd)
	}
	if err != nil {
		removed(f)
		return nil, 0, err
	}
	return f, size, nil
}

// removed closes a copy and forgets it.
func removed(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

// readList reads a table into a campaign.
func readList(ctx context.Context, b *bot.Bot, campaign string, r io.ReaderAt, size int64) (bot.ListReport, error) {
	var columns []tables.Column
	for _, c := range bot.ListColumns {
		columns = append(columns, tables.Column{Name: c.Name, Titles: c.Titles, Needed: c.Needed})
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // a list is long and leaves much behind: memory before speed
	table, err := tables.Open(r, size, columns)
	if err != nil {
		why := refusalOf(err)
		return bot.ListReport{Refusal: why}, b.RefuseList(ctx, campaign, why)
	}
	return b.ReadList(ctx, campaign, rowsOf(ctx, table), bot.Unread{Columns: table.Ignored(), Sheets: table.OtherSheets()})
}

// refusalOf says why a table cannot be read. Without titles its first row is somebody's: nothing of it is repeated.
func refusalOf(err error) string {
	var missing *tables.MissingError
	if errors.As(err, &missing) && slices.ContainsFunc(missing.Seen, func(s string) bool { return len(phones.Spans(s)) > 0 }) {
		return "sa première ligne n'a pas de titres : ajoutez au-dessus une ligne « téléphone portable », « prénom », « commune »"
	}
	return err.Error()
}

// breath is after how many rows the reader of a list lets others work, for as long as it has worked itself.
const breath = 200

// rowsOf are the rows of a table, as the bot checks them.
func rowsOf(ctx context.Context, t *tables.Table) iter.Seq2[bot.ListRow, error] {
	return func(yield func(bot.ListRow, error) bool) {
		began := time.Now()
		for n := 1; ; n++ {
			if n%breath == 0 {
				select {
				case <-time.After(min(time.Since(began), time.Second)):
				case <-ctx.Done():
					yield(bot.ListRow{}, ctx.Err())
					return
				}
				began = time.Now()
			}
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(bot.ListRow{}, err)
				return
			}
			out := bot.ListRow{Number: row.Number, Fault: row.Fault, Hidden: row.Hidden}
			for _, c := range row.Cells {
				out.Cells = append(out.Cells, bot.ListCell{Text: c.Text, Column: c.Column, Formula: c.Formula})
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}
