package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	gardenerenvtest "github.com/gardener/gardener/test/envtest"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// shootAPIs starts a kube-apiserver for each Shoot that asks for one, all on the garden's etcd.
type shootAPIs struct {
	// ctx ends the controllers of the Shoots.
	ctx       context.Context
	assets    string
	directory string
	logs      string
	etcd      string

	mutex   sync.Mutex
	servers []*envtest.APIServer
}

// shootAPI is what the test suite needs to put its own front before the server, and to write into it.
type shootAPI struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	// CA proves the server, and its front: both serve with Certificate and Key.
	CA          string `json:"ca"`
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
	// ClientCA is what Gardener signs the Shoot's kubeconfigs with.
	ClientCA    string `json:"clientCa"`
	ClientCAKey string `json:"clientCaKey"`
	// ProxyCertificate lets the front speak for the users whose certificates it has checked.
	ProxyCertificate string `json:"proxyCertificate"`
	ProxyKey         string `json:"proxyKey"`
	AdminCertificate string `json:"adminCertificate"`
	AdminKey         string `json:"adminKey"`
}

func (s *shootAPIs) start(name string) (*shootAPI, error) {
	directory := filepath.Join(s.directory, name)
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	etcd, err := url.Parse(s.etcd)
	if err != nil {
		return nil, err
	}
	users, err := generateAuthority("shoot-client-ca")
	if err != nil {
		return nil, err
	}
	log, err := create(s.logs, "shoot-"+name+".log")
	if err != nil {
		return nil, err
	}

	server := &envtest.APIServer{
		Path:         filepath.Join(s.assets, "kube-apiserver"),
		CertDir:      directory,
		EtcdURL:      etcd,
		StartTimeout: startTimeout,
		StopTimeout:  stopTimeout,
		Out:          log,
		Err:          log,
	}
	server.SecureServing.Authn = users
	server.Configure().Set("etcd-prefix", "/shoots/"+name)
	// A version that a later minor removes and that this one does not serve by default.
	server.Configure().Append("runtime-config", "networking.k8s.io/v1beta1=true")
	if err := (gardenerenvtest.AggregatorConfig{}).ConfigureAPIServerArgs(directory, server.Configure()); err != nil {
		return nil, err
	}
	s.mutex.Lock()
	s.servers = append(s.servers, server)
	s.mutex.Unlock()
	if err := server.Start(); err != nil {
		return nil, err
	}
	user := envtest.User{Name: "gardenlet", Groups: []string{"system:masters"}}
	admin, err := users.AddUser(user, &rest.Config{
		Host:            server.SecureServing.URL("https", "").String(),
		TLSClientConfig: rest.TLSClientConfig{CAData: server.SecureServing.CA},
	})
	if err != nil {
		return nil, err
	}
	if err := startDisruptionController(s.ctx, admin); err != nil {
		return nil, err
	}

	files := map[string]string{}
	for _, file := range []string{"apiserver.crt", "apiserver.key", "proxy-client.crt", "proxy-client.key"} {
		content, err := os.ReadFile(filepath.Join(directory, file))
		if err != nil {
			return nil, err
		}
		files[file] = string(content)
	}
	return &shootAPI{
		Name:             name,
		URL:              server.SecureServing.URL("https", "").String(),
		CA:               string(server.SecureServing.CA),
		Certificate:      files["apiserver.crt"],
		Key:              files["apiserver.key"],
		ClientCA:         string(users.certificate),
		ClientCAKey:      string(users.key),
		ProxyCertificate: files["proxy-client.crt"],
		ProxyKey:         files["proxy-client.key"],
		AdminCertificate: string(admin.CertData),
		AdminKey:         string(admin.KeyData),
	}, nil
}

func (s *shootAPIs) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var stopping sync.WaitGroup
	for _, server := range s.servers {
		stopping.Go(func() { _ = server.Stop() })
	}
	stopping.Wait()
}
