/** What stands in the place of a secret. */
const masked = "***";

/** A function that takes the given secrets, and passwords in URLs, out of any text. */
export function masker(secrets: readonly string[]): (text: string) => string {
	const needles = [...new Set(secrets.flatMap(formsOf))]
		.filter((form) => form.length >= 4)
		.sort((a, b) => b.length - a.length);
	return (text) =>
		needles
			.reduce((rest, needle) => rest.replaceAll(needle, masked), text)
			.replace(/(\w+:\/\/[^\s:/@"]*:)[^\s@"/]+@/g, `$1${masked}@`);
}

/** A secret as it is, as JSON writes it, and the password of a URL both encoded and decoded. */
function formsOf(secret: string): string[] {
	const password = URL.canParse(secret) ? new URL(secret).password : "";
	return [secret, password, decoded(password)].flatMap((form) => [
		form,
		JSON.stringify(form).slice(1, -1),
	]);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
