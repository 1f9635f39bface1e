export const languages = ["en", "ja"] as const;

export type Language = (typeof languages)[number];

/** What a reader of a dashboard sees, in each language. */
export type Text = Readonly<Record<Language, string>>;
