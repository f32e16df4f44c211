package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

const validity = 30 * 24 * time.Hour

// authority signs the client certificates of an API server's users. It stands in for envtest's own authority, whose key
// nobody else can have: the tests add users to the garden by themselves, and Gardener issues kubeconfigs for Shoots.
type authority struct {
	keyPair     tls.Certificate
	certificate []byte
	key         []byte
}

var _ envtest.Authn = (*authority)(nil)

func loadAuthority(certificateFile, keyFile string) (*authority, error) {
	certificate, err := os.ReadFile(certificateFile)
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	return newAuthority(certificate, key)
}

// generateAuthority makes an RSA authority: Gardener reads no other kind from a Shoot's ca-client secret.
func generateAuthority(commonName string) (*authority, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             time.Now().Add(-time.Minute),
		NotAfter:              time.Now().Add(validity),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return newAuthority(encode("CERTIFICATE", certificate), encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
}

func newAuthority(certificate, key []byte) (*authority, error) {
	keyPair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, err
	}
	return &authority{keyPair: keyPair, certificate: certificate, key: key}, nil
}

func (a *authority) Configure(directory string, args *envtest.Arguments) error {
	file := filepath.Join(directory, "client-ca.crt")
	args.Set("client-ca-file", file)
	return os.WriteFile(file, a.certificate, 0o600)
}

func (a *authority) Start() error { return nil }
func (a *authority) Stop() error  { return nil }

func (a *authority) AddUser(user envtest.User, base *rest.Config) (*rest.Config, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: user.Name, Organization: user.Groups},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(validity),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, a.keyPair.Leaf, key.Public(), a.keyPair.PrivateKey)
	if err != nil {
		return nil, err
	}
	config := rest.CopyConfig(base)
	config.CertData = encode("CERTIFICATE", certificate)
	config.KeyData = encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	return config, nil
}

func encode(kind string, bytes []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
}
