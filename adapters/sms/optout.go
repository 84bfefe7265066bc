package sms

import (
	"context"
	"fmt"
	"time"

	"passeur/bot"
)

// askStoppedEvery is how often gateways are asked who said STOP to them.
const askStoppedEvery = time.Hour

// watchStopped tells of each number on the gateways' blacklists, once, until ctx ends. A start tells of all of them again, which
// changes nothing for those who have stopped already.
func (n *Network) watchStopped(ctx context.Context) {
	told := map[string]bool{}
	tick := time.NewTicker(askStoppedEvery)
	defer tick.Stop()
	for {
		for _, r := range n.routes {
			if err := n.tellStopped(ctx, r, told); err != nil && ctx.Err() == nil {
				n.log.Warn("la liste des oppositions ne se lit pas", "provider", r.Can().Name, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (n *Network) tellStopped(ctx context.Context, r *route, told map[string]bool) error {
	o, ok := r.way.(*over)
	if !ok {
		return nil
	}
	list, ok := o.Provider.(OptOutList)
	if !ok {
		return nil
	}
	body, err := o.ask(ctx, list.AskStopped())
	if err != nil {
		return err
	}
	numbers, err := list.Stopped(body)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		if told[number] {
			continue
		}
		e := said(o.Can().Name, fmt.Sprintf("blacklist/%s/%d", number, time.Now().UnixMilli()), number, "")
		e.Intent = bot.OptOutIntent
		if err := n.tell(ctx, []bot.Event{e}); err != nil {
			return err
		}
		told[number] = true
	}
	return nil
}
