export const genres = [
	"adventure",
	"comedy",
	"documentary",
	"drama",
	"fantasy",
	"mystery",
	"romance",
	"thriller",
] as const;

export const regions = [
	"chubu",
	"chugoku",
	"hokkaido",
	"kansai",
	"kanto",
	"kyushu",
	"shikoku",
	"tohoku",
] as const;

/** In a ring: who likes one of them, likes its neighbours a little. */
export const tags = [
	"autumn",
	"rain",
	"night",
	"city",
	"office",
	"school",
	"music",
	"dance",
	"stage",
	"costume",
	"history",
	"castle",
	"mountain",
	"forest",
	"river",
	"sea",
	"island",
	"summer",
	"festival",
	"cooking",
	"garden",
	"animals",
	"family",
	"letters",
] as const;
