import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
	root: at("page"),
	// Grafana's icons.
	publicDir: at("node_modules/@grafana/ui/dist/public"),
	build: { target: "esnext", chunkSizeWarningLimit: 10_000 },
	logLevel: "error",
});
