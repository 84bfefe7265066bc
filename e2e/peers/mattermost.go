package peers

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// serverPackage is the main package of the Mattermost server, of the module pinned in e2e/mattermost-server.
const serverPackage = "github.com/mattermost/mattermost/server/v8"

// Mattermost is a private, real Mattermost server on a PostgreSQL of its own, with one team and one bot account.
type Mattermost struct {
	URL   string
	Admin *model.Client4 // the system's administrator
	Team  *model.Team    // "cnum"
	BotID string         // the bot's user id
	Token string         // the bot's token; TokenID revokes it
	Bot   *model.Client4 // speaks as the bot

	TokenID string

	owner    testing.TB // until whose end the server runs, whoever restarts it
	bin, run string
	env      []string
	cmd      *exec.Cmd
}

// User is somebody who writes in Mattermost.
type User struct {
	*model.User
	API *model.Client4
}

// StartMattermost builds the server if this machine has not yet (minutes the first time; the binary is kept in the
// user's cache folder), starts it on an empty database and makes an administrator, the team "cnum" and the bot "passeur".
// Settings are the server's environment variables: "MM_RATELIMITSETTINGS_ENABLE=true".
func StartMattermost(t testing.TB, settings ...string) *Mattermost {
	t.Helper()
	home := serverFolder(t)
	pg := StartPostgres(t, "fsync=off")
	port := FreePort(t)
	m := &Mattermost{URL: "http://" + Addr(port), owner: t, bin: filepath.Join(home, "mattermost"), run: t.TempDir()}
	m.env = slices.Concat(os.Environ(), serverEnv(Addr(port), pg.Database(t, "mattermost")), settings)
	m.prepare(t, home)
	m.start(t)
	m.people(t)
	return m
}

func serverEnv(addr, database string) []string {
	return []string{
		"MM_SQLSETTINGS_DRIVERNAME=postgres",
		"MM_SQLSETTINGS_DATASOURCE=" + database,
		"MM_SERVICESETTINGS_LISTENADDRESS=" + addr,
		"MM_SERVICESETTINGS_SITEURL=http://" + addr,
		"MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true",
		"MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1 localhost",
		"MM_SERVICESETTINGS_ENABLESECURITYFIXALERT=false",
		"MM_TEAMSETTINGS_ENABLEOPENSERVER=true",
		"MM_TEAMSETTINGS_MAXUSERSPERTEAM=1000",
		"MM_LOCALIZATIONSETTINGS_DEFAULTCLIENTLOCALE=fr",
		"MM_ANNOUNCEMENTSETTINGS_ADMINNOTICESENABLED=false", // fetched from the internet
		"MM_ANNOUNCEMENTSETTINGS_USERNOTICESENABLED=false",
		"MM_PLUGINSETTINGS_ENABLE=false",
		"MM_LOGSETTINGS_ENABLEDIAGNOSTICS=false",
		"MM_LOGSETTINGS_CONSOLELEVEL=INFO",
	}
}

// prepare lays out the folder that the server wants to be started in.
func (m *Mattermost) prepare(t testing.TB, home string) {
	t.Helper()
	for _, dir := range []string{"client", "data", "config", "logs", "plugins"} {
		if err := os.MkdirAll(filepath.Join(m.run, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(m.run, "client", "root.html"), []byte("<html></html>\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range assets {
		if err := os.Symlink(filepath.Join(home, dir), filepath.Join(m.run, dir)); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *Mattermost) start(t testing.TB, settings ...string) {
	t.Helper()
	m.cmd = exec.Command(m.bin, "server")
	m.cmd.Dir, m.cmd.Env = m.run, slices.Concat(m.env, settings)
	logFile := filepath.Join(m.run, "server.log")
	Start(m.owner, logFile, m.cmd)
	api := model.NewAPIv4Client(m.URL)
	Until(t, 60*time.Second, logFile, func() error {
		_, _, err := api.GetPing(context.Background())
		return err
	})
}

// Stop ends the server; Restart brings it back.
func (m *Mattermost) Stop(t testing.TB) {
	t.Helper()
	_ = syscall.Kill(-m.cmd.Process.Pid, syscall.SIGTERM)
	untilGone(t, m.cmd.Process.Pid)
}

// Kill ends the server as a power cut does: it finishes nothing and tells nobody.
func (m *Mattermost) Kill(t testing.TB) {
	t.Helper()
	_ = syscall.Kill(-m.cmd.Process.Pid, syscall.SIGKILL)
	untilGone(t, m.cmd.Process.Pid)
}

// Restart starts the server again with the same address and database, stopping it first if it runs, with more settings until the
// next start. It then runs until the test that called StartMattermost ends.
func (m *Mattermost) Restart(t testing.TB, settings ...string) {
	t.Helper()
	m.Stop(t)
	m.start(t, settings...)
}

// people makes the administrator (the first account of a server is one), the team and the bot.
func (m *Mattermost) people(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	admin := m.account(t, "admin")
	m.Admin = admin.API
	team, _, err := m.Admin.CreateTeam(ctx, &model.Team{Name: "cnum", DisplayName: "Conseillers numériques", Type: model.TeamOpen})
	must(t, "create the team", err)
	m.Team = team
	bot, _, err := m.Admin.CreateBot(ctx, &model.Bot{Username: "passeur", DisplayName: "Passeur"})
	must(t, "create the bot", err)
	m.BotID = bot.UserId
	m.NewToken(t)
}

// NewToken gives the bot a new token and makes it m.Token, m.TokenID and m.Bot. Earlier tokens stay valid.
func (m *Mattermost) NewToken(t testing.TB) {
	t.Helper()
	token, _, err := m.Admin.CreateUserAccessToken(context.Background(), m.BotID, "tests")
	must(t, "create the bot's token", err)
	m.Token, m.TokenID = token.Token, token.Id
	m.Bot = model.NewAPIv4Client(m.URL)
	m.Bot.SetToken(token.Token)
}

// NewUser makes a counsellor, a member of the team, logged in. The name is also the first name; it must be new.
func (m *Mattermost) NewUser(t testing.TB, name string) *User {
	t.Helper()
	u := m.account(t, name)
	_, _, err := m.Admin.AddTeamMember(context.Background(), m.Team.Id, u.Id)
	must(t, "add to the team", err)
	return u
}

// NewStranger makes somebody who is in no team.
func (m *Mattermost) NewStranger(t testing.TB, name string) *User {
	t.Helper()
	return m.account(t, name)
}

func (m *Mattermost) account(t testing.TB, name string) *User {
	t.Helper()
	ctx := context.Background()
	api := model.NewAPIv4Client(m.URL)
	const password = "Passeur-2026-essai"
	u, _, err := api.CreateUser(ctx, &model.User{
		Username: name, Email: name + "@example.org", Password: password,
		FirstName: strings.ToUpper(name[:1]) + name[1:], LastName: "Exemple",
	})
	must(t, "create "+name, err)
	_, _, err = api.Login(ctx, name, password)
	must(t, "log in as "+name, err)
	return &User{User: u, API: api}
}

// DM returns the direct channel between the user and the bot, which is opened if need be.
func (m *Mattermost) DM(t testing.TB, u *User) *model.Channel {
	t.Helper()
	c, _, err := u.API.CreateDirectChannel(context.Background(), u.Id, m.BotID)
	must(t, "open the direct channel", err)
	return c
}

// Post writes to the bot in private.
func (m *Mattermost) Post(t testing.TB, u *User, text string) *model.Post {
	t.Helper()
	return m.PostIn(t, u, m.DM(t, u).Id, "", text)
}

// Button is the id of a post's button by its name, as a client finds it; "" when it has none of that name.
func Button(p *model.Post, name string) string {
	for _, a := range p.Attachments() {
		for _, b := range a.Actions {
			if b.Name == name {
				return b.Id
			}
		}
	}
	return ""
}

// Press presses a button of a post, as a client does.
func (m *Mattermost) Press(t testing.TB, u *User, p *model.Post, name string) {
	t.Helper()
	_, err := u.API.DoPostAction(t.Context(), p.Id, Button(p, name))
	must(t, "press "+name, err)
}

// Reply writes to the bot in the thread of a post.
func (m *Mattermost) Reply(t testing.TB, u *User, root, text string) *model.Post {
	t.Helper()
	return m.PostIn(t, u, m.DM(t, u).Id, root, text)
}

// PostIn writes in a channel, in a thread unless root is "".
func (m *Mattermost) PostIn(t testing.TB, u *User, channel, root, text string) *model.Post {
	t.Helper()
	p, _, err := u.API.CreatePost(context.Background(), &model.Post{ChannelId: channel, RootId: root, Message: text})
	must(t, "post as "+u.Username, err)
	return p
}

// Posts returns what stands in the direct channel, the oldest first: at most the last 200 posts.
func (m *Mattermost) Posts(t testing.TB, u *User) []*model.Post {
	t.Helper()
	list, _, err := u.API.GetPostsForChannel(context.Background(), m.DM(t, u).Id, 0, 200, "", false, false)
	must(t, "read the direct channel", err)
	posts := list.ToSlice()
	slices.Reverse(posts)
	return posts
}

// NextPost waits until the bot has written to the user after the given post (nil: at all) and returns the first such post.
func (m *Mattermost) NextPost(t testing.TB, u *User, after *model.Post) *model.Post {
	t.Helper()
	var found *model.Post
	Until(t, 20*time.Second, filepath.Join(m.run, "server.log"), func() error {
		posts := m.Posts(t, u)
		start := 1 + slices.IndexFunc(posts, func(p *model.Post) bool { return after != nil && p.Id == after.Id })
		for _, p := range posts[start:] {
			if p.UserId == m.BotID {
				found = p
				return nil
			}
		}
		return fmt.Errorf("the bot has not written to %s", u.Username)
	})
	return found
}

func must(t testing.TB, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("mattermost: %s: %v", what, err)
	}
}

// assets are the folders of the server's module that it wants beside it.
var assets = []string{"i18n", "templates", "fonts"}

// serverFolder returns the folder that holds the built server and its assets, named by what it was built from.
func serverFolder(t testing.TB) string {
	t.Helper()
	source := filepath.Join(moduleRoot(t), "e2e", "mattermost-server")
	pinned, err := os.ReadFile(filepath.Join(source, "go.mod"))
	must(t, "read the pinned version", err)
	cache, err := os.UserCacheDir()
	if err != nil {
		Missing(t, "a cache folder for the Mattermost server: %v", err)
	}
	base := filepath.Join(cache, "passeur-peers")
	must(t, "make the cache", os.MkdirAll(base, 0o755))
	home := filepath.Join(base, fmt.Sprintf("mattermost-%x", sha256.Sum256(pinned))[:len("mattermost-")+12])
	defer lock(t, home+".lock")()
	if _, err := os.Stat(home); err == nil {
		return home
	}
	buildServer(t, source, home)
	return home
}

// buildServer builds beside its final place and moves it there last: a build that was interrupted is begun again.
func buildServer(t testing.TB, source, home string) {
	t.Helper()
	t.Logf("building the Mattermost server: some minutes the first time")
	tmp, err := os.MkdirTemp(filepath.Dir(home), "building")
	must(t, "make the build folder", err)
	defer os.RemoveAll(tmp)
	must(t, "open the build folder", os.Chmod(tmp, 0o755))
	if out, err := goIn(source, "build", "-mod=mod", "-o", filepath.Join(tmp, "mattermost"), serverPackage+"/cmd/mattermost"); err != nil {
		Missing(t, "the Mattermost server, which could not be built: %v\n%s", err, out[max(0, len(out)-2000):])
	}
	dir, err := goIn(source, "list", "-mod=mod", "-m", "-f", "{{.Dir}}", serverPackage)
	must(t, "find the server's module", err)
	for _, a := range assets {
		must(t, "copy "+a, os.CopyFS(filepath.Join(tmp, a), os.DirFS(filepath.Join(strings.TrimSpace(dir), a))))
	}
	must(t, "keep the server", os.Rename(tmp, home))
}

func goIn(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// moduleRoot returns the folder of Passeur's go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMOD").Output()
	must(t, "find go.mod", err)
	return filepath.Dir(strings.TrimSpace(string(out)))
}

// lock holds a file so that test packages running at once build the server once.
func lock(t testing.TB, file string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o644)
	must(t, "lock the cache", err)
	must(t, "lock the cache", syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	return func() { _ = f.Close() }
}
