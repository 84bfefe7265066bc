package vendors_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"passeur/config"
)

// TestCompose reads compose.yaml as Compose does, against its schema and its rules, and then what it says to the robots as they read it.
func TestCompose(t *testing.T) {
	const path = "../../compose.yaml"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{WorkingDir: filepath.Dir(path), Environment: types.Mapping{},
		ConfigFiles: []types.ConfigFile{{Filename: path, Content: raw}}}, func(o *loader.Options) { o.SetProjectName("passeur", true) })
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"robot1", "robot2", "robot3"} {
		robot, err := project.GetService(name)
		if err != nil {
			t.Fatal(err)
		}
		if robot.Hostname != name || !slices.Contains(robot.Networks["default"].Aliases, "robots") || robot.Build == nil || robot.Image == "" {
			t.Errorf("%s has no name of its own, is not found by the door, or is not built: %+v", name, robot)
		}
		readsItsSettings(t, project, robot)
	}
	if door := project.Configs["caddyfile"].Content; !strings.Contains(door, "dynamic a robots 8080") {
		t.Errorf("the door looks elsewhere: %s", door)
	}
	for name, service := range project.Services {
		for _, s := range service.Secrets {
			if _, ok := project.Secrets[s.Source]; !ok {
				t.Errorf("%s wants the secret %s, which is nowhere", name, s.Source)
			}
		}
	}
}

// readsItsSettings loads the settings of a robot's container: its environment, with the secrets where they are mounted, over the example file.
func readsItsSettings(t *testing.T, project *types.Project, robot types.ServiceConfig) {
	t.Helper()
	dir := t.TempDir()
	secrets := map[string]string{"key": strings.Repeat("ab", 32), "postgres-url": "postgres://passeur:pw@postgres:5432/passeur?sslmode=disable"}
	var environ []string
	for name, value := range robot.Environment {
		if value == nil {
			t.Fatalf("%s has no value", name)
		}
		set := *value
		if secret, ok := strings.CutPrefix(set, "/run/secrets/"); ok {
			if !slices.ContainsFunc(robot.Secrets, func(s types.ServiceSecretConfig) bool { return s.Source == secret }) {
				t.Errorf("%s names a secret that the robot is not given: %s", name, secret)
			}
			set = filepath.Join(dir, secret)
			if err := os.WriteFile(set, []byte(secrets[secret]), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if name != "PASSEUR_CONFIG" {
			environ = append(environ, name+"="+set)
		}
	}
	cfg, err := config.LoadEnviron("../../config/passeur.example.yaml", environ)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Postgres.URL.Reveal() != secrets["postgres-url"] || cfg.Key.Reveal() != secrets["key"] || cfg.Redis.URL == "" || cfg.Listen != "0.0.0.0:8080" {
		t.Errorf("the robot reads %+v", cfg)
	}
	for _, needed := range []string{"postgres", "redis"} {
		if _, err := project.GetService(needed); err != nil {
			t.Error(err)
		}
	}
}
