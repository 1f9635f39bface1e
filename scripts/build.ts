import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Builds the package that is published: JavaScript and types, in dist/.

const root = fileURLToPath(new URL("../", import.meta.url));
rmSync(join(root, "dist"), { recursive: true, force: true });
for (const project of ["tsconfig.build.json", "tsconfig.edge.json"]) {
	execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", project], {
		cwd: root,
		stdio: "inherit",
	});
}
chmodSync(join(root, "dist/cli.js"), 0o755);
