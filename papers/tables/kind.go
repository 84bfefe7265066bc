package tables

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// input is the file, and remembers what went wrong with reading it: the packages that read it for us do not always say so.
type input struct {
	r    io.ReaderAt
	size int64
	left int64 // bytes that may still be read; -1: as many as there are
	err  error
}

var errRation = errors.New("more was read than may be")

// ReadAt reads from the file as long as there is a ration left.
func (in *input) ReadAt(p []byte, at int64) (int, error) {
	if in.left >= 0 {
		if int64(len(p)) > in.left {
			return 0, errRation
		}
		in.left -= int64(len(p))
	}
	n, err := in.r.ReadAt(p, at)
	if err != nil && err != io.EOF && in.err == nil {
		in.err = err
	}
	return n, err
}

// explain prefers to any other error that the file itself cannot be read.
func (in *input) explain(err error) error {
	if err != nil && err != io.EOF && in.err != nil {
		return fmt.Errorf("le fichier ne se lit pas, réessayez : %w", in.err)
	}
	return err
}

// start is what a file begins with, enough to know its kind by.
func (in *input) start() ([]byte, error) {
	start := make([]byte, 512)
	n, err := in.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	return start[:n], nil
}

type kind int

const (
	plainText kind = iota
	workbook
)

const (
	notATable = "enregistrez le tableau au format Excel (.xlsx) ou CSV, et donnez ce fichier-là"
	picture   = "c'est une image, pas un tableau : recopiez la liste dans un tableur, et enregistrez-la au format Excel (.xlsx) ou CSV"
	archive   = "c'est une archive : sortez-en le tableau, et donnez-le seul"
	webPage   = "c'est une page web, même si son nom dit autre chose : ouvrez-la dans le tableur et enregistrez-la au format Excel (.xlsx) ou CSV"
)

// refusals are files that are known by their first bytes and hold no table that is read.
var refusals = []struct{ begins, reason string }{
	{"\xd0\xcf\x11\xe0", "c'est un ancien classeur (.xls) ou un classeur protégé par un mot de passe : ouvrez-le dans le tableur, ôtez le mot de passe s'il en a un, et enregistrez-le au format Excel (.xlsx) ou CSV"},
	{"%PDF", "c'est un PDF, pas un tableau : demandez le fichier dont il vient, au format Excel (.xlsx) ou CSV"},
	{"\x89PNG", picture}, {"\xff\xd8\xff", picture}, {"GIF8", picture}, {"II*\x00", picture}, {"MM\x00*", picture}, {"RIFF", picture},
	{"\x1f\x8b", archive}, {"7z\xbc\xaf", archive}, {"Rar!", archive},
	{"{\\rtf", "c'est un document de traitement de texte, pas un tableau : recopiez la liste dans un tableur, et enregistrez-la au format Excel (.xlsx) ou CSV"},
	{"BEGIN:VCARD", "c'est un carnet de contacts (vCard), pas un tableau : dans le carnet, exportez les contacts au format CSV"},
}

// pages are the tags by which a text is no table.
var pages = []string{"<!doctype", "<html", "<?xml", "<table", "<head", "<body"}

// kindOf tells what a file is by what it begins with; a reason is given if it is not read.
func kindOf(start []byte) (kind, string) {
	if len(start) == 0 {
		return plainText, emptyFile
	}
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06")) {
		return workbook, ""
	}
	for _, r := range refusals {
		if bytes.HasPrefix(start, []byte(r.begins)) {
			return plainText, r.reason
		}
	}
	if len(start) > 11 && string(start[4:8]) == "ftyp" {
		return plainText, picture // HEIC, which telephones make
	}
	tag := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n"))
	for _, p := range pages {
		if bytes.HasPrefix(tag, []byte(p)) {
			return plainText, webPage
		}
	}
	return plainText, ""
}

// emptyFile and emptyBook are of files in which nothing stands.
const (
	emptyFile = "le fichier est vide : vérifiez que c'est le bon, et qu'il a été enregistré"
	emptyBook = "le classeur est vide : vérifiez que c'est le bon, et qu'il a été enregistré"
)
