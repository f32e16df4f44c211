package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"sigs.k8s.io/yaml"
)

type process struct {
	command *exec.Cmd
	exited  chan error
}

// startControllerManager starts gardener-controller-manager and returns when it says that it is ready.
func startControllerManager(o options, admin []byte, logs string) (*process, error) {
	kubeconfig := filepath.Join(o.directory, "controller-manager.kubeconfig")
	if err := os.WriteFile(kubeconfig, admin, 0o600); err != nil {
		return nil, err
	}
	healthPort, metricsPort, err := freePorts()
	if err != nil {
		return nil, err
	}
	configuration, err := yaml.Marshal(map[string]any{
		"apiVersion": "controllermanager.config.gardener.cloud/v1alpha1",
		"kind":       "ControllerManagerConfiguration",
		// Far more than its own default of 100: tests are in a hurry.
		"gardenClientConnection": map[string]any{"kubeconfig": kubeconfig, "qps": 1000, "burst": 2000},
		"leaderElection":         map[string]any{"leaderElect": false},
		"logLevel":               "info",
		"logFormat":              "text",
		"server": map[string]any{
			"healthProbes": map[string]any{"bindAddress": "127.0.0.1", "port": healthPort},
			"metrics":      map[string]any{"bindAddress": "127.0.0.1", "port": metricsPort},
		},
	})
	if err != nil {
		return nil, err
	}
	configurationFile := filepath.Join(o.directory, "controller-manager.yaml")
	if err := os.WriteFile(configurationFile, configuration, 0o600); err != nil {
		return nil, err
	}
	log, err := create(logs, "gardener-controller-manager.log")
	if err != nil {
		return nil, err
	}

	command := exec.Command(filepath.Join(o.assets, "gardener-controller-manager"), "--config", configurationFile)
	command.Stdout, command.Stderr = log, log
	// A Ctrl-C in a terminal reaches the whole group: this process alone decides in which order things end.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, exited: make(chan error, 1)}
	go func() { p.exited <- command.Wait() }()
	return p, p.waitUntilReady(fmt.Sprintf("http://127.0.0.1:%d/readyz", healthPort))
}

func (p *process) waitUntilReady(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-p.exited:
			p.exited <- err
			return fmt.Errorf("gardener-controller-manager ended while starting: %w", err)
		case <-ctx.Done():
			return errors.New("gardener-controller-manager did not become ready")
		case <-tick.C:
			answer, err := http.Get(url) // #nosec G107 -- an address of our own.
			if err != nil {
				continue
			}
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}

func (p *process) stop() {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return
	}
	select {
	case <-p.exited:
	case <-time.After(stopTimeout):
		_ = p.command.Process.Kill()
	}
}

// freePorts holds both open until both are known, so that they differ.
func freePorts() (int, int, error) {
	one, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = one.Close() }()
	two, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = two.Close() }()
	return port(one), port(two), nil
}

func port(listener net.Listener) int {
	if address, ok := listener.Addr().(*net.TCPAddr); ok {
		return address.Port
	}
	return 0
}
