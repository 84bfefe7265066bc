package mattermost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Files, both ways: those that come with words, and the one that goes with a message.

const (
	mostAttached = 10 << 20                                  // bytes of what goes with a message
	tying        = time.Minute                               // a post that is younger may have files that the server has not tied to it yet
	filesPath    = "/files/"                                 // of the API
	fileKey      = "#file"                                   // ends the key of a post that has nothing but the file
	propFile     = "passeur_file"                            // property of the post that has the file: its name, as bot.Rendered has it
	filesOff     = "api.file.attachments.disabled.app_error" // what a server says that takes no files
)

// filesOf returns what came with a post, in its order; what is gone is left out. The server tells of the files with the post, but it may tie
// them to it a moment after the post stands: one of which it did not tell is asked for, and while the post is new one that is not there is an
// error, after which the channel is read again.
func (a *Network) filesOf(ctx context.Context, p *model.Post) ([]bot.File, error) {
	var files []bot.File
	for _, id := range p.FileIds {
		info, err := a.fileInfo(ctx, p, id)
		if err != nil {
			return nil, err
		}
		if info != nil && info.DeleteAt == 0 {
			files = append(files, bot.File{ID: info.Id, Name: info.Name, Size: info.Size})
		}
	}
	return files, nil
}

// fileInfo is what the server knows of a file of a post; nil when it is gone.
func (a *Network) fileInfo(ctx context.Context, p *model.Post, id string) (*model.FileInfo, error) {
	if p.Metadata != nil {
		if i := slices.IndexFunc(p.Metadata.Files, func(f *model.FileInfo) bool { return f.Id == id }); i >= 0 {
			return p.Metadata.Files[i], nil
		}
	}
	info, resp, err := a.api.GetFileInfo(ctx, id)
	switch {
	case err == nil:
		return info, nil
	case gone(resp) && time.Since(time.UnixMilli(p.CreateAt)) > tying:
		return nil, nil
	}
	return nil, fmt.Errorf("mattermost: read of a file: %w", err)
}

// Download writes to w a file that came with an event, by its bot.File.ID, unless it has more than so many bytes. The server has as long for
// it as for any answer (Config.Timeout).
//
// Errors: bot.ErrRefused when asking again is of no use, since the file is gone, may not be read or is too large; the text is a French sentence
// for who sent it. Any other may pass, and the file is then asked for from its beginning. Whatever the error, w may have got a part of it.
func (a *Network) Download(ctx context.Context, id string, most int64, w io.Writer) error {
	if !model.IsValidId(id) {
		return fileGone
	}
	resp, err := a.api.DoAPIGet(ctx, filesPath+id, "")
	switch {
	case err != nil && resp != nil && gone(model.BuildResponse(resp)):
		return fileGone
	case err != nil:
		return fmt.Errorf("mattermost: read a file: %w", err)
	}
	defer resp.Body.Close()
	if resp.ContentLength > most {
		return tooLarge(most)
	}
	n, err := io.Copy(w, io.LimitReader(resp.Body, most))
	if err == nil && n == most {
		err = isAtEnd(resp.Body, most)
	}
	if err != nil && !errors.Is(err, bot.ErrRefused) {
		return fmt.Errorf("mattermost: read a file: %w", err)
	}
	return err
}

// isAtEnd makes sure that nothing is left behind the last byte that is taken.
func isAtEnd(body io.Reader, most int64) error {
	switch _, err := io.ReadFull(body, make([]byte, 1)); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return tooLarge(most)
}

// fileGone is a file that nobody can read any more.
var fileGone = &mend{"Ce fichier n'est plus dans Mattermost, ou le robot ne peut pas le lire : envoyez-le à nouveau", bot.ErrRefused}

func tooLarge(most int64) error {
	size := fmt.Sprintf("%d octets", most)
	switch {
	case most >= 1<<20:
		size = fmt.Sprintf("%d Mio", most>>20)
	case most >= 1<<10:
		size = fmt.Sprintf("%d Kio", most>>10)
	}
	return &mend{"Ce fichier est trop gros : " + size + " au plus. Envoyez-le en plusieurs fois, ou sans ce qui n'y sert pas", bot.ErrRefused}
}

// upload makes what goes with a message, now that its channel is there, and returns the id under which the server has it; "" when there is
// nothing to send any more, or a post of an earlier attempt has it. A file that no post gets stays on the server, unseen.
func (a *Network) upload(ctx context.Context, channel string, to bot.Address, m bot.Rendered, made map[string]*model.Post) (string, error) {
	if m.File == "" || a.cfg.Attach == nil || hasFile(made, m.File) {
		return "", nil
	}
	what, err := a.cfg.Attach(ctx, m.File)
	switch {
	case err != nil:
		return "", fmt.Errorf("mattermost: make what goes with a message: %w", err)
	case len(what.Data) == 0:
		return "", nil
	case len(what.Data) > mostAttached:
		return "", fmt.Errorf("%w: pièce jointe de plus de %d Mio", bot.ErrRefused, mostAttached>>20)
	}
	up, resp, err := a.api.UploadFileAsRequestBody(ctx, what.Data, channel, what.Name)
	var said *model.AppError
	switch {
	case errors.As(err, &said) && said.Id == filesOff:
		return "", fmt.Errorf("%w: ce serveur Mattermost ne prend pas de fichiers", bot.ErrRefused)
	case status(resp) == http.StatusForbidden && model.IsValidId(to.ID()): // a direct channel is closed for a moment: see create
		return "", fmt.Errorf("mattermost: upload to a direct channel: %w", err)
	case err != nil:
		return "", refusal(resp, err)
	case len(up.FileInfos) != 1:
		return "", fmt.Errorf("mattermost: %d files came of one upload", len(up.FileInfos))
	}
	return up.FileInfos[0].Id, nil
}

// hasFile reports whether one of these posts carries a file of that name.
func hasFile(made map[string]*model.Post, name string) bool {
	for _, p := range made {
		if p.GetProp(propFile) == name {
			return true
		}
	}
	return false
}

// alone is the post that has the file of a message whose own post cannot take it: one that is edited gets no new files.
func (d draft) alone(file string) draft {
	out := draft{channel: d.channel, to: d.to, file: file, m: bot.Rendered{About: d.m.About, Thread: d.m.Thread, File: d.m.File}}
	if d.m.Key != "" {
		out.key = d.m.Key + fileKey
	}
	return out
}
