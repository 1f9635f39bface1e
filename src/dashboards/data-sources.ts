/** The data sources of grafana/provisioning/datasources. */
export const prometheus = { type: "prometheus", uid: "prometheus" } as const;
export const tempo = { type: "tempo", uid: "tempo" } as const;
