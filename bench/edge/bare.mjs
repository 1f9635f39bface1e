import { answer, serve } from "./server.mjs";

serve((_request, _info) => answer(), 0);
