package intents

import "testing"

// TestNetworkWords: which words of an usager choose between SMS and Telegram, and which only speak of them.
func TestNetworkWords(t *testing.T) {
	reader := NewReader()
	for text, want := range map[string]Intent{
		"TELEGRAM": ParTelegram, "telegram svp": ParTelegram, "par Telegram": ParTelegram, "je préfère sur télégram": ParTelegram, "Telegram ?": ParTelegram,
		"SMS": ParSMS, "par sms merci": ParSMS, "texto": ParSMS, "je ne veux plus telegram": ParSMS, "pas Telegram": ParSMS, "plus de telegram": ParSMS,
		"STOP": Stop, "stop sms": Stop, "STOP Telegram merci": Stop,
	} {
		if got := reader.Read(text, Context{}); got.Intent != want || got.Confidence != 1 || got.Urgent {
			t.Errorf("%q is read as %+v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"plus de sms", "pas de sms", "messages", "c'est quoi telegram", "j'ai telegram et whatsapp", "je sais pas installer telegram", "un sms de la CAF"} {
		if got := reader.Read(text, Context{}); got.Intent == ParTelegram || got.Intent == ParSMS {
			t.Errorf("%q is read as %s", text, got.Intent)
		}
	}
	if got := reader.Read("sms", Context{Pro: true}); got.Intent == ParSMS {
		t.Error("a professional chooses no network")
	}
}
