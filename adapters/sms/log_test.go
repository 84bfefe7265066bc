package sms

import (
	"context"
	"errors"
	"strings"
	"testing"

	"passeur/bot"
)

func TestLog(t *testing.T) {
	var out strings.Builder
	l, err := Open(Config{Provider: "log"}, nil, &out, discard())
	if err != nil {
		t.Fatal(err)
	}
	id, err := l.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "rdv/42/j-1", Text: "Rendez-vous à l’hôtel de ville.\nÀ demain"})
	if err != nil || id != "" {
		t.Fatalf("Send = %q, %v", id, err)
	}
	if _, err := l.Send(t.Context(), "sms:+262692000000", bot.Rendered{Key: "k", Text: strings.Repeat("👍", 36)}); err != nil {
		t.Fatal(err)
	}
	want := "SMS (essai, rien n'est envoyé) pour +33639981234 : GSM-7, 1 partie, 120 caractères libres\n" +
		"  Rendez-vous à l'hotel de ville.\n  A demain\n" +
		"SMS (essai, rien n'est envoyé) pour +262692000000 : UCS-2, 2 parties, 61 caractères libres\n" +
		"  " + strings.Repeat("👍", 36) + "\n"
	if out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
	if _, err := l.Send(t.Context(), "sms:38000", bot.Rendered{Text: "x"}); !errors.Is(err, bot.ErrRefused) {
		t.Errorf("short code: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Listen(ctx, nil); err != nil {
		t.Errorf("Listen: %v", err)
	}
	if can := l.Abilities(); can.Receives || can.Parts("à 5 € ê") != 1 {
		t.Errorf("Abilities = %+v", can)
	}
}
