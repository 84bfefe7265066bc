package main

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What the machine gives to a bare loop, in the same run as what is measured: read beside the figure, it tells a slow program from a slow machine.

// barePosts is how long n calls at once take of a server that only answers.
func barePosts(t *testing.T, n int) time.Duration {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n}}
	defer client.CloseIdleConnections()
	began := time.Now()
	sideBySide(t, n, n, func(int) error {
		answer, err := client.Post(server.URL, "application/json", strings.NewReader(`{"context":{}}`))
		if err != nil {
			return err
		}
		return answer.Body.Close()
	})
	return time.Since(began)
}

// bareRead is how long the standard library takes to read every cell of a list, and do nothing with it.
func bareRead(t *testing.T, file string) time.Duration {
	t.Helper()
	began := time.Now()
	read := bareCSV
	if filepath.Ext(file) == ".xlsx" {
		read = bareXLSX
	}
	if err := read(file); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func bareCSV(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = ';', -1, true
	for {
		if _, err := r.Read(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func bareXLSX(file string) error {
	book, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer book.Close()
	for _, part := range book.File {
		if err := bareXML(part); err != nil {
			return err
		}
	}
	return nil
}

func bareXML(part *zip.File) error {
	f, err := part.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	for d := xml.NewDecoder(f); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
