import { composeConfig } from "../compose/monitoring.ts";
import { configurationPage, editorSchema } from "./configuration.ts";
import { metricsPage } from "./metrics.ts";

/** The files that are made from the code, by their path in the project. */
export const generatedFiles: Readonly<Record<string, () => string>> = {
	"docs/configuration.md": configurationPage,
	"docs/metrics.md": metricsPage,
	"examples/demo/monitoring.compose.yaml": composeConfig,
	"monitoring.schema.json": editorSchema,
};
