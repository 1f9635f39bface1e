import { dashboards } from "./all.ts";
import { build } from "./dashboard.ts";
import { type Language, languages } from "./text.ts";

/** The folders of which Grafana reads one, by ALERT_LANGUAGE of docker-compose.yml. */
const folders: Readonly<Record<Language, string>> = {
	en: "grafana/dashboards",
	ja: "grafana/dashboards-ja",
};

/** The files of a language, by their path in the project. */
export function filesIn(language: Language): Record<string, string> {
	return Object.fromEntries(
		dashboards.map((dashboard) => [
			`${folders[language]}/${dashboard.uid}.json`,
			`${JSON.stringify(build(dashboard, language), null, "\t")}\n`,
		]),
	);
}

/** The files of all languages. */
export function allFiles(): Record<string, string> {
	return Object.assign({}, ...languages.map(filesIn));
}
