package e2e_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const patchType = "application/offset+octet-stream"

// created begins an upload and returns its address.
func (u uploader) created(t *testing.T, size int, metadata string) string {
	t.Helper()
	resp, body := u.do(t, http.MethodPost, tusPath, nil, "Upload-Length", fmt.Sprint(size), "Upload-Metadata", metadata)
	address := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusCreated || !strings.HasPrefix(address, tusPath+"/") || resp.Header.Get("Upload-Expires") == "" {
		t.Fatalf("create: %s %v %s", resp.Status, resp.Header, body)
	}
	return address
}

// byHand goes through the protocol request by request.
func (u uploader) byHand(t *testing.T) {
	resp, _ := u.do(t, http.MethodOptions, tusPath, nil, "Tus-Resumable", "", "Authorization", "")
	if resp.StatusCode != http.StatusNoContent || resp.Header.Get("Tus-Version") != "1.0.0" ||
		resp.Header.Get("Tus-Extension") != "creation,termination,expiration" || resp.Header.Get("Tus-Max-Size") == "" {
		t.Errorf("OPTIONS: %s %v", resp.Status, resp.Header)
	}
	data := noisy(t, 3)
	address := u.created(t, len(data), tusMetadata("filename", "a.jpg", "photoId", "ranka", "sha256", hexSum(data), "license", "CC-BY-4.0"))
	half := len(data) / 2
	steps := []struct {
		name, method string
		body         []byte
		headers      []string
		status       int
		offset       string
		photo        string
	}{
		{"at the beginning", http.MethodHead, nil, nil, 200, "0", ""},
		{"a half", http.MethodPatch, data[:half], []string{"Upload-Offset", "0", "Content-Type", patchType}, 204, fmt.Sprint(half), ""},
		{"in the middle", http.MethodHead, nil, nil, 200, fmt.Sprint(half), ""},
		{"the same again", http.MethodPatch, data[:half], []string{"Upload-Offset", "0", "Content-Type", patchType}, 409, "", ""},
		{
			"the rest", http.MethodPost, data[half:],
			[]string{"Upload-Offset", fmt.Sprint(half), "Content-Type", patchType, "X-HTTP-Method-Override", "PATCH"},
			204, fmt.Sprint(len(data)), "sites/kaunas/photos/ranka",
		},
		{"at the end", http.MethodHead, nil, nil, 200, fmt.Sprint(len(data)), "sites/kaunas/photos/ranka"},
		{"terminated", http.MethodDelete, nil, nil, 204, "", ""},
		{"gone", http.MethodHead, nil, nil, 404, "", ""},
	}
	for _, s := range steps {
		resp, body := u.do(t, s.method, address, s.body, s.headers...)
		if resp.StatusCode != s.status || resp.Header.Get("Upload-Offset") != s.offset || resp.Header.Get("Skaitykla-Photo") != s.photo ||
			resp.Header.Get("Tus-Resumable") != "1.0.0" {
			t.Errorf("%s: %s, offset %q, photo %q; want %d, %q, %q\n%s", s.name, resp.Status, resp.Header.Get("Upload-Offset"),
				resp.Header.Get("Skaitykla-Photo"), s.status, s.offset, s.photo, body)
		}
	}
	if p := u.photo(t, "sites/kaunas/photos/ranka"); p.GetSha256() != hexSum(data) || p.GetLicense().GetSpdxId() != "CC-BY-4.0" {
		t.Errorf("the photo is %v", p)
	}
}

// noPhoto ends uploads whose bytes are no photo, or not those announced.
func (u uploader) noPhoto(t *testing.T) {
	whole := noisy(t, 4)
	for _, c := range []struct {
		name, metadata string
		data           []byte
		status         int
		reason         string
	}{
		{"a program", "", []byte("<?php " + strings.Repeat("x", 200)), 415, "IMAGE_UNSUPPORTED"},
		{"cut off", "", whole[:len(whole)/2], 400, "IMAGE_DAMAGED"},
		{"another photo", tusMetadata("sha256", hexSum([]byte("x"))), whole, 400, "CHECKSUM_MISMATCH"},
	} {
		address := u.created(t, len(c.data), c.metadata)
		resp, body := u.do(t, http.MethodPatch, address, c.data, "Upload-Offset", "0", "Content-Type", patchType)
		if resp.StatusCode != c.status || !strings.Contains(body, c.reason) || resp.Header.Get("Skaitykla-Photo") != "" {
			t.Errorf("%s: %s %s", c.name, resp.Status, body)
		}
	}
}

// hostile sends what no client would.
func (u uploader) hostile(t *testing.T) {
	one := u.created(t, 1000, "")
	for _, c := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"no version", "POST", tusPath, []string{"Tus-Resumable", "", "Upload-Length", "5"}, 412},
		{"another version", "HEAD", one, []string{"Tus-Resumable", "0.2.2"}, 412},
		{"no token", "POST", tusPath, []string{"Authorization", "", "Upload-Length", "5"}, 401},
		{"a forged token", "HEAD", one, []string{"Authorization", "Bearer x"}, 401},
		{"no length", "POST", tusPath, nil, 400},
		{"length later", "POST", tusPath, []string{"Upload-Defer-Length", "1"}, 400},
		{"length zero", "POST", tusPath, []string{"Upload-Length", "0"}, 400},
		{"length below zero", "POST", tusPath, []string{"Upload-Length", "-1"}, 400},
		{"length 2^63", "POST", tusPath, []string{"Upload-Length", "9223372036854775808"}, 400},
		{"length 2^63-1", "POST", tusPath, []string{"Upload-Length", "9223372036854775807"}, 413},
		{"length of words", "POST", tusPath, []string{"Upload-Length", "1e3"}, 400},
		{"metadata of garbage", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", "filename %%%"}, 400},
		{"metadata without names", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", ",,,"}, 400},
		{"metadata twice", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", "credit YQ==,credit YQ=="}, 400},
		{"metadata that is not text", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", "credit /w=="}, 400},
		{"metadata without end", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", "credit " + strings.Repeat("YWFh", 5000)}, 400},
		{"unknown metadata", "POST", tusPath, []string{"Upload-Length", "5", "Upload-Metadata", "admin dHJ1ZQ=="}, 400},
		{"a site above", "POST", "/upload/v1/sites/..%2Fkaunas/photos/tus", []string{"Upload-Length", "5"}, 403},
		{"no offset", "PATCH", one, []string{"Content-Type", patchType}, 400},
		{"offset below zero", "PATCH", one, []string{"Content-Type", patchType, "Upload-Offset", "-1"}, 400},
		{"offset 2^63", "PATCH", one, []string{"Content-Type", patchType, "Upload-Offset", "9223372036854775808"}, 400},
		{"offset 2^63-1", "PATCH", one, []string{"Content-Type", patchType, "Upload-Offset", "9223372036854775807"}, 409},
		{"a form", "PATCH", one, []string{"Content-Type", "multipart/form-data", "Upload-Offset", "0"}, 415},
		{"an upload that never was", "HEAD", tusPath + "/niekada", nil, 404},
		{"an upload without a name", "PATCH", tusPath + "/x", []string{"Content-Type", patchType, "Upload-Offset", "0"}, 400},
		{"another method", "PUT", one, nil, 405},
	} {
		resp, body := u.do(t, c.method, c.path, nil, c.headers...)
		if resp.StatusCode != c.status || resp.Header.Get("Tus-Resumable") != "1.0.0" {
			t.Errorf("%s: %s, want %d; %s", c.name, resp.Status, c.status, body)
		}
	}
	if resp, _ := u.do(t, http.MethodHead, one, nil); resp.Header.Get("Upload-Offset") != "0" {
		t.Errorf("after all that the upload is at %q", resp.Header.Get("Upload-Offset"))
	}
}

// base64Sum is the hash as RFC 9530 writes it.
func base64Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// checksum announces the hash of a photo in the headers of RFC 9530.
func (u uploader) checksum(t *testing.T) {
	data := noisy(t, 5)
	for _, c := range []struct {
		digest string
		status int
		words  string
	}{
		{"sha-256=:not base64:", 400, "INVALID_FIELD"},
		{"sha-256=:" + "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=" + ":", 400, "CHECKSUM_MISMATCH"},
		{"md5=:AAAA:, " + base64Sum(data), 201, hexSum(data)},
	} {
		resp, body := u.do(t, http.MethodPost, "/upload/v1/sites/kaunas/photos", data, "Content-Type", "image/jpeg", "Repr-Digest", c.digest)
		if resp.StatusCode != c.status || !strings.Contains(body, c.words) {
			t.Errorf("%s: %s %s", c.digest, resp.Status, body)
		}
	}
	resp, body := u.do(t, http.MethodPost, "/upload/v1/sites/kaunas/photos?duplicatePolicy=REFUSE", data, "Content-Type", "image/jpeg")
	if resp.StatusCode != http.StatusConflict || !strings.Contains(body, "DUPLICATE_PHOTO") {
		t.Errorf("the same photo again: %s %s", resp.Status, body)
	}
}
