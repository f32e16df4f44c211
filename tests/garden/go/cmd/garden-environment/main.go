// garden-environment runs a real Gardener without containers: etcd, kube-apiserver, the aggregated
// gardener-apiserver and gardener-controller-manager, and on request further kube-apiservers that play the Shoots' own.
//
// It answers on standard output, one JSON object a line, and takes the names of Shoots on standard input, one a line.
// Standard error is the log of gardener-apiserver, which runs in this process.
// It ends on SIGTERM, SIGINT and when its standard input is closed, so that it never outlives who started it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gardener/gardener/pkg/logger"
	gardenerenvtest "github.com/gardener/gardener/test/envtest"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
)

const (
	startTimeout = time.Minute
	stopTimeout  = 10 * time.Second
)

type options struct {
	// assets holds etcd, kube-apiserver and gardener-controller-manager.
	assets string
	// directory receives logs, certificates and etcd's data.
	directory    string
	clientCA     string
	clientCAKey  string
	featureGates string
}

func main() {
	var o options
	flag.StringVar(&o.assets, "assets", "", "folder of the binaries")
	flag.StringVar(&o.directory, "directory", "", "folder for everything that is written")
	flag.StringVar(&o.clientCA, "client-ca", "", "PEM file of the authority of the garden's users")
	flag.StringVar(&o.clientCAKey, "client-ca-key", "", "PEM file of that authority's key")
	flag.StringVar(&o.featureGates, "feature-gates", "", "feature gates of gardener-apiserver, such as A=true,B=true")
	flag.Parse()

	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	// The reader of standard output may be gone before this process is; without this, writing to it would end the
	// process before it has ended its children.
	signal.Ignore(syscall.SIGPIPE)

	if err := run(ctx, o); err != nil {
		tell(map[string]any{"error": err.Error()})
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	logs, temporary := filepath.Join(o.directory, "logs"), filepath.Join(o.directory, "tmp")
	for _, directory := range []string{logs, temporary} {
		if err := os.MkdirAll(directory, 0o700); err != nil {
			return err
		}
	}
	// Gardener's and controller-runtime's test packages put certificates and etcd's data there.
	if err := os.Setenv("TMPDIR", temporary); err != nil {
		return err
	}
	requests, closed := readLines(os.Stdin)

	environment, err := startGarden(o, logs)
	if environment != nil {
		defer environment.stop()
	}
	if err != nil {
		return err
	}

	controllerManager, err := startControllerManager(o, environment.kube.KubeConfig, logs)
	if controllerManager != nil {
		defer controllerManager.stop()
	}
	if err != nil {
		return err
	}

	controllers, stopControllers := context.WithCancel(ctx)
	shoots := &shootAPIs{
		ctx:       controllers,
		assets:    o.assets,
		directory: filepath.Join(o.directory, "shoots"),
		logs:      logs,
		etcd:      environment.etcdURL(),
	}
	defer shoots.stop()
	defer stopControllers()

	tell(map[string]any{"garden": map[string]string{"url": environment.url(), "ca": environment.ca()}})

	for {
		select {
		case <-ctx.Done():
			return nil
		case <-closed:
			return nil
		case err := <-controllerManager.exited:
			return fmt.Errorf("gardener-controller-manager has ended by itself: %w", err)
		case name := <-requests:
			shoot, err := shoots.start(name)
			if err != nil {
				tell(map[string]any{"failed": name, "reason": err.Error()})
				continue
			}
			tell(map[string]any{"shoot": shoot})
		}
	}
}

type garden struct {
	kube        *envtest.Environment
	environment *gardenerenvtest.GardenerTestEnvironment
	config      *rest.Config
}

func startGarden(o options, logs string) (*garden, error) {
	users, err := loadAuthority(o.clientCA, o.clientCAKey)
	if err != nil {
		return nil, err
	}
	log, err := logger.NewZapLogger(logger.InfoLevel, logger.FormatText)
	if err != nil {
		return nil, err
	}
	logf.SetLogger(log)

	kube := &envtest.Environment{ControlPlaneStartTimeout: startTimeout, ControlPlaneStopTimeout: stopTimeout}
	server := kube.ControlPlane.GetAPIServer()
	server.Path = filepath.Join(o.assets, "kube-apiserver")
	server.SecureServing.Authn = users
	if server.Err, err = create(logs, "kube-apiserver.log"); err != nil {
		return nil, err
	}
	server.Out = server.Err
	kube.ControlPlane.Etcd = &envtest.Etcd{Path: filepath.Join(o.assets, "etcd")}
	if kube.ControlPlane.Etcd.Err, err = create(logs, "etcd.log"); err != nil {
		return nil, err
	}
	// Nothing runs it, but envtest wants a path.
	kube.ControlPlane.KubectlPath = filepath.Join(o.assets, "kubectl")

	apiServer := &gardenerenvtest.GardenerAPIServer{
		Args:         []string{"--log-format=text"},
		StartTimeout: startTimeout,
		StopTimeout:  stopTimeout,
	}
	if o.featureGates != "" {
		apiServer.Args = append(apiServer.Args, "--feature-gates="+o.featureGates)
	}

	g := &garden{kube: kube}
	g.environment = &gardenerenvtest.GardenerTestEnvironment{Environment: kube, GardenerAPIServer: apiServer}
	if g.config, err = g.environment.Start(); err != nil {
		return g, fmt.Errorf("the garden's API servers did not start: %w", err)
	}
	return g, nil
}

func (g *garden) url() string     { return strings.TrimSuffix(g.config.Host, "/") }
func (g *garden) ca() string      { return string(g.config.CAData) }
func (g *garden) etcdURL() string { return g.kube.ControlPlane.Etcd.URL.String() }

func (g *garden) stop() {
	if err := g.environment.Stop(); err != nil {
		logf.Log.Error(err, "The garden did not stop cleanly")
	}
}

// readLines hands out the lines of a file, and closes the second channel at its end.
func readLines(file *os.File) (<-chan string, <-chan struct{}) {
	lines, closed := make(chan string), make(chan struct{})
	go func() {
		defer close(closed)
		scanner := bufio.NewScanner(file)
		for scanner.Scan() {
			lines <- strings.TrimSpace(scanner.Text())
		}
	}()
	return lines, closed
}

func tell(message map[string]any) {
	line, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}

func create(directory, name string) (*os.File, error) {
	return os.Create(filepath.Join(directory, name))
}
