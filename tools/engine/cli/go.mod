// The Pulumi CLI, for machines that can fetch Go modules but no release of Pulumi.
module pulumi-gardener/tools/engine/cli

go 1.25.11

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)

// Pulumi's own replacement; those of a dependency's go.mod do not count.
replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
