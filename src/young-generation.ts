import { setFlagsFromString } from "node:v8";

// To be imported before anything is loaded: the young generation would else grow by 25 MB in that burst, and keep it.
setFlagsFromString("--semi-space-growth-factor=1");
