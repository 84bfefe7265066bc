package peers

import (
	"crypto/sha1" //nolint:gosec // the signature that OVHcloud asks for
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Vendor is an SMS gateway that is played: it refuses what the vendor would refuse, and keeps what it took. The vendor's own client
// library is run against it too (e2e/vendors), so that it is not only our idea of the vendor.
type Vendor struct {
	URL string

	mu   sync.Mutex
	took []SMS
}

// Took is what it took, in order.
func (v *Vendor) Took() []SMS {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]SMS(nil), v.took...)
}

func (v *Vendor) take(m SMS) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.took = append(v.took, m)
	return len(v.took)
}

func startVendor(t testing.TB, handle func(v *Vendor, w http.ResponseWriter, r *http.Request, body []byte)) *Vendor {
	v := &Vendor{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		handle(v, w, r, body)
	}))
	t.Cleanup(s.Close)
	v.URL = s.URL
	return v
}

func answer(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// StartOVHcloud plays the SMS API of OVHcloud for these keys, under /1.0.
func StartOVHcloud(t testing.TB, application, secret, consumer string) *Vendor {
	return startVendor(t, func(v *Vendor, w http.ResponseWriter, r *http.Request, body []byte) {
		if r.URL.Path == "/1.0/auth/time" {
			fmt.Fprint(w, "1796000000")
			return
		}
		sum := sha1.Sum([]byte(strings.Join([]string{secret, consumer, r.Method, v.URL + r.URL.String(), string(body), r.Header.Get("X-Ovh-Timestamp")}, "+")))
		if r.Header.Get("X-Ovh-Application") != application || r.Header.Get("X-Ovh-Consumer") != consumer || r.Header.Get("X-Ovh-Signature") != "$1$"+hex.EncodeToString(sum[:]) {
			answer(w, http.StatusBadRequest, map[string]string{"class": "Client::BadRequest::InvalidSignature", "message": "Invalid signature"})
			return
		}
		if strings.HasSuffix(r.URL.Path, "/blacklists") {
			answer(w, http.StatusOK, []string{"+33639980042"})
			return
		}
		if r.Method == http.MethodGet {
			answer(w, http.StatusOK, map[string]any{"creditsLeft": 1234, "name": "sms-xx12345-1"})
			return
		}
		var job struct {
			Message, Sender   string
			Receivers         []string
			SenderForResponse bool
		}
		if json.Unmarshal(body, &job) != nil || len(job.Receivers) != 1 || job.Message == "" || job.SenderForResponse == (job.Sender != "") {
			answer(w, http.StatusBadRequest, map[string]string{"message": "Invalid parameters"})
			return
		}
		if !strings.HasPrefix(job.Receivers[0], "+") {
			answer(w, http.StatusOK, map[string]any{"ids": []int{}, "invalidReceivers": job.Receivers, "validReceivers": []string{}, "totalCreditsRemoved": 0})
			return
		}
		id := 26929925 + v.take(SMS{From: job.Sender, To: job.Receivers[0], Text: job.Message})
		answer(w, http.StatusOK, map[string]any{"ids": []int{id}, "invalidReceivers": []string{}, "validReceivers": job.Receivers, "totalCreditsRemoved": 1})
	})
}

// StartBrevo plays Brevo's transactional SMS for this key, under /v3.
func StartBrevo(t testing.TB, key string) *Vendor {
	return startVendor(t, func(v *Vendor, w http.ResponseWriter, r *http.Request, body []byte) {
		if r.Header.Get("api-key") != key {
			answer(w, http.StatusUnauthorized, map[string]string{"code": "unauthorized", "message": "Key not found"})
			return
		}
		var m struct{ Sender, Recipient, Content, Type string }
		if json.Unmarshal(body, &m) != nil || m.Sender == "" || m.Content == "" || r.URL.Path != "/v3/transactionalSMS/send" {
			answer(w, http.StatusBadRequest, map[string]string{"code": "invalid_parameter", "message": "sender, content are required"})
			return
		}
		if strings.TrimLeft(m.Recipient, "+0123456789") != "" || len(m.Recipient) < 8 {
			answer(w, http.StatusBadRequest, map[string]string{"code": "invalid_parameter", "message": "Invalid telephone number"})
			return
		}
		n := v.take(SMS{From: m.Sender, To: m.Recipient, Text: m.Content})
		answer(w, http.StatusCreated, map[string]any{"messageId": 1511882900176220 + n, "reference": "ab1cde2fgh3i4jklmno", "smsCount": 1, "usedCredits": 0.7, "remainingCredits": 82.85})
	})
}

// StartSMSGate plays the server of SMS Gateway for Android for this account.
func StartSMSGate(t testing.TB, user, password string) *Vendor {
	seen := map[string]bool{}
	return startVendor(t, func(v *Vendor, w http.ResponseWriter, r *http.Request, body []byte) {
		if u, p, _ := r.BasicAuth(); u != user || p != password {
			answer(w, http.StatusUnauthorized, map[string]string{"message": "Unauthorized"})
			return
		}
		var m struct {
			ID, Message  string
			TextMessage  struct{ Text string }
			PhoneNumbers []string
		}
		if json.Unmarshal(body, &m) != nil || len(m.PhoneNumbers) == 0 || m.Message+m.TextMessage.Text == "" || !strings.HasSuffix(strings.TrimSuffix(r.URL.Path, "s"), "/message") {
			answer(w, http.StatusBadRequest, map[string]string{"message": "failed to validate"})
			return
		}
		if len(m.ID) > 36 {
			answer(w, http.StatusBadRequest, map[string]string{"message": "failed to validate: id is too long"})
			return
		}
		if m.ID != "" && seen[m.ID] {
			answer(w, http.StatusConflict, map[string]string{"message": "duplicate id"})
			return
		}
		n := v.take(SMS{To: m.PhoneNumbers[0], Text: m.Message + m.TextMessage.Text})
		if m.ID == "" {
			m.ID = fmt.Sprint("PyDmBQZZXYmyxMwED8Fzy", n)
		}
		seen[m.ID] = true
		answer(w, http.StatusAccepted, map[string]any{"id": m.ID, "state": "Pending", "isHashed": false, "isEncrypted": false,
			"recipients": []map[string]string{{"phoneNumber": m.PhoneNumbers[0], "state": "Pending"}}, "states": map[string]string{}})
	})
}
