package sms_test

import (
	"strings"
	"testing"

	"passeur/bot"
)

// TestOverSMPP: real Kannel, over real SMPP, to an operator whose receipts fail as operators' do.
func TestOverSMPP(t *testing.T) {
	b := newBenchOver(t, true)
	for number, want := range map[string]string{"+33639981231": bot.ReceiptDelivered, "+33639981234": bot.ReceiptFailed, "+33639981235": bot.ReceiptFailed, "+33639981236": bot.ReceiptRejected, "+33639981237": bot.ReceiptDelivered} {
		t.Run(number, func(t *testing.T) {
			key := "rdv/42/v1/" + number
			if _, err := b.Send(t.Context(), bot.Address("sms:"+number), bot.Rendered{Key: key, Text: "Rendez-vous à 14h, 5 € d’arrhes"}); err != nil {
				t.Fatal(err)
			}
			if want != bot.ReceiptRejected {
				if p := b.kannel.Operator.Next(t); "+"+strings.TrimPrefix(p.To, "+") != number || p.Coding != 0 {
					t.Errorf("the operator got %+v", p)
				}
			}
			e := b.next(t)
			if e.Intent != bot.ReceiptIntent || e.Values["receipt"] != want || e.Values["task"] != key {
				t.Errorf("receipt %+v, want %s", e.Values, want)
			}
		})
	}
}

func TestWordsOverSMPP(t *testing.T) {
	b := newBenchOver(t, true)
	for _, text := range []string{"OUI je viens à 14h €", "Ça marche, «merci» 👍", "عربي", "oui"} {
		b.kannel.Operator.Type(t, "33639981234", "38000", text)
		if e := b.next(t); e.Text != text || e.From != "sms:"+jeanne {
			t.Errorf("typed %q, heard %q from %s", text, e.Text, e.From)
		}
	}
	long := strings.Repeat("Bonjour Jeanne, ", 25) // 400 septets: three parts
	if _, err := b.Send(t.Context(), "sms:+33639981231", bot.Rendered{Key: "k", Text: long}); err != nil {
		t.Fatal(err)
	}
	joined := ""
	for i := range 3 {
		p := b.kannel.Operator.Next(t)
		if p.Part != i+1 || p.Of != 3 {
			t.Errorf("part %d of %d, want %d of 3", p.Part, p.Of, i+1)
		}
		joined += p.Text
	}
	if joined != strings.TrimRight(long, "") {
		t.Errorf("the parts say %q", joined)
	}
	if _, err := b.Send(t.Context(), "sms:+33639981231", bot.Rendered{Key: "k2", Text: "Ça marche 👍"}); err != nil {
		t.Fatal(err)
	}
	for p := b.kannel.Operator.Next(t); ; p = b.kannel.Operator.Next(t) {
		if p.Coding == 8 {
			if p.Text != "Ça marche 👍" {
				t.Errorf("the operator got %q", p.Text)
			}
			return
		}
	}
}
