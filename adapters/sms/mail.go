package sms

import (
	"context"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"passeur/bot"
)

// mailed hands texts to a service that makes SMS of mails, as SFR's mail2SMS does for several départements: the number is the subject,
// the words are the body, in plain text.
//
// The settings: url is the mail server, "smtp://mail.example.fr:587" or "smtps://…:465"; account is the address of the service that
// takes the mails, from the address that it allows to write to it; username and password open the mail server, if it asks.
//
// A mail server says that it took a mail, and nothing of what the operator did with it: no receipt, no answer, no refusal.
type mailed struct {
	config Config
	server *url.URL
	fake   bool
}

func newMail(c Config, _ io.Writer) (way, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.User != nil {
		return nil, &Fault{"url", "ce doit être un serveur de courriel, comme smtp://mail.example.fr:587 ou smtps://mail.example.fr:465"}
	}
	for name, value := range map[string]string{"account": c.Account, "from": c.From} {
		if a, err := netmail.ParseAddress(value); err != nil || a.Address != value {
			return nil, &Fault{name, "« " + value + " » n'est pas une adresse de courriel"}
		}
	}
	c.MaxParts = orDefault(c.MaxParts, mailParts)
	return &mailed{config: c, server: u, fake: isLoopback(u.Hostname())}, nil
}

// mailParts is the most parts of a text: longer mails are cut by some services without a word.
const mailParts = 5

// Can says that nothing comes back.
func (m *mailed) Can() Abilities {
	return Abilities{Name: "mail2sms", Fiction: m.fake, Batch: 1, MaxParts: m.config.MaxParts}
}

// hand sends one mail.
func (m *mailed) hand(ctx context.Context, t Text) (string, error) {
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	if err := errors.Join(msg.From(m.config.From), msg.To(m.config.Account)); err != nil {
		return "", err
	}
	msg.Subject(t.To)
	msg.SetBodyString(mail.TypeTextPlain, t.Text)
	client, err := mail.NewClient(m.server.Hostname(), m.options()...)
	if err != nil {
		return "", err
	}
	line, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", fmt.Errorf("serveur de courriel injoignable : %w", err)
	}
	err = client.SendWithSMTPClient(line, msg)
	_ = client.CloseWithSMTPClient(line) // what was taken was taken, whatever becomes of the good-bye
	if msg.IsDelivered() {
		return "", nil
	}
	return "", mailFailure(err)
}

// check opens the mail server as for a text, and sends nothing.
func (m *mailed) check(ctx context.Context) Finding {
	client, err := mail.NewClient(m.server.Hostname(), m.options()...)
	if err == nil {
		var line *smtp.Client
		if line, err = client.DialToSMTPClientWithContext(ctx); err == nil {
			_ = client.CloseWithSMTPClient(line)
		}
	}
	if err != nil {
		return Finding{Text: fmt.Sprintf("mail2sms : le serveur de courriel %s ne s'ouvre pas : %v. L'adresse, l'identifiant et le mot de passe sont-ils justes ? Un mot de passe demande TLS.", m.server.Host, err)}
	}
	return Finding{OK: true, Text: fmt.Sprintf("mail2sms : le serveur de courriel %s s'ouvre", m.server.Host)}
}

func (m *mailed) options() []mail.Option {
	out := []mail.Option{mail.WithTimeout(orDefault(m.config.Timeout, 10*time.Second)), mail.WithTLSPolicy(mail.TLSMandatory)}
	if m.fake {
		out[1] = mail.WithTLSPolicy(mail.TLSOpportunistic)
	}
	port := 587
	if m.server.Scheme == "smtps" {
		port = 465
		out = append(out, mail.WithSSL())
	}
	if p, err := strconv.Atoi(m.server.Port()); err == nil {
		port = p
	}
	out = append(out, mail.WithPort(port))
	if m.config.Username != "" {
		out = append(out, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.config.Username), mail.WithPassword(m.config.Password))
	}
	return out
}

// mailFailure: until the mail is written whole, nothing left; a server that says no to it did not take it; one that says nothing may have.
func mailFailure(err error) error {
	var failed *mail.SendError
	if errors.As(err, &failed) && failed.Reason == mail.ErrSMTPDataClose && failed.ErrorCode() == 0 {
		return fmt.Errorf("%w: %w", bot.ErrUncertain, errNoAnswer)
	}
	return errors.New("le serveur de courriel refuse le message")
}

var errNoAnswer = errors.New("le serveur de courriel n'a pas répondu")
