package dialogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"passeur/bot"
)

// trouble is what is wrong with a network; state is that, with the reason that it gives.
type trouble int

type state struct {
	trouble
	reason string
}

const (
	well     trouble = iota
	down             // it takes nothing
	refusing         // it refuses everything
	silent           // it takes everything and never answers
	gone             // it reaches nobody at the address any more
)

// sender is a network as the dialogue wants it.
type sender struct {
	p       *player
	network string
}

// Send implements bot.Sender.
func (s *sender) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	switch now := s.p.state[s.network]; now.trouble {
	case down:
		return "", errors.New("connection refused")
	case refusing:
		return "", fmt.Errorf("%w: %s", bot.ErrRefused, cmp.Or(now.reason, "numero-invalide"))
	case gone:
		return "", bot.ErrUnreachable
	case silent:
		s.p.lastKey[s.network] = m.Key
		return "", bot.ErrUncertain
	}
	who := string(to)
	if name, ok := s.p.names[to]; ok {
		who = name
	}
	s.p.sent = append(s.p.sent, shown(who, m))
	s.p.noteLink(m.Text)
	s.p.noteStart(m.Text)
	s.p.lastKey[s.network] = m.Key
	if m.Replace != "" {
		m.About, m.Thread = s.p.edited(who, m)
		s.p.posts[who] = append(s.p.posts[who], m)
		return m.Replace, nil
	}
	s.p.posts[who] = append(s.p.posts[who], m)
	return "post-" + m.Key, nil
}

// edited is what an edited post is about, which stays unless the edit says otherwise, and the thread in which it stands.
func (p *player) edited(who string, m bot.Rendered) (about, root string) {
	about, root = m.About, m.Replace
	for _, post := range p.posts[who] {
		if "post-"+post.Key == m.Replace {
			about, root = cmp.Or(about, post.About), cmp.Or(post.Thread, root)
		}
	}
	return about, root
}

// shown is a message as files show it: buttons below it.
func shown(who string, m bot.Rendered) message {
	out := message{gets, who, m.Text}
	if m.Thread != "" {
		out.text = "↳ " + out.text
	}
	if m.Replace != "" {
		out.kind = seesEdited
	}
	if m.File != "" {
		out.text += "\n📎 " + path.Ext(m.File)
	}
	var buttons []string
	for _, c := range m.Choices {
		label := c.Label
		if !c.Beside && !slices.Contains(bot.AnswerWords, c.Words) {
			label += " : « " + c.Words + " » manque à bot.AnswerWords"
		}
		buttons = append(buttons, "["+label+"]")
	}
	if len(buttons) > 0 {
		out.text += "\n" + strings.Join(buttons, " ")
	}
	return out
}
