import { writeFileSync } from "node:fs";
import { generatedFiles } from "./docs/generated.ts";

const root = new URL("../", import.meta.url);
for (const [path, content] of Object.entries(generatedFiles)) {
	writeFileSync(new URL(path, root), content());
	console.log(path);
}
