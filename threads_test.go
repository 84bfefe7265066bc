package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"passeur/e2e/peers"
	"passeur/intents/dates"
)

// ordinary is what a counsellor may type in an usager's thread without asking that it be sent.
var ordinary = []string{
	"oui", "non", "ok", "1", "2", "3", "STOP", "START", "EFFACER", "merci", "Bonjour Jeanne, appelez-moi", "d'accord, à vendredi", "je te rappelle demain 10h",
	"on peut annuler si vous voulez", "je dois déplacer notre rendez-vous à mardi 10h", "il faut répondre oui", "vous pouvez répondre au 15", "Réponse : oui", "répondu !",
	"envoyer", "Envoyer", "oui, envoyez", "J'envoie", "confirmer", "@channel oui", "> oui", "`oui`", "```\nrépondre oui\n```", "**oui**", "/me répond oui", "✅", "👍", "😀😀😀",
	"Jeanne : vous venez ?", "à Jeanne : vous venez ?", "votre dossier RSA est prêt", "06 39 98 12 34", "vendredi 4 décembre 10h mairie de Coutances", "je ne comprends pas",
	"est-ce que vous venez ?\n\noui ou non ?", "ligne 1\nrépondre oui", " ", "\u200brépondre", "c'est bon pour moi", "je confirme", "ça marche", "pas de souci", "à bientôt 🙂",
}

// TestNothingLeavesFromThreads: a thousand ordinary posts, edits, files and reactions in the threads of three usagers, of which
// none may leave; then one answer that was asked for, which does.
func TestNothingLeavesFromThreads(t *testing.T) {
	mm := peers.StartMattermost(t)
	marie := mm.NewUser(t, "marie")
	var left atomic.Int64
	sink, err := openGateway(func(handedOver) { left.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	defer sink.close()
	public := "http://" + peers.Addr(peers.FreePort(t))
	const secret = "un-secret-de-test-bien-long"
	startServer(t, map[string]string{"PASSEUR_LISTEN": public[len("http://"):], "PASSEUR_PUBLIC_URL": public, "PASSEUR_SMS_PROVIDER": "kannel", "PASSEUR_SMS_URL": sink.url(),
		"PASSEUR_SMS_USERNAME": "u", "PASSEUR_SMS_PASSWORD": "p", "PASSEUR_SMS_SECRET": secret, "PASSEUR_SMS_FROM": "38000",
		"PASSEUR_MATTERMOST_URL": mm.URL, "PASSEUR_MATTERMOST_TOKEN": mm.Token})

	day := dates.FrenchDay(workdayAfterWorkday(time.Now().In(paris(t))))
	var roots []*model.Post
	for i, who := range []string{"Jeanne", "Paul", "Ahmed"} {
		first := mm.Post(t, marie, fmt.Sprintf("rdv 06 39 98 12 3%d %s %s %dh mairie de Coutances", i, who, day, 10+i))
		proposal := mm.NextPost(t, marie, first)
		mm.Press(t, marie, proposal, "Oui")
		peers.Until(t, time.Minute, "", func() error { return says(mm, marie, proposal.Id, "C'est noté") })
		from := url.Values{"secret": {secret}, "from": {fmt.Sprintf("3363998123%d", i)}, "to": {"38000"}, "id": {fmt.Sprint("m", i)}, "ts": {fmt.Sprint(time.Now().Unix())}}
		resp, err := http.Post(public+"/sms/kannel/mo?"+from.Encode(), "text/plain; charset=UTF-8", strings.NewReader("j'ai une question pour vous"))
		if err != nil || resp.StatusCode >= 300 {
			t.Fatalf("%v, %v", resp, err)
		}
		resp.Body.Close()
		if news := mm.NextPost(t, marie, proposal); news.RootId != proposal.Id {
			t.Errorf("the words of %s stand in the thread of %q, not of her appointment", who, news.RootId)
		}
		roots = append(roots, proposal)
	}
	peers.Until(t, time.Minute, "", func() error { return reaches(&left, 3) }) // each was told that it was passed on

	typeOrdinary(t, mm, marie, roots)
	// The channel is read in order: once this is answered, everything before it was handled.
	mm.Post(t, marie, "mes rdv")
	peers.Until(t, 3*time.Minute, "", func() error { return says(mm, marie, "", "· mairie de Coutances ·") })
	leaked := left.Load() - 3

	mm.Reply(t, marie, roots[0].Id, "répondre oui, à bientôt")
	peers.Until(t, time.Minute, "", func() error { return says(mm, marie, "", "J'envoie ?") })
	mm.Reply(t, marie, roots[1].Id, "oui") // in another thread: agrees to nothing
	mm.Reply(t, marie, roots[0].Id, "oui")
	peers.Until(t, time.Minute, "", func() error { return reaches(&left, 4+leaked) })
	peers.Until(t, time.Minute, "", func() error { return says(mm, marie, "", "Envoyé à **Jeanne**") })
	if n := left.Load(); n != 4 || leaked != 0 {
		t.Errorf("%d messages left, want 4: three that tell an usager that her words were passed on, and one that was asked for", n)
	}
	fmt.Println("bar leaked_from_threads", left.Load()-4)
}

// typeOrdinary acts a thousand times in the threads, four hands at once.
func typeOrdinary(t *testing.T, mm *peers.Mattermost, marie *peers.User, roots []*model.Post) {
	t.Helper()
	direct := mm.DM(t, marie).Id
	var hands sync.WaitGroup
	for hand := range 4 {
		hands.Go(func() {
			var posts []*model.Post
			for i := hand; i < 1000; i += 4 {
				root := roots[i%len(roots)].Id
				var err error
				switch kind := i / 4 % 20; {
				case kind < 5 || len(posts) == 0:
					var p *model.Post
					p, _, err = marie.API.CreatePost(t.Context(), &model.Post{ChannelId: direct, RootId: root, Message: ordinary[i%len(ordinary)]})
					posts = append(posts, p)
				case kind < 10: // also into what would have been a command
					words := append([]string{"répondre oui", "répondre"}, ordinary...)[i%(len(ordinary)+2)]
					_, _, err = marie.API.PatchPost(t.Context(), posts[i%len(posts)].Id, &model.PostPatch{Message: &words})
				case kind < 13:
					err = attach(t, marie, direct, root, ordinary[i%len(ordinary)])
				default:
					on := []string{root, posts[i%len(posts)].Id}[i%2]
					_, _, err = marie.API.SaveReaction(t.Context(), &model.Reaction{UserId: marie.Id, PostId: on, EmojiName: []string{"white_check_mark", "+1", "x", "one", "heart"}[i%5]})
				}
				if err != nil && !strings.Contains(err.Error(), "post.is_valid") { // an empty text is no post
					t.Errorf("act %d: %v", i, err)
				}
			}
		})
	}
	hands.Wait()
}

// attach posts a file, with words under every second one.
func attach(t *testing.T, u *peers.User, channel, root, words string) error {
	up, _, err := u.API.UploadFile(t.Context(), []byte("répondre oui"), channel, "répondre.txt")
	if err != nil {
		return err
	}
	if len(words)%2 == 0 {
		words = ""
	}
	_, _, err = u.API.CreatePost(t.Context(), &model.Post{ChannelId: channel, RootId: root, Message: words, FileIds: model.StringArray{up.FileInfos[0].Id}})
	return err
}

// says looks for a post of the bot with some words among the last, or in one post.
func says(mm *peers.Mattermost, u *peers.User, id, words string) error {
	direct, _, err := u.API.CreateDirectChannel(context.Background(), u.Id, mm.BotID)
	if err != nil {
		return err
	}
	list, _, err := u.API.GetPostsForChannel(context.Background(), direct.Id, 0, 200, "", false, false)
	if err != nil {
		return err
	}
	for _, p := range list.Posts {
		if p.UserId == mm.BotID && (id == "" || p.Id == id) && strings.Contains(p.Message, words) {
			return nil
		}
	}
	return fmt.Errorf("no post says %q", words)
}

func reaches(n *atomic.Int64, want int64) error {
	if got := n.Load(); got < want {
		return fmt.Errorf("%d of %d", got, want)
	}
	return nil
}
