// Builds the real Mattermost server that the tests of e2e/mattermost talk to. It is a module of its own so that the
// server's hundreds of dependencies never enter Passeur's go.mod.
module passeur/e2e/mattermost-server

go 1.26

require (
	github.com/mattermost/mattermost/server/public v0.1.4
	github.com/mattermost/mattermost/server/v8 v8.0.0-20240520151130-4bdd8bb18e47
)
